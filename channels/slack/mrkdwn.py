"""Slack's way of writing text, both ways (docs.slack.dev, "Formatting message text")."""

from __future__ import annotations

import html
import re

from channels import texts

_REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_ADDRESS = re.compile(r"https?://[^\s()«»<>]*[^\s()«»<>.,;:!?]")


def plain(text: str, bot: str | None) -> str:
    """What a person wrote, from Slack's form of it.

    Args:
        text: with ``<@U…>``, ``<https://…|label>``, ``&amp;``.
        bot: the bot's user id, whose mention is left out; anybody else's is a colleague.
    """

    def read(reference: re.Match[str]) -> str:
        what, label = reference.group(1), reference.group(2)
        if what.startswith("@"):
            return "" if what[1:] == bot else texts.text("utter_mentioned_person")
        if what.startswith(("#", "!")):
            return label or ""
        return label or what.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_REFERENCE.sub(read, text)).strip()


def escaped(text: str) -> str:
    """A text as it is: no mention, no link, no command to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """A text of ours, its addresses as links."""
    return _ADDRESS.sub(lambda address: f"<{address.group()}>", escaped(text))
