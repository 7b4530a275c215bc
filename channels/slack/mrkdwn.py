"""Slack's way of writing text, both ways (docs.slack.dev, "Formatting message text")."""

from __future__ import annotations

import html
import re

from channels import texts
from channels.answer import pieces

_REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain(text: str, bot: str | None) -> str:
    """What a person wrote, from Slack's form of it.

    Args:
        text: with ``<@U…>``, ``<https://…|label>``, ``&amp;``. A line that begins with ``&gt;`` quotes somebody else, and is
            left out.
        bot: the bot's user id, whose mention is left out; anybody else's is a colleague, and so is a group's.
    """

    def read(reference: re.Match[str]) -> str:
        what, label = reference.group(1), reference.group(2)
        if what.startswith("@"):
            return "" if what[1:] == bot else texts.text("utter_mentioned_person")
        if what.startswith("!date"):
            return label or ""
        if what.startswith("!"):
            return texts.text("utter_mentioned_person")
        if what.startswith("#"):
            return f"#{label or what[1:]}"
        return label or what.removeprefix("mailto:").removeprefix("tel:")

    own = "\n".join(line for line in text.split("\n") if not line.startswith("&gt;"))
    return html.unescape(_REFERENCE.sub(read, own)).strip()


def escaped(text: str) -> str:
    """A text as it is: no mention, no link, no command to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """A text of ours, its addresses as links."""
    return "".join(f"<{escaped(piece)}>" if is_address else escaped(piece) for piece, is_address in pieces(text))
