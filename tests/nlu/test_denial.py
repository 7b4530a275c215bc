"""What a message denies, and what that leaves."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from components.denial import DenialReader
from components.mentions import MentionExtractor
from scripts.nlu.pipeline import Pipeline

SUBSCRIPTIONS, PRODUCT = "saw_subscriptions_page", "saw_select_product_message"


def read(text: str, *ranking: tuple[str, float], taken: str) -> Message:
    message = Message({"text": text, "intent": {"name": taken, "confidence": ranking[0][1]}})
    message.set("intent_ranking", [{"name": name, "confidence": confidence} for name, confidence in ranking])
    pipeline = Pipeline([{"name": f"{cls.__module__}.{cls.__name__}"} for cls in (MentionExtractor, DenialReader)])
    pipeline.train([])
    (done,) = pipeline.process([message])
    return done


@pytest.mark.parametrize(
    "text",
    [
        "pas de page abonnements",
        "je ne vois aucune page abonnements",
        "on m'envoie partout sauf sur abonnements",
        "un message et non abonnements",
        "ni abonnements ni rien",
    ],
)
def test_what_is_denied_is_not_seen(text: str) -> None:
    done = read(text, (SUBSCRIPTIONS, 0.95), ("greet", 0.05), taken=SUBSCRIPTIONS)
    assert done.get("intent")["name"] == "saw_something_else"
    assert [entity["denied"] for entity in done.get("entities")] == [True]


def test_what_is_denied_is_something_else_however_unsure_that_is() -> None:
    ranking = [("saw_something_else", 0.5), ("saw_wrong_place_message", 0.4)]
    assert read("pas de mauvais endroit", *ranking, taken="nlu_fallback").get("intent")["name"] == "saw_something_else"
    assert read("un écran gris", *ranking, taken="nlu_fallback").get("intent")["name"] == "nlu_fallback"


@pytest.mark.parametrize("text", ["pas de doute, la page abonnements", "rien que la page abonnements", "la page abonnements"])
def test_what_is_not_denied_stays(text: str) -> None:
    assert read(text, (SUBSCRIPTIONS, 0.95), ("greet", 0.05), taken=SUBSCRIPTIONS).get("intent")["name"] == SUBSCRIPTIONS


@pytest.mark.parametrize(("confidence", "expected"), [(0.35, PRODUCT), (0.2, "nlu_fallback")])
def test_what_a_denial_leaves_was_seen_if_it_is_likely(confidence: float, expected: str) -> None:
    text = "pas de page abonnements, juste un produit à choisir"
    done = read(text, ("saw_something_else", 0.5), (PRODUCT, confidence), taken="nlu_fallback")
    assert done.get("intent")["name"] == expected
