"""A transcript, read as the customers' bot would have read it: same model, same rules, same actions.

What the customer wrote goes through Rasa, one message after the other, with a record of its own that is thrown away. What
the agent answered takes the place of what the bot would have said: a question that nobody asked is not answered by « oui »,
and nobody was sent to a portal by a sentence that was never sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from channels.agent_assist.answers import Ways, answered
from channels.agent_assist.record import NAME, SENDER, ReplayFailed, apart, last_turn, record
from channels.agent_assist.transcript import CUSTOMER, Entry, Transcript
from channels.answer import Message, WholeOutput
from channels.guard import Refused, clean
from channels.reading import read

#: The customer's last messages that are read: each costs as much as one of the bot's turns.
MOST_HEARD = 60
#: What the bot says when it cannot answer.
TROUBLE = "utter_technical_trouble"


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
    the slots after it; ``portal_before`` is that before, and ``question`` is what had been asked then, as the bot asks it.
    ``concludes`` tells whether the conclusion comes from this message.
    """

    position: int
    intent: str
    confidence: float
    said: tuple[Message, ...]
    question: str | None
    portal_before: str | None
    portal: str | None
    conclusion: str | None
    concludes: bool


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
    replayed, heard, ways = apart(agent), list[Heard](), Ways()
    first = _first(transcript, agent.domain.session_config.session_expiration_time * 60 if agent.domain else 0)
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
        ways = await answered(replayed, heard, answers, ways)
        gap = max(0.0, entry.at - before.at) if before and entry.at is not None and before.at is not None else 0.0
        latest, ways = await _hear(replayed, position, message, gap, ways)
        heard.append(latest)
        before = entry
    return heard


def _opening(transcript: Transcript, position: int) -> int:
    """Where begins what others said right before a message of the customer."""
    before = [number for number in transcript.of_customer if number < position]
    return before[-1] + 1 if before else 0


def _first(transcript: Transcript, seconds: float) -> int:
    """The first message that counts: what was seen longer ago than a session lasts may no longer be what is seen."""
    first, last = (transcript.of_customer[-MOST_HEARD:] or [0])[0], None
    for position in transcript.of_customer:
        at = transcript.entries[position].at
        if at is not None and last is not None and 0 < seconds < at - last:
            first = max(first, position)
        last = max((time for time in (at, last) if time is not None), default=None)
    return first


async def _hear(agent: Agent, position: int, message: str, gap: float, ways: Ways) -> tuple[Heard, Ways]:
    """Have a message answered.

    Where it may be about several portals, the reading counts in which nothing is concluded; if all of them conclude, the
    likeliest.

    Returns:
        What was heard, and what is still open: it is until the customer tells where they are.
    """
    if not ways:
        return await _turn(agent, position, message, gap), ways
    before = await record(agent)
    for portal in ways:
        tracker = before.copy()
        tracker.update(SlotSet("portal", portal))
        await agent.tracker_store.save(tracker)
        heard = await _turn(agent, position, message, gap)
        if _tells_where(await record(agent)):
            return heard, ()
        if not heard.concludes:
            break
    return heard, ways


async def _turn(agent: Agent, position: int, message: str, gap: float) -> Heard:
    before = await agent.tracker_store.retrieve(SENDER)
    question, portal_before = (before.get_slot("question"), before.get_slot("portal")) if before else (None, None)
    text, parsed = await read(agent, SENDER, message, seconds=gap)
    output = AssistOutput()
    await agent.handle_message(UserMessage(text, output, SENDER, parsed, NAME))
    said = tuple(message for message in output.messages if message.get("text"))
    if not said or any(message.get("utter_action") == TROUBLE for message in said):
        raise ReplayFailed
    tracker = await record(agent)
    return Heard(
        position=position,
        intent=parsed["intent"]["name"],
        confidence=float(parsed["intent"].get("confidence") or 0.0),
        said=said,
        question=question,
        portal_before=portal_before,
        portal=tracker.get_slot("portal"),
        conclusion=tracker.get_slot("conclusion"),
        concludes=any(isinstance(event, SlotSet) and event.key == "conclusion" and event.value for event in last_turn(tracker)),
    )


def _tells_where(tracker: DialogueStateTracker) -> bool:
    """Whether the customer's last message names the portal that the conversation is now about."""
    message, portal = tracker.latest_message, tracker.get_slot("portal")
    entities = message.entities if message else []
    return any(entity["entity"] == "portal" and entity["value"] == portal for entity in entities)
