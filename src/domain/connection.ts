import type { ConnectionFacts } from "./connection-state.ts";
import type { CustomHeader } from "./custom-headers.ts";
import type { Receiver } from "./diagnostics/detect-receiver.ts";
import type { Explanation } from "./diagnostics/explanation.ts";
import type { Health } from "./health.ts";

/**
 * A connection's life:
 *
 * `connected` sends. `paused` keeps what is pending and sends it on resume; why it is paused is in `paused_reason`.
 * `disconnected` has no credentials any more and owes nothing; a new webhook URL connects it again.
 */
export type ConnectionStatus = "connected" | "paused" | "disconnected";
export type PausedReason = "manual" | "failing" | "gone";

export const CONNECTION_SCOPES = [
  "integration:webhook:test_event",
  "integration:webhook:deliver_events",
] as const;

type Verb = "pause" | "resume" | "disconnect" | "reconnect";

const TRANSITIONS: Record<Verb, Partial<Record<ConnectionStatus, ConnectionStatus>>> = {
  pause: { connected: "paused", paused: "paused" },
  resume: { paused: "connected", connected: "connected" },
  disconnect: { connected: "disconnected", paused: "disconnected", disconnected: "disconnected" },
  reconnect: { connected: "connected", paused: "paused", disconnected: "connected" },
};

/** The status a verb leads to, or null where the verb does not apply. A verb that changes nothing is allowed. */
export function nextConnectionStatus(status: ConnectionStatus, verb: Verb): ConnectionStatus | null {
  return TRANSITIONS[verb][status] ?? null;
}

/** What an endpoint URL may show of itself once it is sealed. Nothing in here can be used to call it. */
export type EndpointDisplay = {
  /** Host name with token labels masked, without the port. */
  readonly host: string;
  readonly preview: string;
  readonly fingerprint: string;
  readonly receiver: Receiver;
};

/** What is sealed. The secret is null when the receiver does not verify signatures. */
export type Credentials = {
  readonly webhookUrl: string;
  readonly signingSecret: string | null;
  /** The secret before, while or after it signed beside the current one; null or left out when there was none. */
  readonly previousSecret?: PreviousSecret | null;
  /** Left out where there are none. */
  readonly headers?: readonly CustomHeader[];
};

export type PreviousSecret = {
  readonly secret: string;
  /** Epoch milliseconds; from then on it signs no more. */
  readonly expiresAt: number;
};

/** How a connection wants to be sent to. */
export type DeliveryLimits = {
  /** Strict order: one delivery at a time, the next one only after the one before was delivered or has failed for good. */
  readonly ordered: boolean;
  /** Requests at once; with strict order there is one, whatever stands here. */
  readonly concurrency: number;
  /** Null for no limit. */
  readonly rateLimitPerMinute: number | null;
  /** For one request, from the lookup of the name to the last byte of the response. */
  readonly timeoutSeconds: number;
};

/** What callers know a connection by. */
export type ConnectionIdentity = {
  /** The caller's own id, unique in its workspace among connections that are not disconnected. */
  readonly externalId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
};

export const CONCURRENCY_DEFAULT = 10;
export const CONCURRENCY_MAX = 100;
export const RATE_LIMIT_PER_MINUTE_MAX = 60_000;
export const TIMEOUT_SECONDS_DEFAULT = 15;
export const TIMEOUT_SECONDS_MAX = 60;

export const DELIVERY_LIMITS_DEFAULT: DeliveryLimits = {
  ordered: false,
  concurrency: CONCURRENCY_DEFAULT,
  rateLimitPerMinute: null,
  timeoutSeconds: TIMEOUT_SECONDS_DEFAULT,
};

/** What the latest attempt failed with, and what it means. Times are epoch milliseconds. */
export type ConnectionError = {
  readonly code: string;
  readonly message: string;
  readonly at: number;
  /** Null where an earlier version recorded the attempt. */
  readonly explanation: Explanation | null;
  readonly deliveryId: string | null;
};

/** A connection as the rest of the program and every response sees it. Times are epoch milliseconds. */
export type Connection = {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly description: string | null;
  readonly identity: ConnectionIdentity;
  /** The key that created it, or the first of those which that key replaces; null where no key did. */
  readonly ownerKeyId: string | null;
  readonly status: ConnectionStatus;
  readonly pausedReason: PausedReason | null;
  /** The name of the person who paused it; null when OpenSend did. */
  readonly pausedBy: string | null;
  /** What its state follows from. */
  readonly facts: ConnectionFacts;
  /** Pending deliveries, a second or two behind. */
  readonly pendingCount: number;
  readonly endpoint: EndpointDisplay;
  readonly hasSigningSecret: boolean;
  /** Until when the secret before signs too; may be past. */
  readonly previousSecretExpiresAt: number | null;
  /** Of the custom headers, sorted; their values are sealed. */
  readonly headerNames: readonly string[];
  readonly eventTypes: readonly string[];
  readonly limits: DeliveryLimits;
  readonly health: Health;
  readonly lastHealthCheckAt: number | null;
  /** When the configuration last changed. */
  readonly lastSyncAt: number;
  readonly lastEventAt: number | null;
  readonly lastError: ConnectionError | null;
  /** Counts up with every change to the configuration; answers as the ETag. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};
