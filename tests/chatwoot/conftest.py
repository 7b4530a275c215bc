"""Our servers as the agent bot of an inbox, and the Chatwoot that they talk to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.run import Servers
from tests.conftest import pair, plain, settle
from tests.peers.chatwoot import Chatwoot, Contact, Message

QUESTION = "Qui est le contact de facturation de mon compte ?"


@contextmanager
def desk(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[tuple[Chatwoot, Servers]]:
    """A Chatwoot, and our servers as its agent bot."""
    with Chatwoot() as chatwoot:
        secrets = {
            "URL": chatwoot.url,
            "ACCOUNT": str(chatwoot.ACCOUNT),
            "BOT_TOKEN": chatwoot.bot_token,
            "SECRET": chatwoot.secret,
            "AGENT_TOKEN": chatwoot.agent_token,
        }
        environment = {f"AIGUILLEUR_CHATWOOT_{name}": value for name, value in secrets.items()}
        with pair(folder, {**environment, **(more or {})}) as servers:
            chatwoot.app_url = f"{servers.url}/webhooks/chatwoot/bot"
            yield chatwoot, servers


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatwoot, Servers]]:
    with desk(tmp_path_factory.mktemp("chatwoot")) as opened:
        yield opened


@pytest.fixture
def chatwoot(both: tuple[Chatwoot, Servers]) -> Iterator[Chatwoot]:
    """The Chatwoot; what was said before is forgotten, and nothing may have gone beyond its rules."""
    chatwoot, servers = both
    chatwoot.forget()
    yield chatwoot
    settle(servers)
    chatwoot.idle()
    assert chatwoot.problems == []


@pytest.fixture
def servers(both: tuple[Chatwoot, Servers]) -> Servers:
    return both[1]


@pytest.fixture
def customer(chatwoot: Chatwoot) -> Contact:
    """Somebody who has never written."""
    return chatwoot.contact(f"Camille {uuid.uuid4().hex[:8]}")


def said(*messages: Message) -> str:
    """All that can be read in messages, choices included."""
    return plain(" ".join([*(message.content or "" for message in messages), *(t for m in messages for t in m.titles)]))


@contextmanager
def before_june(chatwoot: Chatwoot) -> Iterator[None]:
    """While bots may not ask who has a conversation (that one has asked, is no problem)."""
    chatwoot.api.bot_may.discard("show")
    try:
        yield
    finally:
        chatwoot.api.bot_may.add("show")
        chatwoot.problems[:] = [problem for problem in chatwoot.problems if "not authorized for bots" not in problem]


@contextmanager
def untold(chatwoot: Chatwoot) -> Iterator[None]:
    """While the bot is told nothing."""
    address, chatwoot.app_url = chatwoot.app_url, ""
    try:
        yield
    finally:
        chatwoot.app_url = address


def waiting(chatwoot: Chatwoot) -> None:
    """Wait until an answer was refused for now."""
    chatwoot.wait_until(lambda: any(call.status == 429 for call in chatwoot.calls))


def quiet(chatwoot: Chatwoot, servers: Servers) -> None:
    """Wait until nothing more can come of what was told so far."""
    settle(servers)
    chatwoot.idle()
    settle(servers)


@contextmanager
def logged(servers: Servers) -> Iterator[list[str]]:
    """The lines that the server logs meanwhile, once it is over."""
    path, lines = servers.logs / "rasa.log", list[str]()
    size = path.stat().st_size
    yield lines
    lines += path.read_bytes()[size:].decode().splitlines()
