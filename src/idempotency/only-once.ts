import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import { OpenSendError } from "../domain/errors.ts";
import { keyReused, resultDeleted } from "./refusals.ts";
import { isSameRequest } from "./request-digest.ts";
import { nameOf, readStored, storeResponses } from "./stored-responses.ts";

export type IdempotentRequest = { readonly key: string; readonly digest: string };

/**
 * Stores the request's key with the id of the object that the request creates or changes. Call it first in the
 * transaction of the change: of concurrent requests with one key, one continues, and the others wait here before they
 * read what it changes.
 */
export type StoreKey = (trx: DatabaseTransaction, objectId: string) => Promise<void>;

/** For a request without a key. */
export const storeNoKey: StoreKey = async () => undefined;

type OnceResult<Value> = { readonly value: Value; readonly replayed: boolean };

export type OnceDeps = { readonly db: Database; readonly dialect: Dialect; readonly now: () => number };

/**
 * Runs `act` at most once for an idempotency key. The key is stored in the same transaction as the change, so a
 * repeated request either finds it or runs the change, whenever a process was killed. A refused request stores nothing.
 * A repeat returns the result of `read`, which reads the current object.
 *
 * @throws {OpenSendError} `idempotency_key_reused` when the key belongs to another request, `not_found` when the object
 *   has been deleted since, and whatever `act` and `read` throw.
 */
export async function onlyOnce<Value>(
  deps: OnceDeps,
  workspaceId: string,
  request: IdempotentRequest | null,
  act: (keep: StoreKey) => Promise<Value>,
  read: (objectId: string) => Promise<Value>,
): Promise<OnceResult<Value>> {
  if (request === null) return { value: await act(storeNoKey), replayed: false };
  const earlier = await findObject(deps, workspaceId, request);
  if (earlier !== null) return { value: await readAgain(read, earlier), replayed: true };
  try {
    const store: StoreKey = (trx, objectId) => storeKey(deps, trx, workspaceId, request, objectId);
    return { value: await act(store), replayed: false };
  } catch (error) {
    if (!(error instanceof KeyTakenError)) throw error;
    const winner = await findObject(deps, workspaceId, request);
    if (winner === null) throw error;
    return { value: await readAgain(read, winner), replayed: true };
  }
}

/** Another request with the same key was faster; this one's transaction is rolled back. */
class KeyTakenError extends Error {
  override readonly name = "KeyTakenError";
}

async function findObject(
  { db, dialect, now }: OnceDeps,
  workspaceId: string,
  request: IdempotentRequest,
): Promise<string | null> {
  const name = { workspaceId, key: request.key };
  const stored = (await readStored(db, dialect, [name], now())).get(nameOf(name));
  if (stored === undefined) return null;
  if (!isSameRequest(stored, request)) throw keyReused();
  return JSON.parse(stored.response) as string;
}

async function storeKey(
  { dialect, now }: OnceDeps,
  trx: DatabaseTransaction,
  workspaceId: string,
  request: IdempotentRequest,
  objectId: string,
): Promise<void> {
  const response = { workspaceId, ...request, response: JSON.stringify(objectId) };
  const taken = await storeResponses(trx, dialect, [response], now());
  if (taken.size > 0) throw new KeyTakenError();
}

async function readAgain<Value>(
  read: (objectId: string) => Promise<Value>,
  objectId: string,
): Promise<Value> {
  try {
    return await read(objectId);
  } catch (error) {
    throw error instanceof OpenSendError && error.code === "not_found" ? resultDeleted() : error;
  }
}
