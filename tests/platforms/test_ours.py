"""What we say and ask for, held against what Slack and Microsoft publish: their types, schemas and renderers."""

from __future__ import annotations

import json
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT, load
from channels.answer import Message, parts
from channels.slack.blocks import answered, blocks
from channels.teams.cards import message
from scripts.platforms import problems
from scripts.teams_package import filled
from tests.data.sources import responses

#: Every text that the bot can say, as a turn of its own; and one that has everything.
TURNS: list[list[Message]] = [
    *(
        [{"text": variation["text"], "buttons": variation.get("buttons"), "row": name.startswith("utter_conclusion") or None}]
        for name, variations in responses().items()
        for variation in variations
    ),
    [
        {"text": "https://billing.logmeininc.com", "row": "billing_center_subscriptions"},
        {"text": "?", "buttons": [{"title": row.button, "payload": f"button:{row.id}"} for row in load().rows.values()]},
        {"text": "?", "buttons": [{"title": str(number), "payload": f"button:{number}"} for number in range(30)]},
    ],
]


def test_messages_to_slack() -> None:
    said: list[dict[str, Any]] = [{"text": "…", "blocks": blocks(parts(turn), "U0USER", "hint")} for turn in TURNS]
    firsts = [next((button["payload"] for turn in turns for button in turn.get("buttons") or ()), None) for turns in TURNS]
    said += [
        {"text": "…", "blocks": answered(shown["blocks"], {0: first}.get)}
        for shown, first in zip(said, firsts, strict=True)
        if first
    ]
    assert len(said) > len(TURNS) + 10
    assert problems("slack-messages", said) == []


def test_messages_to_teams() -> None:
    said = [
        message(parts(turn), "teams:1", "1", personal, chosen, "hint")
        for turn in TURNS
        for personal in (True, False)
        for chosen in ({}, {0: "button:restart"})
    ]
    for suggesting in (activity["suggestedActions"] for activity in said if "suggestedActions" in activity):
        suggesting["to"] = ["29:1"]  # the delivery knows whom
    assert problems("teams-activities", said) == []


def test_the_manifest_of_slack() -> None:
    found = problems("slack-manifest", read_yaml_file(PROJECT / "slack" / "manifest.yaml"))
    known = [("unknown", "oauth_config.scopes.bot[4]")]  # assistant:write, which these types do not have yet
    assert [(problem.kind, problem.path) for problem in found] == known
    assert '"assistant:write"' in found[0].message


def test_the_manifest_of_teams() -> None:
    given = {"APP_ID": "00000000-0000-4000-8000-000000000000", "DEVELOPER": "Exemple"}
    given |= dict.fromkeys(("SITE", "PRIVACY", "TERMS"), "https://www.example.fr")
    manifest = filled(json.loads((PROJECT / "teams" / "manifest.json").read_text(encoding="utf-8")), given)
    assert problems("teams-manifest", manifest) == []
