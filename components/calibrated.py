"""CalibratedClassifier: linear machines whose confidence is what it is worth on voices that they have not heard."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

FILE = "classifier.npz"

FOLDS = 4
#: Inverse strength of the regularisation of the machines, and of their judge.
C, JUDGE_C = 1.0, 0.1
RANDOM_STATE = 42


class CalibratedClassifier:
    """Intents and their probabilities, from rows of features.

    One machine an intent, against all others, gives a margin. What margins are worth together is judged by a multinomial
    logistic regression. A machine is always sure of the sentences that it has learned from, so the margins that the judge
    learns from are those of machines that have not heard the voice that speaks.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self._arrays = arrays

    @classmethod
    def learn(cls, rows: csr_matrix, intents: NDArray[Any], voices: Sequence[str]) -> CalibratedClassifier:
        """Learn from rows with their intents; the same data gives the same result.

        Args:
            rows: features, one row a sentence.
            intents: the intent of each row; at least two different ones.
            voices: who speaks in each row; if they are fewer than the folds, the rows are dealt out in turn.

        Raises:
            ValueError: without one of the folds there is one intent only.
        """
        if len(set(voices)) < FOLDS:
            voices = [str(turn % FOLDS) for turn in range(len(intents))]
        fold_of = folds(voices, FOLDS)
        taught = [np.full(len(intents), True), *(fold_of != fold for fold in range(FOLDS))]
        # Processes, not threads: liblinear's random numbers are shared by the threads of a process.
        (classes, weights, bias), *partial = Parallel(n_jobs=2, mmap_mode="c")(
            delayed(_machines)(rows[part], intents[part]) for part in taught
        )
        # An intent that only the voices left out have keeps the margin of a clear no.
        unheard = np.full((len(intents), len(classes)), -1.0)
        for fold, (known, partial_weights, partial_bias) in enumerate(partial):
            left_out = fold_of == fold
            unheard[np.ix_(left_out, np.searchsorted(classes, known))] = rows[left_out] @ partial_weights + partial_bias
        mean, scale = unheard.mean(axis=0), unheard.std(axis=0) + 1e-9
        judge = LogisticRegression(C=JUDGE_C, max_iter=1000).fit((unheard - mean) / scale, intents)
        return cls(
            {
                "classes": classes,
                "weights": weights,
                "bias": bias,
                "mean": mean,
                "scale": scale,
                "judge": judge.coef_.T,
                "judge_bias": judge.intercept_,
            }
        )

    def save(self, folder: Path) -> None:
        """Write what ``load`` reads."""
        np.savez_compressed(folder / FILE, **self._arrays)

    @classmethod
    def load(cls, folder: Path) -> CalibratedClassifier:
        """The classifier as saved."""
        with np.load(folder / FILE, allow_pickle=False) as kept:
            return cls(dict(kept))

    @property
    def intents(self) -> list[str]:
        """The intents, in the order of the columns of ``probabilities``."""
        return [str(intent) for intent in self._arrays["classes"]]

    def probabilities(self, rows: csr_matrix) -> NDArray[Any]:
        """The probability of each intent, a row a row; each row sums to 1."""
        known = self._arrays
        margins = (rows @ known["weights"] + known["bias"] - known["mean"]) / known["scale"]
        scores = margins @ known["judge"] + known["judge_bias"]
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)


def folds(voices: Sequence[str], number: int) -> NDArray[Any]:
    """The fold of each voice, a number a sentence: all sentences of a voice are in one fold, and folds are about as large."""
    sizes, fold_of = [0] * number, {}
    for voice, size in sorted(collections.Counter(voices).items(), key=lambda item: (-item[1], item[0])):
        fold_of[voice] = sizes.index(min(sizes))
        sizes[fold_of[voice]] += size
    return np.array([fold_of[voice] for voice in voices])


def _machines(rows: csr_matrix, intents: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    machines = LinearSVC(C=C, class_weight="balanced", tol=1e-3, random_state=RANDOM_STATE).fit(rows, intents)
    # Contiguous, one row a feature: a message reads a few hundred of them, and no more.
    return machines.classes_.astype(str), np.ascontiguousarray(machines.coef_.T, dtype=np.float32), machines.intercept_
