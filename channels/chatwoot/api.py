"""Chatwoot's API, as far as it is needed (``/api/v1/accounts/…/conversations/…``)."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp

from channels.inbox import Later, seconds_of

logger = logging.getLogger(__name__)

#: Seconds that a request may take.
SECONDS = 10
#: Answers that pass, or that the administrator can mend.
PASSING = {401, 403, 408, 429, 500, 502, 503, 504}


class NotDone(Exception):
    """Chatwoot refuses, and will again.

    Args:
        status: its answer's.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


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
                if answer.status in PASSING:
                    raise Later(f"status {answer.status}", seconds_of(answer.headers.get("Retry-After")))
                if answer.status >= 300:
                    raise NotDone(answer.status)
                return await answer.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise Later(type(error).__name__) from error
