"""What Chatwoot tells an agent bot (``app/listeners/agent_bot_listener.rb``), and what is in its messages."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from channels.agent_assist.schemas import seconds
from channels.agent_assist.transcript import CUSTOMER, Entry

logger = logging.getLogger(__name__)

#: Status of a conversation that the bot has; a human has any other, or nobody.
PENDING, RESOLVED = "pending", "resolved"
#: Events after which the bot has a conversation no more, unless their own status says that this is over.
_ENDS = {"conversation_opened": "open", "conversation_resolved": RESOLVED}
#: Type of what can be clicked: whoever submits a form clicks nothing of ours.
_CHOICES = "input_select"
#: Types of a message, in webhooks and in the API.
_INCOMING, _OUTGOING = {"incoming", 0}, {"outgoing", 1}
#: What ids of ours begin with, before the number of the message.
_MESSAGE, _CLICK = "message-", "click-"


@dataclass(frozen=True)
class Told:
    """What a webhook tells.

    ``conversation`` is its number, ``status`` what it says of it, as it was ``at`` its last change, and ``channel`` that of the
    customer. ``id`` tells what was said from all else, however often it is told; ``text`` is what the customer wrote or
    clicked, None if they did not. ``by_human`` if an agent has answered in public.
    """

    conversation: int
    status: str
    id: str = ""
    text: str | None = None
    by_human: bool = False
    at: float | None = None
    channel: str = ""

    @property
    def is_click(self) -> bool:
        """Whether the customer has clicked a choice."""
        return self.id.startswith(_CLICK)

    @property
    def message(self) -> int | None:
        """Number of the message that the customer has written, if they have written one."""
        return int(self.id.removeprefix(_MESSAGE)) if self.id.startswith(_MESSAGE) else None


def told(body: dict[str, Any], account: int) -> Told | None:
    """What a webhook tells, or None if it is nothing that concerns the bot.

    Args:
        body: the webhook's.
        account: the account that the bot is in.
    """
    event, message_id = body.get("event"), body.get("id")
    conversation = body if event in _ENDS else _object(body.get("conversation"))
    number = conversation.get("id")
    if not isinstance(number, int):
        return None
    other = _account(body, conversation)
    if other not in (None, account):
        _warn(str(other), account)
        return None
    said = Told(
        number,
        str(conversation.get("status") or _ENDS.get(str(event), "")),
        at=time_of(conversation.get("updated_at")),
        channel=str(conversation.get("channel") or ""),
    )
    if event in _ENDS:
        return said
    if event not in ("message_created", "message_updated") or not isinstance(message_id, int) or body.get("private"):
        return None
    if event == "message_updated":
        clicked = _clicked(body)
        return replace(said, id=f"{_CLICK}{message_id}", text=clicked) if clicked is not None else None
    author = _author(body)
    if author == CUSTOMER:
        return replace(said, id=f"{_MESSAGE}{message_id}", text=str(body.get("content") or ""))
    return replace(said, id=f"human-{message_id}", by_human=True) if author == "agent" else None


@lru_cache(maxsize=8)  # once for each, and not for ever: whoever signs may name many
def _warn(other: str, account: int) -> None:
    logger.warning("Chatwoot tells of account %.20s, and AIGUILLEUR_CHATWOOT_ACCOUNT is %s: it is not answered.", other, account)


def entries(messages: Iterable[dict[str, Any]]) -> list[Entry]:
    """A conversation's messages, as Chatwoot's API lists them, as a transcript: what the customer could read."""
    found: list[Entry] = []
    for message in messages:
        author = _author(message)
        if author and not message.get("private"):
            at = time_of(message.get("created_at"))
            found.append(Entry(author, str(message.get("content") or ""), at))
            clicked = _clicked(message)
            if clicked is not None:
                found.append(Entry(CUSTOMER, clicked, at))
    return found


def last(conversation: dict[str, Any]) -> tuple[int, str]:
    """Number of the last message of a conversation, as Chatwoot's API shows it, and its text if it is the bot's."""
    shown = [*(conversation.get("messages") or ()), conversation.get("last_non_activity_message")]
    found = {message["id"]: message for message in map(_object, shown) if isinstance(message.get("id"), int)}
    if not found:
        return 0, ""
    number = max(found)
    return number, str(found[number].get("content") or "") if _author(found[number]) == "bot" else ""


def until_next(messages: list[dict[str, Any]], number: int | None) -> list[dict[str, Any]]:
    """Messages, as Chatwoot's API lists them, until the customer writes again after the one with this number; all without it."""
    later = (place for place, message in enumerate(messages) if _author(message) == CUSTOMER and message["id"] > (number or 0))
    return messages[: next(later, len(messages))] if number is not None else messages


def _author(message: dict[str, Any]) -> str | None:
    """Who wrote a message: customer, agent, bot; None if nobody did, or nobody can read it: it was deleted, or never arrived."""
    if _object(message.get("content_attributes")).get("deleted") or message.get("status") == "failed":
        return None
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
    is_choice = message.get("content_type") == _CHOICES and message.get("message_type") in _OUTGOING
    return value if isinstance(value, str) and is_choice else None


def _account(body: dict[str, Any], conversation: dict[str, Any]) -> Any:
    return _object(body.get("account")).get("id", conversation.get("account_id"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def time_of(created_at: Any) -> float | None:
    """Chatwoot has times as seconds in its API, and as texts elsewhere."""
    if isinstance(created_at, str):
        try:
            return seconds(created_at)
        except ValueError:
            return None
    return float(created_at) if isinstance(created_at, (int, float)) else None
