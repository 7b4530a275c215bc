"""What is posted of an answer: its text, and its choices as the customer's own channel can show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.buttons import Button
from channels.answer import Part

#: Where Chatwoot hands choices on as they are, and Meta refuses the whole message if there is too much of anything.
_WHATSAPP = "Channel::Whatsapp"
#: Up to so many choices are buttons, more are a list (``app/services/whatsapp/providers/base_service.rb``).
_BUTTONS = 3
#: What Meta takes: rows of a list, characters of a button, of a row, and of the text above.
_ROWS, _BUTTON_CHARACTERS, _ROW_CHARACTERS, _TEXT_CHARACTERS = 10, 20, 24, 1024


def contents(said: Sequence[Part], channel: str) -> dict[str, Any]:
    """The body of a message.

    Args:
        said: what the bot said.
        channel: through which the customer writes, such as ``Channel::WebWidget``.
    """
    text = "\n\n".join(part.text for part in said)
    choices = [choice for part in said for choice in part.choices]
    message: dict[str, Any] = {"content": text, "message_type": "outgoing", "private": False}
    if not choices:
        return message
    if channel == _WHATSAPP and not _fits(text, choices):
        return {**message, "content": "\n\n".join(map(_in_lines, said))}
    items = [{"title": choice["title"], "value": choice["payload"]} for choice in choices]
    return {**message, "content_type": "input_select", "content_attributes": {"items": items}}


def without_choices(message: dict[str, Any]) -> dict[str, Any]:
    """The same message, its text alone."""
    return {name: value for name, value in message.items() if not name.startswith("content_")}


def _fits(text: str, choices: Sequence[Button]) -> bool:
    longest = _BUTTON_CHARACTERS if len(choices) <= _BUTTONS else _ROW_CHARACTERS
    are_short = all(len(choice["title"]) <= longest for choice in choices)
    return are_short and len(choices) <= _ROWS and len(text) <= _TEXT_CHARACTERS


def _in_lines(part: Part) -> str:
    """A text with its choices below, to be answered in words; nobody says a thumb."""
    titles = [] if part.is_rating else [f"• {choice['title']}" for choice in part.choices]
    return "\n".join([part.text, *titles])
