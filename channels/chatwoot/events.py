"""What Chatwoot tells an agent bot (``app/listeners/agent_bot_listener.rb``), and what is in its messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from channels.agent_assist.schemas import seconds
from channels.agent_assist.transcript import CUSTOMER, Entry

#: Status of a conversation that the bot has; a human has any other.
PENDING = "pending"
#: Events after which the bot has a conversation no more.
_ENDS = {"conversation_opened", "conversation_resolved"}
#: Types of a message, in webhooks and in the API.
_INCOMING, _OUTGOING = {"incoming", 0}, {"outgoing", 1}


@dataclass(frozen=True)
class Told:
    """What a webhook tells.

    ``conversation`` is its number, ``status`` what it says of it. ``id`` tells what was said from all else, however often
    it is told; ``text`` is what the customer wrote or clicked, None if they did not. ``by_human`` if an agent has
    answered in public.
    """

    conversation: int
    status: str
    id: str = ""
    text: str | None = None
    by_human: bool = False


def told(body: dict[str, Any], account: int) -> Told | None:
    """What a webhook tells, or None if it is nothing that concerns the bot.

    Args:
        body: the webhook's.
        account: the account that the bot is in.
    """
    event, message_id = body.get("event"), body.get("id")
    conversation = body if event in _ENDS else _object(body.get("conversation"))
    number, status = conversation.get("id"), str(conversation.get("status") or "")
    if not isinstance(number, int) or _account(body, conversation) not in (None, account):
        return None
    if event in _ENDS:
        return Told(number, status)
    if event not in ("message_created", "message_updated") or not isinstance(message_id, int) or body.get("private"):
        return None
    clicked = _clicked(body)
    if event == "message_updated":
        return Told(number, status, f"click-{message_id}", clicked) if clicked is not None else None
    if body.get("message_type") in _INCOMING:
        return Told(number, status, f"message-{message_id}", str(body.get("content") or ""))
    return Told(number, status, f"human-{message_id}", by_human=True) if _author(body) == "agent" else None


def entries(messages: Iterable[dict[str, Any]]) -> list[Entry]:
    """A conversation's messages, as Chatwoot's API lists them, as a transcript: what the customer could read."""
    found: list[Entry] = []
    for message in messages:
        author = _author(message)
        if author and not message.get("private"):
            at = _seconds(message.get("created_at"))
            found.append(Entry(author, str(message.get("content") or ""), at))
            clicked = _clicked(message)
            if clicked is not None:
                found.append(Entry(CUSTOMER, clicked, at))
    return found


def _author(message: dict[str, Any]) -> str | None:
    """Who wrote a message: customer, agent, bot; None if nobody did."""
    if message.get("message_type") in _INCOMING:
        return CUSTOMER
    if message.get("message_type") not in _OUTGOING:
        return None
    return "agent" if _object(message.get("sender")).get("type") == "user" else "bot"


def _clicked(message: dict[str, Any]) -> str | None:
    """What a click on one of a message's choices stands for."""
    submitted = _object(message.get("content_attributes")).get("submitted_values")
    chosen = submitted[0] if isinstance(submitted, list) and submitted else None
    value = _object(chosen).get("value")
    return value if isinstance(value, str) and message.get("message_type") in _OUTGOING else None


def _account(body: dict[str, Any], conversation: dict[str, Any]) -> Any:
    return _object(body.get("account")).get("id", conversation.get("account_id"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _seconds(created_at: Any) -> float | None:
    """Chatwoot has times as seconds in its API, and as texts elsewhere."""
    if isinstance(created_at, str):
        try:
            return seconds(created_at)
        except ValueError:
            return None
    return float(created_at) if isinstance(created_at, (int, float)) else None
