"""What a message looks like to the classifier: runs and pairs of lemmas, what is denied, pieces of words, each weighed."""

from __future__ import annotations

import collections
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from spacy.tokens import Doc

from components.text import plain

#: Lemmas in a run; words that a pair spans at most; letters in a piece.
RUN = 3
SPAN = 8
PIECE = range(2, 6)
#: A feature of one message only teaches nothing about others.
SEEN_IN = 2

#: Words that deny, and words that begin another clause.
DENIES = {"pas", "pa", "plus", "jamais", "rien", "aucun", "aucune", "ni", "sans", "nul", "nulle", "point"}
TURNS = {"mais", "sauf", "pourtant", "seulement", "cependant", "or", "alors", "sinon", "par", "hors", "hormis"}
_STOP = re.compile(r"[.!?;:,…()]+")

#: The beginning and the end of a message are words too: « non » alone is not « non, je vois… ».
START, END = "^", "$"

TERMS_FILE = "terms.json"
WEIGHTS_FILE = "weights.npy"

Blocks = tuple[list[str], ...]


class TextFeatures:
    """The features that messages have, and how telling each is (inverse document frequency).

    Runs are words that follow each other (« vers la page abonnements »). Pairs are two words at a distance, in their order:
    « pas … abonnements ». Pieces are letters that follow each other, which typing on a phone, missing accents and regional
    spellings leave intact. Denials are the runs and pairs of those clauses alone that deny something: in a long message,
    « … mais il me laisse pas entrer » is little among all that went well. Each block has unit length, so that none drowns
    another.
    """

    def __init__(self, terms: Sequence[Iterable[str]], weights: NDArray[Any]) -> None:
        numbers = itertools.count()
        self._columns = [dict(zip(block, numbers, strict=False)) for block in terms]
        self._weights = weights

    @classmethod
    def learn(cls, messages: Sequence[Blocks]) -> TextFeatures:
        """The features of at least ``SEEN_IN`` of these messages."""
        terms, weights = [], []
        for block in zip(*messages, strict=True):
            seen_in = collections.Counter(itertools.chain.from_iterable(map(set, block)))
            known = sorted(term for term, times in seen_in.items() if times >= SEEN_IN)
            counts = np.array([seen_in[term] for term in known], dtype=float)
            terms.append(known)
            weights.append(np.log((1 + len(messages)) / (1 + counts)) + 1)
        return cls(terms, np.concatenate(weights).astype(np.float32))

    def save(self, folder: Path) -> None:
        """Write what ``load`` reads."""
        (folder / TERMS_FILE).write_text(json.dumps([list(block) for block in self._columns], ensure_ascii=False))
        np.save(folder / WEIGHTS_FILE, self._weights)

    @classmethod
    def load(cls, folder: Path) -> TextFeatures:
        """The features as saved."""
        return cls(json.loads((folder / TERMS_FILE).read_text()), np.load(folder / WEIGHTS_FILE, allow_pickle=False))

    def rows(self, messages: Iterable[Blocks]) -> csr_matrix:
        """A row a message, with sublinear tf-idf; a row is empty if the message has nothing that was ever seen."""
        columns: list[int] = []
        values: list[NDArray[Any]] = []
        ends = [0]
        for message in messages:
            for block, known in zip(message, self._columns, strict=True):
                counts = collections.Counter(known[term] for term in block if term in known)
                if counts:
                    weighed = (1 + np.log(np.fromiter(counts.values(), dtype=float))) * self._weights[[*counts]]
                    columns += counts
                    values.append(weighed / np.sqrt(weighed @ weighed))
            ends.append(len(columns))
        data = np.concatenate(values) if values else np.zeros(0)
        return csr_matrix((data.astype(np.float32), columns, ends), shape=(len(ends) - 1, len(self._weights)))


def blocks(doc: Doc) -> Blocks:
    """Runs, pairs, pieces and denials of a message that spaCy has read, in lower case and without accents."""
    words = [plain(token.lemma_ or token.text) for token in doc if not token.is_space]
    text = f" {' '.join(plain(doc.text).split())} "
    return [*words, *_runs([START, *words, END])], list(_pairs(words)), list(_pieces(text)), list(_denials(words))


def _runs(words: list[str]) -> Iterator[str]:
    for length in range(2, RUN + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _pairs(words: list[str]) -> Iterator[str]:
    """Two words with others between them: those that follow each other are runs."""
    for first, word in enumerate(words):
        for second in words[first + 2 : first + SPAN]:
            yield f"{word} {second}"


def _denials(words: list[str]) -> Iterator[str]:
    """Words, runs and pairs of each clause in which something is denied."""
    for clause in _clauses(words):
        if not DENIES.isdisjoint(clause):
            yield from (*clause, *_runs(clause), *_pairs(clause))


def _clauses(words: list[str]) -> Iterator[list[str]]:
    """A clause ends before a word that turns, or before a mark."""
    start = 0
    for place, word in enumerate(words):
        if word in TURNS or _STOP.fullmatch(word):
            yield words[start:place]
            start = place
    yield words[start:]


def _pieces(text: str) -> Iterator[str]:
    for length in PIECE:
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
