"""Chatwoot's channel: an agent bot, and a dashboard app (the agents' panel)."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic, response
from sanic.response import HTTPResponse

from channels.answer import WholeOutput
from channels.chatwoot.api import Api
from channels.chatwoot.delivery import Delivery
from channels.chatwoot.desk import Desk
from channels.chatwoot.events import PENDING, RESOLVED, Told, told
from channels.chatwoot.notes import Notes
from channels.chatwoot.signature import is_signed
from channels.guard import Refused, json_object
from channels.inbox import Accepted, Inbox
from channels.settings import made

logger = logging.getLogger(__name__)

NAME = "chatwoot"
_URL = re.compile(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?\Z")


class ChatwootOutput(WholeOutput):
    """Collects the answer of one turn."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, for response variations."""
        return NAME


class _Messages(Inbox):
    """What customers write: a message is in Chatwoot once, so what comes again under its id is a repeat."""

    forgets_failures = False


class ChatwootInput(InputChannel):
    """`POST /webhooks/chatwoot/bot`: answers while the bot has a conversation, advises while a human has it.

    Rasa has no such channel; the bridge that Chatwoot once showed answers on after a human has taken over, drops buttons and
    all messages but the first, and believes anybody (docs/chatwoot.md has the table).

    Without any of its variables, the channel is off.

    Args:
        url: of the Chatwoot, such as ``https://chat.example.fr``.
        account: number of the account.
        bot_token: access token of the agent bot.
        secret: with which the agent bot's webhooks are signed.
        agent_token: an agent's access token, to read conversations for private notes; without it, there are none.
        inbox: the file of messages that are being answered.

    Raises:
        ValueError: something is missing; the message says what.
    """

    def __init__(self, url: str, account: str, bot_token: str, secret: str, agent_token: str, inbox: Path) -> None:
        needed = {"URL": url, "ACCOUNT": account, "BOT_TOKEN": bot_token, "SECRET": secret}
        self._is_on = any([*needed.values(), agent_token])
        if not self._is_on:
            return
        missing = [f"AIGUILLEUR_CHATWOOT_{name}" for name, value in needed.items() if not value]
        if missing:
            raise ValueError(f"Chatwoot lacks {', '.join(missing)}, or should have none of its variables.")
        if not _URL.match(url):
            raise ValueError("AIGUILLEUR_CHATWOOT_URL is no address such as https://chat.example.fr")
        if not (account.isascii() and account.isdecimal()):
            raise ValueError("AIGUILLEUR_CHATWOOT_ACCOUNT is no number: it is the one after /accounts/ in Chatwoot's addresses.")
        self._account, self._secret = int(account), secret
        self._api, self._desk = Api(url, self._account), Desk(inbox)
        self._inbox = _Messages(inbox, ChatwootOutput, Delivery(self._api, bot_token, self._desk))
        self._notes = Notes(inbox, self._api, bot_token, agent_token) if agent_token else None
        self._inboxes: list[Inbox] = [self._inbox, self._notes] if self._notes else [self._inbox]

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, from its lines in ``credentials.yml``."""
        return made(cls, credentials)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The route of the channel, and what starts and stops with the server."""
        blueprint = Blueprint(NAME)
        if not self._is_on:
            return blueprint

        @blueprint.listener("after_server_start")
        async def start(server: Sanic, loop: Any) -> None:
            await self._api.open()
            for inbox in self._inboxes:
                inbox.open(lambda: server.ctx.agent, on_new_message)

        @blueprint.listener("before_server_stop")
        async def stop(server: Sanic, loop: Any) -> None:
            for inbox in self._inboxes:
                await inbox.close()
            await self._api.close()
            self._desk.close()

        @blueprint.post("/bot")
        async def receive(request: Request) -> HTTPResponse:
            if not is_signed(request.headers, request.body, self._secret):
                logger.warning(
                    "A request to Chatwoot's address was refused: it is not signed with AIGUILLEUR_CHATWOOT_SECRET, or is old."
                )
                return response.empty(HTTPStatus.UNAUTHORIZED)
            try:
                event = told(json_object(request), self._account)
                if event:
                    self._take(event)
            except Refused as refusal:
                return response.empty(refusal.status)
            except sqlite3.Error as error:
                logger.error("The inbox of %s could not be written (%s).", NAME, error)
                return response.empty(HTTPStatus.INTERNAL_SERVER_ERROR)  # Chatwoot tries again
            return response.empty(HTTPStatus.OK)

        return blueprint

    def _take(self, event: Told) -> None:
        """Write down what is to be done, before Chatwoot is told that it is taken.

        Raises:
            sqlite3.Error: that could not be done.
        """
        if event.id and any(inbox.has(event.id) for inbox in self._inboxes):  # what comes again is as old as it was
            return
        number, is_bots = event.conversation, event.status == PENDING
        sender = f"{NAME}:{self._account}:{number}"
        place: dict[str, Any] = {"conversation": number, "channel": event.channel}
        if event.by_human and is_bots:  # an agent answers without having taken over: now they have
            if self._desk.claim(number, event.at):
                answer = [{"text": "", "hand_over": True}]
                self._inbox.accept(Accepted(event.id, sender, "", {**place, "claim": True}, answer=answer))
            return
        is_late_click = event.is_click and event.status == RESOLVED  # Chatwoot begins anew for what is written, not for a click
        self._desk.told(number, is_bots or is_late_click, event.at)
        stint = self._desk.stint(number)
        if event.text is None:
            return
        if (is_bots or is_late_click) and stint is not None:
            place |= {"stint": stint, "reopen": is_late_click}
            self._inbox.accept(Accepted(event.id, f"{sender}:{stint}", event.text, place))
        elif self._notes and event.status != RESOLVED:
            self._notes.accept(Accepted(event.id, sender, "", {**place, "message": event.message}))
