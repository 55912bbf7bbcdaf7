import type { ColumnTypes, Migration } from "../migrate.ts";

/** The key that an event's request came with, and when a person erased its payload. */
export const eventDetails: Migration = {
  number: 7,
  name: "event-details",
  statements: ({ integer }: ColumnTypes) => [
    "alter table events add column idempotency_key text",
    `alter table events add column data_erased_at ${integer}`,
  ],
};
