"""What the bot posted, as its reader has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.peers.teams_limits import ADAPTIVE_CARD

#: In a card, what is readable, in the order in which it is read.
READABLE = ("label", "text", "title", "value", "placeholder")
#: What is not part of the card's own tree.
OPAQUE = ("data", "msteams", "msTeams", "fallback", "refresh", "authentication")


@dataclass
class Activity:
    """One activity of the bot's in a conversation; ``body`` as last put, ``history`` what it was before."""

    conversation: str
    id: str
    reply_to: str | None
    body: dict[str, Any]
    history: list[dict[str, Any]] = field(default_factory=list)
    deleted: bool = False

    @property
    def type(self) -> str:
        """Either message or typing."""
        return str(self.body["type"])

    @property
    def text(self) -> str:
        """The message's text, without its cards'."""
        return str(self.body.get("text") or "")

    def cards(self) -> list[dict[str, Any]]:
        """The contents of the Adaptive Cards."""
        attachments = self.body.get("attachments") or []
        return [attachment["content"] for attachment in attachments if attachment["contentType"] == ADAPTIVE_CARD]

    def texts(self) -> list[str]:
        """All that can be read in the message and its cards, but for the buttons."""
        texts = [self.text] if self.text else []
        for card in self.cards():
            for item in walk(card):
                if not str(item.get("type", "")).startswith("Action."):
                    texts += [item[name] for name in READABLE if isinstance(item.get(name), str) and item[name]]
                    texts += [run for run in item.get("inlines", []) if isinstance(run, str)]
        return texts

    def actions(self, kind: str) -> list[dict[str, Any]]:
        """The actions of a type in the cards, wherever they are."""
        return [item for card in self.cards() for item in walk(card) if item.get("type") == kind]

    def choices(self) -> list[dict[str, Any]]:
        """The cards' buttons that send something to the bot."""
        return self.actions("Action.Submit")

    def links(self) -> list[dict[str, Any]]:
        """The cards' buttons that open a page."""
        return self.actions("Action.OpenUrl")

    def suggested(self) -> list[dict[str, Any]]:
        """The suggested actions."""
        return list((self.body.get("suggestedActions") or {}).get("actions") or [])

    def titles(self) -> list[str]:
        """The titles of all buttons."""
        return [plain(str(action.get("title"))) for action in [*self.choices(), *self.links(), *self.suggested()]]

    def action(self, title: str) -> dict[str, Any]:
        """The button with this title; blanks count alike, non-breaking or not. LookupError if there is none, or more than one."""
        buttons = [*self.choices(), *self.links(), *self.suggested()]
        found = [button for button in buttons if plain(str(button.get("title"))) == plain(title)]
        if len(found) != 1:
            raise LookupError(f"{title!r} in {self.titles()}")
        return found[0]


def plain(text: str) -> str:
    """A text with ordinary blanks, and no more than one in a row."""
    return " ".join(text.split())


def walk(item: Any) -> Iterator[dict[str, Any]]:
    """All objects of a card, in the order in which they are written."""
    if isinstance(item, dict):
        yield item
        for name, child in item.items():
            if name not in OPAQUE:
                yield from walk(child)
    elif isinstance(item, list):
        for child in item:
            yield from walk(child)
