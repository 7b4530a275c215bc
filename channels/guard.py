"""What every channel does with a message before Rasa sees it, and with a turn that fails.

Rasa takes whatever a client sends: an id that its tracker store cannot hold ends the process, ``/intent`` typed by a
person is a command, and a failure is silence. Here ids and texts are checked, senders are held to a rate, a message is
read in its conversation (channels/reading.py), and there is always an answer in French. Secrets are masked before anything
else looks at a text (channels/privacy.py).
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any
from weakref import WeakValueDictionary

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from sanic import Request
from sanic.exceptions import SanicException

from actions.buttons import Button
from channels.answer import said
from channels.privacy import mask
from channels.reading import read
from channels.texts import text as text_of

logger = logging.getLogger(__name__)

#: Seconds before a turn is given up; Rasa's own limit is a silent 60.
TURN_SECONDS = 20
#: Characters that a message may have, its secrets masked.
MAX_CHARACTERS = 2000
#: Characters of a message that are looked at at all.
LONGEST = 2 * MAX_CHARACTERS
#: Messages that a sender may send: more than anybody types, less than a program would.
MESSAGES = RateLimitItemPerMinute(60)

_SENDER = re.compile(r"[A-Za-z0-9_.:@|-]{1,128}\Z")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Fullwidth letters, figures and signs -> those of every keyboard.
_FULLWIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
#: What joins two emojis to one, « 👩‍💻 »; anywhere else it is one of the signs that nobody sees.
_JOINER = "\u200d"
#: Signs that may be written for one that is seen.
_MOST_SIGNS = 4
#: Conversations of a channel that knows who speaks begin with its name; another channel may not claim them.
OWNED = re.compile(r"(widget|slack|teams|agent_assist|chatwoot):")

#: A message is read in the light of the one before, so a sender's messages are taken one at a time.
_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
#: Fixed windows, whose keys are forgotten when they end; moving ones keep the key of every sender that ever was.
_limiter = FixedWindowRateLimiter(MemoryStorage())


class Refused(ValueError):
    """A request that is not carried out.

    Args:
        text: why, in French.
        status: what HTTP calls it.
    """

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(text)
        self.status = status


def check_sender(sender: Any, channel: str) -> str:
    """A conversation id that every tracker store can hold, and that is not another channel's.

    Raises:
        Refused: the id is missing, too long, has other characters than letters, digits and ``_.:@|-``, or belongs to
            another channel.
    """
    if not isinstance(sender, str) or not _SENDER.match(sender):
        raise Refused(text_of("utter_bad_sender"))
    owner = OWNED.match(sender)
    if owner and owner.group(1) != channel:
        raise Refused(text_of("utter_bad_sender"), HTTPStatus.FORBIDDEN)
    return sender


def check_message_id(message_id: Any) -> str | None:
    """A client's id of a message, or None if it gives none.

    Raises:
        Refused: it has more than 64 characters, or others than letters, digits and ``_.:-``.
    """
    if message_id is not None and not (isinstance(message_id, str) and _MESSAGE_ID.match(message_id)):
        raise Refused(text_of("utter_unreadable_request"))
    return message_id


def kept(text: str) -> str:
    """What may be kept of a text, and logged: without what nobody sees, in characters of every keyboard, its secrets masked."""
    return mask(_written(_CONTROL.sub("", text).strip()[: _MOST_SIGNS * LONGEST]).strip()[:LONGEST]).text


def _written(text: str) -> str:
    """A text as it is seen: the same letters are the same characters, and nothing stands between them."""
    if text.isascii():
        return text
    neighbours = zip(" " + text, text, text[1:] + " ", strict=False)
    seen = "".join(
        character
        for before, character, after in neighbours
        if unicodedata.category(character) != "Cf" or (character == _JOINER and _is_emoji(before) and _is_emoji(after))
    )
    return unicodedata.normalize("NFC", seen.translate(_FULLWIDTH))


def _is_emoji(character: str) -> bool:
    """Whether a character is an emoji, or what gives one its colour."""
    return unicodedata.category(character) in {"So", "Sk"} or character == "\ufe0f"


def clean(message: Any) -> str:
    """The text of a message, as it may be kept.

    Raises:
        Refused: there is no text, or more than ``MAX_CHARACTERS``.
    """
    if not isinstance(message, str):
        raise Refused(text_of("utter_empty_message"))
    cleaned = kept(message)
    if not cleaned:
        raise Refused(text_of("utter_empty_message"))
    if len(cleaned) > MAX_CHARACTERS:
        raise Refused(text_of("utter_message_too_long"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return cleaned


def json_object(request: Request) -> dict[str, Any]:
    """The JSON object that a request carries.

    Raises:
        Refused: it carries none.
    """
    try:
        body = request.json
    except SanicException:
        body = None
    if not isinstance(body, dict):
        raise Refused(text_of("utter_unreadable_request"))
    return body


def check_rate(limit: RateLimitItem, *whose: str) -> None:
    """Count one use.

    Raises:
        Refused: there were too many in the last while.
    """
    if not _limiter.hit(limit, *whose):
        raise Refused(text_of("utter_too_many_messages"), HTTPStatus.TOO_MANY_REQUESTS)


def lock(sender: str) -> asyncio.Lock:
    """What a change of a sender's conversation holds while it lasts."""
    return _locks.setdefault(sender, asyncio.Lock())


async def handle(
    agent: Agent,
    on_new_message: Callable[[UserMessage], Awaitable[Any]],
    sender: Any,
    message: Any,
    output: CollectingOutputChannel,
    input_channel: str,
    message_id: Any = None,
    shown: Sequence[Button] = (),
) -> HTTPStatus:
    """Carry one message through Rasa; whatever happens, there is an answer in the end.

    Args:
        agent: the agent that answers.
        on_new_message: Rasa's way in.
        sender: the conversation.
        message: what the client sent as the message.
        output: gets the answer.
        input_channel: the name of the channel.
        message_id: the client's id of the message, if it has one: the same one again is not answered again.
        shown: the buttons that the channel itself shows before anything is said.

    Returns:
        200 if the bot has answered; 208 if it had answered before, and ``output`` is empty; otherwise what HTTP calls
        the failure, and ``output`` says it in French.

    Raises:
        Refused: the sender's id cannot be used: there is no conversation to answer in.
    """
    sender = check_sender(sender, input_channel)

    async def turn() -> HTTPStatus:
        check_rate(MESSAGES, sender)
        known = check_message_id(message_id)
        async with lock(sender):
            if known and said(await agent.tracker_store.retrieve_full_tracker(sender), known):
                return HTTPStatus.ALREADY_REPORTED
            text, parse_data = await read(agent, sender, clean(message), shown)
            await on_new_message(UserMessage(text, output, sender, parse_data, input_channel, known))
            return HTTPStatus.OK

    status = HTTPStatus.SERVICE_UNAVAILABLE
    try:
        status = await asyncio.wait_for(turn(), TURN_SECONDS)
    except Refused as refusal:
        status = refusal.status
        await output.send_text_message(sender, str(refusal))
    except asyncio.TimeoutError:
        logger.error("A turn took longer than %s s and was given up.", TURN_SECONDS)
    except Exception as error:
        logger.error("A turn failed: %s", type(error).__name__, exc_info=error)
    if status != HTTPStatus.ALREADY_REPORTED and output.latest_output() is None:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        await output.send_text_message(sender, text_of("utter_technical_trouble"))
    return status
