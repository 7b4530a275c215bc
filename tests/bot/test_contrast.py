"""Contrast pairs: the same words, denied, supposed, past, somebody else's, elsewhere, wished or asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from scripts.nlu.corpus import OBSERVATIONS, sentences
from scripts.nlu.measure import is_danger
from scripts.run import Servers
from tests.conftest import post

PAIRS: list[dict[str, Any]] = list(read_yaml_file(str(Path(__file__).parent / "contrast_pairs.yml")))
KINDS = {"negated", "hypothetical", "past", "colleague", "question", "portal", "wish"}


def taken_for(servers: Servers, text: str) -> str:
    status, parsed = post(f"{servers.url}/model/parse", {"text": text})
    assert status == 200, parsed
    return str(parsed["intent"]["name"])


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(pair, id=pair["a"]["text"][:60], marks=[pytest.mark.xfail(strict=True)] if pair.get("flips") else [])
        for pair in PAIRS
    ],
)
def test_neither_is_taken_for_the_other(pair: dict[str, Any], servers: Servers) -> None:
    for one, other in ((pair["a"], pair["b"]), (pair["b"], pair["a"])):
        taken = taken_for(servers, one["text"])
        assert taken != other["intent"], one["text"]
        assert not is_danger(taken, one["intent"]), one["text"]


def test_the_pairs_cover_every_observation_and_every_kind() -> None:
    assert {pair["kind"] for pair in PAIRS} == KINDS
    for intent in OBSERVATIONS:
        assert sum(intent in (pair["a"]["intent"], pair["b"]["intent"]) for pair in PAIRS) >= 15


def test_no_pair_is_taught() -> None:
    taught = {sentence.text.lower() for sentence in sentences()}
    assert [one["text"] for pair in PAIRS for one in (pair["a"], pair["b"]) if one["text"].lower() in taught] == []
