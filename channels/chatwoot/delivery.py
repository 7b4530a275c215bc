"""Answers on their way to Chatwoot: one message a turn, tried until it takes it, unless a human has the conversation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from channels.answer import Part
from channels.chatwoot.api import Api, NotDone
from channels.chatwoot.desk import Desk
from channels.chatwoot.events import PENDING
from channels.inbox import Accepted, Later

logger = logging.getLogger(__name__)


class Delivery:
    """Posts answers as the bot, and hands over to humans.

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
        """Post a message; nothing if a human has the conversation by now.

        Raises:
            Later: Chatwoot does not take it now.
        """
        if await self._is_with_human(accepted):
            return
        text = "\n\n".join(part.text for part in said)
        items = [{"title": choice["title"], "value": choice["payload"]} for part in said for choice in part.choices]
        message: dict[str, Any] = {"content": text, "message_type": "outgoing", "private": False}
        choices = {"content_type": "input_select", "content_attributes": {"items": items}} if items else {}
        try:
            await self._call("POST", accepted, "/messages", json={**message, **choices})
        except NotDone as refusal:
            logger.error("Chatwoot refuses an answer (%s).", refusal)
            if choices:  # better without choices than not at all
                await self._try("POST", accepted, "/messages", json=message)

    async def finish(self, accepted: Accepted) -> None:
        """Hand over, if the customer asked for that, or the bot cannot answer.

        Raises:
            Later: Chatwoot does not take it now.
        """
        wanted = any(message.get("hand_over") for message in accepted.answer or ())
        if wanted and not await self._is_with_human(accepted):
            await self._try("POST", accepted, "/toggle_status", json={"status": "open"})
            self._desk.to_human(accepted.place["conversation"])

    async def mark(self, accepted: Accepted, record: DialogueStateTracker | None) -> bool:
        """Nothing: Chatwoot itself puts the choice in place of what could be chosen."""
        return True

    async def _is_with_human(self, accepted: Accepted) -> bool:
        """Whether a human has the conversation: we were told, or Chatwoot says so (since 2026-06; before, bots may not ask)."""
        conversation = accepted.place["conversation"]
        if self._desk.by_human(conversation):
            return True
        try:
            status = (await self._call("GET", accepted)).get("status")
        except (Later, NotDone, AttributeError):
            return False
        if status != PENDING:
            self._desk.to_human(conversation)
        return bool(status != PENDING)

    async def _call(self, method: str, accepted: Accepted, path: str = "", **arguments: Any) -> Any:
        return await self._api.call(self._token, method, accepted.place["conversation"], path, **arguments)

    async def _try(self, method: str, accepted: Accepted, path: str, **arguments: Any) -> None:
        try:
            await self._call(method, accepted, path, **arguments)
        except NotDone as refusal:
            logger.error("Chatwoot refuses %s (%s).", path, refusal)
