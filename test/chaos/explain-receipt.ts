import type { Fault, FaultKind } from "./fault.ts";
import type { Receipt } from "./receipt.ts";

/** A killed process's connections end with it; the receiver may be busy before it notices. */
const CLOSE_NOTICED_MS = 1500;
/** From the response to the commit that records it, on a machine with much else to do. */
const RECORD_MAX_MS = 2000;
/** A request's whole deadline: so long one may be under way that is not answered. */
const DEADLINE_MS = 15_000;
/** Until servers have noticed that the database is back, or that the others, whose clock was put forward too, live. */
export const RECOVERY_MS = 6000;
/** Two processes do not stamp the same moment with the same millisecond. */
const SKEW_MS = 50;
/** What a killed process has written still lies before the receiver, which may be busy. */
const READ_LATE_MS = 1000;

/**
 * Which fault this request was in flight at, or null: from its receipt until what came of it could be recorded. A kill
 * counts only for what the killed process itself was sending, which its connection's end shows.
 */
export function explainReceipt(receipt: Receipt, faults: readonly Fault[]): FaultKind | null {
  return faults.find((fault) => wasInFlight(receipt, fault))?.kind ?? null;
}

function wasInFlight(receipt: Receipt, fault: Fault): boolean {
  const recordedBy = (receipt.answeredAt ?? endedAt(receipt)) + RECORD_MAX_MS;
  // What a process has begun before it was stopped may leave when it goes on.
  if (fault.kind === "process paused") return begunAt(receipt) <= fault.at && fault.at <= recordedBy;
  if (fault.kind !== "kill") return fault.at <= recordedBy && receipt.at <= fault.until + recoveryMs(fault);
  if (fault.at < receipt.at - READ_LATE_MS || fault.at > recordedBy) return false;
  if (receipt.answer === "cut" || receipt.answer === "half") return true;
  const { closedAt } = receipt;
  return closedAt !== null && closedAt >= fault.at - SKEW_MS && closedAt <= fault.at + CLOSE_NOTICED_MS;
}

/** The other connections of a process whose COMMIT was cut go on as before. */
function recoveryMs({ kind }: Fault): number {
  return kind.endsWith("commit cut") ? SKEW_MS : RECOVERY_MS;
}

/** By the sender's clock, to the second below. */
function begunAt({ timestampSeconds }: Receipt): number {
  return timestampSeconds * 1000;
}

/** When a request that got no whole response was over. */
function endedAt({ at, closedAt }: Receipt): number {
  return Math.min(closedAt ?? Number.POSITIVE_INFINITY, at + DEADLINE_MS);
}
