import { TIMEOUT_SECONDS_MAX } from "../../../src/domain/connection.ts";
import type { DeliveryDetail, LiveAttempt } from "../api/types.ts";

/** An attempt under way, and when this browser heard of it (epoch milliseconds): the server's clock may be another. */
export type HeardAttempt = { readonly attempt: LiveAttempt; readonly heardAtMs: number };

/** No attempt lasts longer without a word: it is cut off after its connection's timeout, and its record is seldom late. */
export const SILENT_MAX_MS = (TIMEOUT_SECONDS_MAX + 30) * 1000;

/** The newer of two: states of one attempt come in order, and a later attempt takes the place of an earlier one. */
export function newerAttempt(known: HeardAttempt | null, heard: HeardAttempt): HeardAttempt {
  return known !== null && known.attempt.started_at > heard.attempt.started_at ? known : heard;
}

type Recorded = Pick<DeliveryDetail, "status" | "updated_at" | "attempt_count"> & {
  readonly attempts: readonly Pick<DeliveryDetail["attempts"][number], "number" | "started_at">[];
};

/** Whether a page has to show it still: until its record is there, or until it is plain that none will come. */
export function isUnderWay({ attempt, heardAtMs }: HeardAttempt, delivery: Recorded, nowMs: number): boolean {
  const { number, started_at: startedAt } = attempt;
  const isRecorded = delivery.attempts.some(
    (record) => record.started_at === startedAt || record.number > number,
  );
  if (isRecorded || nowMs - heardAtMs > SILENT_MAX_MS) return false;
  // Its record is on the way: what is shown must not vanish in between.
  if (delivery.attempt_count >= number) return true;
  // Cancelled, say.
  const hasMovedOn = delivery.status !== "pending" && delivery.updated_at > startedAt;
  return !hasMovedOn;
}
