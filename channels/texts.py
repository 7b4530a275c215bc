"""What a channel says itself: when the bot cannot, before it is asked, around its answers. From ``data/responses/``."""

from __future__ import annotations

from typing import Any

from rasa.shared.utils.io import read_yaml_file

from actions.buttons import Button
from actions.help_file import PROJECT

_RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variations
    for topic in ("trouble", "small_talk", "channels", "agent_assist", "chatwoot")
    for name, variations in read_yaml_file(str(PROJECT / "data" / "responses" / f"{topic}.yml"))["responses"].items()
}


def text(response: str, **values: str) -> str:
    """Text of a response, such as ``utter_technical_trouble``, with the values that it has in braces."""
    return str(_RESPONSES[response][0]["text"]).format(**values)


def buttons(response: str) -> list[Button]:
    """Buttons of a response, such as ``utter_greet``."""
    return [Button(title=button["title"], payload=button["payload"]) for button in _RESPONSES[response][0].get("buttons", [])]
