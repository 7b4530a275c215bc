"""The channel of Microsoft Teams: the Bot Framework's protocol inside Rasa's server."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jwt
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic, response
from sanic.response import HTTPResponse

from channels import texts
from channels.answer import WholeOutput
from channels.guard import Refused, json_object
from channels.inbox import Inbox
from channels.settings import made
from channels.teams.activities import NAME, Activity, Unreadable, is_for, taken
from channels.teams.delivery import Delivery, Services
from channels.teams.tokens import Incoming, Outgoing

logger = logging.getLogger(__name__)


class TeamsOutput(WholeOutput):
    """Collects the answer of one turn."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, for response variations."""
        return NAME


class TeamsInput(InputChannel):
    """`POST /webhooks/teams/messages`.

    Mends Rasa's BotFrameworkInput: its buttons do nothing in Teams, and clicks on cards come empty; bots of one tenant,
    the only ones that can be made today, get no token; tokens are half checked, and ours goes to whatever address a
    message names; the server does not start while Microsoft is away; and everything waits while it answers
    (docs/teams.md has the whole table).

    Without any of app id, tenant id, secret and certificate, the channel is off.

    Args:
        app_id: the bot's id.
        tenant_id: the organisation's.
        secret: the bot's secret…
        certificate: …or a PEM file with its key and certificate.
        authority: who gives tokens.
        keys: address of the document that tells where Microsoft's keys are.
        issuer: who signs what comes from Teams.
        services: hosts that answers may go to.
        inbox: the file of messages that are being answered.

    Raises:
        ValueError: something is missing; the message says what.
    """

    def __init__(
        self,
        app_id: str,
        tenant_id: str,
        secret: str,
        certificate: str,
        authority: str,
        keys: str,
        issuer: str,
        services: str,
        inbox: Path,
    ) -> None:
        self._is_on = bool(app_id or tenant_id or secret or certificate)
        if not self._is_on:
            return
        for name, value in (("APP_ID", app_id), ("TENANT_ID", tenant_id), ("SECRET", secret or certificate)):
            if not value:
                instead = " (or AIGUILLEUR_TEAMS_CERTIFICATE)" if name == "SECRET" else ""
                raise ValueError(f"Teams lacks AIGUILLEUR_TEAMS_{name}{instead}, or should have none of its variables.")
        self._incoming = Incoming(app_id, keys, issuer)
        self._outgoing = Outgoing(app_id, f"{authority.rstrip('/')}/{tenant_id}", secret, certificate)
        self._services, self._tenant_id = Services(services), tenant_id
        self._delivery = Delivery(self._outgoing, self._services)
        greeting = texts.buttons("utter_greet")
        self._inbox = Inbox(inbox, TeamsOutput, self._delivery, greeting)

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
            await self._delivery.open()
            self._inbox.open(lambda: server.ctx.agent, on_new_message)

        @blueprint.listener("before_server_stop")
        async def stop(server: Sanic, loop: Any) -> None:
            await self._inbox.close()
            await self._delivery.close()

        @blueprint.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            try:
                activity = json_object(request)
                await self._incoming.check(request.headers.get("authorization"), str(activity.get("serviceUrl")))
                if not (self._services.allow(str(activity.get("serviceUrl"))) and is_for(activity, self._tenant_id)):
                    logger.warning("A message to Teams' address was refused: not from Teams, or from another organisation.")
                    return response.empty(HTTPStatus.FORBIDDEN)
                return response.empty(_take(activity, self._inbox))
            except (Refused, Unreadable):
                return response.empty(HTTPStatus.BAD_REQUEST)
            except jwt.PyJWKClientConnectionError:
                logger.warning("Microsoft's keys cannot be had now; a message from Teams was not taken.")
                return response.empty(HTTPStatus.SERVICE_UNAVAILABLE)
            except jwt.PyJWTError as error:
                logger.warning("A message to Teams' address was refused: %s.", type(error).__name__)
                return response.empty(HTTPStatus.UNAUTHORIZED)

        return blueprint


def _take(activity: Activity, inbox: Inbox) -> HTTPStatus:
    """Write down what a person wrote or clicked; other things that Teams tells are taken, and that is all."""
    message = taken(activity)
    if message:
        inbox.accept(message)
    return HTTPStatus.NOT_IMPLEMENTED if activity.get("type") == "invoke" else HTTPStatus.OK
