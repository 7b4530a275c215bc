"""What a turn said, as the platforms show it: texts, choices, links to the portals, the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions import help_file
from actions.buttons import PREFIX, Button
from channels import texts
from channels.output import TurnOutput

#: One thing that the bot said, as Rasa hands it to a channel: ``text``, ``buttons``, and what the action added (``row``).
Message = dict[str, Any]

#: An address in a text of ours. No quotation mark, which would end it in markup.
_ADDRESS = re.compile(r"https://[\w.-]*\w(:\d+)?(/[^\s()«»<>\"]*[^\s()«»<>\".,;:!?])?")

#: Payloads of the thumbs.
THUMBS = [f"{PREFIX}feedback_positive", f"{PREFIX}feedback_negative"]


@dataclass(frozen=True)
class Link:
    """A button that opens an address."""

    title: str
    url: str


@dataclass(frozen=True)
class Part:
    """A text with what belongs to it.

    ``links`` are the portals that the text names by their address; ``source`` says where a conclusion comes from.
    """

    text: str
    choices: tuple[Button, ...]
    links: tuple[Link, ...]
    source: str | None

    @property
    def is_rating(self) -> bool:
        """Whether the choices are the thumbs."""
        return [choice["payload"] for choice in self.choices] == THUMBS


class WholeOutput(TurnOutput):
    """Collects what the bot says whole, with what its action added. A channel's own gives its name.

    Rasa's own ``send_response`` takes a message apart and drops the rest.
    """

    async def send_response(self, recipient_id: str, message: Message) -> None:
        """Collect a message as it is."""
        await self._persist_message(dict(message))


def parts(messages: Iterable[Message]) -> list[Part]:
    """What a turn said, ready to be shown."""
    return [
        Part(
            text=message["text"],
            choices=tuple(Button(title=button["title"], payload=button["payload"]) for button in message.get("buttons") or ()),
            links=links(message["text"]),
            source=texts.text("utter_source") if message.get("row") else None,
        )
        for message in messages
        if message.get("text")
    ]


def links(text: str) -> tuple[Link, ...]:
    """Links to the portals that a text names by their address."""
    return tuple(
        Link(texts.text("utter_open_portal", portal=portal.name), portal.url)
        for portal in help_file.load().portals.values()
        if portal.url in text
    )


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A text, its addresses apart: each piece, and whether it is one."""
    end = 0
    for address in _ADDRESS.finditer(text):
        if address.start() > end:
            yield text[end : address.start()], False
        yield address.group(), True
        end = address.end()
    if end < len(text):
        yield text[end:], False


def said(record: DialogueStateTracker | None, message_id: str) -> list[Message]:
    """What the bot said to the message with this id, from the record of the conversation."""
    messages: list[Message] = []
    asked = False
    for event in record.events if record else ():
        if isinstance(event, UserUttered):
            asked = event.message_id == message_id
            messages = [] if asked else messages  # answered anew, after a failure
        elif asked and isinstance(event, BotUttered):
            messages.append(event.message())
    return messages


def clicked(record: DialogueStateTracker | None, turn: str) -> str | None:
    """The payload of the button whose click made a turn; None if there was no such turn, or no answer to it."""
    for event in reversed(record.events if record else ()):
        if isinstance(event, UserUttered) and event.message_id == turn and event.parse_data.get("clicked"):
            return str(event.parse_data["clicked"]) if said(record, turn) else None
    return None
