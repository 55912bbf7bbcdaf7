"""Events in the form in which they are sent."""

from __future__ import annotations

import json
import os
import time
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, NamedTuple, Sequence, TypedDict, Union

if TYPE_CHECKING:
    from typing_extensions import NotRequired

# The server's limits of events and bytes in one request.
EVENTS_MAX = 1000
BYTES_MAX = 8 * 1024 * 1024


class NewEvent(TypedDict):
    """An event to send. `data` is an object; `data_text` is JSON text, which keeps every digit of its numbers."""

    type: str
    data: NotRequired[Mapping[str, Any]]
    data_text: NotRequired[str]
    # Your id for the event, a UUID. Default: created by the client.
    id: NotRequired[str]
    # When the event happened. Default: the time it arrives at the server.
    created_at: NotRequired[Union[str, datetime]]


class WrittenEvent(NamedTuple):
    """An event with its id, and its JSON text."""

    event: Dict[str, Any]
    text: bytes


def new_event_id() -> str:
    """A new id for an event: a UUIDv7 (RFC 9562, section 5.7), so that ids sort by creation time."""
    value = int.from_bytes((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def write_event(event: NewEvent) -> WrittenEvent:
    """Assigns an id to an event that has none, so that resending it is safe, and writes its JSON."""
    identified: Dict[str, Any] = {**event, "id": event.get("id") or new_event_id()}
    head: Dict[str, Any] = {"type": event["type"], "id": identified["id"]}
    created_at = event.get("created_at")
    if created_at is not None:
        head["created_at"] = _time_text(created_at)
    data_text = event.get("data_text")
    data = _dump(event.get("data")) if data_text is None else data_text
    _check(data, "data" if data_text is None else "data_text")
    text = f'{_dump(head)[:-1]},"data":{data}}}'
    return WrittenEvent(identified, text.encode("utf-8"))


def split_batch(
    byte_lengths: Sequence[int], events_max: int = EVENTS_MAX, bytes_max: int = BYTES_MAX
) -> List[int]:
    """The sizes of batches that send texts in order: as few batches as the limits allow.

    A text that is too long on its own gets a separate batch, which the server refuses with the reason.
    """
    sizes: List[int] = []
    count = size = 0
    for length in byte_lengths:
        # The brackets, and a comma before each text but the first.
        with_this = size + 1 + length if count else length + 2
        if count and (count == events_max or with_this > bytes_max):
            sizes.append(count)
            count, size = 1, length + 2
        else:
            count, size = count + 1, with_this
    return [*sizes, count] if count else sizes


def _time_text(value: Union[str, datetime]) -> str:
    if isinstance(value, str):
        return value
    if value.tzinfo is None:
        raise ValueError("`created_at` has no time zone. Use datetime.now(timezone.utc).")
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _check(text: str, name: str) -> None:
    """Text that is not a single JSON object could inject other events into a batch."""
    try:
        is_object = isinstance(json.loads(text, parse_constant=_refuse), dict)
    except ValueError:
        is_object = False
    if not is_object:
        raise ValueError(f"`{name}` must be one JSON object. Give each event `data` or `data_text`.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON.")
