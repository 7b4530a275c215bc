"""What counts: how much is understood, how often the bot would conclude wrongly, how often it asks."""

from __future__ import annotations

from components.intent_classifier import FALLBACK
from scripts.nlu.corpus import OBSERVATIONS


def is_danger(taken_for: str, intent: str) -> bool:
    """Whether the bot would conclude something that the user has not seen."""
    return taken_for in OBSERVATIONS and taken_for != intent


def measure(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Per cent of sentences that are right, that end in a wrong conclusion, that are asked about.

    Args:
        pairs: what each sentence was taken for, and what it means.
    """
    share = 100 / max(1, len(pairs))
    return {
        "right": share * sum(taken_for == intent for taken_for, intent in pairs),
        "wrong_conclusions": share * sum(is_danger(*pair) for pair in pairs),
        "asks": share * sum(taken_for == FALLBACK for taken_for, _ in pairs),
    }
