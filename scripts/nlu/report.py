"""How well the bot understands voices that it has not heard: `make nlu-report` writes docs/nlu/report.md."""

from __future__ import annotations

import collections
import json
import subprocess
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import matplotlib
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from actions.help_file import PROJECT
from components.intent_classifier import FALLBACK, RANKING, cheapest
from scripts.nlu.corpus import FOLDS, OBSERVATIONS, Sentence, by_fold, sentences
from scripts.nlu.measure import is_danger, measure
from scripts.nlu.pipeline import Pipeline, configured, messages

matplotlib.use("Agg")
from matplotlib import pyplot

FOLDER = PROJECT / "docs" / "nlu"
REPORT, FIGURES, PICTURE = FOLDER / "report.md", FOLDER / "report.json", FOLDER / "confusion.png"

#: Costs of a wrong conclusion to compare; that of config.yml is among them.
COSTS = (1, 2, 4, 6, 8, 12, 16, 32)
CONFUSIONS, EXAMPLES = 15, 3

#: Where FrenchSpacyNLP puts what it has read.
DOC = SPACY_DOCS[TEXT]


class Reading(NamedTuple):
    """A sentence, what it was taken for, what the classifier alone made of it, and its ranking."""

    sentence: Sentence
    taken_for: str
    classified: str
    ranking: list[dict[str, Any]]

    @property
    def right(self) -> bool:
        """Whether it was taken for what it is."""
        return self.taken_for == self.sentence.intent


def read_all() -> tuple[list[Reading], float, int]:
    """Every sentence as read by a pipeline that has not heard its voice; seconds and bytes of a training on a fold."""
    corpus = sentences()
    # Reading does not learn, so once is enough; the ranking is kept whole for the table of costs.
    reader, *learners = configured()
    learners[0] = {**learners[0], "ranking_length": len({sentence.intent for sentence in corpus})}
    spacy = Pipeline([reader])
    prepared = dict(zip(corpus, messages(corpus), strict=True))
    spacy.train(list(prepared.values()))
    readings, seconds, size = [], 0.0, 0
    for number, (taught, asked) in enumerate(by_fold(corpus)):
        print(f"Fold {number + 1} of {FOLDS}: {len(taught)} sentences taught, {len(asked)} asked", flush=True)
        start = time.perf_counter()
        pipeline = Pipeline(learners)
        pipeline.train([prepared[sentence] for sentence in taught])
        seconds, size = seconds + time.perf_counter() - start, pipeline.size()
        for sentence in asked:
            message = Message({TEXT: sentence.text, DOC: prepared[sentence].get(DOC)})
            pipeline.process([message])
            ranking = message.get(RANKING)
            classified = cheapest(ranking, learners[0])[INTENT_NAME_KEY]
            readings.append(Reading(sentence, message.get(INTENT)[INTENT_NAME_KEY], classified, ranking))
    return readings, seconds / FOLDS, size


def share(part: int, whole: int) -> float:
    """Per cent, to one decimal place."""
    return round(100 * part / max(1, whole), 1)


def figures(readings: list[Reading], seconds: float, size: int) -> dict[str, Any]:
    """The figures that are compared from report to report."""
    return {
        "sentences": len(readings),
        **_rounded([(reading.taken_for, reading.sentence.intent) for reading in readings]),
        "training_seconds": round(seconds),
        "size_mb": round(size / 1e6, 1),
        "by_intent": _right_by(readings, "intent"),
        "by_voice": _right_by(readings, "voice"),
    }


def _rounded(pairs: list[tuple[str, str]]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in measure(pairs).items()}


def _right_by(readings: list[Reading], field: str) -> dict[str, float]:
    groups = collections.defaultdict(list)
    for reading in readings:
        groups[getattr(reading.sentence, field)].append(reading.right)
    return {name: share(sum(right), len(right)) for name, right in sorted(groups.items())}


def costs_table(readings: list[Reading]) -> Iterable[str]:
    """What each cost of a wrong conclusion would give, by the classifier alone."""
    config = configured()[1]
    yield "| cost of a wrong conclusion | right % | wrong conclusions % | asks % |"
    yield "|---|---|---|---|"
    for cost in COSTS:
        costs = {**config["cost_of_wrong"], **dict.fromkeys(OBSERVATIONS, cost)}
        taken = [cheapest(reading.ranking, {**config, "cost_of_wrong": costs})[INTENT_NAME_KEY] for reading in readings]
        now = _rounded(list(zip(taken, [reading.sentence.intent for reading in readings], strict=True)))
        chosen = " (config.yml)" if cost == config["cost_of_wrong"]["saw_subscriptions_page"] else ""
        yield f"| {cost}{chosen} | {now['right']} | {now['wrong_conclusions']} | {now['asks']} |"


def write(readings: list[Reading], now: dict[str, Any], before: dict[str, Any]) -> None:
    """Write the report, its figures and its picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = [
        "# How well the bot understands voices that it has not heard",
        "",
        f"Written by `make nlu-report`: {now['sentences']} sentences of {len(now['by_voice'])} voices, {FOLDS} folds; no voice",
        "is both learned from and measured on. Some voices were written to be hard (denials, other people, border cases).",
        "",
        "| | now | last committed report |",
        "|---|---|---|",
    ]
    names = {"right": "right intent, %", "wrong_conclusions": "wrong conclusions, %", "asks": "asks, %"}
    names |= {"sentences": "sentences", "training_seconds": "training on a fold, s", "size_mb": "model, MB"}
    lines += [f"| {title} | {now[name]} | {before.get(name, '')} |" for name, title in names.items()]
    for title, field in (("By intent", "by_intent"), ("By voice", "by_voice")):
        lines += ["", f"## {title}", "", "| | right % | last committed report |", "|---|---|---|"]
        lines += [
            f"| {name} | {value} | {before.get(field, {}).get(name, '')} |"
            for name, value in sorted(now[field].items(), key=lambda item: item[1])
        ]
    denied = [reading for reading in readings if reading.taken_for != reading.classified]
    lines += ["", "## What a wrong conclusion may cost", "", *costs_table(readings), ""]
    lines += [
        f"The table is the classifier's. DenialReader then changed {len(denied)} readings:",
        f"{sum(reading.right for reading in denied)} became right,",
        f"{sum(reading.classified == reading.sentence.intent for reading in denied)} became wrong.",
        "",
        "## Worst confusions",
        "",
        "![Confusions: rows are what is meant, columns what it was taken for](confusion.png)",
        "",
    ]
    wrong = collections.defaultdict(list)
    for reading in readings:
        if not reading.right:
            wrong[reading.sentence.intent, reading.taken_for].append(reading)
    worst = sorted(wrong.items(), key=lambda item: (not is_danger(item[0][1], item[0][0]), -len(item[1])))
    for (intent, taken_for), those in worst[:CONFUSIONS]:
        lines.append(f"- **{intent}** taken for **{taken_for}**: {len(those)}")
        surest = sorted(those, key=lambda reading: -reading.ranking[0]["confidence"])
        lines += [f"  - {reading.sentence.text} ({reading.sentence.voice})" for reading in surest[:EXAMPLES]]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    FIGURES.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
    draw(readings)


def draw(readings: list[Reading]) -> None:
    """The confusion matrix as a picture: what is right is left out, so that what is wrong can be seen."""
    intents = sorted({reading.sentence.intent for reading in readings})
    columns = [*intents, FALLBACK]
    counts = collections.Counter((r.sentence.intent, r.taken_for) for r in readings if not r.right)
    total = collections.Counter(reading.sentence.intent for reading in readings)
    grid = [[100 * counts[intent, column] / total[intent] for column in columns] for intent in intents]
    figure, axes = pyplot.subplots(figsize=(12, 11))
    picture = axes.imshow(grid, cmap="magma_r", vmin=0)
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=8)
    axes.set_yticks(range(len(intents)), intents, fontsize=8)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if value >= 1:
                colour = "white" if value > 6 else "black"
                axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=7, color=colour)
    figure.colorbar(picture, label="per cent of the sentences meant", shrink=0.6)
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=90)


def committed() -> dict[str, Any]:
    """The figures of the last committed report; none without git or without one."""
    where = FIGURES.relative_to(PROJECT).as_posix()
    try:
        shown = subprocess.run(["git", "show", f"HEAD:{where}"], cwd=PROJECT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return dict(json.loads(shown.stdout))


def main() -> None:
    """Measure, compare, write."""
    readings, seconds, size = read_all()
    now, before = figures(readings, seconds, size), committed()
    write(readings, now, before)
    for name in ("right", "wrong_conclusions", "asks"):
        print(f"{name}: {now[name]} % (last committed report: {before.get(name, 'none')})")
    print(f"Details: {REPORT.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
