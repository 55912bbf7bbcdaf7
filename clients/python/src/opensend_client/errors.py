"""Errors of calls."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from .api_types import AcceptedEvent, ErrorCode


class OpenSendError(Exception):
    """The base class of all errors of calls."""


class ApiError(OpenSendError):
    """The server refused the call, or failed. `code` says why; each code has a page at `type`."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: Optional[int]) -> None:
        self.status = status
        # None if the response is not from OpenSend, such as a proxy's error page.
        self.code: Optional[ErrorCode] = problem.get("code")
        self.detail: str = problem.get(
            "detail", f"The response has status {status} and is not from OpenSend."
        )
        # URL of the error's documentation.
        self.type: Optional[str] = problem.get("type")
        # Find the reason in the server's log by this id.
        self.request_id: Optional[str] = problem.get("request_id")
        # The server's Retry-After, in seconds.
        self.retry_after = retry_after
        # Invalid fields: `path` and `message` of each.
        self.errors: List[Dict[str, str]] = problem.get("errors", [])
        super().__init__(f"{self.code or status}: {self.detail}")


class NetworkError(OpenSendError):
    """The server could not be reached, or the connection ended before the response was complete."""


class RequestTimeoutError(OpenSendError, TimeoutError):
    """No complete response in time. The server may have handled the call."""


class BatchError(OpenSendError):
    """Not all events of `send_batch` were accepted; `__cause__` says why.

    Sending `remaining` again is safe: its events have ids, so none is accepted twice.
    """

    def __init__(
        self, accepted: List[AcceptedEvent], remaining: List[Dict[str, Any]], cause: OpenSendError
    ) -> None:
        total = len(accepted) + len(remaining)
        super().__init__(f"{len(accepted)} of {total} events were accepted. {cause}")
        self.accepted = accepted
        self.remaining = remaining
