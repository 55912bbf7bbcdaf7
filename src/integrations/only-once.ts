import { sql } from "kysely";
import { OpenSendError } from "../core/errors.ts";
import { isUniqueViolation } from "../store/constraint.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";

/** How long an answer is kept for a repeated request. */
const KEPT_MS = 24 * 60 * 60 * 1000;

export type IdempotentRequest = {
  readonly key: string;
  /** A keyed digest of method, path and body; bodies hold secrets, so no plain hash of them is kept. */
  readonly digest: string;
};

/**
 * Runs a change at most once for an idempotency key. The answer is stored in the very transaction of the change, so
 * a repeated request either finds it or runs the change, and two at once cannot both do so. `prepare` checks and
 * computes outside of the transaction; what it returns writes inside.
 *
 * @throws {OpenSendError} `idempotency_key_reused` when the key belongs to another request.
 */
export async function onlyOnce<Value>(
  db: Database,
  workspaceId: string,
  request: IdempotentRequest | null,
  now: number,
  prepare: () => Promise<(trx: DatabaseTransaction) => Promise<Value>>,
): Promise<{ value: Value; replayed: boolean }> {
  if (request === null) {
    const write = await prepare();
    return { value: await db.transaction().execute(write), replayed: false };
  }
  const earlier = await findAnswer<Value>(db, workspaceId, request, now);
  if (earlier !== null) return earlier;
  const write = await prepare();
  try {
    const value = await db.transaction().execute(async (trx) => {
      await forgetExpired(trx, workspaceId, now);
      const value = await write(trx);
      await trx
        .insertInto("idempotency_keys")
        .values({
          workspace_id: workspaceId,
          key: request.key,
          request_digest: request.digest,
          answer: JSON.stringify(value),
          created_at: now,
        })
        .execute();
      return value;
    });
    return { value, replayed: false };
  } catch (error) {
    const winner = isUniqueViolation(error) ? await findAnswer<Value>(db, workspaceId, request, now) : null;
    if (winner === null) throw error;
    return winner;
  }
}

async function findAnswer<Value>(
  db: Database,
  workspaceId: string,
  request: IdempotentRequest,
  now: number,
): Promise<{ value: Value; replayed: true } | null> {
  const row = await db
    .selectFrom("idempotency_keys")
    .select(["request_digest", "answer"])
    .where("workspace_id", "=", workspaceId)
    .where("key", "=", request.key)
    .where("created_at", ">", now - KEPT_MS)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.request_digest !== request.digest) {
    throw new OpenSendError(
      "idempotency_key_reused",
      "This Idempotency-Key came earlier with another method, path or body. Use a new key for a new request.",
    );
  }
  return { value: JSON.parse(row.answer) as Value, replayed: true };
}

async function forgetExpired(trx: DatabaseTransaction, workspaceId: string, now: number): Promise<void> {
  await trx
    .deleteFrom("idempotency_keys")
    .where("workspace_id", "=", workspaceId)
    .where("created_at", "<=", now - KEPT_MS)
    .execute();
}

/** Deletes so many keys of any workspace whose time is over; returns how many there were. */
export async function forgetIdempotencyKeys(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys where (workspace_id, key) in (
      select workspace_id, key from idempotency_keys where created_at <= ${now - KEPT_MS} limit ${rowsMax})`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}
