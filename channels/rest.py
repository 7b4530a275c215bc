"""The REST channel, behind the guard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from channels.guard import Refused, handle, json_object
from channels.output import TurnOutput


class RestOutput(TurnOutput):
    """Collects the answers of one turn."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, for response variations."""
        return "rest"


class GuardedRestInput(InputChannel):
    """`POST /webhooks/rest/webhook`, as in Rasa: ``{"sender", "message"}`` in, a list of messages out.

    Mends Rasa's RestInput, which answers ``200 []`` when anything fails, runs a typed ``/intent``, takes any sender id, and
    shares one conversation among those who send none.
    """

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("guarded_rest")

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            ready = request.app.ctx.agent is not None and request.app.ctx.agent.is_ready()
            return response.json({"status": "ok" if ready else "no model"}, status=200 if ready else 503)

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            output = RestOutput()
            try:
                body = json_object(request)
                await handle(request.app.ctx.agent, on_new_message, body.get("sender"), body.get("message"), output, self.name())
            except Refused as refusal:
                return response.json({"error": str(refusal)}, status=refusal.status)
            return response.json(output.messages)

        return blueprint
