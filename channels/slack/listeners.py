"""What Slack tells us, as messages for the bot: written down (channels/inbox.py), then acknowledged."""

from __future__ import annotations

import logging
import re
import sqlite3
import uuid
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from actions.buttons import PREFIX
from channels import texts
from channels.answer import Message
from channels.inbox import Accepted, Inbox
from channels.slack.blocks import CHOICE, Question
from channels.slack.mrkdwn import plain

logger = logging.getLogger(__name__)

NAME = "slack"
COMMAND = "/contact-facturation"
#: What people ask when they call the bot without a word.
GREET, ASK = f"{PREFIX}greet", f"{PREFIX}ask_billing_contact"
#: A person's messages; others tell that one was edited, deleted, pinned…
_WRITTEN = {None, "file_share", "thread_broadcast", "me_message"}

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
        if _by_person(event):
            inbox.accept(_message(event, body, event.get("thread_ts") or event["ts"]))

    @app.command(COMMAND)
    async def called(ack: AsyncAck, command: Data) -> None:
        user = command["user_id"]
        message = plain(command.get("text") or "", None) or ASK
        # Posting to a user's id opens the private conversation with them. Slack does not repeat commands.
        asked = Accepted(f"command:{uuid.uuid4().hex}", conversation(user, "D", None), message, _place(user, user))
        try:
            inbox.accept(asked)
            told = "utter_answered_in_private"
        except sqlite3.Error as error:
            logger.error("A command could not be written down (%s).", error)
            told = "utter_technical_trouble"
        await ack(texts.text(told))

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
    # A message that has replies is in its own thread, for Slack.
    thread = None if shown.get("thread_ts") == shown["ts"] else shown.get("thread_ts")
    question, click = Question.of(action), f"{channel}:click:{action['action_ts']}"
    place, sender = _place(channel, user, thread), conversation(user, channel, thread)
    if question is None or question.asked != user:
        told: list[Message] = [{"text": texts.text("utter_not_your_buttons")}]
        once = f"{channel}:{shown['ts']}:{action['block_id']}:{user}"
        return Accepted(once, sender, "", {**place, "only_to": user}, told)
    payload = (action.get("selected_option") or action)["value"]
    clicked = {"ts": shown["ts"], "blocks": shown["blocks"], "text": shown.get("text", "")}
    return Accepted(click, sender, payload, {**place, "clicked": clicked}, turn=turn_of(channel, shown["ts"], question.number))


def turn_of(channel: str, message: str, question: int) -> str:
    """Id of the turn that a click makes: one for each question of a message."""
    return f"{channel}:{message}:{question}"


def _place(channel: str, user: str, thread: str | None = None) -> Data:
    return {"channel": channel, "user": user, "thread": thread}
