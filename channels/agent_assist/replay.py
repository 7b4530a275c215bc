"""A transcript, read as the customers' bot would have read it: same model, same rules, same actions.

What the customer wrote goes through Rasa, one message after the other, with a record of its own that is thrown away. What
the agent answered takes the place of what the bot would have said: a question that nobody asked is not answered by « oui »,
and nobody was sent to a portal by a sentence that was never sent.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions import help_file
from actions.turn import SENT_TO_CORPORATE
from channels.agent_assist.transcript import CUSTOMER, Entry, Transcript
from channels.answer import Message, WholeOutput
from channels.guard import Refused, clean, kept
from channels.privacy import blanked
from channels.reading import read
from components.text import fold

NAME = "agent_assist"
#: The one conversation of each replay's record.
_SENDER = f"{NAME}:replay"
#: What the bot says when it cannot answer.
TROUBLE = "utter_technical_trouble"


class ReplayFailed(Exception):
    """The bot could not answer one of the messages, for a technical reason."""


class AssistOutput(WholeOutput):
    """Collects what the bot would say."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, for response variations."""
        return NAME


@dataclass(frozen=True)
class Heard:
    """A message of the customer, and what the bot would say to it.

    ``position`` is the message's in the transcript; ``said`` is what Rasa hands to channels. ``portal`` and ``conclusion`` are
    the slots after it; ``concludes`` tells whether it is this message that the conclusion comes from.
    """

    position: int
    intent: str
    confidence: float
    said: tuple[Message, ...]
    portal: str | None
    conclusion: str | None
    concludes: bool


class _CheckedAction(RemoteAction):
    """Rasa's RemoteAction checks its own schema for what the action server answers anew each time, which takes 30 ms."""

    _validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        self._validator.validate(result)
        return True


class _Record(TrackerStore):
    """The record of one replay. Rasa's InMemoryTrackerStore reads all events anew each time it is asked, 5 ms of each turn."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self._tracker: DialogueStateTracker | None = None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the record."""
        self._tracker = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The record, once there is one."""
        return self._tracker

    async def keys(self) -> Iterable[str]:
        """The one conversation that it is about."""
        return [_SENDER]


class _Processor(MessageProcessor):
    """A loaded processor, with a record of its own. Rasa's constructor would load the model once more."""

    def __init__(self, loaded: MessageProcessor, record: _Record) -> None:
        self.__dict__.update(loaded.__dict__)
        self.tracker_store = record

    async def _run_action(self, action: Action, *context: Any, **named: Any) -> bool:
        if isinstance(action, RemoteAction):
            action = _CheckedAction(action.name(), self.action_endpoint)
        return bool(await super()._run_action(action, *context, **named))


def _apart(agent: Agent) -> Agent:
    """The same agent, with a record of its own."""
    apart = copy.copy(agent)
    apart.tracker_store, apart.lock_store = _Record(agent.domain), InMemoryLockStore()
    apart.processor = _Processor(agent.processor, apart.tracker_store)
    return apart


async def replay(agent: Agent, transcript: Transcript) -> list[Heard]:
    """Read a transcript.

    Args:
        agent: the agent that answers the customers.
        transcript: what was said; texts that cannot be read (empty, too long) are passed over.

    Returns:
        What was heard, one for each of the customer's messages that can be read.

    Raises:
        ReplayFailed: the bot could not answer.
    """
    apart, heard = _apart(agent), list[Heard]()
    first = _first(transcript, apart.domain.session_config.session_expiration_time * 60 if apart.domain else 0)
    before: Entry | None = None
    for position, entry in enumerate(transcript.entries):
        if position < first or entry.author != CUSTOMER:
            continue
        try:
            message = clean(entry.text)
        except Refused:
            continue
        if heard:
            await _answered(apart, heard[-1], transcript.entries[heard[-1].position + 1 : position])
        gap = max(0.0, entry.at - before.at) if before and entry.at is not None and before.at is not None else 0.0
        heard.append(await _hear(apart, position, message, gap))
        before = entry
    return heard


def _first(transcript: Transcript, seconds: float) -> int:
    """The first message that counts: what was seen longer ago than a session lasts may no longer be what is seen."""
    first, last = 0, None
    for position in transcript.of_customer:
        at = transcript.entries[position].at
        if at is not None and last is not None and 0 < seconds < at - last:
            first = position
        last = at if at is not None else last
    return first


async def _hear(agent: Agent, position: int, message: str, gap: float) -> Heard:
    text, parsed = await read(agent, _SENDER, message, seconds=gap)
    output = AssistOutput()
    await agent.handle_message(UserMessage(text, output, _SENDER, parsed, NAME))
    said = tuple(message for message in output.messages if message.get("text"))
    if not said or any(message.get("utter_action") == TROUBLE for message in said):
        raise ReplayFailed
    tracker = await _record(agent)
    return Heard(
        position=position,
        intent=parsed["intent"]["name"],
        confidence=float(parsed["intent"].get("confidence") or 0.0),
        said=said,
        portal=tracker.get_slot("portal"),
        conclusion=tracker.get_slot("conclusion"),
        concludes=any(isinstance(event, SlotSet) and event.key == "conclusion" and event.value for event in _last_turn(tracker)),
    )


async def _record(agent: Agent) -> DialogueStateTracker:
    tracker = await agent.tracker_store.retrieve(_SENDER)
    if tracker is None:
        raise ReplayFailed
    return tracker


def _last_turn(tracker: DialogueStateTracker) -> list[Event]:
    """What happened since the customer's last message."""
    events = list(tracker.events)
    for number in range(len(events) - 1, -1, -1):
        if isinstance(events[number], UserUttered):
            return events[number + 1 :]
    return []


async def _answered(agent: Agent, heard: Heard, entries: Iterable[Entry]) -> None:
    """Put what was answered to the customer in place of what the bot would have said."""
    tracker, said_since = await _record(agent), [entry.text for entry in entries]
    words = "\n".join(said_since)
    seen = [message for message in heard.said if contains(words, message["text"])]
    unseen = {message["text"] for message in heard.said} - {message["text"] for message in seen}
    turn = _last_turn(tracker)
    kept = [event for event in turn if not (isinstance(event, BotUttered) and event.text in unseen)]
    tracker.events = type(tracker.events)([*list(tracker.events)[: len(tracker.events) - len(turn)], *kept])
    question = _asked(agent, tracker.get_slot("question"), said_since[-1]) if said_since else None
    portal = tracker.get_slot("portal")
    own = _own(words, seen)
    named = await _portals_named(agent, own) if own else set()
    if portal == SENT_TO_CORPORATE and not (question == "corporate_sign_in" or "corporate_portal" in named):
        sending = [message for message in heard.said if message.get("row")]
        if sending and sending[0] not in seen:  # nobody has told the customer
            portal = help_file.load().rows[sending[0]["row"]].portal
    if named and named != {"corporate_portal" if portal == SENT_TO_CORPORATE else portal}:
        portal = None  # the agent speaks of another place: what is said next may be about either
    for slot, value in (("question", question), ("portal", portal)):
        if tracker.get_slot(slot) != value:
            tracker.update(SlotSet(slot, value))
    await agent.tracker_store.save(tracker)


def _asked(agent: Agent, pending: str | None, words: str) -> str | None:
    """The question that a message asks, in the bot's words and as its last one; None if it asks none, or otherwise."""
    responses = agent.domain.responses if agent.domain else {}
    for name, variations in responses.items():
        if name.startswith("utter_ask_") and any(_ends_with(words, variation["text"]) for variation in variations):
            question = name.removeprefix("utter_ask_")
            return pending if (pending, question) == ("what_else_do_you_see", "what_do_you_see") else question
    return None


def _ends_with(words: str, question: str) -> bool:
    """Whether a question is asked, and none after it."""
    _, asked, rest = _plain(words).rpartition(_plain(question))
    return bool(asked) and "?" not in rest


def _own(words: str, seen: Iterable[Message]) -> str:
    """The agent's own words: without what the bot would have said."""
    rest = _plain(words)
    for message in seen:
        rest = rest.replace(_plain(message["text"]), " ")
    return rest.strip()


async def _portals_named(agent: Agent, words: str) -> set[str]:
    parsed = await agent.parse_message(blanked(kept(words)))
    return {entity["value"] for entity in parsed.get("entities", []) if entity["entity"] == "portal"}


def contains(words: str, text: str) -> bool:
    """Whether a text was said, however it was spaced and capitalised."""
    return _plain(text) in _plain(words)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
