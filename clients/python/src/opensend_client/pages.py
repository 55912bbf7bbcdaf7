"""Pages of lists."""

from __future__ import annotations

from typing import List, Optional, TypedDict

from .api_types import Delivery, EventListItem, EventType, ListedConnection


class ConnectionPage(TypedDict):
    """A page of connections."""

    data: List[ListedConnection]
    has_more: bool
    next_cursor: Optional[str]


class EventPage(TypedDict):
    """A page of events."""

    data: List[EventListItem]
    has_more: bool
    next_cursor: Optional[str]


class EventTypePage(TypedDict):
    """A page of event types."""

    data: List[EventType]
    has_more: bool
    next_cursor: Optional[str]


class DeliveryPage(TypedDict):
    """A page of deliveries."""

    data: List[Delivery]
    has_more: bool
    next_cursor: Optional[str]
