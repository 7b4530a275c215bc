"""Answers on their way to Slack: one message a turn, tried until Slack takes it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker
from slack_sdk.web.async_client import AsyncWebClient

from channels import texts
from channels.answer import Part, clicked
from channels.inbox import Accepted, Later, seconds_of
from channels.slack.blocks import answered, blocks
from channels.slack.listeners import turn_of
from channels.slack.mrkdwn import escaped

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
    "not_allowed_token_type",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "org_login_required",
    "ekm_access_denied",
}


class Delivery:
    """Posts answers, and puts the choice that was clicked in place of its buttons.

    Args:
        client: speaks to Slack.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def announce(self, accepted: Accepted) -> None:
        """Nothing: an answer is there before Slack would show that it is being made."""

    async def post(self, accepted: Accepted, said: Sequence[Part]) -> None:
        """Post a message.

        Raises:
            Later: Slack does not take it now.
        """
        place = accepted.place
        is_second_click = not accepted.answer  # what is said to it is for nobody else
        only_to = place.get("only_to") or (place["user"] if is_second_click else None)
        in_public = not only_to and not place["channel"].startswith(("D", "U", "W"))
        shown = blocks(said, place["user"], texts.text("utter_mention_me") if in_public else None)
        message = {
            "channel": place["channel"],
            "thread_ts": place["thread"],
            "text": "\n\n".join(escaped(part.text) for part in said),
            **({"user": only_to} if only_to else {"unfurl_links": False, "unfurl_media": False}),
        }
        method = "chat_postEphemeral" if only_to else "chat_postMessage"
        refused = await self._call(method, **message, blocks=shown)
        if refused and "blocks" in refused:
            await self._call(method, **message)  # better without buttons than not at all

    async def finish(self, accepted: Accepted) -> None:
        """Nothing follows an answer."""

    async def mark(self, accepted: Accepted, record: DialogueStateTracker | None) -> bool:
        """Put the choices that were made in place of their buttons, as the record has them; whether Slack takes that.

        Raises:
            Later: Slack does not take it now.
        """
        message, channel = accepted.place["clicked"], accepted.place["channel"]
        now = answered(message["blocks"], lambda number: clicked(record, turn_of(channel, message["ts"], number)))
        if now == message["blocks"]:
            return True
        return not await self._call("chat_update", channel=channel, ts=message["ts"], text=message["text"], blocks=now)

    async def _call(self, method: str, **arguments: Any) -> str | None:
        """Call Slack; why it refuses, if it does for good.

        Raises:
            Later: it does not, now; nor does whatever may stand between it and us.
        """
        try:
            await getattr(self._client, method)(**arguments)
        except Exception as error:
            response = getattr(error, "response", None)
            why = getattr(response, "data", response)
            why = why.get("error") if isinstance(why, dict) else None
            if isinstance(why, str) and why not in PASSING:
                logger.error("Slack refuses %s: %s.", method, why)
                return why
            raise Later(why or type(error).__name__, _retry_after(response)) from error
        return None


def _retry_after(response: Any) -> float | None:
    """Seconds that Slack asks us to wait."""
    headers = getattr(response, "headers", None) or {}
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    return seconds_of(value[0] if isinstance(value, list) else value)
