"""The texts that customers read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.buttons import resolve
from actions.help_file import PROJECT, load
from actions.meanings import MEANINGS
from scripts.typography import mend
from tests.data.sources import DOMAIN, responses

RESPONSES = responses()
TEXTS = [(name, variation["text"]) for name, variations in RESPONSES.items() for variation in variations]
BUTTONS = [
    (name, button)
    for name, variations in RESPONSES.items()
    for variation in variations
    for button in variation.get("buttons", [])
]
READ = [
    *TEXTS,
    *((name, button["title"]) for name, button in BUTTONS),
    *MEANINGS.items(),
    *((row.id, row.button) for row in load().rows.values()),
    *((portal.id, portal.name) for portal in load().portals.values()),
]

#: Names in braces that the actions fill, and the channels.
VALUES = {
    *("link", "excerpt", "contact", "title", "portal", "where", "method"),
    *("first", "second"),  # what the bot hesitates between
    *("level", "percent", "draft", "missing", "page", "sentences"),  # notes in Chatwoot
    *load().addresses(),
}

#: Rasa says these by itself.
SAID_BY_RASA = {"utter_restart", "utter_default"}


@pytest.mark.parametrize(("name", "text"), READ)
def test_typography(name: str, text: str) -> None:
    assert text == mend(text), f"{name}: run `make format`"
    assert text == text.strip()
    assert "  " not in text
    assert not re.search(r"\b(tu|ton|ta|tes|toi)\b", text.lower()), f"{name}: vous, not tu"


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_braces_hold_values_that_the_actions_fill(name: str, text: str) -> None:
    assert set(re.findall(r"\{(\w*)\}", text)) <= VALUES
    assert text.count("{") == len(re.findall(r"\{\w+\}", text)) == text.count("}")


@pytest.mark.parametrize(("name", "button"), BUTTONS)
def test_every_button_means_something(name: str, button: dict[str, str]) -> None:
    assert resolve(button["payload"], load(), set(DOMAIN["intents"])) is not None, f"{name}: {button['payload']}"
    assert len(button["title"]) <= 75, "Slack's limit"


def test_every_text_is_said_somewhere() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in _code())
    conclusions = set(DOMAIN["slots"]["conclusion"]["values"])
    questions = set(DOMAIN["slots"]["question"]["values"])
    portals = set(load().portals)
    unsaid = []
    for name in RESPONSES:
        if name in code or name in SAID_BY_RASA:
            continue
        series = {
            "utter_conclusion_": conclusions,
            "utter_colleague_": conclusions,
            "utter_hypothetical_": conclusions,
            "utter_ask_": questions,
            "utter_help_": questions,
            "utter_steps_": portals,
            "utter_try_": portals,
            "utter_note_": {"high", "medium", "low"},
        }
        if not any(name.startswith(prefix) and name.removeprefix(prefix) in ids for prefix, ids in series.items()):
            unsaid.append(name)
    assert unsaid == []


def _code() -> list[Path]:
    return [
        path
        for folder in ("actions", "channels", "data/rules")
        for path in sorted((PROJECT / folder).rglob("*"))
        if path.suffix in (".py", ".yml")
    ]


def test_every_question_can_be_asked() -> None:
    asked = {name.removeprefix("utter_ask_") for name in RESPONSES if name.startswith("utter_ask_")}
    assert set(DOMAIN["slots"]["question"]["values"]) - {"what_else_do_you_see"} <= asked


def test_only_a_user_conclusion_says_you_are() -> None:
    """The worst mistake: a text outside the conclusions that tells the user what they are."""
    claim = re.compile(r"\bvous (n’)?êtes (pas |donc )*(l’)?administrateur de facturation", re.IGNORECASE)
    claiming = {name for name, text in TEXTS if claim.search(text.replace("\u00a0", " "))}
    assert claiming == {
        "utter_conclusion_billing_admin",
        "utter_conclusion_standard_or_corporate",
        "utter_conclusion_not_billing_admin_contact_named",
        "utter_conclusion_not_billing_admin",
    }


def test_no_french_in_the_code() -> None:
    """What customers read is in data/, not in Python."""
    accented = re.compile(r'(?<!")"[^"\n]*[éèêàçùœÉÀ][^"\n]*"(?!")')
    found = [
        f"{path.name}: {match}"
        for folder in ("actions", "channels")
        for path in sorted((PROJECT / folder).rglob("*.py"))
        for match in accented.findall(re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]
    assert found == []
