"""What Teams tells us, as messages for the bot (Bot Framework activities, as Teams sends them)."""

from __future__ import annotations

import hashlib
import html
import json
import re
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from actions.buttons import PREFIX
from channels import texts
from channels.answer import clicked
from channels.inbox import Accepted

NAME = "teams"
GREET = f"{PREFIX}greet"

#: Characters of a text, or of its HTML, that are looked at; the bot takes 2,000 of a text.
LONGEST = 20_000

Activity = dict[str, Any]

#: A mention, in a text and in its HTML; the mark of a quoted message; a quotation without one inside.
_MENTION = re.compile(r"<at\b[^>]*>.*?</at>|<span\b[^>]*schema\.skype\.com/Mention[^>]*>.*?</span>", re.DOTALL)
_QUOTED = re.compile(r"<quoted\b[^>]*>(\s*</quoted>)?")
_BLOCKQUOTE = re.compile(r"<blockquote\b(?:(?!<blockquote\b).)*?</blockquote>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Unreadable(ValueError):
    """An activity that lacks what every activity has."""


def taken(activity: Activity) -> Accepted | None:
    """What a person wrote or clicked, or the greeting where the bot was added; None if it is something else.

    Raises:
        Unreadable: the activity lacks what every activity has.
    """
    try:
        if activity.get("type") == "message":
            return _message(activity)
        return _welcome(activity) if _welcomes(activity) else None
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable("an activity lacks what every activity has") from error


def _place(activity: Activity) -> dict[str, Any]:
    """Where an activity is answered: ``service``, ``conversation``, ``bot`` and ``user`` (accounts), ``personal``."""
    conversation = activity["conversation"]
    return {
        "service": _text(activity["serviceUrl"]),
        "conversation": {"id": _text(conversation["id"])},
        "personal": conversation.get("conversationType") == "personal",
        "bot": _account(activity["recipient"]),
        "user": _account(activity["from"]),
        "reply_to": _text(activity["id"]),
    }


def _account(account: dict[str, Any]) -> dict[str, Any]:
    """An account; its name is not always told."""
    return {"id": _text(account["id"]), **({"name": account["name"]} if account.get("name") else {})}


def conversation(activity: Activity) -> str:
    """The conversation with a user: one for each chat, and each thread of a channel, which are Teams' conversations.

    Their ids hold signs that a tracker store may not, so this is a digest of them: of tenant, conversation, person.
    """
    who = activity["from"].get("aadObjectId") or activity["from"]["id"]
    return f"{NAME}:{_digest(_tenant(activity), activity['conversation']['id'], who)}"


def is_for(activity: Activity, tenant: str) -> bool:
    """Whether an activity comes from Teams, and from this organisation."""
    return activity.get("channelId") == "msteams" and str(_tenant(activity)).lower() == tenant.lower()


def _tenant(activity: Activity) -> str | None:
    """The organisation that an activity says it is from."""
    data = activity.get("channelData")
    holders = ((data.get("tenant") if isinstance(data, dict) else None, "id"), (activity.get("conversation"), "tenantId"))
    return next((holder[name] for holder, name in holders if isinstance(holder, dict) and holder.get(name)), None)


def _welcomes(activity: Activity) -> bool:
    """Whether an activity tells that the bot was added to a conversation."""
    members = activity.get("membersAdded") or ()
    return activity.get("type") == "conversationUpdate" and any(
        isinstance(member, dict) and member.get("id") == activity["recipient"]["id"] for member in members
    )


def _message(activity: Activity) -> Accepted:
    """A message that was written or clicked; those who click on another's buttons are told whose they are."""
    where, sender, value = _place(activity), conversation(activity), _value(activity)
    message_id = _digest(activity["conversation"]["id"], activity["id"])
    if value.get("for", sender) != sender:
        once = _digest(activity["conversation"]["id"], value.get("turn"), value.get("question"), sender)
        return Accepted(once, sender, "", {**where, "notice": True}, [{"text": texts.text("utter_not_your_buttons")}])
    payload = value.get("payload")
    if not isinstance(payload, str):
        return Accepted(message_id, sender, _written(activity), where)
    card, asked_in, turn = activity.get("replyToId"), value.get("turn"), ""
    if card and isinstance(asked_in, str):
        where["clicked"] = {"card": card, "turn": asked_in}
        turn = _click(activity["conversation"]["id"], asked_in, value.get("question"))
    return Accepted(message_id, sender, payload, where, turn=turn)


def clicks(record: DialogueStateTracker | None, conversation_id: str, turn: str, parts: int) -> dict[int, str]:
    """What was clicked among the buttons of a turn of so many parts, and answered: payloads, by the number of the part."""
    made = {number: clicked(record, _click(conversation_id, turn, number)) for number in range(parts)}
    return {number: payload for number, payload in made.items() if payload}


def _click(conversation_id: str, turn: str, question: Any) -> str:
    """Id of a click: each question takes one."""
    return _digest(conversation_id, turn, question)


def _welcome(activity: Activity) -> Accepted:
    """The greeting of a conversation that the bot was added to."""
    where = {**_place(activity), "reply_to": None}
    message: dict[str, Any] = {"text": texts.text("utter_greet")}
    if where["personal"]:
        message["buttons"] = texts.buttons("utter_greet")
    return Accepted(_digest(activity["conversation"]["id"], activity["id"]), conversation(activity), "", where, [message])


def _written(activity: Activity) -> str:
    """What a person wrote: without the bot's mention, and without what others wrote. A mention alone is a greeting.

    Anybody else's mention is a colleague. Quoted and forwarded messages stand in the text as if the person had written
    them; only the HTML that comes with it tells.
    """
    text = activity.get("text")
    if not isinstance(text, str) or len(text) > LONGEST:
        return text if isinstance(text, str) else ""
    bots = {activity["recipient"].get("name")} | {
        _words(str(mention.get("text")))
        for mention in activity.get("entities") or ()
        if isinstance(mention, dict) and (mention.get("mentioned") or {}).get("id") == activity["recipient"]["id"]
    }

    def read(mention: re.Match[str]) -> str:
        return " " if _words(mention.group()) in bots else texts.text("utter_mentioned_person")

    own = _without_quotes(activity)
    plain = _words(_MENTION.sub(read, own)) if own is not None else html.unescape(_MENTION.sub(read, _QUOTED.sub(" ", text)))
    return plain.replace("\u00a0", " ").strip() or (GREET if text.strip() else "")


def _without_quotes(activity: Activity) -> str | None:
    """The HTML of a message without what it quotes; None if it quotes nothing."""
    for attachment in activity.get("attachments") or ():
        content = attachment.get("content") if isinstance(attachment, dict) else None
        if isinstance(content, str) and attachment.get("contentType") == "text/html" and "<blockquote" in content:
            content = content if len(content) <= LONGEST else ""
            while content != (shorter := _BLOCKQUOTE.sub(" ", content)):
                content = shorter
            return content
    return None


def _words(markup: str) -> str:
    """The words of some HTML, without its tags."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _value(activity: Activity) -> dict[str, Any]:
    """What a click carries."""
    value = activity.get("value")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value


def _digest(*parts: Any) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:40]
