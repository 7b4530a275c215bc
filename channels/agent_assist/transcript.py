"""What was said between a customer and an agent."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from channels.agent_assist.schemas import seconds

CUSTOMER = "customer"


@dataclass(frozen=True)
class Entry:
    """One message of a transcript; ``author`` is customer, agent or bot, ``at`` seconds since 1970, if that is known."""

    author: str
    text: str
    at: float | None = None


@dataclass(frozen=True)
class Transcript:
    """Who said what, oldest first; ``conversation`` tells conversations apart.

    ``key`` is what digests are made with: without it, who reads them could try what was said (« 0000 », « 0001 »…).
    """

    entries: tuple[Entry, ...]
    conversation: str = ""
    key: bytes = b""

    @classmethod
    def of(cls, request: dict[str, Any], key: bytes = b"") -> Transcript:
        """The transcript of a request, which is as openapi.yaml has it."""
        entries = (
            Entry(message["author"], message["text"], seconds(message["at"]) if "at" in message else None)
            for message in request["messages"]
        )
        return cls(tuple(entries), request.get("conversation", {}).get("id", ""), key)

    @property
    def of_customer(self) -> list[int]:
        """Positions of the customer's messages."""
        return [position for position, entry in enumerate(self.entries) if entry.author == CUSTOMER]

    def until(self, position: int | None) -> Transcript:
        """The transcript to this message, and no further; nothing of it if there is none."""
        return Transcript(self.entries[: 0 if position is None else position + 1], self.conversation, self.key)

    def digest(self, *also: str) -> str:
        """What tells this transcript from others, and from itself read otherwise."""
        whole = [*also, self.conversation, [[entry.author, entry.text, entry.at] for entry in self.entries]]
        return hmac.new(self.key, json.dumps(whole).encode(), hashlib.sha256).hexdigest()[:24]
