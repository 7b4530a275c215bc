"""Slack's channel: Slack's own framework, Bolt, inside Rasa's server."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Request, Sanic, response
from sanic.response import HTTPResponse
from slack_bolt.adapter.sanic import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from channels import texts
from channels.answer import WholeOutput
from channels.inbox import Inbox
from channels.slack.delivery import Delivery
from channels.slack.listeners import NAME, add_listeners

logger = logging.getLogger(__name__)
#: Bolt's own words: at lower levels it logs whole requests, with what people wrote.
_bolt_logger = logging.getLogger(f"{__name__}.bolt")
_bolt_logger.setLevel(logging.ERROR)

#: Seconds that a call to Slack may take.
CALL_SECONDS = 10


class SlackOutput(WholeOutput):
    """Collects the answer of one turn."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, for response variations."""
        return NAME


class SlackInput(InputChannel):
    """`POST /webhooks/slack/events`, or Socket Mode, where no public address is allowed.

    Mends Rasa's SlackInput: more than five buttons are dropped, all of them; links have none; what was clicked can be
    clicked again; an event that Slack repeats is answered again; a turn is lost when Slack is away; and what is said in
    private goes on in any channel (docs/slack.md has the whole table).

    Without any of the three secrets, the channel is off.

    Args:
        bot_token: ``xoxb-…``.
        signing_secret: Slack's signature on what it sends us; not needed in Socket Mode.
        app_token: ``xapp-…``, for Socket Mode.
        inbox: the file of messages that are being answered.
        api: address of Slack's Web API; GovSlack has its own.

    Raises:
        ValueError: something is missing; the message says what.
    """

    def __init__(self, bot_token: str, signing_secret: str, app_token: str, inbox: Path, api: str) -> None:
        self._is_on = bool(bot_token or signing_secret or app_token)
        if self._is_on and not bot_token:
            raise ValueError("Slack lacks AIGUILLEUR_SLACK_BOT_TOKEN (xoxb-…), or should have none of its variables.")
        if self._is_on and not (signing_secret or app_token):
            raise ValueError("Slack lacks AIGUILLEUR_SLACK_SIGNING_SECRET, or AIGUILLEUR_SLACK_APP_TOKEN for Socket Mode.")
        self._bot_token, self._signing_secret, self._app_token = bot_token, signing_secret, app_token
        self._inbox, self._api = inbox, api

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, from its lines in ``credentials.yml``."""
        settings: dict[str, Any] = {name: str(value or "") for name, value in (credentials or {}).items()}
        try:
            return cls(**{**settings, "inbox": Path(settings["inbox"])})
        except (KeyError, TypeError) as error:
            raise RasaException(f"credentials.yml, Slack: {error}.") from error
        except ValueError as error:
            raise RasaException(str(error)) from error

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel, and what starts and stops with the server."""
        blueprint = Blueprint(NAME)
        if not self._is_on:
            return blueprint
        # No retries of its own: the inbox tries again.
        client = AsyncWebClient(token=self._bot_token, base_url=self._api, timeout=CALL_SECONDS, retry_handlers=[])
        delivery = Delivery(client)
        suggested = texts.buttons("utter_greet")  # slack/manifest.yaml has them
        inbox = Inbox(self._inbox, SlackOutput, lambda taken: delivery.deliver(taken, inbox), shown=suggested)
        app = self._bolt(client)
        add_listeners(app, inbox)
        sockets: list[AsyncSocketModeHandler] = []

        @blueprint.listener("after_server_start")
        async def start(server: Sanic, loop: Any) -> None:
            inbox.open(lambda: server.ctx.agent, on_new_message)
            if self._app_token:
                sockets.append(AsyncSocketModeHandler(app, self._app_token))
                server.add_task(_connect(sockets[0]))

        @blueprint.listener("before_server_stop")
        async def stop(server: Sanic, loop: Any) -> None:
            for socket in sockets:
                await socket.close_async()  # type: ignore[no-untyped-call]
            await inbox.close()

        if self._signing_secret:
            blueprint.add_route(partial(_receive, AsyncSlackRequestHandler(app)), "/events", ["POST"], name="events")
        return blueprint

    def _bolt(self, client: AsyncWebClient) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """This workspace has one token; Bolt would ask Slack about it, and take nothing while Slack is away."""
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._bot_token)

        return AsyncApp(
            logger=_bolt_logger,
            signing_secret=self._signing_secret,
            client=client,
            authorize=authorize,
            # Acknowledge after the listener, which only writes the message down: what Slack was told is taken, is.
            process_before_response=True,
            request_verification_enabled=bool(self._signing_secret),
        )


async def _connect(socket: AsyncSocketModeHandler) -> None:
    """Connect to Slack, however long it is away."""
    await socket.connect_async()  # type: ignore[no-untyped-call]
    logger.info("Socket Mode is connected.")


async def _receive(handler: AsyncSlackRequestHandler, request: Request) -> HTTPResponse:
    try:
        request.body.decode()
    except UnicodeDecodeError:  # Bolt decodes before it looks at the signature
        return response.empty(status=400)
    return await handler.handle(request)
