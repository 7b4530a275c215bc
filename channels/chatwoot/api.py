"""Chatwoot's API, as far as it is needed (``/api/v1/accounts/…/conversations/…``)."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any

import aiohttp

from channels.inbox import Later, seconds_of

logger = logging.getLogger(__name__)

#: Seconds that a request may take.
SECONDS = 10
#: Seconds to wait after a request that took longer: what was asked for may be done meanwhile.
SECONDS_AFTER = 5
#: Answers that the administrator can mend, and, to a question, those of a version that does not let bots ask it.
BARRED = {401, 403}
#: Answers that pass; redirections are followed nowhere, since the token would go there, and the administrator can mend them.
PASSING = {301, 302, 303, 307, 308, 408, 429, 500, 502, 503, 504}
#: What Chatwoot says with 422 where a conversation has had too many messages in the last minute (``app/models/message.rb``).
CROWDED = "Too many messages"


class NotDone(Exception):
    """Chatwoot refuses, and will again.

    Args:
        status: its answer's.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Barred(Later):
    """Chatwoot does not let this token do that."""


class Crowded(Later):
    """A conversation has had too many messages in the last minute."""


class Api:
    """One account of a Chatwoot.

    Args:
        url: of the Chatwoot, such as ``https://chat.example.fr``.
        account: number of the account.
    """

    def __init__(self, url: str, account: int) -> None:
        self._address = f"{url.rstrip('/')}/api/v1/accounts/{account}/conversations"

    async def open(self) -> None:
        """Get ready to make requests."""
        self._session = aiohttp.ClientSession(trust_env=True)  # a proxy, where there is one

    async def close(self) -> None:
        """Make no more requests."""
        await self._session.close()

    async def call(self, token: str, method: str, conversation: int, path: str = "", **arguments: Any) -> Any:
        """Ask for something about a conversation; the answer's JSON.

        Args:
            token: whose: the bot's, or an agent's.
            method: of HTTP.
            conversation: its number.
            path: below the conversation.
            arguments: aiohttp's (``json``, ``params``).

        What was to be done is done if Chatwoot says so, whatever else can be read: once more would be twice.

        Raises:
            Later: not now.
            NotDone: never.
        """
        limit = aiohttp.ClientTimeout(total=SECONDS)
        address = f"{self._address}/{conversation}{path}"
        headers = {"api_access_token": token}
        try:
            async with self._session.request(
                method, address, headers=headers, timeout=limit, allow_redirects=False, **arguments
            ) as answer:
                await _check(answer)
                try:
                    return await answer.json()
                except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
                    if method == "GET":
                        raise
                    return None
        except asyncio.TimeoutError as error:
            raise Later(type(error).__name__, SECONDS_AFTER) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise Later(type(error).__name__) from error


async def _check(answer: aiohttp.ClientResponse) -> None:
    """Raise what an answer's status means, if it is no success."""
    asked = seconds_of(answer.headers.get("Retry-After"))
    if answer.status in BARRED:
        raise Barred(f"status {answer.status}", asked)
    if answer.status in PASSING:
        raise Later(f"status {answer.status}", asked)
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and CROWDED in await answer.text(errors="replace"):
        raise Crowded("too many messages in a minute", asked)
    if answer.status >= 300:
        raise NotDone(answer.status)
