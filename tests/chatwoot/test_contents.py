"""What is posted of an answer."""

from __future__ import annotations

import pytest

from actions.buttons import Button
from channels.answer import THUMBS, Part
from channels.chatwoot.contents import contents, without_choices

WIDGET, WHATSAPP = "Channel::WebWidget", "Channel::Whatsapp"


def part(text: str, *titles: str) -> Part:
    return Part(text, tuple(Button(title=title, payload=f"button:{title}") for title in titles), (), None)


def test_choices_are_chatwoots_own() -> None:
    message = contents([part("Où ?", "Ici", "Je suis administrateur de compte"), part("Sinon ?", "Ailleurs")], WIDGET)
    assert (message["content"], message["content_type"]) == ("Où ?\n\nSinon ?", "input_select")
    assert [item["title"] for item in message["content_attributes"]["items"]] == [
        "Ici",
        "Je suis administrateur de compte",
        "Ailleurs",
    ]
    assert without_choices(message) == contents([part("Où ?\n\nSinon ?")], WIDGET)


@pytest.mark.parametrize(
    ("titles", "text", "are_shown"),
    [
        (["x" * 20] * 3, "?", True),
        (["x" * 20, "x" * 21], "?", False),
        (["x" * 24] * 4, "?", True),
        (["x"] * 3 + ["x" * 25], "?", False),
        (["x"] * 10, "?", True),
        (["x"] * 11, "?", False),
        (["x"], "?" * 1025, False),
    ],
    ids=["buttons", "a long button", "a list", "a long row", "ten rows", "eleven rows", "a long text"],
)
def test_whatsapp_shows_choices_that_meta_takes(titles: list[str], text: str, are_shown: bool) -> None:
    assert ("content_type" in contents([part(text, *titles)], WHATSAPP)) == are_shown


def test_elsewhere_in_whatsapp_choices_are_lines() -> None:
    thumbs = Part("Est-ce utile ?", tuple(Button(title="+", payload=payload) for payload in THUMBS), (), None)
    message = contents([part("Où ?", "Ici", "Je suis administrateur de compte"), thumbs], WHATSAPP)
    assert message["content"] == "Où ?\n• Ici\n• Je suis administrateur de compte\n\nEst-ce utile ?"
