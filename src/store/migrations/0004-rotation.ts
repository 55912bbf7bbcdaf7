import type { Migration } from "../migrate.ts";

/** Until when an earlier signing secret signs beside the current one; the secret itself is sealed with the others. */
export const rotation: Migration = {
  number: 4,
  name: "rotation",
  statements: ({ integer }) => [`alter table connections add column previous_secret_expires_at ${integer}`],
};
