"""What the bot says, as Slack's blocks. The classes of slack_sdk hold Slack's limits and refuse what is beyond them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    LinkButtonElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
)

from actions.buttons import Button
from channels import texts
from channels.answer import Link, Part
from channels.slack.mrkdwn import escaped, mrkdwn

#: Actions whose click is an answer; those that open a portal are not.
CHOICE, OPEN = "choice", "open"

#: Characters of a title beyond which choices are a list, since Slack may cut a button after about 30; and that it takes at most.
BUTTON_CHARACTERS, TITLE_CHARACTERS = 40, 75
MOST_OPTIONS = 10

Blocks = list[dict[str, Any]]


def blocks(parts: Sequence[Part], asked: str, hint: str | None = None) -> Blocks:
    """The blocks of one message.

    Args:
        parts: what a turn said.
        asked: the user whom the buttons are for.
        hint: a small last line.
    """
    numbers = count()
    made: list[Block] = []
    for part in parts:
        made += [SectionBlock(text=MarkdownTextObject(text=piece, verbatim=True)) for piece in _pieces(mrkdwn(part.text))]
        if part.links:
            made.append(ActionsBlock(elements=[_opening(number, link) for number, link in enumerate(part.links)]))
        if part.source:
            made.append(_small(part.source))
        made += _asking(part, asked, numbers)
    if hint:
        made.append(_small(hint))
    return [block.to_dict() for block in made]


@dataclass(frozen=True)
class Question:
    """Some choices of a message: of whom they are asked, and their number in it. Its blocks are ``choice:<user>:<number>:…``."""

    asked: str
    number: int

    @classmethod
    def of(cls, block: dict[str, Any]) -> Question | None:
        """The question whose choices a block has, if it has any."""
        kind, *rest = str(block.get("block_id")).split(":")
        return cls(rest[0], int(rest[1])) if kind == CHOICE and len(rest) == 3 and rest[1].isdigit() else None

    def block_id(self, number: int) -> str:
        """The id of one of its blocks."""
        return f"{CHOICE}:{self.asked}:{self.number}:{number}"


def answered(shown: Blocks, choice: Callable[[int], str | None]) -> Blocks:
    """The blocks of a message where choices that were made stand in place of the buttons.

    Args:
        shown: as Slack has them.
        choice: the payload that was chosen of a question, by its number.
    """
    titles: dict[Question | None, dict[str, str]] = {}
    for block in shown:
        titles.setdefault(Question.of(block), {}).update(_titles(block))
    made: Blocks = []
    done: set[int] = set()
    for block in shown:
        question = Question.of(block)
        payload = choice(question.number) if question else None
        if question is None or payload is None:
            made.append(block)
        elif question.number not in done:
            title = titles[question].get(payload, "")
            made.append(_small(texts.text("utter_chosen", title=title)).to_dict())
            done.add(question.number)
    return made


def _titles(block: dict[str, Any]) -> dict[str, str]:
    """The titles of the choices in a block, by their payloads."""
    choices = [
        choice
        for element in block.get("elements", ())
        for choice in (*element.get("options", ()), element.get("positive_button"), element.get("negative_button"), element)
        if choice
    ]
    return {choice["value"]: choice["text"]["text"] for choice in choices if "value" in choice}


def _asking(part: Part, asked: str, numbers: count[int]) -> list[Block]:
    """The choices of a part."""
    if not part.choices:
        return []
    question = Question(asked, next(numbers))
    if part.is_rating:
        return [ContextActionsBlock(block_id=question.block_id(0), elements=[_thumbs(part.choices)])]
    if len(part.choices) <= MOST_OPTIONS and any(len(choice["title"]) > BUTTON_CHARACTERS for choice in part.choices):
        return [ActionsBlock(block_id=question.block_id(0), elements=[_options(part.choices)])]
    most = ActionsBlock.elements_max_length
    return [
        ActionsBlock(
            block_id=question.block_id(start // most),
            elements=[_button(start + place, choice) for place, choice in enumerate(part.choices[start : start + most])],
        )
        for start in range(0, len(part.choices), most)
    ]


def _button(number: int, choice: Button) -> ButtonElement:
    return ButtonElement(text=_title(choice), action_id=f"{CHOICE}:{number}", value=choice["payload"])


def _options(choices: Sequence[Button]) -> RadioButtonsElement:
    """Titles too long for buttons, one below the other."""
    return RadioButtonsElement(
        action_id=f"{CHOICE}:0", options=[Option(text=_title(choice), value=choice["payload"]) for choice in choices]
    )


def _thumbs(choices: Sequence[Button]) -> FeedbackButtonsElement:
    positive, negative = (FeedbackButtonObject(text=_title(choice), value=choice["payload"]) for choice in choices)
    return FeedbackButtonsElement(action_id=f"{CHOICE}:0", positive_button=positive, negative_button=negative)


def _opening(number: int, link: Link) -> LinkButtonElement:
    return LinkButtonElement(text=PlainTextObject(text=link.title), url=link.url, action_id=f"{OPEN}:{number}")


def _title(choice: Button) -> PlainTextObject:
    title = choice["title"]
    return PlainTextObject(text=title if len(title) <= TITLE_CHARACTERS else title[: TITLE_CHARACTERS - 1].rstrip() + "…")


def _small(text: str) -> ContextBlock:
    return ContextBlock(elements=[MarkdownTextObject(text=escaped(text), verbatim=True)])


def _pieces(text: str) -> list[str]:
    """A text in pieces that a section can hold, cut where lines end, or else words."""
    most, pieces = SectionBlock.text_max_length, []
    while len(text) > most:
        end = max(text.rfind("\n", 1, most), 0) or max(text.rfind(" ", 1, most), 0) or most
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text]
