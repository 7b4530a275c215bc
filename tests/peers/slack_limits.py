"""What Slack publishes about messages: Block Kit's shapes and limits, and how text is marked up.

Page names are docs.slack.dev's, without reference/block-kit/. Complaints read as Slack's own:
``must be less than 76 characters [json-pointer:/blocks/0/elements/1/text/text]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

#: Given a value and the JSON pointer to it, what is wrong with it.
Check = Callable[[Any, str], Iterator[str]]

MESSAGE_TEXT = 40_000  # reference/methods/chat.postMessage
UPDATE_TEXT = 4_000  # reference/methods/chat.update: msg_too_long
MESSAGE_BLOCKS = 50  # blocks
MARKDOWN = 12_000  # blocks/markdown-block: all of a message's together
#: Not published, but refused as ``msg_blocks_too_long``: https://github.com/slackapi/bolt-js/issues/2509
ALL_BLOCKS = 13_200


def problems(blocks: Any, text: Any) -> list[str]:
    """All that is wrong with a message: what Slack refuses, then what it would show differently from what is meant."""
    return [*block_problems(blocks), *text_problems(text), *markup_problems(blocks, text)]


def block_problems(blocks: Any) -> list[str]:
    """What Slack refuses as ``invalid_blocks``; ``blocks`` is what the JSON gave, or None."""
    if blocks is None:
        return []
    found = list(_items(MESSAGE_BLOCKS, BLOCK, minimum=0)(blocks, "/blocks"))
    if found:
        return found
    found += _repeated([(block.get("block_id"), f"/blocks/{place}/block_id") for place, block in enumerate(blocks)], "block_id")
    for place, block in enumerate(blocks):
        identifiers = [(element.get("action_id"), f"/blocks/{place}/{where}") for where, element in elements(block)]
        found += _repeated(identifiers, "action_id")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN:
        found.append(f"markdown blocks must be less than {MARKDOWN + 1} characters together [json-pointer:/blocks]")
    return found


def text_problems(text: Any) -> list[str]:
    """What Slack refuses as ``msg_too_long``, or as no text."""
    return list(_string(MESSAGE_TEXT, minimum=0)(text, "/text")) if text is not None else []


def too_long(blocks: Any) -> bool:
    """Whether Slack refuses the blocks as ``msg_blocks_too_long``."""
    return sum(len(text["text"]) for _, text in texts(blocks)) > ALL_BLOCKS


def markup_problems(blocks: Any, text: Any) -> list[str]:
    """What Slack accepts, but does not show as it is meant; ``blocks`` are valid ones."""
    found = list(_mrkdwn(text, "/text")) if isinstance(text, str) else []
    for where, object_ in texts(blocks):
        if object_["type"] == "mrkdwn":
            found += _mrkdwn(object_["text"], f"{where}/text")
        elif object_["type"] == "plain_text":
            found += _plain(object_["text"], f"{where}/text")
    return found


def elements(block: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The interactive elements of a block, each with its place in it."""
    if block["type"] in ("actions", "context_actions"):
        return [(f"elements/{place}", element) for place, element in enumerate(block["elements"])]
    accessory = block.get("accessory")
    return [("accessory", accessory)] if accessory and accessory["type"] != "image" else []


def texts(value: Any, where: str = "/blocks") -> Iterator[tuple[str, dict[str, Any]]]:
    """All text objects in blocks, in reading order, and Markdown blocks; each with the JSON pointer to it."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from texts(item, f"{where}/{place}")
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str) and isinstance(value.get("type"), str):
            yield where, value
        for key, item in value.items():
            yield from texts(item, f"{where}/{key}")


# messaging/formatting-message-text: mentions of users, channels and groups, dates, and links.
_SEQUENCE = re.compile(
    r"<(?:@[UW]\w+|#C\w+|!(?:here|channel|everyone)|!subteam\^S\w+|!date\^\d+\^[^|<>]+)(?:\|[^<>]*)?>"
    r"|<(?:https?://|mailto:|tel:)[^|<>\s]+(?:\|[^<>]+)?>"
)
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_BOLD = re.compile(r"(?<![\w*])\*(?!\s)[^*\n]+(?<!\s)\*(?![\w*])")


def _mrkdwn(text: str, where: str) -> Iterator[str]:
    """What is left raw that should be written as an entity."""
    rest = _ENTITY.sub("", _SEQUENCE.sub("", text))
    for sign in "<&":
        if sign in rest:
            yield f"unescaped {sign} [json-pointer:{where}]"


def _plain(text: str, where: str) -> Iterator[str]:
    """What is shown as it stands."""
    if _SEQUENCE.search(text) or _BOLD.search(text):
        yield f"markup in plain_text [json-pointer:{where}]"


def _repeated(identifiers: list[tuple[Any, str]], name: str) -> Iterator[str]:
    seen = set()
    for identifier, where in identifiers:
        if identifier is not None and identifier in seen:
            yield f"`{name}` {json.dumps(identifier)} already exists [json-pointer:{where}]"
        seen.add(identifier)


# What follows builds checks from checks.


def _string(maximum: int, minimum: int = 1, pattern: str = "") -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must provide a string [json-pointer:{where}]"
        elif len(value) < minimum:
            yield f"must be more than {minimum - 1} characters [json-pointer:{where}]"
        elif len(value) > maximum:
            yield f"must be less than {maximum + 1} characters [json-pointer:{where}]"
        elif not re.match(pattern, value):
            yield f"does not match format {pattern} [json-pointer:{where}]"

    return check


def _boolean(value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"must provide a boolean [json-pointer:{where}]"


def _one_of(*values: str) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if value not in values:
            yield f"must be one of {', '.join(values)} [json-pointer:{where}]"

    return check


def _items(maximum: int, item: Check, minimum: int = 1) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must provide an array [json-pointer:{where}]"
            return
        if len(value) < minimum:
            yield f"no fewer than {minimum} items allowed [json-pointer:{where}]"
        if len(value) > maximum:
            yield f"no more than {maximum} items allowed [json-pointer:{where}]"
        for place, one in enumerate(value):
            yield from item(one, f"{where}/{place}")

    return check


def _object(required: dict[str, Check], optional: dict[str, Check] | None = None, one_of: tuple[str, ...] = ()) -> Check:
    """An object with these keys, no others, and at least one of ``one_of``; "type" is for the caller to look at."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"must provide an object [json-pointer:{where}]"
            return
        for key in required.keys() - value.keys():
            yield f"missing required field: {key} [json-pointer:{where}]"
        if one_of and not value.keys() & set(one_of):
            yield f"missing required field: {' or '.join(one_of)} [json-pointer:{where}]"
        for key, one in value.items():
            if key in known:
                yield from known[key](one, f"{where}/{key}")
            elif key != "type":
                yield f"invalid additional property: {key} [json-pointer:{where}]"

    return check


def _typed(kinds: dict[str, Check]) -> Check:
    """An object that is one of several, as its "type" says."""

    def check(value: Any, where: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, where)
        else:
            yield f"unsupported type: {kind} [json-pointer:{where}/type]"

    return check


def _text(maximum: int, *kinds: str) -> Check:
    """composition-objects/text-object: "emoji" is only for plain_text, "verbatim" only for mrkdwn."""
    text = {"text": _string(maximum)}
    shapes = {"plain_text": _object(text, {"emoji": _boolean}), "mrkdwn": _object(text, {"verbatim": _boolean})}
    return _typed({kind: shapes[kind] for kind in kinds})


def _rich(value: Any, where: str) -> Iterator[str]:
    """blocks/rich-text-block: only as far as its outer elements."""
    kinds = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
    yield from _typed({kind: lambda value, where: iter(()) for kind in kinds})(value, where)


_ID = _string(255)
_URL = _string(3000, pattern="https?://[^ ]+$")
_USERS = _items(10, _string(255))
_IMAGE_SOURCE: dict[str, Check] = {"image_url": _URL, "slack_file": _object({}, {"id": _ID, "url": _URL}, ("id", "url"))}

CONFIRM = _object(  # composition-objects/confirmation-dialog-object
    {
        "title": _text(100, "plain_text"),
        "text": _text(300, "plain_text", "mrkdwn"),
        "confirm": _text(30, "plain_text"),
        "deny": _text(30, "plain_text"),
    },
    {"style": _one_of("primary", "danger")},
)
BUTTON = _object(  # block-elements/button-element
    {"text": _text(75, "plain_text")},
    {
        "action_id": _ID,
        "url": _URL,
        "value": _string(2000),
        "style": _one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": _string(75),
        "visible_to_user_ids": _USERS,
    },
)
_THUMB = _object(
    {"text": _text(75, "plain_text"), "value": _string(2000)},
    {"accessibility_label": _string(75)},
)
FEEDBACK = _object(  # block-elements/feedback-buttons-element
    {"positive_button": _THUMB, "negative_button": _THUMB},
    {"action_id": _ID},
)
ICON = _object(  # block-elements/icon-button-element
    {"icon": _one_of("trash"), "text": _text(75, "plain_text")},
    {
        "action_id": _ID,
        "value": _string(2000),
        "confirm": CONFIRM,
        "accessibility_label": _string(75),
        "visible_to_user_ids": _USERS,
    },
)
_PLAIN_OPTION: dict[str, Check] = {"text": _text(75, "plain_text"), "value": _string(150)}
_OPTION = _object(  # composition-objects/option-object
    _PLAIN_OPTION, {"description": _text(75, "plain_text")}
)
OVERFLOW = _object(  # block-elements/overflow-menu-element
    {"options": _items(5, _object(_PLAIN_OPTION, {"description": _text(75, "plain_text"), "url": _URL}))},
    {"action_id": _ID, "confirm": CONFIRM},
)
SELECT = _object(  # block-elements/select-menu-element#static_select
    {"options": _items(100, _OPTION)},
    {
        "action_id": _ID,
        "placeholder": _text(150, "plain_text"),
        "initial_option": _OPTION,
        "confirm": CONFIRM,
        "focus_on_load": _boolean,
    },
)
_MARKED_OPTION = _object(
    {"text": _text(75, "plain_text", "mrkdwn"), "value": _string(150)},
    {"description": _text(75, "plain_text", "mrkdwn")},
)
RADIO = _object(  # block-elements/radio-button-group-element
    {"options": _items(10, _MARKED_OPTION)},
    {"action_id": _ID, "initial_option": _MARKED_OPTION, "confirm": CONFIRM, "focus_on_load": _boolean},
)
IMAGE = _object({"alt_text": _string(2000)}, _IMAGE_SOURCE, tuple(_IMAGE_SOURCE))  # block-elements/image-element

#: Elements that none of our channels uses (other menus, pickers, check boxes) are not described, and so refused.
_INTERACTIVE: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW, "radio_buttons": RADIO, "static_select": SELECT}

_BLOCK: dict[str, Check] = {"block_id": _ID}

#: The same holds for blocks (cards, tables, videos…).
BLOCK = _typed(
    {
        "actions": _object({"elements": _items(25, _typed(_INTERACTIVE))}, _BLOCK),  # blocks/actions-block
        "context": _object(  # blocks/context-block
            {
                "elements": _items(
                    10,
                    _typed(
                        {
                            "image": IMAGE,
                            "plain_text": _text(3000, "plain_text"),
                            "mrkdwn": _text(3000, "mrkdwn"),
                        }
                    ),
                )
            },
            _BLOCK,
        ),
        "context_actions": _object(  # blocks/context-actions-block
            {"elements": _items(5, _typed({"feedback_buttons": FEEDBACK, "icon_button": ICON}))},
            _BLOCK,
        ),
        "divider": _object({}, _BLOCK),  # blocks/divider-block
        "header": _object({"text": _text(150, "plain_text")}, _BLOCK),  # blocks/header-block
        "image": _object(  # blocks/image-block
            {"alt_text": _string(2000)},
            {**_BLOCK, **_IMAGE_SOURCE, "title": _text(2000, "plain_text")},
            tuple(_IMAGE_SOURCE),
        ),
        "markdown": _object({"text": _string(MARKDOWN)}, _BLOCK),  # blocks/markdown-block
        "rich_text": _object({"elements": _items(1000, _rich)}, _BLOCK),  # blocks/rich-text-block
        "section": _object(  # blocks/section-block
            {},
            {
                **_BLOCK,
                "text": _text(3000, "plain_text", "mrkdwn"),
                "fields": _items(10, _text(2000, "plain_text", "mrkdwn")),
                "accessory": _typed({**_INTERACTIVE, "image": IMAGE}),
                "expand": _boolean,
            },
            ("text", "fields"),
        ),
    }
)
