"""What goes wrong at a peer when a test wants it to, and the requests that came."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.peers.server import drop

#: What may fail. authority: the tenant's OpenID configuration, which msal reads once.
#: metadata and keys: what incoming tokens are checked with. typing: the connector, if that is what it is told.
Area = Literal["authority", "token", "metadata", "keys", "connector", "typing", "unknown"]


@dataclass(frozen=True)
class Fault:
    """What one request meets in place of the ordinary answer; with ``status`` 0, that one after all."""

    status: int = 0
    retry_after: int | None = None
    seconds: float = 0
    dropped: Literal["", "before", "after"] = ""


def rate_limited(retry_after: int | None = 1) -> Fault:
    """429, with the seconds to wait in Retry-After, or without that header."""
    return Fault(status=429, retry_after=retry_after)


def http_error(status: int) -> Fault:
    """An answer with this status, in the words of the service asked."""
    return Fault(status=status)


def broken() -> Fault:
    """The connection is closed before anything is done."""
    return Fault(dropped="before")


def lost() -> Fault:
    """What was asked for is done, but the connection is closed before the answer."""
    return Fault(dropped="after")


def slow(seconds: float) -> Fault:
    """The ordinary answer, late. What was asked for is done even if the client has gone away meanwhile."""
    return Fault(seconds=seconds)


@dataclass
class Call:
    """A request that came: when (``time.monotonic()``), what of, and the status answered (0: none, so far or ever)."""

    area: Area
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    at: float
    status: int = 0
    answer: Any = field(default=None, repr=False)


def refusal(status: int, code: str, message: str, retry_after: int | None = None) -> web.Response:
    """An error as the connector words it."""
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)


#: "Messages in bot conversations", section "Status codes from bot conversational APIs".
CODES = {
    400: ("BadArgument", "Bad argument"),
    401: ("BotNotRegistered", "No registration found for this bot."),
    403: ("BotDisabledByAdmin", "The tenant admin disabled this bot"),
    404: ("ConversationNotFound", "Conversation not found."),
    412: ("PreconditionFailed", "Precondition failed, please try again."),
    413: ("MessageSizeTooBig", "Message size too large."),
    429: ("Throttled", "Too many requests."),
    500: ("ServiceError", "Internal server error"),
    502: ("ServiceError", "Service dependency issue"),
}


def failed(fault: Fault) -> web.Response:
    """What the connector answers to a request that failed."""
    if fault.status not in CODES:
        return web.Response(status=fault.status, text="<html><body>Service unavailable</body></html>", content_type="text/html")
    return refusal(fault.status, *CODES[fault.status], retry_after=fault.retry_after)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Desk:
    """Keeps the ``calls`` in order, and lets some fail. ``words``: how areas answer then that are not the connector's."""

    def __init__(self, words: dict[Area, Callable[[Fault], web.Response]]) -> None:
        self.calls: list[Call] = []
        self._words = words
        self._faults: dict[Area, deque[Fault]] = {}

    def fail(self, area: Area, *faults: Fault) -> None:
        """What the next requests of an area meet, one each."""
        self._faults.setdefault(area, deque()).extend(faults)

    def served(self, area: Area, handler: Handler) -> Handler:
        """A handler whose requests are kept, and may fail."""

        async def handle(request: web.Request) -> web.StreamResponse:
            call = Call(area, request.method, request.path, dict(request.headers), await content(request), time.monotonic())
            if isinstance(call.body, dict) and call.body.get("type") == "typing":
                call.area = "typing"
            self.calls.append(call)
            faults = self._faults.get(call.area)
            fault = faults.popleft() if faults else Fault()
            await asyncio.sleep(fault.seconds)
            if fault.dropped == "before":
                return drop(request)
            answer = self._words.get(area, failed)(fault) if fault.status else await handler(request)
            if fault.dropped == "after":
                return drop(request)
            call.status, call.answer = answer.status, getattr(answer, "text", None)
            return answer

        return handle


async def content(request: web.Request) -> Any:
    """A request's body: of a form its fields, of JSON what it says, else the text."""
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await request.post())
    try:
        return json.loads(text)
    except ValueError:
        return text
