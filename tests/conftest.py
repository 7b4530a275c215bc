"""The real pair of servers, on ports of their own, with a conversation store of their own."""

from __future__ import annotations

import json
import re
import secrets
import signal
import sqlite3
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from scripts.run import CREDENTIALS, HOST, Servers, free_port, spare

pytest_plugins = ["tests.browser"]

#: Another site that may use the widget (tests/widget/), and what the sessions are signed with.
FRIENDLY = f"http://{HOST}:{free_port()}"
SECRET = secrets.token_urlsafe(48)
#: What agents' desks ask with, and those who read the figures. FRIENDLY may show the agents' panel as well.
AGENT_TOKEN, SUPERVISOR_TOKEN = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
ASSIST = {
    "AIGUILLEUR_ASSIST_AGENT_TOKENS": AGENT_TOKEN,
    "AIGUILLEUR_ASSIST_SUPERVISOR_TOKENS": SUPERVISOR_TOKEN,
    "AIGUILLEUR_ASSIST_DESKS": FRIENDLY,
    "AIGUILLEUR_ASSIST_OPEN": "",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the tests (``make test``); those of a folder stay together, for its servers start once."""
    for item in items:
        kind = "panel" if item.path.name.startswith("test_panel") else item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(kind))


class Reply:
    """What the bot answered to one message."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.messages = messages
        self.texts = [message["text"] for message in messages if message.get("text")]
        self.text = "\n\n".join(self.texts)
        self.buttons = [button for message in messages for button in message.get("buttons", [])]

    def payload(self, title: str) -> str:
        """What the button with this title sends."""
        (found,) = [button["payload"] for button in self.buttons if button["title"].replace("\u00a0", " ") == title]
        return str(found)


class Conversation:
    """A conversation with the bot over HTTP, as a channel's client has it."""

    def __init__(self, url: str, sender: str | None = None) -> None:
        self.url, self.sender = url, sender or f"test-{uuid.uuid4()}"

    def say(self, message: str) -> Reply:
        """Send a message."""
        status, answer = post(f"{self.url}/webhooks/rest/webhook", {"sender": self.sender, "message": message})
        assert status == 200, answer
        return Reply(answer)

    def tell(self, *messages: str) -> Reply:
        """Send messages one after the other; the last answer."""
        replies = [self.say(message) for message in messages]
        return replies[-1]

    def click(self, reply: Reply, title: str) -> Reply:
        """Click a button of an answer."""
        return self.say(reply.payload(title))

    def tracker(self) -> dict[str, Any]:
        """Rasa's record of the conversation."""
        with urllib.request.urlopen(f"{self.url}/conversations/{self.sender}/tracker", timeout=60) as answer:
            return dict(json.load(answer))

    @property
    def conclusion(self) -> str | None:
        """What stands about the user."""
        conclusion: str | None = self.tracker()["slots"]["conclusion"]
        return conclusion

    @property
    def intent(self) -> str:
        """What the last message was taken for."""
        return str(self.tracker()["latest_message"]["intent"]["name"])


#: How a server is run that logs all it can.
TALKATIVE = {"LOG_LEVEL": "DEBUG"}


def leaks(servers: Servers, *secrets: str) -> list[tuple[str, str]]:
    """Where secrets are in the files of a pair of servers, databases and logs, whatever their form."""
    files = {path: path.read_bytes() for path in servers.logs.parent.rglob("*") if path.is_file()}
    names = {path.name for path in files}
    assert {"conversations.db", "rasa.log", "actions.log"} <= names and files[servers.logs / "rasa.log"]
    return [(path.name, secret) for path, content in files.items() for secret in secrets if secret.encode() in content]


@contextmanager
def without_actions(servers: Servers) -> Iterator[None]:
    """While the action server is down."""
    servers.stop("actions")
    try:
        yield
    finally:
        servers.start_actions()


@contextmanager
def halted(servers: Servers, name: str) -> Iterator[None]:
    """While a server is there, but does nothing."""
    servers.send_signal(name, signal.SIGSTOP)
    try:
        yield
    finally:
        servers.send_signal(name, signal.SIGCONT)


def settle(servers: Servers, seconds: float = 60) -> None:
    """Wait until all that Slack or Teams told has been answered, and shown."""
    end = time.monotonic() + seconds
    with closing(sqlite3.connect(servers.logs.parent / "inbox.db")) as file:
        while file.execute("select count(*) from accepted where data is not null").fetchone() != (0,):
            assert time.monotonic() < end, "something is still to be answered"
            time.sleep(0.02)


def plain(text: str) -> str:
    """A text with ordinary blanks, and no more than one in a row."""
    return " ".join(text.replace("\u00a0", " ").split())


def post(address: str, body: Any, raw: bytes | None = None, text: bool = False) -> tuple[int, Any]:
    """Post JSON; the status, and the answer's JSON (or text)."""
    load = bytes.decode if text else json.loads
    data = raw if raw is not None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, load(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, load(error.read())


def conclusion(servers: Servers, sender: str) -> str | None:
    """What stands about the user of a conversation."""
    return Conversation(servers.url, sender).conclusion


def channels_at(folder: Path, channel: str, **settings: str) -> Path:
    """A channels file as the project's, with other settings for one channel."""
    before, name, lines = CREDENTIALS.read_text(encoding="utf-8").partition(f"channels.{channel}.")
    for setting, value in settings.items():
        lines, found = re.subn(rf"^  {setting}: .*$", f"  {setting}: {value}", lines, count=1, flags=re.MULTILINE)
        assert found, f"{channel} has no setting {setting}"
    (folder / "credentials.yml").write_text(before + name + lines, encoding="utf-8")
    return folder / "credentials.yml"


@contextmanager
def pair(folder: Path, environment: dict[str, str], credentials: Path = CREDENTIALS) -> Iterator[Servers]:
    """A pair of servers of a test's own, with Rasa's HTTP API."""
    started = spare(folder, api=True, environment=environment, credentials=credentials)
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    environment = {"AIGUILLEUR_WIDGET_ORIGINS": FRIENDLY, "AIGUILLEUR_WIDGET_SECRET": SECRET, **ASSIST}
    with pair(tmp_path_factory.mktemp("servers"), environment) as started:
        yield started


@pytest.fixture
def talk(servers: Servers) -> Conversation:
    return Conversation(servers.url)
