"""An inbox of Chatwoot with an agent bot: its conversations, what changes them, and what the bot is told of it.

What is told: app/listeners/agent_bot_listener.rb, whatever the status of the conversation is, and whoever caused it (also
the bot). Activities are not told of (app/models/message.rb, webhook_sendable?), private notes are.
"""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from typing import Any

from tests.peers.chatwoot_limits import attributes, problems, refuse
from tests.peers.chatwoot_records import Agent, Bot, Contact, Conversation, Json, Message, Sender, Status, iso
from tests.peers.chatwoot_webhooks import Event, Webhooks

BOT_ERROR = "Conversation was marked open by system due to an error with the agent bot."


class Inbox:
    """Conversations, and the acts that change them. ``problems``: what the bot did against the rules."""

    def __init__(self, app_url: str) -> None:
        self.bot, self.agent = Bot(7, "Aiguilleur"), Agent(21, "Hélène Roux", "helene@support.invalid")
        self.bot_token, self.agent_token, self.secret = (secrets.token_urlsafe(18) for _ in range(3))
        self.keep_pending_on_bot_failure = False  #: the account's setting (lib/webhooks/trigger.rb)
        self.conversations: list[Conversation] = []
        self.problems: list[str] = []
        self.webhooks = Webhooks(app_url, self.secret, self.problems, self._given_up)
        self.lock = threading.RLock()
        # The ranges are apart, so that a number of one kind is none of another.
        self._contacts, self._conversations, self._messages = (itertools.count(start) for start in (501, 41, 70_001))

    # Conversations

    def find(self, number: int) -> Conversation | None:
        """The conversation with this number."""
        with self.lock:
            found = [conversation for conversation in self.conversations if conversation.id == number]
        return found[0] if found else None

    def current(self, contact: Contact) -> Conversation:
        """Where a customer goes on: the last conversation, or a new one, which waits for the bot.

        app/controllers/api/v1/widget/base_controller.rb; app/models/conversation.rb, determine_conversation_status.
        """
        own = [conversation for conversation in self.conversations if conversation.contact is contact]
        if not own:
            own.append(Conversation(next(self._conversations), contact))
            self.conversations.append(own[0])
        return own[-1]

    def set_status(self, conversation: Conversation, status: Status, events: list[Event]) -> None:
        """Change the status; nothing is told if it is the same (app/models/conversation.rb, notify_status_change)."""
        former = conversation.status
        if former == status:
            return
        conversation.status = status
        if status == "resolved":
            conversation.waiting_since = None  # handle_resolved_status_change: nobody is told of this
        if status in ("open", "resolved"):
            self._changed(conversation, events, "opened" if status == "open" else "resolved", {})
        changes = {"changed_attributes": [{"status": {"previous_value": former, "current_value": status}}]}
        self._changed(conversation, events, "status_changed", changes)
        self._changed(conversation, events, "updated", changes)

    def set_assignee(self, conversation: Conversation, agent: Agent, events: list[Event]) -> None:
        """Assign a conversation to a human."""
        former, conversation.assignee = conversation.assignee, agent
        if former is not agent:
            change = {"previous_value": former.id if former else None, "current_value": agent.id}
            self._changed(conversation, events, "updated", {"changed_attributes": [{"assignee_id": change}]})

    def _changed(self, conversation: Conversation, events: list[Event], what: str, more: Json) -> None:
        conversation.updated_at = time.time()
        events.append(Event({**conversation.webhook_data(), "event": f"conversation_{what}", **more}))

    # Messages

    def add(
        self,
        conversation: Conversation,
        sender: Sender | None,
        content: str | None,
        message_type: str,
        events: list[Event],
        **more: Any,
    ) -> Message:
        """Put a message into a conversation, with all that follows (app/models/message.rb, after_create_commit)."""
        message = Message(next(self._messages), conversation, sender, content, message_type, **more)
        conversation.messages.append(message)
        conversation.updated_at = message.created_at  # app/models/message.rb: belongs_to :conversation, touch: true
        conversation.last_activity_at = message.created_at
        if message_type == "activity":
            return message
        if message_type == "incoming" and conversation.status == "resolved":
            # reopen_resolved_conversation: with an active bot, it waits for the bot again.
            self.set_status(conversation, "pending", events)
        elif message_type == "incoming" and conversation.status == "snoozed":
            self.set_status(conversation, "open", events)  # reopen_conversation
        self._waiting(conversation, message, events)
        events.append(Event({**message.webhook_data(), "event": "message_created"}, message))
        return message

    def _waiting(self, conversation: Conversation, message: Message, events: list[Event]) -> None:
        """Since when the customer waits: a public answer ends it, the bot's too (app/models/message.rb)."""
        former = conversation.waiting_since
        if message.message_type == "incoming":
            conversation.waiting_since = former or message.created_at
        elif not message.private:
            conversation.waiting_since = None
            if isinstance(message.sender, Agent):
                conversation.first_reply_created_at = conversation.first_reply_created_at or message.created_at
        if (former is None) != (conversation.waiting_since is None):
            values = [iso(at) if at else None for at in (former, conversation.waiting_since)]
            change = {"waiting_since": {"previous_value": values[0], "current_value": values[1]}}
            self._changed(conversation, events, "updated", {"changed_attributes": [change]})

    def update(self, message: Message, submitted: list[Json], events: list[Event]) -> None:
        """Note what a customer chose (app/controllers/api/v1/widget/messages_controller.rb, update): no message of its own."""
        message.content_attributes = {**message.content_attributes, "submitted_values": submitted}
        message.updated_at = message.conversation.updated_at = time.time()
        events.append(Event({**message.webhook_data(), "event": "message_updated"}, message))

    def post(self, conversation: Conversation, sender: Agent | Bot, body: Json) -> Message:
        """A message through the API (app/builders/messages/message_builder.rb). RefusedError if it cannot be saved."""
        events: list[Event] = []
        with self.lock:
            recent = [message for message in conversation.messages if message.created_at >= time.time() - 60]
            refuse(body, len(recent))
            if isinstance(sender, Bot):
                found = problems(body)
                if not body.get("private") and conversation.status != "pending":
                    found.append(f"the bot answers a conversation that is {conversation.status}: it is not the bot's turn")
                self.problems += [f"message in conversation {conversation.id}: {problem}" for problem in found]
            message = self.add(
                conversation,
                sender,
                body.get("content"),
                body.get("message_type") or "outgoing",
                events,
                private=bool(body.get("private")),
                content_type=body.get("content_type") or "text",
                content_attributes=attributes(body),
                echo_id=body.get("echo_id"),
            )
        self.webhooks.tell(events, wait=False)
        return message

    # A bot that does not answer

    def _given_up(self, event: Event) -> None:
        """The bot did not take a message: humans get the conversation (lib/webhooks/trigger.rb, handle_error).

        Whosever message it is: that of the bot itself counts too.
        """
        if not event.message:
            return
        events: list[Event] = []
        conversation = event.message.conversation
        with self.lock:
            if conversation.status != "pending" or self.keep_pending_on_bot_failure:
                return
            self.set_status(conversation, "open", events)
            self.add(conversation, None, BOT_ERROR, "activity", events)
        self.webhooks.tell(events, wait=True)
