"""What a card consists of: how sure it is, what it rests on, what is said around it."""

from __future__ import annotations

import uuid

import pytest

from actions.help_file import load
from channels.agent_assist.access import Access
from channels.agent_assist.suggestions import HIGH, MEDIUM
from channels.agent_assist.transcript import Transcript
from tests.agent_assist.conftest import CARDS, Desk, Said, response
from tests.conftest import plain

PORTALS = load().portals
BILLING, SUBSCRIPTIONS, WRONG_PLACE = (
    "button:choose_billing_center",
    "button:billing_center_subscriptions",
    "button:billing_center_wrong_place",
)
SEES = response("utter_ask_what_do_you_see")
OFF_TOPIC = "Et le match de ce soir, vous le regardez ?"
#: Rather taken for the way to the billing centre, but not surely.
UNSURE = "Côté facturation, j'ai regardé leur centre."


def agent(text: str) -> Said:
    return "agent", text


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ([SUBSCRIPTIONS], "HIGH"),
        ([UNSURE], "MEDIUM"),
        (["Ça tourne en rond chez moi."], "LOW"),
    ],
)
def test_how_sure_a_card_is(said: list[Said], level: str, desk: Desk) -> None:
    card = desk.suggest(*said).first
    confidence = card.body["confidence"]
    assert card.body["confidence_level"] == level
    assert level == ("HIGH" if confidence >= HIGH else "MEDIUM" if confidence >= MEDIUM else "LOW")


def test_a_conclusion_is_as_sure_as_the_least_sure_message_that_it_rests_on(desk: Desk) -> None:
    where = UNSURE
    alone, both = desk.suggest(where).first, desk.suggest(where, agent("D'accord."), SUBSCRIPTIONS).first
    assert alone.body["confidence"] < 1
    assert (both.body["confidence"], both.body["based_on"]) == (alone.body["confidence"], [0, 2])


def test_a_card_does_not_rest_on_an_aside(desk: Desk) -> None:
    said = ["Bonjour à vous.", BILLING, "Me voici devant la page Abonnements.", OFF_TOPIC]
    assert desk.suggest(*said).first.body["based_on"] == [1, 2]


def test_what_stands_is_suggested_where_there_is_nothing_else(desk: Desk) -> None:
    standing, suggested = desk.suggest(WRONG_PLACE).first, desk.suggest(WRONG_PLACE, OFF_TOPIC)
    assert suggested.abstained == "out_of_scope"
    assert [card.draft for card in suggested.cards] == [standing.draft]


def test_the_steps_are_said_before_the_question_with_their_link_and_their_sentences(desk: Desk) -> None:
    (card,) = desk.suggest("button:choose_admin_center").cards
    admin = PORTALS["admin_center"]
    steps = response("utter_steps_admin_center").format(admin_center_url=admin.url)
    assert card.draft == f"{steps}\n\n{SEES}"
    assert card.urls == [admin.url]
    assert card.sentences == [*admin.source, *CARDS["questions"]["what_do_you_see"]["source"]]


def test_agents_do_not_ask_customers_to_rate_the_bot(desk: Desk) -> None:
    (card,) = desk.suggest(SUBSCRIPTIONS).cards
    assert plain(response("utter_ask_helpful")) not in plain(card.draft)
    assert card.body["quick_replies"] == []


def test_what_is_denied_twice_leads_to_the_way_out(desk: Desk) -> None:
    """The question is the same in words; the bot knows that it was asked again."""
    first, second = "Je n'ai pas de page Abonnements.", "Le message du mauvais endroit, je ne l'ai pas non plus."
    assert desk.suggest(BILLING, agent(SEES), first).missing == ["what_do_you_see"]
    assert desk.suggest(BILLING, agent(SEES), first, agent(SEES), second).conclusion == "ask_account_admin"


@pytest.mark.parametrize(("author", "conclusion"), [("bot", "standard_or_corporate"), ("agent", None)])
def test_the_second_button_is_one_that_the_bot_showed(author: str, conclusion: str | None, desk: Desk) -> None:
    draft = desk.suggest(BILLING).first.draft
    assert desk.suggest(BILLING, (author, draft), "la deuxième").conclusion == conclusion


def test_nobody_chooses_what_nobody_showed(desk: Desk) -> None:
    assert desk.suggest(BILLING, "la deuxième").conclusion is None


def test_a_card_that_still_stands_is_the_same_one(desk: Desk) -> None:
    """« Un instant » makes no other suggestion of it, to be displayed and counted once more."""
    before, conversation = [WRONG_PLACE], {"id": uuid.uuid4().hex}
    cards = desk.suggest(*before, conversation=conversation).cards
    after = desk.suggest(*before, ("agent", "Un instant, je regarde."), conversation=conversation).cards
    assert [card.id for card in after] == [card.id for card in cards] and len({card.id for card in cards}) == len(cards)
    other = desk.suggest(*before, "et donc ?", conversation=conversation).cards
    assert {card.id for card in other}.isdisjoint(card.id for card in cards)


def test_nearly_certain_is_not_certain(desk: Desk) -> None:
    assert 0.97 < desk.suggest("Qui est le contact de facturation de mon compte ?").first.body["confidence"] < 1


def test_what_is_missing_is_that_of_the_cards(desk: Desk) -> None:
    one = desk.suggest(WRONG_PLACE, max_suggestions=1)
    assert len(one.cards) == 1
    assert one.missing == [missing["id"] for card in one.cards for missing in card.body["missing"]]


def test_a_title_goes_on_after_what_it_is_about(desk: Desk) -> None:
    title = desk.suggest("ma collègue est arrivée sur la page Abonnements").first.title
    assert plain(title) == "Pour l’autre personne : c’est l’administrateur de facturation"


def test_a_long_conversation_is_read_in_time(desk: Desk) -> None:
    """As many messages as the description allows."""
    asides = [f"{text} {number}" for number in range(99) for text in ("Voyons", "Tiens")]
    assert desk.suggest(*asides, BILLING, SUBSCRIPTIONS).conclusion == "billing_admin"


def test_ids_tell_nobody_what_was_said() -> None:
    """Who has the keys only could try which texts an id is of."""
    said = {"messages": [{"author": "customer", "text": "Mon code est le 4812"}]}
    assert Transcript.of(said, b"a key").digest() == Transcript.of(said, b"a key").digest()
    assert Transcript.of(said, b"a key").digest() != Transcript.of(said, b"another").digest()
    one, two = (Access("a" * 32, "b" * 32), Access("c" * 32, "b" * 32))
    assert one.secret != two.secret and b"aaaa" not in one.secret
