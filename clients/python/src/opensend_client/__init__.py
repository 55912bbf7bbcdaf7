"""Sends events to OpenSend and verifies its webhooks. Needs only Python's standard library."""

from ._async_client import AsyncOpenSend
from ._client import OpenSend
from ._events import NewEvent, new_event_id
from ._version import __version__
from ._verify import SignatureError, VerifiedEvent, verify
from .errors import ApiError, BatchError, NetworkError, OpenSendError, RequestTimeoutError

__all__ = [
    "ApiError",
    "AsyncOpenSend",
    "BatchError",
    "NetworkError",
    "NewEvent",
    "OpenSend",
    "OpenSendError",
    "RequestTimeoutError",
    "SignatureError",
    "VerifiedEvent",
    "__version__",
    "new_event_id",
    "verify",
]
