import type { ColumnTypes, Migration } from "../migrate.ts";

/** Every table. Times are epoch milliseconds, but for those that Better Auth writes. */
export const schema: Migration = {
  number: 1,
  name: "schema",
  statements: (types) => [
    ...people(types),
    ...connections(types),
    ...events(types),
    ...engine(types),
    ...tuning(types),
  ],
};

/** People, sessions and workspaces: the columns Better Auth reads and writes, in this project's names. */
function people({ id, integer, instant, boolean }: ColumnTypes): readonly string[] {
  return [
    `create table users (
      id ${id} primary key, name text not null, email text not null unique, email_verified ${boolean} not null,
      image text, created_at ${instant} not null, updated_at ${instant} not null)`,
    `create table sessions (
      id ${id} primary key, token text not null unique, user_id ${id} not null references users (id) on delete cascade,
      expires_at ${instant} not null, created_at ${instant} not null, updated_at ${instant} not null,
      ip_address text, user_agent text, active_workspace_id ${id})`,
    `create index sessions_user_id on sessions (user_id)`,
    `create table accounts (
      id ${id} primary key, account_id text not null, provider_id text not null,
      user_id ${id} not null references users (id) on delete cascade, password text,
      access_token text, refresh_token text, id_token text, scope text,
      access_token_expires_at ${instant}, refresh_token_expires_at ${instant},
      created_at ${instant} not null, updated_at ${instant} not null)`,
    `create index accounts_user_id on accounts (user_id)`,
    `create table verifications (
      id ${id} primary key, identifier text not null, value text not null, expires_at ${instant} not null,
      created_at ${instant} not null, updated_at ${instant} not null)`,
    `create index verifications_identifier on verifications (identifier)`,
    `create table workspaces (
      id ${id} primary key, name text not null, slug text not null unique, logo text, metadata text,
      created_at ${instant} not null, payload_retention_days ${integer}, status_retention_days ${integer},
      version ${integer} not null default 1)`,
    `create table members (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      user_id ${id} not null references users (id) on delete cascade, role text not null, created_at ${instant} not null,
      unique (workspace_id, user_id))`,
    `create index members_user_id on members (user_id)`,
    `create index members_workspace on members (workspace_id, id)`,
    // Invitations are found by the hash of their token, and there is one for an email in a workspace.
    `create table invitations (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      inviter_id ${id} not null references users (id) on delete cascade, email text not null, role text,
      status text not null, expires_at ${instant} not null, created_at ${instant} not null, token_hash text)`,
    `create unique index invitations_token_hash on invitations (token_hash)`,
    `create unique index invitations_workspace_email on invitations (workspace_id, email)`,
    // One row, written together with the first owner: anyone who inserts it has set the instance up.
    `create table instance (id text primary key check (id = 'instance'), set_up_at ${integer} not null)`,
    `create table sign_in_throttles (
      subject text primary key, attempts ${integer} not null, first_attempt_at ${integer} not null)`,
    `create table api_keys (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      name text not null, access text not null, prefix text not null, last_four text not null,
      hash text not null unique, created_by ${id}, created_at ${integer} not null, last_used_at ${integer},
      expires_at ${integer}, revoked_at ${integer})`,
    `create index api_keys_workspace on api_keys (workspace_id, created_at, id)`,
    `create table audit_entries (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      action text not null, actor_kind text not null, actor_id ${id}, actor_name text not null,
      target_kind text not null, target_id ${id}, address text, metadata text not null, created_at ${integer} not null)`,
    `create index audit_entries_workspace on audit_entries (workspace_id, created_at, id)`,
  ];
}

function connections({ id, integer }: ColumnTypes): readonly string[] {
  return [
    `create table connections (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      provider text not null, name text not null, description text, status text not null, paused_reason text,
      sealed_credentials text, has_signing_secret ${integer} not null, previous_secret_expires_at ${integer},
      endpoint_host text not null, endpoint_preview text not null, endpoint_fingerprint text not null,
      receiver text not null, event_types text not null, ordered ${integer} not null default 0,
      concurrency ${integer} not null default 10, rate_limit_per_minute ${integer},
      health text not null, consecutive_failures ${integer} not null, receiver_faults ${integer} not null default 0,
      first_failure_at ${integer}, last_failure_at ${integer}, failing_since ${integer}, failing_until ${integer},
      probe_at ${integer}, probe_delay_ms ${integer}, hold_until ${integer}, hold_ms ${integer}, rate_next_at ${integer} not null default 0,
      last_health_check_at ${integer}, last_sync_at ${integer} not null, last_event_at ${integer},
      last_error_code text, last_error_message text, version ${integer} not null,
      created_at ${integer} not null, updated_at ${integer} not null)`,
    `create index connections_workspace on connections (workspace_id, provider, created_at, id)`,
    // Two that press the button at the same time get one connection.
    `create unique index connections_inspector on connections (workspace_id)
      where receiver = 'inspector' and status <> 'disconnected'`,
    // Another random one after every change to a workspace's connections, so that routes are read again only then.
    `create table routing_versions (
      workspace_id ${id} primary key references workspaces (id) on delete cascade, version ${id} not null)`,
    `create table idempotency_keys (
      workspace_id ${id} not null references workspaces (id) on delete cascade, key text not null,
      request_digest text not null, response text not null, created_at ${integer} not null, primary key (workspace_id, key))`,
    `create index idempotency_keys_age on idempotency_keys (created_at)`,
    `create table inspector_settings (
      workspace_id ${id} primary key references workspaces (id) on delete cascade, answer text not null,
      retry_after_seconds ${integer} not null, sealed_secret text, updated_at ${integer} not null)`,
    `create table inspector_requests (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      delivery_id ${id} not null, event_id ${id} not null, event_type text not null,
      event_accepted_at ${integer} not null, answer text not null, verdict text not null, method text not null,
      headers text not null, body text not null, body_bytes ${integer} not null, created_at ${integer} not null)`,
    `create index inspector_requests_workspace on inspector_requests (workspace_id, created_at, id)`,
  ];
}

/**
 * An event's id may come from its sender, so it is unique within its workspace only. In keys it is first: new ids are
 * the highest, so whatever workspaces write, they write at the end of the index. No foreign key leads from a hot table
 * to its workspace or connection: the check would lock that one row for every event stored.
 */
function events({ id, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table events (
      workspace_id ${id} not null, id ${id} not null, type text not null, created_at ${integer} not null,
      data text not null, accepted_at ${integer} not null, trace_context text,
      origin text not null default 'application', primary key (id, workspace_id))`,
    `create index events_workspace on events (workspace_id, accepted_at, id)`,
    `create table deliveries (
      id ${id} primary key, workspace_id ${id} not null, event_id ${id} not null, connection_id ${id} not null,
      trigger_kind text not null, status text not null, attempt_count ${integer} not null,
      next_attempt_at ${integer},
      event_bytes ${integer} not null default 0, replay_id ${id}, replayed_from text, response_status ${integer},
      error_code text, duration_ms ${integer}, last_attempt_at ${integer}, created_at ${integer} not null,
      updated_at ${integer} not null)${clustered}`,
    // Senders choose ids: two workspaces may have the same one, and the row tells which is meant.
    `create index deliveries_event on deliveries (event_id)`,
    `create index deliveries_connection on deliveries (connection_id, created_at, id)`,
    `create index deliveries_workspace on deliveries (workspace_id, created_at, id)`,
    // The queue of a connection, in order of age; finished deliveries are not in it, so it stays as small as the backlog.
    `create index deliveries_queue on deliveries (connection_id, next_attempt_at, id) where status = 'pending'`,
    `create index deliveries_failed on deliveries (workspace_id, created_at, id) where status = 'failed'`,
    `create index deliveries_failed_of_connection on deliveries (connection_id, created_at, id) where status = 'failed'`,
    // What a replay has made due and not counted yet.
    `create index deliveries_replayed on deliveries (replay_id) where replay_id is not null`,
    `create table attempts (
      delivery_id ${id} not null, number ${integer} not null, trigger_kind text not null, started_at ${integer} not null,
      duration_ms ${integer} not null, timings text not null, request_headers text not null,
      response_status ${integer}, response_status_text text, response_headers text, response_body text,
      response_truncated ${integer} not null, error_code text, error_message text, explanation text not null,
      primary key (delivery_id, number))${clustered}`,
  ];
}

function engine({ id, integer }: ColumnTypes): readonly string[] {
  return [
    `create table workers (
      id ${id} primary key, boot_id text not null, host text not null, pid ${integer} not null, version text not null,
      started_at ${integer} not null, beat_at ${integer} not null, heard_at ${integer} not null, members text not null,
      holding text not null, stopped_at ${integer})`,
    `create table replays (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      status text not null, stop_reason text, filter text not null, rate_per_second ${integer} not null,
      total ${integer} not null, queued ${integer} not null, delivered ${integer} not null, failed ${integer} not null,
      skipped ${integer} not null, failures_in_a_row ${integer} not null, position_created_at ${integer},
      position_id ${id}, has_queued_all ${integer} not null, next_step_at ${integer}, created_by text not null,
      created_at ${integer} not null, updated_at ${integer} not null, finished_at ${integer})`,
    `create index replays_workspace on replays (workspace_id, created_at, id)`,
    `create index replays_due on replays (next_step_at) where next_step_at is not null`,
    // One row a connection and hour: what the sparkline shows. Counts are of attempts; tests are not counted.
    `create table delivery_hours (
      connection_id ${id} not null references connections (id) on delete cascade, hour ${integer} not null,
      delivered ${integer} not null, failed ${integer} not null, primary key (connection_id, hour))`,
    // How far a workspace's payloads have been deleted, and the events that still had pending deliveries then.
    `create table retention_marks (
      workspace_id ${id} primary key references workspaces (id) on delete cascade,
      accepted_at ${integer} not null, event_id ${id} not null)`,
    `create table kept_payloads (
      workspace_id ${id} not null, event_id ${id} not null, primary key (workspace_id, event_id),
      foreign key (workspace_id, event_id) references events (workspace_id, id) on delete cascade)`,
  ];
}

/**
 * Each delivery is written three times or more, and a claim walks over dead rows at the head of a queue: autovacuum runs
 * at a hundredth of dead rows instead of a fifth, and does not pause. Events and attempts are written once, emptied once,
 * deleted once: what retention frees is to be used again within days.
 */
function tuning({ onPostgres }: ColumnTypes): readonly string[] {
  return onPostgres(
    `alter table deliveries set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
      autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)`,
    `alter table events set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05)`,
    `alter table attempts set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05)`,
  );
}
