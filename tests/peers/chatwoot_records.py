"""What the local Chatwoot keeps and shows: people, messages, conversations, deliveries.

A comment names the file of Chatwoot's source where a shape is made. Read there, or in webhooks that others captured: messages,
conversations, their records for the API. Not read, but remembered: ``webhook_data`` of people, and an attachment's fields.
"""

from __future__ import annotations

import mimetypes
import secrets
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Final, Literal

Json = dict[str, Any]
Status = Literal["open", "resolved", "pending", "snoozed"]

ACCOUNT: Final[Json] = {"id": 3, "name": "Support"}
INBOX: Final[Json] = {"id": 12, "name": "Site web"}
CHANNEL: Final = "Channel::WebWidget"
#: app/models/message.rb, the order of the enum is its number in the database.
MESSAGE_TYPES: Final = ("incoming", "outgoing", "activity", "template")


def iso(at: float) -> str:
    """A time as Rails writes it in JSON."""
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(eq=False)
class Contact:
    """A customer, with one browser."""

    id: int
    name: str
    email: str | None = None
    custom_attributes: Json = field(default_factory=dict)
    source_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    pubsub_token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    created_at: float = field(default_factory=time.time)
    kind: Literal["Contact"] = "Contact"

    def _data(self) -> Json:
        return {
            "additional_attributes": {},
            "custom_attributes": self.custom_attributes,
            "email": self.email,
            "id": self.id,
            "identifier": None,
            "name": self.name,
            "phone_number": None,
            "thumbnail": "",
            "blocked": False,
        }

    def webhook_data(self) -> Json:
        """As the sender of a webhook (app/models/contact.rb): without a type."""
        return {"account": ACCOUNT, "avatar": "", **self._data()}

    def push_event_data(self) -> Json:
        """As the dashboard has it (app/models/contact.rb)."""
        return {**self._data(), "type": "contact"}

    def inbox_data(self) -> Json:
        """The record that joins a contact to an inbox, as it stands in the database."""
        return {
            "id": self.id + 4000,
            "contact_id": self.id,
            "inbox_id": INBOX["id"],
            "source_id": self.source_id,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.created_at),
            "hmac_verified": False,
            "pubsub_token": self.pubsub_token,
        }


@dataclass(eq=False)
class Agent:
    """A human of the support team."""

    id: int
    name: str
    email: str
    kind: Literal["User"] = "User"

    def webhook_data(self) -> Json:
        """As the sender of a webhook (app/models/user.rb)."""
        return {"id": self.id, "name": self.name, "email": self.email, "type": "user"}

    def push_event_data(self) -> Json:
        """As the dashboard has it (app/models/user.rb)."""
        more = {"avatar_url": "", "type": "user", "availability_status": "online", "thumbnail": ""}
        return {"id": self.id, "name": self.name, "available_name": self.name, **more}


@dataclass(eq=False)
class Bot:
    """The agent bot, of the kind "webhook"."""

    id: int
    name: str
    kind: Literal["AgentBot"] = "AgentBot"

    def webhook_data(self) -> Json:
        """As the sender of a webhook (app/models/agent_bot.rb)."""
        return {"id": self.id, "name": self.name, "type": "agent_bot"}

    def push_event_data(self) -> Json:
        """As the dashboard has it (app/models/agent_bot.rb)."""
        return {"id": self.id, "name": self.name, "avatar_url": "", "type": "agent_bot"}


Sender = Contact | Agent | Bot


@dataclass(eq=False)
class Message:
    """A message in a conversation; ``told``: body and delivery id of the last webhook about it."""

    id: int
    conversation: Conversation = field(repr=False)
    sender: Sender | None
    content: str | None
    message_type: str = "outgoing"
    private: bool = False
    content_type: str = "text"
    content_attributes: Json = field(default_factory=dict)
    files: tuple[str, ...] = ()
    echo_id: str | None = None
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    told: tuple[bytes, str] | None = field(default=None, repr=False)

    @property
    def items(self) -> list[Json]:
        """The options, articles or cards."""
        return list(self.content_attributes.get("items") or [])

    @property
    def titles(self) -> list[str]:
        """What stands on the options that can be chosen: none after a choice (ChatOptions.vue, hideFields)."""
        return [str(item.get("title")) for item in self.items] if self.content_type == "input_select" and not self.chosen else []

    @property
    def chosen(self) -> str | None:
        """What the widget shows as the customer's choice (AgentMessage.vue, responseMessage)."""
        submitted = self.content_attributes.get("submitted_values")
        return (submitted[0].get("title") or submitted[0].get("value")) if submitted else None

    def value(self, title: str) -> str:
        """What the option with this title sends; AssertionError if there is not exactly one."""
        found = [
            str(item.get("value")) for item in self.items if " ".join(str(item.get("title")).split()) == " ".join(title.split())
        ]
        assert len(found) == 1, f"{title!r} stands {len(found)} times in {self.titles}"
        return found[0]

    def attachments(self) -> list[Json]:
        """The files, as app/models/attachment.rb shows them."""
        found = []
        for number, name in enumerate(self.files):
            kind = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
            found.append(
                {
                    "id": self.id * 10 + number,
                    "message_id": self.id,
                    "file_type": kind if kind in ("image", "audio", "video") else "file",
                    "account_id": ACCOUNT["id"],
                    "extension": None,
                    "data_url": f"https://chatwoot.invalid/rails/active_storage/blobs/redirect/{self.id}/{name}",
                    "thumb_url": "",
                    "file_size": 2048,
                    "width": None,
                    "height": None,
                }
            )
        return found

    def webhook_data(self) -> Json:
        """The body of a webhook, but for the event (app/models/message.rb)."""
        data = {
            "account": ACCOUNT,
            "additional_attributes": {},
            "content_attributes": self.content_attributes,
            "content_type": self.content_type,
            "content": self.content,
            "conversation": self.conversation.webhook_data(),
            "created_at": iso(self.created_at),
            "id": self.id,
            "inbox": INBOX,
            "message_type": self.message_type,
            "private": self.private,
            "sender": self.sender.webhook_data() if self.sender else None,
            "source_id": None,
        }
        return data | ({"attachments": self.attachments()} if self.files else {})

    def push_event_data(self) -> Json:
        """As it stands in a conversation (app/models/message.rb)."""
        conversation = self.conversation
        data: Json = {
            "id": self.id,
            "content": self.content,
            "account_id": ACCOUNT["id"],
            "inbox_id": INBOX["id"],
            "conversation_id": conversation.id,
            "message_type": MESSAGE_TYPES.index(self.message_type),
            "created_at": int(self.created_at),
            "updated_at": iso(self.updated_at),
            "private": self.private,
            "status": "sent",
            "source_id": None,
            "content_type": self.content_type,
            "content_attributes": self.content_attributes,
            "sender_type": self.sender.kind if self.sender else None,
            "sender_id": self.sender.id if self.sender else None,
            "external_source_ids": {},
            "additional_attributes": {},
            "processed_message_content": self.content,
            "sentiment": {},
            "conversation": {
                "assignee_id": conversation.assignee.id if conversation.assignee else None,
                "unread_count": conversation.unread(),
                "last_activity_at": int(conversation.last_activity_at),
                "contact_inbox": {"source_id": conversation.contact.source_id},
            },
        }
        data |= {"attachments": self.attachments()} if self.files else {}
        return data | ({"sender": self.sender.push_event_data()} if self.sender else {})

    def api_data(self) -> Json:
        """What the API answers (app/views/api/v1/models/_message.json.jbuilder)."""
        data: Json = {"id": self.id, "content": self.content, "inbox_id": INBOX["id"]}
        data |= {"echo_id": self.echo_id} if self.echo_id else {}
        data |= {
            "conversation_id": self.conversation.id,
            "message_type": MESSAGE_TYPES.index(self.message_type),
            "content_type": self.content_type,
            "status": "sent",
            "content_attributes": self.content_attributes,
            "created_at": int(self.created_at),
            "private": self.private,
            "source_id": None,
        }
        data |= {"sender": self.sender.push_event_data()} if self.sender else {}
        return data | ({"attachments": self.attachments()} if self.files else {})


@dataclass(eq=False)
class Conversation:
    """A conversation of a customer; ``id`` is its number for people (display id), the only one that Chatwoot tells."""

    id: int
    contact: Contact
    status: Status = "pending"
    assignee: Agent | None = None
    messages: list[Message] = field(default_factory=list, repr=False)
    labels: list[str] = field(default_factory=list)
    custom_attributes: Json = field(default_factory=dict)
    snoozed_until: str | None = None
    waiting_since: float | None = field(default_factory=time.time)
    first_reply_created_at: float | None = None
    created_at: float = field(default_factory=time.time)
    last_activity_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def unread(self) -> int:
        """How much of the customer's nobody has looked at: at most ten are counted (app/models/conversation.rb)."""
        return len([message for message in self.messages if message.message_type == "incoming"][-10:])

    def public(self) -> list[Message]:
        """What the customer sees (app/finders/message_finder.rb, filter_internal_messages)."""
        return [message for message in self.messages if not message.private and message.message_type != "activity"]

    def _shared(self) -> Json:
        first_reply = self.first_reply_created_at
        return {
            "additional_attributes": {"browser": {"browser_name": "Firefox"}, "referer": "https://client.invalid/"},
            "can_reply": True,
            "id": self.id,
            "inbox_id": INBOX["id"],
            "labels": list(self.labels),
            "status": self.status,
            "custom_attributes": dict(self.custom_attributes),
            "snoozed_until": self.snoozed_until,
            "unread_count": self.unread(),
            "first_reply_created_at": iso(first_reply) if first_reply else None,
            "priority": None,
            "waiting_since": int(self.waiting_since or 0),
            "agent_last_seen_at": 0,
            "contact_last_seen_at": 0,
            "last_activity_at": int(self.last_activity_at),
            "timestamp": int(self.last_activity_at),
            "created_at": int(self.created_at),
        }

    def webhook_data(self) -> Json:
        """As webhooks show it (app/presenters/conversations/event_data_presenter.rb)."""
        return {
            **self._shared(),
            "channel": CHANNEL,
            "contact_inbox": self.contact.inbox_data(),
            "messages": [message.push_event_data() for message in self.public()[-1:]],
            "meta": {
                "sender": self.contact.push_event_data(),
                "assignee": self.assignee.push_event_data() if self.assignee else None,
                "assignee_type": "User" if self.assignee else None,
                "team": None,
                "hmac_verified": False,
            },
            "updated_at": self.updated_at,
        }

    def api_data(self) -> Json:
        """What the API answers (app/views/api/v1/conversations/partials/_conversation.json.jbuilder)."""
        meta: Json = {"sender": self.contact.push_event_data(), "channel": CHANNEL, "hmac_verified": False}
        meta |= {"assignee": self.assignee.push_event_data()} if self.assignee else {}
        spoken = [message for message in self.messages if message.message_type != "activity"]
        return {
            **self._shared(),
            "meta": meta,
            "messages": [message.push_event_data() for message in self.messages[-1:]],
            "account_id": ACCOUNT["id"],
            "uuid": self.uuid,
            "assignee_last_seen_at": 0,
            "muted": False,
            "first_reply_created_at": int(self.first_reply_created_at or 0),
            "last_non_activity_message": spoken[-1].push_event_data() if spoken else None,
            "sla_policy_id": None,
        }
