"""The API calls, and the returned part of their responses."""

from __future__ import annotations

import json
import uuid
from typing import Any, Mapping, Optional
from urllib.parse import quote

from ._steps import Call

CONNECTIONS = "/api/integrations/connections"
# A test waits for the receiver, which can take as long as the connection's timeout.
TEST_TIMEOUT_S = 75.0


def read(path: str, query: Optional[Mapping[str, Any]] = None) -> Call:
    """Reads an object or a page."""
    return Call("GET", path, query=query)


def change(method: str, path: str, body: Optional[Mapping[str, Any]] = None) -> Call:
    """A change that leads to the same state however often it is repeated."""
    return Call(method, path, body=_json(body))


def act(path: str, body: Optional[Mapping[str, Any]] = None, timeout: Optional[float] = None) -> Call:
    """A change that the server applies only once, however often it is repeated with the same key."""
    return Call("POST", path, body=_json(body), idempotency_key=str(uuid.uuid4()), timeout=timeout)


def connection(connection_id: str, verb: str = "") -> str:
    """The path of a connection."""
    return f"{CONNECTIONS}/{quote(connection_id, safe='')}{verb}"


def by_external_id(external_id: str) -> str:
    """The path of a connection by your own id."""
    return f"{CONNECTIONS}/by-external-id/{quote(external_id, safe='')}"


def delivery(delivery_id: str, verb: str = "") -> str:
    """The path of a delivery."""
    return f"/api/deliveries/{quote(delivery_id, safe='')}{verb}"


def event(event_id: str) -> str:
    """The path of an event."""
    return f"/api/events/{quote(event_id, safe='')}"


def _json(body: Optional[Mapping[str, Any]]) -> Optional[bytes]:
    if body is None:
        return None
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
