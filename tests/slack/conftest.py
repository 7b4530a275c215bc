"""Our servers with Slack's channel open, and the Slack that they talk to."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.run import Servers
from tests.conftest import channels_at, pair, plain, settle
from tests.peers.slack import Slack
from tests.peers.slack_records import Posted


@contextmanager
def workspace(folder: Path, socket: bool = False, more: Mapping[str, str] | None = None) -> Iterator[tuple[Slack, Servers]]:
    """A Slack, and our servers as its app: over HTTP, or in Socket Mode."""
    with Slack(socket=socket) as slack:
        secret = {"APP_TOKEN": slack.app_token} if socket else {"SIGNING_SECRET": slack.signing_secret}
        secrets = {f"AIGUILLEUR_SLACK_{name}": value for name, value in {"BOT_TOKEN": slack.bot_token, **secret}.items()}
        with pair(folder, {**secrets, **(more or {})}, channels_at(folder, "slack", api=slack.api)) as servers:
            slack.app_url = f"{servers.url}/webhooks/slack/events"
            yield slack, servers


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Slack, Servers]]:
    with workspace(tmp_path_factory.mktemp("slack")) as opened:
        yield opened


@pytest.fixture
def slack(both: tuple[Slack, Servers]) -> Iterator[Slack]:
    """The Slack; what was said before is forgotten, and nothing may have gone beyond its limits."""
    slack, servers = both
    slack.messages.clear()
    slack.calls.clear()
    yield slack
    settle(servers)
    assert slack.problems == []


@pytest.fixture
def servers(both: tuple[Slack, Servers]) -> Servers:
    return both[1]


@pytest.fixture
def user() -> str:
    """Somebody who has never written."""
    return f"U{uuid.uuid4().hex[:10].upper()}"


def said(posted: Posted) -> str:
    """All that can be read in a message."""
    return plain(" ".join(posted.texts()))


@pytest.fixture
def answer(slack: Slack) -> Callable[[], Posted]:
    """Waits for the next answer."""
    seen = 0

    def wait() -> Posted:
        nonlocal seen
        seen += 1
        return slack.wait_for(seen)[seen - 1]

    return wait
