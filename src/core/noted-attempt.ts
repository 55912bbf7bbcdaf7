import type { ConnectionStatus, PausedReason } from "./connection.ts";
import type { Health } from "./health.ts";

/** A finished attempt as its connection is told of it. */
export type NotedAttempt = {
  readonly ok: boolean;
  readonly isTest: boolean;
  readonly isOrdered: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly finishedAt: number;
  /** Of the webhook URL it was sent to. */
  readonly fingerprint: string;
  /** Nothing of the connection leaves before; null for no such wish. */
  readonly holdsUntil: number | null;
  /** Why this attempt ends sending for now: the receiver is gone, or has only failed for days. */
  readonly pauses: PausedReason | null;
};

/** A connection after its attempts were noted. */
export type NotedConnection = {
  readonly workspaceId: string;
  readonly name: string;
  readonly provider: string;
  readonly endpointPreview: string;
  readonly status: ConnectionStatus;
  readonly health: Health;
  readonly consecutiveFailures: number;
  /** What these attempts made of it, for those who want to know. */
  readonly transition: "paused" | "recovered" | null;
  readonly pausedReason: PausedReason | null;
  /** When a failing receiver may be probed again. */
  readonly probeAt: number | null;
};
