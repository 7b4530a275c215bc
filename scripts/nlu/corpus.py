"""The training sentences with their voices, and the voices in folds."""

from __future__ import annotations

from typing import NamedTuple

from rasa.shared.utils.io import read_yaml_file

from actions import help_file
from actions.help_file import PROJECT
from components.calibrated import folds

#: Intents from which the bot concludes something about the user: what the rows of the help file see.
OBSERVATIONS = {row.sees for row in help_file.load().rows.values()} - {help_file.load().fallback.sees}

#: The voices are dealt out to so many folds; what is measured on one is learned from the others.
FOLDS = 4


class Sentence(NamedTuple):
    """A training sentence."""

    intent: str
    voice: str
    text: str


def sentences() -> list[Sentence]:
    """Every training sentence, in the order of the files.

    Raises:
        ValueError: a file holds sentences of another intent than its name, or a line that is no sentence.
    """
    found = []
    for path in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for block in read_yaml_file(str(path))["nlu"]:
            if "intent" not in block:
                continue
            if block["intent"] != path.stem:
                raise ValueError(f"{path.name} holds sentences of {block['intent']}")
            for line in block["examples"].splitlines():
                if not line.startswith("- "):
                    raise ValueError(f"{path.name}: {line!r}")
                found.append(Sentence(path.stem, block["metadata"]["voice"], line[2:]))
    return found


def by_fold(corpus: list[Sentence]) -> list[tuple[list[Sentence], list[Sentence]]]:
    """What to learn from and what to measure on, a pair a fold; no voice is in both."""
    fold_of = folds([sentence.voice for sentence in corpus], FOLDS)
    return [
        (
            [sentence for sentence, its in zip(corpus, fold_of, strict=True) if its != fold],
            [sentence for sentence, its in zip(corpus, fold_of, strict=True) if its == fold],
        )
        for fold in range(FOLDS)
    ]
