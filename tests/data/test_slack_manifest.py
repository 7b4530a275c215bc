"""slack/manifest.yaml asks for what the channel needs, and no more."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT
from channels.slack.listeners import COMMAND
from channels.texts import buttons
from scripts.typography import mend

FILE = PROJECT / "slack" / "manifest.yaml"
MANIFEST: dict[str, Any] = dict(read_yaml_file(FILE))
SHOWN, FEATURES, SETTINGS = MANIFEST["display_information"], MANIFEST["features"], MANIFEST["settings"]
ADDRESS = "https://aiguilleur.example.fr/webhooks/slack/events"


def test_each_scope_has_its_reason() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert list(scopes) == ["bot"], "none of a user"
    assert sorted(scopes["bot"]) == ["app_mentions:read", "assistant:write", "chat:write", "commands", "im:history"]
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert all(any(re.search(rf"- {scope} # \w+", line) for line in lines) for scope in scopes["bot"])


def test_each_event_is_one_that_the_channel_takes_and_has_its_scope() -> None:
    code = (PROJECT / "channels" / "slack" / "listeners.py").read_text(encoding="utf-8")
    events = SETTINGS["event_subscriptions"]["bot_events"]
    assert events == ["app_mention", "message.im"]
    assert all(f'@app.event("{event.split(".")[0]}")' in code for event in events)


def test_the_three_addresses_are_the_channels() -> None:
    (command,) = FEATURES["slash_commands"]
    assert {command["url"], SETTINGS["event_subscriptions"]["request_url"], SETTINGS["interactivity"]["request_url"]} == {ADDRESS}
    assert command["command"] == COMMAND


def test_the_suggestions_are_what_the_bot_offers_when_it_greets() -> None:
    suggested = [prompt["title"] for prompt in FEATURES["agent_view"]["suggested_prompts"]]
    assert suggested == [button["title"].replace("\u00a0", " ") for button in buttons("utter_greet")]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (SHOWN["name"], 1, 35),
        (SHOWN["description"], 1, 140),
        (SHOWN["long_description"], 174, 4000),
        (FEATURES["bot_user"]["display_name"], 1, 80),
        (FEATURES["agent_view"]["agent_description"], 1, 300),
        (FEATURES["slash_commands"][0]["command"], 2, 32),
        (FEATURES["slash_commands"][0]["description"], 1, 2000),
        (FEATURES["slash_commands"][0]["usage_hint"], 1, 1000),
    ],
)
def test_texts_are_as_long_as_slack_takes_them(text: str, least: int, most: int) -> None:
    """docs.slack.dev, "App manifest reference"."""
    assert least <= len(text) <= most
    assert mend(text).replace("\u00a0", " ") == text.replace("\u00a0", " ")
