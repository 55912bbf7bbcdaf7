import {
  CLAIM_COLUMNS,
  type ClaimableConnection,
  type ClaimedRow,
  type DueRow,
  type HotStatements,
} from "../hot-statements.ts";
import { inSlices } from "../in-slices.ts";
import type { Prepare } from "./compiled-statement.ts";

/**
 * SQLite: one writer, and statements that stay compiled, so a loop of small ones is the fastest there is. They run on
 * the connection of the transaction that is open, since there is only one.
 */
export function createSqliteHotStatements(prepare: Prepare): HotStatements {
  return {
    insertRows: async (_trx, table, columns, rows) => {
      if (rows.length === 0) return;
      const names = Object.keys(columns);
      const insert = prepare(
        `insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`,
      );
      await inSlices(rows, (row) => void insert.run(...row));
    },

    insertEvents: async (_trx, columns, rows) => {
      const names = Object.keys(columns);
      const insert = prepare(`
        insert into events (${names.join(", ")}) values (${names.map(() => "?").join(", ")})
        on conflict (id, workspace_id) do nothing`);
      const clashes: (readonly [string, string])[] = [];
      await inSlices(rows, (row) => {
        if (insert.run(...row).changes === 0) clashes.push([String(row[0]), String(row[1])]);
      });
      return clashes;
    },

    insertAttempts: async (_trx, columns, rows) => {
      const names = Object.keys(columns);
      const values = names.map(() => "?").join(", ");
      const insert = prepare(
        `insert into attempts (${names.join(", ")}) values (${values}) on conflict do nothing`,
      );
      const find = prepare("select 1 from attempts where id = ?");
      const next = prepare("select max(number) + 1 as number from attempts where delivery_id = ?");
      return rows.flatMap(([id = null, deliveryId = null, number = null, ...others]) => {
        if (insert.run(id, deliveryId, number, ...others).changes === 1) return [];
        if (find.get(id) !== undefined) return [String(id)];
        insert.run(id, deliveryId, (next.get(deliveryId) as { number: number }).number, ...others);
        return [];
      });
    },

    lockConnections: async (_trx, connectionIds) => {
      const read = prepare(`select ${CLAIM_COLUMNS.join(", ")} from connections where id = ?`);
      return connectionIds.flatMap((id) => (read.get(id) as ClaimableConnection | undefined) ?? []);
    },

    pickDue: async (_trx, limits, now, holder) => {
      const isElsewhere = prepare(`
        select 1 from deliveries
        where connection_id = ?1 and status = 'delivering' and lease_holder < ?2 and trigger_kind <> 'test'
        union all
        select 1 from deliveries
        where connection_id = ?1 and status = 'delivering' and lease_holder > ?2 and trigger_kind <> 'test' limit 1`);
      const isHere = prepare(`
        select 1 from deliveries
        where connection_id = ?1 and status = 'delivering' and lease_holder = ?2 and trigger_kind <> 'test' limit 1`);
      const pick = prepare(`
        select id, connection_id, event_bytes from deliveries
        where connection_id = ? and status = 'pending' and next_attempt_at <= ?
        order by next_attempt_at, id limit ?`);
      return limits.flatMap(({ connectionId, limit, mustBeIdle }) => {
        if (isElsewhere.get(connectionId, holder) !== undefined) return [];
        if (mustBeIdle && isHere.get(connectionId, holder) !== undefined) return [];
        return pick.all(connectionId, now, limit) as unknown as DueRow[];
      });
    },

    lease: async (_trx, ids, { holder, expiresAt, now }) => {
      const take = prepare(`
        update deliveries
        set status = 'delivering', lease_holder = ?, lease_expires_at = ?, updated_at = ?
        where id = ? and status = 'pending'`);
      const read = prepare(`
        select d.id, d.connection_id, d.trigger_kind, d.attempt_count, d.next_attempt_at, d.replay_id, d.event_bytes,
          d.event_id,
          e.type, e.created_at as event_created_at, e.accepted_at, e.data, e.trace_context, e.origin
        from deliveries d join events e on e.workspace_id = d.workspace_id and e.id = d.event_id where d.id = ?`);
      return ids.flatMap((id) =>
        take.run(holder, expiresAt, now, id).changes === 1 ? [read.get(id) as ClaimedRow] : [],
      );
    },

    finishDeliveries: async (_trx, holder, finished) => {
      const finish = prepare(`
        update deliveries
        set status = ?, attempt_count = attempt_count + 1, next_attempt_at = ?, response_status = ?, error_code = ?, duration_ms = ?,
          last_attempt_at = ?, updated_at = ?, lease_holder = null, lease_expires_at = null
        where id = ? and status = 'delivering' and lease_holder = ?`);
      const count = prepare("update deliveries set attempt_count = attempt_count + 1 where id = ?");
      return finished.flatMap((one) => {
        const { changes } = finish.run(
          one.status,
          one.nextAttemptAt,
          one.responseStatus,
          one.errorCode,
          one.durationMs,
          one.finishedAt,
          one.finishedAt,
          one.id,
          holder,
        );
        if (changes === 1) return [];
        count.run(one.id);
        return [one.id];
      });
    },

    touchConnections: async (_trx, steady) => {
      const touch = prepare(`
        update connections set last_health_check_at = ?, last_event_at = ?
        where id = ? and status = 'connected' and health = 'healthy' and consecutive_failures = 0 and last_error_code is null`);
      return steady.flatMap(({ id, lastFinishedAt }) =>
        touch.run(lastFinishedAt, lastFinishedAt, id).changes === 0 ? [id] : [],
      );
    },

    addHourCounts: async (_trx, counts) => {
      const add = prepare(`
        insert into delivery_hours (connection_id, hour, delivered, failed) values (?, ?, ?, ?)
        on conflict (connection_id, hour) do update set
          delivered = delivery_hours.delivered + excluded.delivered, failed = delivery_hours.failed + excluded.failed`);
      for (const { connectionId, hour, delivered, failed } of counts)
        add.run(connectionId, hour, delivered, failed);
    },
  };
}
