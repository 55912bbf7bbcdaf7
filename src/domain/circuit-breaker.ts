import type { Fault } from "./fault-of.ts";
import { plausibleDeadline } from "./stored-deadline.ts";

/** Consecutive receiver faults that open the breaker. */
const FAULTS_UNTIL_OPEN = 3;
/** Delay before a probe: one second at first, then doubled each time, up to one minute. */
export const PROBE_DELAY_MIN_MS = 1000;
export const PROBE_DELAY_MAX_MS = 60_000;

/**
 * A connection's circuit breaker: closed while `probeAt` is null; open until `probeAt`, with nothing sent; half-open
 * after that, with one request at a time, the probe.
 */
export type CircuitBreaker = {
  /** Consecutive receiver faults, tests excluded. */
  readonly receiverFaults: number;
  /** Earliest time of the next probe, in epoch milliseconds. */
  readonly probeAt: number | null;
  /** The length of the wait that ends at `probeAt`. */
  readonly probeDelayMs: number | null;
};

const CLOSED: CircuitBreaker = { receiverFaults: 0, probeAt: null, probeDelayMs: null };

/**
 * The breaker after a finished attempt. A receiver that rejects a message is reachable, so a rejection closes the
 * breaker as a success does. Tests are sent whatever the breaker's state: a success closes it, a failure changes
 * nothing.
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
  // The attempt started before the breaker opened: a burst of failures counts as one.
  if (openUntil(before, finishedAt) !== null) return { ...before, receiverFaults };
  const lastMs = before.probeDelayMs ?? PROBE_DELAY_MIN_MS;
  // A probe that failed through a fault of ours says nothing about the receiver and is repeated after the same delay.
  const delayMs = fault === "ours" ? lastMs : Math.min(PROBE_DELAY_MAX_MS, 2 * lastMs);
  return { receiverFaults, ...waitFor(delayMs, finishedAt) };
}

function waitFor(delayMs: number, from: number) {
  return { probeAt: from + delayMs, probeDelayMs: delayMs };
}

/** When the breaker becomes half-open; null when it is closed or half-open. */
export function openUntil(
  { probeAt, probeDelayMs }: Omit<CircuitBreaker, "receiverFaults">,
  now: number,
): number | null {
  const at = plausibleDeadline(probeAt, probeDelayMs ?? PROBE_DELAY_MAX_MS, now);
  return at !== null && at > now ? at : null;
}

/** After a person says that the receiver works again: a breaker that is not closed probes immediately. */
export function probeNow(
  { probeAt }: Pick<CircuitBreaker, "probeAt">,
  now: number,
): Omit<CircuitBreaker, "receiverFaults"> {
  return probeAt === null
    ? { probeAt: null, probeDelayMs: null }
    : { probeAt: now, probeDelayMs: PROBE_DELAY_MIN_MS };
}
