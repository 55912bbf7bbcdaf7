import type { Migration } from "../migrate.ts";

/** The tables of people, keys, connections, what is sent to them, and the audit log. */
export const house: Migration = {
  number: 1,
  name: "house",
  statements: ({ id, integer, instant, boolean }) => [
    // People, sessions and workspaces: the columns Better Auth reads and writes, in this project's names.
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
      created_at ${instant} not null)`,
    `create table members (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      user_id ${id} not null references users (id) on delete cascade, role text not null, created_at ${instant} not null,
      unique (workspace_id, user_id))`,
    `create index members_user_id on members (user_id)`,
    `create table invitations (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      inviter_id ${id} not null references users (id) on delete cascade, email text not null, role text,
      status text not null, expires_at ${instant} not null, created_at ${instant} not null)`,
    `create index invitations_workspace_id on invitations (workspace_id)`,
    `create index invitations_email on invitations (email)`,

    // One row, made together with the first owner: whoever inserts it has set the instance up.
    `create table instance (id text primary key check (id = 'instance'), set_up_at ${integer} not null)`,
    `create table sign_in_throttles (
      subject text primary key, attempts ${integer} not null, first_attempt_at ${integer} not null)`,

    `create table api_keys (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      name text not null, access text not null, prefix text not null, last_four text not null,
      hash text not null unique, created_by ${id}, created_at ${integer} not null, last_used_at ${integer},
      expires_at ${integer}, revoked_at ${integer})`,
    `create index api_keys_workspace on api_keys (workspace_id, created_at, id)`,

    `create table connections (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      provider text not null, name text not null, description text, status text not null, paused_reason text,
      sealed_credentials text, has_signing_secret ${integer} not null, endpoint_host text not null,
      endpoint_preview text not null, endpoint_fingerprint text not null, receiver text not null,
      event_types text not null, health text not null, consecutive_failures ${integer} not null,
      last_health_check_at ${integer}, last_sync_at ${integer} not null, last_event_at ${integer},
      last_error_code text, last_error_message text, version ${integer} not null,
      created_at ${integer} not null, updated_at ${integer} not null)`,
    `create index connections_workspace on connections (workspace_id, provider, created_at, id)`,
    `create table idempotency_keys (
      workspace_id ${id} not null references workspaces (id) on delete cascade, key text not null,
      request_digest text not null, answer text not null, created_at ${integer} not null,
      primary key (workspace_id, key))`,

    `create table events (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      type text not null, created_at ${integer} not null, data text not null, accepted_at ${integer} not null)`,
    `create index events_workspace on events (workspace_id, accepted_at, id)`,
    `create table deliveries (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      event_id ${id} not null references events (id) on delete cascade,
      connection_id ${id} not null references connections (id) on delete cascade,
      trigger_kind text not null, status text not null, attempt_count ${integer} not null,
      next_attempt_at ${integer}, lease_holder text, lease_expires_at ${integer},
      created_at ${integer} not null, updated_at ${integer} not null)`,
    `create index deliveries_event on deliveries (event_id)`,
    `create index deliveries_connection on deliveries (connection_id, created_at, id)`,
    `create index deliveries_leased on deliveries (lease_expires_at) where status = 'delivering'`,
    `create table attempts (
      id ${id} primary key, delivery_id ${id} not null references deliveries (id) on delete cascade,
      number ${integer} not null, trigger_kind text not null, started_at ${integer} not null,
      duration_ms ${integer} not null, timings text not null, request_headers text not null,
      response_status ${integer}, response_status_text text, response_headers text, response_body text,
      response_truncated ${integer} not null, error_code text, error_message text, explanation text not null,
      unique (delivery_id, number))`,

    `create table audit_entries (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      action text not null, actor_kind text not null, actor_id ${id}, actor_name text not null,
      target_kind text not null, target_id ${id}, address text, metadata text not null, created_at ${integer} not null)`,
    `create index audit_entries_workspace on audit_entries (workspace_id, created_at, id)`,
  ],
};
