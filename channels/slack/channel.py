"""Slack's channel: Slack's own framework, Bolt, inside Rasa's server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
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
from channels.settings import made
from channels.slack.delivery import Delivery
from channels.slack.listeners import NAME, add_listeners

logger = logging.getLogger(__name__)


class OneLine(logging.Filter):
    """Leaves tracebacks out: while Slack is away, Socket Mode would log one every few seconds."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass, without its traceback."""
        record.exc_info = None
        return True


#: Bolt's own words: at lower levels it logs whole requests, with what people wrote.
_bolt_logger = logging.getLogger(f"{__name__}.bolt")
_bolt_logger.setLevel(logging.ERROR)
_bolt_logger.addFilter(OneLine())

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
        if not self._is_on:
            return
        problem = _problem(bot_token, signing_secret, app_token)
        if problem:
            raise ValueError(problem)
        self._signing_secret, self._app_token = signing_secret, app_token
        # No retries of its own: the inbox tries again.
        self._client = AsyncWebClient(token=bot_token, base_url=api, timeout=CALL_SECONDS, retry_handlers=[])
        suggested = texts.buttons("utter_greet")  # slack/manifest.yaml has them
        self._inbox = Inbox(inbox, SlackOutput, Delivery(self._client), suggested)

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, from its lines in ``credentials.yml``."""
        return made(cls, credentials)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel, and what starts and stops with the server."""
        blueprint = Blueprint(NAME)
        if not self._is_on:
            return blueprint
        app = self._bolt()
        add_listeners(app, self._inbox)
        sockets: list[tuple[AsyncSocketModeHandler, asyncio.Task[None]]] = []

        @blueprint.listener("after_server_start")
        async def start(server: Sanic, loop: Any) -> None:
            self._inbox.open(lambda: server.ctx.agent, on_new_message)
            if self._app_token:
                socket = AsyncSocketModeHandler(app, self._app_token)
                sockets.append((socket, loop.create_task(_connect(socket))))

        @blueprint.listener("before_server_stop")
        async def stop(server: Sanic, loop: Any) -> None:
            for socket, connecting in sockets:
                connecting.cancel()
                await socket.close_async()  # type: ignore[no-untyped-call]
            await self._inbox.close()

        if self._signing_secret:
            blueprint.add_route(partial(_receive, AsyncSlackRequestHandler(app)), "/events", ["POST"], name="events")
        return blueprint

    def _bolt(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """This workspace has one token; Bolt would ask Slack about it, and take nothing while Slack is away."""
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._client.token)

        return AsyncApp(
            logger=_bolt_logger,
            signing_secret=self._signing_secret,
            client=self._client,
            authorize=authorize,
            # Acknowledge after the listener, which only writes the message down: what Slack was told is taken, is.
            process_before_response=True,
            request_verification_enabled=bool(self._signing_secret),
        )


def _problem(bot_token: str, signing_secret: str, app_token: str) -> str | None:
    """What is wrong with some secrets, in one line."""
    if not bot_token:
        return "Slack lacks AIGUILLEUR_SLACK_BOT_TOKEN (xoxb-…), or should have none of its variables."
    if not (signing_secret or app_token):
        return "Slack lacks AIGUILLEUR_SLACK_SIGNING_SECRET, or AIGUILLEUR_SLACK_APP_TOKEN for Socket Mode."
    if not bot_token.startswith("xoxb-"):
        return "AIGUILLEUR_SLACK_BOT_TOKEN is no bot token: it begins with xoxb-."
    if app_token and not app_token.startswith("xapp-"):
        return "AIGUILLEUR_SLACK_APP_TOKEN is no app-level token: it begins with xapp-."
    return None


async def _connect(socket: AsyncSocketModeHandler) -> None:
    """Connect to Slack, however long it is away."""
    await socket.connect_async()  # type: ignore[no-untyped-call]
    logger.info("Socket Mode is connected.")


async def _receive(handler: AsyncSlackRequestHandler, request: Request) -> HTTPResponse:
    try:
        request.body.decode()
    except UnicodeDecodeError:  # Bolt decodes before it looks at the signature
        return response.empty(HTTPStatus.BAD_REQUEST)
    answer = await handler.handle(request)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        logger.warning(
            "A request to Slack's address was refused: it is not signed with AIGUILLEUR_SLACK_SIGNING_SECRET, or is old."
        )
    return answer
