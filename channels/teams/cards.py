"""What the bot says, as Teams shows it: a text, a text with suggestions, or an Adaptive Card with buttons."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.buttons import Button
from channels import texts
from channels.answer import Link, Part, pieces
from channels.choice import is_plain

CARD = "application/vnd.microsoft.card.adaptive"
#: The version that Teams shows on all devices (learn.microsoft.com, "Types of cards").
VERSION = "1.5"
#: Actions of a set: as many as Microsoft's renderer shows unless told otherwise; Teams hides those after the sixth.
MOST_ACTIONS = 5
#: Suggestions below a message in a chat of two ("Create conversations through suggested actions").
MOST_SUGGESTIONS = 3

Json = dict[str, Any]
NOTHING: Mapping[int, str] = {}


def message(
    parts: Sequence[Part], sender: str, turn: str, personal: bool, chosen: Mapping[int, str] = NOTHING, hint: str | None = None
) -> Json:
    """The content of one message activity.

    Args:
        parts: what a turn said.
        sender: whose buttons they are.
        turn: id of the turn, by which a click finds the card again.
        personal: whether this is a chat of two, where suggestions can be shown.
        chosen: payloads of the buttons that were clicked, by the number of their part; they stand in place of the buttons.
        hint: a small last line.
    """
    choices = [choice for part in parts for choice in part.choices]
    links = any(part.links or part.source for part in parts)
    if not links and personal and _can_be_suggested(choices):
        suggested = [{"type": "imBack", "title": choice["title"], "value": choice["title"]} for choice in choices]
        return {**plain(parts, hint), **({"suggestedActions": {"actions": suggested}} if suggested else {})}
    if not links and not choices:
        return plain(parts, hint)
    body: list[Json] = []
    for number, part in enumerate(parts):
        body += _paragraphs(part.text, first=not body)
        body += [_actions([_opening(link) for link in part.links])] if part.links else []
        body += [_small(part.source)] if part.source else []
        body += _choices(part, {"for": sender, "turn": turn, "question": number}, chosen.get(number))
    body += [_small(hint)] if hint else []
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "msteams": {"width": "Full"},
        "body": body,
    }
    summary = " ".join(part.text for part in parts)
    return {"type": "message", "summary": summary, "attachments": [{"contentType": CARD, "content": card}]}


def _can_be_suggested(choices: Sequence[Button]) -> bool:
    """Whether the choices may be suggestions, which send back their words."""
    return len(choices) <= MOST_SUGGESTIONS and all(map(is_plain, choices))


def _choices(part: Part, whose: Json, chosen: str | None) -> list[Json]:
    title = next((choice["title"] for choice in part.choices if choice["payload"] == chosen), None)
    if title is not None:
        return [_small(texts.text("utter_chosen", title=title))]
    buttons = [_submit(choice, whose) for choice in part.choices]
    return [_actions(buttons[start : start + MOST_ACTIONS]) for start in range(0, len(buttons), MOST_ACTIONS)]


def _submit(choice: Button, whose: Json) -> Json:
    """A click comes back as a message of the user, with the words of the button; what it means travels beside them."""
    back = {
        "type": "messageBack",
        "displayText": choice["title"],
        "text": choice["payload"],
        "value": {"payload": choice["payload"], **whose},
    }
    return {"type": "Action.Submit", "title": choice["title"], "data": {"msteams": back}}


def _opening(link: Link) -> Json:
    return {"type": "Action.OpenUrl", "title": link.title, "url": link.url}


def _actions(actions: list[Json]) -> Json:
    return {"type": "ActionSet", "actions": actions}


def _paragraphs(text: str, first: bool) -> list[Json]:
    """A text, a block a line: runs are shown as they are, where a TextBlock would read Markdown in what people wrote."""
    blocks: list[Json] = []
    for paragraph in text.split("\n\n"):
        for number, line in enumerate(paragraph.split("\n")):
            spacing = "None" if number or (first and not blocks) else "Medium"
            blocks.append({"type": "RichTextBlock", "spacing": spacing, "inlines": list(_runs(line or " "))})
    return blocks


def _runs(line: str) -> Iterable[Json]:
    for piece, is_address in pieces(line):
        opening = {"underline": True, "selectAction": {"type": "Action.OpenUrl", "url": piece}} if is_address else {}
        yield {**_run(piece), **opening}


def _run(text: str) -> Json:
    return {"type": "TextRun", "text": text}


def _small(text: str) -> Json:
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": [{**_run(text), "size": "Small", "isSubtle": True}]}


def plain(parts: Sequence[Part], hint: str | None = None) -> Json:
    """A plain message, in Teams' XML: its Markdown loses single line breaks."""
    last = f"<br/><br/><i>{html.escape(hint, quote=False)}</i>" if hint else ""
    text = "\n\n".join(part.text for part in parts)
    shown = (_link(piece) if is_address else html.escape(piece, quote=False) for piece, is_address in pieces(text))
    return {"type": "message", "textFormat": "xml", "text": "".join(shown).replace("\n", "<br/>") + last}


def _link(address: str) -> str:
    escaped = html.escape(address, quote=False)
    return f'<a href="{escaped}">{escaped}</a>'
