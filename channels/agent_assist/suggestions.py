"""From what was heard to at most three suggestions: the answer, the next question, whom to hand over to.

What the bot would say, taken apart: each of its texts is a card of its own (data/agent_assist.yml lists which), or is said
before or after one.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.utils.io import read_yaml_file

from actions import help_file
from actions.buttons import PREFIX
from actions.help_file import PROJECT, Row
from channels.agent_assist.answers import contains
from channels.agent_assist.replay import Heard, replay
from channels.agent_assist.transcript import CUSTOMER, Transcript
from channels.answer import Link, Message, links

#: Probabilities, calibrated (docs/nlu.md), from which one may speak of high and of medium confidence.
HIGH, MEDIUM = 0.97, 0.85
MOST = 3

ANSWER, NEXT_QUESTION, HAND_OVER = "answer", "next_question", "hand_over"
#: What the bot says when it does not know, and why nothing is suggested then.
_ABSTAINS = {
    "utter_not_understood": "not_understood",
    "utter_not_understood_again": "not_understood",
    "utter_default": "not_understood",
    "utter_out_of_scope": "out_of_scope",
}
#: « Oui », « non »: nobody knows to what, where the bot's question was asked in other words.
_SHORT_ANSWERS = {"affirm", "deny"}
#: Said to rate the bot; agents have thumbs of their own.
_UNSAID = {"utter_ask_helpful"}

#: Nobody who talks to a person is offered one.
_TO_HUMAN = f"{PREFIX}request_human"

_CARDS: dict[str, Any] = dict(read_yaml_file(str(PROJECT / "data" / "agent_assist.yml")))
_VERSION = hashlib.sha256(help_file.HELP_FILE.read_bytes()).hexdigest()[:12]


@dataclass(frozen=True)
class Missing:
    """What is not known yet: a question of the bot, and what it would tell."""

    id: str
    title: str


@dataclass(frozen=True)
class Source:
    """Sentences of the help file, word for word."""

    sentences: tuple[str, ...] = ()
    title: str = _CARDS["page"]
    version: str = _VERSION


@dataclass
class Suggestion:
    """A card, as openapi.yaml describes it."""

    kind: str
    title: str
    reply_draft: str
    id: str = ""
    conclusion: str | None = None
    row: str | None = None
    confidence: float = 0.0
    confidence_level: str = "LOW"
    links: tuple[Link, ...] = ()
    source: Source = Source()
    missing: tuple[Missing, ...] = ()
    quick_replies: list[dict[str, str]] = field(default_factory=list)
    based_on: list[int] = field(default_factory=list)
    #: What it says of all that the bot says: tells the cards of a turn apart, and the same card again.
    main: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is sent."""
        return {name: value for name, value in asdict(self).items() if name != "main"}


async def suggest(agent: Agent, transcript: Transcript, most: int = MOST) -> dict[str, Any]:
    """What an agent could answer to the last message of a customer.

    Args:
        agent: the agent that answers the customers.
        transcript: what was said so far.
        most: how many suggestions there may be.

    Returns:
        A ``Suggestions`` of openapi.yaml.

    Raises:
        ReplayFailed: the bot could not answer.
    """
    heard = await replay(agent, transcript)
    model = str(agent.model_id)
    request_id = transcript.digest(model, _VERSION)
    last = transcript.of_customer[-1] if transcript.of_customer else None
    standing, cards, abstained = _standing(heard), list[Suggestion](), "unreadable"
    spoken = "\n".join(entry.text for entry in transcript.entries[last or 0 :] if entry.author != CUSTOMER)
    if heard and heard[-1].position == last:
        cards, why = _cards(heard[-1].said)
        cards = _asked_otherwise(heard) or cards
        left = [card for card in cards if not contains(spoken, card.main)]
        abstained = why or ("answered" if len(left) < len(cards) or not cards else "")
        cards = left
        for card in cards:
            _rest(card, [heard[-1], *(standing if card.row else [])])
    if not cards and standing:
        cards = [card for card in _cards(standing[0].said)[0] if card.row and not contains(spoken, card.main)]
        for card in cards:
            _rest(card, standing)
    elif cards:
        abstained = ""
    row, cards = _row(heard, standing), cards[:most]
    said_so_far = transcript.until(last).digest(model, _VERSION)
    for card in cards:
        # A card is the same one after the agent has said something that leaves it standing.
        card.id = f"sg_{said_so_far}_{hashlib.sha256(card.main.encode()).hexdigest()[:8]}"
        card.conclusion = heard[-1].conclusion
    return {
        "request_id": request_id,
        "suggestions": [card.as_json() for card in cards],
        "abstained": abstained or False,
        "conclusion": row.conclusion if row else None,
        "row": row.id if row else None,
        "missing": [asdict(missing) for card in cards for missing in card.missing],
        "model": model,
    }


def _asked_otherwise(heard: Sequence[Heard]) -> list[Suggestion]:
    """The bot's question once more, if it is unknown what « oui » answers: nobody asked it in these words."""
    if len(heard) < 2 or heard[-1].intent not in _SHORT_ANSWERS or heard[-1].question:
        return []
    return [card for card in _cards(heard[-2].said)[0] if card.kind == NEXT_QUESTION]


def _row(heard: Sequence[Heard], standing: Sequence[Heard]) -> Row | None:
    """The row of what stands."""
    if not heard or not heard[-1].conclusion:
        return None
    said = [message["row"] for message in standing[0].said if message.get("row")] if standing else []
    return help_file.load().rows[said[0]] if said else help_file.load().row_concluding(heard[-1].conclusion, heard[-1].portal)


def _standing(heard: Sequence[Heard]) -> list[Heard]:
    """What the conclusion that stands rests on: the message it comes from, and the one that said at which portal."""
    if not heard or not heard[-1].conclusion:
        return []
    number = max((number for number, each in enumerate(heard) if each.concludes), default=None)
    if number is None:
        return []
    concluding, before = heard[number], list(heard[:number])
    portal = before[-1].portal if before else None
    while len(before) > 1 and before[-2].portal == portal:
        before.pop()
    return [concluding, *before[-1:]] if portal and concluding.portal == portal else [concluding]


def _rest(card: Suggestion, heard: Iterable[Heard]) -> None:
    """Say what a card rests on, and how sure that is."""
    rests_on = list({each.position: each for each in heard}.values())
    card.based_on = sorted(each.position for each in rests_on)
    card.confidence = math.floor(1000 * min(each.confidence for each in rests_on)) / 1000  # 0.9996 is not certain
    card.confidence_level = "HIGH" if card.confidence >= HIGH else "MEDIUM" if card.confidence >= MEDIUM else "LOW"


def _cards(said: Iterable[Message]) -> tuple[list[Suggestion], str]:
    """What the bot would say, as cards; and why it abstains, if it does."""
    cards, before, why = list[Suggestion](), list[Message](), ""
    for message in said:
        response = message.get("utter_action", "")
        card = _card(response, message)
        if response in _ABSTAINS:
            why = _ABSTAINS[response]
        elif card:
            _join(card, before, first=True)
            cards.append(card)
            before = []
        elif response not in _UNSAID:
            before.append(message)
    if before and cards:
        _join(cards[-1], before, first=False)
    elif before and not why:
        text = "\n\n".join(message["text"] for message in before)
        cards = [Suggestion(ANSWER, _CARDS["other"], text, links=links(text), main=before[0]["text"])]
    return cards, why


def _join(card: Suggestion, messages: Iterable[Message], first: bool) -> None:
    """Say some texts before what a card says, or after it."""
    messages = list(messages)
    texts = [message["text"] for message in messages]
    card.reply_draft = "\n\n".join([*texts, card.reply_draft] if first else [card.reply_draft, *texts])
    card.links = links(card.reply_draft)
    steps = [message.get("utter_action", "").removeprefix("utter_steps_") for message in messages]
    portals = help_file.load().portals
    sentences = [sentence for portal in steps if portal in portals for sentence in portals[portal].source]
    card.source = Source((*sentences, *card.source.sentences))


def _card(response: str, message: Message) -> Suggestion | None:
    """The card that a text of the bot is, if it is one."""
    text = message["text"]
    buttons = [each for each in message.get("buttons") or () if each["payload"] != _TO_HUMAN]
    quick_replies = [{"title": each["title"], "payload": each["payload"]} for each in buttons]
    tables = help_file.load()
    question = response.removeprefix("utter_ask_") if response.startswith("utter_ask_") else response.removeprefix("utter_")
    if message.get("row"):
        row = tables.rows[message["row"]]
        card = Suggestion(ANSWER, _CARDS["conclusions"][row.conclusion], text, row=row.id, source=Source(row.source))
    elif question in _CARDS["questions"]:
        asked = _CARDS["questions"][question]
        missing = (Missing(question, asked["missing"]),)
        card = Suggestion(NEXT_QUESTION, asked["title"], text, source=Source(tuple(asked["source"])), missing=missing)
    elif response in _CARDS["hand_overs"]:
        listed = _CARDS["hand_overs"][response]
        card = Suggestion(HAND_OVER, listed["title"], text, source=Source(tuple(listed["source"])))
    elif response in _CARDS["answers"]:
        listed = _CARDS["answers"][response]
        card = Suggestion(ANSWER, listed["title"], text, source=Source(tuple(listed["source"])))
    else:
        about, _, conclusion = response.removeprefix("utter_").partition("_")
        if about not in _CARDS["about"] or conclusion not in _CARDS["conclusions"]:
            return None
        title = _CARDS["conclusions"][conclusion]
        title = f"{_CARDS['about'][about]} {title[0].lower()}{title[1:]}"
        card = Suggestion(ANSWER, title, text, source=Source(tables.row_concluding(conclusion).source))
    card.quick_replies, card.links, card.main = quick_replies, links(text), text
    return card
