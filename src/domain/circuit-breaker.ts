import type { Fault } from "./fault-of.ts";
import { plausibleDeadline } from "./stored-deadline.ts";

/** Faults of the receiver in a row until nothing but probes leaves for it. */
const FAULTS_UNTIL_OPEN = 3;
/** Between two probes: a second at first, then twice as long each time, up to a minute. */
export const PROBE_DELAY_MIN_MS = 1000;
export const PROBE_DELAY_MAX_MS = 60_000;

/**
 * A connection's circuit breaker. Closed while `probeAt` is null. Open until `probeAt`: nothing leaves. Half-open from
 * then on: one request at a time, the probe.
 */
export type CircuitBreaker = {
  /** In a row, tests excluded. */
  readonly receiverFaults: number;
  /** When the receiver may be probed, epoch milliseconds. */
  readonly probeAt: number | null;
  /** The length of that wait. */
  readonly probeDelayMs: number | null;
};

const CLOSED: CircuitBreaker = { receiverFaults: 0, probeAt: null, probeDelayMs: null };

/**
 * The breaker after a finished attempt. A receiver that rejects a message is reachable, so the rejection closes it like a
 * success. A test closes it with a success and otherwise changes nothing: it is sent whatever the breaker says.
 */
export function breakerAfter(
  before: CircuitBreaker,
  attempt: { readonly fault: Fault; readonly isTest: boolean; readonly finishedAt: number },
): CircuitBreaker {
  const { fault, isTest, finishedAt } = attempt;
  if (fault === "none") return CLOSED;
  if (isTest) return before;
  if (fault === "message") return CLOSED;
  const receiverFaults = before.receiverFaults + (fault === "receiver" ? 1 : 0);
  if (before.probeAt === null) {
    if (receiverFaults < FAULTS_UNTIL_OPEN || fault === "ours") return { ...before, receiverFaults };
    return { receiverFaults, ...waitFor(PROBE_DELAY_MIN_MS, finishedAt) };
  }
  // Sent before the breaker opened: a burst of failures counts as one.
  if (openUntil(before, finishedAt) !== null) return { ...before, receiverFaults };
  const lastMs = before.probeDelayMs ?? PROBE_DELAY_MIN_MS;
  // A probe that failed for a fault of ours says nothing, and is repeated after the same time.
  const delayMs = fault === "ours" ? lastMs : Math.min(PROBE_DELAY_MAX_MS, 2 * lastMs);
  return { receiverFaults, ...waitFor(delayMs, finishedAt) };
}

function waitFor(delayMs: number, from: number) {
  return { probeAt: from + delayMs, probeDelayMs: delayMs };
}

/** Until when nothing leaves; null when the breaker is closed or half-open. */
export function openUntil(
  { probeAt, probeDelayMs }: Omit<CircuitBreaker, "receiverFaults">,
  now: number,
): number | null {
  const at = plausibleDeadline(probeAt, probeDelayMs ?? PROBE_DELAY_MAX_MS, now);
  return at !== null && at > now ? at : null;
}

/** A person says that the receiver works again: what is not closed is probed immediately. */
export function probeNow(
  { probeAt }: Pick<CircuitBreaker, "probeAt">,
  now: number,
): Omit<CircuitBreaker, "receiverFaults"> {
  return probeAt === null
    ? { probeAt: null, probeDelayMs: null }
    : { probeAt: now, probeDelayMs: PROBE_DELAY_MIN_MS };
}
