import { CompiledQuery, sql } from "kysely";
import {
  type BulkColumns,
  type BulkRow,
  CLAIM_COLUMNS,
  type ClaimedRow,
  type DueRow,
  type HotStatements,
} from "../hot-statements.ts";

/**
 * PostgreSQL: one round trip a batch, arrays instead of long lists of parameters. Where rows are found by their ids, the
 * status is compared as an expression (`status || ''`): a plan that is kept could otherwise walk the index of all that have
 * that status, which is small when it is made.
 */
export const postgresHotStatements: HotStatements = {
  insertRows: async (trx, table, columns, rows) => {
    for (const slice of slices(rows)) await trx.executeQuery(bulkInsert(table, columns, slice, ""));
  },

  insertEvents: async (trx, columns, rows) => {
    const ending = "on conflict (id, workspace_id) do nothing returning workspace_id, id";
    const clashes: (readonly [string, string])[] = [];
    for (const slice of slices(rows)) {
      const { rows: inserted } = await trx.executeQuery<{ workspace_id: string; id: string }>(
        bulkInsert("events", columns, slice, ending),
      );
      if (inserted.length === slice.length) continue;
      const stored = new Set(inserted.map((row) => `${row.workspace_id} ${row.id}`));
      for (const [workspaceId, id] of slice) {
        if (!stored.has(`${workspaceId} ${id}`)) clashes.push([String(workspaceId), String(id)]);
      }
    }
    return clashes;
  },

  insertAttempts: async (trx, columns, rows) => {
    if (rows.length === 0) return [];
    const ending = "on conflict do nothing returning id";
    const { rows: inserted } = await trx.executeQuery<{ id: string }>(
      bulkInsert("attempts", columns, rows, ending),
    );
    if (inserted.length === rows.length) return [];
    const written = new Set(inserted.map(({ id }) => id));
    const others = rows.filter(([id]) => !written.has(String(id)));
    const { rows: known } = await sql<{ id: string }>`
      select id from attempts where id = any(${others.map(([id]) => id)}::text[])`.execute(trx);
    const recorded = known.map(({ id }) => id);
    for (const [id = null, deliveryId = null, _number, ...columnsAfter] of others) {
      if (recorded.includes(String(id))) continue;
      const next = await sql<{ number: number }>`
        select max(number) + 1 as number from attempts where delivery_id = ${deliveryId}`.execute(trx);
      const row = [id, deliveryId, next.rows[0]?.number ?? 1, ...columnsAfter];
      await trx.executeQuery(bulkInsert("attempts", columns, [row], ""));
    }
    return recorded;
  },

  // In one order everywhere, so that two processes never wait for each other in a circle.
  lockConnections: async (trx, connectionIds) =>
    trx
      .selectFrom("connections")
      .select(CLAIM_COLUMNS)
      .where("id", "=", sql<string>`any(${[...connectionIds]}::text[])`)
      .orderBy("id")
      .forNoKeyUpdate()
      .execute(),

  // A statement of its own after the lock: it sees what the process that held the lock before has committed.
  pickDue: async (trx, limits, now, holder) => {
    if (limits.length === 0) return [];
    const { rows } = await sql<DueRow>`
      select picked.id, picked.connection_id, picked.event_bytes
      from unnest(
        ${limits.map(({ connectionId }) => connectionId)}::text[], ${limits.map(({ limit }) => limit)}::bigint[],
        ${limits.map(({ mustBeIdle }) => mustBeIdle)}::boolean[]
      ) with ordinality as wanted (connection_id, wanted_max, must_be_idle, place)
      cross join lateral (
        select id, connection_id, event_bytes, next_attempt_at from deliveries
        where connection_id = wanted.connection_id and status = 'pending' and next_attempt_at <= ${now}
        order by next_attempt_at, id
        limit wanted.wanted_max
        for update skip locked) as picked
      where not exists (
        select 1 from deliveries other
        where other.connection_id = wanted.connection_id and other.status = 'delivering'
          and other.lease_holder < ${holder} and other.trigger_kind <> 'test')
        and not exists (
        select 1 from deliveries other
        where other.connection_id = wanted.connection_id and other.status = 'delivering'
          and other.lease_holder > ${holder} and other.trigger_kind <> 'test')
        and not (wanted.must_be_idle and exists (
        select 1 from deliveries other
        where other.connection_id = wanted.connection_id and other.status = 'delivering'
          and other.lease_holder = ${holder} and other.trigger_kind <> 'test'))
      order by wanted.place, picked.next_attempt_at, picked.id`.execute(trx);
    return rows;
  },

  lease: async (trx, ids, { holder, expiresAt, now }) => {
    if (ids.length === 0) return [];
    const { rows } = await sql<ClaimedRow>`
      update deliveries
      set status = 'delivering', lease_holder = ${holder}, lease_expires_at = ${expiresAt}, updated_at = ${now}
      from unnest(${[...ids]}::text[]) with ordinality as wanted (id, place), events
      where deliveries.id = wanted.id and deliveries.status || '' = 'pending' and events.workspace_id = deliveries.workspace_id
        and events.id = deliveries.event_id
      returning wanted.place, deliveries.id, deliveries.connection_id, deliveries.trigger_kind,
        deliveries.attempt_count, deliveries.next_attempt_at, deliveries.replay_id, deliveries.event_bytes,
        deliveries.event_id, events.type,
        events.created_at as event_created_at, events.accepted_at, events.data, events.trace_context,
        events.origin`.execute(trx);
    return (rows as (ClaimedRow & { place: number })[]).sort((a, b) => a.place - b.place);
  },

  finishDeliveries: async (trx, holder, finished) => {
    if (finished.length === 0) return [];
    const { rows } = await sql<{ id: string }>`
      update deliveries
      set status = finished.status, attempt_count = attempt_count + 1, next_attempt_at = finished.next_attempt_at,
        response_status = finished.response_status, error_code = finished.error_code,
        duration_ms = finished.duration_ms, last_attempt_at = finished.finished_at, updated_at = finished.finished_at,
        lease_holder = null, lease_expires_at = null
      from unnest(
        ${finished.map(({ id }) => id)}::text[],
        ${finished.map(({ status }) => status)}::text[],
        ${finished.map(({ nextAttemptAt }) => nextAttemptAt)}::bigint[],
        ${finished.map(({ responseStatus }) => responseStatus)}::bigint[],
        ${finished.map(({ errorCode }) => errorCode)}::text[],
        ${finished.map(({ durationMs }) => durationMs)}::bigint[],
        ${finished.map(({ finishedAt }) => finishedAt)}::bigint[]
      ) as finished (
        id, status, next_attempt_at, response_status, error_code, duration_ms, finished_at)
      where deliveries.id = finished.id and deliveries.status || '' = 'delivering'
        and deliveries.lease_holder = ${holder}
      returning deliveries.id`.execute(trx);
    if (rows.length === finished.length) return [];
    // A process may have sent a delivery twice: its second attempt finds the lease given back by the first.
    const written = new Set(rows.map(({ id }) => id));
    const lost = finished.map(({ id }) => id).filter((id) => !written.delete(id));
    await sql`
      update deliveries set attempt_count = attempt_count + lost.attempts
      from (select id, count(*) as attempts from unnest(${lost}::text[]) as lost (id) group by id) as lost
      where deliveries.id = lost.id`.execute(trx);
    return lost;
  },

  touchConnections: async (trx, steady) => {
    if (steady.length === 0) return [];
    const { rows } = await sql<{ id: string }>`
      with locked as (
        select id from connections
        where id = any(${steady.map(({ id }) => id)}::text[])
          and status = 'connected' and health = 'healthy' and consecutive_failures = 0 and last_error_code is null
        order by id for no key update
      )
      update connections set last_health_check_at = touched.at, last_event_at = touched.at
      from locked join unnest(
        ${steady.map(({ id }) => id)}::text[], ${steady.map(({ lastFinishedAt }) => lastFinishedAt)}::bigint[]
      ) as touched (id, at) on touched.id = locked.id
      where connections.id = locked.id
      returning connections.id`.execute(trx);
    const written = new Set(rows.map(({ id }) => id));
    return steady.map(({ id }) => id).filter((id) => !written.has(id));
  },

  addHourCounts: async (trx, counts) => {
    if (counts.length === 0) return;
    const ordered = counts.toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
    await sql`
      insert into delivery_hours (connection_id, hour, delivered, failed)
      select * from unnest(
        ${ordered.map(({ connectionId }) => connectionId)}::text[], ${ordered.map(({ hour }) => hour)}::bigint[],
        ${ordered.map(({ delivered }) => delivered)}::bigint[], ${ordered.map(({ failed }) => failed)}::bigint[])
      on conflict (connection_id, hour) do update set
        delivered = delivery_hours.delivered + excluded.delivered,
        failed = delivery_hours.failed + excluded.failed`.execute(trx);
  },
};

/** A statement of more rows would keep the event loop busy with writing its parameters. */
const ROWS_PER_STATEMENT_MAX = 2000;

function slices(rows: readonly BulkRow[]): readonly (readonly BulkRow[])[] {
  const count = Math.ceil(rows.length / ROWS_PER_STATEMENT_MAX);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_PER_STATEMENT_MAX, (index + 1) * ROWS_PER_STATEMENT_MAX),
  );
}

function bulkInsert(table: string, columns: BulkColumns, rows: readonly BulkRow[], ending: string) {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  const text = `insert into ${table} (${names.join(", ")}) select * from unnest(${arrays.join(", ")}) ${ending}`;
  const values = names.map((_name, index) => rows.map((row) => row[index]));
  return CompiledQuery.raw(text, values);
}
