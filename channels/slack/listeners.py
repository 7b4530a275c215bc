"""What Slack tells us, as messages for the bot: written down (channels/inbox.py), then acknowledged."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from actions.buttons import PREFIX
from channels import texts
from channels.inbox import Accepted, Inbox
from channels.slack.blocks import CHOICE, asked_of
from channels.slack.mrkdwn import plain

NAME = "slack"
COMMAND = "/contact-facturation"
#: What people ask when they call the bot without a word.
GREET, ASK = f"{PREFIX}greet", f"{PREFIX}ask_billing_contact"
#: A person's messages; others tell that one was edited, deleted, pinned…
_WRITTEN = {None, "file_share", "thread_broadcast"}

Data = dict[str, Any]


def conversation(user: str, channel: str, thread: str | None) -> str:
    """The conversation with a user: one in private, one more in each thread; what is said in a channel stays there.

    Args:
        user: their id.
        channel: its id; that of a private conversation begins with D.
        thread: timestamp of the thread's first message.
    """
    where = "im" if channel.startswith("D") else channel
    return ":".join([NAME, where, user, *([thread] if thread else [])])


def add_listeners(app: AsyncApp, inbox: Inbox) -> None:
    """Make a Bolt app put what people write and click into the inbox."""

    @app.event("message")
    async def written(event: Data, body: Data) -> None:
        if event.get("channel_type") == "im" and event.get("subtype") in _WRITTEN and _by_person(event):
            inbox.accept(_message(event, body, event.get("thread_ts")))

    @app.event("app_mention")
    async def mentioned(event: Data, body: Data) -> None:
        if not event.get("edited") and _by_person(event):
            inbox.accept(_message(event, body, event.get("thread_ts") or event["ts"]))

    @app.command(COMMAND)
    async def called(ack: AsyncAck, command: Data) -> None:
        user, channel = command["user_id"], command["channel_id"]
        message = plain(command.get("text") or "", None) or ASK
        # Posting to a user's id opens the private conversation with them.
        where = channel if channel.startswith("D") else user
        inbox.accept(Accepted(command["trigger_id"], conversation(user, "D", None), message, _place(where, user)))
        await ack("" if where == channel else texts.text("utter_answered_in_private"))

    @app.action(re.compile(f"{CHOICE}:"))
    async def clicked(ack: AsyncAck, body: Data, action: Data) -> None:
        inbox.accept(_click(body, action))
        await ack()

    # Whatever else Slack tells us is taken, and that is all; a link that was opened, for one.
    @app.action(re.compile("."))
    async def opened(ack: AsyncAck) -> None:
        await ack()

    @app.event(re.compile("."))
    async def happened() -> None:
        pass


def _by_person(event: Data) -> bool:
    return bool(event.get("user")) and not event.get("bot_id")


def _message(event: Data, body: Data, thread: str | None) -> Accepted:
    """A written message; a mention without a word is a greeting."""
    bot = next((installed.get("user_id") for installed in body.get("authorizations") or ()), None)
    written, channel, user = event.get("text") or "", event["channel"], event["user"]
    message = plain(written, bot) or (GREET if written else "")
    return Accepted(f"{channel}:{event['ts']}", conversation(user, channel, thread), message, _place(channel, user, thread))


def _click(body: Data, action: Data) -> Accepted:
    """A click; each question takes one. Those on another's buttons are told whose they are."""
    user, channel, shown = body["user"]["id"], body["channel"]["id"], body["message"]
    thread, block_id = shown.get("thread_ts"), action["block_id"]
    option = action.get("selected_option") or action
    place, sender = _place(channel, user, thread), conversation(user, channel, thread)
    click = f"{channel}:click:{action['action_ts']}"
    if asked_of(block_id) != user:
        told = [{"text": texts.text("utter_not_your_buttons")}]
        return Accepted(click, sender, "", {**place, "only_to": user}, told)
    clicked = {"ts": shown["ts"], "blocks": shown["blocks"], "text": shown.get("text", ""), "block_id": block_id}
    clicked["title"] = _title(action, str(option["value"]))
    question = block_id.rsplit(":", 1)[0].rsplit(":", 1)[1]
    turn = f"{channel}:{shown['ts']}:{question}"
    return Accepted(click, sender, option["value"], {**place, "clicked": clicked}, turn=turn)


def _title(action: Data, value: str) -> str:
    """The words on what was clicked."""
    option = action.get("selected_option") or action
    thumbs = [thumb for place in ("positive_button", "negative_button") if (thumb := action.get(place))]
    shown = next((thumb for thumb in thumbs if thumb.get("value") == value), option)
    return str((shown.get("text") or {}).get("text") or "")


def _place(channel: str, user: str, thread: str | None = None) -> Data:
    return {"channel": channel, "user": user, "thread": thread}
