import type { ConnectionStatus, PausedReason } from "./connection.ts";
import type { Fault } from "./fault-of.ts";
import type { Health } from "./health.ts";

/** A finished attempt as it is recorded on its connection. */
export type AttemptResult = {
  readonly fault: Fault;
  readonly isTest: boolean;
  /** Whether strict order was on when it was sent. */
  readonly isOrdered: boolean;
  readonly error: AttemptResultError | null;
  readonly finishedAt: number;
  /** Fingerprint of the webhook URL it was sent to. */
  readonly fingerprint: string;
  /** Nothing is sent to the connection before this time; null for no hold. */
  readonly holdUntil: number | null;
  /** The receiver says that it is gone: nothing more is sent. */
  readonly isGone: boolean;
};

type AttemptResultError = {
  readonly code: string;
  readonly message: string;
  /** The explanation as JSON. */
  readonly explanation: string;
  readonly deliveryId: string;
};

/** A connection after attempts were recorded on it. */
export type UpdatedConnection = {
  readonly workspaceId: string;
  readonly name: string;
  readonly provider: string;
  readonly endpointPreview: string;
  readonly status: ConnectionStatus;
  readonly health: Health;
  /** Whether the next success changes nothing but its time. */
  readonly isSteady: boolean;
  /** The transition that these attempts caused, if any. */
  readonly transition: "paused" | "recovered" | null;
  readonly pausedReason: PausedReason | null;
  /** Earliest time of the next probe; null while the circuit breaker is closed. */
  readonly probeAt: number | null;
};
