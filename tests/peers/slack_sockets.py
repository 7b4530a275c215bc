"""Socket Mode, Slack's side of it (https://docs.slack.dev/apis/events-api/using-socket-mode)."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from typing import cast

from aiohttp import WSMsgType, web

from tests.peers.slack_payloads import APP
from tests.peers.slack_records import Delivery, Json


class Sockets:
    """The connections of the app. ``acks`` are all it has acknowledged; what it gets wrong goes to ``problems``."""

    def __init__(self, problems: list[str], deadline: float) -> None:
        self.acks: list[Json] = []
        self.opened = self.pongs = 0
        self._problems, self._deadline = problems, deadline
        self._tickets: set[str] = set()
        self._live: list[web.WebSocketResponse] = []
        self._transports: list[asyncio.Transport] = []
        self._unacknowledged: dict[str, tuple[bool, asyncio.Future[Json]]] = {}

    @property
    def count(self) -> int:
        """How many connections there are that payloads go to."""
        return len(self._live)

    def new_ticket(self) -> str:
        """What lets the app connect, once."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle a connection from its beginning to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        transport = cast(asyncio.Transport, request.transport)
        self._transports.append(transport)
        self._live.append(socket)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": self.count,
                "debug_info": {"host": "applink-peer", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP},
            }
        )
        await socket.ping(b"Ping from applink-peer")
        try:
            async for message in socket:
                if message.type is WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type is WSMsgType.PONG:
                    self.pongs += 1
                elif message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self._transports.remove(transport)
            if socket in self._live:
                self._live.remove(socket)
        return socket

    def _acknowledge(self, text: str) -> None:
        try:
            ack = dict(json.loads(text))
        except ValueError:
            self._problems.append(f"not an acknowledgement: {text}")
            return
        self.acks.append(ack)
        accepts, waiting = self._unacknowledged.get(ack.get("envelope_id", ""), (True, None))
        if waiting is None:
            self._problems.append(f"acknowledgement of nothing, or too late: {text}")
        elif not waiting.done():
            waiting.set_result(ack)
        if not accepts and ack.get("payload"):
            self._problems.append(f"acknowledgement with a payload that nothing accepts: {text}")

    async def deliver(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Delivery:
        """Send an envelope, and wait for its acknowledgement: status 200, and the payload in it as JSON."""
        started = time.monotonic()
        if not self._live:
            return Delivery(0, "", 0)
        envelope = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        identifier = str(envelope["envelope_id"])
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._unacknowledged[identifier] = (kind != "events_api", waiting)
        try:
            await self._live[secrets.randbelow(self.count)].send_json(envelope)
            ack = await asyncio.wait_for(waiting, self._deadline)
            answer = json.dumps(ack["payload"]) if ack.get("payload") else ""
            return Delivery(200, answer, time.monotonic() - started)
        except (asyncio.TimeoutError, ConnectionError):
            return Delivery(0, "", time.monotonic() - started)
        finally:
            del self._unacknowledged[identifier]

    async def refresh(self, reason: str = "refresh_requested", seconds: float = 2) -> None:
        """Tell the app to connect anew; what it leaves open is closed after some seconds (Slack's are ten)."""
        leaving, self._live = self._live, []
        for socket in leaving:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-peer"}})
        await asyncio.sleep(seconds)
        for socket in leaving:
            await socket.close()

    async def ping(self) -> None:
        """Ping all connections; ``pongs`` counts the answers."""
        for socket in self._live:
            await socket.ping(b"Ping from applink-peer")

    async def drop(self) -> None:
        """Cut all connections off."""
        for transport in self._transports:
            transport.abort()
