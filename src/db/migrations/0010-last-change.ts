import type { Migration } from "../migrate.ts";

/** What failed, by its last change: a delivery that arrives at its first attempt is never in it. */
export const lastChange: Migration = {
  number: 10,
  name: "last-change",
  statements: () => [
    `create index deliveries_changed on deliveries (workspace_id, updated_at, id)
      where error_code is not null`,
  ],
};
