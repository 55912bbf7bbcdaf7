export type Health = "unknown" | "healthy" | "unhealthy";

const FAILURES_UNTIL_UNHEALTHY = 3;

export type HealthState = { readonly health: Health; readonly consecutiveFailures: number };

/**
 * What the latest attempt says of the receiver: healthy after a 2xx; unhealthy after three failures in a row, or
 * after one failed test, since a person is looking at that one.
 */
export function healthAfter(state: HealthState, attempt: { ok: boolean; isTest: boolean }): HealthState {
  if (attempt.ok) return { health: "healthy", consecutiveFailures: 0 };
  const consecutiveFailures = state.consecutiveFailures + 1;
  const unhealthy = attempt.isTest || consecutiveFailures >= FAILURES_UNTIL_UNHEALTHY;
  return { health: unhealthy ? "unhealthy" : state.health, consecutiveFailures };
}
