import type { ConnectionStatus, PausedReason } from "./connection.ts";
import type { Fault } from "./fault-of.ts";
import type { Health } from "./health.ts";

/** A finished attempt as its connection is told of it. */
export type NotedAttempt = {
  readonly fault: Fault;
  readonly isTest: boolean;
  /** Whether the connection was sent to in strict order then. */
  readonly isOrdered: boolean;
  readonly error: NotedError | null;
  readonly finishedAt: number;
  /** Of the webhook URL it was sent to. */
  readonly fingerprint: string;
  /** Nothing of the connection leaves before; null for no such wish. */
  readonly holdsUntil: number | null;
  /** The receiver says that it is gone: nothing more is sent. */
  readonly isGone: boolean;
};

type NotedError = {
  readonly code: string;
  readonly message: string;
  /** JSON of what it means and what to do. */
  readonly explanation: string;
  readonly deliveryId: string;
};

/** A connection after its attempts were noted. */
export type NotedConnection = {
  readonly workspaceId: string;
  readonly name: string;
  readonly provider: string;
  readonly endpointPreview: string;
  readonly status: ConnectionStatus;
  readonly health: Health;
  /** Of the next success there is nothing to write but its time. */
  readonly isSteady: boolean;
  /** What these attempts made of it, for those who want to know. */
  readonly transition: "paused" | "recovered" | null;
  readonly pausedReason: PausedReason | null;
  /** While the circuit breaker is not closed: when the receiver may be probed. */
  readonly probeAt: number | null;
};
