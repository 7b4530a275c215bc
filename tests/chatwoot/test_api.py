"""What a call to Chatwoot comes to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from channels.chatwoot import api as api_module
from channels.chatwoot.api import Api, Crowded, NotDone
from channels.inbox import Later
from tests.peers.server import Server


def call(handler: Any, method: str = "GET") -> Any:
    """What a call comes to, of a Chatwoot that answers like this."""
    server = Server([web.route("*", "/{path:.*}", handler)])
    server.start()

    async def ask() -> Any:
        api = Api(server.url, 3)
        await api.open()
        try:
            return await api.call("token", method, 41)
        finally:
            await api.close()

    try:
        return asyncio.run(ask())
    finally:
        server.stop()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 408, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"id": 1}, status=status, headers={"Retry-After": "7"})

    with pytest.raises(Later, match=str(status)) as later:
        call(answer)
    assert later.value.seconds == 7


@pytest.mark.parametrize("status", [400, 404, 422])
def test_what_is_refused_is_not_tried_again(status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({}, status=status)

    with pytest.raises(NotDone, match=str(status)):
        call(answer)


def test_a_token_goes_nowhere_else() -> None:
    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return (
            web.json_response({})
            if request.path == "/elsewhere"
            else web.Response(status=302, headers={"Location": "/elsewhere"})
        )

    asked: list[str] = []
    with pytest.raises(Later):
        call(answer)
    assert asked == ["/api/v1/accounts/3/conversations/41"]


def test_what_is_no_json_is_asked_again_and_not_done_again() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<!DOCTYPE html>", content_type="text/html")

    async def cut(request: web.Request) -> web.Response:
        return web.Response(text='{"id": ', content_type="application/json")

    for answer in (page, cut):
        with pytest.raises(Later):
            call(answer)
        assert call(answer, "POST") is None


def test_a_full_conversation_is_one_that_passes() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"error": "Validation failed: Conversation Too many messages"}, status=422)

    with pytest.raises(Crowded):
        call(answer, "POST")


def test_a_desk_that_does_not_answer_is_asked_again_a_little_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.json_response({})

    monkeypatch.setattr(api_module, "SECONDS", 0.2)
    with pytest.raises(Later, match="TimeoutError") as later:
        call(never)
    assert later.value.seconds == 5  # it may be doing it still


def test_a_connection_that_breaks_is_tried_again() -> None:
    async def broken(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    with pytest.raises(Later):
        call(broken)
