import type { Fault, FaultKind } from "./fault.ts";
import type { Receipt } from "./receipt.ts";

/** A killed process's connections end with it, but a busy receiver notices later. */
const CLOSE_NOTICED_MS = 1500;
/** From the response to the commit that records it, on a busy machine. */
const RECORD_MAX_MS = 2000;
/** The total timeout of a request, so the longest that a request without a response can be in flight. */
const DEADLINE_MS = 15_000;
/** The time until servers notice that the database is back, or that processes with a stepped clock are alive. */
export const RECOVERY_MS = 6000;
/** The clocks of two processes can differ by this much. */
const SKEW_MS = 50;
/** A busy receiver may read the last bytes of a killed process this late. */
const READ_LATE_MS = 1000;

/**
 * The fault during which this request was in flight, or null. In flight means from its receipt until its result could
 * be recorded. A kill counts only for requests of the killed process, recognized by the end of their connection.
 */
export function explainReceipt(receipt: Receipt, faults: readonly Fault[]): FaultKind | null {
  return faults.find((fault) => wasInFlight(receipt, fault))?.kind ?? null;
}

function wasInFlight(receipt: Receipt, fault: Fault): boolean {
  const recordedBy = (receipt.respondedAt ?? endedAt(receipt)) + RECORD_MAX_MS;
  // A request begun before the process was paused may leave after the process resumes.
  if (fault.kind === "process paused") return begunAt(receipt) <= fault.at && fault.at <= recordedBy;
  if (fault.kind !== "kill") return fault.at <= recordedBy && receipt.at <= fault.until + recoveryMs(fault);
  if (fault.at < receipt.at - READ_LATE_MS || fault.at > recordedBy) return false;
  if (receipt.response === "cut" || receipt.response === "half") return true;
  const { closedAt } = receipt;
  return closedAt !== null && closedAt >= fault.at - SKEW_MS && closedAt <= fault.at + CLOSE_NOTICED_MS;
}

/** When a COMMIT is cut, the process's other connections are not affected. */
function recoveryMs({ kind }: Fault): number {
  return kind.endsWith("commit cut") ? SKEW_MS : RECOVERY_MS;
}

/** By the sender's clock, rounded down to a second. */
function begunAt({ timestampSeconds }: Receipt): number {
  return timestampSeconds * 1000;
}

/** When a request without a complete response ended. */
function endedAt({ at, closedAt }: Receipt): number {
  return Math.min(closedAt ?? Number.POSITIVE_INFINITY, at + DEADLINE_MS);
}
