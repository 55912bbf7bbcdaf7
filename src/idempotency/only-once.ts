import { OpenSendError } from "../core/errors.ts";
import { isUniqueViolation } from "../store/database-error.ts";
import type { Database, DatabaseTransaction, Dialect } from "../store/open.ts";
import { type KeptResponse, keepResponses, nameOf, readKept } from "./kept-responses.ts";

export type IdempotentRequest = { readonly key: string; readonly digest: string };

/**
 * Runs a change at most once for an idempotency key. The response is stored in the very transaction of the change, so
 * a repeated request either finds it or runs the change, and two at once cannot both do so. `prepare` checks and
 * computes outside of the transaction; what it returns writes inside.
 *
 * @throws {OpenSendError} `idempotency_key_reused` when the key belongs to another request.
 */
export async function onlyOnce<Value>(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  workspaceId: string,
  request: IdempotentRequest | null,
  now: number,
  prepare: () => Promise<(trx: DatabaseTransaction) => Promise<Value>>,
): Promise<{ value: Value; replayed: boolean }> {
  if (request === null) {
    const write = await prepare();
    return { value: await db.transaction().execute(write), replayed: false };
  }
  const whole = { workspaceId, ...request };
  const find = () =>
    db
      .transaction()
      .execute((trx) => readKept(trx, dialect, [whole], now))
      .then((kept) => kept.get(nameOf(whole)));
  const earlier = await find();
  if (earlier !== undefined) return { value: readResponse<Value>(earlier, request), replayed: true };
  const write = await prepare();
  try {
    const value = await db.transaction().execute(async (trx) => {
      const value = await write(trx);
      const taken = await keepResponses(trx, dialect, [{ ...whole, response: JSON.stringify(value) }], now);
      if (taken.size > 0) throw new TakenError();
      return value;
    });
    return { value, replayed: false };
  } catch (error) {
    if (!(error instanceof TakenError) && !isUniqueViolation(error)) throw error;
    const winner = await find();
    if (winner === undefined) throw error;
    return { value: readResponse<Value>(winner, request), replayed: true };
  }
}

/** Another request with the same key was faster; this one is undone. */
class TakenError extends Error {
  override readonly name = "TakenError";
}

function readResponse<Value>(kept: KeptResponse, request: IdempotentRequest): Value {
  if (kept.digest === request.digest && kept.response !== null) return JSON.parse(kept.response) as Value;
  throw keyReused();
}

export function keyReused(): OpenSendError {
  return new OpenSendError(
    "idempotency_key_reused",
    "This Idempotency-Key came earlier with another method, path or body. Use a new key for a new request.",
  );
}
