"""The classifier: the same for the same data, sure of what it knows, and cautious where a mistake costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from components.calibrated import CalibratedClassifier, folds
from components.intent_classifier import cheapest, guess

CONFIG = {"cost_of_wrong": {"saw_subscriptions_page": 8}, "cost_of_asking": 0.75}


@pytest.fixture(scope="module")
def data() -> tuple[csr_matrix, NDArray[Any], list[str]]:
    chance = np.random.default_rng(0)
    intents = np.repeat(["affirm", "deny", "greet"], 60)
    rows = chance.random((180, 12)) + np.repeat(np.eye(3, 12), 60, axis=0) * 2
    return csr_matrix(rows), intents, [f"voice{place % 6}" for place in range(180)]


def test_the_same_data_gives_the_same_result(data: tuple[csr_matrix, NDArray[Any], list[str]]) -> None:
    one, other = CalibratedClassifier.learn(*data), CalibratedClassifier.learn(*data)
    assert np.array_equal(one.probabilities(data[0]), other.probabilities(data[0]))


def test_probabilities(data: tuple[csr_matrix, NDArray[Any], list[str]], tmp_path: Path) -> None:
    classifier = CalibratedClassifier.learn(*data)
    probabilities = classifier.probabilities(data[0])
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (np.array(classifier.intents)[probabilities.argmax(axis=1)] == data[1]).mean() > 0.9
    classifier.save(tmp_path)
    assert np.allclose(CalibratedClassifier.load(tmp_path).probabilities(data[0]), probabilities)


def test_a_voice_is_in_one_fold() -> None:
    voices = ["loud"] * 50 + ["soft"] * 30 + ["low"] * 25 + ["high"] * 20
    dealt = folds(voices, 2)
    assert all(len({fold for fold, its in zip(dealt, voices, strict=True) if its == voice}) == 1 for voice in set(voices))
    assert abs(int((dealt == 0).sum()) - int((dealt == 1).sum())) <= 25


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ([("saw_subscriptions_page", 0.95), ("saw_something_else", 0.05)], "saw_subscriptions_page"),
        ([("saw_subscriptions_page", 0.8), ("saw_something_else", 0.2)], "nlu_fallback"),
        ([("saw_subscriptions_page", 0.6), ("saw_something_else", 0.4)], "saw_something_else"),
        ([("greet", 0.4), ("thank", 0.3)], "greet"),
        ([("greet", 0.2), ("thank", 0.2)], "nlu_fallback"),
    ],
)
def test_a_mistake_is_weighed(ranking: list[tuple[str, float]], expected: str) -> None:
    assert cheapest([guess(*likely) for likely in ranking], CONFIG)["name"] == expected
