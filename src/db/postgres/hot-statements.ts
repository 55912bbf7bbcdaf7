import { CompiledQuery, sql } from "kysely";
import { RATE_AHEAD_MAX_MS } from "../../domain/rate-limit.ts";
import {
  type BulkColumns,
  type BulkRow,
  type DueRow,
  type FinishedRow,
  type HotStatements,
  type InsertedAttempts,
  type MergedTable,
  mergeClause,
  QUEUE_COLUMNS,
  type QueuedRow,
  type QueueLimit,
  type QueueState,
  type StateBefore,
  type SteadyConnection,
  type UsedRate,
} from "../hot-statements.ts";
import type { Database, DatabaseTransaction } from "../open.ts";

/**
 * PostgreSQL: one round trip per batch, and arrays instead of long parameter lists. Where rows are found by id, the
 * status is compared as an expression (`status || ''`): a cached plan could otherwise walk the index of all rows with
 * that status, which is small when the plan is created.
 */
export class PostgresHotStatements implements HotStatements {
  async insertRows(
    trx: DatabaseTransaction,
    table: string,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ): Promise<void> {
    for (const slice of slices(rows)) await trx.executeQuery(bulkInsert(table, columns, slice, ""));
  }

  async insertEvents(
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ): Promise<(readonly [string, string])[]> {
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
  }

  async insertAttempts(
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ): Promise<InsertedAttempts> {
    if (rows.length === 0) return { recordedBefore: [], renumbered: [] };
    const { rows: inserted } = await trx.executeQuery<{ delivery_id: string; number: number }>(
      bulkInsert("attempts", columns, rows, "on conflict do nothing returning delivery_id, number"),
    );
    if (inserted.length === rows.length) return { recordedBefore: [], renumbered: [] };
    const written = new Set(inserted.map(({ delivery_id: id, number }) => `${id} ${number}`));
    const recordedBefore: string[] = [];
    const renumbered: string[] = [];
    for (const row of rows) {
      const [
        deliveryId = null,
        number = null,
        trigger = null,
        startedAt = null,
        durationMs = null,
        ...others
      ] = row;
      // An attempt that occurs twice in the batch is written once.
      if (written.delete(`${deliveryId} ${number}`)) continue;
      const found = await sql<{ next: number; is_recorded: boolean }>`
        select max(number) + 1 as next,
          bool_or(trigger_kind = ${trigger} and started_at = ${startedAt} and duration_ms = ${durationMs}) as is_recorded
        from attempts where delivery_id = ${deliveryId}`.execute(trx);
      const { next = 1, is_recorded: isRecorded = false } = found.rows[0] ?? {};
      (isRecorded ? recordedBefore : renumbered).push(String(deliveryId));
      if (isRecorded) continue;
      const renumberedRow = [deliveryId, next, trigger, startedAt, durationMs, ...others];
      await trx.executeQuery(bulkInsert("attempts", columns, [renumberedRow], ""));
    }
    return { recordedBefore, renumbered };
  }

  async readQueues(db: Database, connectionIds: readonly string[]): Promise<QueueState[]> {
    return db
      .selectFrom("connections")
      .select(QUEUE_COLUMNS)
      .where("id", "=", sql<string>`any(${[...connectionIds]}::text[])`)
      .execute();
  }

  async pickDue(db: Database, limits: readonly QueueLimit[], now: number): Promise<DueRow[]> {
    if (limits.length === 0) return [];
    const { rows } = await sql<DueRow>`
      select picked.id, picked.connection_id, picked.trigger_kind, picked.event_bytes
      from unnest(
        ${limits.map(({ connectionId }) => connectionId)}::text[], ${limits.map(({ limit }) => limit)}::bigint[]
      ) with ordinality as wanted (connection_id, wanted_max, place)
      cross join lateral (
        select id, connection_id, trigger_kind, event_bytes, next_attempt_at from deliveries
        where connection_id = wanted.connection_id and status = 'pending' and next_attempt_at <= ${now}
        order by next_attempt_at, id
        limit wanted.wanted_max) as picked
      order by wanted.place, picked.next_attempt_at, picked.id`.execute(db);
    return rows;
  }

  async readDue(db: Database, ids: readonly string[]): Promise<QueuedRow[]> {
    if (ids.length === 0) return [];
    const { rows } = await sql<QueuedRow>`
      select deliveries.id, deliveries.connection_id, deliveries.trigger_kind, deliveries.attempt_count,
        deliveries.next_attempt_at, deliveries.replay_id, deliveries.event_bytes, deliveries.event_id, events.type,
        events.created_at as event_created_at, events.accepted_at, events.data, events.trace_context, events.origin
      from unnest(${[...ids]}::text[]) with ordinality as wanted (id, place)
      join deliveries on deliveries.id = wanted.id and deliveries.status || '' = 'pending'
      join events on events.workspace_id = deliveries.workspace_id and events.id = deliveries.event_id
      order by wanted.place`.execute(db);
    return rows;
  }

  async finishDeliveries(trx: DatabaseTransaction, finished: readonly FinishedRow[]): Promise<StateBefore[]> {
    const indexes = [...finished.keys()];
    const before: StateBefore[] = indexes.map(() => null);
    for (const index of await this.#finish(trx, finished, indexes, ["pending"])) before[index] = "pending";
    const late = indexes.filter((index) => before[index] === null && finished[index]?.status === "delivered");
    for (const index of await this.#finish(trx, finished, late, ["cancelled", "failed"]))
      before[index] = "ended";
    return before;
  }

  /** Finishes those at these indexes whose delivery has one of these statuses. Returns the indexes of those written. */
  async #finish(
    trx: DatabaseTransaction,
    all: readonly FinishedRow[],
    indexes: readonly number[],
    from: readonly string[],
  ): Promise<readonly number[]> {
    if (indexes.length === 0) return [];
    const finished = indexes.flatMap((index) => all[index] ?? []);
    const { rows } = await sql<{ place: number }>`
      update deliveries
      set status = finished.status, attempt_count = deliveries.attempt_count + 1,
        next_attempt_at = finished.next_attempt_at, response_status = finished.response_status,
        error_code = finished.error_code, duration_ms = finished.duration_ms,
        last_attempt_at = finished.finished_at, updated_at = finished.finished_at
      from unnest(
        ${finished.map(({ id }) => id)}::text[],
        ${finished.map(({ attemptCount }) => attemptCount)}::bigint[],
        ${finished.map(({ status }) => status)}::text[],
        ${finished.map(({ nextAttemptAt }) => nextAttemptAt)}::bigint[],
        ${finished.map(({ responseStatus }) => responseStatus)}::bigint[],
        ${finished.map(({ errorCode }) => errorCode)}::text[],
        ${finished.map(({ durationMs }) => durationMs)}::bigint[],
        ${finished.map(({ finishedAt }) => finishedAt)}::bigint[],
        ${[...indexes]}::bigint[]
      ) as finished (
        id, attempt_count, status, next_attempt_at, response_status, error_code, duration_ms, finished_at, place)
      where deliveries.id = finished.id and deliveries.attempt_count = finished.attempt_count
        and deliveries.status || '' = any(${[...from]}::text[])
      returning finished.place`.execute(trx);
    return rows.map(({ place }) => Number(place));
  }

  async recountAttempts(
    trx: DatabaseTransaction,
    renumbered: readonly string[],
    superseded: readonly string[],
  ): Promise<void> {
    if (renumbered.length + superseded.length === 0) return;
    await sql`
      update deliveries set attempt_count = (select count(*) from attempts where delivery_id = deliveries.id)
      where id = any(${[...renumbered, ...superseded]}::text[])
        and (status || '' <> 'pending' or not id = any(${[...superseded]}::text[]))`.execute(trx);
  }

  async saveRates(trx: DatabaseTransaction, rates: readonly UsedRate[]): Promise<void> {
    if (rates.length === 0) return;
    await sql`
      update connections set rate_next_at = noted.taken_until
      from unnest(${rates.map(({ id }) => id)}::text[], ${rates.map(({ usedUntil }) => usedUntil)}::bigint[])
        as noted (id, taken_until)
      where connections.id = noted.id
        and not connections.rate_next_at between noted.taken_until and noted.taken_until + ${RATE_AHEAD_MAX_MS}`.execute(
      trx,
    );
  }

  async touchConnections(trx: DatabaseTransaction, steady: readonly SteadyConnection[]): Promise<string[]> {
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
  }

  async mergeRows(trx: DatabaseTransaction, table: MergedTable, rows: readonly BulkRow[]): Promise<void> {
    const ending = `on conflict ${mergeClause(table, "greatest")}`;
    for (const slice of slices(rows))
      await trx.executeQuery(bulkInsert(table.name, table.columns, slice, ending));
  }
}

/** More rows per statement would block the event loop while its parameters are serialized. */
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
