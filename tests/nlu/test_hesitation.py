"""Not sure: two buttons where the bot hesitates between two meanings, three where it does not know."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.fallback import ActionNotUnderstood


@pytest.mark.parametrize(
    ("confidences", "response", "offered"),
    [((0.5, 0.4, 0.05), "utter_hesitates", 2), ((0.4, 0.3, 0.2), "utter_not_understood", 3)],
)
def test_what_is_offered(confidences: tuple[float, ...], response: str, offered: int) -> None:
    intents = ("corporate_sign_in_failed", "corporate_sign_in_succeeded", "cannot_sign_in")
    ranking = [{"name": name, "confidence": value} for name, value in zip(intents, confidences, strict=True)]
    message: dict[str, Any] = {"text": "…", "intent_ranking": ranking, "entities": []}
    tracker = Tracker("test", {}, message, [], False, None, {}, "action_listen")
    said = CollectingDispatcher()
    asyncio.run(ActionNotUnderstood().run(said, tracker, {}))
    (answer,) = said.messages
    assert answer["response"] == response
    assert [button["payload"] for button in answer["buttons"]] == [f"button:{intent}" for intent in intents[:offered]]
