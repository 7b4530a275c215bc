"""An aiohttp server in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from aiohttp import web

HOST = "127.0.0.1"

T = TypeVar("T")


class Server:
    """Routes served on a free port, from a thread with its own event loop.

    ``routes`` are aiohttp's route definitions; with ``ssl_context``, the server speaks TLS.
    A stopped server may be started again: it keeps its port.
    """

    def __init__(self, routes: web.RouteTableDef | list[web.AbstractRouteDef], ssl_context: ssl.SSLContext | None = None) -> None:
        self._routes: Iterable[web.AbstractRouteDef] = routes
        self._ssl = ssl_context
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end. RuntimeError before the first start."""
        if not self._port:
            raise RuntimeError("not started yet")
        return f"{'https' if self._ssl else 'http'}://{HOST}:{self._port}"

    def start(self) -> None:
        """Serve; connections are accepted when this returns. OSError if the port is taken."""
        listening = socket.create_server((HOST, self._port))
        self._port = listening.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.run(self._serve(listening))

    async def _serve(self, listening: socket.socket) -> None:
        application = web.Application(client_max_size=16 * 1024**2)
        application.add_routes(self._routes)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.SockSite(self._runner, listening, ssl_context=self._ssl).start()

    def run(self, coroutine: Coroutine[Any, Any, T], seconds: float = 30) -> T:
        """What a coroutine gives, run on the server's loop. Its own errors; TimeoutError after ``seconds``."""
        if self._loop is None:
            coroutine.close()
            raise RuntimeError("not running")
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(seconds)
        finally:
            future.cancel()

    def stop(self) -> None:
        """Close all connections and end the thread. Nothing happens if it does not run."""
        if self._loop is None:
            return
        self.run(self._runner.cleanup())
        self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = None


async def _cancel_others() -> None:
    """End what still runs on the loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def drop(request: web.Request) -> web.Response:
    """Close a request's connection without an answer; what this returns reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
