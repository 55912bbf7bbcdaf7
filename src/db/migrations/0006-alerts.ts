import type { ColumnTypes, Migration } from "../migrate.ts";

/** Mails that wait to be sent, password resets, and alerts with what they have noticed and told. */
export const alerts: Migration = {
  number: 6,
  name: "alerts",
  statements: (types) => [...mail(types), ...alertTables(types)],
};

function mail({ id, integer }: ColumnTypes): readonly string[] {
  return [
    `create table mails (
      id ${id} primary key, sealed text not null, reference ${id}, tries ${integer} not null, due_at ${integer} not null,
      claimed_until ${integer}, created_at ${integer} not null, expires_at ${integer} not null)`,
    "create index mails_due on mails (due_at, id)",
    "create index mails_claimed on mails (claimed_until) where claimed_until is not null",
    "create index mails_expiry on mails (expires_at)",
    // One for each account: a new one replaces the one before.
    `create table password_resets (
      user_id ${id} primary key references users (id) on delete cascade, token_hash text not null,
      created_at ${integer} not null, expires_at ${integer} not null)`,
    "create unique index password_resets_token_hash on password_resets (token_hash)",
    "create index password_resets_expiry on password_resets (expires_at)",
  ];
}

function alertTables({ id, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table alerts (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      name text not null, condition text not null, threshold ${integer}, connection_ids text, member_ids text not null,
      notify_connection_id ${id}, is_enabled ${integer} not null, raised_at ${integer}, recovered_at ${integer},
      created_at ${integer} not null, updated_at ${integer} not null)`,
    "create index alerts_workspace on alerts (workspace_id, created_at, id)",
    // What an alert has told of a connection, or of the workspace (an empty id), until it has ended and an hour has passed.
    `create table alert_states (
      alert_id ${id} not null references alerts (id) on delete cascade, connection_id ${id} not null,
      is_open ${integer} not null, raised_at ${integer} not null, calm_since ${integer},
      primary key (alert_id, connection_id))${clustered}`,
    `create table alert_notices (
      id ${id} primary key, workspace_id ${id} not null references workspaces (id) on delete cascade,
      alert_id ${id} not null, alert_name text not null, kind text not null, summary text not null,
      connection_count ${integer} not null, connections text not null, mails ${integer} not null,
      mails_sent ${integer} not null, mails_failed ${integer} not null, mail_error text, event_id ${id},
      created_at ${integer} not null)`,
    "create index alert_notices_workspace on alert_notices (workspace_id, created_at, id)",
    "create index alert_notices_alert on alert_notices (alert_id, created_at, id)",
    "create index alert_notices_age on alert_notices (created_at)",
  ];
}
