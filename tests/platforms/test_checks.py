"""Each check lets a good document pass, and says where a bad one is wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from scripts.platforms import Mode, problems
from tests.platforms import SAMPLES

SLACK_MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Aiguilleur", "background_color": "#1f4bb8"},
    "features": {
        "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "aiguilleur", "always_online": True},
        "agent_view": {
            "agent_description": "Dit qui est le contact de facturation.",
            "suggested_prompts": [{"title": "Le contact", "message": "Qui est le contact de facturation ?"}],
        },
    },
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "chat:write", "im:history"]}},
    "settings": {
        "event_subscriptions": {"request_url": "https://example.com/slack", "bot_events": ["app_mention", "message.im"]},
        "interactivity": {"is_enabled": True, "request_url": "https://example.com/slack"},
        "socket_mode_enabled": False,
    },
}

TEAMS_MANIFEST: dict[str, Any] = {
    "manifestVersion": "1.21",
    "version": "1.0.0",
    "id": "00000000-0000-4000-8000-000000000000",
    "developer": {
        "name": "Exemple",
        "websiteUrl": "https://example.com",
        "privacyUrl": "https://example.com/p",
        "termsOfUseUrl": "https://example.com/t",
    },
    "name": {"short": "Aiguilleur", "full": "Aiguilleur"},
    "description": {"short": "Court", "full": "Long"},
    "icons": {"color": "color.png", "outline": "outline.png"},
    "accentColor": "#1f4bb8",
    "bots": [{"botId": "00000000-0000-4000-8000-000000000000", "scopes": ["personal"]}],
}


def spoken(platform: str) -> list[dict[str, Any]]:
    """What the bot says in a sample."""
    entries = json.loads((SAMPLES / f"{platform}.json").read_text(encoding="utf-8"))
    return [entry for entry in entries if "user" not in entry]


GOOD: dict[Mode, Any] = {
    "slack-messages": spoken("slack"),
    "slack-manifest": SLACK_MANIFEST,
    "teams-activities": spoken("teams"),
    "teams-manifest": TEAMS_MANIFEST,
}
CARD = "[1].attachments[0].content"


@pytest.mark.parametrize("mode", GOOD)
def test_good(mode: Mode) -> None:
    assert problems(mode, GOOD[mode]) == []


def test_dates_are_texts_in_json() -> None:
    assert problems("teams-activities", [{"type": "message", "timestamp": "2025-01-06T09:41:00Z"}]) == []


#: What is put where (None: taken away), and what is said of it: the kind, the path, a part of the message.
BAD: list[tuple[Mode, list[str | int], Any, tuple[str, str, str]]] = [
    (
        "slack-messages",
        [0, "blocks", 1, "elements", 2, "titel"],
        "Oui",
        ("unknown", "[0].blocks[1].elements[2].titel", "'\"titel\"' does not exist in type 'Button'"),
    ),
    ("slack-messages", [0, "blocks", 1, "elements", 2, "style"], "blue", ("error", "[0].blocks[1].elements[2].style", "blue")),
    ("slack-messages", [0, "blocks", 0, "type"], "sektion", ("error", "[0].blocks[0].type", "sektion")),
    (
        "slack-messages",
        [0, "blocks", 4, "elements", 0, "positive_button"],
        None,
        ("error", "[0].blocks[4].elements[0]", "positive_button"),
    ),
    ("slack-messages", [1, "text"], None, ("error", "[1]", "Property 'text' is missing")),
    ("slack-manifest", ["setings"], {}, ("unknown", "setings", "does not exist")),
    ("slack-manifest", ["features", "agent_vieww"], {}, ("unknown", "features.agent_vieww", "ManifestFeatures")),
    ("slack-manifest", ["settings", "socket_mode_enabled"], "no", ("error", "settings.socket_mode_enabled", "boolean")),
    (
        "slack-manifest",
        ["oauth_config", "scopes", "bot", 0],
        "assistant:write",
        ("unknown", "oauth_config.scopes.bot[0]", "'\"assistant:write\"' is not assignable to type 'BotScope'"),
    ),
    ("slack-manifest", ["display_information"], None, ("error", "", "display_information")),
    ("teams-activities", [0, "txt"], "a", ("unknown", "[0].txt", "does not exist")),
    ("teams-activities", [0, "text"], 3, ("error", "[0].text", "number")),
    ("teams-activities", [1, "attachments", 0, "content", "version"], "1.6", ("error", f"{CARD}.version", "1.5")),
    ("teams-activities", [1, "attachments", 0, "content", "body", 0, "type"], "Texte", ("error", CARD, "Texte")),
    ("teams-activities", [1, "attachments", 0, "content", "body", 0, "size"], "enorm", ("error", CARD, "enorm")),
    ("teams-activities", [1, "attachments", 0, "content", "body", 0, "wrpa"], True, ("unknown", f"{CARD}.body[0].wrpa", "wrpa")),
    ("teams-activities", [1, "attachments", 0, "content", "body", 3, "actions", 0, "url"], None, ("error", CARD, "url")),
    ("teams-manifest", ["icons"], None, ("error", "", "must have required property 'icons'")),
    ("teams-manifest", ["bots", 0, "botId"], "aiguilleur", ("error", "bots[0].botId", "pattern")),
    ("teams-manifest", ["bots", 0, "skopes"], [], ("error", "bots[0]", "skopes")),
    ("teams-manifest", ["manifestVersion"], "9.9", ("error", "manifestVersion", "9.9")),
]


@pytest.mark.parametrize(("mode", "path", "value", "said"), BAD, ids=lambda part: part if isinstance(part, str) else None)
def test_bad(mode: Mode, path: list[str | int], value: Any, said: tuple[str, str, str]) -> None:
    document = copy.deepcopy(GOOD[mode])
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    (found, *more) = problems(mode, document)
    assert (found.kind, found.path) == said[:2] and said[2] in found.message and not more
