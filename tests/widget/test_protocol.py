"""The wire: Rasa's usual event names, for widgets that are not ours, and what a client that misbehaves gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import aiohttp
import socketio

from scripts.run import Servers

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run asynchronous work beside the browser's own loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_a_widget_of_rasa_works_too(servers: Servers) -> None:
    """The usual event names, from a client that knows neither acknowledgements nor message ids, with its session kept."""

    async def talk(session: str | None, message: str) -> tuple[str, list[dict[str, Any]]]:
        client = socketio.AsyncClient()
        confirmed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        client.on("session_confirm", confirmed.set_result)
        client.on("bot_uttered", answers.put)
        await client.connect(servers.url)
        await client.emit("session_request", {"session_id": session})
        session_id = await asyncio.wait_for(confirmed, 10)
        await client.emit("user_uttered", {"session_id": session_id, "message": message})
        got = [await asyncio.wait_for(answers.get(), 10)]
        await asyncio.sleep(0.3)
        while not answers.empty():
            got.append(answers.get_nowait())
        await client.disconnect()
        return session_id, got

    session, got = run(talk(None, "je suis administrateur du compte"))
    assert got[-1]["quick_replies"][0]["title"] == "La page Abonnements"
    assert [set(message) for message in got] == [{"text"}, {"text", "quick_replies"}], "others take nothing else"
    again, got = run(talk(session, got[-1]["quick_replies"][1]["payload"]))
    assert again == session and "Vous n’êtes pas l’administrateur" in got[0]["text"]
    _, got = run(talk(session, "a" * 2001))
    assert "trop long" in json.dumps(got, ensure_ascii=False)


def test_a_client_that_misbehaves_is_answered_and_hurts_nobody(servers: Servers) -> None:
    async def misbehave() -> list[Any]:
        client = socketio.AsyncClient()
        await client.connect(servers.url)
        answers = []
        wrong: list[Any] = [
            None,
            3,
            "text",
            [],
            {"session_id": 3},
            {"message": "bonjour"},
            {"session_id": "x", "message": "bonjour"},
        ]
        for data in wrong:
            answers.append(await client.call("user_uttered", data))
            answers.append(await client.call("feedback", data))
        answers.append(await client.call("session_request", "text"))
        await client.disconnect()
        return answers

    *refused, opened = run(misbehave())
    assert {answer["status"] for answer in refused} == {401} and all("expiré" in answer["text"] for answer in refused)
    assert opened["status"] == 200


def test_a_message_larger_than_any_text_ends_the_connection(servers: Servers) -> None:
    async def flood() -> bool:
        client = socketio.AsyncClient(reconnection=False)
        await client.connect(servers.url, transports=["websocket"])
        await client.emit("user_uttered", {"message": "a" * 100_000})
        await asyncio.wait_for(client.wait(), 10)
        return bool(client.connected)

    assert run(flood()) is False


def test_a_socket_that_asks_for_no_session_is_closed(servers: Servers) -> None:
    async def linger() -> bool:
        client = socketio.AsyncClient(reconnection=False)
        await client.connect(servers.url)
        await asyncio.wait_for(client.wait(), 45)
        return bool(client.connected)

    assert run(linger()) is False


def test_attachments_are_not_collected(servers: Servers) -> None:
    """The library would keep as many as a client announces, of any size, before anything of ours sees them."""

    async def attach() -> int:
        address = f"{servers.url}/socket.io/?EIO=4&transport=websocket"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            for sent in ("40", '451-["user_uttered",{"_placeholder":true,"num":0}]'):
                await socket.receive()
                await socket.send_str(sent)
            await socket.send_bytes(b"x" * 1000)
            await socket.send_str('420["session_request",{}]')
            while not (text := str((await socket.receive(10)).data)).startswith("430"):
                pass
            return int(json.loads(text[3:])[0]["status"])

    assert run(attach()) == 200
