"""In each situation exactly one rule decides. (Rasa reports neither overlapping rules nor missing ones.)"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.data.sources import DOMAIN, action_of, conditions, intent_of, responses, rules

#: Rasa answers `restart` itself.
INTENTS = [intent for intent in DOMAIN["intents"] if intent != "restart"]
SITUATIONS = [
    dict(zip(("portal", "question"), values, strict=True))
    for values in itertools.product([None, *DOMAIN["slots"]["portal"]["values"]], [None, *DOMAIN["slots"]["question"]["values"]])
]

#: Intents by which the slot `portal` is set before the rules are asked (domain.yml).
PORTAL_OF_INTENT = {
    intent: mapping["value"]
    for mapping in DOMAIN["slots"]["portal"]["mappings"]
    if mapping["type"] == "from_intent"
    for intent in mapping["intent"]
}


def applies(rule: dict[str, Any], situation: dict[str, Any]) -> bool:
    return all(situation[slot] == value for slot, value in conditions(rule).items())


@pytest.mark.parametrize("intent", INTENTS)
def test_exactly_one_rule_decides_in_each_situation(intent: str) -> None:
    for situation in SITUATIONS:
        reached = {**situation, "portal": PORTAL_OF_INTENT.get(intent, situation["portal"])}
        candidates = [rule for rule in rules() if intent_of(rule) == intent and applies(rule, reached)]
        assert candidates, f"no rule for {intent} in {reached}"
        most = max(len(conditions(rule)) for rule in candidates)
        best = [rule for rule in candidates if len(conditions(rule)) == most]
        assert len(best) == 1, f"{[rule['rule'] for rule in best]} for {intent} in {reached}"


def test_conditions_use_values_of_the_slots() -> None:
    for rule in rules():
        for slot, value in conditions(rule).items():
            assert value is None or value in DOMAIN["slots"][slot]["values"], f"{rule['rule']}: {slot}: {value}"


def test_names_of_rules_are_unique() -> None:
    names = [rule["rule"] for rule in rules()]
    assert len(names) == len(set(names))


def test_every_action_is_declared_and_used() -> None:
    used = {action_of(rule) for rule in rules()}
    assert {name for name in used if name.startswith("action_")} == set(DOMAIN["actions"])
    assert {name for name in used if name.startswith("utter_")} <= set(responses())
