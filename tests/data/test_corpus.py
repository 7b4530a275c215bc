"""The training sentences."""

from __future__ import annotations

import collections
import re
import unicodedata

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT
from tests.data.sources import DOMAIN, sentences

CORPUS = sentences()
OBSERVATIONS = {
    "saw_subscriptions_page",
    "saw_wrong_place_message",
    "saw_contact_billing_admin_message",
    "saw_select_product_message",
    "corporate_sign_in_failed",
    "corporate_sign_in_succeeded",
}
CLICKED_ONLY = {"nlu_fallback", "feedback_positive", "feedback_negative"}
LEAST = {**dict.fromkeys([*OBSERVATIONS, "saw_something_else"], 120), "out_of_scope": 400}


def key(text: str) -> str:
    """A sentence without case, accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain)) or text


@pytest.mark.parametrize("intent", [intent for intent in DOMAIN["intents"] if intent not in CLICKED_ONLY])
def test_there_are_enough_sentences(intent: str) -> None:
    assert sum(label == intent for label, _, _ in CORPUS) >= LEAST.get(intent, 60)


def test_no_sentence_twice() -> None:
    seen = collections.Counter(key(text) for _, _, text in CORPUS)
    assert [text for text, times in seen.items() if times > 1] == []


def test_no_series() -> None:
    """No frame of words is used again and again with one word changed."""
    frames: collections.Counter[tuple[str, ...]] = collections.Counter()
    for _, _, text in CORPUS:
        tokens = key(text).split()
        if len(tokens) >= 5:
            frames.update({(*tokens[:i], "…", *tokens[i + 1 :]) for i in range(len(tokens))})
    assert [(" ".join(frame), times) for frame, times in frames.most_common(20) if times > 2] == []


@pytest.mark.parametrize("intent", sorted(OBSERVATIONS | {"saw_something_else"}))
def test_observations_are_said_in_many_voices(intent: str) -> None:
    voices = collections.Counter(voice for label, voice, _ in CORPUS if label == intent)
    assert len(voices) >= 10
    assert max(voices.values()) <= sum(voices.values()) * 0.6


def test_mentions_name_portals_and_intents() -> None:
    for block in read_yaml_file(str(PROJECT / "data" / "nlu" / "mentions.yml"))["nlu"]:
        entity, _, value = block["regex"].partition(":")
        known = DOMAIN["slots"]["portal"]["values"] if entity == "portal" else DOMAIN["intents"]
        assert entity in DOMAIN["entities"] and value in known, block["regex"]
        for line in block["examples"].splitlines():
            re.compile(line.removeprefix("- "))
