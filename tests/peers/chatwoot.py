"""A local Chatwoot 4.17: customers write in its widget, agents answer, and an agent bot is attached to the inbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from tests.peers.chatwoot_api import Api, Area
from tests.peers.chatwoot_inbox import Inbox
from tests.peers.chatwoot_records import ACCOUNT, INBOX, Bot, Contact, Conversation, Json, Message, Status
from tests.peers.chatwoot_webhooks import Delivery, Event
from tests.peers.faults import Fault, broken, http_error, lost, rate_limited, slow
from tests.peers.server import Server

__all__ = [
    "Chatwoot",
    "Contact",
    "Conversation",
    "Delivery",
    "Message",
    "broken",
    "http_error",
    "lost",
    "rate_limited",
    "slow",
]


class Chatwoot(Inbox):
    """Start with ``with``; ``app_url`` is where the agent bot's webhooks go ("": nowhere).

    What a process under test needs: ``url``, ``ACCOUNT``, ``bot_token``, ``secret``; on behalf of a human, ``agent_token``.
    What customers and agents do returns when the bot has answered all webhooks of it (or was given up); webhooks of what is
    done through the API are sent meanwhile, see ``idle``.
    """

    ACCOUNT: int = ACCOUNT["id"]

    def __init__(self, app_url: str = "") -> None:
        super().__init__(app_url)
        self.api = Api(self)
        self.calls, self.deliveries = self.api.calls, self.webhooks.deliveries
        self._server = Server(self.api.routes())

    def __enter__(self) -> Chatwoot:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return self._server.url

    @property
    def app_url(self) -> str:
        """Where webhooks go."""
        return self.webhooks.url

    @app_url.setter
    def app_url(self, url: str) -> None:
        self.webhooks.url = url

    def forget(self) -> None:
        """Begin anew, for the next test: without conversations, calls, deliveries, problems and faults to come."""
        self.idle()
        self.api.forget()
        for kept in (self.conversations, self.deliveries, self.problems):
            kept.clear()

    # What goes wrong

    def fail(self, what: Area, *faults: Fault) -> None:
        """What the next requests of an area meet, one each."""
        self.api.fail(what, *faults)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """While connections to the API are refused; webhooks go out all the same."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()

    # What customers do

    def contact(self, name: str = "Camille Martin") -> Contact:
        """Somebody who has never written."""
        return Contact(next(self._contacts), name)

    def opens_widget(self, contact: Contact) -> None:
        """Open the widget, before anything is written: app/models/contact_inbox.rb has the shape."""
        current = next((one for one in reversed(self.conversations) if one.contact is contact), None)
        payload: Json = {
            "id": contact.inbox_data()["id"],
            "contact": contact.webhook_data(),
            "inbox": INBOX,
            "account": ACCOUNT,
            "current_conversation": current.webhook_data() if current else None,
            "source_id": contact.source_id,
            "event": "webwidget_triggered",
            "event_info": {"initiated_at": {"timestamp": time.strftime("%a %b %d %Y %H:%M:%S")}, "referer": ""},
        }
        self.webhooks.tell([Event(payload)], wait=True)

    def write(self, contact: Contact, text: str | None = None, files: tuple[str, ...] = ()) -> Message:
        """Write, in the conversation that there is, or in a new one; ``files``: names of attachments."""
        assert text or files, "nothing to send"
        with self._telling() as events:
            conversation = self.current(contact)
            attributes = {"in_reply_to": None}
            return self.add(conversation, contact, text, "incoming", events, content_attributes=attributes, files=files)

    def choose(self, message: Message, value: str) -> None:
        """Choose an option of an input_select. AssertionError if the customer cannot: the widget shows none after a choice."""
        options = [item for item in message.items if item.get("value") == value]
        assert message.content_type == "input_select" and options, f"{value!r} is not in {message.items}"
        assert not message.private and not message.chosen, f"there is nothing left to choose in {message}"
        with self._telling() as events:
            self.update(message, [{"title": options[0].get("title"), "value": value}], events)

    # What agents do

    def takes_over(self, conversation: Conversation) -> None:
        """A human opens a conversation, and gets it (conversations_controller.rb, handle_human_open)."""
        with self._telling() as events:
            self.set_status(conversation, "open", events)
            self.set_assignee(conversation, self.agent, events)

    def reply(self, conversation: Conversation, text: str) -> Message:
        """A human answers; the status stays what it is."""
        with self._telling() as events:
            return self.add(conversation, self.agent, text, "outgoing", events)

    def note(self, conversation: Conversation, text: str) -> Message:
        """A human writes a private note."""
        with self._telling() as events:
            return self.add(conversation, self.agent, text, "outgoing", events, private=True)

    def gives_back(self, conversation: Conversation) -> None:
        """A human leaves a conversation to the bot; the assignee stays."""
        with self._telling() as events:
            self.set_status(conversation, "pending", events)

    def resolves(self, conversation: Conversation) -> None:
        """A human has done with a conversation."""
        with self._telling() as events:
            self.set_status(conversation, "resolved", events)

    # Webhooks that no act of somebody's brings

    def deliver(
        self,
        body: Json | bytes | str,
        *,
        secret: str | None = None,
        timestamp: int | str | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Delivery:
        """Send the bot something, once, well signed unless told otherwise; headers that are None are left out."""
        return self.webhooks.deliver(body, secret=secret, timestamp=timestamp, headers=headers)

    def redeliver(self, message: Message) -> Delivery:
        """The last webhook about a message, again, as by a job that runs twice: the delivery id is the same."""
        assert message.told, f"nothing was told of {message}"
        body, identity = message.told
        return self.webhooks.deliver(body, headers={"X-Chatwoot-Delivery": identity})

    def body(self, message: Message, event: str = "message_created") -> Json:
        """The body of a webhook about a message as it is now, for a test to change and ``deliver``."""
        with self.lock:
            return {**message.webhook_data(), "event": event}

    # What stands here

    def messages(self, conversation: Conversation) -> list[Message]:
        """What the customer sees."""
        with self.lock:
            return conversation.public()

    def answers(self, conversation: Conversation) -> list[Message]:
        """What the customer sees of the bot."""
        return [message for message in self.messages(conversation) if isinstance(message.sender, Bot)]

    def notes(self, conversation: Conversation) -> list[Message]:
        """The private notes, also those of the bot."""
        with self.lock:
            return [message for message in conversation.messages if message.private]

    def status(self, conversation: Conversation) -> Status:
        """Whose turn it is: the bot's while it is pending."""
        return conversation.status

    def wait_until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """AssertionError if a condition is not fulfilled in time."""
        end = time.monotonic() + seconds
        while not condition():
            last = [(one.id, one.status, one.messages[-2:]) for one in self.conversations[-2:]]
            assert time.monotonic() < end, f"not within {seconds} s; here stand {last}; problems: {self.problems}"
            time.sleep(0.02)

    def wait_for(self, conversation: Conversation, count: int = 1, seconds: float = 20) -> list[Message]:
        """The bot's answers in a conversation, once there are as many. AssertionError if there are not in time."""
        self.wait_until(lambda: len(self.answers(conversation)) >= count, seconds)
        return self.answers(conversation)

    def idle(self, seconds: float = 20) -> None:
        """Wait until all webhooks are sent. AssertionError if they are not in time."""
        self.webhooks.idle(seconds)

    # What tests mostly do

    def say(self, contact: Contact, text: str, expect: int = 1, seconds: float = 20) -> list[Message]:
        """Write; the bot's new answers, once there are as many as expected. The bot must have taken the message."""
        before = [len(self.answers(one)) for one in self.conversations if one.contact is contact]
        message = self.write(contact, text)
        self._taken(message)
        known = before[-1] if before else 0
        return self.wait_for(message.conversation, known + expect, seconds)[known:]

    def press(self, message: Message, title: str, expect: int = 1, seconds: float = 20) -> list[Message]:
        """Choose what has this title; see ``say``."""
        self.idle()  # webhooks about the message itself
        known = len(self.answers(message.conversation))
        self.choose(message, message.value(title))
        self._taken(message)
        return self.wait_for(message.conversation, known + expect, seconds)[known:]

    def _taken(self, message: Message) -> None:
        """What was told last of a message was taken; a webhook about the bot's own message may come a little later."""

        def is_taken() -> bool:
            identity = message.told[1] if message.told else ""
            last = [delivery for delivery in list(self.deliveries) if delivery.id == identity][-1:]
            return bool(last) and 200 <= last[0].status < 300

        assert self.app_url, "app_url is empty"
        self.wait_until(is_taken)

    @contextmanager
    def _telling(self) -> Iterator[list[Event]]:
        """Gathers the events of an act, and tells the bot of them."""
        events: list[Event] = []
        with self.lock:
            yield events
        self.webhooks.tell(events, wait=True)
