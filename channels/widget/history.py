"""A conversation as the widget shows it, from Rasa's record: after a reload, in another tab, and after each turn."""

from __future__ import annotations

from typing import TypedDict

from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.buttons import Button
from channels import texts

GREETING = "utter_greet"
#: Intents of the thumbs.
RATINGS = {"feedback_positive", "feedback_negative"}


class QuickReply(TypedDict):
    """A button, as Rasa's Socket.IO channel has it."""

    content_type: str
    title: str
    payload: str


class Message(TypedDict, total=False):
    """What one side said.

    ``id`` is the client's id of a user's message, and ``<that>/<n>`` for what the bot answered to it; ``at`` is in
    milliseconds since 1970. ``clicked``: the payload of the button that the user clicked, in place of writing.
    """

    id: str
    speaker: str
    text: str
    at: int
    quick_replies: list[QuickReply]
    clicked: str


def greeting() -> Message:
    """What the widget shows first. Nobody has said anything yet, so Rasa has no record of it."""
    return _bot("greeting/0", texts.text(GREETING), texts.buttons(GREETING))


def messages(tracker: DialogueStateTracker | None) -> list[Message]:
    """All that was said, in order; what was sent again after a failure counts once, with the answer that it got.

    Args:
        tracker: the full record: Rasa begins another session at « Recommencer » and after a day, people do not.
    """
    said = [greeting()]
    titles = _titles(said[0])
    turn, answers, seen = "start", 0, set()
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            turn, answers = event.message_id or "start", 0
            if turn in seen:
                said = [message for message in said if message["id"].split("/")[0] != turn]
            seen.add(turn)
            said.append(_user(event, turn, titles))
        elif isinstance(event, BotUttered) and event.text:
            said.append(_bot(f"{turn}/{answers}", event.text, event.data.get("buttons") or [], event.timestamp))
            titles.update(_titles(said[-1]))
            answers += 1
    return said


def turn(tracker: DialogueStateTracker | None, message_id: str) -> list[Message]:
    """What was said in one turn: the user's message and the bot's answers."""
    return [message for message in messages(tracker) if message["id"].split("/")[0] == message_id]


def rated(tracker: DialogueStateTracker | None, message_id: object) -> dict[str, str | None] | None:
    """What a click on a thumb was about.

    Args:
        tracker: the full record.
        message_id: the client's id of the click.

    Returns:
        ``rating``, the click's intent, and ``conclusion``, what stood about the user then; None if there is no such click.
    """
    conclusion = None
    for event in tracker.events if tracker else ():
        if isinstance(event, SlotSet) and event.key == "conclusion":
            conclusion = event.value
        elif isinstance(event, UserUttered) and event.message_id == message_id and event.intent_name in RATINGS:
            return {"rating": event.intent_name, "conclusion": conclusion}
    return None


def _user(event: UserUttered, message_id: str, titles: dict[str, str]) -> Message:
    clicked = event.parse_data.get("clicked")
    text = titles.get(str(clicked)) or event.text or ""
    message: Message = {"id": message_id, "speaker": "user", "text": text, "at": int(event.timestamp * 1000)}
    if clicked:
        message["clicked"] = str(clicked)
    return message


def _bot(message_id: str, text: str, buttons: list[Button], timestamp: float = 0) -> Message:
    replies: list[QuickReply] = [
        {"content_type": "text", "title": button["title"], "payload": button["payload"]} for button in buttons
    ]
    return {"id": message_id, "speaker": "bot", "text": text, "at": int(timestamp * 1000), "quick_replies": replies}


def _titles(message: Message) -> dict[str, str]:
    return {reply["payload"]: reply["title"] for reply in message["quick_replies"]}
