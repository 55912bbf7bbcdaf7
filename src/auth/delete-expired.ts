import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";

/** Deletes up to `rowsMax` expired sessions and returns how many. Signing out already deletes a session. */
export function deleteExpiredSessions(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  return deleteExpired(trx, "sessions", now, rowsMax);
}

/** Deletes up to `rowsMax` expired invitations and returns how many. */
export function deleteExpiredInvitations(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  return deleteExpired(trx, "invitations", now, rowsMax);
}

/** Deletes up to `rowsMax` expired password resets and returns how many. */
export async function deleteExpiredPasswordResets(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from password_resets where user_id in (
      select user_id from password_resets where expires_at <= ${now} limit ${rowsMax})`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

async function deleteExpired(
  trx: DatabaseTransaction,
  table: "sessions" | "invitations",
  now: number,
  rowsMax: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where id in (
      select id from ${sql.table(table)} where expires_at <= ${new Date(now).toISOString()} limit ${rowsMax})`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}
