import type { ColumnTypes, Migration } from "../migrate.ts";

/** Indexes for what lists of deliveries are narrowed to, and replays that wait for one receiver and go on for the others. */
export const deliveriesAtScale: Migration = {
  number: 4,
  name: "deliveries-at-scale",
  statements: (types) => [...indexes(types), ...replays(types)],
};

/** Most deliveries arrive at the first attempt: only the first two indexes ever hold those, and only until they have. */
function indexes({ id }: ColumnTypes): readonly string[] {
  const byBytes = id.replace("text", "").trim();
  return [
    "drop index deliveries_failed",
    "drop index deliveries_failed_of_connection",
    `create index deliveries_undelivered on deliveries (workspace_id, status, created_at, id)
      where status <> 'delivered'`,
    `create index deliveries_undelivered_of_connection on deliveries (connection_id, status, created_at, id)
      where status <> 'delivered'`,
    `create index deliveries_faults on deliveries (workspace_id, error_code, created_at, id)
      where error_code is not null`,
    `create index deliveries_faults_of_connection on deliveries (connection_id, error_code, created_at, id)
      where error_code is not null`,
    `create index events_type on events (workspace_id, type ${byBytes}, accepted_at, id)`,
  ];
}

function replays({ id, integer }: ColumnTypes): readonly string[] {
  return [
    "alter table replays add column starts text not null default 'now'",
    `alter table replays add column healthy_only ${integer} not null default 0`,
    `alter table replays add column is_waiting ${integer} not null default 0`,
    "alter table replays drop column failures_in_a_row",
    // Connections that a replay treats apart from the others, and how far it is with each.
    `create table replay_connections (
      replay_id ${id} not null references replays (id) on delete cascade, connection_id ${id} not null,
      state text not null, failures_in_a_row ${integer} not null, position_created_at ${integer}, position_id ${id},
      primary key (replay_id, connection_id))`,
  ];
}
