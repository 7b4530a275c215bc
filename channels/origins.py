"""Origins (RFC 6454), such as ``https://www.example.fr``, as administrators list them."""

from __future__ import annotations

import re

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+\Z")


def is_origin(text: str) -> bool:
    """Whether a text is the origin of a page."""
    return bool(_ORIGIN.match(text))


def origins(listed: str, variable: str) -> list[str]:
    """The origins of a list, as browsers write them.

    Args:
        listed: separated by commas or blanks.
        variable: where the list is from, for the message.

    Raises:
        ValueError: one of them is no origin: it has a path, a star, or no scheme.
    """
    named = [origin.rstrip("/") for origin in re.split(r"[,\s]+", listed) if origin]
    for origin in named:
        if not is_origin(origin):
            raise ValueError(f"{variable}: {origin!r} is no origin such as https://www.example.fr")
    return [_as_browsers_write_it(origin) for origin in named]


def _as_browsers_write_it(origin: str) -> str:
    """Small letters, and no port where it is the scheme's own."""
    return re.sub(r"\A(http(?=:.*:80\Z)|https(?=:.*:443\Z))(.*):\d+\Z", r"\1\2", origin.lower())
