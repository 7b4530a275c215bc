"""The training sentences."""

from __future__ import annotations

import collections
import re
from collections.abc import Sequence

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT
from components.text import plain
from scripts.nlu.corpus import sentences
from tests.data.sources import DOMAIN

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
    return " ".join(re.findall(r"\w+", plain(text))) or text


@pytest.mark.parametrize("intent", [intent for intent in DOMAIN["intents"] if intent not in CLICKED_ONLY])
def test_there_are_enough_sentences(intent: str) -> None:
    assert sum(label == intent for label, _, _ in CORPUS) >= LEAST.get(intent, 60)


def test_no_sentence_twice() -> None:
    seen = collections.Counter(key(text) for _, _, text in CORPUS)
    assert [text for text, times in seen.items() if times > 1] == []


def near_duplicates(corpus: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Pairs of an intent that are the same but for one word, added, left out or changed; from five words on.

    Between intents such pairs are welcome: they are what the classifier must learn to tell apart.
    """
    seen: dict[tuple[str, str], str] = {}
    found = []
    for intent, _, text in corpus:
        words = key(text).split()
        if len(words) < 5:
            continue
        shapes = {" ".join(words), *(" ".join(words[:i] + words[i + 1 :]) for i in range(len(words)))}
        found += [(seen[intent, shape], text) for shape in sorted(shapes) if (intent, shape) in seen][:1]
        seen.update({(intent, shape): text for shape in shapes})
    return found


def test_no_near_duplicates() -> None:
    assert near_duplicates(CORPUS) == []


@pytest.mark.parametrize(
    "second",
    [
        "Je suis arrivé à la page Abonnements !",
        "je suis arrivé sur la page abonnements",
        "Je suis donc arrivé à la page abonnements",
        "suis arrivé à la page abonnements",
    ],
)
def test_a_near_duplicate_is_noticed(second: str) -> None:
    first = ("saw_subscriptions_page", "plain", "Je suis arrivé à la page Abonnements")
    assert near_duplicates([first, ("saw_subscriptions_page", "other", second)])
    assert not near_duplicates([first, ("saw_something_else", "other", second)])


def test_the_corpus_is_large_and_has_many_voices() -> None:
    assert len(CORPUS) >= 4000
    assert len({voice for _, voice, _ in CORPUS}) >= 20


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
