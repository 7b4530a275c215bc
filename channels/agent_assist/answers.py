"""What others said between two messages of the customer, put in place of what the bot would have said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered, SlotSet

from actions import help_file
from actions.turn import SENT_TO_CORPORATE
from channels.agent_assist.record import SENDER, last_turn
from channels.agent_assist.transcript import Entry
from channels.answer import Message
from channels.guard import kept
from channels.privacy import blanked
from components.text import fold

if TYPE_CHECKING:
    from channels.agent_assist.replay import Heard

#: Words that may follow a question (« Merci d’avance ! », a name) without making something else of it.
POLITE_WORDS = 4

#: Characters of what an agent wrote, from its end, in which portals are looked for.
CHARACTERS = 4000

CORPORATE = "corporate_portal"

#: The portals that a message may be about (None: nothing is known), where what an agent said leaves that open. The last one
#: is the likeliest.
Ways = tuple[str | None, ...]


async def answered(agent: Agent, heard: Sequence[Heard], entries: Sequence[Entry], ways: Ways) -> Ways:
    """Put what others said before a message of the customer in place of what the bot would have said.

    Args:
        agent: the agent of the replay.
        heard: the customer's messages before.
        entries: what others said since.
        ways: what was left open before.

    Returns:
        What is open now; nothing if it is known which portal the message is about, or if nobody spoke of any.
    """
    if not heard and not entries:
        return ()
    tracker = await agent.tracker_store.get_or_create_tracker(SENDER)
    if heard and not (entries and all(entry.author == "bot" for entry in entries)):  # nobody was shown the bot's buttons
        turn = last_turn(tracker)
        kept_events = [event for event in turn if not isinstance(event, BotUttered)]
        tracker.events = type(tracker.events)([*list(tracker.events)[: len(tracker.events) - len(turn)], *kept_events])
    question = await _asked(agent, tracker.get_slot("question"), entries[-1].text) if entries else None
    words = "\n".join(entry.text for entry in entries)
    portal = SENT_TO_CORPORATE if question == "corporate_sign_in" else _portal(tracker.get_slot("portal"), heard, words)
    named = await _portals_named(agent, _own(words, (message for each in heard for message in each.said)))
    current = CORPORATE if portal == SENT_TO_CORPORATE else portal
    if named and named != {current}:  # the agent speaks of another place: what is said next may be about either
        ways = _ways(named, is_corporate=CORPORATE in {current, *named, *ways})
    elif portal not in (None, CORPORATE):
        ways = ()
    if ways:
        portal = None
    for slot, value in (("question", question), ("portal", portal)):
        if tracker.get_slot(slot) != value:
            tracker.update(SlotSet(slot, value))
    await agent.tracker_store.save(tracker)
    return ways


def _ways(named: set[str], is_corporate: bool) -> Ways:
    """What is open where portals are named: that it is about none of them, about Corporate, about the only other one."""
    others = sorted(named - {CORPORATE})
    likeliest = others[0] if len(others) == 1 else None
    return (None, CORPORATE, likeliest) if is_corporate else (None, likeliest) if likeliest else ()


def _portal(portal: str | None, heard: Sequence[Heard], words: str) -> str | None:
    """Where the customer is, if the words that sent them to the Corporate portal were never said."""
    if portal != SENT_TO_CORPORATE or not heard or _is_sent(heard[-1], words):
        return portal
    rows = [message["row"] for message in heard[-1].said if message.get("row")]
    return help_file.load().rows[rows[0]].portal if rows else heard[-1].portal_before


def _is_sent(last: Heard, words: str) -> bool:
    """Whether the customer was told to go to the Corporate portal: by what was said now, or before."""
    address = help_file.load().portals["corporate_portal"].url
    seen = [message["text"] for message in last.said if contains(words, message["text"])]
    return last.portal_before == SENT_TO_CORPORATE or any(address in text for text in seen)


async def _asked(agent: Agent, pending: str | None, words: str) -> str | None:
    """The question that a message asks, in the bot's words and as its last one; None if it asks none, or otherwise."""
    responses, said = agent.domain.responses if agent.domain else {}, _plain(words)
    for name, variations in responses.items():
        if name.startswith("utter_ask_") and any([await _ends_with(agent, said, each["text"]) for each in variations]):
            question = name.removeprefix("utter_ask_")
            return pending if (pending, question) == ("what_else_do_you_see", "what_do_you_see") else question
    return None


async def _ends_with(agent: Agent, said: str, question: str) -> bool:
    """Whether a question is asked in plain words, and nothing after it but a few words of politeness."""
    _, asked, rest = said.rpartition(_plain(question))
    return bool(asked) and "?" not in rest and len(rest.split()) <= POLITE_WORDS and not await _portals_named(agent, rest)


def _own(words: str, drafts: Iterable[Message]) -> str:
    """The agent's own words: without what the bot would have said."""
    rest = _plain(words)
    for message in drafts if rest else ():
        rest = rest.replace(_plain(message["text"]), " ")
    return rest.strip()


async def _portals_named(agent: Agent, words: str) -> set[str]:
    if not words:
        return set()
    parsed = await agent.parse_message(blanked(kept(words[-CHARACTERS:])))
    return {entity["value"] for entity in parsed.get("entities", []) if entity["entity"] == "portal"}


def contains(words: str, text: str) -> bool:
    """Whether a text was said, however it was spaced and capitalised."""
    return _plain(text) in _plain(words)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
