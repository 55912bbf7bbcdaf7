import type { ColumnTypes, Migration } from "../migrate.ts";

/**
 * The time that a receiver has for one request, and the names of custom headers, whose values are sealed with the URL. What
 * took longer than 15 s so far was cut off soon after.
 */
export const connectionSettings: Migration = {
  number: 8,
  name: "connection-settings",
  statements: ({ integer, onPostgres }: ColumnTypes) => [
    `alter table connections add column timeout_seconds ${integer} not null default 15`,
    "alter table connections add column header_names text not null default '[]'",
    "alter table statistics rename column ms_longer to ms_15500",
    `alter table statistics add column ms_30000 ${integer} not null default 0`,
    `alter table statistics add column ms_60000 ${integer} not null default 0`,
    `alter table statistics add column ms_longer ${integer} not null default 0`,
    // Processes of the version before write no such column.
    ...onPostgres("alter table statistics alter column ms_15500 set default 0"),
  ],
};
