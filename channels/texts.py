"""What a channel says itself, when the bot cannot: the texts of ``data/responses/trouble.yml``."""

from __future__ import annotations

from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT

_RESPONSES = read_yaml_file(str(PROJECT / "data" / "responses" / "trouble.yml"))["responses"]


def text(response: str) -> str:
    """Text of a response that has no values in braces, such as ``utter_technical_trouble``."""
    return str(_RESPONSES[response][0]["text"])
