import type { Migration } from "../migrate.ts";

/** What real events need: routing, idempotency, the queue of each connection, and how its receiver has been doing. */
export const events: Migration = {
  number: 2,
  name: "events",
  statements: ({ id, integer }) => [
    // Counts up with every change to a workspace's connections, so that routes are read again only then.
    `create table routing_versions (
      workspace_id ${id} primary key references workspaces (id) on delete cascade, version ${integer} not null)`,
    `create table event_keys (
      workspace_id ${id} not null references workspaces (id) on delete cascade, key text not null,
      request_digest text not null, answer text not null, created_at ${integer} not null,
      primary key (workspace_id, key))`,
    // The queue of a connection, in order of age; finished deliveries are not in it, so it stays as small as the backlog.
    `create index deliveries_queue on deliveries (connection_id, next_attempt_at, id) where status = 'pending'`,
    `create index deliveries_workspace on deliveries (workspace_id, created_at, id)`,
    `create index deliveries_in_flight on deliveries (connection_id) where status = 'delivering'`,
    `alter table connections add column first_failure_at ${integer}`,
    `alter table connections add column probe_at ${integer}`,
  ],
};
