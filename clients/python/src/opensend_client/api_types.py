"""Types of the API, generated from openapi.json by `npm run generate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Literal, Optional, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired


ApiKeyAccess = Literal[
    "full_access",
    "sending_access",
    "connections",
]


AttemptTrigger = Literal[
    "schedule",
    "manual",
    "test",
]


ConnectionStatus = Literal[
    "connected",
    "paused",
    "disconnected",
]


DeliveryStatus = Literal[
    "pending",
    "delivered",
    "failed",
    "cancelled",
]


ErrorCode = Literal[
    "malformed_json",
    "invalid_request",
    "request_timeout",
    "method_not_allowed",
    "version_conflict",
    "body_too_large",
    "uri_too_long",
    "unsupported_media_type",
    "headers_too_large",
    "invalid_id",
    "invalid_cursor",
    "idempotency_not_supported",
    "unauthenticated",
    "invalid_sign_in",
    "forbidden",
    "no_workspace",
    "cross_origin",
    "setup_closed",
    "invalid_setup_token",
    "not_found",
    "invitation_invalid",
    "password_reset_invalid",
    "mail_not_configured",
    "not_connected",
    "external_id_taken",
    "no_signing_secret",
    "rotation_under_way",
    "idempotency_key_reused",
    "idempotency_key_in_use",
    "delivery_state",
    "payload_deleted",
    "replay_state",
    "event_id_reused",
    "email_taken",
    "already_member",
    "last_owner",
    "limit_reached",
    "workspace_changed",
    "validation_failed",
    "unsafe_url",
    "rate_limited",
    "sign_in_throttled",
    "credentials_unreadable",
    "internal",
    "overloaded",
]


ResponseClass = Literal[
    "2xx",
    "3xx",
    "4xx",
    "5xx",
    "none",
]


Role = Literal[
    "owner",
    "admin",
    "viewer",
]


class AcceptedEvent(TypedDict):
    id: str
    type: str
    created_at: str
    # Connections the event is delivered to
    deliveries: int


class Attempt(TypedDict):
    """One HTTP request for a delivery, with its outcome"""

    number: int
    trigger: AttemptTrigger
    started_at: str
    duration_ms: int
    timings: Timings
    request: AttemptRequest
    response: Optional[AttemptResponse]
    error: Optional[AttemptError]
    explanation: Explanation


class AttemptError(TypedDict):
    code: str
    message: str


class AttemptRequest(TypedDict):
    headers: Dict[str, str]


class AttemptResponse(TypedDict):
    status: int
    status_text: str
    headers: Dict[str, str]
    body: str
    truncated: bool


class Caller(TypedDict):
    kind: Literal["api_key", "session"]
    # Of a key
    access: Optional[ApiKeyAccess]
    # Of a person
    role: Optional[Role]
    # What the caller may do
    scopes: List[Literal["events:send", "events:read", "connections:own", "deliveries:own", "connections:read", "connections:write", "deliveries:read", "deliveries:write", "keys:read", "keys:write", "audit_log:read", "members:read", "members:write", "workspace:write"]]
    # Event types and patterns that a key is limited to; null for all
    event_types: Optional[List[str]]
    key: Optional[CallerKey]
    user: Optional[CallerUser]
    workspace: CallerWorkspace


class CallerKey(TypedDict):
    id: str
    name: str
    prefix: str
    last_four: str
    expires_at: Optional[str]


class CallerUser(TypedDict):
    id: str
    name: str
    email: str


class CallerWorkspace(TypedDict):
    id: str
    name: str


class ConnectRequest(TypedDict):
    # Shown in lists and test events.
    name: NotRequired[str]
    # The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.
    webhook_url: str
    # Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
    signing_secret: NotRequired[Optional[str]]
    # Which events it gets: `*` for all, exact types, prefixes such as `order.*`. Left out, all; with a key that is limited to event types, those.
    event_types: NotRequired[List[str]]
    # Your own id for the connection, unique in the workspace among connections that are not disconnected.
    external_id: NotRequired[Optional[str]]
    # Your own texts by name, up to 20, to find the connection by. Not secret.
    metadata: NotRequired[Dict[str, str]]
    # Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.
    ordered: NotRequired[bool]
    # Maximum number of concurrent requests.
    concurrency: NotRequired[int]
    # Maximum number of requests per minute, spread evenly; null for no limit.
    rate_limit_per_minute: NotRequired[Optional[int]]
    # Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.
    timeout_seconds: NotRequired[int]
    # Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused.
    headers: NotRequired[Optional[Dict[str, Optional[str]]]]
    # A note for people; null for none.
    description: NotRequired[Optional[str]]


class Connection(TypedDict):
    """A configured connector. Never contains the webhook URL, the signing secret or a header's value."""

    id: str
    provider: str
    name: str
    description: Optional[str]
    # Your own id for the connection
    external_id: Optional[str]
    # Your own texts, by name
    metadata: Dict[str, str]
    # The API key that created it, or the first of the keys which that key replaces; null when a person did
    created_by_key_id: Optional[str]
    status: ConnectionStatus
    # The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok`
    state: Literal["failing", "held", "paused", "ok", "idle", "disconnected"]
    # Since when it is in this state; null where nothing tells, as for `ok`
    state_since: Optional[str]
    paused_reason: Optional[Literal["manual", "failing", "gone"]]
    # Who paused it; null when OpenSend did
    paused_by: Optional[str]
    # Pending deliveries, those of a paused connection too; a second or two behind
    pending_count: int
    # While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null
    next_attempt_at: Optional[str]
    scopes: List[str]
    config: ConnectionConfig
    event_types: List[str]
    # Strict order: one delivery at a time, as accepted
    ordered: bool
    # Maximum number of concurrent requests; with strict order there is one
    concurrency: int
    # Maximum number of requests per minute; null for no limit
    rate_limit_per_minute: Optional[int]
    # Time for one request and its complete response
    timeout_seconds: int
    health: Literal["unknown", "healthy", "unhealthy"]
    last_health_check_at: Optional[str]
    last_sync_at: str
    last_event_at: Optional[str]
    # Of the latest attempt; null once one has succeeded
    last_error: Optional[ConnectionLastError]
    created_at: str
    updated_at: str


class ConnectionConfig(TypedDict):
    webhook: ConnectionConfigWebhook


class ConnectionConfigWebhook(TypedDict):
    endpoint_host: str
    # The URL without anything that could be used to call it
    endpoint_preview: str
    # Equal for equal URLs; six hex characters
    endpoint_fingerprint: str
    receiver: Literal["zapier", "make", "n8n", "pipedream", "slack", "discord", "inspector", "custom"]
    has_signing_secret: bool
    # Until when the secret before the last rotation signs too; may be past
    previous_secret_expires_at: Optional[str]
    # Names of the custom headers, sorted; their values are never shown
    header_names: List[str]


class ConnectionLastError(TypedDict):
    """Of the latest attempt; null once one has succeeded"""

    code: str
    message: str
    at: str
    # Null where an earlier version of OpenSend recorded the attempt
    explanation: Optional[Explanation]
    # Its attempts are kept as long as payloads
    delivery_id: Optional[str]


ConnectionStats = TypedDict(
    "ConnectionStats",
    {
        "from": "str",
        "to": "str",
        "attempts": "int",
        "delivered": "int",
        "failed": "int",
        "success_rate": "Optional[float]",
        "p95_ms": "Optional[int]",
        "hours": "List[ConnectionStatsHoursItem]",
    },
)


class ConnectionStatsHoursItem(TypedDict):
    start: str
    delivered: int
    failed: int


class Delivery(TypedDict):
    """One event to be delivered to one connection"""

    id: str
    event_id: str
    event_type: str
    connection_id: str
    connection_name: str
    trigger: AttemptTrigger
    status: DeliveryStatus
    attempt_count: int
    # When the next attempt is due, at the earliest when its connection allows one
    next_attempt_at: Optional[str]
    # Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended
    hold: Optional[DeliveryHold]
    # Whether it is being sent right now, by any process. In a stream: by the process that serves it
    is_sending: bool
    last_attempt_at: Optional[str]
    # HTTP status of the last attempt; null without a response
    response_status: Optional[int]
    # Why the last attempt failed
    error_code: Optional[str]
    # How long the last attempt took
    duration_ms: Optional[int]
    # The replay that queued it, until its attempt has ended
    replay_id: Optional[str]
    created_at: str
    updated_at: str


class DeliveryDetail(TypedDict):
    id: str
    event_id: str
    event_type: str
    connection_id: str
    connection_name: str
    trigger: AttemptTrigger
    status: DeliveryStatus
    attempt_count: int
    # When the next attempt is due, at the earliest when its connection allows one
    next_attempt_at: Optional[str]
    # Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended
    hold: Optional[DeliveryHold]
    # Whether it is being sent right now, by any process. In a stream: by the process that serves it
    is_sending: bool
    last_attempt_at: Optional[str]
    # HTTP status of the last attempt; null without a response
    response_status: Optional[int]
    # Why the last attempt failed
    error_code: Optional[str]
    # How long the last attempt took
    duration_ms: Optional[int]
    # The replay that queued it, until its attempt has ended
    replay_id: Optional[str]
    created_at: str
    updated_at: str
    request: DeliveryDetailRequest
    # The newest 20, oldest first; `/attempts` has the others
    attempts: List[Attempt]
    attempts_total: int


class DeliveryDetailRequest(TypedDict):
    method: Literal["POST"]
    url_preview: str
    # Null once the payload has been deleted
    body: Optional[str]


class DeliveryHold(TypedDict):
    # `connection_paused`; `receiver_failing`: the circuit breaker is open, `until` is the next probe; `retry_after`: the receiver asked to wait; `rate_limit` of the connection; `order`: an earlier delivery comes first; `queue`: it waits for its turn
    reason: Literal["connection_paused", "receiver_failing", "retry_after", "rate_limit", "order", "queue"]
    # When it ends, null if that is not known
    until: Optional[str]


class EventDetail(TypedDict):
    id: str
    type: str
    # When it happened
    created_at: str
    # When it was stored
    accepted_at: str
    # `application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event
    origin: Literal["application", "system", "test"]
    # The `Idempotency-Key` of the request that sent it; a batch shares one
    idempotency_key: Optional[str]
    # The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact
    data: Optional[Dict[str, Any]]
    # The same as the compact JSON text that is delivered, exact to the byte
    data_text: Optional[str]
    payload_deleted: bool
    # When the payload was erased; null if it was not
    data_erased_at: Optional[str]
    outcomes: EventOutcomes
    # The first 100. `GET /api/deliveries?event_id=` lists all
    deliveries: List[Delivery]
    has_more_deliveries: bool
    # Connections that did not get it, by reason, as they are now. Empty for a test event
    not_delivered: List[EventDetailNotDeliveredItem]
    # False when the workspace has more than 2,000 such connections: the counts are then too small
    not_delivered_is_complete: bool


class EventDetailNotDeliveredItem(TypedDict):
    code: Literal["event_type", "system_event", "about_itself", "created_later", "changed_later", "disconnected"]
    reason: str
    # Connections that the reason applies to
    count: int
    # The first 10 of them
    connections: List[EventDetailNotDeliveredItemConnectionsItem]


class EventDetailNotDeliveredItemConnectionsItem(TypedDict):
    id: str
    name: str


class EventListItem(TypedDict):
    """`data` and `data_text` are there with `include=data`"""

    id: str
    type: str
    # When it happened
    created_at: str
    # When it was stored
    accepted_at: str
    # `application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event
    origin: Literal["application", "system", "test"]
    # The `Idempotency-Key` of the request that sent it; a batch shares one
    idempotency_key: Optional[str]
    outcomes: EventOutcomes
    # The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact
    data: NotRequired[Optional[Dict[str, Any]]]
    # The same as the compact JSON text that is delivered, exact to the byte
    data_text: NotRequired[Optional[str]]


class EventOutcomes(TypedDict):
    """Deliveries of an event by status"""

    pending: int
    delivered: int
    failed: int
    cancelled: int
    # False when the event has more deliveries than were counted. At most 10,000 are counted for a page
    is_exact: bool


class EventType(TypedDict):
    """A type of received events"""

    type: str
    # Events of this type since it was first seen; tests are not counted
    events: int
    # To the minute
    first_seen_at: str
    last_seen_at: str
    # A recent event of this type
    example_event_id: str


class Explanation(TypedDict):
    code: str
    title: str
    detail: str
    action: str
    action_code: str


class FindConnectionsRequest(TypedDict):
    # The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.
    webhook_url: str
    limit: NotRequired[int]
    cursor: NotRequired[str]


class ListConnectionsQuery(TypedDict):
    status: NotRequired[ConnectionStatus]
    # One or more states, with commas between
    state: NotRequired[str]
    provider: NotRequired[str]
    receiver: NotRequired[Literal["zapier", "make", "n8n", "pipedream", "slack", "discord", "inspector", "custom"]]
    # Connections that receive events of this type, or some of a pattern such as `order.*`
    event_type: NotRequired[str]
    # Part of the name or of the endpoint's host; or an id
    q: NotRequired[str]
    # The connection with this id of yours
    external_id: NotRequired[str]
    # Connections whose URL has this fingerprint. Different URLs may share one: `POST …/connections/find` compares the whole URL
    endpoint_fingerprint: NotRequired[str]
    # Connections with all of these pairs in their metadata, as `metadata[customer]=42`. Of those with a pair, the newest 20,000 are looked at
    metadata: NotRequired[Dict[str, str]]
    # Connections that this API key created, or a key that replaces it
    created_by_key_id: NotRequired[str]
    # `created_at`: the newest first. `attention`: by state, what fails first, then by pending deliveries. `name`: from A. `volume`: most attempts first. `success_rate`: the lowest first. `p95`: the slowest first. The last three by the last 24 hours.
    sort: NotRequired[Literal["created_at", "attention", "name", "volume", "success_rate", "p95"]]
    include: NotRequired[Literal["stats"]]
    limit: NotRequired[int]
    cursor: NotRequired[str]


class ListDeliveriesQuery(TypedDict):
    # Statuses; up to 50, separated by commas
    status: NotRequired[str]
    # Ids of connections; up to 50, separated by commas
    connection_id: NotRequired[str]
    event_id: NotRequired[str]
    # Event types such as `order.paid`, or patterns such as `order.*`; up to 50, separated by commas
    event_type: NotRequired[str]
    response: NotRequired[ResponseClass]
    # Exact HTTP statuses of the last response; up to 50, separated by commas
    response_status: NotRequired[str]
    # What the last attempt failed with; up to 50, separated by commas
    error_code: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    # Text to look for in payloads and in response bodies, without regard to case. A page looks at a bounded number of deliveries; `searched` says how far
    q: NotRequired[str]
    # Newest first, oldest first, slowest first (by the last attempt), or last changed first. The last two compare the newest 1,000 deliveries of the filter; by the last change also the 1,000 whose failures are the latest. `searched` says how far back that was
    sort: NotRequired[Literal["-created_at", "created_at", "-duration_ms", "-updated_at"]]
    limit: NotRequired[int]
    cursor: NotRequired[str]


class ListEventTypesQuery(TypedDict):
    type: NotRequired[str]
    limit: NotRequired[int]
    cursor: NotRequired[str]


class ListEventsQuery(TypedDict):
    # Event types and patterns such as `order.*`, separated by commas; an event matches if one of them does
    type: NotRequired[str]
    origin: NotRequired[Literal["application", "system", "test"]]
    # Text to look for in `data`, without regard to case. A page looks at a bounded number of events; `searched` says how far
    q: NotRequired[str]
    accepted_from: NotRequired[str]
    accepted_before: NotRequired[str]
    has_failed: NotRequired[Literal["true", "false"]]
    # Adds `data` and `data_text` to each event. A page ends early, with `has_more`, where its payloads pass 2 MiB
    include: NotRequired[Literal["data"]]
    limit: NotRequired[int]
    cursor: NotRequired[str]


class ListedConnection(TypedDict):
    id: str
    provider: str
    name: str
    description: Optional[str]
    # Your own id for the connection
    external_id: Optional[str]
    # Your own texts, by name
    metadata: Dict[str, str]
    # The API key that created it, or the first of the keys which that key replaces; null when a person did
    created_by_key_id: Optional[str]
    status: ConnectionStatus
    # The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok`
    state: Literal["failing", "held", "paused", "ok", "idle", "disconnected"]
    # Since when it is in this state; null where nothing tells, as for `ok`
    state_since: Optional[str]
    paused_reason: Optional[Literal["manual", "failing", "gone"]]
    # Who paused it; null when OpenSend did
    paused_by: Optional[str]
    # Pending deliveries, those of a paused connection too; a second or two behind
    pending_count: int
    # While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null
    next_attempt_at: Optional[str]
    scopes: List[str]
    config: ListedConnectionConfig
    event_types: List[str]
    # Strict order: one delivery at a time, as accepted
    ordered: bool
    # Maximum number of concurrent requests; with strict order there is one
    concurrency: int
    # Maximum number of requests per minute; null for no limit
    rate_limit_per_minute: Optional[int]
    # Time for one request and its complete response
    timeout_seconds: int
    health: Literal["unknown", "healthy", "unhealthy"]
    last_health_check_at: Optional[str]
    last_sync_at: str
    last_event_at: Optional[str]
    # Of the latest attempt; null once one has succeeded
    last_error: Optional[ListedConnectionLastError]
    created_at: str
    updated_at: str
    # With `include=stats`
    stats: NotRequired[ConnectionStats]


class ListedConnectionConfig(TypedDict):
    webhook: ListedConnectionConfigWebhook


class ListedConnectionConfigWebhook(TypedDict):
    endpoint_host: str
    # The URL without anything that could be used to call it
    endpoint_preview: str
    # Equal for equal URLs; six hex characters
    endpoint_fingerprint: str
    receiver: Literal["zapier", "make", "n8n", "pipedream", "slack", "discord", "inspector", "custom"]
    has_signing_secret: bool
    # Until when the secret before the last rotation signs too; may be past
    previous_secret_expires_at: Optional[str]
    # Names of the custom headers, sorted; their values are never shown
    header_names: List[str]


class ListedConnectionLastError(TypedDict):
    """Of the latest attempt; null once one has succeeded"""

    code: str
    message: str
    at: str
    # Null where an earlier version of OpenSend recorded the attempt
    explanation: Optional[Explanation]
    # Its attempts are kept as long as payloads
    delivery_id: Optional[str]


class PutConnectionRequest(TypedDict):
    # Shown in lists and test events.
    name: NotRequired[str]
    # The https:// address from your automation tool. It is a credential: stored encrypted, not shown again. May be left out when the connection exists.
    webhook_url: NotRequired[str]
    # Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
    signing_secret: NotRequired[Optional[str]]
    # Which events it gets: `*` for all, exact types, prefixes such as `order.*`.
    event_types: NotRequired[List[str]]
    # The same as in the path, if given
    external_id: NotRequired[str]
    # Your own texts by name, up to 20, to find the connection by. Not secret.
    metadata: NotRequired[Dict[str, str]]
    # Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.
    ordered: NotRequired[bool]
    # Maximum number of concurrent requests.
    concurrency: NotRequired[int]
    # Maximum number of requests per minute, spread evenly; null for no limit.
    rate_limit_per_minute: NotRequired[Optional[int]]
    # Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.
    timeout_seconds: NotRequired[int]
    # All headers to send with each request, by name; those left out are removed. The values are encrypted, and no response contains them.
    headers: NotRequired[Optional[Dict[str, Optional[str]]]]
    # A note for people; null for none.
    description: NotRequired[Optional[str]]


class RotateSecretRequest(TypedDict):
    # The new secret, such as `whsec_` and 32 random bytes in base64. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
    signing_secret: str
    # How long the previous secret keeps signing too; 0 ends it immediately.
    overlap_hours: NotRequired[int]


class TestDelivery(TypedDict):
    """What was sent and what came back"""

    id: str
    event_id: str
    # True only for a 2xx response
    ok: bool
    status: Optional[int]
    status_text: Optional[str]
    duration_ms: int
    timings: Timings
    request: TestDeliveryRequest
    response: Optional[TestDeliveryResponse]
    error: Optional[AttemptError]
    explanation: Explanation


class TestDeliveryRequest(TypedDict):
    method: str
    url_preview: str
    headers: Dict[str, str]
    # The exact bytes sent and signed
    body: str


class TestDeliveryResponse(TypedDict):
    headers: Dict[str, str]
    body: str
    truncated: bool


class Timings(TypedDict):
    # From when the delivery was due to the start of the attempt; null in older attempts
    queued: Optional[float]
    dns: Optional[float]
    connect: Optional[float]
    tls: Optional[float]
    # Of `first_byte`: writing the request, until the system had all of it to send; null in older attempts
    sent: Optional[float]
    first_byte: Optional[float]
    total: Optional[float]


class UpdateConnectionRequest(TypedDict):
    # Shown in lists and test events.
    name: NotRequired[str]
    # The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.
    webhook_url: NotRequired[str]
    # Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again. A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.
    signing_secret: NotRequired[Optional[str]]
    # Which events it gets: `*` for all, exact types, prefixes such as `order.*`.
    event_types: NotRequired[List[str]]
    # Your own id for the connection, unique in the workspace among connections that are not disconnected.
    external_id: NotRequired[Optional[str]]
    # Merged (RFC 7396): a name with a text sets it, with null removes it; null instead of the object removes all.
    metadata: NotRequired[Optional[Dict[str, Optional[str]]]]
    # Strict order: one delivery at a time, the next only after the one before was delivered or failed for good.
    ordered: NotRequired[bool]
    # Maximum number of concurrent requests.
    concurrency: NotRequired[int]
    # Maximum number of requests per minute, spread evenly; null for no limit.
    rate_limit_per_minute: NotRequired[Optional[int]]
    # Seconds that one request may take, from the DNS lookup to the last byte of the response. Counts from the next attempt.
    timeout_seconds: NotRequired[int]
    # Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused.
    headers: NotRequired[Optional[Dict[str, Optional[str]]]]
    # A note for people; null for none.
    description: NotRequired[Optional[str]]
