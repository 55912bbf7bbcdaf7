import { CompiledQuery, sql } from "kysely";
import type { ClaimedRow, HotStatements } from "../hot-statements.ts";

/** SQLite: one writer, and statements that stay compiled, so a loop of small ones is the fastest there is. */
export const sqliteHotStatements: HotStatements = {
  insertRows: async (trx, table, columns, rows) => {
    const names = Object.keys(columns);
    const text = `insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`;
    for (const row of rows) await trx.executeQuery(CompiledQuery.raw(text, [...row]));
  },

  finishDeliveries: async (trx, holder, now, finished) => {
    const text = `update deliveries
      set status = ?, attempt_count = ?, next_attempt_at = ?, lease_holder = null, lease_expires_at = null, updated_at = ?
      where id = ? and status = 'delivering' and lease_holder = ?`;
    for (const { id, status, attemptCount, nextAttemptAt } of finished) {
      await trx.executeQuery(CompiledQuery.raw(text, [status, attemptCount, nextAttemptAt, now, id, holder]));
    }
  },

  claimDue: async (trx, { connectionIds, inFlightMax, claimsMax, now, holder, leaseExpiresAt }) => {
    const claimed: ClaimedRow[] = [];
    for (const connectionId of connectionIds) {
      const room = claimsMax - claimed.length;
      if (room <= 0) break;
      const { rows } = await sql<ClaimedRow>`
        update deliveries
        set status = 'delivering', lease_holder = ${holder}, lease_expires_at = ${leaseExpiresAt}, updated_at = ${now}
        where id in (
          select id from deliveries
          where connection_id = ${connectionId} and status = 'pending' and next_attempt_at <= ${now}
          order by next_attempt_at, id
          limit max(0, min(${room}, coalesce((
            select case
              when status <> 'connected' then 0
              when health <> 'unhealthy' then ${inFlightMax}
              when probe_at > ${now} then 0
              else 1 end
            from connections where id = ${connectionId}), 0) - (
            select count(*) from deliveries where connection_id = ${connectionId} and status = 'delivering'))))
        returning id, workspace_id, connection_id, event_id, trigger_kind, attempt_count`.execute(trx);
      claimed.push(...rows);
    }
    return claimed;
  },
};
