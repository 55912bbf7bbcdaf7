import type { Migration } from "../migrate.ts";

/**
 * Invitations are found by the hash of their token, and there is one for an email in a workspace. The table has never
 * been written to before, so its earlier indexes, which no query uses, go.
 */
export const people: Migration = {
  number: 5,
  name: "people",
  statements: () => [
    `alter table invitations add column token_hash text`,
    `create unique index invitations_token_hash on invitations (token_hash)`,
    `create unique index invitations_workspace_email on invitations (workspace_id, email)`,
    `drop index invitations_workspace_id`,
    `drop index invitations_email`,
    `create index members_workspace on members (workspace_id, id)`,
  ],
};
