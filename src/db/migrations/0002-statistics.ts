import type { ColumnTypes, Migration } from "../migrate.ts";

/** What happened, added up by the minute and the hour; how many deliveries each connection has pending; types seen. */
export const statistics: Migration = {
  number: 2,
  name: "statistics",
  statements: (types) => [...tables(types), ...carriedOver(), ...tuning(types)],
};

function tables({ id, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    // One row a commit, with all it adds; folded into the tables below within seconds, and deleted then.
    `create table statistics_log (
      id ${id} primary key, created_at ${integer} not null, body text not null)${clustered}`,
    // The columns ms_… count attempts by their duration: those that took longer than the column before, and up to this.
    `create table statistics (
      workspace_id ${id} not null, interval_seconds ${integer} not null, view text not null, start ${integer} not null,
      connection_id ${id} not null, event_type ${id} not null, outcome ${id} not null, cause ${id} not null,
      attempts ${integer} not null, deliveries ${integer} not null, events ${integer} not null,
      duration_ms ${integer} not null, ms_10 ${integer} not null, ms_25 ${integer} not null, ms_50 ${integer} not null,
      ms_100 ${integer} not null, ms_250 ${integer} not null, ms_500 ${integer} not null, ms_1000 ${integer} not null,
      ms_2500 ${integer} not null, ms_5000 ${integer} not null, ms_10000 ${integer} not null,
      ms_15000 ${integer} not null, ms_longer ${integer} not null,
      primary key (workspace_id, interval_seconds, view, start, connection_id, event_type, outcome, cause))${clustered}`,
    `create table pending_counts (
      workspace_id ${id} not null, connection_id ${id} not null, pending ${integer} not null,
      primary key (workspace_id, connection_id))${clustered}`,
    `create table event_types (
      workspace_id ${id} not null, type ${id} not null, events ${integer} not null, first_seen_at ${integer} not null,
      last_seen_at ${integer} not null, example_event_id ${id} not null, primary key (workspace_id, type))${clustered}`,
  ];
}

/** The hourly counts that were kept before, whose failures do not tell why, and what is pending by now. */
function carriedOver(): readonly string[] {
  const columns = `workspace_id, interval_seconds, view, start, connection_id, event_type, outcome, cause, attempts,
    deliveries, events, duration_ms, ms_10, ms_25, ms_50, ms_100, ms_250, ms_500, ms_1000, ms_2500, ms_5000, ms_10000,
    ms_15000, ms_longer`;
  const nothing = "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0";
  const hours = "delivery_hours join connections on connections.id = delivery_hours.connection_id";
  return [
    `insert into statistics (${columns})
      select workspace_id, 3600, 'connection', hour, connection_id, '', 'delivered', '', delivered, delivered, ${nothing}
      from ${hours} where delivered > 0`,
    `insert into statistics (${columns})
      select workspace_id, 3600, 'connection', hour, connection_id, '', 'retrying', '', failed, 0, ${nothing}
      from ${hours} where failed > 0`,
    `insert into statistics (${columns})
      select workspace_id, interval_seconds, 'total', start, '', '', outcome, '', sum(attempts), sum(deliveries), ${nothing}
      from statistics group by workspace_id, interval_seconds, start, outcome`,
    "drop table delivery_hours",
    `insert into pending_counts (workspace_id, connection_id, pending)
      select workspace_id, connection_id, count(*) from deliveries where status = 'pending'
      group by workspace_id, connection_id`,
  ];
}

/** The log's rows live for seconds and the newest rollups are written every second: their dead rows are to go as soon. */
function tuning({ onPostgres }: ColumnTypes): readonly string[] {
  return onPostgres(
    `alter table statistics_log set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
      autovacuum_vacuum_cost_delay = 0)`,
    `alter table statistics set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
      autovacuum_vacuum_cost_delay = 0, fillfactor = 80)`,
    "alter table pending_counts set (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 50)",
  );
}
