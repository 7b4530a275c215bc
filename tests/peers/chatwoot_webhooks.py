"""How the local Chatwoot tells the bot: signed webhooks, and what happens when the bot does not take them."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.peers.chatwoot_records import Json, Message

ATTEMPTS: Final = 3  # app/jobs/agent_bots/webhook_job.rb, retry_on
RETRIED: Final = (429, 500)  # lib/webhooks/trigger.rb, RETRYABLE_AGENT_BOT_STATUSES: no other status, and no timeout
SECONDS: Final = 5.0  # lib/webhooks/trigger.rb, webhook_timeout


@dataclass(frozen=True)
class Event:
    """A webhook to come, as it is when it is put into the queue."""

    payload: Json
    message: Message | None = None

    @property
    def name(self) -> str:
        """The kind of event."""
        return str(self.payload["event"])


@dataclass(frozen=True)
class Delivery:
    """A try at telling the bot, and its answer (status 0: none, or not in time). ``id`` is X-Chatwoot-Delivery."""

    event: str
    id: str
    status: int
    body: str
    seconds: float
    headers: dict[str, str]


def encoded(body: Json) -> bytes:
    """A body as Rails writes it: accents stay, while <, > and & are escaped."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode()


class Webhooks:
    """Tells the bot. ``given_up`` is called with an event that it did not take."""

    def __init__(self, url: str, secret: str, problems: list[str], given_up: Callable[[Event], None]) -> None:
        self.url, self.secret = url, secret
        self.seconds, self.retry_seconds = SECONDS, 0.05  #: the real one waits 3 s before each new try
        self.deliveries: list[Delivery] = []
        self._problems, self._given_up = problems, given_up
        self._jobs: list[threading.Thread] = []

    def sign(self, timestamp: str, body: bytes, secret: str | None = None) -> str:
        """A signature (lib/webhooks/trigger.rb, request_headers)."""
        key = (self.secret if secret is None else secret).encode()
        return "sha256=" + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()

    def deliver(
        self,
        body: Json | bytes | str,
        *,
        secret: str | None = None,
        timestamp: int | str | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Delivery:
        """Send something, once, and signed unless told otherwise; headers that are None are left out."""
        raw = encoded(body) if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
        at = str(int(time.time()) if timestamp is None else timestamp)
        own: dict[str, str | None] = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-Chatwoot-Delivery": str(uuid.uuid4()),
            "X-Chatwoot-Timestamp": at,
            "X-Chatwoot-Signature": self.sign(at, raw, secret),
            **(headers or {}),
        }
        sent = {name: value for name, value in own.items() if value is not None}
        status, text, start = 0, "", time.monotonic()
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url, raw, sent), timeout=self.seconds) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, refused.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            pass
        seconds = time.monotonic() - start
        if not status and seconds >= self.seconds:
            self._problems.append(f"no answer to a webhook after {seconds:.0f} s")
        try:
            event = str(json.loads(raw)["event"])
        except (ValueError, LookupError, TypeError):
            event = ""
        delivery = Delivery(event, sent.get("X-Chatwoot-Delivery", ""), status, text, seconds, sent)
        self.deliveries.append(delivery)
        return delivery

    def tell(self, events: list[Event], wait: bool) -> None:
        """Tell of events, in order; ``wait`` until all is told, or do it meanwhile."""
        if not self.url:  # app/listeners/agent_bot_listener.rb: a bot without an address is told nothing
            return
        job = threading.Thread(target=self._tell, args=(events,), daemon=True)
        job.start()
        self._jobs.append(job)  # once it can be joined
        if wait:
            job.join()

    def _tell(self, events: list[Event]) -> None:
        for event in events:
            self._job(event)

    def _job(self, event: Event) -> None:
        """Tell of one event: the delivery id stays (an argument of the job), time and signature are new with each try."""
        body, identity = encoded(event.payload), str(uuid.uuid4())
        if event.message:
            event.message.told = body, identity
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(self.retry_seconds)
            delivery = self.deliver(body, headers={"X-Chatwoot-Delivery": identity})
            if 200 <= delivery.status < 300:
                return
            if delivery.status not in RETRIED:
                break
        self._given_up(event)

    def idle(self, seconds: float = 20) -> None:
        """Wait until all is told. AssertionError if it is not in time."""
        end = time.monotonic() + seconds
        for job in list(self._jobs):
            if job is not threading.current_thread():
                job.join(max(0.0, end - time.monotonic()))
                assert not job.is_alive(), f"not all is told within {seconds} s"
