// Code generated from openapi.json by "npm run generate". DO NOT EDIT.

package opensend

import "encoding/json"

type AcceptedEvent struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	CreatedAt string `json:"created_at"`
	// Connections the event is delivered to
	Deliveries int64 `json:"deliveries"`
}

// ApiKeyAccess: `sending_access` can only send events: use it for your app. `connections` can create connections, manage those it created, read and retry their deliveries, read their issues, and read events and event types: use it for integrations such as Zapier and n8n. `full_access` can do everything an admin can, except members, workspace settings, accounts and sessions.
type ApiKeyAccess string

const (
	ApiKeyAccessFullAccess    ApiKeyAccess = "full_access"
	ApiKeyAccessSendingAccess ApiKeyAccess = "sending_access"
	ApiKeyAccessConnections   ApiKeyAccess = "connections"
)

// Attempt: One HTTP request for a delivery, with its outcome
type Attempt struct {
	Number      int64            `json:"number"`
	Trigger     AttemptTrigger   `json:"trigger"`
	StartedAt   string           `json:"started_at"`
	DurationMs  int64            `json:"duration_ms"`
	Timings     Timings          `json:"timings"`
	Request     AttemptRequest   `json:"request"`
	Response    *AttemptResponse `json:"response"`
	Error       *AttemptError    `json:"error"`
	Explanation Explanation      `json:"explanation"`
}

type AttemptError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type AttemptRequest struct {
	Headers map[string]string `json:"headers"`
}

type AttemptResponse struct {
	Status     int64             `json:"status"`
	StatusText string            `json:"status_text"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
	Truncated  bool              `json:"truncated"`
}

type AttemptTrigger string

const (
	AttemptTriggerSchedule AttemptTrigger = "schedule"
	AttemptTriggerManual   AttemptTrigger = "manual"
	AttemptTriggerTest     AttemptTrigger = "test"
)

type Caller struct {
	Kind string `json:"kind"`
	// Of a key
	Access *ApiKeyAccess `json:"access"`
	// Of a person
	Role *Role `json:"role"`
	// What the caller may do
	Scopes []string `json:"scopes"`
	// Event types and patterns that a key is limited to; null for all
	EventTypes []string        `json:"event_types"`
	Key        *CallerKey      `json:"key"`
	User       *CallerUser     `json:"user"`
	Workspace  CallerWorkspace `json:"workspace"`
}

type CallerKey struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Prefix    string  `json:"prefix"`
	LastFour  string  `json:"last_four"`
	ExpiresAt *string `json:"expires_at"`
}

type CallerUser struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type CallerWorkspace struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type ConnectRequest struct {
	// Shown in lists and test events.
	Name string `json:"name,omitzero"`
	// The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.
	WebhookURL string `json:"webhook_url"`
	// Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
	SigningSecret string `json:"signing_secret,omitzero"`
	// Which events it gets: `*` for all, exact types, prefixes such as `order.*`. Left out, all; with a key that is limited to event types, those.
	EventTypes []string `json:"event_types,omitzero"`
	// Your own id for the connection, unique in the workspace among connections that are not disconnected.
	ExternalID string `json:"external_id,omitzero"`
	// Your own texts by name, up to 20, to find the connection by. Not secret.
	Metadata map[string]string `json:"metadata,omitzero"`
	// Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.
	Ordered bool `json:"ordered,omitzero"`
	// Maximum number of concurrent requests.
	Concurrency int64 `json:"concurrency,omitzero"`
	// Maximum number of requests per minute, spread evenly; null for no limit.
	RateLimitPerMinute int64 `json:"rate_limit_per_minute,omitzero"`
	// Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.
	TimeoutSeconds int64 `json:"timeout_seconds,omitzero"`
	// Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused.
	Headers map[string]*string `json:"headers,omitzero"`
	// A note for people; null for none.
	Description string `json:"description,omitzero"`
}

// Connection: A configured connector. Never contains the webhook URL, the signing secret or a header's value.
type Connection struct {
	ID          string  `json:"id"`
	Provider    string  `json:"provider"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	// Your own id for the connection
	ExternalID *string `json:"external_id"`
	// Your own texts, by name
	Metadata map[string]string `json:"metadata"`
	// The API key that created it, or the first of the keys which that key replaces; null when a person did
	CreatedByKeyID *string          `json:"created_by_key_id"`
	Status         ConnectionStatus `json:"status"`
	// The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok`
	State string `json:"state"`
	// Since when it is in this state; null where nothing tells, as for `ok`
	StateSince   *string `json:"state_since"`
	PausedReason *string `json:"paused_reason"`
	// Who paused it; null when OpenSend did
	PausedBy *string `json:"paused_by"`
	// Pending deliveries, those of a paused connection too; a second or two behind
	PendingCount int64 `json:"pending_count"`
	// While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null
	NextAttemptAt *string          `json:"next_attempt_at"`
	Scopes        []string         `json:"scopes"`
	Config        ConnectionConfig `json:"config"`
	EventTypes    []string         `json:"event_types"`
	// Strict order: one delivery at a time, as accepted
	Ordered bool `json:"ordered"`
	// Maximum number of concurrent requests; with strict order there is one
	Concurrency int64 `json:"concurrency"`
	// Maximum number of requests per minute; null for no limit
	RateLimitPerMinute *int64 `json:"rate_limit_per_minute"`
	// Time for one request and its complete response
	TimeoutSeconds    int64   `json:"timeout_seconds"`
	Health            string  `json:"health"`
	LastHealthCheckAt *string `json:"last_health_check_at"`
	LastSyncAt        string  `json:"last_sync_at"`
	LastEventAt       *string `json:"last_event_at"`
	// Of the latest attempt; null once one has succeeded
	LastError *ConnectionLastError `json:"last_error"`
	CreatedAt string               `json:"created_at"`
	UpdatedAt string               `json:"updated_at"`
}

type ConnectionConfig struct {
	Webhook ConnectionConfigWebhook `json:"webhook"`
}

type ConnectionConfigWebhook struct {
	EndpointHost string `json:"endpoint_host"`
	// The URL without anything that could be used to call it
	EndpointPreview string `json:"endpoint_preview"`
	// Equal for equal URLs; six hex characters
	EndpointFingerprint string `json:"endpoint_fingerprint"`
	Receiver            string `json:"receiver"`
	HasSigningSecret    bool   `json:"has_signing_secret"`
	// Until when the secret before the last rotation signs too; may be past
	PreviousSecretExpiresAt *string `json:"previous_secret_expires_at"`
	// Names of the custom headers, sorted; their values are never shown
	HeaderNames []string `json:"header_names"`
}

// ConnectionLastError: Of the latest attempt; null once one has succeeded
type ConnectionLastError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	At      string `json:"at"`
	// Null where an earlier version of OpenSend recorded the attempt
	Explanation *Explanation `json:"explanation"`
	// Its attempts are kept as long as payloads
	DeliveryID *string `json:"delivery_id"`
}

// ConnectionStats: The last 24 hours of attempts; tests are not counted
type ConnectionStats struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Attempts int64  `json:"attempts"`
	// Attempts that delivered
	Delivered int64 `json:"delivered"`
	// Attempts that failed, whether or not they were repeated
	Failed int64 `json:"failed"`
	// From 0 to 1; null without attempts
	SuccessRate *float64 `json:"success_rate"`
	P95Ms       *int64   `json:"p95_ms"`
	// 24 hours by their start, the oldest first
	Hours []ConnectionStatsHoursItem `json:"hours"`
}

type ConnectionStatsHoursItem struct {
	Start     string `json:"start"`
	Delivered int64  `json:"delivered"`
	Failed    int64  `json:"failed"`
}

type ConnectionStatus string

const (
	ConnectionStatusConnected    ConnectionStatus = "connected"
	ConnectionStatusPaused       ConnectionStatus = "paused"
	ConnectionStatusDisconnected ConnectionStatus = "disconnected"
)

// Delivery: One event to be delivered to one connection
type Delivery struct {
	ID             string         `json:"id"`
	EventID        string         `json:"event_id"`
	EventType      string         `json:"event_type"`
	ConnectionID   string         `json:"connection_id"`
	ConnectionName string         `json:"connection_name"`
	Trigger        AttemptTrigger `json:"trigger"`
	Status         DeliveryStatus `json:"status"`
	AttemptCount   int64          `json:"attempt_count"`
	// When the next attempt is due, at the earliest when its connection allows one
	NextAttemptAt *string `json:"next_attempt_at"`
	// Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended
	Hold *DeliveryHold `json:"hold"`
	// Whether it is being sent right now, by any process. In a stream: by the process that serves it
	IsSending     bool    `json:"is_sending"`
	LastAttemptAt *string `json:"last_attempt_at"`
	// HTTP status of the last attempt; null without a response
	ResponseStatus *int64 `json:"response_status"`
	// Why the last attempt failed
	ErrorCode *string `json:"error_code"`
	// How long the last attempt took
	DurationMs *int64 `json:"duration_ms"`
	// The replay that queued it, until its attempt has ended
	ReplayID  *string `json:"replay_id"`
	CreatedAt string  `json:"created_at"`
	UpdatedAt string  `json:"updated_at"`
}

type DeliveryDetail struct {
	ID             string         `json:"id"`
	EventID        string         `json:"event_id"`
	EventType      string         `json:"event_type"`
	ConnectionID   string         `json:"connection_id"`
	ConnectionName string         `json:"connection_name"`
	Trigger        AttemptTrigger `json:"trigger"`
	Status         DeliveryStatus `json:"status"`
	AttemptCount   int64          `json:"attempt_count"`
	// When the next attempt is due, at the earliest when its connection allows one
	NextAttemptAt *string `json:"next_attempt_at"`
	// Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended
	Hold *DeliveryHold `json:"hold"`
	// Whether it is being sent right now, by any process. In a stream: by the process that serves it
	IsSending     bool    `json:"is_sending"`
	LastAttemptAt *string `json:"last_attempt_at"`
	// HTTP status of the last attempt; null without a response
	ResponseStatus *int64 `json:"response_status"`
	// Why the last attempt failed
	ErrorCode *string `json:"error_code"`
	// How long the last attempt took
	DurationMs *int64 `json:"duration_ms"`
	// The replay that queued it, until its attempt has ended
	ReplayID  *string               `json:"replay_id"`
	CreatedAt string                `json:"created_at"`
	UpdatedAt string                `json:"updated_at"`
	Request   DeliveryDetailRequest `json:"request"`
	// The newest 20, oldest first; `/attempts` has the others
	Attempts      []Attempt `json:"attempts"`
	AttemptsTotal int64     `json:"attempts_total"`
}

type DeliveryDetailRequest struct {
	Method     string `json:"method"`
	URLPreview string `json:"url_preview"`
	// Null once the payload has been deleted
	Body *string `json:"body"`
}

type DeliveryHold struct {
	// `connection_paused`; `receiver_failing`: the circuit breaker is open, `until` is the next probe; `retry_after`: the receiver asked to wait; `rate_limit` of the connection; `order`: an earlier delivery comes first; `queue`: it waits for its turn
	Reason string `json:"reason"`
	// When it ends, null if that is not known
	Until *string `json:"until"`
}

type DeliveryStatus string

const (
	DeliveryStatusPending   DeliveryStatus = "pending"
	DeliveryStatusDelivered DeliveryStatus = "delivered"
	DeliveryStatusFailed    DeliveryStatus = "failed"
	DeliveryStatusCancelled DeliveryStatus = "cancelled"
)

type ErrorCode string

const (
	ErrorCodeMalformedJson           ErrorCode = "malformed_json"
	ErrorCodeInvalidRequest          ErrorCode = "invalid_request"
	ErrorCodeRequestTimeout          ErrorCode = "request_timeout"
	ErrorCodeMethodNotAllowed        ErrorCode = "method_not_allowed"
	ErrorCodeVersionConflict         ErrorCode = "version_conflict"
	ErrorCodeBodyTooLarge            ErrorCode = "body_too_large"
	ErrorCodeUriTooLong              ErrorCode = "uri_too_long"
	ErrorCodeUnsupportedMediaType    ErrorCode = "unsupported_media_type"
	ErrorCodeHeadersTooLarge         ErrorCode = "headers_too_large"
	ErrorCodeInvalidID               ErrorCode = "invalid_id"
	ErrorCodeInvalidCursor           ErrorCode = "invalid_cursor"
	ErrorCodeIdempotencyNotSupported ErrorCode = "idempotency_not_supported"
	ErrorCodeUnauthenticated         ErrorCode = "unauthenticated"
	ErrorCodeInvalidSignIn           ErrorCode = "invalid_sign_in"
	ErrorCodeForbidden               ErrorCode = "forbidden"
	ErrorCodeNoWorkspace             ErrorCode = "no_workspace"
	ErrorCodeCrossOrigin             ErrorCode = "cross_origin"
	ErrorCodeSetupClosed             ErrorCode = "setup_closed"
	ErrorCodeInvalidSetupToken       ErrorCode = "invalid_setup_token"
	ErrorCodeNotFound                ErrorCode = "not_found"
	ErrorCodeInvitationInvalid       ErrorCode = "invitation_invalid"
	ErrorCodePasswordResetInvalid    ErrorCode = "password_reset_invalid"
	ErrorCodeMailNotConfigured       ErrorCode = "mail_not_configured"
	ErrorCodeNotConnected            ErrorCode = "not_connected"
	ErrorCodeExternalIDTaken         ErrorCode = "external_id_taken"
	ErrorCodeNoSigningSecret         ErrorCode = "no_signing_secret"
	ErrorCodeRotationUnderWay        ErrorCode = "rotation_under_way"
	ErrorCodeIdempotencyKeyReused    ErrorCode = "idempotency_key_reused"
	ErrorCodeIdempotencyKeyInUse     ErrorCode = "idempotency_key_in_use"
	ErrorCodeDeliveryState           ErrorCode = "delivery_state"
	ErrorCodePayloadDeleted          ErrorCode = "payload_deleted"
	ErrorCodeReplayState             ErrorCode = "replay_state"
	ErrorCodeEventIDReused           ErrorCode = "event_id_reused"
	ErrorCodeEmailTaken              ErrorCode = "email_taken"
	ErrorCodeAlreadyMember           ErrorCode = "already_member"
	ErrorCodeLastOwner               ErrorCode = "last_owner"
	ErrorCodeLimitReached            ErrorCode = "limit_reached"
	ErrorCodeWorkspaceChanged        ErrorCode = "workspace_changed"
	ErrorCodeValidationFailed        ErrorCode = "validation_failed"
	ErrorCodeUnsafeURL               ErrorCode = "unsafe_url"
	ErrorCodeRateLimited             ErrorCode = "rate_limited"
	ErrorCodeSignInThrottled         ErrorCode = "sign_in_throttled"
	ErrorCodeCredentialsUnreadable   ErrorCode = "credentials_unreadable"
	ErrorCodeInternal                ErrorCode = "internal"
	ErrorCodeOverloaded              ErrorCode = "overloaded"
)

type EventDetail struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	// When it happened
	CreatedAt string `json:"created_at"`
	// When it was stored
	AcceptedAt string `json:"accepted_at"`
	// `application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event
	Origin string `json:"origin"`
	// The `Idempotency-Key` of the request that sent it; a batch shares one
	IdempotencyKey *string `json:"idempotency_key"`
	// The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact
	Data json.RawMessage `json:"data"`
	// The same as the compact JSON text that is delivered, exact to the byte
	DataText       *string `json:"data_text"`
	PayloadDeleted bool    `json:"payload_deleted"`
	// When the payload was erased; null if it was not
	DataErasedAt *string       `json:"data_erased_at"`
	Outcomes     EventOutcomes `json:"outcomes"`
	// The first 100. `GET /api/deliveries?event_id=` lists all
	Deliveries        []Delivery `json:"deliveries"`
	HasMoreDeliveries bool       `json:"has_more_deliveries"`
	// Connections that did not get it, by reason, as they are now. Empty for a test event
	NotDelivered []EventDetailNotDeliveredItem `json:"not_delivered"`
	// False when the workspace has more than 2,000 such connections: the counts are then too small
	NotDeliveredIsComplete bool `json:"not_delivered_is_complete"`
}

type EventDetailNotDeliveredItem struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
	// Connections that the reason applies to
	Count int64 `json:"count"`
	// The first 10 of them
	Connections []EventDetailNotDeliveredItemConnectionsItem `json:"connections"`
}

type EventDetailNotDeliveredItemConnectionsItem struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// EventListItem: `data` and `data_text` are there with `include=data`
type EventListItem struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	// When it happened
	CreatedAt string `json:"created_at"`
	// When it was stored
	AcceptedAt string `json:"accepted_at"`
	// `application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event
	Origin string `json:"origin"`
	// The `Idempotency-Key` of the request that sent it; a batch shares one
	IdempotencyKey *string       `json:"idempotency_key"`
	Outcomes       EventOutcomes `json:"outcomes"`
	// The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact
	Data json.RawMessage `json:"data,omitzero"`
	// The same as the compact JSON text that is delivered, exact to the byte
	DataText *string `json:"data_text,omitzero"`
}

// EventOutcomes: Deliveries of an event by status
type EventOutcomes struct {
	Pending   int64 `json:"pending"`
	Delivered int64 `json:"delivered"`
	Failed    int64 `json:"failed"`
	Cancelled int64 `json:"cancelled"`
	// False when the event has more deliveries than were counted. At most 10,000 are counted for a page
	IsExact bool `json:"is_exact"`
}

// EventType: A type of received events
type EventType struct {
	Type string `json:"type"`
	// Events of this type since it was first seen; tests are not counted
	Events int64 `json:"events"`
	// To the minute
	FirstSeenAt string `json:"first_seen_at"`
	LastSeenAt  string `json:"last_seen_at"`
	// A recent event of this type
	ExampleEventID string `json:"example_event_id"`
}

type Explanation struct {
	Code       string `json:"code"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Action     string `json:"action"`
	ActionCode string `json:"action_code"`
}

type FindConnectionsRequest struct {
	// The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.
	WebhookURL string `json:"webhook_url"`
	Limit      int64  `json:"limit,omitzero"`
	Cursor     string `json:"cursor,omitzero"`
}

type ListConnectionsQuery struct {
	Status ConnectionStatus `json:"status,omitzero"`
	// One or more states, with commas between
	State    string `json:"state,omitzero"`
	Provider string `json:"provider,omitzero"`
	Receiver string `json:"receiver,omitzero"`
	// Connections that receive events of this type, or some of a pattern such as `order.*`
	EventType string `json:"event_type,omitzero"`
	// Part of the name or of the endpoint's host; or an id
	Q string `json:"q,omitzero"`
	// The connection with this id of yours
	ExternalID string `json:"external_id,omitzero"`
	// Connections whose URL has this fingerprint. Different URLs may share one: `POST …/connections/find` compares the whole URL
	EndpointFingerprint string `json:"endpoint_fingerprint,omitzero"`
	// Connections with all of these pairs in their metadata, as `metadata[customer]=42`. Of those with a pair, the newest 20,000 are looked at
	Metadata map[string]string `json:"metadata,omitzero"`
	// Connections that this API key created, or a key that replaces it
	CreatedByKeyID string `json:"created_by_key_id,omitzero"`
	// `created_at`: the newest first. `attention`: by state, what fails first, then by pending deliveries. `name`: from A. `volume`: most attempts first. `success_rate`: the lowest first. `p95`: the slowest first. The last three by the last 24 hours.
	Sort    string `json:"sort,omitzero"`
	Include string `json:"include,omitzero"`
	Limit   int64  `json:"limit,omitzero"`
	Cursor  string `json:"cursor,omitzero"`
}

type ListDeliveriesQuery struct {
	// Statuses; up to 50, separated by commas
	Status string `json:"status,omitzero"`
	// Ids of connections; up to 50, separated by commas
	ConnectionID string `json:"connection_id,omitzero"`
	EventID      string `json:"event_id,omitzero"`
	// Event types such as `order.paid`, or patterns such as `order.*`; up to 50, separated by commas
	EventType string        `json:"event_type,omitzero"`
	Response  ResponseClass `json:"response,omitzero"`
	// Exact HTTP statuses of the last response; up to 50, separated by commas
	ResponseStatus string `json:"response_status,omitzero"`
	// What the last attempt failed with; up to 50, separated by commas
	ErrorCode     string `json:"error_code,omitzero"`
	CreatedFrom   string `json:"created_from,omitzero"`
	CreatedBefore string `json:"created_before,omitzero"`
	// Text to look for in payloads and in response bodies, without regard to case. A page looks at a bounded number of deliveries; `searched` says how far
	Q string `json:"q,omitzero"`
	// Newest first, oldest first, slowest first (by the last attempt), or last changed first. The last two compare the newest 1,000 deliveries of the filter; by the last change also the 1,000 whose failures are the latest. `searched` says how far back that was
	Sort   string `json:"sort,omitzero"`
	Limit  int64  `json:"limit,omitzero"`
	Cursor string `json:"cursor,omitzero"`
}

type ListEventTypesQuery struct {
	Type   string `json:"type,omitzero"`
	Limit  int64  `json:"limit,omitzero"`
	Cursor string `json:"cursor,omitzero"`
}

type ListEventsQuery struct {
	// Event types and patterns such as `order.*`, separated by commas; an event matches if one of them does
	Type   string `json:"type,omitzero"`
	Origin string `json:"origin,omitzero"`
	// Text to look for in `data`, without regard to case. A page looks at a bounded number of events; `searched` says how far
	Q              string `json:"q,omitzero"`
	AcceptedFrom   string `json:"accepted_from,omitzero"`
	AcceptedBefore string `json:"accepted_before,omitzero"`
	HasFailed      string `json:"has_failed,omitzero"`
	// Adds `data` and `data_text` to each event. A page ends early, with `has_more`, where its payloads pass 2 MiB
	Include string `json:"include,omitzero"`
	Limit   int64  `json:"limit,omitzero"`
	Cursor  string `json:"cursor,omitzero"`
}

type ListedConnection struct {
	ID          string  `json:"id"`
	Provider    string  `json:"provider"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	// Your own id for the connection
	ExternalID *string `json:"external_id"`
	// Your own texts, by name
	Metadata map[string]string `json:"metadata"`
	// The API key that created it, or the first of the keys which that key replaces; null when a person did
	CreatedByKeyID *string          `json:"created_by_key_id"`
	Status         ConnectionStatus `json:"status"`
	// The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok`
	State string `json:"state"`
	// Since when it is in this state; null where nothing tells, as for `ok`
	StateSince   *string `json:"state_since"`
	PausedReason *string `json:"paused_reason"`
	// Who paused it; null when OpenSend did
	PausedBy *string `json:"paused_by"`
	// Pending deliveries, those of a paused connection too; a second or two behind
	PendingCount int64 `json:"pending_count"`
	// While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null
	NextAttemptAt *string                `json:"next_attempt_at"`
	Scopes        []string               `json:"scopes"`
	Config        ListedConnectionConfig `json:"config"`
	EventTypes    []string               `json:"event_types"`
	// Strict order: one delivery at a time, as accepted
	Ordered bool `json:"ordered"`
	// Maximum number of concurrent requests; with strict order there is one
	Concurrency int64 `json:"concurrency"`
	// Maximum number of requests per minute; null for no limit
	RateLimitPerMinute *int64 `json:"rate_limit_per_minute"`
	// Time for one request and its complete response
	TimeoutSeconds    int64   `json:"timeout_seconds"`
	Health            string  `json:"health"`
	LastHealthCheckAt *string `json:"last_health_check_at"`
	LastSyncAt        string  `json:"last_sync_at"`
	LastEventAt       *string `json:"last_event_at"`
	// Of the latest attempt; null once one has succeeded
	LastError *ListedConnectionLastError `json:"last_error"`
	CreatedAt string                     `json:"created_at"`
	UpdatedAt string                     `json:"updated_at"`
	// With `include=stats`
	Stats *ConnectionStats `json:"stats,omitzero"`
}

type ListedConnectionConfig struct {
	Webhook ListedConnectionConfigWebhook `json:"webhook"`
}

type ListedConnectionConfigWebhook struct {
	EndpointHost string `json:"endpoint_host"`
	// The URL without anything that could be used to call it
	EndpointPreview string `json:"endpoint_preview"`
	// Equal for equal URLs; six hex characters
	EndpointFingerprint string `json:"endpoint_fingerprint"`
	Receiver            string `json:"receiver"`
	HasSigningSecret    bool   `json:"has_signing_secret"`
	// Until when the secret before the last rotation signs too; may be past
	PreviousSecretExpiresAt *string `json:"previous_secret_expires_at"`
	// Names of the custom headers, sorted; their values are never shown
	HeaderNames []string `json:"header_names"`
}

// ListedConnectionLastError: Of the latest attempt; null once one has succeeded
type ListedConnectionLastError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	At      string `json:"at"`
	// Null where an earlier version of OpenSend recorded the attempt
	Explanation *Explanation `json:"explanation"`
	// Its attempts are kept as long as payloads
	DeliveryID *string `json:"delivery_id"`
}

type PutConnectionRequest struct {
	// Shown in lists and test events.
	Name Optional[string] `json:"name,omitzero"`
	// The https:// address from your automation tool. It is a credential: stored encrypted, not shown again. May be left out when the connection exists.
	WebhookURL Optional[string] `json:"webhook_url,omitzero"`
	// Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
	SigningSecret Optional[string] `json:"signing_secret,omitzero"`
	// Which events it gets: `*` for all, exact types, prefixes such as `order.*`.
	EventTypes Optional[[]string] `json:"event_types,omitzero"`
	// The same as in the path, if given
	ExternalID Optional[string] `json:"external_id,omitzero"`
	// Your own texts by name, up to 20, to find the connection by. Not secret.
	Metadata Optional[map[string]string] `json:"metadata,omitzero"`
	// Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.
	Ordered Optional[bool] `json:"ordered,omitzero"`
	// Maximum number of concurrent requests.
	Concurrency Optional[int64] `json:"concurrency,omitzero"`
	// Maximum number of requests per minute, spread evenly; null for no limit.
	RateLimitPerMinute Optional[int64] `json:"rate_limit_per_minute,omitzero"`
	// Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.
	TimeoutSeconds Optional[int64] `json:"timeout_seconds,omitzero"`
	// All headers to send with each request, by name; those left out are removed. The values are encrypted, and no response contains them.
	Headers Optional[map[string]*string] `json:"headers,omitzero"`
	// A note for people; null for none.
	Description Optional[string] `json:"description,omitzero"`
}

// ResponseClass: Class of the last response; `none`: it was tried and nothing responded
type ResponseClass string

const (
	ResponseClass2xx  ResponseClass = "2xx"
	ResponseClass3xx  ResponseClass = "3xx"
	ResponseClass4xx  ResponseClass = "4xx"
	ResponseClass5xx  ResponseClass = "5xx"
	ResponseClassNone ResponseClass = "none"
)

type Role string

const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleViewer Role = "viewer"
)

type RotateSecretRequest struct {
	// The new secret, such as `whsec_` and 32 random bytes in base64. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
	SigningSecret string `json:"signing_secret"`
	// How long the previous secret keeps signing too; 0 ends it immediately.
	OverlapHours int64 `json:"overlap_hours,omitzero"`
}

// TestDelivery: What was sent and what came back
type TestDelivery struct {
	ID      string `json:"id"`
	EventID string `json:"event_id"`
	// True only for a 2xx response
	Ok          bool                  `json:"ok"`
	Status      *int64                `json:"status"`
	StatusText  *string               `json:"status_text"`
	DurationMs  int64                 `json:"duration_ms"`
	Timings     Timings               `json:"timings"`
	Request     TestDeliveryRequest   `json:"request"`
	Response    *TestDeliveryResponse `json:"response"`
	Error       *AttemptError         `json:"error"`
	Explanation Explanation           `json:"explanation"`
}

type TestDeliveryRequest struct {
	Method     string            `json:"method"`
	URLPreview string            `json:"url_preview"`
	Headers    map[string]string `json:"headers"`
	// The exact bytes sent and signed
	Body string `json:"body"`
}

type TestDeliveryResponse struct {
	Headers   map[string]string `json:"headers"`
	Body      string            `json:"body"`
	Truncated bool              `json:"truncated"`
}

type Timings struct {
	// From when the delivery was due to the start of the attempt; null in older attempts
	Queued  *float64 `json:"queued"`
	DNS     *float64 `json:"dns"`
	Connect *float64 `json:"connect"`
	TLS     *float64 `json:"tls"`
	// Of `first_byte`: writing the request, until the system had all of it to send; null in older attempts
	Sent      *float64 `json:"sent"`
	FirstByte *float64 `json:"first_byte"`
	Total     *float64 `json:"total"`
}

type UpdateConnectionRequest struct {
	// Shown in lists and test events.
	Name Optional[string] `json:"name,omitzero"`
	// The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.
	WebhookURL Optional[string] `json:"webhook_url,omitzero"`
	// Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
	SigningSecret Optional[string] `json:"signing_secret,omitzero"`
	// Which events it gets: `*` for all, exact types, prefixes such as `order.*`.
	EventTypes Optional[[]string] `json:"event_types,omitzero"`
	// Your own id for the connection, unique in the workspace among connections that are not disconnected.
	ExternalID Optional[string] `json:"external_id,omitzero"`
	// Merged (RFC 7396): a name with a text sets it, with null removes it; null instead of the object removes all.
	Metadata Optional[map[string]*string] `json:"metadata,omitzero"`
	// Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.
	Ordered Optional[bool] `json:"ordered,omitzero"`
	// Maximum number of concurrent requests.
	Concurrency Optional[int64] `json:"concurrency,omitzero"`
	// Maximum number of requests per minute, spread evenly; null for no limit.
	RateLimitPerMinute Optional[int64] `json:"rate_limit_per_minute,omitzero"`
	// Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.
	TimeoutSeconds Optional[int64] `json:"timeout_seconds,omitzero"`
	// Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused.
	Headers Optional[map[string]*string] `json:"headers,omitzero"`
	// A note for people; null for none.
	Description Optional[string] `json:"description,omitzero"`
}
