"""What every channel does with a message before Rasa sees it, and with a turn that fails.

Rasa takes whatever a client sends: an id that its tracker store cannot hold ends the process, ``/intent`` typed by a
person is a command, and a failure is silence. Here ids are checked, typed text is only text, clicks are resolved, a
message cut in two is read whole, and there is always an answer in French.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions import help_file
from actions.buttons import resolve
from actions.meanings import MEANINGS
from channels.texts import text as text_of
from components.mentions import fold

logger = logging.getLogger(__name__)

#: Seconds before a turn is given up; Rasa's own limit is a silent 60.
TURN_SECONDS = 20
#: Characters that a message may have.
MAX_CHARACTERS = 2000
#: A message of at most so many words may be the first part of another, if that comes within so many seconds.
FRAGMENT_WORDS = 4
FRAGMENT_SECONDS = 60

FALLBACK = "nlu_fallback"

#: What a first fragment may have been taken for; « je ne vois pas », then « la page abonnements », is one denial.
FRAGMENT_INTENTS = {FALLBACK, "unsure", "saw_something_else"}

#: Intents of the rows: what a fragment before them may deny.
_OBSERVED = {row.sees for row in help_file.load().rows.values()}
#: A few words that end so are not a whole message.
_UNFINISHED = re.compile(r"\b(pas|plus|aucune?|ni|jamais|sans|de|du|des|la|le|les|un|une|l|d|et|mais|a|au|que|qui)\W*\Z")

_SENDER = re.compile(r"[A-Za-z0-9_.:@|-]{1,128}\Z")
_COMMAND = re.compile(r"/[A-Za-z]\w*(_\w*|\s*[@{].*)\Z", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff\ud800-\udfff]")


class Refused(ValueError):
    """A message that Rasa must not see; the text says why, in French."""


def check_sender(sender: Any) -> str:
    """A conversation id that every tracker store can hold.

    Raises:
        Refused: the id is missing, too long, or has other characters than letters, digits and ``_.:@|-``.
    """
    if not isinstance(sender, str) or not _SENDER.match(sender):
        raise Refused(text_of("utter_technical_trouble"))
    return sender


def clean(message: Any) -> str:
    """The text of a message, without control characters and lone surrogates.

    Raises:
        Refused: there is no text, or more than ``MAX_CHARACTERS``.
    """
    if not isinstance(message, str):
        raise Refused(text_of("utter_empty_message"))
    cleaned = _CONTROL.sub("", message).strip()
    if not cleaned:
        raise Refused(text_of("utter_empty_message"))
    if len(cleaned) > MAX_CHARACTERS:
        raise Refused(text_of("utter_message_too_long"))
    return cleaned


async def read(agent: Agent, sender: str, message: str) -> tuple[str, dict[str, Any]]:
    """Understand a message in its conversation.

    Args:
        agent: the agent whose model reads the message.
        sender: the conversation, as ``check_sender`` returned it.
        message: the text, as ``clean`` returned it.

    Returns:
        The text to remember and Rasa's parse data. A click is remembered by its title.
    """
    click = resolve(message, help_file.load(), set(agent.domain.intents) if agent.domain else set())
    if click:
        return _clicked(*click)
    if message.startswith("/"):
        return await _slash(agent, message)
    parsed = await agent.parse_message(message)
    if parsed["intent"]["name"] in _OBSERVED | {FALLBACK}:
        fragment = await _fragment_before(agent, sender)
        if fragment:
            whole = await agent.parse_message(f"{fragment} {message}")
            if whole["intent"]["name"] != FALLBACK:
                return message, {**whole, "text": message}
    return message, parsed


def _clicked(intent: str, entities: dict[str, str]) -> tuple[str, dict[str, Any]]:
    row = next((row for row in help_file.load().rows.values() if row.sees == intent), None)
    title = MEANINGS.get(intent) or (row.button if row else intent)
    return title, {
        "text": title,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [
            {"entity": entity, "value": value, "start": 0, "end": len(title), "extractor": "button"}
            for entity, value in entities.items()
        ],
    }


async def _slash(agent: Agent, message: str) -> tuple[str, dict[str, Any]]:
    """A leading slash that a person typed: Rasa would run ``/intent`` as a command."""
    words = message.lstrip("/ ") or message.replace("/", " ").strip()
    if not words:
        raise Refused(text_of("utter_empty_message"))
    parsed = await agent.parse_message(words)
    known = set(agent.domain.intents) if agent.domain else set()
    if _COMMAND.match(message) or words in known | {"restart", "back", "session_start"}:
        parsed = {**parsed, "intent": {"name": FALLBACK, "confidence": 1.0}, "entities": []}
    return message, {**parsed, "text": message}


async def _fragment_before(agent: Agent, sender: str) -> str | None:
    """The previous message, if it was a few words that nobody could understand yet, just before this one."""
    tracker: DialogueStateTracker | None = await agent.tracker_store.retrieve(sender)
    previous = (
        next((event for event in reversed(tracker.events) if isinstance(event, UserUttered)), None) if tracker else None
    )
    if (
        previous is None
        or not previous.text
        or previous.intent_name not in FRAGMENT_INTENTS
        or time.time() - previous.timestamp > FRAGMENT_SECONDS
        or len(previous.text.split()) > FRAGMENT_WORDS
        or (previous.intent_name == "saw_something_else" and not _UNFINISHED.search(fold(previous.text)))
        or any(entity.get("extractor") == "button" for entity in previous.entities)
    ):
        return None
    return str(previous.text)


async def handle(
    agent: Agent,
    on_new_message: Callable[[UserMessage], Awaitable[Any]],
    sender: Any,
    message: Any,
    output: CollectingOutputChannel,
    input_channel: str,
) -> None:
    """Carry one message through Rasa; whatever happens, ``output`` has an answer at the end.

    Raises:
        Refused: the sender's id cannot be used: there is no conversation to answer in.
    """
    sender = check_sender(sender)
    try:
        text, parse_data = await asyncio.wait_for(read(agent, sender, clean(message)), TURN_SECONDS)
        turn = UserMessage(text, output, sender, parse_data=parse_data, input_channel=input_channel)
        await asyncio.wait_for(on_new_message(turn), TURN_SECONDS)
    except Refused as refusal:
        await output.send_text_message(sender, str(refusal))
    except asyncio.TimeoutError:
        logger.error("A turn took longer than %s s and was given up.", TURN_SECONDS)
    except Exception as error:
        logger.error("A turn failed: %s", type(error).__name__, exc_info=error)
    if output.latest_output() is None:
        await output.send_text_message(sender, text_of("utter_technical_trouble"))
