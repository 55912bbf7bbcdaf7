import type { Fault } from "./fault-of.ts";

export type Health = "unknown" | "healthy" | "unhealthy";

const FAILURES_UNTIL_UNHEALTHY = 3;

export type HealthState = { readonly health: Health; readonly consecutiveFailures: number };

/**
 * The health of a receiver as people see it: healthy after a 2xx; unhealthy after three consecutive failures, or after
 * one failed test, since a person is watching it. A fault of ours does not change it. Delivery depends on the circuit
 * breaker instead.
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
