"""The agents' interface and their panel: ``/webhooks/agent_assist/…``, described in openapi.yaml."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic, response
from sanic.exceptions import PayloadTooLarge
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from channels import texts
from channels.agent_assist.access import Access, Role
from channels.agent_assist.feedback import Feedback, UnknownSuggestion
from channels.agent_assist.panel import add_panel
from channels.agent_assist.record import NAME, ReplayFailed
from channels.agent_assist.schemas import DESCRIPTION, check, check_query
from channels.agent_assist.suggestions import MOST, suggest
from channels.agent_assist.transcript import Transcript
from channels.guard import Refused, json_object
from channels.origins import origins
from channels.settings import made

logger = logging.getLogger(__name__)

#: Transcripts that are read at the same time; others wait. Customers' messages are read in between.
AT_ONCE = 4
#: Seconds before a transcript is given up, the wait for its turn included.
SECONDS = 20
#: Seconds after which one may try again.
RETRY_AFTER = {HTTPStatus.TOO_MANY_REQUESTS: 60, HTTPStatus.SERVICE_UNAVAILABLE: 5}
METHODS = {"DELETE", "GET", "PATCH", "POST", "PUT"}
#: Days that figures are about, if nobody says.
DAYS = 30

Work = Callable[[Request], Awaitable[dict[str, Any]]]


class AgentAssistInput(InputChannel):
    """Suggestions for human agents, what became of them, and the panel that shows them.

    Rasa has nothing of the kind. Off while there is no token.

    Args:
        agent_tokens: bearer tokens of agents and their desks, separated by commas.
        supervisor_tokens: those of people who read the figures.
        desks: origins of the desks whose pages may show the panel, separated by commas or blanks.
        database: where feedback is kept, as SQLAlchemy has it.
        open: ``true`` if agents need no token (development only).

    Raises:
        ValueError: one of them cannot be used; the message says which.
    """

    def __init__(self, agent_tokens: str, supervisor_tokens: str, desks: str, database: str, open: str) -> None:
        self._access = Access(agent_tokens, supervisor_tokens, is_open=open.lower() == "true")
        if self._access.is_on:
            self._desks, self._feedback = origins(desks, "AIGUILLEUR_ASSIST_DESKS"), Feedback(database)
            self._room = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, from its lines in ``credentials.yml``."""
        return made(cls, credentials)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint(NAME)
        if not self._access.is_on:
            return blueprint

        def asked(method: str, address: str, role: Role, work: Work) -> None:
            @blueprint.route(address, [method], name=address[1:])
            async def answer(request: Request) -> HTTPResponse:
                return await self._answered(request, role, work)

            @blueprint.route(address, sorted(METHODS - {method}), name=f"not_{address[1:]}")
            async def refuse(request: Request) -> HTTPResponse:
                # Sanic's own answer to a request in JSON lacks what it should have (RFC 9110, section 15.5.6).
                error = {"error": texts.text("utter_other_method", method=method)}
                return response.json(error, HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": method})

        asked("POST", "/suggestions", Role.AGENT, self._suggest)
        asked("POST", "/feedback", Role.AGENT, self._keep)
        asked("GET", "/metrics", Role.SUPERVISOR, self._count)
        add_panel(blueprint, self._desks)

        @blueprint.get("/openapi.json")
        async def description(request: Request) -> HTTPResponse:
            return response.json(DESCRIPTION)

        @blueprint.listener("before_server_start")
        async def start(server: Sanic, loop: Any) -> None:
            server.error_handler.add(PayloadTooLarge, _too_large)  # raised before any route is asked

        @blueprint.listener("after_server_stop")
        async def stop(server: Sanic, loop: Any) -> None:
            self._feedback.close()

        return blueprint

    async def _answered(self, request: Request, role: Role, work: Work) -> HTTPResponse:
        """Carry out a request; whatever happens, there is an answer."""
        try:
            self._access.check(request, role)
            return response.json(await work(request))
        except Refused as refusal:
            status, error = refusal.status, {"error": str(refusal)}
            if hasattr(refusal, "where"):
                error["where"] = refusal.where
        except (ReplayFailed, asyncio.TimeoutError) as problem:
            logger.error("A transcript could not be read: %s.", type(problem).__name__)
            status, error = HTTPStatus.SERVICE_UNAVAILABLE, {"error": texts.text("utter_try_again_later")}
        except Exception as problem:
            logger.error("A request of an agent's desk failed: %s", type(problem).__name__, exc_info=problem)
            status, error = HTTPStatus.SERVICE_UNAVAILABLE, {"error": texts.text("utter_try_again_later")}
        headers = {"Retry-After": str(RETRY_AFTER[status])} if status in RETRY_AFTER else {}
        if status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return response.json(error, status, headers)

    async def _suggest(self, request: Request) -> dict[str, Any]:
        body = _body(request, "Transcript")
        transcript, most = Transcript.of(body, self._access.secret), int(body.get("max_suggestions", MOST))

        async def read() -> dict[str, Any]:
            async with self._room:
                return await suggest(request.app.ctx.agent, transcript, most)

        answer = await asyncio.wait_for(read(), SECONDS)
        try:
            await asyncio.to_thread(self._feedback.made, answer)
        except SQLAlchemyError as error:  # agents are advised all the same; feedback on this advice cannot be kept
            logger.error("What was suggested could not be written down: %s.", type(error).__name__)
        return answer

    async def _keep(self, request: Request) -> dict[str, Any]:
        body = _body(request, "Feedback")
        try:
            return {"kept": await asyncio.to_thread(self._feedback.keep, body)}
        except UnknownSuggestion as error:
            raise Refused(texts.text("utter_no_such_suggestion"), HTTPStatus.NOT_FOUND) from error

    async def _count(self, request: Request) -> dict[str, Any]:
        query = {name: values[0] for name, values in request.get_args(keep_blank_values=True).items()}
        check_query(query, "/metrics")
        today = datetime.datetime.now(datetime.timezone.utc).date()
        until = datetime.date.fromisoformat(query["until"]) if "until" in query else today
        earliest = max(until, datetime.date.min + datetime.timedelta(days=DAYS)) - datetime.timedelta(days=DAYS)
        since = datetime.date.fromisoformat(query["since"]) if "since" in query else earliest
        return await asyncio.to_thread(self._feedback.metrics, since, until, query.get("by", "day"))


def _too_large(request: Request, error: PayloadTooLarge) -> HTTPResponse:
    return response.json({"error": texts.text("utter_request_too_large")}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _body(request: Request, schema: str) -> dict[str, Any]:
    """The JSON object of a request, as the description has it.

    Raises:
        Refused: it is otherwise.
    """
    if request.content_type.split(";")[0].strip().lower() != "application/json":
        raise Refused(texts.text("utter_not_json"), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = json_object(request)
    check(body, schema)
    return body
