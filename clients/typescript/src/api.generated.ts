/** Generated from openapi.json by `npm run generate`. */

export type AcceptedEvent = {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  /** Connections the event is delivered to */
  readonly deliveries: number;
};

/** `sending_access` can only send events: use it for your app. `connections` can create connections, manage those it created, read and retry their deliveries, read their issues, and read events and event types: use it for integrations such as Zapier and n8n. `full_access` can do everything an admin can, except members, workspace settings, accounts and sessions. */
export type ApiKeyAccess =
  | "full_access"
  | "sending_access"
  | "connections";

/** One HTTP request for a delivery, with its outcome */
export type Attempt = {
  readonly number: number;
  readonly trigger: AttemptTrigger;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly timings: Timings;
  readonly request: AttemptRequest;
  readonly response: AttemptResponse | null;
  readonly error: AttemptError | null;
  readonly explanation: Explanation;
};

export type AttemptError = {
  readonly code: string;
  readonly message: string;
};

export type AttemptRequest = {
  readonly headers: Readonly<Record<string, string>>;
};

export type AttemptResponse = {
  readonly status: number;
  readonly status_text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly truncated: boolean;
};

export type AttemptTrigger =
  | "schedule"
  | "manual"
  | "test";

export type Caller = {
  readonly kind: "api_key" | "session";
  /** Of a key */
  readonly access: ApiKeyAccess | null;
  /** Of a person */
  readonly role: Role | null;
  /** What the caller may do */
  readonly scopes: readonly ("events:send" | "events:read" | "connections:own" | "deliveries:own" | "connections:read" | "connections:write" | "deliveries:read" | "deliveries:write" | "keys:read" | "keys:write" | "audit_log:read" | "members:read" | "members:write" | "workspace:write")[];
  /** Event types and patterns that a key is limited to; null for all */
  readonly event_types: readonly string[] | null;
  readonly key: CallerKey | null;
  readonly user: CallerUser | null;
  readonly workspace: CallerWorkspace;
};

export type CallerKey = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly last_four: string;
  readonly expires_at: string | null;
};

export type CallerUser = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
};

export type CallerWorkspace = {
  readonly id: string;
  readonly name: string;
};

export type ConnectRequest = {
  /** Shown in lists and test events. */
  readonly name?: string | undefined;
  /** The https:// address from your automation tool. It is a credential: stored encrypted, not shown again. */
  readonly webhook_url: string;
  /** Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_. */
  readonly signing_secret?: string | null | undefined;
  /** Which events it gets: `*` for all, exact types, prefixes such as `order.*`. Left out, all; with a key that is limited to event types, those. */
  readonly event_types?: readonly string[] | undefined;
  /** Your own id for the connection, unique in the workspace among connections that are not disconnected. */
  readonly external_id?: string | null | undefined;
  /** Your own texts by name, up to 20, to find the connection by. Not secret. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Strict order: one delivery at a time, the next only after the one before was delivered or failed for good. */
  readonly ordered?: boolean | undefined;
  /** Maximum number of concurrent requests. */
  readonly concurrency?: number | undefined;
  /** Maximum number of requests per minute, spread evenly; null for no limit. */
  readonly rate_limit_per_minute?: number | null | undefined;
  /** Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt. */
  readonly timeout_seconds?: number | undefined;
  /** Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused. */
  readonly headers?: Readonly<Record<string, string | null>> | null | undefined;
  /** A note for people; null for none. */
  readonly description?: string | null | undefined;
};

/** A configured connector. Never contains the webhook URL, the signing secret or a header's value. */
export type Connection = {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly description: string | null;
  /** Your own id for the connection */
  readonly external_id: string | null;
  /** Your own texts, by name */
  readonly metadata: Readonly<Record<string, string>>;
  /** The API key that created it, or the first of the keys which that key replaces; null when a person did */
  readonly created_by_key_id: string | null;
  readonly status: ConnectionStatus;
  /** The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok` */
  readonly state: "failing" | "held" | "paused" | "ok" | "idle" | "disconnected";
  /** Since when it is in this state; null where nothing tells, as for `ok` */
  readonly state_since: string | null;
  readonly paused_reason: "manual" | "failing" | "gone" | null;
  /** Who paused it; null when OpenSend did */
  readonly paused_by: string | null;
  /** Pending deliveries, those of a paused connection too; a second or two behind */
  readonly pending_count: number;
  /** While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null */
  readonly next_attempt_at: string | null;
  readonly scopes: readonly string[];
  readonly config: ConnectionConfig;
  readonly event_types: readonly string[];
  /** Strict order: one delivery at a time, as accepted */
  readonly ordered: boolean;
  /** Maximum number of concurrent requests; with strict order there is one */
  readonly concurrency: number;
  /** Maximum number of requests per minute; null for no limit */
  readonly rate_limit_per_minute: number | null;
  /** Time for one request and its complete response */
  readonly timeout_seconds: number;
  readonly health: "unknown" | "healthy" | "unhealthy";
  readonly last_health_check_at: string | null;
  readonly last_sync_at: string;
  readonly last_event_at: string | null;
  /** Of the latest attempt; null once one has succeeded */
  readonly last_error: ConnectionLastError | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ConnectionConfig = {
  readonly webhook: ConnectionConfigWebhook;
};

export type ConnectionConfigWebhook = {
  readonly endpoint_host: string;
  /** The URL without anything that could be used to call it */
  readonly endpoint_preview: string;
  /** Equal for equal URLs; six hex characters */
  readonly endpoint_fingerprint: string;
  readonly receiver: "zapier" | "make" | "n8n" | "pipedream" | "slack" | "discord" | "inspector" | "custom";
  readonly has_signing_secret: boolean;
  /** Until when the secret before the last rotation signs too; may be past */
  readonly previous_secret_expires_at: string | null;
  /** Names of the custom headers, sorted; their values are never shown */
  readonly header_names: readonly string[];
};

/** Of the latest attempt; null once one has succeeded */
export type ConnectionLastError = {
  readonly code: string;
  readonly message: string;
  readonly at: string;
  /** Null where an earlier version of OpenSend recorded the attempt */
  readonly explanation: Explanation | null;
  /** Its attempts are kept as long as payloads */
  readonly delivery_id: string | null;
};

/** The last 24 hours of attempts; tests are not counted */
export type ConnectionStats = {
  readonly from: string;
  readonly to: string;
  readonly attempts: number;
  /** Attempts that delivered */
  readonly delivered: number;
  /** Attempts that failed, whether or not they were repeated */
  readonly failed: number;
  /** From 0 to 1; null without attempts */
  readonly success_rate: number | null;
  readonly p95_ms: number | null;
  /** 24 hours by their start, the oldest first */
  readonly hours: readonly ConnectionStatsHoursItem[];
};

export type ConnectionStatsHoursItem = {
  readonly start: string;
  readonly delivered: number;
  readonly failed: number;
};

export type ConnectionStatus =
  | "connected"
  | "paused"
  | "disconnected";

/** One event to be delivered to one connection */
export type Delivery = {
  readonly id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly connection_id: string;
  readonly connection_name: string;
  readonly trigger: AttemptTrigger;
  readonly status: DeliveryStatus;
  readonly attempt_count: number;
  /** When the next attempt is due, at the earliest when its connection allows one */
  readonly next_attempt_at: string | null;
  /** Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended */
  readonly hold: DeliveryHold | null;
  /** Whether it is being sent right now, by any process. In a stream: by the process that serves it */
  readonly is_sending: boolean;
  readonly last_attempt_at: string | null;
  /** HTTP status of the last attempt; null without a response */
  readonly response_status: number | null;
  /** Why the last attempt failed */
  readonly error_code: string | null;
  /** How long the last attempt took */
  readonly duration_ms: number | null;
  /** The replay that queued it, until its attempt has ended */
  readonly replay_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type DeliveryDetail = {
  readonly id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly connection_id: string;
  readonly connection_name: string;
  readonly trigger: AttemptTrigger;
  readonly status: DeliveryStatus;
  readonly attempt_count: number;
  /** When the next attempt is due, at the earliest when its connection allows one */
  readonly next_attempt_at: string | null;
  /** Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended */
  readonly hold: DeliveryHold | null;
  /** Whether it is being sent right now, by any process. In a stream: by the process that serves it */
  readonly is_sending: boolean;
  readonly last_attempt_at: string | null;
  /** HTTP status of the last attempt; null without a response */
  readonly response_status: number | null;
  /** Why the last attempt failed */
  readonly error_code: string | null;
  /** How long the last attempt took */
  readonly duration_ms: number | null;
  /** The replay that queued it, until its attempt has ended */
  readonly replay_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly request: DeliveryDetailRequest;
  /** The newest 20, oldest first; `/attempts` has the others */
  readonly attempts: readonly Attempt[];
  readonly attempts_total: number;
};

export type DeliveryDetailRequest = {
  readonly method: "POST";
  readonly url_preview: string;
  /** Null once the payload has been deleted */
  readonly body: string | null;
};

export type DeliveryHold = {
  /** `connection_paused`; `receiver_failing`: the circuit breaker is open, `until` is the next probe; `retry_after`: the receiver asked to wait; `rate_limit` of the connection; `order`: an earlier delivery comes first; `queue`: it waits for its turn */
  readonly reason: "connection_paused" | "receiver_failing" | "retry_after" | "rate_limit" | "order" | "queue";
  /** When it ends, null if that is not known */
  readonly until: string | null;
};

export type DeliveryStatus =
  | "pending"
  | "delivered"
  | "failed"
  | "cancelled";

export type ErrorCode =
  | "malformed_json"
  | "invalid_request"
  | "request_timeout"
  | "method_not_allowed"
  | "version_conflict"
  | "body_too_large"
  | "uri_too_long"
  | "unsupported_media_type"
  | "headers_too_large"
  | "invalid_id"
  | "invalid_cursor"
  | "idempotency_not_supported"
  | "unauthenticated"
  | "invalid_sign_in"
  | "forbidden"
  | "no_workspace"
  | "cross_origin"
  | "setup_closed"
  | "invalid_setup_token"
  | "not_found"
  | "invitation_invalid"
  | "password_reset_invalid"
  | "mail_not_configured"
  | "not_connected"
  | "external_id_taken"
  | "no_signing_secret"
  | "rotation_under_way"
  | "idempotency_key_reused"
  | "idempotency_key_in_use"
  | "delivery_state"
  | "payload_deleted"
  | "replay_state"
  | "event_id_reused"
  | "email_taken"
  | "already_member"
  | "last_owner"
  | "limit_reached"
  | "workspace_changed"
  | "validation_failed"
  | "unsafe_url"
  | "rate_limited"
  | "sign_in_throttled"
  | "credentials_unreadable"
  | "internal"
  | "overloaded";

export type EventDetail = {
  readonly id: string;
  readonly type: string;
  /** When it happened */
  readonly created_at: string;
  /** When it was stored */
  readonly accepted_at: string;
  /** `application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event */
  readonly origin: "application" | "system" | "test";
  /** The `Idempotency-Key` of the request that sent it; a batch shares one */
  readonly idempotency_key: string | null;
  /** The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** The same as the compact JSON text that is delivered, exact to the byte */
  readonly data_text: string | null;
  readonly payload_deleted: boolean;
  /** When the payload was erased; null if it was not */
  readonly data_erased_at: string | null;
  readonly outcomes: EventOutcomes;
  /** The first 100. `GET /api/deliveries?event_id=` lists all */
  readonly deliveries: readonly Delivery[];
  readonly has_more_deliveries: boolean;
  /** Connections that did not get it, by reason, as they are now. Empty for a test event */
  readonly not_delivered: readonly EventDetailNotDeliveredItem[];
  /** False when the workspace has more than 2,000 such connections: the counts are then too small */
  readonly not_delivered_is_complete: boolean;
};

export type EventDetailNotDeliveredItem = {
  readonly code: "event_type" | "system_event" | "about_itself" | "created_later" | "changed_later" | "disconnected";
  readonly reason: string;
  /** Connections that the reason applies to */
  readonly count: number;
  /** The first 10 of them */
  readonly connections: readonly EventDetailNotDeliveredItemConnectionsItem[];
};

export type EventDetailNotDeliveredItemConnectionsItem = {
  readonly id: string;
  readonly name: string;
};

/** `data` and `data_text` are there with `include=data` */
export type EventListItem = {
  readonly id: string;
  readonly type: string;
  /** When it happened */
  readonly created_at: string;
  /** When it was stored */
  readonly accepted_at: string;
  /** `application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event */
  readonly origin: "application" | "system" | "test";
  /** The `Idempotency-Key` of the request that sent it; a batch shares one */
  readonly idempotency_key: string | null;
  readonly outcomes: EventOutcomes;
  /** The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact */
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  /** The same as the compact JSON text that is delivered, exact to the byte */
  readonly data_text?: string | null | undefined;
};

/** Deliveries of an event by status */
export type EventOutcomes = {
  readonly pending: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  /** False when the event has more deliveries than were counted. At most 10,000 are counted for a page */
  readonly is_exact: boolean;
};

/** A type of received events */
export type EventType = {
  readonly type: string;
  /** Events of this type since it was first seen; tests are not counted */
  readonly events: number;
  /** To the minute */
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  /** A recent event of this type */
  readonly example_event_id: string;
};

export type Explanation = {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly action: string;
  readonly action_code: string;
};

export type FindConnectionsRequest = {
  /** The https:// address from your automation tool. It is a credential: stored encrypted, not shown again. */
  readonly webhook_url: string;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type ListConnectionsQuery = {
  readonly status?: ConnectionStatus | undefined;
  /** One or more states, with commas between */
  readonly state?: string | undefined;
  readonly provider?: string | undefined;
  readonly receiver?: "zapier" | "make" | "n8n" | "pipedream" | "slack" | "discord" | "inspector" | "custom" | undefined;
  /** Connections that receive events of this type, or some of a pattern such as `order.*` */
  readonly event_type?: string | undefined;
  /** Part of the name or of the endpoint's host; or an id */
  readonly q?: string | undefined;
  /** The connection with this id of yours */
  readonly external_id?: string | undefined;
  /** Connections whose URL has this fingerprint. Different URLs may share one: `POST …/connections/find` compares the whole URL */
  readonly endpoint_fingerprint?: string | undefined;
  /** Connections with all of these pairs in their metadata, as `metadata[customer]=42`. Of those with a pair, the newest 20,000 are looked at */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Connections that this API key created, or a key that replaces it */
  readonly created_by_key_id?: string | undefined;
  /** `created_at`: the newest first. `attention`: by state, what fails first, then by pending deliveries. `name`: from A. `volume`: most attempts first. `success_rate`: the lowest first. `p95`: the slowest first. The last three by the last 24 hours. */
  readonly sort?: "created_at" | "attention" | "name" | "volume" | "success_rate" | "p95" | undefined;
  readonly include?: "stats" | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type ListDeliveriesQuery = {
  /** Statuses; up to 50, separated by commas */
  readonly status?: string | undefined;
  /** Ids of connections; up to 50, separated by commas */
  readonly connection_id?: string | undefined;
  readonly event_id?: string | undefined;
  /** Event types such as `order.paid`, or patterns such as `order.*`; up to 50, separated by commas */
  readonly event_type?: string | undefined;
  readonly response?: ResponseClass | undefined;
  /** Exact HTTP statuses of the last response; up to 50, separated by commas */
  readonly response_status?: string | undefined;
  /** What the last attempt failed with; up to 50, separated by commas */
  readonly error_code?: string | undefined;
  readonly created_from?: string | undefined;
  readonly created_before?: string | undefined;
  /** Text to look for in payloads and in response bodies, without regard to case. A page looks at a bounded number of deliveries; `searched` says how far */
  readonly q?: string | undefined;
  /** Newest first, oldest first, slowest first (by the last attempt), or last changed first. The last two compare the newest 1,000 deliveries of the filter; by the last change also the 1,000 whose failures are the latest. `searched` says how far back that was */
  readonly sort?: "-created_at" | "created_at" | "-duration_ms" | "-updated_at" | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type ListEventTypesQuery = {
  readonly type?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type ListEventsQuery = {
  /** Event types and patterns such as `order.*`, separated by commas; an event matches if one of them does */
  readonly type?: string | undefined;
  readonly origin?: "application" | "system" | "test" | undefined;
  /** Text to look for in `data`, without regard to case. A page looks at a bounded number of events; `searched` says how far */
  readonly q?: string | undefined;
  readonly accepted_from?: string | undefined;
  readonly accepted_before?: string | undefined;
  readonly has_failed?: "true" | "false" | undefined;
  /** Adds `data` and `data_text` to each event. A page ends early, with `has_more`, where its payloads pass 2 MiB */
  readonly include?: "data" | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type ListedConnection = {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly description: string | null;
  /** Your own id for the connection */
  readonly external_id: string | null;
  /** Your own texts, by name */
  readonly metadata: Readonly<Record<string, string>>;
  /** The API key that created it, or the first of the keys which that key replaces; null when a person did */
  readonly created_by_key_id: string | null;
  readonly status: ConnectionStatus;
  /** The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok` */
  readonly state: "failing" | "held" | "paused" | "ok" | "idle" | "disconnected";
  /** Since when it is in this state; null where nothing tells, as for `ok` */
  readonly state_since: string | null;
  readonly paused_reason: "manual" | "failing" | "gone" | null;
  /** Who paused it; null when OpenSend did */
  readonly paused_by: string | null;
  /** Pending deliveries, those of a paused connection too; a second or two behind */
  readonly pending_count: number;
  /** While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null */
  readonly next_attempt_at: string | null;
  readonly scopes: readonly string[];
  readonly config: ListedConnectionConfig;
  readonly event_types: readonly string[];
  /** Strict order: one delivery at a time, as accepted */
  readonly ordered: boolean;
  /** Maximum number of concurrent requests; with strict order there is one */
  readonly concurrency: number;
  /** Maximum number of requests per minute; null for no limit */
  readonly rate_limit_per_minute: number | null;
  /** Time for one request and its complete response */
  readonly timeout_seconds: number;
  readonly health: "unknown" | "healthy" | "unhealthy";
  readonly last_health_check_at: string | null;
  readonly last_sync_at: string;
  readonly last_event_at: string | null;
  /** Of the latest attempt; null once one has succeeded */
  readonly last_error: ListedConnectionLastError | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** With `include=stats` */
  readonly stats?: ConnectionStats | undefined;
};

export type ListedConnectionConfig = {
  readonly webhook: ListedConnectionConfigWebhook;
};

export type ListedConnectionConfigWebhook = {
  readonly endpoint_host: string;
  /** The URL without anything that could be used to call it */
  readonly endpoint_preview: string;
  /** Equal for equal URLs; six hex characters */
  readonly endpoint_fingerprint: string;
  readonly receiver: "zapier" | "make" | "n8n" | "pipedream" | "slack" | "discord" | "inspector" | "custom";
  readonly has_signing_secret: boolean;
  /** Until when the secret before the last rotation signs too; may be past */
  readonly previous_secret_expires_at: string | null;
  /** Names of the custom headers, sorted; their values are never shown */
  readonly header_names: readonly string[];
};

/** Of the latest attempt; null once one has succeeded */
export type ListedConnectionLastError = {
  readonly code: string;
  readonly message: string;
  readonly at: string;
  /** Null where an earlier version of OpenSend recorded the attempt */
  readonly explanation: Explanation | null;
  /** Its attempts are kept as long as payloads */
  readonly delivery_id: string | null;
};

export type PutConnectionRequest = {
  /** Shown in lists and test events. */
  readonly name?: string | undefined;
  /** The https:// address from your automation tool. It is a credential: stored encrypted, not shown again. May be left out when the connection exists. */
  readonly webhook_url?: string | undefined;
  /** Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_. */
  readonly signing_secret?: string | null | undefined;
  /** Which events it gets: `*` for all, exact types, prefixes such as `order.*`. */
  readonly event_types?: readonly string[] | undefined;
  /** The same as in the path, if given */
  readonly external_id?: string | undefined;
  /** Your own texts by name, up to 20, to find the connection by. Not secret. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Strict order: one delivery at a time, the next only after the one before was delivered or failed for good. */
  readonly ordered?: boolean | undefined;
  /** Maximum number of concurrent requests. */
  readonly concurrency?: number | undefined;
  /** Maximum number of requests per minute, spread evenly; null for no limit. */
  readonly rate_limit_per_minute?: number | null | undefined;
  /** Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt. */
  readonly timeout_seconds?: number | undefined;
  /** All headers to send with each request, by name; those left out are removed. The values are encrypted, and no response contains them. */
  readonly headers?: Readonly<Record<string, string | null>> | null | undefined;
  /** A note for people; null for none. */
  readonly description?: string | null | undefined;
};

/** Class of the last response; `none`: it was tried and nothing responded */
export type ResponseClass =
  | "2xx"
  | "3xx"
  | "4xx"
  | "5xx"
  | "none";

export type Role =
  | "owner"
  | "admin"
  | "viewer";

export type RotateSecretRequest = {
  /** The new secret, such as `whsec_` and 32 random bytes in base64. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_. */
  readonly signing_secret: string;
  /** How long the previous secret keeps signing too; 0 ends it immediately. */
  readonly overlap_hours?: number | undefined;
};

/** What was sent and what came back */
export type TestDelivery = {
  readonly id: string;
  readonly event_id: string;
  /** True only for a 2xx response */
  readonly ok: boolean;
  readonly status: number | null;
  readonly status_text: string | null;
  readonly duration_ms: number;
  readonly timings: Timings;
  readonly request: TestDeliveryRequest;
  readonly response: TestDeliveryResponse | null;
  readonly error: AttemptError | null;
  readonly explanation: Explanation;
};

export type TestDeliveryRequest = {
  readonly method: string;
  readonly url_preview: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes sent and signed */
  readonly body: string;
};

export type TestDeliveryResponse = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly truncated: boolean;
};

export type Timings = {
  /** From when the delivery was due to the start of the attempt; null in older attempts */
  readonly queued: number | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
  /** Of `first_byte`: writing the request, until the system had all of it to send; null in older attempts */
  readonly sent: number | null;
  readonly first_byte: number | null;
  readonly total: number | null;
};

export type UpdateConnectionRequest = {
  /** Shown in lists and test events. */
  readonly name?: string | undefined;
  /** The https:// address from your automation tool. It is a credential: stored encrypted, not shown again. */
  readonly webhook_url?: string | undefined;
  /** Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_. */
  readonly signing_secret?: string | null | undefined;
  /** Which events it gets: `*` for all, exact types, prefixes such as `order.*`. */
  readonly event_types?: readonly string[] | undefined;
  /** Your own id for the connection, unique in the workspace among connections that are not disconnected. */
  readonly external_id?: string | null | undefined;
  /** Merged (RFC 7396): a name with a text sets it, with null removes it; null instead of the object removes all. */
  readonly metadata?: Readonly<Record<string, string | null>> | null | undefined;
  /** Strict order: one delivery at a time, the next only after the one before was delivered or failed for good. */
  readonly ordered?: boolean | undefined;
  /** Maximum number of concurrent requests. */
  readonly concurrency?: number | undefined;
  /** Maximum number of requests per minute, spread evenly; null for no limit. */
  readonly rate_limit_per_minute?: number | null | undefined;
  /** Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt. */
  readonly timeout_seconds?: number | undefined;
  /** Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused. */
  readonly headers?: Readonly<Record<string, string | null>> | null | undefined;
  /** A note for people; null for none. */
  readonly description?: string | null | undefined;
};
