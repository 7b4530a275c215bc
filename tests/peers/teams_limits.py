"""What Teams makes of a bot's message: the published limits, each with its page."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree
from typing import Any, Final, NamedTuple

from tests.peers.teams_schema import Card, known, within

DOCS: Final = "https://learn.microsoft.com/microsoftteams/platform"


class Limit(NamedTuple):
    """A value, and the page it is from."""

    value: int
    page: str


#: Of the whole message in UTF-16. More is refused with 413 MessageSizeTooBig.
MESSAGE_BYTES = Limit(100 * 1024, f"{DOCS}/bots/how-to/format-your-bot-messages")
#: More are not shown. None with attachments; imBack only.
SUGGESTED_ACTIONS = Limit(3, f"{DOCS}/bots/how-to/conversations/prompt-suggestions")
#: Of a carousel.
ATTACHMENTS = Limit(10, f"{DOCS}/task-modules-and-cards/cards/cards-reference#card-collections")
#: Seconds until the bot has answered the request with which an activity came; then: 504 GatewayTimeout.
ANSWER_SECONDS = Limit(15, "https://learn.microsoft.com/azure/bot-service/bot-builder-long-operations-guidance")
#: (seconds, operations) of one bot in one conversation.
RATES: Final = ((1, 7), (2, 8), (30, 60), (3600, 1800))
RATES_PAGE: Final = f"{DOCS}/bots/how-to/rate-limit#per-bot-per-thread-limit"

ADAPTIVE_CARD: Final = "application/vnd.microsoft.card.adaptive"
#: What a bot may post here: "Messages in bot conversations".
TYPES: Final = ("message", "typing")
#: "Format your bot messages".
TEXT_FORMATS: Final = ("plain", "markdown", "xml")

#: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
ACTIVITY: Final = (
    "type id timestamp localTimestamp localTimezone serviceUrl channelId from conversation recipient replyToId text textFormat "
    "attachments attachmentLayout suggestedActions inputHint locale summary speak entities channelData importance deliveryMode "
    "expiration name value"
)
ATTACHMENT: Final = "contentType content contentUrl name thumbnailUrl"

#: "Text-only messages don't support table formatting", headers and images: "Format your bot messages".
NOT_IN_TEXT: Final = {"a header": r"^#{1,6} ", "a table": r"^\s*\|.*\|\s*$", "an image": r"!\[[^\]]*\]\("}
#: The markup of that page that is for text-only messages: no headers, rules or images. at: mentions.
TAGS: Final = (
    "strong",
    "b",
    "em",
    "i",
    "strike",
    "s",
    "pre",
    "code",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "br",
    "p",
    "div",
    "at",
)


class Refused(Exception):
    """The connector does not take a message: status, code and message of its answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


def size(body: dict[str, Any]) -> int:
    """Bytes of a message as Teams counts them."""
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass"))


def refuse(body: Any) -> None:
    """Refused if Teams cannot take a body at all."""
    if not isinstance(body, dict):
        raise Refused(400, "BadSyntax", "The activity is not a JSON object")
    if body.get("type") not in TYPES:
        raise Refused(400, "BadArgument", f"Unknown activity type {body.get('type')!r}")
    if size(body) > MESSAGE_BYTES.value:
        raise Refused(413, "MessageSizeTooBig", "Message size too large.")
    if body["type"] == "message" and not body.get("text") and not body.get("attachments"):
        raise Refused(400, "BadSyntax", "The message has neither text nor attachments")
    attachments = body.get("attachments") or []
    if not isinstance(attachments, list) or not all(isinstance(attachment, dict) for attachment in attachments):
        raise Refused(400, "BadSyntax", "The attachments are not a list of objects")
    for attachment in attachments:
        content = attachment.get("content")
        if attachment.get("contentType") != ADAPTIVE_CARD:
            raise Refused(400, "BadSyntax", f"Unknown attachment type {attachment.get('contentType')!r}")
        if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
            raise Refused(400, "BadSyntax", "The attachment's content is not an Adaptive Card")


def problems(body: dict[str, Any]) -> list[str]:
    """What is against the rules in a message that Teams takes, one sentence each."""
    found = known(body, ACTIVITY, "activity")
    attachments = body.get("attachments") or []
    if body["type"] == "message":
        found += _text(body)
        found += _entities(body)
        if "suggestedActions" in body:
            found += _suggested(body["suggestedActions"], bool(attachments))
    elif set(body) & {"text", "attachments", "suggestedActions"}:
        found.append("a typing activity has content")
    if attachments and body.get("text"):
        found.append("text and attachments in one message: Teams splits it in two, and gives no id")
    if len(attachments) > ATTACHMENTS.value:
        found.append(f"{len(attachments)} attachments, the limit is {ATTACHMENTS.value}")
    for attachment in attachments:
        found += known(attachment, ATTACHMENT, "attachment")
        found += Card(attachment["content"]).problems
    return found


def _text(body: dict[str, Any]) -> list[str]:
    form, text = body.get("textFormat", "markdown"), str(body.get("text") or "")
    found = within(form, TEXT_FORMATS, "textFormat")
    if form == "xml":
        try:
            tags = {element.tag for element in xml.etree.ElementTree.fromstring(f"<text>{text}</text>").iter()}
        except xml.etree.ElementTree.ParseError as problem:
            return [*found, f"the text is not XML: {problem}"]
        found += [f"<{tag}> in the text" for tag in sorted(tags - {*TAGS, "text"})]
    if form == "markdown":
        found += [f"{name} in the text" for name, pattern in NOT_IN_TEXT.items() if re.search(pattern, text, re.M)]
    return found


def _entities(body: dict[str, Any]) -> list[str]:
    """A mention that is not in the text is ignored: "Channel and group chat conversations with a bot"."""
    text = str(body.get("text") or "")
    mentions = [str(entity.get("text")) for entity in body.get("entities") or [] if entity.get("type") == "mention"]
    return [f"the mention {mention!r} is not in the text" for mention in mentions if mention not in text]


def _suggested(suggested: dict[str, Any], attachments: bool) -> list[str]:
    actions = suggested.get("actions") or []
    found = known(suggested, "actions to", "suggestedActions")
    if attachments:
        found.append("suggested actions in a message with attachments")
    if not 1 <= len(actions) <= SUGGESTED_ACTIONS.value:
        found.append(f"{len(actions)} suggested actions, the limit is {SUGGESTED_ACTIONS.value}")
    for action in actions:
        found += known(action, "type title value", "suggested action")
        if action.get("type") != "imBack":
            found.append(f"a suggested action of type {action.get('type')!r}, not imBack")
        if not all(isinstance(action.get(name), str) and action[name].strip() for name in ("title", "value")):
            found.append("a suggested action without title or value")
    return found
