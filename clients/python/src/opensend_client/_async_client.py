"""The asynchronous client."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, AsyncIterator, Awaitable, Callable, List, Optional, Sequence

from . import _calls
from ._client import RETRIES, TIMEOUT_S
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

# Concurrent attempts; further ones wait.
CONCURRENCY_MAX = 32

Calling = Callable[[Call], Awaitable[Any]]


class AsyncOpenSend:
    """The same as OpenSend, for asyncio. Attempts run in separate threads, and the loop gets their responses.

    If a call is cancelled, its current attempt ends in the background, at the latest after `timeout`.
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
        self._threads = ThreadPoolExecutor(CONCURRENCY_MAX, thread_name_prefix="opensend")
        self._max_retries = max_retries
        self.connections = AsyncConnections(self._call)
        self.events = AsyncEvents(self._call)
        self.deliveries = AsyncDeliveries(self._call)

    async def me(self) -> Caller:
        """Describes the API key: its access, scopes and workspace. Every key can call this."""
        return (await self._call(_calls.read("/api/me")))["data"]

    async def send(self, event: NewEvent) -> AcceptedEvent:
        """Sends an event. Returns once the server has stored it; a retry is not stored twice."""
        return await self._run(send_steps(event, self._max_retries))

    async def send_batch(self, events: Sequence[NewEvent]) -> List[AcceptedEvent]:
        """Sends events in order, in as few requests as the server's limits allow.

        Each request stores all of its events or none: if one fails, BatchError says which events remain.
        """
        return await self._run(send_batch_steps(events, self._max_retries))

    async def close(self) -> None:
        """Closes the pooled connections."""
        self._threads.shutdown(wait=False)
        self._transport.close()

    async def __aenter__(self) -> AsyncOpenSend:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _call(self, call: Call) -> Any:
        return await self._run(call_steps(call, self._max_retries))

    async def _run(self, steps: Steps) -> Any:
        loop = asyncio.get_running_loop()
        try:
            step = next(steps)
            while True:
                if isinstance(step, Wait):
                    await asyncio.sleep(step.seconds)
                    step = steps.send(None)
                    continue
                try:
                    response = await loop.run_in_executor(self._threads, self._transport.attempt, step)
                except OpenSendError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(response)
        except StopIteration as end:
            return end.value


class AsyncConnections:
    """Connections, to which events are delivered."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    async def list(self, query: Optional[ListConnectionsQuery] = None) -> ConnectionPage:
        """A page of the connections that are not disconnected, newest first."""
        return await self._call(_calls.read(_calls.CONNECTIONS, query))

    def all(self, query: Optional[ListConnectionsQuery] = None) -> AsyncIterator[ListedConnection]:
        """All connections, page by page."""
        return _each(self._call, _calls.CONNECTIONS, query)

    async def create(self, connection: ConnectRequest) -> Connection:
        """Connects a webhook URL."""
        return (await self._call(_calls.act("/api/integrations/webhook", connection)))["data"]

    async def get(self, connection_id: str) -> Connection:
        """Reads a connection."""
        return (await self._call(_calls.read(_calls.connection(connection_id))))["data"]

    async def update(self, connection_id: str, changes: UpdateConnectionRequest) -> Connection:
        """Changes the given fields; None removes a value."""
        return (await self._call(_calls.change("PATCH", _calls.connection(connection_id), changes)))["data"]

    async def delete(self, connection_id: str) -> Connection:
        """Disconnects: destroys the URL and the secret, cancels pending deliveries and keeps the history."""
        return (await self._call(_calls.change("DELETE", _calls.connection(connection_id))))["data"]

    async def pause(self, connection_id: str) -> Connection:
        """Pauses sending; events queue."""
        return (await self._call(_calls.change("POST", _calls.connection(connection_id, "/pause"))))["data"]

    async def resume(self, connection_id: str) -> Connection:
        """Resumes sending."""
        return (await self._call(_calls.change("POST", _calls.connection(connection_id, "/resume"))))["data"]

    async def put_by_external_id(self, external_id: str, connection: PutConnectionRequest) -> Connection:
        """Creates or updates the connection with your own id. Safe to repeat."""
        return (await self._call(_calls.change("PUT", _calls.by_external_id(external_id), connection)))["data"]

    async def get_by_external_id(self, external_id: str) -> Connection:
        """Reads the connection with your own id."""
        return (await self._call(_calls.read(_calls.by_external_id(external_id))))["data"]

    async def delete_by_external_id(self, external_id: str) -> Connection:
        """Disconnects the connection with your own id."""
        return (await self._call(_calls.change("DELETE", _calls.by_external_id(external_id))))["data"]

    async def find(self, request: FindConnectionsRequest) -> ConnectionPage:
        """A page of the connections to a webhook URL, which is sent in the body."""
        return await self._call(_calls.change("POST", f"{_calls.CONNECTIONS}/find", request))

    async def rotate_secret(self, connection_id: str, rotation: RotateSecretRequest) -> Connection:
        """Replaces the signing secret; the previous one also signs for `overlap_hours`."""
        return (await self._call(_calls.act(_calls.connection(connection_id, "/rotate-secret"), rotation)))["data"]

    async def test(self, connection_id: str) -> TestDelivery:
        """Sends a test event, and returns the request and the response. `ok` is true only for a 2xx response."""
        path = _calls.connection(connection_id, "/test")
        return (await self._call(_calls.act(path, timeout=_calls.TEST_TIMEOUT_S)))["delivery"]


class AsyncEvents:
    """Accepted events and their types."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    async def list(self, query: Optional[ListEventsQuery] = None) -> EventPage:
        """A page of events, most recently accepted first."""
        return await self._call(_calls.read("/api/events", query))

    def all(self, query: Optional[ListEventsQuery] = None) -> AsyncIterator[EventListItem]:
        """All events, page by page."""
        return _each(self._call, "/api/events", query)

    async def get(self, event_id: str) -> EventDetail:
        """An event with its deliveries."""
        return (await self._call(_calls.read(_calls.event(event_id))))["data"]

    async def list_types(self, query: Optional[ListEventTypesQuery] = None) -> EventTypePage:
        """A page of the event types seen so far, by name."""
        return await self._call(_calls.read("/api/event-types", query))


class AsyncDeliveries:
    """Deliveries of events to connections."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    async def list(self, query: Optional[ListDeliveriesQuery] = None) -> DeliveryPage:
        """A page of deliveries, newest first."""
        return await self._call(_calls.read("/api/deliveries", query))

    def all(self, query: Optional[ListDeliveriesQuery] = None) -> AsyncIterator[Delivery]:
        """All deliveries, page by page."""
        return _each(self._call, "/api/deliveries", query)

    async def get(self, delivery_id: str) -> DeliveryDetail:
        """A delivery with its attempts."""
        return (await self._call(_calls.read(_calls.delivery(delivery_id))))["data"]

    async def retry(self, delivery_id: str) -> DeliveryDetail:
        """Makes a delivery due immediately."""
        return (await self._call(_calls.act(_calls.delivery(delivery_id, "/retry"))))["data"]

    async def cancel(self, delivery_id: str) -> DeliveryDetail:
        """Cancels a pending or failed delivery."""
        return (await self._call(_calls.act(_calls.delivery(delivery_id, "/cancel"))))["data"]


async def _each(call: Calling, path: str, query: Any) -> AsyncIterator[Any]:
    """All items of a list. With filters, a page can be empty although more pages follow."""
    cursor = (query or {}).get("cursor")
    while True:
        page = await call(_calls.read(path, {**(query or {}), "cursor": cursor}))
        for item in page["data"]:
            yield item
        cursor = page["next_cursor"]
        if not page["has_more"] or cursor is None:
            return
