"""Answers on their way to Slack: one message a turn, tried until Slack takes it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from channels import texts
from channels.answer import Part, parts
from channels.inbox import Accepted, Inbox, Later
from channels.slack.blocks import blocks, chosen

logger = logging.getLogger(__name__)

#: Errors that pass, or that the administrator can mend: the answer waits. Any other will not change.
PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
}


class Delivery:
    """Posts answers, and puts the choice that was clicked in place of its buttons.

    Args:
        client: speaks to Slack.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def deliver(self, accepted: Accepted, inbox: Inbox) -> None:
        """Give an answer to Slack.

        Raises:
            Later: Slack does not take it now.
        """
        place = accepted.place
        if place.get("clicked"):
            if not accepted.failed:
                await self._mark(place)
            place["clicked"] = None
            inbox.keep(accepted)
        said = parts(accepted.answer or ())
        if said:
            await self._post(said, place)

    async def _mark(self, place: dict[str, Any]) -> None:
        clicked = place["clicked"]
        now = chosen(clicked["blocks"], clicked["block_id"], clicked["title"])
        await self._call("chat_update", channel=place["channel"], ts=clicked["ts"], text=clicked["text"], blocks=now)

    async def _post(self, said: list[Part], place: dict[str, Any]) -> None:
        in_public = not place["channel"].startswith(("D", "U", "W"))
        hint = texts.text("utter_mention_me") if in_public else None
        only_to = place.get("only_to")
        await self._call(
            "chat_postEphemeral" if only_to else "chat_postMessage",
            channel=place["channel"],
            thread_ts=place["thread"],
            text="\n\n".join(part.text for part in said),
            blocks=blocks(said, place["user"], None if only_to else hint),
            **({"user": only_to} if only_to else {"unfurl_links": False, "unfurl_media": False}),
        )

    async def _call(self, method: str, **arguments: Any) -> None:
        try:
            await getattr(self._client, method)(**arguments)
        except SlackApiError as error:
            response: Any = error.response
            status, why = response.status_code, str(response.get("error"))
            if status == 429 or status >= 500 or why in PASSING:
                raise Later(why, _retry_after(response.headers)) from error
            logger.error("Slack refuses %s: %s.", method, why)
        except (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise Later(type(error).__name__) from error


def _retry_after(headers: Any) -> float | None:
    """Seconds that Slack asks us to wait."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    value = value[0] if isinstance(value, list) else value
    return float(value) if value and str(value).isdigit() else None
