"""Payloads as Slack sends them, with all their fields.

https://docs.slack.dev/reference/events, https://docs.slack.dev/reference/interaction-payloads/block_actions-payload and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

from __future__ import annotations

import base64
import html
import json
import re
import secrets
import string
import time
import uuid
from typing import Any

from tests.peers.slack_limits import elements
from tests.peers.slack_records import Json

TEAM, BOT_USER, BOT_ID, APP = "T0PEER", "U0BOT", "B0BOT", "A0APP"
DOMAIN = "peer"

#: Typed as characters, sent as names.
EMOJI = {"👍": "+1", "👎": "-1", "🙂": "slightly_smiling_face", "😊": "blush", "🙏": "pray", "🎉": "tada"}

_MENTION, _ADDRESS, _MAIL, _DOMAIN = (
    r"<@\w+>",
    r"https?://[^\s<>]+[^\s<>.,;:!?)»]",
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"[\w-]+(?:\.[\w-]+)*\.(?:com|fr|org|net)\b",
)
_PARTS = re.compile(f"({_MENTION}|{_ADDRESS}|{_MAIL}|{_DOMAIN}|{'|'.join(EMOJI)})")


def some_id(prefix: str, length: int = 10) -> str:
    """A new identifier, as "Ev0123456789"."""
    return prefix + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(length))


def as_sent(text: str) -> tuple[str, list[Json]]:
    """What a user typed (mentions as "<@U…>") as Slack passes it on: its text, with entities and links, and rich text."""
    sent, rich = "", []
    for place, part in enumerate(_PARTS.split(text)):
        if place % 2 == 0:
            sent += html.escape(part, quote=False)
            rich += [{"type": "text", "text": part}] if part else []
        elif part in EMOJI:
            sent += f":{EMOJI[part]}:"
            rich.append({"type": "emoji", "name": EMOJI[part], "unicode": f"{ord(part):x}"})
        elif part.startswith("<@"):
            sent += part
            rich.append({"type": "user", "user_id": part[2:-1]})
        elif part.startswith("http"):
            sent += f"<{html.escape(part, quote=False)}>"
            rich.append({"type": "link", "url": part})
        else:
            url = f"mailto:{part}" if "@" in part else f"http://{part}"
            sent += f"<{url}|{part}>"
            rich.append({"type": "link", "url": url, "text": part})
    return sent, rich


def message(kind: str, user: str, channel: str, text: str, ts: str, thread_ts: str | None) -> Json:
    """What is common to events of a user's message: "message" and "app_mention"."""
    sent, rich = as_sent(text)
    block = {"type": "rich_text", "block_id": some_id("", 5), "elements": [{"type": "rich_text_section", "elements": rich}]}
    event = {
        "user": user,
        "type": kind,
        "ts": ts,
        "client_msg_id": str(uuid.uuid4()),
        "text": sent,
        "team": TEAM,
        "blocks": [block],
        "channel": channel,
        "event_ts": ts,
    }
    return {**event, "thread_ts": thread_ts, "parent_user_id": user} if thread_ts else event


def bot_profile() -> Json:
    """The bot as its messages name it."""
    icons = {f"image_{size}": f"https://a.slack-edge.com/80588/img/plugins/app/bot_{size}.png" for size in (36, 48, 72)}
    profile = {"id": BOT_ID, "deleted": False, "name": "aiguilleur", "updated": 1_700_000_000, "app_id": APP, "user_id": BOT_USER}
    return {**profile, "icons": icons, "team_id": TEAM}


def envelope(event: Json, token: str, event_id: str | None) -> Json:
    """An event as the Events API wraps it."""
    context = {"et": event["type"], "tid": TEAM, "aid": APP, "cid": event.get("channel")}
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": token,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id or some_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": "4-" + base64.urlsafe_b64encode(json.dumps(context).encode()).decode(),
    }


def trigger_id() -> str:
    """What would let the app open a dialog."""
    return f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**11)}.{secrets.token_hex(16)}"


def channel_name(channel: str) -> str:
    """As payloads name it."""
    return "directmessage" if channel.startswith("D") else f"channel-{channel.lower()}"


def user_name(user: str) -> str:
    """As payloads name them."""
    return f"user.{user.lower()}"


def state(blocks: list[Json], action: Json) -> Json:
    """What is chosen in a message's menus once the action is done, by block and action."""
    values: dict[str, Json] = {}
    for block in blocks:
        for _, element in elements(block):
            if element["type"] in ("radio_buttons", "static_select"):
                clicked = (block["block_id"], element["action_id"]) == (action["block_id"], action["action_id"])
                chosen = action["selected_option"] if clicked else element.get("initial_option")
                menus = values.setdefault(block["block_id"], {})
                menus[element["action_id"]] = {"type": element["type"], "selected_option": chosen}
    return {"values": values}


def block_actions(
    user: str, token: str, channel: str, container: Json, response_url: str, action: Json, blocks: list[Json]
) -> Json:
    """A click in blocks; without the message, which an ephemeral one has not."""
    return {
        "type": "block_actions",
        "user": {"id": user, "username": user_name(user), "name": user_name(user), "team_id": TEAM},
        "api_app_id": APP,
        "token": token,
        "container": container,
        "trigger_id": trigger_id(),
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": channel_name(channel)},
        "state": state(blocks, action),
        "response_url": response_url,
        "actions": [{**action, "action_ts": f"{time.time():.6f}"}],
    }


def slash_command(user: str, token: str, channel: str, command: str, text: str, response_url: str) -> dict[str, str]:
    """A slash command's fields."""
    return {
        "token": token,
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": user_name(user),
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id(),
    }


def completed(blocks: Any) -> list[Json]:
    """Blocks as Slack keeps them: with the identifiers and flags that were left out."""

    def complete(value: Any, block: bool = False) -> Any:
        if isinstance(value, list):
            return [complete(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {key: complete(item) for key, item in value.items()}
        kind = kept.get("type")
        if block:
            kept.setdefault("block_id", some_id("", 5))
        elif kind in ("button", "feedback_buttons", "icon_button", "overflow", "radio_buttons", "static_select"):
            kept.setdefault("action_id", some_id("", 5))
        elif kind == "plain_text":
            kept.setdefault("emoji", True)
        elif kind == "mrkdwn":
            kept.setdefault("verbatim", False)
        return kept

    return [complete(block, block=True) for block in blocks or []]
