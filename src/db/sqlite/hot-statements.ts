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
import { inSlices } from "../in-slices.ts";
import type { Database, DatabaseTransaction } from "../open.ts";
import type { Prepare } from "./compiled-statement.ts";

/**
 * SQLite: with one writer and statements that stay compiled, a loop of small statements is fastest. They run on the
 * connection of the open transaction, which is the only connection.
 */
export class SqliteHotStatements implements HotStatements {
  readonly #prepare: Prepare;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  async insertRows(
    _trx: DatabaseTransaction,
    table: string,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const names = Object.keys(columns);
    const insert = this.#prepare(
      `insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`,
    );
    await inSlices(rows, (row) => void insert.run(...row));
  }

  async insertEvents(
    _trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ): Promise<(readonly [string, string])[]> {
    const names = Object.keys(columns);
    const insert = this.#prepare(`
      insert into events (${names.join(", ")}) values (${names.map(() => "?").join(", ")})
      on conflict (id, workspace_id) do nothing`);
    const clashes: (readonly [string, string])[] = [];
    await inSlices(rows, (row) => {
      if (insert.run(...row).changes === 0) clashes.push([String(row[0]), String(row[1])]);
    });
    return clashes;
  }

  async insertAttempts(
    _trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ): Promise<InsertedAttempts> {
    const names = Object.keys(columns);
    const values = names.map(() => "?").join(", ");
    const insert = this.#prepare(
      `insert into attempts (${names.join(", ")}) values (${values}) on conflict do nothing`,
    );
    const find = this.#prepare(`
      select max(number) + 1 as next, max(trigger_kind = ?2 and started_at = ?3 and duration_ms = ?4) as is_recorded
      from attempts where delivery_id = ?1`);
    const recordedBefore: string[] = [];
    const renumbered: string[] = [];
    for (const row of rows) {
      if (insert.run(...row).changes === 1) continue;
      const [deliveryId = null, _number, trigger = null, startedAt = null, durationMs = null, ...others] =
        row;
      const found = find.get(deliveryId, trigger, startedAt, durationMs) as {
        next: number;
        is_recorded: number;
      };
      (found.is_recorded === 1 ? recordedBefore : renumbered).push(String(deliveryId));
      if (found.is_recorded === 1) continue;
      insert.run(deliveryId, found.next, trigger, startedAt, durationMs, ...others);
    }
    return { recordedBefore, renumbered };
  }

  async readQueues(_db: Database, connectionIds: readonly string[]): Promise<QueueState[]> {
    const read = this.#prepare(`select ${QUEUE_COLUMNS.join(", ")} from connections where id = ?`);
    return connectionIds.flatMap((id) => (read.get(id) as QueueState | undefined) ?? []);
  }

  async pickDue(_db: Database, limits: readonly QueueLimit[], now: number): Promise<DueRow[]> {
    const pick = this.#prepare(`
      select id, connection_id, trigger_kind, event_bytes from deliveries
      where connection_id = ? and status = 'pending' and next_attempt_at <= ?
      order by next_attempt_at, id limit ?`);
    const due: DueRow[] = [];
    await inSlices(limits, ({ connectionId, limit }) => {
      due.push(...(pick.all(connectionId, now, limit) as unknown as DueRow[]));
    });
    return due;
  }

  async readDue(_db: Database, ids: readonly string[]): Promise<QueuedRow[]> {
    const read = this.#prepare(`
      select d.id, d.connection_id, d.trigger_kind, d.attempt_count, d.next_attempt_at, d.replay_id, d.event_bytes,
        d.event_id, e.type, e.created_at as event_created_at, e.accepted_at, e.data, e.trace_context, e.origin
      from deliveries d join events e on e.workspace_id = d.workspace_id and e.id = d.event_id
      where d.id = ? and d.status = 'pending'`);
    const queued: QueuedRow[] = [];
    await inSlices(ids, (id) => {
      const row = read.get(id) as QueuedRow | undefined;
      if (row !== undefined) queued.push(row);
    });
    return queued;
  }

  async finishDeliveries(
    _trx: DatabaseTransaction,
    finished: readonly FinishedRow[],
  ): Promise<StateBefore[]> {
    const finish = `
      update deliveries
      set status = ?1, attempt_count = attempt_count + 1, next_attempt_at = ?2, response_status = ?3, error_code = ?4,
        duration_ms = ?5, last_attempt_at = ?6, updated_at = ?6
      where id = ?7 and attempt_count = ?8`;
    const finishPending = this.#prepare(`${finish} and status = 'pending'`);
    const finishEnded = this.#prepare(`${finish} and status in ('cancelled', 'failed')`);
    return finished.map((one) => {
      const values = [
        one.status,
        one.nextAttemptAt,
        one.responseStatus,
        one.errorCode,
        one.durationMs,
        one.finishedAt,
        one.id,
        one.attemptCount,
      ];
      if (finishPending.run(...values).changes === 1) return "pending";
      return one.status === "delivered" && finishEnded.run(...values).changes === 1 ? "ended" : null;
    });
  }

  async recountAttempts(
    _trx: DatabaseTransaction,
    renumbered: readonly string[],
    superseded: readonly string[],
  ): Promise<void> {
    const count =
      "update deliveries set attempt_count = (select count(*) from attempts where delivery_id = ?1) where id = ?1";
    const all = this.#prepare(count);
    const ended = this.#prepare(`${count} and status <> 'pending'`);
    const lost = new Set(superseded);
    for (const id of renumbered) if (!lost.has(id)) all.run(id);
    for (const id of superseded) ended.run(id);
  }

  async saveRates(_trx: DatabaseTransaction, rates: readonly UsedRate[]): Promise<void> {
    const saveRate = this.#prepare(
      `update connections set rate_next_at = ?1 where id = ?2 and not rate_next_at between ?1 and ?1 + ${RATE_AHEAD_MAX_MS}`,
    );
    for (const { id, usedUntil } of rates) saveRate.run(usedUntil, id);
  }

  async touchConnections(_trx: DatabaseTransaction, steady: readonly SteadyConnection[]): Promise<string[]> {
    const touch = this.#prepare(`
      update connections set last_health_check_at = ?, last_event_at = ?
      where id = ? and status = 'connected' and health = 'healthy' and consecutive_failures = 0 and last_error_code is null`);
    return steady.flatMap(({ id, lastFinishedAt }) =>
      touch.run(lastFinishedAt, lastFinishedAt, id).changes === 0 ? [id] : [],
    );
  }

  async mergeRows(_trx: DatabaseTransaction, table: MergedTable, rows: readonly BulkRow[]): Promise<void> {
    if (rows.length === 0) return;
    const names = Object.keys(table.columns);
    const merge = this.#prepare(`
      insert into ${table.name} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})
      on conflict ${mergeClause(table, "max")}`);
    await inSlices(rows, (row) => void merge.run(...row));
  }
}
