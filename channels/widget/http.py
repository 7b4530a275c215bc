"""The widget over plain HTTP: its files, and its requests where sockets are blocked.

| address | in | out |
|---|---|---|
| ``POST /webhooks/widget/session`` | ``{session_id?}`` | ``{session_id, messages}`` |
| ``POST /webhooks/widget/messages`` | ``{session_id, message, message_id?}`` | ``{messages}`` |
| ``POST /webhooks/widget/feedback`` | ``{session_id, comment, message_id}`` | ``{}`` |

Other statuses than 200 come with ``{text}``, which says why in French.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from rasa.core.agent import Agent
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from channels import texts
from channels.assets import serve
from channels.guard import Refused, json_object
from channels.widget.assets import asset
from channels.widget.history import Message
from channels.widget.origins import Origins
from channels.widget.service import Data, Service, address_of, answer

#: Bytes that a request may have: the longest message, in any script and escaped.
MAX_BYTES = 32_768

Tell = Callable[[str, list[Message]], Awaitable[None]]


def add_routes(blueprint: Blueprint, service: Service, origins: Origins, tell: Tell, demo: bool) -> None:
    """Make a blueprint answer the widget; ``tell`` tells the tabs that have a socket."""

    def asked(address: str, work: Callable[[Request, Agent, Data], Awaitable[Data | None]]) -> None:
        @blueprint.route(address, ["POST", "OPTIONS"], name=f"ask_{address[1:]}")
        async def ask(request: Request) -> HTTPResponse:
            if request.method == "OPTIONS":
                reply = response.empty()
            else:
                status, body = await answer(checked(request, work))
                reply = response.json(body, status)
            origins.add_headers(request, reply)
            return reply

    async def checked(request: Request, work: Callable[[Request, Agent, Data], Awaitable[Data | None]]) -> Data | None:
        if not origins.allows_request(request):
            raise Refused(texts.text("utter_other_site"), HTTPStatus.FORBIDDEN)
        return await work(request, request.app.ctx.agent, read(request))

    async def session(request: Request, agent: Agent, data: Data) -> Data:
        return await service.open(agent, data, address_of(request))

    async def messages(request: Request, agent: Agent, data: Data) -> Data:
        said = await service.take(agent, data, address_of(request))
        await tell(service.conversation(data), said)
        return {"messages": said}

    async def feedback(request: Request, agent: Agent, data: Data) -> None:
        await service.comment(agent, data)

    asked("/session", session)
    asked("/messages", messages)
    asked("/feedback", feedback)
    serve(blueprint, "/aiguilleur.js", asset("aiguilleur.js"))
    if demo:
        serve(blueprint, "/demo", asset("demo.html"))
        for name in ("demo.css", "icon.svg"):
            serve(blueprint, f"/{name}", asset(name))


def read(request: Request) -> Data:
    """The JSON object of a request.

    Raises:
        Refused: it is too long, is no JSON object, or does not say that it is JSON (other sites cannot say so without
            asking first).
    """
    if len(request.body) > MAX_BYTES:
        raise Refused(texts.text("utter_message_too_long"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if request.content_type.split(";")[0].strip() != "application/json":
        raise Refused(texts.text("utter_unreadable_request"))
    return json_object(request)
