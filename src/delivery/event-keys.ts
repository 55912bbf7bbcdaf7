import { sql } from "kysely";
import { OpenSendError } from "../core/errors.ts";
import type { DatabaseTransaction } from "../store/open.ts";
import type { Accepted, AcceptedEvent, AcceptRequest } from "./accept.ts";

/** How long an answer is kept for a repeated request. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The answers that requests with an idempotency key got before.
 *
 * @throws {OpenSendError} `idempotency_key_reused` when a key came with another request.
 */
export async function findEarlierAnswers(
  trx: DatabaseTransaction,
  requests: readonly AcceptRequest[],
  now: number,
): Promise<ReadonlyMap<AcceptRequest, readonly AcceptedEvent[]>> {
  const answers = new Map<AcceptRequest, readonly AcceptedEvent[]>();
  for (const request of requests) {
    if (request.once === null) continue;
    const row = await trx
      .selectFrom("event_keys")
      .select(["request_digest", "answer"])
      .where("workspace_id", "=", request.workspaceId)
      .where("key", "=", request.once.key)
      .where("created_at", ">", now - KEPT_MS)
      .executeTakeFirst();
    if (row === undefined) continue;
    if (row.request_digest !== request.once.digest) {
      throw new OpenSendError(
        "idempotency_key_reused",
        "This Idempotency-Key came earlier with another method, path or body. Use a new key for a new request.",
      );
    }
    answers.set(request, JSON.parse(row.answer) as AcceptedEvent[]);
  }
  return answers;
}

/** Deletes so many of the oldest keys whose time is over; returns how many there were. */
export async function forgetEventKeys(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from event_keys where (workspace_id, key) in (
      select workspace_id, key from event_keys where created_at <= ${now - KEPT_MS}
      order by created_at limit ${rowsMax})`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Keeps what requests with a key are answered, in the commit that makes it true. */
export async function keepAnswers(
  trx: DatabaseTransaction,
  requests: readonly AcceptRequest[],
  accepted: readonly Accepted[],
  now: number,
): Promise<void> {
  for (const [index, { workspaceId, once }] of requests.entries()) {
    const answer = accepted[index];
    if (once === null || answer === undefined || answer.replayed) continue;
    await trx
      .deleteFrom("event_keys")
      .where("workspace_id", "=", workspaceId)
      .where("key", "=", once.key)
      .where("created_at", "<=", now - KEPT_MS)
      .execute();
    await trx
      .insertInto("event_keys")
      .values({
        workspace_id: workspaceId,
        key: once.key,
        request_digest: once.digest,
        answer: JSON.stringify(answer.events),
        created_at: now,
      })
      .execute();
  }
}
