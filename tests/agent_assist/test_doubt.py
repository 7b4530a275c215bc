"""Where an agent has spoken of the Corporate portal in their own words, it stays in doubt of which portal the customer speaks."""

from __future__ import annotations

import pytest

from tests.agent_assist.conftest import Desk, Said, response

WRONG_PLACE = "button:billing_center_wrong_place"
SEES = "Me voici devant la page Abonnements."
SIGNED_IN = response("utter_ask_corporate_sign_in")


def agent(text: str) -> Said:
    return "agent", text


TRY_IT = agent("Essayez donc le portail Corporate, et dites-moi ce que vous y voyez.")


@pytest.mark.parametrize(
    "between",
    [[], ["Entendu, un instant."], ["Entendu, un instant.", agent("Je patiente.")], ["Merci !"]],
    ids=["at once", "after a word", "after a word and an answer", "after thanks"],
)
@pytest.mark.parametrize("before", [[WRONG_PLACE], ["Bonjour à vous."], []], ids=["a message seen", "hello", "the agent first"])
def test_what_is_seen_after_the_agent_sent_to_corporate_is_asked_about(
    before: list[Said], between: list[Said], desk: Desk
) -> None:
    suggested = desk.suggest(*before, TRY_IT, *between, SEES)
    assert suggested.conclusion != "billing_admin"
    assert suggested.missing == ["where_subscriptions"]


def test_a_question_with_another_portal_after_it_is_another_question(desk: Desk) -> None:
    said = [WRONG_PLACE, agent(f"{SIGNED_IN} Sinon au Centre d'administration."), "oui"]
    assert desk.suggest(*said).conclusion == "standard_or_corporate"


@pytest.mark.parametrize("after", ["Merci d'avance.", "Bien à vous,\nNora"])
def test_politeness_after_a_question_is_no_other_question(after: str, desk: Desk) -> None:
    assert desk.suggest(WRONG_PLACE, agent(f"{SIGNED_IN} {after}"), "oui").conclusion == "corporate_inconclusive"


def test_the_row_is_that_of_the_only_portal_that_the_agent_named(desk: Desk) -> None:
    words = "Connectez-vous au Centre d'administration LogMeIn et dites-moi ce qui s'affiche."
    suggested = desk.suggest("Qui paie chez nous ?", agent(words), SEES)
    assert (suggested.conclusion, suggested.row) == ("billing_admin", "admin_center_subscriptions")


@pytest.mark.parametrize("said", ["attendez ça charge", "je vois plein de choses"])
def test_what_is_hardly_understood_concludes_nothing(said: str, desk: Desk) -> None:
    asked = "Qui est le contact de facturation de mon compte ?"
    draft = desk.suggest(asked, "centre de facturation").first.draft
    assert desk.suggest(asked, "centre de facturation", agent(draft), said).conclusion is None


def test_a_clock_that_is_wrong_once_forgets_nothing(desk: Desk) -> None:
    times = ["2026-11-20T10:00:00Z", "2026-11-18T09:00:00Z", "2026-11-20T10:01:00Z"]
    texts = [WRONG_PLACE, "Merci", "et donc ?"]
    said = [{"author": "customer", "text": text, "at": at} for text, at in zip(texts, times, strict=True)]
    assert desk.suggest(*said).conclusion == "standard_or_corporate"
