"""Our servers with Teams' channel open, and the Microsoft that they talk to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from channels.teams.activities import conversation
from scripts.run import Servers
from tests.conftest import channels_at, pair, plain, settle
from tests.peers.microsoft import Activity, Microsoft, User

QUESTION = "Qui est le contact de facturation de mon compte ?"


@contextmanager
def bot(
    microsoft: Microsoft, folder: Path, certificate: bool = False, more: Mapping[str, str] | None = None
) -> Iterator[Servers]:
    """Our servers as the bot of a Microsoft, by secret or certificate."""
    secret = {"CERTIFICATE": str(microsoft.certificate.together)} if certificate else {"SECRET": microsoft.secret}
    secrets = {"APP_ID": microsoft.APP_ID, "TENANT_ID": microsoft.TENANT, **secret}
    environment = {f"AIGUILLEUR_TEAMS_{name}": value for name, value in secrets.items()}
    environment |= {name: str(microsoft.ca_file) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")}
    environment |= more or {}
    settings = {
        "authority": microsoft.authority.removesuffix(f"/{microsoft.TENANT}"),
        "keys": microsoft.openid_metadata,
        "services": "127.0.0.1:*",
    }
    with pair(folder, environment, channels_at(folder, "teams", **settings)) as servers:
        microsoft.app_url = f"{servers.url}/webhooks/teams/messages"
        yield servers


@contextmanager
def tenant(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[tuple[Microsoft, Servers]]:
    """A Microsoft, and our servers as its bot."""
    with Microsoft() as microsoft, bot(microsoft, folder, more=more) as servers:
        yield microsoft, servers


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Microsoft, Servers]]:
    with tenant(tmp_path_factory.mktemp("teams")) as opened:
        yield opened


@pytest.fixture
def microsoft(both: tuple[Microsoft, Servers]) -> Iterator[Microsoft]:
    """The Microsoft; what was said before is forgotten, and nothing may have gone beyond Teams' limits."""
    microsoft, servers = both
    for kept in (microsoft.activities, microsoft.calls, microsoft.problems):
        kept.clear()
    yield microsoft
    settle(servers)
    assert microsoft.problems == []


@pytest.fixture
def servers(both: tuple[Microsoft, Servers]) -> Servers:
    return both[1]


@pytest.fixture
def log(servers: Servers) -> Path:
    """The log of the Rasa server."""
    return servers.logs / "rasa.log"


@pytest.fixture
def user(microsoft: Microsoft) -> User:
    """Somebody who has never written."""
    return microsoft.user(f"Camille {uuid.uuid4().hex[:8]}")


def said(posted: Activity) -> str:
    """All that can be read in a message."""
    return plain(" ".join(posted.texts()))


def sender(microsoft: Microsoft, user: User, posted: Activity | None = None) -> str:
    """Whose conversation it is in Rasa's record: with somebody in private, or where a message was posted."""
    written = microsoft.message(user, "")
    if posted:
        written["conversation"]["id"] = posted.conversation
    return conversation(written)


def everything(microsoft: Microsoft, activity: dict[str, Any]) -> list[Activity]:
    """All that the bot says where an activity is from, and to whom, once nothing more can come.

    It answers in order: what it says to a last « merci » comes last.
    """
    kept = ("serviceUrl", "channelId", "from", "conversation", "recipient", "channelData")
    last = {name: activity[name] for name in kept} | {"type": "message", "id": str(uuid.uuid4()), "text": "merci"}
    assert microsoft.deliver(last).status == 200
    here = activity["conversation"]["id"]

    def posted() -> list[Activity]:
        return [message for message in microsoft.messages() if message.conversation == here]

    microsoft.wait_until(lambda: any(message.reply_to == last["id"] for message in posted()), seconds=60)
    *before, thanked = posted()
    assert thanked.reply_to == last["id"], said(thanked)
    return before
