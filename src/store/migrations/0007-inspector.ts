import type { Migration } from "../migrate.ts";

/** The built-in inspector: what it answers, and the newest requests that came to it. */
export const inspector: Migration = {
  number: 7,
  name: "inspector",
  statements: ({ id, integer }) => [
    `create table inspector_settings (
      workspace_id ${id} primary key references workspaces (id) on delete cascade, answer text not null,
      retry_after_seconds ${integer} not null, sealed_secret text, updated_at ${integer} not null)`,
    `create table inspector_requests (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      delivery_id ${id} not null, event_id ${id} not null, event_type text not null, event_accepted_at ${integer} not null, answer text not null, verdict text not null,
      method text not null, headers text not null, body text not null, body_bytes ${integer} not null,
      created_at ${integer} not null)`,
    `create index inspector_requests_workspace on inspector_requests (workspace_id, created_at, id)`,
    // Two that press the button at once get one connection.
    `create unique index connections_inspector on connections (workspace_id)
      where receiver = 'inspector' and status <> 'disconnected'`,
  ],
};
