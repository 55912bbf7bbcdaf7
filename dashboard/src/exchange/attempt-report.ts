import { TIMEOUT_SECONDS_MAX } from "../../../src/domain/connection.ts";
import type { DeliveryDetail, LiveAttempt } from "../api/types.ts";

/**
 * An attempt in progress, and when this browser was notified of it (epoch milliseconds): the server's clock may differ.
 */
export type AttemptReport = { readonly attempt: LiveAttempt; readonly receivedAtMs: number };

/**
 * Without a report for this long, an attempt has ended: it is aborted at its connection's timeout, and its record
 * rarely takes 30 s longer.
 */
export const SILENT_MAX_MS = (TIMEOUT_SECONDS_MAX + 30) * 1000;

/** The newer of two reports: those of one attempt arrive in order, and a later attempt replaces an earlier one. */
export function newerReport(known: AttemptReport | null, report: AttemptReport): AttemptReport {
  return known !== null && known.attempt.started_at > report.attempt.started_at ? known : report;
}

type Recorded = Pick<DeliveryDetail, "status" | "updated_at" | "attempt_count"> & {
  readonly attempts: readonly Pick<DeliveryDetail["attempts"][number], "number" | "started_at">[];
};

/** Whether to show the attempt as in progress: until its record arrives, or until it is clear that none will. */
export function isInProgress(
  { attempt, receivedAtMs }: AttemptReport,
  delivery: Recorded,
  nowMs: number,
): boolean {
  const { number, started_at: startedAt } = attempt;
  const isRecorded = delivery.attempts.some(
    (record) => record.started_at === startedAt || record.number > number,
  );
  if (isRecorded || nowMs - receivedAtMs > SILENT_MAX_MS) return false;
  // The record is about to arrive; without this, the attempt would disappear in between.
  if (delivery.attempt_count >= number) return true;
  // For example, the delivery was cancelled.
  const hasChangedSince = delivery.status !== "pending" && delivery.updated_at > startedAt;
  return !hasChangedSince;
}
