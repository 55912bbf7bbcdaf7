"""The steps of calls without I/O, shared by the blocking and the asynchronous client."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from typing import Any, Dict, Generator, List, Mapping, Optional, Sequence, Union

from ._events import NewEvent, WrittenEvent, split_batch, write_event
from ._retry import read_retry_after, retry_delay_ms
from .api_types import AcceptedEvent
from .errors import ApiError, BatchError, OpenSendError


@dataclass(frozen=True)
class Call:
    """One API call."""

    method: str
    path: str
    query: Optional[Mapping[str, Any]] = None
    body: Optional[bytes] = None
    idempotency_key: Optional[str] = None
    # Timeout of one attempt in seconds, if it differs from the client's.
    timeout: Optional[float] = None


@dataclass(frozen=True)
class Response:
    """The response to one attempt."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Wait:
    """A pause before the next attempt."""

    seconds: float


# Yields calls and pauses, receives the response to each call, and returns a result.
Steps = Generator[Union[Call, Wait], Optional[Response], Any]


def call_steps(call: Call, retries_max: int) -> Steps:
    """Makes a call, and retries it while that may help. Returns the response's JSON."""
    failures = 0
    while True:
        try:
            response = yield call
            assert response is not None
            return _read(response)
        except OpenSendError as error:
            failures += 1
            status, code, retry_after = None, None, None
            if isinstance(error, ApiError):
                status, code, retry_after = error.status, error.code, error.retry_after
            delay = retry_delay_ms(status, code, retry_after, failures, retries_max, random.random())
            if delay is None:
                raise
        yield Wait(delay / 1000)


def send_steps(event: NewEvent, retries_max: int) -> Steps:
    """Sends one event."""
    response = yield from call_steps(Call("POST", "/api/events", body=write_event(event).text), retries_max)
    return response["data"]


def send_batch_steps(events: Sequence[NewEvent], retries_max: int) -> Steps:
    """Sends events in order, in as few requests as the server's limits allow."""
    written = [write_event(event) for event in events]
    accepted: List[AcceptedEvent] = []
    start = 0
    try:
        for size in split_batch([len(text) for _, text in written]):
            yield from _send_all(written[start : start + size], accepted, retries_max)
            start += size
    except OpenSendError as error:
        remaining: List[Dict[str, Any]] = [event for event, _ in written[len(accepted) :]]
        raise BatchError(accepted, remaining, error) from error
    return accepted


def _send_all(events: Sequence[WrittenEvent], accepted: List[AcceptedEvent], retries_max: int) -> Steps:
    """Uses one request, or two halves if a proxy in front of the server has a lower limit than the server."""
    body = b"[" + b",".join(text for _, text in events) + b"]"
    try:
        response = yield from call_steps(Call("POST", "/api/events/batch", body=body), retries_max)
        accepted.extend(response["data"])
    except ApiError as error:
        if error.status != 413 or len(events) == 1:
            raise
        half = (len(events) + 1) // 2
        yield from _send_all(events[:half], accepted, retries_max)
        yield from _send_all(events[half:], accepted, retries_max)
    return None


def _read(response: Response) -> Any:
    try:
        value = json.loads(response.body)
    except ValueError:
        value = None
    if 200 <= response.status < 300 and (value is not None or response.status == 204):
        return value
    headers = response.headers
    is_problem = headers.get("content-type", "").startswith("application/problem+json")
    problem = value if is_problem and isinstance(value, dict) else {}
    raise ApiError(response.status, problem, read_retry_after(headers.get("retry-after"), time.time()))
