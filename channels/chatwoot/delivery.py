"""Answers on their way to Chatwoot: one message a turn, tried until it takes it, unless a human has the conversation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from channels.answer import Part
from channels.chatwoot.api import Api, Barred, Crowded, NotDone
from channels.chatwoot.contents import contents, without_choices
from channels.chatwoot.desk import Desk
from channels.chatwoot.events import PENDING, RESOLVED, last, time_of
from channels.inbox import Accepted, Later

logger = logging.getLogger(__name__)

#: Times that a conversation may be found too full, before a human gets it: the waits between them are more than a minute.
MOST_CROWDED = 8


class Delivery:
    """Posts answers as the bot, and hands over to humans.

    Of ``place``, it knows: ``conversation``; ``channel``, the customer's; ``stint``, the bot's when the message came; ``claim``,
    where an agent has answered without taking over; ``reopen``, where the customer clicked after the end. It keeps there what it
    has to know when it tries again: ``before`` and ``crowded``.

    Args:
        api: the account.
        token: the bot's.
        desk: knows who has a conversation.
    """

    def __init__(self, api: Api, token: str, desk: Desk) -> None:
        self._api, self._token, self._desk = api, token, desk

    async def announce(self, accepted: Accepted) -> None:
        """Show that an answer is being written."""
        await self._call("POST", accepted, "/toggle_typing_status", json={"typing_status": "on"})

    async def post(self, accepted: Accepted, said: Sequence[Part]) -> None:
        """Post a message; nothing if a human has the conversation by now, or had it since.

        Raises:
            Later: Chatwoot does not take it now.
        """
        conversation = await self._asked(accepted)
        if not self._is_wanted(accepted):
            return
        message = contents(said, accepted.place.get("channel", ""))
        if _is_posted(message, accepted, conversation):
            return
        try:
            is_taken = await self._try("POST", accepted, "/messages", json=message)
            if not is_taken and "content_type" in message:  # better without choices than not at all
                is_taken = await self._try("POST", accepted, "/messages", json=without_choices(message))
        except Crowded:
            accepted.place["crowded"] = accepted.place.get("crowded", 0) + 1
            if accepted.place["crowded"] < MOST_CROWDED:
                raise
            is_taken = False
        if not is_taken:  # then a human answers
            accepted.answer = [*(accepted.answer or ()), {"text": "", "hand_over": True}]

    async def finish(self, accepted: Accepted) -> None:
        """Hand over, if the customer asked for that, an agent has answered, or the bot cannot.

        Raises:
            Later: Chatwoot does not take it now.
        """
        if not any(message.get("hand_over") for message in accepted.answer or ()):
            return
        await self._asked(accepted)
        if self._is_wanted(accepted):
            await self._try("POST", accepted, "/toggle_status", json={"status": "open"})
            self._desk.to_human(accepted.place["conversation"])

    async def mark(self, accepted: Accepted, record: DialogueStateTracker | None) -> bool:
        """Nothing: Chatwoot itself puts the choice in place of what could be chosen."""
        return True

    async def _asked(self, accepted: Accepted) -> dict[str, Any]:
        """The conversation as Chatwoot has it now, noted at the desk; nothing where bots may not ask (before 2026-06).

        Raises:
            Later: nobody knows who has it. Perhaps a human: then an answer would be said over them.
        """
        try:
            conversation = await self._call("GET", accepted)
        except (Barred, NotDone):
            conversation = {}
        else:
            if not isinstance(conversation, dict) or not isinstance(conversation.get("status"), str):
                raise Later("no conversation in its answer")
        is_over = conversation.get("status", RESOLVED) == RESOLVED
        if is_over and accepted.place.get("reopen") and self._is_wanted(accepted):
            await self._try("POST", accepted, "/toggle_status", json={"status": PENDING})
            del accepted.place["reopen"]  # whoever closes it after that means it
        elif conversation:
            at = time_of(conversation.get("updated_at"))
            self._desk.told(accepted.place["conversation"], conversation["status"] == PENDING, at)
        return conversation

    def _is_wanted(self, accepted: Accepted) -> bool:
        """Whether what a message asked for is still to be done: nobody else has had the conversation since."""
        conversation, place = accepted.place["conversation"], accepted.place
        if place.get("claim"):
            return self._desk.is_claimed(conversation)
        stint = self._desk.stint(conversation)
        return stint is not None and stint == place.get("stint", stint)

    async def _call(self, method: str, accepted: Accepted, path: str = "", **arguments: Any) -> Any:
        return await self._api.call(self._token, method, accepted.place["conversation"], path, **arguments)

    async def _try(self, method: str, accepted: Accepted, path: str, **arguments: Any) -> bool:
        """Whether Chatwoot has not refused."""
        try:
            await self._call(method, accepted, path, **arguments)
        except NotDone as refusal:
            logger.error("Chatwoot refuses %s (%s).", path, refusal)
            return False
        return True


def _is_posted(message: dict[str, Any], accepted: Accepted, conversation: dict[str, Any]) -> bool:
    """Whether Chatwoot has taken a message that was tried before, and its answer was lost: it has come since the first try."""
    number, text = last(conversation)
    return number > accepted.place.setdefault("before", number) and text.strip() == message["content"].strip()
