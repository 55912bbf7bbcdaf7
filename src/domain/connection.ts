import type { ConnectionFacts } from "./connection-state.ts";
import type { CustomHeader } from "./custom-headers.ts";
import type { Receiver } from "./diagnostics/detect-receiver.ts";
import type { Explanation } from "./diagnostics/explanation.ts";
import type { Health } from "./health.ts";

/**
 * The life cycle of a connection:
 *
 * `connected` sends. `paused` keeps pending deliveries and sends them on resume; `paused_reason` says why it is paused.
 * `disconnected` has neither credentials nor pending deliveries; a new webhook URL reconnects it.
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

/** The status after a verb, or null when the verb does not apply. A verb that changes nothing is allowed. */
export function nextConnectionStatus(status: ConnectionStatus, verb: Verb): ConnectionStatus | null {
  return TRANSITIONS[verb][status] ?? null;
}

/** The redacted form of an endpoint URL, shown after the URL is sealed. It is not enough to call the endpoint. */
export type EndpointDisplay = {
  /** Host name with token labels masked, without the port. */
  readonly host: string;
  readonly preview: string;
  readonly fingerprint: string;
  readonly receiver: Receiver;
};

/** The sealed part of a connection. The secret is null when the receiver does not verify signatures. */
export type Credentials = {
  readonly webhookUrl: string;
  readonly signingSecret: string | null;
  /** The previous secret, also after it has stopped signing; null or left out when there was none. */
  readonly previousSecret?: PreviousSecret | null;
  /** Left out when there are none. */
  readonly headers?: readonly CustomHeader[];
};

export type PreviousSecret = {
  readonly secret: string;
  /** Epoch milliseconds; the secret stops signing at this time. */
  readonly expiresAt: number;
};

/** Limits on the requests to a connection. */
export type DeliveryLimits = {
  /**
   * Strict order: one delivery at a time, the next only after the previous one was delivered or has permanently failed.
   */
  readonly ordered: boolean;
  /** Concurrency limit. Strict order sends one request at a time, whatever this value is. */
  readonly concurrency: number;
  /** Null for no limit. */
  readonly rateLimitPerMinute: number | null;
  /** Timeout of one request, from the DNS lookup to the last byte of the response. */
  readonly timeoutSeconds: number;
};

/** Identifiers that callers assign to a connection. */
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

/** The error of the latest attempt, with its explanation. Times are epoch milliseconds. */
export type ConnectionError = {
  readonly code: string;
  readonly message: string;
  readonly at: number;
  /** Null when an earlier version recorded the attempt. */
  readonly explanation: Explanation | null;
  readonly deliveryId: string | null;
};

/** A connection as API responses and the rest of the program see it. Times are epoch milliseconds. */
export type Connection = {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly description: string | null;
  readonly identity: ConnectionIdentity;
  /**
   * Id of the key that created it, or of the first in the chain of keys that this key replaces; null if no key created
   * it.
   */
  readonly ownerKeyId: string | null;
  readonly status: ConnectionStatus;
  readonly pausedReason: PausedReason | null;
  /** The name of the person who paused it; null when OpenSend did. */
  readonly pausedBy: string | null;
  /** The facts that its state is derived from. */
  readonly facts: ConnectionFacts;
  /** Pending deliveries, one or two seconds out of date. */
  readonly pendingCount: number;
  readonly endpoint: EndpointDisplay;
  readonly hasSigningSecret: boolean;
  /** When the previous secret stops signing; can be in the past. */
  readonly previousSecretExpiresAt: number | null;
  /** Sorted names of the custom headers, whose values are sealed. */
  readonly headerNames: readonly string[];
  readonly eventTypes: readonly string[];
  readonly limits: DeliveryLimits;
  readonly health: Health;
  readonly lastHealthCheckAt: number | null;
  /** When the configuration last changed. */
  readonly lastSyncAt: number;
  readonly lastEventAt: number | null;
  readonly lastError: ConnectionError | null;
  /** Incremented by every change to the configuration; returned as the ETag. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};
