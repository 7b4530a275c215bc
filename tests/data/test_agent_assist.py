"""data/agent_assist.yml, openapi.yaml and what agents say, held to the help file, its tables and the domain."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions.help_file import HELP_FILE, PROJECT, load
from channels.agent_assist.schemas import DESCRIPTION
from channels.agent_assist.suggestions import ANSWER, HAND_OVER, NEXT_QUESTION
from scripts.typography import NO_BREAK, mend
from tests.data.sources import DOMAIN, responses

CARDS: dict[str, Any] = dict(read_yaml_file(str(PROJECT / "data" / "agent_assist.yml")))
RESPONSES = responses()
CONCLUSIONS = DOMAIN["slots"]["conclusion"]["values"]
SCHEMAS = DESCRIPTION["components"]["schemas"]

#: Questions that no card asks: agents have thumbs of their own, and the other is `what_do_you_see` asked again.
NEVER_A_CARD = {"helpful", "what_else_do_you_see"}
#: Cards that ask, and are no value of the slot.
ASKED_AS_WELL = {"hesitates", "restart"}

#: Kind of card -> those of the file, by id.
LISTED = {kind: dict(CARDS[kind]) for kind in ("questions", "answers", "hand_overs")}
EVERY_CARD = [(f"{kind}: {name}", card) for kind, cards in LISTED.items() for name, card in cards.items()]

#: What agents read beside the drafts.
READ = [
    *((name, card["title"]) for name, card in EVERY_CARD),
    *((f"missing: {name}", question["missing"]) for name, question in LISTED["questions"].items()),
    *((f"conclusions: {name}", title) for name, title in CARDS["conclusions"].items()),
    *((f"about: {name}", title) for name, title in CARDS["about"].items()),
    ("page", CARDS["page"]),
    ("other", CARDS["other"]),
]

#: What only a bot says: that it is one, what it is for, what it did, what needs its buttons.
SAID_BY_A_BOT_OF_ITSELF = {
    "utter_greet": "je vous aide à savoir",
    "utter_bot_challenge": "assistant automatique",
    "utter_request_human": "assistant automatique",
    "utter_request_human_at": "assistant automatique",
    "utter_restart": "j’ai tout oublié",
    "utter_hesitates": "laquelle de ces deux choses",
    "utter_no_passwords": "je l’ai masqué",
}


def words(text: str) -> str:
    return " ".join(text.split())


HELP_TEXT = words(HELP_FILE.read_text(encoding="utf-8"))


def utters(question: str) -> str:
    """The response that asks a question of the file."""
    return f"utter_{question}" if question in ASKED_AS_WELL else f"utter_ask_{question}"


def test_the_file_has_nothing_else() -> None:
    assert set(CARDS) == {"page", "conclusions", "questions", "answers", "hand_overs", "about", "other"}
    fields = {kind: {frozenset(card) for card in cards.values()} for kind, cards in LISTED.items()}
    said = frozenset({"title", "source"})
    assert fields == {"questions": {said | {"missing"}}, "answers": {said}, "hand_overs": {said}}


def test_conclusions_are_those_of_the_domain() -> None:
    assert list(CARDS["conclusions"]) == CONCLUSIONS


def test_questions_are_those_of_the_domain() -> None:
    assert set(LISTED["questions"]) == set(DOMAIN["slots"]["question"]["values"]) - NEVER_A_CARD | ASKED_AS_WELL


@pytest.mark.parametrize(
    "name",
    [
        *map(utters, LISTED["questions"]),
        *LISTED["answers"],
        *LISTED["hand_overs"],
        *(f"utter_{about}_{conclusion}" for about in CARDS["about"] for conclusion in CARDS["conclusions"]),
    ],
)
def test_every_card_is_a_response_of_the_bot(name: str) -> None:
    assert RESPONSES[name]


def test_what_is_said_of_others_is_a_card_whoever_they_are() -> None:
    said = {
        name.removeprefix("utter_").partition("_")[0]
        for name in RESPONSES
        if any(name.endswith(f"_{conclusion}") for conclusion in CONCLUSIONS)
    }
    assert set(CARDS["about"]) == said - {"conclusion"}


@pytest.mark.parametrize(("name", "card"), EVERY_CARD)
def test_sentences_are_the_help_file_s_word_for_word(name: str, card: dict[str, Any]) -> None:
    assert [sentence for sentence in card["source"] if words(sentence) not in HELP_TEXT] == []
    assert len(set(card["source"])) == len(card["source"])


def test_the_page_is_the_help_file_s() -> None:
    assert CARDS["page"] in HELP_FILE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("name", "text"), READ)
def test_typography(name: str, text: str) -> None:
    assert text == mend(text), f"{name}: run `make format`"
    assert text == words(text.replace(NO_BREAK, "\0")).replace("\0", NO_BREAK)


@pytest.mark.parametrize("titles", [CARDS["conclusions"], CARDS["about"], *LISTED.values()])
def test_no_two_cards_have_one_title_unless_they_are_one(titles: dict[str, Any]) -> None:
    cards = [card for name, card in titles.items() if name != "utter_request_human_at"]
    shown = [card["title"] if isinstance(card, dict) else card for card in cards]
    assert len(set(shown)) == len(shown)


def test_titles_fit_the_database() -> None:
    longest = [
        *(card["title"] for _, card in EVERY_CARD),
        *(f"{about} {conclusion}" for about in CARDS["about"].values() for conclusion in CARDS["conclusions"].values()),
    ]
    assert max(map(len, longest)) <= 200


@pytest.mark.parametrize(
    ("schema", "values"),
    [("Conclusion", CONCLUSIONS), ("Row", list(load().rows))],
)
def test_the_description_has_the_values_of_the_tables(schema: str, values: list[str]) -> None:
    assert SCHEMAS[schema]["enum"] == [*values, None]


def test_the_description_has_every_kind_of_card() -> None:
    by_row = SCHEMAS["Metrics"]["properties"]["by_row"]["items"]["allOf"][1]
    for described in (SCHEMAS["Suggestion"], by_row):
        assert described["properties"]["kind"]["enum"] == [ANSWER, NEXT_QUESTION, HAND_OVER]


def test_agents_say_otherwise_what_only_a_bot_says_of_itself() -> None:
    otherwise = {
        name for name, variations in RESPONSES.items() if any(each.get("channel") == "agent_assist" for each in variations)
    }
    assert otherwise == set(SAID_BY_A_BOT_OF_ITSELF)


@pytest.mark.parametrize(("name", "words_of_a_bot"), SAID_BY_A_BOT_OF_ITSELF.items())
def test_an_agent_says_it_as_a_person(name: str, words_of_a_bot: str) -> None:
    usual = [each["text"].lower() for each in RESPONSES[name] if "channel" not in each]
    (own,) = [each["text"].lower() for each in RESPONSES[name] if each.get("channel") == "agent_assist"]
    assert [words_of_a_bot in text for text in usual] == [True]
    assert words_of_a_bot not in own
