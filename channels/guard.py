"""What every channel does with a message before Rasa sees it, and with a turn that fails.

Rasa takes whatever a client sends: an id that its tracker store cannot hold ends the process, ``/intent`` typed by a
person is a command, and a failure is silence. Here ids and texts are checked, a message is read in its conversation
(channels/reading.py), and there is always an answer in French.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from channels.reading import read
from channels.texts import text as text_of

logger = logging.getLogger(__name__)

#: Seconds before a turn is given up; Rasa's own limit is a silent 60.
TURN_SECONDS = 20
#: Characters that a message may have.
MAX_CHARACTERS = 2000
_SENDER = re.compile(r"[A-Za-z0-9_.:@|-]{1,128}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff\ud800-\udfff]")

#: A message is read in the light of the one before, so a sender's messages are taken one at a time.
_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


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

    async def turn() -> None:
        async with _locks.setdefault(sender, asyncio.Lock()):
            text, parse_data = await read(agent, sender, clean(message))
            await on_new_message(UserMessage(text, output, sender, parse_data=parse_data, input_channel=input_channel))

    try:
        await asyncio.wait_for(turn(), TURN_SECONDS)
    except Refused as refusal:
        await output.send_text_message(sender, str(refusal))
    except asyncio.TimeoutError:
        logger.error("A turn took longer than %s s and was given up.", TURN_SECONDS)
    except Exception as error:
        logger.error("A turn failed: %s", type(error).__name__, exc_info=error)
    if output.latest_output() is None:
        await output.send_text_message(sender, text_of("utter_technical_trouble"))
