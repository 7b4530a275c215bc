"""Rows = rules = actions = conclusions = responses, both ways; and every quotation is in the help file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions import conclusions
from actions.help_file import ANY_PORTAL, HELP_FILE, PROJECT, InvalidTable, load, parse
from tests.data.sources import DOMAIN, action_of, conditions, intent_of, responses, rules

TABLES = load()
ROWS = list(TABLES.rows.values())

#: Typed from the help file, apart from data/help_file.yml: where, what is seen, what follows, which link.
EXPECTED = {
    ("billing_center", "saw_subscriptions_page", "billing_admin", "https://billing.logmeininc.com"),
    ("billing_center", "saw_wrong_place_message", "standard_or_corporate", "https://link.logmeininc.com/corp-billing"),
    ("admin_center", "saw_subscriptions_page", "billing_admin", "https://admin.logmeininc.com"),
    (
        "admin_center",
        "saw_contact_billing_admin_message",
        "not_billing_admin_contact_named",
        "https://admin.logmeininc.com",
    ),
    ("admin_center", "saw_select_product_message", "corporate_maybe", "https://link.logmeininc.com/corp-billing"),
    ("corporate_portal", "corporate_sign_in_failed", "not_billing_admin", "https://link.logmeininc.com/corp-billing"),
    (
        "corporate_portal",
        "corporate_sign_in_succeeded",
        "corporate_inconclusive",
        "https://link.logmeininc.com/corp-billing",
    ),
    ("any", "still_unidentified", "ask_account_admin", None),
}


def words(text: str) -> str:
    return " ".join(text.split())


def test_rows_are_those_of_the_help_file() -> None:
    assert {(row.portal, row.sees, row.conclusion, TABLES.link(row)) for row in ROWS} == EXPECTED


def test_every_quotation_is_in_the_help_file() -> None:
    help_file = words(HELP_FILE.read_text(encoding="utf-8"))
    sources = [*(portal.source for portal in TABLES.portals.values()), *(row.source for row in ROWS)]
    quotations = [quotation for source in sources for quotation in source]
    assert quotations
    assert [quotation for quotation in quotations if words(quotation) not in help_file] == []


def test_portal_addresses_are_in_the_help_file() -> None:
    help_file = HELP_FILE.read_text(encoding="utf-8")
    assert [portal.url for portal in TABLES.portals.values() if portal.url not in help_file] == []


def test_one_rule_a_row_and_one_row_a_rule() -> None:
    said_by_rules = {
        rule["rule"]: (conditions(rule).get("portal", ANY_PORTAL), intent_of(rule), action_of(rule)) for rule in rules("rows.yml")
    }
    said_by_rows = {row.id: (row.portal, row.sees, f"action_conclude_{row.id}") for row in ROWS}
    assert said_by_rules == said_by_rows
    assert len(rules("rows.yml")) == len(ROWS)


#: Rules that conclude from a row although the message does not say all of it: situation, intent, row. Typed apart.
EXPECTED_FROM_CONTEXT = {
    (("portal", None), "saw_subscriptions_page", "billing_center_subscriptions"),
    (("portal", "sent_to_corporate"), "cannot_sign_in", "corporate_sign_in_failed"),
    (("portal", "corporate_portal"), "cannot_sign_in", "corporate_sign_in_failed"),
    (("question", "corporate_sign_in"), "affirm", "corporate_sign_in_succeeded"),
    (("question", "corporate_refused"), "affirm", "corporate_sign_in_failed"),
    (("question", "which_sign_in"), "choose_corporate_portal", "corporate_sign_in_failed"),
    (("question", "where_subscriptions"), "choose_billing_center", "billing_center_subscriptions"),
    (("question", "where_subscriptions"), "choose_admin_center", "admin_center_subscriptions"),
    (("question", "where_subscriptions"), "choose_corporate_portal", "corporate_sign_in_succeeded"),
}


def test_rules_of_the_context_conclude_only_what_is_expected() -> None:
    of_rows = [rule["rule"] for rule in rules("rows.yml")]
    concluding = [
        (*conditions(rule).items(), intent_of(rule), action_of(rule).removeprefix("action_conclude_"))
        for rule in rules()
        if action_of(rule).startswith("action_conclude_") and rule["rule"] not in of_rows
    ]
    assert set(concluding) == EXPECTED_FROM_CONTEXT


def test_the_model_is_cautious_about_every_row() -> None:
    (classifier,) = [
        step for step in read_yaml_file(str(PROJECT / "config.yml"))["pipeline"] if "CautiousIntentClassifier" in step["name"]
    ]
    costs = classifier["cost_of_wrong"]
    assert all(costs[row.sees] > 2 for row in ROWS if row.sees != "still_unidentified")


def test_one_action_a_row() -> None:
    made = {
        action().name()
        for action in vars(conclusions).values()
        if isinstance(action, type)
        and issubclass(action, conclusions.ActionConclude)
        and action is not conclusions.ActionConclude
    }
    declared = {name for name in DOMAIN["actions"] if name.startswith("action_conclude_")}
    assert made == declared == {f"action_conclude_{row.id}" for row in ROWS}


def test_conclusions_of_the_rows_are_the_values_of_the_slot() -> None:
    assert {row.conclusion for row in ROWS} == set(DOMAIN["slots"]["conclusion"]["values"])


@pytest.mark.parametrize("prefix", ["utter_conclusion_", "utter_colleague_", "utter_hypothetical_"])
def test_one_text_a_conclusion(prefix: str) -> None:
    texts = {name.removeprefix(prefix) for name in responses() if name.startswith(prefix)}
    assert texts == {row.conclusion for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_answer_gives_the_link_of_the_row_and_no_other(row: Any) -> None:
    texts = responses()[f"utter_conclusion_{row.conclusion}"]
    for variation in texts:
        assert variation["text"].count("{link}") == (1 if row.links else 0)
        assert "_url}" not in variation["text"]


def test_addresses_stand_in_the_tables_only() -> None:
    elsewhere = [
        str(path)
        for folder in ("actions", "channels", "components", "data/responses", "data/rules")
        for path in sorted((PROJECT / folder).rglob("*"))
        if path.suffix in (".py", ".yml") and "logmeininc.com" in path.read_text(encoding="utf-8")
    ]
    assert elsewhere == []


def test_portals_are_the_values_of_the_slot() -> None:
    assert set(DOMAIN["slots"]["portal"]["values"]) == {*TABLES.portals, "sent_to_corporate"}


def _tables() -> dict[str, Any]:
    return dict(read_yaml_file(str(PROJECT / "data" / "help_file.yml")))


def _row(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    data["rows"][0].update(changes)
    return data


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda data: _row(data, portal="nowhere"), "there is no portal nowhere"),
        (lambda data: _row(data, links=["nowhere"]), "there is no portal nowhere"),
        (lambda data: _row(data, color="red"), "unknown field color"),
        (lambda data: _row(data, conclusion=None), "lacks conclusion"),
        (lambda data: _row(data, links="billing_center"), "links is a list"),
        (lambda data: _row(data, id="still_unidentified"), "used twice"),
        (lambda data: _row(data, sees="saw_wrong_place_message"), "says already"),
        (lambda data: {**data, "rows": []}, "there is no row"),
        (lambda data: {**data, "rules": []}, "nothing else"),
        (lambda data: {**data, "rows": ["a text"]}, "field: value"),
    ],
)
def test_an_invalid_table_is_refused_in_one_line(broken: Any, message: str) -> None:
    with pytest.raises(InvalidTable, match=message) as refusal:
        parse(broken(_tables()), "help_file.yml")
    assert "\n" not in str(refusal.value)


def test_a_table_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "help_file.yml"
    path.write_text("portals: {}\nrows: [unclosed\n", encoding="utf-8")
    with pytest.raises(InvalidTable, match=r"help_file.yml, line \d+"):
        load(path)
