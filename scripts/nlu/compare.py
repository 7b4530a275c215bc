"""Compare pipelines on the same sentences of voices that none has heard: `make nlu-compare`.

The sample is small because DIET needs seconds an epoch for hundreds of sentences; `--taught 0` teaches everything.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from actions.help_file import PROJECT
from components.intent_classifier import FALLBACK
from scripts.nlu.corpus import Sentence, by_fold, sentences
from scripts.nlu.measure import measure
from scripts.nlu.pipeline import Pipeline, configured, messages

RESULT = PROJECT / "docs" / "nlu" / "comparison.json"
NLPJS = PROJECT / "scripts" / "nlu" / "nlpjs"
SEED = 20261122

#: What `rasa init` proposes (Rasa 3.6), without its response selector, which has nothing to do with intents.
STARTER: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "random_seed": 1},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
#: The same with Rasa's linear classifier in place of DIET.
LINEAR: list[dict[str, Any]] = [
    *STARTER[:5],
    {"name": "LogisticRegressionClassifier", "solver": "liblinear", "random_state": 1},
    STARTER[-1],
]


class Guesses(NamedTuple):
    """What a tool took sentences for, and how long it needed."""

    intents: list[str]
    training: float
    per_message: float


def with_rasa(pipeline: list[dict[str, Any]]) -> Callable[[list[Sentence], list[Sentence]], Guesses]:
    """A Rasa pipeline as a tool."""

    def guess(taught: list[Sentence], asked: list[Sentence]) -> Guesses:
        start = time.perf_counter()
        trained = Pipeline(pipeline)
        trained.train(messages(taught))
        ready = time.perf_counter()
        read = [trained.process([Message({TEXT: sentence.text})])[0] for sentence in asked]
        return Guesses(
            [message.get(INTENT)[INTENT_NAME_KEY] or FALLBACK for message in read],
            ready - start,
            (time.perf_counter() - ready) / len(asked),
        )

    return guess


def with_nlpjs(taught: list[Sentence], asked: list[Sentence]) -> Guesses:
    """nlp.js with its French package, in Node (npm installs it next to the script)."""
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=NLPJS, check=True)
    work = {"taught": [[sentence.text, sentence.intent] for sentence in taught], "asked": [sentence.text for sentence in asked]}
    ended = subprocess.run(["node", "guess.mjs"], cwd=NLPJS, input=json.dumps(work), capture_output=True, text=True, check=True)
    answer = json.loads(ended.stdout)
    return Guesses(
        [FALLBACK if intent == "None" else intent for intent in answer["intents"]],
        answer["training"],
        answer["answering"] / len(asked),
    )


#: Ours, if all mistakes cost the same and asking costs more: how much is understood, whatever the danger.
UNCAUTIOUS = [
    {**entry, "cost_of_wrong": {}, "cost_of_asking": 1.0} if "cost_of_wrong" in entry else entry for entry in configured()
]

TOOLS: dict[str, Callable[[list[Sentence], list[Sentence]], Guesses]] = {
    "aiguilleur": with_rasa(configured()),
    "aiguilleur-uncautious": with_rasa(UNCAUTIOUS),
    "rasa-linear": with_rasa(LINEAR),
    "nlp.js": with_nlpjs,
    "rasa-diet": with_rasa(STARTER),
}


def main() -> None:
    """Measure the tools named, and keep the figures in docs/nlu/comparison.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tools", nargs="*", default=list(TOOLS), help=f"which of {', '.join(TOOLS)}")
    parser.add_argument("--taught", type=int, default=1000, help="sentences to learn from, 0 for all (default: %(default)s)")
    parser.add_argument("--asked", type=int, default=1000, help="sentences to measure on, a fold (default: %(default)s)")
    parser.add_argument("--folds", type=int, default=2, help="folds of voices to measure on (default: %(default)s)")
    options = parser.parse_args()
    if "nlp.js" in options.tools and not shutil.which("npm"):
        print("nlp.js is left out: there is no npm on this machine.")
        options.tools.remove("nlp.js")
    folds = by_fold(sentences())[: options.folds]
    shape = f"{options.taught or 'all'} taught, {options.asked} asked, {options.folds} folds"
    for tool in options.tools:
        figures = []
        for number, (taught, asked) in enumerate(folds):
            chosen = random.Random(SEED + number)
            some = chosen.sample(taught, options.taught or len(taught))
            others = chosen.sample(asked, options.asked)
            guesses = TOOLS[tool](some, others)
            pairs = list(zip(guesses.intents, [sentence.intent for sentence in others], strict=True))
            times = {"training_s": guesses.training, "message_ms": 1000 * guesses.per_message}
            figures.append({**measure(pairs), **times})
            print(
                f"{tool}, fold {number + 1}: " + ", ".join(f"{name} {value:.1f}" for name, value in figures[-1].items()),
                flush=True,
            )
        mean = {name: round(sum(figure[name] for figure in figures) / len(figures), 2) for name in figures[0]}
        kept = json.loads(RESULT.read_text()) if RESULT.exists() else {}
        kept.setdefault(shape, {})[tool] = mean
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
