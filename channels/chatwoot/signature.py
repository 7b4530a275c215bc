"""Chatwoot's signature on what it sends (``lib/webhooks/trigger.rb``): HMAC-SHA256 of the time and the body, in hex."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping

#: Seconds by which a request may be older, or its clock ahead.
WINDOW = 300
#: Figures that a time may have: of more, neither a time nor a difference can be made.
FIGURES = 12


def is_signed(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether a request was signed with the secret, in the last five minutes.

    Args:
        headers: ``X-Chatwoot-Timestamp`` (seconds since 1970) and ``X-Chatwoot-Signature`` (``sha256=…``).
        body: as it came.
        secret: of the agent bot.
    """
    timestamp = headers.get("x-chatwoot-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdecimal()) or len(timestamp) > FIGURES:
        return False
    if abs(time.time() - int(timestamp)) > WINDOW:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    given = headers.get("x-chatwoot-signature", "")
    return hmac.compare_digest(f"sha256={expected}".encode(), given.encode(errors="replace"))
