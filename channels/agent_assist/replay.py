"""A transcript, read as the customers' bot would have read it: same model, same rules, same actions.

What the customer wrote goes through Rasa, one message after the other, with a record of its own that is thrown away. What
the agent answered takes the place of what the bot would have said: a question that nobody asked is not answered by « oui »,
and nobody was sent to a portal by a sentence that was never sent.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
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
#: Words that may follow a question (« Merci d’avance ! », a name) without making something else of it.
POLITE_WORDS = 4
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
    the slots after it, ``portal_before`` is that before; ``concludes`` tells whether the conclusion comes from this message.
    """

    position: int
    intent: str
    confidence: float
    said: tuple[Message, ...]
    portal_before: str | None
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
    apart, heard, doubted = _apart(agent), list[Heard](), False
    first = _first(transcript, apart.domain.session_config.session_expiration_time * 60 if apart.domain else 0)
    before: Entry | None = None
    for position, entry in enumerate(transcript.entries):
        if position < first or entry.author != CUSTOMER:
            continue
        try:
            message = clean(entry.text)
        except Refused:
            continue
        since = transcript.entries[heard[-1].position + 1 if heard else _opening(transcript, position) : position]
        answers = [each for each in since if each.author != CUSTOMER]
        doubted = await _answered(apart, heard, answers, doubted)
        gap = max(0.0, entry.at - before.at) if before and entry.at is not None and before.at is not None else 0.0
        latest, doubted = await _hear(apart, position, message, gap, doubted)
        heard.append(latest)
        before = entry
    return heard


def _opening(transcript: Transcript, position: int) -> int:
    """Where begins what others said right before a message of the customer."""
    before = [number for number in transcript.of_customer if number < position]
    return before[-1] + 1 if before else 0


def _first(transcript: Transcript, seconds: float) -> int:
    """The first message that counts: what was seen longer ago than a session lasts may no longer be what is seen."""
    first, last = 0, None
    for position in transcript.of_customer:
        at = transcript.entries[position].at
        if at is not None and last is not None and 0 < seconds < at - last:
            first = position
        last = at if at is not None else last
    return first


async def _hear(agent: Agent, position: int, message: str, gap: float, doubted: bool) -> tuple[Heard, bool]:
    """Have a message answered.

    Where it may be about the Corporate portal or about another (``doubted``), it is read both ways, and the way counts in
    which nothing is concluded.

    Returns:
        What was heard, and whether the doubt stays: it does until the customer tells where they are.
    """
    before = (await _record(agent)).copy() if doubted else None
    heard = await _turn(agent, position, message, gap)
    if before is None or _tells_where(await _record(agent)):
        return heard, False
    if not heard.concludes:
        return heard, True
    after = await _record(agent)
    before.update(SlotSet("portal", "corporate_portal"))
    await agent.tracker_store.save(before)
    otherwise = await _turn(agent, position, message, gap)
    if not otherwise.concludes:
        return otherwise, True
    await agent.tracker_store.save(after)
    return heard, True


async def _turn(agent: Agent, position: int, message: str, gap: float) -> Heard:
    record = await agent.tracker_store.retrieve(_SENDER)
    portal_before = record.get_slot("portal") if record else None
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
        portal_before=portal_before,
        portal=tracker.get_slot("portal"),
        conclusion=tracker.get_slot("conclusion"),
        concludes=any(isinstance(event, SlotSet) and event.key == "conclusion" and event.value for event in _last_turn(tracker)),
    )


def _tells_where(tracker: DialogueStateTracker) -> bool:
    """Whether the customer's last message names the portal that the conversation is now about."""
    message, portal = tracker.latest_message, tracker.get_slot("portal")
    entities = message.entities if message else []
    return any(entity["entity"] == "portal" and entity["value"] == portal for entity in entities)


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


async def _answered(agent: Agent, heard: Sequence[Heard], entries: Sequence[Entry], doubted: bool) -> bool:
    """Put what others said before a message of the customer in place of what the bot would have said.

    Returns:
        Whether the message may be about the Corporate portal or about another.
    """
    if not heard and not entries:
        return False
    tracker = await agent.tracker_store.get_or_create_tracker(_SENDER)
    if heard and not (entries and all(entry.author == "bot" for entry in entries)):  # nobody was shown the bot's buttons
        turn = _last_turn(tracker)
        kept_events = [event for event in turn if not isinstance(event, BotUttered)]
        tracker.events = type(tracker.events)([*list(tracker.events)[: len(tracker.events) - len(turn)], *kept_events])
    question = await _asked(agent, tracker.get_slot("question"), entries[-1].text) if entries else None
    words = "\n".join(entry.text for entry in entries)
    portal = SENT_TO_CORPORATE if question == "corporate_sign_in" else _portal(tracker.get_slot("portal"), heard, words)
    own = _own(words, (message for each in heard for message in each.said))
    named = await _portals_named(agent, own)
    current = "corporate_portal" if portal == SENT_TO_CORPORATE else portal
    if named and named != {current}:  # the agent speaks of another place: what is said next may be about either
        doubted = doubted or "corporate_portal" in {current, *named}
        portal = None
    elif portal in (None, "corporate_portal"):
        portal = None if doubted else portal
    else:
        doubted = False
    for slot, value in (("question", question), ("portal", portal)):
        if tracker.get_slot(slot) != value:
            tracker.update(SlotSet(slot, value))
    await agent.tracker_store.save(tracker)
    return doubted


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
    responses = agent.domain.responses if agent.domain else {}
    for name, variations in responses.items():
        if name.startswith("utter_ask_") and any([await _ends_with(agent, words, each["text"]) for each in variations]):
            question = name.removeprefix("utter_ask_")
            return pending if (pending, question) == ("what_else_do_you_see", "what_do_you_see") else question
    return None


async def _ends_with(agent: Agent, words: str, question: str) -> bool:
    """Whether a question is asked, and nothing after it but a few words of politeness."""
    _, asked, rest = _plain(words).rpartition(_plain(question))
    return bool(asked) and "?" not in rest and len(rest.split()) <= POLITE_WORDS and not await _portals_named(agent, rest)


def _own(words: str, drafts: Iterable[Message]) -> str:
    """The agent's own words: without what the bot would have said."""
    rest = _plain(words)
    for message in drafts:
        rest = rest.replace(_plain(message["text"]), " ")
    return rest.strip()


async def _portals_named(agent: Agent, words: str) -> set[str]:
    if not words:
        return set()
    parsed = await agent.parse_message(blanked(kept(words)))
    return {entity["value"] for entity in parsed.get("entities", []) if entity["entity"] == "portal"}


def contains(words: str, text: str) -> bool:
    """Whether a text was said, however it was spaced and capitalised."""
    return _plain(text) in _plain(words)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
