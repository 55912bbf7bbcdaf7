import type { Migration } from "../migrate.ts";

/** What a workspace sets for itself: how long it keeps events, null as long as the instance does. */
export const workspaceSettings: Migration = {
  number: 6,
  name: "workspace-settings",
  statements: ({ integer }) => [
    `alter table workspaces add column payload_retention_days ${integer}`,
    `alter table workspaces add column status_retention_days ${integer}`,
    // Counts up with every change, so that two people who save at once notice.
    `alter table workspaces add column version ${integer} not null default 1`,
  ],
};
