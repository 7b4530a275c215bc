"""Which pages may talk to the server."""

from __future__ import annotations

import pytest

from channels.widget.origins import Origins

HOST = "bot.exemple.fr"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://bot.exemple.fr", True),
        ("https://www.exemple.fr", True),
        ("https://aide.exemple.fr:8443", True),
        ("http://www.exemple.fr", False),
        ("https://www.exemple.fr.evil.example", False),
        ("https://evil.example", False),
        ("https://www.exemple.fr:444", False),
        ("https://majuscules.exemple.fr", True),
        ("null", False),
        ("http://[", False),
        ("file://", False),
    ],
)
def test_who_may(origin: str | None, allowed: bool) -> None:
    origins = Origins("https://www.exemple.fr/, https://aide.exemple.fr:8443 https://Majuscules.exemple.fr:443")
    assert origins.allows(origin, HOST) is allowed


def test_nobody_is_listed_by_default() -> None:
    assert not Origins().allows("https://www.exemple.fr", HOST)
    assert not Origins().allows("null", None)
