"""An agent's desk, as a program that asks for suggestions has it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions.help_file import HELP_FILE, PROJECT
from scripts.run import Servers
from tests.conftest import AGENT_TOKEN, ASSIST, SUPERVISOR_TOKEN, pair, plain
from tests.data.sources import responses

BASE = "/webhooks/agent_assist"
JSON = "application/json"
CARDS: dict[str, Any] = dict(read_yaml_file(str(PROJECT / "data" / "agent_assist.yml")))
HELP_TEXT = " ".join(HELP_FILE.read_text(encoding="utf-8").split())

#: A message of a transcript: the customer's text, (author, text), or all of it.
Said = str | tuple[str, str] | dict[str, Any]


def messages(*said: Said) -> list[dict[str, Any]]:
    """The messages of a transcript."""
    listed: list[dict[str, Any]] = []
    for each in said:
        if isinstance(each, dict):
            listed.append(each)
        else:
            author, text = each if isinstance(each, tuple) else ("customer", each)
            listed.append({"author": author, "text": text})
    return listed


def response(name: str) -> str:
    """What the bot says, where the agents' interface says it."""
    variations = responses()[name]
    chosen = [variation for variation in variations if variation.get("channel") == "agent_assist"] or variations
    return str(chosen[0]["text"])


@dataclass(frozen=True)
class Card:
    """A suggestion."""

    body: dict[str, Any]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.body["id"])

    @property
    def kind(self) -> str:
        """What it is: an answer, the next question, whom to hand over to."""
        return str(self.body["kind"])

    @property
    def title(self) -> str:
        """What it is, for the agent."""
        return str(self.body["title"])

    @property
    def draft(self) -> str:
        """What may be sent."""
        return str(self.body["reply_draft"])

    @property
    def urls(self) -> list[str]:
        """Where its links lead."""
        return [str(link["url"]) for link in self.body["links"]]

    @property
    def sentences(self) -> list[str]:
        """What the help file says."""
        return [str(sentence) for sentence in self.body["source"]["sentences"]]

    @property
    def missing(self) -> list[str]:
        """Questions whose answer is not known."""
        return [str(missing["id"]) for missing in self.body["missing"]]

    def payload(self, title: str) -> str:
        """What the quick reply with this title sends."""
        (found,) = [reply["payload"] for reply in self.body["quick_replies"] if plain(reply["title"]) == plain(title)]
        return str(found)


@dataclass(frozen=True)
class Suggested:
    """What was suggested."""

    body: dict[str, Any]

    @property
    def cards(self) -> list[Card]:
        """All of it."""
        return [Card(card) for card in self.body["suggestions"]]

    @property
    def first(self) -> Card:
        """The best suggestion."""
        return self.cards[0]

    @property
    def conclusion(self) -> str | None:
        """What stands about the customer."""
        conclusion: str | None = self.body["conclusion"]
        return conclusion

    @property
    def row(self) -> str | None:
        """Where in the help file that is from."""
        row: str | None = self.body["row"]
        return row

    @property
    def abstained(self) -> Any:
        """Why nothing is suggested for the last message; False otherwise."""
        return self.body["abstained"]

    @property
    def missing(self) -> list[str]:
        """Questions whose answer is not known."""
        return [str(missing["id"]) for missing in self.body["missing"]]


@dataclass(frozen=True)
class Answer:
    """An answer over HTTP."""

    status: int
    headers: Message
    raw: bytes

    @property
    def body(self) -> Any:
        """Its JSON."""
        return json.loads(self.raw)

    @property
    def error(self) -> str:
        """Why not, in French."""
        assert self.headers.get_content_type() == JSON, self.raw[:200]
        return str(self.body["error"])


class Desk:
    """Asks a server in the name of an agent, or of another token."""

    def __init__(self, url: str, token: str = AGENT_TOKEN, supervisor: str = SUPERVISOR_TOKEN) -> None:
        self.url, self.token, self.supervisor = url + BASE, token, supervisor

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        raw: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask anything; ``token`` in place of the agent's, an empty one for none at all."""
        token = self.token if token is None else token
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        given = {"Content-Type": JSON, **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        request = urllib.request.Request(self.url + path, data, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def ask(self, *said: Said, **more: Any) -> Answer:
        """Ask for suggestions, whatever the status."""
        return self.call("POST", "/suggestions", {"messages": messages(*said), **more})

    def suggest(self, *said: Said, **more: Any) -> Suggested:
        """Ask for suggestions: what customers (texts) and others ((author, text)) said."""
        answer = self.ask(*said, **more)
        assert answer.status == 200, answer.raw.decode()
        return Suggested(answer.body)

    def tell(self, suggestion: str, event: str, **more: Any) -> Answer:
        """Tell what became of a suggestion."""
        return self.call("POST", "/feedback", {"suggestion_id": suggestion, "event": event, **more})

    def feedback(self, card: Card, *events: str, **more: Any) -> None:
        """Tell what became of a suggestion, one event after the other; all are new."""
        for event in events:
            answer = self.tell(card.id, event, **more)
            assert (answer.status, answer.body) == (200, {"kept": True}), answer.raw.decode()

    def metrics(self, **query: str) -> dict[str, Any]:
        """The figures."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.call("GET", f"/metrics?{asked}", token=self.supervisor)
        assert answer.status == 200, answer.raw.decode()
        return dict(answer.body)


@pytest.fixture(scope="session")
def desk(servers: Servers) -> Desk:
    return Desk(servers.url)


@contextmanager
def own_servers(folder: Path, **environment: str) -> Iterator[Servers]:
    """A pair of servers of a test's own, with agents' tokens."""
    with pair(folder, {**ASSIST, **environment}) as started:
        yield started


def some_card(desk: Desk) -> Card:
    """A suggestion that nobody else was made."""
    return desk.suggest("Qui est le contact de facturation de mon compte ?", conversation={"id": uuid.uuid4().hex}).first


class Chat:
    """A conversation of a customer with an agent, whose desk asks for suggestions after each message of the customer.

    Args:
        desk: the agent's.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk, self._id = desk, uuid.uuid4().hex
        self.messages: list[dict[str, Any]] = []

    def hear(self, *texts: str, **more: Any) -> Suggested:
        """The customer writes messages, one after the other; what is suggested then."""
        self.messages += messages(*texts)
        return self._desk.suggest(*self.messages, conversation={"id": self._id}, **more)

    def send(self, *texts: str) -> None:
        """The agent writes messages."""
        self.messages += messages(*(("agent", text) for text in texts))

    def tell(self, *texts: str) -> Suggested:
        """The customer writes messages, and the agent answers each with the first draft; what is suggested for the last."""
        suggested = self.hear(texts[0])
        for text in texts[1:]:
            self.send(suggested.first.draft)
            suggested = self.hear(text)
        return suggested


@pytest.fixture
def chat(desk: Desk) -> Chat:
    return Chat(desk)
