import type { ColumnTypes, Migration } from "../migrate.ts";

/** Open causes of failures: one row per connection and cause, kept across runs. */
export const issues: Migration = {
  number: 3,
  name: "issues",
  statements: (types) => [...tables(types), ...tuning(types)],
};

function tables({ id, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    // `impact` is what a list of open issues is sorted by: failed deliveries and those that wait.
    `create table issues (
      workspace_id ${id} not null, connection_id ${id} not null, cause ${id} not null, id ${id} not null,
      state text not null, first_seen_at ${integer} not null, last_seen_at ${integer} not null,
      failed_deliveries ${integer} not null, retrying_attempts ${integer} not null, impact ${integer} not null,
      example_delivery_id ${id}, last_success_at ${integer}, is_intermittent ${integer} not null,
      continues_until ${integer} not null, resolves_at ${integer}, resolved_at ${integer}, muted_at ${integer},
      primary key (workspace_id, connection_id, cause))${clustered}`,
    `create unique index issues_id on issues (id)`,
    `create index issues_impact on issues (workspace_id, state, impact, id)`,
    `create index issues_state on issues (workspace_id, state, last_seen_at, id)`,
    `create index issues_age on issues (workspace_id, last_seen_at, id)`,
    `create index issues_connection on issues (connection_id)`,
    `create index issues_due on issues (resolves_at) where resolves_at is not null and state <> 'resolved'`,
  ];
}

/** A few rows that change every second. */
function tuning({ onPostgres }: ColumnTypes): readonly string[] {
  return onPostgres(
    "alter table issues set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500, fillfactor = 50)",
  );
}
