import type { ColumnTypes, Migration } from "../migrate.ts";

/** What lists of connections tell without reading deliveries: since when, by whom, and what the last failure means. */
export const connectionState: Migration = {
  number: 5,
  name: "connection-state",
  statements: (types) => [...columns(types), ...carriedOver(), ...indexes()],
};

function columns({ id, integer }: ColumnTypes): readonly string[] {
  return [
    `alter table connections add column paused_at ${integer}`,
    "alter table connections add column paused_by text",
    `alter table connections add column disconnected_at ${integer}`,
    `alter table connections add column last_error_at ${integer}`,
    "alter table connections add column last_error_explanation text",
    `alter table connections add column last_error_delivery_id ${id}`,
  ];
}

/** The times at hand that are closest to those that were not kept before. */
function carriedOver(): readonly string[] {
  return [
    "update connections set paused_at = updated_at where status = 'paused' and paused_reason = 'manual'",
    `update connections set paused_at = coalesce(last_failure_at, updated_at)
      where status = 'paused' and paused_reason <> 'manual'`,
    "update connections set disconnected_at = updated_at where status = 'disconnected'",
    `update connections set last_error_at = coalesce(last_health_check_at, updated_at)
      where last_error_code is not null`,
  ];
}

/** However many were disconnected, neither part of the list is walked for the other. */
function indexes(): readonly string[] {
  return [
    `create index connections_live on connections (workspace_id, created_at, id)
      where status <> 'disconnected'`,
    `create index connections_disconnected on connections (workspace_id, created_at, id)
      where status = 'disconnected'`,
  ];
}
