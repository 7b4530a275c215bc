"""What a review found. Each of these failed when it was written: the first ones are wrong conclusions."""

from __future__ import annotations

import http.client
import uuid
from urllib.parse import urlsplit

import pytest

from actions.help_file import load
from tests.agent_assist.conftest import BASE, JSON, Desk, Said, response

BILLING, WRONG_PLACE = "button:choose_billing_center", "button:billing_center_wrong_place"
DRAFT = response("utter_conclusion_standard_or_corporate").format(link=load().portals["corporate_portal"].url)
SIGNED_IN, SEES = response("utter_ask_corporate_sign_in"), response("utter_ask_what_do_you_see")
CANNOT = "Je n'arrive pas à me connecter."
WHERE_IS_MY_ID = "Dites, mon ID utilisateur, je le trouve où ?"
#: What channels/guard.py takes for too long to be read.
LONG = 2100


def agent(text: str) -> Said:
    return "agent", text


@pytest.mark.parametrize("answered", [[], [agent("Il est imprimé sur vos factures.")]], ids=["nothing yet", "otherwise"])
def test_who_asked_for_the_user_id_was_not_sent_to_corporate(answered: list[Said], desk: Desk) -> None:
    """The bot's answer sends there; the agent's has not."""
    suggested = desk.suggest(WHERE_IS_MY_ID, *answered, CANNOT)
    assert (suggested.conclusion, suggested.missing) == (None, ["which_sign_in"])


def test_who_was_told_not_to_go_to_corporate_was_not_sent_there(desk: Desk) -> None:
    told = agent("N'allez surtout pas sur le portail Corporate pour le moment, je vérifie.")
    assert desk.suggest(WRONG_PLACE, told, CANNOT).conclusion == "standard_or_corporate"


@pytest.mark.parametrize(
    "asked",
    [
        [agent(f"1) Le message « mauvais endroit » 2) La page Abonnements. {SEES}")],
        [agent(f"{SEES} 1) Le message « mauvais endroit » 2) La page Abonnements")],
        [agent(SEES), agent("Est-ce 1) le message « mauvais endroit » ou 2) la page Abonnements ?")],
    ],
    ids=["before the question", "after it", "in a message of its own"],
)
def test_the_first_of_the_agent_s_own_list_is_not_the_bot_s_first_button(asked: list[Said], desk: Desk) -> None:
    assert desk.suggest(BILLING, *asked, "la première").conclusion is None


def test_a_customer_s_own_long_text_asks_nothing(desk: Desk) -> None:
    """Such as a letter that quotes the agent's e-mail: it is too long to be read, and nobody else's words either."""
    assert (
        desk.suggest(WRONG_PLACE, f"{'Voici ma lettre. ' * (LONG // 17)}{SIGNED_IN}", "oui").conclusion == "standard_or_corporate"
    )


def test_a_picture_does_not_take_the_question_away(desk: Desk) -> None:
    said: list[Said] = [WRONG_PLACE, agent(DRAFT), agent(SIGNED_IN), "", "oui"]
    assert desk.suggest(*said).conclusion == "corporate_inconclusive"


def test_an_agent_may_ask_first(desk: Desk) -> None:
    assert desk.suggest(agent(SIGNED_IN), "oui").conclusion == "corporate_inconclusive"


def test_what_the_agent_asks_on_a_new_day_counts(desk: Desk) -> None:
    def said(author: str, text: str, at: str) -> dict[str, str]:
        return {"author": author, "text": text, "at": f"2026-03-{at}Z"}

    yesterday = said("customer", WRONG_PLACE, "02T10:00:00")
    today = [said("agent", SIGNED_IN, "04T10:00:00"), said("customer", "oui", "04T10:01:00")]
    assert desk.suggest(yesterday, *today).conclusion == "corporate_inconclusive"


def test_what_stands_may_be_told_one_message_late(desk: Desk) -> None:
    """The agent sends what is still suggested, once the customer has grown impatient: they were told then."""
    suggested = desk.suggest(WRONG_PLACE, "vous êtes toujours là ?", agent(f"{DRAFT}\n\n{SIGNED_IN}"), CANNOT)
    assert suggested.conclusion == "not_billing_admin"


def test_what_was_just_said_is_not_suggested_again(desk: Desk) -> None:
    said = "Me voilà arrivée sur la page Abonnements."
    draft = desk.suggest(said).first.draft
    suggested = desk.suggest(said, agent(draft))
    assert (suggested.abstained, suggested.conclusion) == ("answered", "billing_admin")
    assert [card.draft for card in suggested.cards if card.draft == draft] == []


def test_an_aside_is_not_counted_for_the_row_that_stands(desk: Desk) -> None:
    """« Je vous en prie » says nothing of the row; whoever adds up a row's figures counts it."""
    desk.suggest(WRONG_PLACE, agent(DRAFT), "Merci bien !", conversation={"id": uuid.uuid4().hex})
    counted = {each["title"]: each["row"] for each in desk.metrics()["by_row"] if each["title"] == "Répondre au remerciement"}
    assert set(counted.values()) == {None}


def test_a_request_that_is_too_large_is_refused_as_described(desk: Desk) -> None:
    """In French, as ``Error``; the description says so of 413."""
    address = urlsplit(desk.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    connection.putrequest("POST", f"{BASE}/suggestions")
    for name, value in (("Authorization", f"Bearer {desk.token}"), ("Content-Type", JSON), ("Content-Length", "2000000")):
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert b'"error"' in answer.read()


@pytest.mark.parametrize("at", ["2026-03-02x10:00:00Z", " 2026-03-02T10:00:00Z", "2026-03-02T10+00:00", "2026-03-02T10:00:00.Z"])
def test_a_time_that_rfc_3339_does_not_know_is_refused(at: str, desk: Desk) -> None:
    answer = desk.ask({"author": "customer", "text": "Bonjour", "at": at})
    assert (answer.status, answer.body.get("where")) == (422, "/messages/0/at")
