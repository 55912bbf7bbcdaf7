"""The blocking client."""

from __future__ import annotations

import time
from typing import Any, Callable, Iterator, List, Optional, Sequence

from . import _calls
from ._events import NewEvent
from ._steps import Call, Steps, Wait, call_steps, send_batch_steps, send_steps
from ._transport import Transport
from .api_types import (
    AcceptedEvent,
    Caller,
    Connection,
    ConnectRequest,
    Delivery,
    DeliveryDetail,
    EventDetail,
    EventListItem,
    FindConnectionsRequest,
    ListConnectionsQuery,
    ListDeliveriesQuery,
    ListedConnection,
    ListEventsQuery,
    ListEventTypesQuery,
    PutConnectionRequest,
    RotateSecretRequest,
    TestDelivery,
    UpdateConnectionRequest,
)
from .errors import OpenSendError
from .pages import ConnectionPage, DeliveryPage, EventPage, EventTypePage

TIMEOUT_S = 10.0
RETRIES = 5

Calling = Callable[[Call], Any]


class OpenSend:
    """A client of an OpenSend server. Several threads can use it concurrently.

    `url` and `api_key` default to OPENSEND_URL and OPENSEND_API_KEY in the environment. `timeout` limits one attempt,
    in seconds; `max_retries` is the maximum number of attempts after the first.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        *,
        timeout: float = TIMEOUT_S,
        max_retries: int = RETRIES,
    ) -> None:
        self._transport = Transport(url, api_key, timeout)
        self._max_retries = max_retries
        self.connections = Connections(self._call)
        self.events = Events(self._call)
        self.deliveries = Deliveries(self._call)

    def me(self) -> Caller:
        """Describes the API key: its access, scopes and workspace. Every key can call this."""
        return self._call(_calls.read("/api/me"))["data"]

    def send(self, event: NewEvent) -> AcceptedEvent:
        """Sends an event. Returns once the server has stored it; a retry is not stored twice."""
        return self._run(send_steps(event, self._max_retries))

    def send_batch(self, events: Sequence[NewEvent]) -> List[AcceptedEvent]:
        """Sends events in order, in as few requests as the server's limits allow.

        Each request stores all of its events or none: if one fails, BatchError says which events remain.
        """
        return self._run(send_batch_steps(events, self._max_retries))

    def close(self) -> None:
        """Closes the pooled connections."""
        self._transport.close()

    def __enter__(self) -> OpenSend:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(self, call: Call) -> Any:
        return self._run(call_steps(call, self._max_retries))

    def _run(self, steps: Steps) -> Any:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Wait):
                    time.sleep(step.seconds)
                    step = steps.send(None)
                    continue
                try:
                    response = self._transport.attempt(step)
                except OpenSendError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(response)
        except StopIteration as end:
            return end.value


class Connections:
    """Connections, to which events are delivered."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    def list(self, query: Optional[ListConnectionsQuery] = None) -> ConnectionPage:
        """A page of the connections that are not disconnected, newest first."""
        return self._call(_calls.read(_calls.CONNECTIONS, query))

    def all(self, query: Optional[ListConnectionsQuery] = None) -> Iterator[ListedConnection]:
        """All connections, page by page."""
        return _each(self._call, _calls.CONNECTIONS, query)

    def create(self, connection: ConnectRequest) -> Connection:
        """Connects a webhook URL."""
        return self._call(_calls.act("/api/integrations/webhook", connection))["data"]

    def get(self, connection_id: str) -> Connection:
        """Reads a connection."""
        return self._call(_calls.read(_calls.connection(connection_id)))["data"]

    def update(self, connection_id: str, changes: UpdateConnectionRequest) -> Connection:
        """Changes the given fields; None removes a value."""
        return self._call(_calls.change("PATCH", _calls.connection(connection_id), changes))["data"]

    def delete(self, connection_id: str) -> Connection:
        """Disconnects: destroys the URL and the secret, cancels pending deliveries and keeps the history."""
        return self._call(_calls.change("DELETE", _calls.connection(connection_id)))["data"]

    def pause(self, connection_id: str) -> Connection:
        """Pauses sending; events queue."""
        return self._call(_calls.change("POST", _calls.connection(connection_id, "/pause")))["data"]

    def resume(self, connection_id: str) -> Connection:
        """Resumes sending."""
        return self._call(_calls.change("POST", _calls.connection(connection_id, "/resume")))["data"]

    def put_by_external_id(self, external_id: str, connection: PutConnectionRequest) -> Connection:
        """Creates or updates the connection with your own id. Safe to repeat."""
        return self._call(_calls.change("PUT", _calls.by_external_id(external_id), connection))["data"]

    def get_by_external_id(self, external_id: str) -> Connection:
        """Reads the connection with your own id."""
        return self._call(_calls.read(_calls.by_external_id(external_id)))["data"]

    def delete_by_external_id(self, external_id: str) -> Connection:
        """Disconnects the connection with your own id."""
        return self._call(_calls.change("DELETE", _calls.by_external_id(external_id)))["data"]

    def find(self, request: FindConnectionsRequest) -> ConnectionPage:
        """A page of the connections to a webhook URL, which is sent in the body."""
        return self._call(_calls.change("POST", f"{_calls.CONNECTIONS}/find", request))

    def rotate_secret(self, connection_id: str, rotation: RotateSecretRequest) -> Connection:
        """Replaces the signing secret; the previous one also signs for `overlap_hours`."""
        return self._call(_calls.act(_calls.connection(connection_id, "/rotate-secret"), rotation))["data"]

    def test(self, connection_id: str) -> TestDelivery:
        """Sends a test event, and returns the request and the response. `ok` is true only for a 2xx response."""
        path = _calls.connection(connection_id, "/test")
        return self._call(_calls.act(path, timeout=_calls.TEST_TIMEOUT_S))["delivery"]


class Events:
    """Accepted events and their types."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    def list(self, query: Optional[ListEventsQuery] = None) -> EventPage:
        """A page of events, most recently accepted first."""
        return self._call(_calls.read("/api/events", query))

    def all(self, query: Optional[ListEventsQuery] = None) -> Iterator[EventListItem]:
        """All events, page by page."""
        return _each(self._call, "/api/events", query)

    def get(self, event_id: str) -> EventDetail:
        """An event with its deliveries."""
        return self._call(_calls.read(_calls.event(event_id)))["data"]

    def list_types(self, query: Optional[ListEventTypesQuery] = None) -> EventTypePage:
        """A page of the event types seen so far, by name."""
        return self._call(_calls.read("/api/event-types", query))


class Deliveries:
    """Deliveries of events to connections."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    def list(self, query: Optional[ListDeliveriesQuery] = None) -> DeliveryPage:
        """A page of deliveries, newest first."""
        return self._call(_calls.read("/api/deliveries", query))

    def all(self, query: Optional[ListDeliveriesQuery] = None) -> Iterator[Delivery]:
        """All deliveries, page by page."""
        return _each(self._call, "/api/deliveries", query)

    def get(self, delivery_id: str) -> DeliveryDetail:
        """A delivery with its attempts."""
        return self._call(_calls.read(_calls.delivery(delivery_id)))["data"]

    def retry(self, delivery_id: str) -> DeliveryDetail:
        """Makes a delivery due immediately."""
        return self._call(_calls.act(_calls.delivery(delivery_id, "/retry")))["data"]

    def cancel(self, delivery_id: str) -> DeliveryDetail:
        """Cancels a pending or failed delivery."""
        return self._call(_calls.act(_calls.delivery(delivery_id, "/cancel")))["data"]


def _each(call: Calling, path: str, query: Any) -> Iterator[Any]:
    """All items of a list. With filters, a page can be empty although more pages follow."""
    cursor = (query or {}).get("cursor")
    while True:
        page = call(_calls.read(path, {**(query or {}), "cursor": cursor}))
        yield from page["data"]
        cursor = page["next_cursor"]
        if not page["has_more"] or cursor is None:
            return
