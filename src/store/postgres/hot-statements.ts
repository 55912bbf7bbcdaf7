import { CompiledQuery, sql } from "kysely";
import type { ClaimedRow, HotStatements } from "../hot-statements.ts";

/** PostgreSQL: one round trip a batch, arrays instead of long lists of parameters. */
export const postgresHotStatements: HotStatements = {
  insertRows: async (trx, table, columns, rows) => {
    if (rows.length === 0) return;
    const names = Object.keys(columns);
    const types = Object.values(columns);
    const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(", ");
    const text = `insert into ${table} (${names.join(", ")}) select * from unnest(${arrays})`;
    const values = names.map((_name, index) => rows.map((row) => row[index]));
    await trx.executeQuery(CompiledQuery.raw(text, values));
  },

  finishDeliveries: async (trx, holder, now, finished) => {
    if (finished.length === 0) return;
    await sql`
      update deliveries
      set status = finished.status, attempt_count = finished.attempt_count, next_attempt_at = finished.next_attempt_at,
        lease_holder = null, lease_expires_at = null, updated_at = ${now}
      from unnest(
        ${finished.map(({ id }) => id)}::text[],
        ${finished.map(({ status }) => status)}::text[],
        ${finished.map(({ attemptCount }) => attemptCount)}::bigint[],
        ${finished.map(({ nextAttemptAt }) => nextAttemptAt)}::bigint[]
      ) as finished (id, status, attempt_count, next_attempt_at)
      where deliveries.id = finished.id and deliveries.status = 'delivering'
        and deliveries.lease_holder = ${holder}`.execute(trx);
  },

  // The connections are locked while their queues are read, so that two workers together never exceed what one may
  // have in flight; a connection another worker is claiming from is left to it. `id = any(array(…))` keeps the plan on
  // the primary key whatever the statistics say.
  claimDue: async (trx, { connectionIds, inFlightMax, claimsMax, now, holder, leaseExpiresAt }) => {
    const { rows } = await sql<ClaimedRow>`
      with mine as (
        select id, case
          when health <> 'unhealthy' then ${inFlightMax}::bigint
          when probe_at > ${now} then 0
          else 1 end as in_flight_max
        from connections where id = any(${[...connectionIds]}::text[]) and status = 'connected'
        for no key update skip locked
      ), due as (
        select picked.id
        from mine
        cross join lateral (
          select id from deliveries
          where connection_id = mine.id and status = 'pending' and next_attempt_at <= ${now}
          order by next_attempt_at, id
          limit greatest(0, mine.in_flight_max - (
            select count(*) from deliveries where connection_id = mine.id and status = 'delivering'))
          for update skip locked) as picked
        limit ${claimsMax}
      )
      update deliveries
      set status = 'delivering', lease_holder = ${holder}, lease_expires_at = ${leaseExpiresAt}, updated_at = ${now}
      where id = any(array(select id from due))
      returning id, workspace_id, connection_id, event_id, trigger_kind, attempt_count`.execute(trx);
    return rows;
  },
};
