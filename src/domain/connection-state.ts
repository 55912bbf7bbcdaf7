import { openUntil } from "./circuit-breaker.ts";
import type { ConnectionStatus } from "./connection.ts";
import { type ConnectionHold, heldUntil } from "./connection-hold.ts";
import type { Health } from "./health.ts";

/** Most urgent first. */
export const CONNECTION_STATES = ["failing", "held", "paused", "ok", "idle", "disconnected"] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A connection is idle after this long without an attempt. */
export const IDLE_AFTER_MS = 24 * 60 * 60 * 1000;

/** The facts that a connection's state is derived from. Times are epoch milliseconds. */
export type ConnectionFacts = {
  readonly status: ConnectionStatus;
  /** When it was paused or disconnected; null while it is connected. */
  readonly statusSince: number | null;
  readonly receiver: ReceiverFacts;
  readonly hold: ConnectionHold;
  /** Time of the latest attempt, or of the creation if there was none. */
  readonly lastActiveAt: number;
};

type ReceiverFacts = {
  readonly health: Health;
  /** Time of the first failure since the last success; null after a success. */
  readonly failingSince: number | null;
  /** Earliest time of the next probe; null while the circuit breaker is closed. */
  readonly probeAt: number | null;
  readonly probeDelayMs: number | null;
};

export type StateOfConnection = {
  readonly state: ConnectionState;
  /** Start of the state; null when unknown, as for an `ok` connection. */
  readonly since: number | null;
  /** Time of the next probe of a failing receiver, or the end of a hold; null when nothing waits for a time. */
  readonly nextAttemptAt: number | null;
};

/** Sums up a connection in one word, the first that applies: disconnected, paused, failing, held, idle, ok. */
export function connectionState(connection: ConnectionFacts, now: number): StateOfConnection {
  const { status, statusSince, receiver, hold, lastActiveAt } = connection;
  if (status !== "connected") return { state: status, since: statusSince, nextAttemptAt: null };
  const holdUntil = heldUntil(hold, now);
  if (receiver.probeAt !== null || receiver.health === "unhealthy") {
    const probesAt = openUntil(receiver, now);
    const latest = Math.max(probesAt ?? 0, holdUntil ?? 0);
    return { state: "failing", since: receiver.failingSince, nextAttemptAt: latest === 0 ? null : latest };
  }
  if (holdUntil !== null) {
    const since = hold.lengthMs === null ? null : holdUntil - hold.lengthMs;
    return { state: "held", since, nextAttemptAt: holdUntil };
  }
  if (now - lastActiveAt >= IDLE_AFTER_MS) {
    return { state: "idle", since: lastActiveAt, nextAttemptAt: null };
  }
  return { state: "ok", since: null, nextAttemptAt: null };
}
