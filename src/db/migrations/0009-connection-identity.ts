import type { ColumnTypes, Migration } from "../migrate.ts";

/** What callers know a connection by, which key created it, and what keys are limited to. */
export const connectionIdentity: Migration = {
  number: 9,
  name: "connection-identity",
  statements: (types) => [...columns(types), ...metadata(types), ...indexes()],
};

function columns({ id }: ColumnTypes): readonly string[] {
  return [
    "alter table connections add column external_id text",
    "alter table connections add column metadata text",
    `alter table connections add column owner_key_id ${id}`,
    "alter table api_keys add column event_types text",
    // A key that replaces another one manages the connections of the first of them.
    `alter table api_keys add column owner_key_id ${id}`,
  ];
}

/** A row for each pair in a connection's metadata, to find connections by; the connection itself has them as JSON. */
function metadata({ id, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table connection_metadata (
      connection_id ${id} not null references connections (id) on delete cascade, key text not null,
      workspace_id ${id} not null, value text not null, primary key (connection_id, key))${clustered}`,
    "create index connection_metadata_value on connection_metadata (workspace_id, key, value, connection_id)",
  ];
}

function indexes(): readonly string[] {
  return [
    // Two requests at the same time create one connection.
    `create unique index connections_external_id on connections (workspace_id, external_id)
      where external_id is not null and status <> 'disconnected'`,
    "create index connections_any_external_id on connections (workspace_id, external_id) where external_id is not null",
    "create index connections_fingerprint on connections (workspace_id, endpoint_fingerprint)",
    `create index connections_owner_key on connections (workspace_id, owner_key_id, created_at, id)
      where owner_key_id is not null`,
  ];
}
