"""What a channel says itself, when the bot cannot, or before it is asked: from ``data/responses/``."""

from __future__ import annotations

from typing import Any

from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT

_RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variations
    for topic in ("trouble", "small_talk")
    for name, variations in read_yaml_file(str(PROJECT / "data" / "responses" / f"{topic}.yml"))["responses"].items()
}


def text(response: str) -> str:
    """Text of a response that has no values in braces, such as ``utter_technical_trouble``."""
    return str(_RESPONSES[response][0]["text"])


def buttons(response: str) -> list[dict[str, str]]:
    """Buttons of a response, such as ``utter_greet``: ``title`` and ``payload``."""
    return [dict(button) for button in _RESPONSES[response][0].get("buttons", [])]
