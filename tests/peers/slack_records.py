"""What the local Slack keeps and hands out: messages, calls, deliveries; and the failures it can be told to have."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.peers.slack_limits import elements

Json = dict[str, Any]


def plain(text: str) -> str:
    """A text with ordinary blanks (also for non-breaking ones), and no more than one in a row."""
    return " ".join(text.split())


def shown(text: str) -> str:
    """Slack's mrkdwn as a reader has it: links by their label, entities as signs; emphasis stays."""
    return html.unescape(re.sub(r"<([^<>|]+)(?:\|([^<>]+))?>", lambda link: link[2] or link[1], text))


@dataclass(eq=False)
class Posted:
    """A message standing in Slack; ``user`` is who alone sees it, if it is ephemeral."""

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    arguments: Json
    thread_ts: str | None = None
    user: str | None = None
    edited: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether one user alone sees it, until the next reload."""
        return self.user is not None

    def buttons(self) -> list[Json]:
        """The button elements of its actions blocks."""
        actions = [block["elements"] for block in self.blocks if block["type"] == "actions"]
        return [element for elements in actions for element in elements if element["type"] == "button"]

    def links(self) -> list[Json]:
        """Those of the buttons that open an address."""
        return [button for button in self.buttons() if "url" in button]

    def titles(self) -> list[str]:
        """What stands on the buttons."""
        return [plain(button["text"]["text"]) for button in self.buttons()]

    def button(self, title: str) -> Json:
        """The button with this title; AssertionError if there is not exactly one."""
        found = [button for button in self.buttons() if plain(button["text"]["text"]) == plain(title)]
        assert len(found) == 1, f"{title!r} stands {len(found)} times in {self.titles()}"
        return found[0]

    def feedback(self) -> Json | None:
        """The feedback_buttons element, if it has one."""
        groups = [block["elements"] for block in self.blocks if block["type"] == "context_actions"]
        found = [element for elements in groups for element in elements if element["type"] == "feedback_buttons"]
        return found[0] if found else None

    def thumb(self, positive: bool) -> Json:
        """One of the two feedback buttons, as ``Slack.click`` takes it; AssertionError without feedback."""
        element = self.feedback()
        assert element, f"no feedback buttons in {self.blocks}"
        chosen = element["positive_button" if positive else "negative_button"]
        return {"type": element["type"], "action_id": element["action_id"], "text": chosen["text"], "value": chosen["value"]}

    def choices(self) -> list[tuple[str, Json]]:
        """All that can be chosen, with its title: buttons that are no links, options of menus, and thumbs.

        What goes with the title is for ``Slack.click``.
        """
        found = []
        for element in [element for block in self.blocks for _, element in elements(block)]:
            if element["type"] == "button" and "url" not in element:
                found.append((element["text"]["text"], element))
            for option in element.get("options", []):
                chosen = {"type": element["type"], "action_id": element["action_id"], "selected_option": option}
                found.append((option["text"]["text"], chosen))
        if self.feedback():
            found += [(thumb["text"]["text"], thumb) for thumb in (self.thumb(True), self.thumb(False))]
        return [(plain(title), chosen) for title, chosen in found]

    def choice(self, title: str) -> Json:
        """What is chosen by this title, wherever it stands; AssertionError if there is not exactly one."""
        found = [chosen for known, chosen in self.choices() if known == plain(title)]
        assert len(found) == 1, f"{title!r} stands {len(found)} times in {[known for known, _ in self.choices()]}"
        return found[0]

    def texts(self) -> list[str]:
        """All that can be read in it, besides what stands on buttons."""
        if not self.blocks:
            return [shown(self.text)]
        found = []
        for block in self.blocks:
            parts = [block.get("text"), block.get("title"), *block.get("fields", [])]
            if block["type"] == "context":
                parts += block["elements"]
            if block["type"] == "rich_text":
                found.append("".join(_rich_texts(block["elements"])))
            for part in parts:
                text = part.get("text") if isinstance(part, dict) else part
                if text:
                    found.append(shown(text) if not isinstance(part, dict) or part["type"] == "mrkdwn" else text)
        return found


def _rich_texts(elements: list[Json]) -> list[str]:
    """The pieces of text in rich text's elements."""
    found: list[str] = []
    for element in elements:
        found += _rich_texts(element["elements"]) if "elements" in element else [element.get("text") or element.get("url", "")]
    return found


@dataclass
class Call:
    """A call of the Web API; ``outcome`` is "ok", Slack's error, or how the call was made to fail."""

    method: str
    arguments: Json
    time: float = field(default_factory=time.time)
    outcome: str = "pending"


class Delivery(NamedTuple):
    """What the app answered to a delivery; status 0 if it did not answer, or not in time."""

    status: int
    body: str
    seconds: float


@dataclass
class Failure:
    """How a call fails: after ``seconds`` without an answer, with an HTTP status, or with an error in the JSON."""

    outcome: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: Json | list[Json] | None = None
    page: tuple[str, str] = ("text/html", "<!DOCTYPE html><title>Slack</title>")
    drops: bool = False
    seconds: float = 0


def rate_limited(retry_after: int) -> Failure:
    """HTTP 429, to be tried again after so many seconds."""
    return Failure("ratelimited", 429, {"Retry-After": str(retry_after)}, {"ok": False, "error": "ratelimited"})


def http_error(status: int, content_type: str = "text/html", body: str = "<!DOCTYPE html><title>Slack</title>") -> Failure:
    """An HTTP status with something else than Slack's JSON, as what stands between Slack and the app may send."""
    return Failure(f"http {status} {content_type}", status, page=(content_type, body))


def error(code: str, **more: Any) -> Failure:
    """An error in the JSON, say "channel_not_found"."""
    return Failure(code, answer={"ok": False, "error": code, **more})


def broken() -> Failure:
    """The connection is closed without an answer."""
    return Failure("broken", drops=True)


def slow(seconds: float) -> Failure:
    """The call succeeds, but takes this long."""
    return Failure("slow", seconds=seconds)
