import type { Fault } from "./fault-of.ts";

export type Health = "unknown" | "healthy" | "unhealthy";

const FAILURES_UNTIL_UNHEALTHY = 3;

export type HealthState = { readonly health: Health; readonly consecutiveFailures: number };

/**
 * What people are shown of a receiver: healthy after a 2xx; unhealthy after three failures in a row, or after one failed
 * test, since a person is looking at that one. A fault of ours says nothing of it. Nothing that is sent depends on it: that
 * is the circuit breaker's.
 */
export function healthAfter(
  state: HealthState,
  { fault, isTest }: { readonly fault: Fault; readonly isTest: boolean },
): HealthState {
  if (fault === "none") return { health: "healthy", consecutiveFailures: 0 };
  if (fault === "ours") return state;
  const consecutiveFailures = state.consecutiveFailures + 1;
  const unhealthy = isTest || consecutiveFailures >= FAILURES_UNTIL_UNHEALTHY;
  return { health: unhealthy ? "unhealthy" : state.health, consecutiveFailures };
}
