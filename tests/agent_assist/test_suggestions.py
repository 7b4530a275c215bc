"""What agents are suggested, from what was said."""

from __future__ import annotations

import pytest

from actions.help_file import load
from tests.agent_assist.conftest import HELP_TEXT, Desk, Said, response
from tests.bot.test_rows import ROWS, SAID

BILLING, WRONG_PLACE, CORPORATE = (
    "button:choose_billing_center",
    "button:billing_center_wrong_place",
    "button:choose_corporate_portal",
)
DRAFT = response("utter_conclusion_standard_or_corporate").format(link=load().portals["corporate_portal"].url)
QUESTION = "Arrivez-vous à vous connecter au portail Corporate ?"
CANNOT = "je n’arrive pas à me connecter"


def agent(text: str) -> tuple[str, str]:
    return "agent", text


def at(text: str, time: str) -> dict[str, str]:
    return {"author": "customer", "text": text, "at": f"2026-03-{time}Z"}


@pytest.mark.parametrize(("row_id", "said"), [*SAID.items(), *((row, [f"button:{row}"]) for row in ROWS)])
def test_every_row_is_concluded_with_its_sentences_and_link(row_id: str, said: list[str], desk: Desk) -> None:
    row, suggested = ROWS[row_id], desk.suggest(*said)
    link = load().link(row)
    assert (suggested.conclusion, suggested.row, suggested.abstained) == (row.conclusion, row_id, False)
    assert (suggested.first.kind, suggested.first.urls) == ("answer", [link] if link else [])
    assert suggested.first.sentences == list(row.source)
    assert [text for text in suggested.first.sentences if " ".join(text.split()) not in HELP_TEXT] == []


@pytest.mark.parametrize(
    ("said", "kind", "missing"),
    [
        ("Dites-moi qui est le contact de facturation de notre compte.", "next_question", ["which_portal"]),
        ("Je passe par le Centre d’administration.", "next_question", ["what_do_you_see"]),
        ("Je préfère parler à un être humain.", "hand_over", []),
    ],
)
def test_what_comes_next_is_asked_or_handed_over(said: str, kind: str, missing: list[str], desk: Desk) -> None:
    suggested = desk.suggest(said)
    assert (suggested.first.kind, suggested.missing, suggested.conclusion) == (kind, missing, None)
    assert bool(suggested.first.body["quick_replies"]) == (kind == "next_question")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["/inconnu_au_bataillon"], "not_understood"),
        (["Quel temps fera-t-il à Lille demain ?"], "out_of_scope"),
        ([""], "unreadable"),
        (["a" * 20_000], "unreadable"),
        ([agent("Bonjour"), agent("Êtes-vous là ?")], "unreadable"),
        ([WRONG_PLACE, agent(DRAFT), agent(QUESTION)], "answered"),
    ],
)
def test_it_says_why_it_abstains(said: list[Said], why: str, desk: Desk) -> None:
    assert desk.suggest(*said).abstained == why


@pytest.mark.parametrize("aside", ["Merci beaucoup !", "Et sinon, quel temps fera-t-il à Lille demain ?"])
def test_an_aside_keeps_what_stands(aside: str, desk: Desk) -> None:
    assert desk.suggest(WRONG_PLACE, agent(DRAFT), aside).row == "billing_center_wrong_place"


@pytest.mark.parametrize(
    "said",
    [
        "Pas de page Abonnements chez moi.",
        "Ma collègue de la comptabilité arrive sur la page Abonnements.",
        "Et si j’arrivais sur la page Abonnements, que faudrait-il en conclure ?",
    ],
)
def test_what_the_customer_did_not_see_concludes_nothing(said: str, desk: Desk) -> None:
    assert desk.suggest(BILLING, said).conclusion is None


@pytest.mark.parametrize(
    ("said", "conclusion", "missing"),
    [
        ([agent(QUESTION), "oui"], "corporate_inconclusive", []),
        ([agent(f"{DRAFT}\n\n{QUESTION}"), "oui"], "corporate_inconclusive", []),
        ([agent(QUESTION), "non"], "standard_or_corporate", ["corporate_refused"]),
        *(
            ([*asked, answer], "standard_or_corporate", ["corporate_sign_in"])  # asked again
            for answer in ("oui", "non")
            for asked in (
                [],
                [agent("Avez-vous reçu nos factures ?")],
                [agent(f"{QUESTION} Et avez-vous vos factures ?")],
                [agent(QUESTION), agent("Je patiente.")],
            )
        ),
    ],
)
def test_yes_and_no_answer_the_last_question(said: list[Said], conclusion: str, missing: list[str], desk: Desk) -> None:
    suggested = desk.suggest(WRONG_PLACE, *said)
    assert (suggested.conclusion, suggested.missing) == (conclusion, missing)


@pytest.mark.parametrize(
    ("answer", "conclusion"),
    [(DRAFT, "not_billing_admin"), (DRAFT[:60], "standard_or_corporate"), ("Je regarde.", "standard_or_corporate")],
)
def test_a_refused_sign_in_is_corporate_s_if_the_draft_was_sent(answer: str, conclusion: str, desk: Desk) -> None:
    assert desk.suggest(WRONG_PLACE, agent(answer), CANNOT).conclusion == conclusion


@pytest.mark.parametrize("portal", [BILLING, CORPORATE])
def test_an_agent_who_names_another_portal_makes_it_unknown(portal: str, desk: Desk) -> None:
    suggested = desk.suggest(portal, agent("Essayez plutôt le Centre d’administration."), CANNOT)
    assert (suggested.conclusion, suggested.missing) == (None, ["which_sign_in"])


def test_a_correction_replaces(desk: Desk) -> None:
    said = "Pardon, je me suis trompé : c’est la page Abonnements qui s’affiche."
    assert desk.suggest(WRONG_PLACE, agent(DRAFT), said).conclusion == "billing_admin"


@pytest.mark.parametrize(("later", "conclusion"), [("03T09:00:00", "billing_admin"), ("03T11:00:00", None)])
def test_a_day_later_it_starts_afresh(later: str, conclusion: str | None, desk: Desk) -> None:
    said = [at("button:billing_center_subscriptions", "02T10:00:00"), at("Merci beaucoup.", later)]
    assert desk.suggest(*said).conclusion == conclusion


@pytest.mark.parametrize(("seconds", "conclusion"), [("00:59", None), ("01:01", "billing_admin")])
def test_fragments_are_joined_within_a_minute(seconds: str, conclusion: str | None, desk: Desk) -> None:
    said = [at("je ne vois pas", "02T10:00:00"), at("la page Abonnements", f"02T10:{seconds}")]
    assert desk.suggest(BILLING, *said).conclusion == conclusion


def test_the_same_request_has_the_same_answer_and_another_conversation_other_ids(desk: Desk) -> None:
    first, same, other = (desk.suggest(WRONG_PLACE, conversation={"id": each}) for each in ("une", "une", "autre"))
    assert first.body == same.body
    assert not {card.id for card in first.cards} & {card.id for card in other.cards}


@pytest.mark.parametrize("most", [1, 2, 3])
def test_there_are_at_most_as_many_as_asked_for(most: int, desk: Desk) -> None:
    assert len(desk.suggest(WRONG_PLACE, max_suggestions=most).cards) == min(most, 2)


@pytest.mark.parametrize(
    "said", ["Bonjour !", "Êtes-vous un robot ?", "button:request_human", "button:restart", *SAID["corporate_sign_in_failed"]]
)
def test_drafts_never_speak_as_a_bot(said: str, desk: Desk) -> None:
    drafts = " ".join(card.draft for card in desk.suggest(said).cards).lower()
    assert drafts
    assert [words for words in ("aiguilleur", "assistant automatique", "j’ai tout oublié") if words in drafts] == []


@pytest.mark.parametrize("more", ["jean.dupont@exemple.fr", "06 11 22 33 44"])
def test_an_address_or_a_number_does_not_hide_the_rest(more: str, desk: Desk) -> None:
    assert desk.suggest(BILLING, f"Me voici sur la page Abonnements ({more}).").conclusion == "billing_admin"
