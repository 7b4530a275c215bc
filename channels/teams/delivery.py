"""Answers on their way to Teams: one message a turn, tried until Microsoft takes it."""

from __future__ import annotations

import asyncio
import fnmatch
import logging
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from rasa.shared.core.trackers import DialogueStateTracker

from channels import texts
from channels.answer import Part, parts
from channels.answer import said as said_in
from channels.inbox import Accepted, Later, seconds_of
from channels.teams.activities import clicks
from channels.teams.cards import message, plain
from channels.teams.tokens import SECONDS, Outgoing

logger = logging.getLogger(__name__)

#: Answers of the connector that pass ("Send and receive messages", "Optimize your bot: rate limiting").
PASSING = {401, 408, 412, 429, 500, 502, 503, 504}

#: A host name, and perhaps a port: nothing that only looks like one (``user@host``, ``host\.host``, ``host:1.host``).
_HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?")


class Services:
    """Addresses that answers may go to: a token of ours goes with them.

    Args:
        hosts: host names, separated by commas; ``*.`` stands for any beginning.
    """

    def __init__(self, hosts: str) -> None:
        self._hosts = [host.strip().lower() for host in hosts.split(",") if host.strip()]

    def allow(self, address: str) -> bool:
        """Whether an address is one of them, over https."""
        try:
            url = urlsplit(address)
            netloc, plain = url.netloc.lower(), not set(address) & set("?#")
        except ValueError:
            return False
        known = _HOST.fullmatch(netloc) and any(fnmatch.fnmatchcase(netloc, host) for host in self._hosts)
        return url.scheme == "https" and plain and bool(known)


class Delivery:
    """Posts answers, and puts the choice that was clicked in place of its buttons.

    Args:
        outgoing: has the tokens.
        services: where answers may go.
    """

    def __init__(self, outgoing: Outgoing, services: Services) -> None:
        self._outgoing, self._services = outgoing, services

    async def open(self) -> None:
        """Get ready to make requests."""
        self._session = aiohttp.ClientSession(trust_env=True)  # a proxy, where there is one

    async def close(self) -> None:
        """Make no more requests."""
        await self._session.close()

    async def announce(self, accepted: Accepted) -> None:
        """Show that an answer is being written."""
        await self._call("POST", accepted.place, "", {"type": "typing"})

    async def post(self, accepted: Accepted, said: Sequence[Part]) -> None:
        """Post a message.

        Raises:
            Later: Microsoft does not take it now.
        """
        place = accepted.place
        content = message(said, accepted.sender, accepted.turn, place["personal"], hint=self._hint(place))
        if not await self._call("POST", place, place["reply_to"] or "", content):
            await self._call("POST", place, place["reply_to"] or "", plain(said))  # better without buttons than not at all

    async def finish(self, accepted: Accepted) -> None:
        """Nothing follows an answer."""

    async def mark(self, accepted: Accepted, record: DialogueStateTracker | None) -> bool:
        """Put the choices that were made in place of their buttons, as the record has them; whether Teams takes that.

        Raises:
            Later: Microsoft does not take it now.
        """
        place = accepted.place
        card, turn = place["clicked"]["card"], place["clicked"]["turn"]
        asked = parts(said_in(record, turn))
        chosen = clicks(record, place["conversation"]["id"], turn, len(asked))
        if not chosen:
            return True
        content = message(asked, accepted.sender, turn, place["personal"], chosen, self._hint(place))
        return await self._call("PUT", place, card, {**content, "id": card})

    def _hint(self, place: dict[str, Any]) -> str | None:
        return None if place["personal"] or place.get("notice") else texts.text("utter_mention_me")

    async def _call(self, method: str, place: dict[str, Any], activity: str, content: dict[str, Any]) -> bool:
        """Ask the connector for something; whether it does it."""
        service = place["service"]
        if not self._services.allow(service):
            logger.error("An answer in Teams would go to an address that is not allowed.")
            return False
        conversation = quote(place["conversation"]["id"], safe="")
        address = f"{service.rstrip('/')}/v3/conversations/{conversation}/activities/{quote(activity, safe='')}".rstrip("/")
        body = {
            **content,
            "from": place["bot"],
            "recipient": place["user"],
            "conversation": place["conversation"],
            "locale": "fr-FR",
        }
        if "suggestedActions" in content:
            body["suggestedActions"] = {**content["suggestedActions"], "to": [place["user"]["id"]]}
        if place["reply_to"]:
            body["replyToId"] = place["reply_to"]
        headers = {"Authorization": f"Bearer {await self._outgoing.token()}"}
        try:
            limit = aiohttp.ClientTimeout(total=SECONDS)
            async with self._session.request(
                method, address, json=body, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise Later(type(error).__name__) from error
        if status == 401:
            self._outgoing.forget()
        if status in PASSING:
            raise Later(f"status {status}", seconds_of(wait))
        if status >= 300:
            logger.error("Teams refuses %s with status %s.", method, status)
            return False
        return True
