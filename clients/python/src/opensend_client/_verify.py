"""Verifies that a request comes from your OpenSend."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Literal, Mapping, Optional, Sequence, Union

TOLERANCE_S = 300
STANDARD_PREFIX = "whsec_"

SignatureErrorCode = Literal[
    "missing_header", "malformed_header", "stale_timestamp", "mismatch", "malformed_body"
]

_MESSAGES: Dict[str, str] = {
    "missing_header": "A signature header is missing. Check that the connection has a signing secret.",
    "malformed_header": "A signature header is malformed.",
    "stale_timestamp": "The timestamp is too old or too far ahead. Check the clock of this machine.",
    "mismatch": "The signature does not match. Check the secret, and verify the body before anything parses it.",
    "malformed_body": "The body is not an event of OpenSend.",
}


class SignatureError(Exception):
    """The request is not from your OpenSend: respond with 401. `code` says why."""

    def __init__(self, code: SignatureErrorCode) -> None:
        super().__init__(_MESSAGES[code])
        self.code = code


@dataclass(frozen=True)
class VerifiedEvent:
    """The event of a verified request."""

    # The same on every attempt: store it to handle each event only once.
    id: str
    type: str
    created_at: str
    data: Dict[str, Any]
    # When this attempt was signed, in Unix seconds.
    timestamp: int


def verify(
    body: Union[bytes, str],
    headers: Mapping[str, Any],
    secret: Union[str, Sequence[str]],
    *,
    scheme: Literal["standard", "opensend"] = "standard",
    tolerance_seconds: float = TOLERANCE_S,
    now: Optional[float] = None,
) -> VerifiedEvent:
    """Verifies that a request comes from your OpenSend, is unchanged and recent, and returns its event.

    `body` is the raw body, before it is parsed. `secret` is the signing secret of the connection, or several during a
    rotation. The scheme `standard` verifies `webhook-signature`, which also covers the id; `opensend` verifies
    `x-opensend-signature`, which does not. Raises SignatureError.
    """
    secrets = _checked_secrets(secret)
    raw = _bytes_of(body)
    prefix = "webhook" if scheme == "standard" else "x-opensend"
    event_id = _header(headers, "webhook-id")
    timestamp = _header(headers, f"{prefix}-timestamp")
    signature = _header(headers, f"{prefix}-signature")
    if event_id is None or timestamp is None or signature is None:
        raise SignatureError("missing_header")
    if not re.fullmatch("[0-9]{1,12}", timestamp):
        raise SignatureError("malformed_header")
    if abs((time.time() if now is None else now) - int(timestamp)) > tolerance_seconds:
        raise SignatureError("stale_timestamp")
    if scheme == "standard":
        signed = f"{event_id}.{timestamp}.".encode() + raw
        expected = [_standard_signature(_standard_key(one), signed) for one in secrets]
        given = signature.split(" ")
    else:
        signed = f"{timestamp}.".encode() + raw
        expected = [hmac.new(one.encode(), signed, hashlib.sha256).hexdigest() for one in secrets]
        # During a rotation, the previous secret's signature is in a separate header.
        given = [signature, _header(headers, "x-opensend-signature-previous") or ""]
    if not _any_equal(expected, given):
        raise SignatureError("mismatch")
    return VerifiedEvent(id=event_id, timestamp=int(timestamp), **_read_body(raw))


def _standard_signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _standard_key(secret: str) -> bytes:
    """The bytes encoded in a `whsec_` secret, otherwise the secret's text (Standard Webhooks 1.0.0)."""
    if not secret.startswith(STANDARD_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret[len(STANDARD_PREFIX) :], validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ValueError("`secret` starts with whsec_ but does not continue with base64. Copy all of it.")
    return key


def _any_equal(expected: List[str], given: List[str]) -> bool:
    """Compares in constant time."""
    found = False
    for one in given:
        for other in expected:
            found |= hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
    return found


def _header(headers: Any, name: str) -> Optional[str]:
    """None if the header is missing, empty or repeated."""
    pairs = headers.items() if hasattr(headers, "items") else headers
    found: List[Union[str, bytes]] = []
    for key, value in pairs:
        if _text(key).lower() == name:
            found.extend([value] if isinstance(value, (str, bytes)) else value or [])
    return _text(found[0]) or None if len(found) == 1 else None


def _text(value: Union[str, bytes]) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes_of(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise TypeError("`body` must be the raw body: bytes or text, not what a JSON parser makes of it.")


def _checked_secrets(given: Any) -> List[str]:
    secrets = [given] if isinstance(given, str) else list(given or [])
    if not secrets or not all(isinstance(one, str) and one for one in secrets):
        raise ValueError("`secret` is empty. Set it to the signing secret of the connection.")
    return secrets


def _read_body(raw: bytes) -> Dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8"))
    except ValueError:
        raise SignatureError("malformed_body") from None
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise SignatureError("malformed_body")
    return {name: value.get(name) for name in ("type", "created_at", "data")}
