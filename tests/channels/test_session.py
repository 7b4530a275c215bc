"""Session tokens: only ours count, and one in use lasts."""

from __future__ import annotations

import time

import jwt
import pytest
from rasa.shared.exceptions import RasaException

from channels.widget.channel import WidgetInput
from channels.widget.session import LIFETIME, Sessions

SECRET = "a secret of at least thirty-two characters"


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(SECRET)


def issued(monkeypatch: pytest.MonkeyPatch, seconds_ago: float) -> str:
    """A token from the past."""
    now = time.time()
    with monkeypatch.context() as past:
        past.setattr(time, "time", lambda: now - seconds_ago)
        return Sessions(SECRET).issue()


def test_a_token_is_for_one_new_conversation(sessions: Sessions) -> None:
    conversations = {sessions.conversation(sessions.issue()) for _ in range(100)}
    assert len(conversations) == 100 and all(str(one).startswith("widget:") for one in conversations)


def test_a_young_token_stays_and_an_older_one_is_renewed(monkeypatch: pytest.MonkeyPatch, sessions: Sessions) -> None:
    young, older = (issued(monkeypatch, LIFETIME * share) for share in (0.4, 0.6))
    assert sessions.renewed(young) == young
    renewed = sessions.renewed(older)
    assert renewed != older and sessions.conversation(renewed) == sessions.conversation(older)
    assert lifetime_left(renewed) > lifetime_left(older)


def lifetime_left(token: str) -> int:
    return int(jwt.decode(token, options={"verify_signature": False})["exp"])


def test_an_expired_token_is_for_nothing(monkeypatch: pytest.MonkeyPatch, sessions: Sessions) -> None:
    token = issued(monkeypatch, LIFETIME + 60)
    assert sessions.conversation(token) is None
    assert sessions.conversation(sessions.renewed(token)) is not None


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", 3, {}, "widget:0123456789abcdef0123456789abcdef"])
def test_anything_else_is_for_nothing(token: object, sessions: Sessions) -> None:
    assert sessions.conversation(token) is None


def test_a_token_of_another_secret_is_for_nothing(sessions: Sessions) -> None:
    assert sessions.conversation(Sessions(SECRET[::-1]).issue()) is None


@pytest.mark.parametrize(
    ("credentials", "problem"),
    [
        ({}, "the widget lacks 'secret'"),
        ({"secret": "short"}, "AIGUILLEUR_WIDGET_SECRET needs at least 32 characters"),
        ({"secret": SECRET, "origins": "*"}, r"'\*' is no origin"),
        ({"secret": SECRET, "origins": "https://a.fr, www.b.fr"}, "'www.b.fr' is no origin"),
        ({"secret": SECRET, "origins": "https://a.fr/help"}, "'https://a.fr/help' is no origin"),
    ],
)
def test_settings_that_cannot_be_used_are_named(credentials: dict[str, str], problem: str) -> None:
    with pytest.raises(RasaException, match=problem):
        WidgetInput.from_credentials(credentials)
