"""Adaptive Cards as Teams shows those of bots.

The properties are those of the schema 1.5 (http://adaptivecards.io/schemas/adaptive-card.json). What Teams does not support
is from https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/: cards-reference ("Types of cards"),
cards-format ("Format cards in Microsoft Teams") and cards-actions ("Card actions").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

#: "Teams platform supports v1.5 or earlier of Adaptive Card features for bot sent cards": cards-reference.
VERSION: Final = (1, 5)
#: More are not shown. Documented for hero and list cards (cards-reference), seen to hold for each list of actions in an
#: Adaptive Card (atc0005/go-teams-notify, issue 161).
ACTIONS: Final = 6

_ITEM = "type id isVisible requires fallback"
_ELEMENT = f"{_ITEM} height separator spacing"
_INPUT = f"{_ELEMENT} errorMessage isRequired label value"
_ACTION = "type id requires fallback title iconUrl style tooltip isEnabled mode"
_BOX = "selectAction style verticalContentAlignment bleed backgroundImage minHeight rtl"

#: Properties by type. Media is missing: "Media elements are currently not supported" (cards-reference).
PROPERTIES: Final = {
    "AdaptiveCard": "type version refresh authentication body actions selectAction fallbackText backgroundImage minHeight rtl "
    "speak lang verticalContentAlignment $schema msteams",
    "ActionSet": f"{_ELEMENT} actions",
    "Column": f"{_ITEM} {_BOX} separator spacing items width",
    "ColumnSet": f"{_ELEMENT} columns selectAction style bleed minHeight horizontalAlignment",
    "Container": f"{_ELEMENT} {_BOX} items",
    "Fact": "type title value",
    "FactSet": f"{_ELEMENT} facts",
    "Image": f"{_ELEMENT} url altText backgroundColor horizontalAlignment selectAction size style width msTeams",
    "ImageSet": f"{_ELEMENT} images imageSize",
    "Input.Choice": "type title value",
    "Input.ChoiceSet": f"{_INPUT} choices isMultiSelect style placeholder wrap",
    "Input.Date": f"{_INPUT} max min placeholder",
    "Input.Number": f"{_INPUT} max min placeholder",
    "Input.Text": f"{_INPUT} isMultiline maxLength placeholder regex style inlineAction",
    "Input.Time": f"{_INPUT} max min placeholder",
    "Input.Toggle": f"{_INPUT} title valueOff valueOn wrap",
    "RichTextBlock": f"{_ELEMENT} inlines horizontalAlignment",
    "Table": f"{_ELEMENT} columns rows firstRowAsHeader showGridLines gridStyle horizontalCellContentAlignment "
    "verticalCellContentAlignment",
    "TableCell": f"type {_BOX} items",
    "TableColumnDefinition": "type width horizontalCellContentAlignment verticalCellContentAlignment",
    "TableRow": "type cells style horizontalCellContentAlignment verticalCellContentAlignment",
    "TextBlock": f"{_ELEMENT} text color fontType horizontalAlignment isSubtle maxLines size weight wrap style",
    "TextRun": "type text color fontType highlight isSubtle italic selectAction size strikethrough underline weight",
    "Action.Execute": f"{_ACTION} verb data associatedInputs",
    "Action.OpenUrl": f"{_ACTION} url",
    "Action.ShowCard": f"{_ACTION} card",
    "Action.Submit": f"{_ACTION} data associatedInputs msTeams",
    "Action.ToggleVisibility": f"{_ACTION} targetElements",
}
#: Where nested objects are, and their type if they need not say it ("": they must).
CHILDREN: Final = {
    "body": "",
    "items": "",
    "inlines": "TextRun",
    "facts": "Fact",
    "images": "Image",
    "choices": "Input.Choice",
    "rows": "TableRow",
    "cells": "TableCell",
    "actions": "",
    "selectAction": "",
    "inlineAction": "",
    "card": "AdaptiveCard",
}
SINCE: Final = {
    "ActionSet": (1, 2),
    "RichTextBlock": (1, 2),
    "Action.ToggleVisibility": (1, 2),
    "Action.Execute": (1, 4),
    "Table": (1, 5),
}
REQUIRED: Final = {
    "TextBlock": ["text"],
    "TextRun": ["text"],
    "Fact": ["title", "value"],
    "Image": ["url"],
    "Input.Choice": ["title", "value"],
    "Input.Toggle": ["title"],
}
_COLORS = "default dark light accent good warning attention"
VALUES: Final = {
    "color": _COLORS,
    "weight": "default lighter bolder",
    "fontType": "default monospace",
    "spacing": "default none small medium large extraLarge padding",
    "horizontalAlignment": "left center right",
    "verticalContentAlignment": "top center bottom",
    "mode": "primary secondary",
    "TextBlock.size": "default small medium large extraLarge",
    "TextRun.size": "default small medium large extraLarge",
    "Image.size": "auto stretch small medium large",
    "TextBlock.style": "default heading",
    "Container.style": "default emphasis good attention warning accent",
    "Column.style": "default emphasis good attention warning accent",
    "ColumnSet.style": "default emphasis good attention warning accent",
    "Image.style": "default person",
    "Input.ChoiceSet.style": "compact expanded filtered",
    "Input.Text.style": "text tel url email password",
}
#: In data.msteams of Action.Submit: cards-actions.
BEHAVIOURS: Final = {
    "messageBack": "type displayText text value",
    "imBack": "type value",
    "signin": "type value",
    "task/fetch": "type",
}
#: "HTML isn't supported in Adaptive Cards", nor some Markdown: cards-format.
NOT_IN_CARDS: Final = {
    "HTML": r"</?(a|b|i|em|strong|br|p|ul|ol|li|div|span|h[1-6]|table|img)\b[^>]*>",
    "a header": r"^#{1,6} ",
    "a table": r"^\s*\|.*\|\s*$",
    "an image": r"!\[[^\]]*\]\(",
    "preformatted text": r"```|^ {4}\S",
    "a blockquote": r"^> ",
}


class Card:
    """One card: ``problems`` says what Teams would not show as meant, one sentence each."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.problems: list[str] = []
        self._ids: set[str] = set()
        version = str(content.get("version", ""))
        self._version = VERSION
        if not re.fullmatch(r"\d\.\d", version):
            self.problems.append(f"AdaptiveCard: the version is {content.get('version')!r}")
        else:
            self._version = (int(version[0]), int(version[2]))
            if self._version > VERSION:
                self.problems.append(f"AdaptiveCard: version {version}, Teams knows 1.5")
        if not content.get("body") and not content.get("actions"):
            self.problems.append("AdaptiveCard: empty")
        if "msteams" in content:
            teams = content["msteams"]
            self.problems += known(teams, "width entities", "AdaptiveCard.msteams")
            self.problems += within(teams.get("width", "Full"), ["Full"], "AdaptiveCard.msteams.width")
        self._check(content, "AdaptiveCard")

    def _check(self, item: Any, default: str = "") -> None:
        """An element, an action or a part of one, and all that is in it."""
        if default == "TextRun" and isinstance(item, str):
            item = {"text": item}
        kind = str(item.get("type", default)) if isinstance(item, dict) else "?"
        if kind not in PROPERTIES:
            self.problems.append(f"{kind}: not a type that Teams shows")
            return
        self.problems += known(item, PROPERTIES[kind], kind)
        if SINCE.get(kind, (1, 0)) > self._version:
            self.problems.append(f"{kind}: not in version {self._version[0]}.{self._version[1]}")
        for name in REQUIRED.get(kind, []):
            text = item.get(name)
            if not isinstance(text, str) or not (text if kind == "TextRun" else text.strip()):
                self.problems.append(f"{kind}: no {name}")
        for name, value in item.items():
            allowed = VALUES.get(f"{kind}.{name}") or VALUES.get(name)
            if allowed and value is not None:
                self.problems += within(value, allowed.split(), f"{kind}.{name}")
        if kind in ("TextBlock", "Fact"):
            texts = "\n".join(str(item.get(name, "")) for name in ("text", "title", "value"))
            self.problems += [f"{kind}: {name}" for name, pattern in NOT_IN_CARDS.items() if re.search(pattern, texts, re.M)]
        self._identify(item, kind)
        if kind.startswith("Action."):
            self._action(item, kind)
        for name, child in CHILDREN.items():
            self._children(item.get(name), name, child)
        self._children(item.get("columns"), "columns", "TableColumnDefinition" if kind == "Table" else "Column")

    def _children(self, children: Any, name: str, default: str) -> None:
        if name == "actions" and isinstance(children, list) and len(children) > ACTIONS:
            self.problems.append(f"{len(children)} actions in one list, Teams shows {ACTIONS}")
        if children is not None:
            for child in children if isinstance(children, list) else [children]:
                self.problems += button(child) if name == "actions" else []
                if name == "selectAction" and isinstance(child, dict) and child.get("type") == "Action.ShowCard":
                    self.problems.append("selectAction: Action.ShowCard")
                self._check(child, default)

    def _identify(self, item: dict[str, Any], kind: str) -> None:
        if kind.startswith("Input.") and kind != "Input.Choice" and not item.get("id"):
            self.problems.append(f"{kind}: no id")
        if item.get("id") in self._ids:
            self.problems.append(f"{kind}: the id {item['id']!r} twice")
        if item.get("id"):
            self._ids.add(str(item["id"]))

    def _action(self, action: dict[str, Any], kind: str) -> None:
        # "Positive or destructive action styling is not supported": cards-reference.
        if str(action.get("style", "default")) != "default":
            self.problems.append(f"{kind}: a style")
        # Teams opens http as well; no page of ours or Microsoft's is there.
        if kind == "Action.OpenUrl" and not re.match(r"https://[^/\s]+", str(action.get("url"))):
            self.problems.append(f"{kind}: {action.get('url')!r} is not an https address")
        if kind == "Action.Submit":
            if not isinstance(action.get("data"), dict):
                self.problems.append(f"{kind}: the data is not an object")
            elif "msteams" in action["data"]:
                self._behaviour(action["data"]["msteams"])

    def _behaviour(self, teams: Any) -> None:
        kind = teams.get("type") if isinstance(teams, dict) else teams
        if kind not in BEHAVIOURS:
            self.problems.append(f"Action.Submit: msteams {kind!r}")
            return
        self.problems += known(teams, BEHAVIOURS[kind], f"Action.Submit: {kind}")
        value = teams.get("value")
        if kind == "imBack" and not (isinstance(value, str) and value.strip()):
            self.problems.append("Action.Submit: imBack without a value")
        if kind == "messageBack":
            if not isinstance(teams.get("text", ""), str) or not isinstance(teams.get("displayText", ""), str):
                self.problems.append("Action.Submit: messageBack, the text is not a string")
            if value is not None and not isinstance(value, dict) and not is_json(value):
                self.problems.append("Action.Submit: messageBack, the value is neither an object nor JSON")


def button(action: Any) -> list[str]:
    """A sentence if an action in a list of them has nothing to show, or is none."""
    if not isinstance(action, dict) or not str(action.get("type")).startswith("Action."):
        return ["actions: something else than an action"]
    return [] if str(action.get("title") or action.get("iconUrl") or "").strip() else [f"{action['type']}: no title"]


def is_json(value: Any) -> bool:
    """Whether a value is JSON in a string."""
    try:
        json.loads(value)
    except (TypeError, ValueError):
        return False
    return True


def known(item: dict[str, Any], names: str, what: str) -> list[str]:
    """A sentence for each property that there is not."""
    return [f"{what}: unknown property {name!r}" for name in item if name not in names.split()]


def within(value: Any, allowed: Iterable[str], what: str) -> list[str]:
    """A sentence if a value is none of those allowed; letters count alike, small or capital."""
    return [] if str(value).lower() in [one.lower() for one in allowed] else [f"{what}: {value!r}"]
