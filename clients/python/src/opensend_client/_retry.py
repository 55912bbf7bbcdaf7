"""Decides whether a call is retried, and after what delay."""

from __future__ import annotations

import math
import re
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Optional

# The first delay; each further one is twice as long, up to the longest.
FIRST_DELAY_MS = 250
LONGEST_DELAY_MS = 8000
# If the server asks for a longer wait, the call fails and the caller decides.
RETRY_AFTER_MAX_S = 30
# Statuses below 500 that say nothing about the request itself.
TRANSIENT = frozenset((408, 425, 429))
# Statuses that no retry changes: not implemented, and unsupported HTTP version.
FINAL = frozenset((501, 505))

_SECONDS = re.compile(r"[0-9]{1,10}")
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
# The three forms of a date in HTTP (RFC 9110, section 5.6.7).
_DATE = re.compile(
    rf"[A-Za-z]{{3}}, [0-9]{{2}} [A-Za-z]{{3}} [0-9]{{4}} {_TIME} GMT"
    rf"|[A-Za-z]+, [0-9]{{2}}-[A-Za-z]{{3}}-[0-9]{{2}} {_TIME} GMT"
    rf"|[A-Za-z]{{3}} [A-Za-z]{{3}} [ 0-9][0-9] {_TIME} [0-9]{{4}}"
)


def read_retry_after(value: Optional[str], now: float) -> Optional[int]:
    """The seconds in a Retry-After header (RFC 9110, section 10.2.3); None if it is missing or malformed."""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return int(text)
    if not _DATE.fullmatch(text):
        return None
    try:
        at = parsedate_to_datetime(text).replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        return None
    return max(0, math.ceil(at.timestamp() - now))


def retry_delay_ms(
    status: Optional[int],
    code: Optional[str],
    retry_after: Optional[int],
    failures: int,
    retries_max: int,
    random: float,
) -> Optional[float]:
    """The milliseconds to wait before the next attempt, or None to give up.

    Every call is safe to repeat: events have ids, actions have idempotency keys, and all other calls lead to the same
    state. `status` is None without a response; `failures` counts the attempts so far; `random` is from 0 to 1.
    """
    if failures > retries_max or not _is_transient(status, code):
        return None
    backoff = min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** min(failures - 1, 30))
    if retry_after is None:
        return backoff * (0.5 + 0.5 * random)
    # Random, so that clients refused at the same time do not all retry at the same time.
    return None if retry_after > RETRY_AFTER_MAX_S else retry_after * 1000 + backoff * random


def _is_transient(status: Optional[int], code: Optional[str]) -> bool:
    if status is None or status in TRANSIENT or code == "idempotency_key_in_use":
        return True
    return status >= 500 and status not in FINAL
