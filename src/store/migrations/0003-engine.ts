import type { Migration } from "../migrate.ts";

/** What carries the load and what people see of it: limits a connection, workers, replays, hourly counts, retention. */
export const engine: Migration = {
  number: 3,
  name: "engine",
  statements: ({ id, integer, onPostgres }) => [
    // Strict order, requests at once, requests a minute; when the next may leave, while order or rate holds it back.
    `alter table connections add column ordered ${integer} not null default 0`,
    `alter table connections add column concurrency ${integer} not null default 10`,
    `alter table connections add column rate_limit_per_minute ${integer}`,
    `alter table connections add column hold_until ${integer}`,
    `alter table connections add column rate_next_at ${integer} not null default 0`,
    `alter table connections add column last_failure_at ${integer}`,
    // What stands between two probes of a failing receiver.
    `alter table connections add column probe_delay_ms ${integer}`,

    // `traceparent` and `tracestate` as they came, a line each; whether an application sent the event or OpenSend made it.
    `alter table events add column trace_context text`,
    `alter table events add column origin text not null default 'application'`,

    // What a claim must know before it reads payloads.
    `alter table deliveries add column event_bytes ${integer} not null default 0`,
    // What the last attempt came to, so that lists need no attempts.
    `alter table deliveries add column replay_id ${id}`,
    `alter table deliveries add column replayed_from text`,
    `alter table deliveries add column response_status ${integer}`,
    `alter table deliveries add column error_code text`,
    `alter table deliveries add column duration_ms ${integer}`,
    `alter table deliveries add column last_attempt_at ${integer}`,
    // Few are in flight at any time: the sweep reads all of them through deliveries_in_flight.
    `drop index deliveries_leased`,
    `drop index deliveries_in_flight`,
    // With the holder, so that what others hold of a queue is found without looking at what this process holds.
    `create index deliveries_in_flight on deliveries (connection_id, lease_holder) where status = 'delivering'`,
    `create index deliveries_failed on deliveries (workspace_id, created_at, id) where status = 'failed'`,
    `create index deliveries_failed_of_connection on deliveries (connection_id, created_at, id) where status = 'failed'`,
    // What a replay made due and has not counted yet.
    `create index deliveries_replayed on deliveries (replay_id) where replay_id is not null`,

    `create index event_keys_age on event_keys (created_at)`,
    `create table workers (
      id text primary key, host text not null, pid ${integer} not null, version text not null,
      started_at ${integer} not null, beat_at ${integer} not null)`,

    `create table replays (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      status text not null, stop_reason text, filter text not null, rate_per_second ${integer} not null,
      total ${integer} not null, queued ${integer} not null, delivered ${integer} not null, failed ${integer} not null,
      skipped ${integer} not null, failures_in_a_row ${integer} not null, position_created_at ${integer},
      position_id ${id}, has_queued_all ${integer} not null, next_step_at ${integer}, created_by text not null, created_at ${integer} not null,
      updated_at ${integer} not null, finished_at ${integer})`,
    `create index replays_workspace on replays (workspace_id, created_at, id)`,
    `create index replays_due on replays (next_step_at) where next_step_at is not null`,

    // One row a connection and hour: what the sparkline shows. Counts are of attempts; tests are not counted.
    `create table delivery_hours (
      connection_id ${id} not null references connections (id) on delete cascade, hour ${integer} not null,
      delivered ${integer} not null, failed ${integer} not null, primary key (connection_id, hour))`,

    // How far a workspace's payloads have been deleted, and the events that were owed to somebody when it came by.
    `create table retention_marks (
      workspace_id ${id} primary key references workspaces (id) on delete cascade,
      accepted_at ${integer} not null, event_id ${id} not null)`,
    `create table kept_payloads (event_id ${id} primary key references events (id) on delete cascade)`,

    // Each delivery is written three times or more, and dead rows at the head of a queue are walked by every claim: it is
    // cleaned by the hundredth instead of by the fifth, without rests, and counted anew as often. Events and attempts are
    // written once, emptied once, deleted once: what retention frees is to be used again within days.
    ...onPostgres(
      `alter table deliveries set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)`,
      `alter table events set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05)`,
      `alter table attempts set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05)`,
    ),
    // Checking these locks the one row of the workspace, or of the connection, for every event that is stored, and all
    // that store at once write that row's list of lockers. Both ids come from rows read in the same transaction.
    ...onPostgres(
      `alter table events drop constraint events_workspace_id_fkey`,
      `alter table deliveries drop constraint deliveries_workspace_id_fkey`,
      `alter table deliveries drop constraint deliveries_connection_id_fkey`,
    ),
  ],
};
