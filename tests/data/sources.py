"""The project's data files, as plain structures, for the tests that hold them to account."""

from __future__ import annotations

from typing import Any

from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT

DOMAIN: dict[str, Any] = dict(read_yaml_file(str(PROJECT / "domain.yml")))


def responses() -> dict[str, list[dict[str, Any]]]:
    """Every response, by name, over all files of data/responses/."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((PROJECT / "data" / "responses").glob("*.yml")):
        for name, variations in read_yaml_file(str(path))["responses"].items():
            assert name not in found, f"{name} is in two files"
            found[name] = variations
    return found


def rules(*names: str) -> list[dict[str, Any]]:
    """The rules of the files named, or of all files of data/rules/."""
    paths = [PROJECT / "data" / "rules" / name for name in names] or sorted((PROJECT / "data" / "rules").glob("*.yml"))
    return [rule for path in paths for rule in read_yaml_file(str(path))["rules"]]


def conditions(rule: dict[str, Any]) -> dict[str, Any]:
    """Slot values that a rule asks for."""
    return {
        slot: value
        for condition in rule.get("condition", [])
        for entry in condition["slot_was_set"]
        for slot, value in entry.items()
    }


def intent_of(rule: dict[str, Any]) -> str:
    """The intent that a rule answers."""
    (intent,) = [step["intent"] for step in rule["steps"] if "intent" in step]
    return str(intent)


def action_of(rule: dict[str, Any]) -> str:
    """The one action of a rule, which is its last step."""
    (action,) = [step["action"] for step in rule["steps"] if "action" in step]
    assert "action" in rule["steps"][-1]
    return str(action)
