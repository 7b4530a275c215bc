"""What the widget can ask for, whichever way it asks: data in, answer out, or ``Refused``."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from limits import RateLimitItemPerMinute
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet
from sanic import Request

from channels import texts
from channels.guard import MESSAGES, Refused, check_message_id, check_rate, clean, handle, lock
from channels.output import TurnOutput
from channels.widget import history
from channels.widget.history import Message
from channels.widget.session import Sessions

logger = logging.getLogger(__name__)

NAME = "widget"
#: Sessions that one address may open or take up; a company behind one address has many people.
SESSIONS = RateLimitItemPerMinute(120)
#: Messages from one address, whatever the sessions.
MESSAGES_OF_ADDRESS = RateLimitItemPerMinute(600)

Data = dict[str, Any]


class WidgetOutput(TurnOutput):
    """Collects the answers of one turn: they are sent once the turn is saved, so that no reload can lose them."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, for response variations."""
        return NAME


class Service:
    """Sessions, turns and comments.

    Args:
        sessions: issues and reads the tokens.
        on_new_message: Rasa's way in.
    """

    def __init__(self, sessions: Sessions, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> None:
        self._sessions, self._on_new_message = sessions, on_new_message

    def conversation(self, data: Data) -> str:
        """The conversation that the token in ``data`` is for.

        Raises:
            Refused: there is no such token.
        """
        conversation = self._sessions.conversation(data.get("session_id"))
        if conversation is None:
            raise Refused(texts.text("utter_session_expired"), HTTPStatus.UNAUTHORIZED)
        return conversation

    async def open(self, agent: Agent, data: Data, address: str) -> Data:
        """A session, taken up or new, and all that was said in it: ``{session_id, messages}``.

        Raises:
            Refused: too many, from this address.
        """
        check_rate(SESSIONS, NAME, "sessions", address)
        token = self._sessions.renewed(data.get("session_id"))
        tracker = await agent.tracker_store.retrieve_full_tracker(self.conversation({"session_id": token}))
        return {"session_id": token, "messages": history.messages(tracker)}

    async def take(self, agent: Agent, data: Data, address: str) -> list[Message]:
        """One turn: what the user said and what the bot answers, as it is recorded.

        Args:
            agent: the agent that answers.
            data: ``{session_id, message, message_id}``.
            address: where it comes from.

        Raises:
            Refused: the message was not taken, or not answered.
        """
        conversation = self.conversation(data)
        check_rate(MESSAGES_OF_ADDRESS, NAME, "messages", address)
        message_id = check_message_id(data.get("message_id")) or uuid.uuid4().hex
        shown = texts.buttons(history.GREETING)
        output = WidgetOutput()
        status = await handle(agent, self._on_new_message, conversation, data.get("message"), output, NAME, message_id, shown)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:  # whatever was said before it failed
            raise Refused(texts.text("utter_technical_trouble"), status)
        if status not in (HTTPStatus.OK, HTTPStatus.ALREADY_REPORTED):
            raise Refused(output.messages[-1]["text"], status)
        return history.turn(await agent.tracker_store.retrieve_full_tracker(conversation), message_id)

    async def comment(self, agent: Agent, data: Data) -> None:
        """Keep a comment on an answer, with the thumb that was clicked on it, in the record of the conversation.

        Args:
            agent: has the record.
            data: ``{session_id, comment, message_id}``, the last being that of the click.

        Raises:
            Refused: there is no comment, or nothing that it could be about.
        """
        conversation = self.conversation(data)
        check_rate(MESSAGES, conversation)
        comment = clean(data.get("comment"))
        async with lock(conversation), agent.lock_store.lock(conversation):
            rated = history.rated(await agent.tracker_store.retrieve_full_tracker(conversation), data.get("message_id"))
            tracker = await agent.tracker_store.retrieve(conversation)
            if tracker is None or rated is None:
                raise Refused(texts.text("utter_unreadable_request"))
            tracker.update(SlotSet("feedback", {**rated, "comment": comment}))
            await agent.tracker_store.save(tracker)


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy, as SANIC_PROXIES_COUNT has Sanic read it."""
    return str(request.remote_addr or request.ip)


async def answer(work: Awaitable[Data | None]) -> tuple[HTTPStatus, Data]:
    """What a request comes to: ``200`` and its answer, or a status and ``{text}``, in French."""
    try:
        return HTTPStatus.OK, await work or {}
    except Refused as refusal:
        return refusal.status, {"text": str(refusal)}
    except Exception as error:
        logger.error("A request of the widget failed: %s", type(error).__name__, exc_info=error)
        return HTTPStatus.SERVICE_UNAVAILABLE, {"text": texts.text("utter_technical_trouble")}
