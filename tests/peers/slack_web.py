"""A Slack workspace: what stands in it, and the methods of the Web API (https://docs.slack.dev/reference/methods)."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.peers import slack_limits
from tests.peers.slack_payloads import APP, BOT_ID, BOT_USER, DOMAIN, TEAM, bot_profile, completed, some_id
from tests.peers.slack_records import Json, Posted

USES, LIFETIME = 5, 30 * 60  # interactivity/handling-user-interaction#message_responses
PROMPTS, LOADING_MESSAGES = 4, 10  # assistant.threads.setSuggestedPrompts, assistant.threads.setStatus


class RefusedError(Exception):
    """Slack's error code for a call, with more fields of the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.answer = code, {"ok": False, "error": code, **more}


@dataclass
class Hook:
    """A response_url: for one user in one channel; from a click, it knows the message."""

    channel: str
    user: str
    original: Posted | None
    created: float
    uses: int = 0


class Workspace:
    """What stands in Slack, and the calls that change it. ``problems`` are all breaches of what Slack publishes."""

    def __init__(self) -> None:
        self.bot_token = f"xoxb-{secrets.randbelow(10**12)}-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{APP}-{secrets.randbelow(10**12)}-{secrets.token_hex(32)}"
        self.messages: list[Posted] = []
        self.problems: list[str] = []
        self.hooks: dict[str, Hook] = {}
        self.statuses: list[Json] = []
        self.prompts: list[Json] = []
        self._channels: dict[str, bool] = {}
        self._dms: dict[str, str] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._clock = 0
        self._methods: dict[str, Callable[[Json], Json]] = {
            "api.test": lambda arguments: {"args": arguments},
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.open": self._open,
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
        }

    # Channels and threads

    def dm(self, user: str) -> str:
        """The channel of a user's direct messages with the bot."""
        return self._dms.setdefault(user, some_id("D"))

    def join(self, channel: str) -> str:
        """Make the bot a member of a channel, as inviting it does."""
        self._channels[channel] = True
        return channel

    def seen(self, channel: str) -> str:
        """Make a channel known, that the bot need not be a member of."""
        if not channel.startswith("D"):
            self._channels.setdefault(channel, False)
        return channel

    def new_ts(self) -> str:
        """The timestamp that identifies the next message: they only go up."""
        self._clock = max(self._clock + 1, int(time.time() * 1_000_000))
        return f"{self._clock // 1_000_000}.{self._clock % 1_000_000:06d}"

    def stands(self, channel: str, ts: str, thread_ts: str | None) -> None:
        """Note that there is a message, and the thread it is in."""
        self._parents[channel, ts] = thread_ts or ts
        if thread_ts:
            self._parents.setdefault((channel, thread_ts), thread_ts)

    def _member(self, channel: Any) -> str:
        """The channel's ID, where the bot may write; opens the direct messages of a user."""
        if isinstance(channel, str) and re.fullmatch(r"[UW]\w+", channel):
            return self.dm(channel)
        if channel in self._dms.values():
            return str(channel)
        if channel not in self._channels:
            raise RefusedError("channel_not_found")
        if not self._channels[channel]:
            raise RefusedError("not_in_channel")
        return str(channel)

    def _thread(self, arguments: Json, channel: str) -> str | None:
        thread = arguments.get("thread_ts")
        if thread is None:
            return None
        if not re.fullmatch(r"\d{10}\.\d{6}", str(thread)) or (channel, thread) not in self._parents:
            raise RefusedError("invalid_thread_ts")
        if self._parents[channel, thread] != thread:
            self.problems.append(f"thread_ts {thread} is a reply's: it must be its parent's")
        return str(thread)

    # Calls

    def call(self, method: str, arguments: Json, token: str | None) -> Json:
        """What a method answers; RefusedError with Slack's error."""
        handler = self._methods.get(method)
        if handler is None:
            raise RefusedError("unknown_method", req_method=method)
        if method == "api.test":
            return {"ok": True, **handler(arguments)}
        if not token:
            raise RefusedError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise RefusedError("invalid_auth")
        if (token == self.app_token) != (method == "apps.connections.open"):
            raise RefusedError("not_allowed_token_type")
        return {"ok": True, **handler(arguments)}

    def _auth_test(self, arguments: Json) -> Json:
        names = {"url": f"https://{DOMAIN}.slack.com/", "team": "Peer", "user": "aiguilleur"}
        return {**names, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False}

    def _open(self, arguments: Json) -> Json:
        user = arguments.get("users", "")
        if not re.fullmatch(r"[UW]\w+", user):
            raise RefusedError("users_list_not_supplied" if not user else "user_not_found")
        known = user in self._dms
        return {"no_op": known, "already_open": known, "channel": {"id": self.dm(user)}}

    def _content(self, arguments: Json) -> tuple[str, list[Json]]:
        """Text and blocks of a message; RefusedError with what is wrong with them."""
        text, blocks = arguments.get("text"), arguments.get("blocks")
        if isinstance(blocks, str):
            try:
                blocks = json.loads(blocks)
            except ValueError:
                raise RefusedError("invalid_blocks_format") from None
        if text is not None and not isinstance(text, str):
            raise RefusedError("invalid_arguments")
        for kind in ("attachments", "markdown_text"):
            if arguments.get(kind):
                self.problems.append(f"{kind} are not what this peer knows")
        found = slack_limits.block_problems(blocks)
        if found:
            self.problems += found
            messages = [f"[ERROR] {problem}" for problem in found]
            raise RefusedError("invalid_blocks", errors=found, response_metadata={"messages": messages})
        if slack_limits.text_problems(text):
            self.problems += slack_limits.text_problems(text)
            raise RefusedError("msg_too_long")
        if slack_limits.too_long(blocks):
            self.problems.append("the texts of all blocks are too long together")
            raise RefusedError("msg_blocks_too_long")
        if not blocks and not (text or "").strip():
            raise RefusedError("no_text")
        if not text:
            self.problems.append("blocks without text: screen readers and notifications have nothing to say")
        self.problems += slack_limits.markup_problems(blocks, text)
        return text or "", completed(blocks)

    def post(self, channel: str, arguments: Json, user: str | None = None) -> Posted:
        """Put a message up; for a user alone, if given. RefusedError with what is wrong with it."""
        text, blocks = self._content(arguments)
        posted = Posted(channel, self.new_ts(), text, blocks, arguments, self._thread(arguments, channel), user)
        if user is None:
            self.stands(channel, posted.ts, posted.thread_ts)
        self.messages.append(posted)
        return posted

    def change(self, posted: Posted, arguments: Json) -> None:
        """Put something else in its place. RefusedError with what is wrong with it."""
        text, blocks = self._content(arguments)
        # chat.update: without "blocks", those that there are stay.
        posted.blocks = posted.blocks if arguments.get("blocks") is None else blocks
        posted.text, posted.arguments, posted.edited = text, arguments, True

    def as_message(self, posted: Posted) -> Json:
        """The message as answers and payloads have it."""
        thread = {"thread_ts": posted.thread_ts, "parent_user_id": BOT_USER} if posted.thread_ts else {}
        edited = {"edited": {"user": BOT_USER, "ts": posted.ts}} if posted.edited else {}
        return {
            "user": BOT_USER,
            "type": "message",
            "ts": posted.ts,
            "bot_id": BOT_ID,
            "app_id": APP,
            "text": posted.text,
            "team": TEAM,
            "bot_profile": bot_profile(),
            "blocks": posted.blocks,
            **thread,
            **edited,
        }

    def _post_message(self, arguments: Json) -> Json:
        posted = self.post(self._member(arguments.get("channel")), arguments)
        return {"channel": posted.channel, "ts": posted.ts, "message": self.as_message(posted)}

    def _post_ephemeral(self, arguments: Json) -> Json:
        channel, user = arguments.get("channel"), arguments.get("user")
        if not user:
            raise RefusedError("invalid_arguments")
        if str(channel).startswith(("U", "W")):
            raise RefusedError("channel_not_found")
        channel = self._member(channel)
        if channel.startswith("D") and self._dms.get(user) != channel:
            raise RefusedError("user_not_in_channel")
        return {"message_ts": self.post(channel, arguments, user).ts}

    def _own(self, arguments: Json, refusal: str) -> Posted:
        """The bot's message that is meant; users' messages are others'."""
        channel, ts = arguments.get("channel"), arguments.get("ts")
        if channel not in self._channels and channel not in self._dms.values():
            raise RefusedError("channel_not_found")
        for posted in self.messages:
            if (posted.channel, posted.ts) == (channel, ts) and not posted.ephemeral:
                return posted
        raise RefusedError(refusal if (channel, ts) in self._parents else "message_not_found")

    def _update(self, arguments: Json) -> Json:
        posted = self._own(arguments, "cant_update_message")
        if len(arguments.get("text") or "") > slack_limits.UPDATE_TEXT:
            self.problems.append(f"chat.update: must be less than {slack_limits.UPDATE_TEXT + 1} characters [json-pointer:/text]")
            raise RefusedError("msg_too_long")
        self.change(posted, arguments)
        return {"channel": posted.channel, "ts": posted.ts, "text": posted.text, "message": self.as_message(posted)}

    def _delete(self, arguments: Json) -> Json:
        posted = self._own(arguments, "cant_delete_message")
        self.messages.remove(posted)
        del self._parents[posted.channel, posted.ts]
        return {"channel": posted.channel, "ts": posted.ts}

    def _assistant(self, arguments: Json, *required: str) -> None:
        if any(arguments.get(name) is None for name in required):
            raise RefusedError("invalid_arguments")
        if arguments["channel_id"] not in (*self._dms.values(), *self._channels):
            raise RefusedError("channel_not_found")
        self._thread(arguments, arguments["channel_id"])

    def _set_status(self, arguments: Json) -> Json:
        self._assistant(arguments, "channel_id", "thread_ts", "status")
        if len(_decoded(arguments.get("loading_messages") or [])) > LOADING_MESSAGES:
            raise RefusedError("invalid_arguments")
        self.statuses.append(arguments)
        return {}

    def _set_prompts(self, arguments: Json) -> Json:
        self._assistant(arguments, "channel_id", "prompts")
        prompts = _decoded(arguments["prompts"])
        whole = isinstance(prompts, list) and all(prompt.get("title") and prompt.get("message") for prompt in prompts)
        if not whole or not 0 < len(prompts) <= PROMPTS:
            self.problems.append(f"suggested prompts: {prompts}")
            raise RefusedError("invalid_arguments")
        self.prompts.append({**arguments, "prompts": prompts})
        return {}

    # response_url

    def respond(self, path: str, body: Any) -> None:
        """Do what is posted to a response_url. RefusedError if it is unknown, used up or too old, or the message is wrong."""
        hook = self.hooks.get(path)
        if hook is None:
            raise RefusedError("invalid_url")
        if time.time() - hook.created > LIFETIME:
            raise RefusedError("expired_url")
        if hook.uses >= USES:
            raise RefusedError("used_url")
        hook.uses += 1
        if not isinstance(body, dict):
            raise RefusedError("invalid_payload")
        if body.get("delete_original") or body.get("replace_original"):
            if hook.original is None or hook.original not in self.messages:
                raise RefusedError("message_not_found")
            if body.get("delete_original"):
                self.messages.remove(hook.original)
            else:
                self.change(hook.original, body)
            return
        kind = body.get("response_type", "ephemeral")
        if kind not in ("ephemeral", "in_channel"):
            raise RefusedError("invalid_arguments")
        self.post(hook.channel, body, hook.user if kind == "ephemeral" else None)


def _decoded(value: Any) -> Any:
    """An argument that forms carry as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise RefusedError("invalid_arguments") from None
