"""What the bot says, as Teams shows it, within Teams' limits."""

from __future__ import annotations

import re
from typing import Any

import pytest

from channels.answer import Message, parts
from channels.teams.cards import message
from tests.data.sources import responses
from tests.peers.teams_cards import Activity
from tests.peers.teams_limits import problems, refuse

Choices = list[dict[str, str]]


def made(*messages: Message, personal: bool = False, chosen: dict[int, str] | None = None) -> Activity:
    """The message of a turn; it is within the limits."""
    body = message(parts(messages), "teams:1", "turn", personal, chosen or {}, None if personal else "hint")
    refuse(body)
    assert problems(body) == []
    return Activity("a:1", "1", None, body)


def buttons(number: int, first: int = 0) -> Choices:
    return [{"title": f"Choix {place}", "payload": f"button:row_{place}"} for place in range(first, first + number)]


def payloads(activity: Activity) -> list[str]:
    return [choice["data"]["msteams"]["value"]["payload"] for choice in activity.choices()]


@pytest.mark.parametrize("personal", [True, False])
@pytest.mark.parametrize("number", [4, 6, 7, 25, 26, 60])
def test_any_number_of_choices(number: int, personal: bool) -> None:
    """Teams hides what is beyond six in a row."""
    choices = buttons(number)
    assert payloads(made({"text": "?", "buttons": choices}, personal=personal)) == [choice["payload"] for choice in choices]


def test_many_choices_of_several_questions_keep_their_question() -> None:
    shown = made({"text": "A", "buttons": buttons(25)}, {"text": "B", "buttons": buttons(20, first=25)})
    values = [choice["data"]["msteams"]["value"] for choice in shown.choices()]
    assert [value["question"] for value in values] == [0] * 25 + [1] * 20
    assert {(value["for"], value["turn"]) for value in values} == {("teams:1", "turn")}
    assert len({value["payload"] for value in values}) == 45


def test_a_choice_stands_in_place_of_all_its_buttons_and_of_no_others() -> None:
    messages: list[Message] = [{"text": "A", "buttons": buttons(25)}, {"text": "B", "buttons": buttons(3, first=25)}]
    after = made(*messages, chosen={0: "button:row_24"})
    assert payloads(after) == ["button:row_25", "button:row_26", "button:row_27"]
    assert "✓ Choix 24" in after.texts()


def test_a_choice_that_the_card_does_not_have_leaves_its_buttons() -> None:
    assert len(payloads(made({"text": "A", "buttons": buttons(5)}, chosen={0: "button:other", 7: "button:row_1"}))) == 5


#: What says the same wherever it is said.
PLAIN = [{"title": name, "payload": f"button:{name}"} for name in ("choose_a", "ask_b", "restart", "request_human")]


@pytest.mark.parametrize(
    ("choices", "suggested"),
    [
        (PLAIN[:1], True),
        (PLAIN[:3], True),
        (PLAIN, False),
        ([{"title": "Je vois la page Abonnements", "payload": "button:saw_subscriptions_page"}], False),
        (
            [{"title": "Oui", "payload": "button:feedback_positive"}, {"title": "Non", "payload": "button:feedback_negative"}],
            False,
        ),
        ([{"title": "La page Abonnements", "payload": "button:billing_center_subscriptions"}], False),
        ([{"title": "Au centre", "payload": "button:cannot_sign_in/billing_center"}], False),
    ],
)
def test_suggestions_are_few_and_mean_the_same_everywhere(choices: Choices, suggested: bool) -> None:
    """Their words are all that comes back."""
    private, public = (made({"text": "?", "buttons": choices}, personal=personal) for personal in (True, False))
    assert [action["value"] for action in private.suggested()] == ([one["title"] for one in choices] if suggested else [])
    assert len(private.choices()) == (0 if suggested else len(choices))
    assert public.suggested() == [] and len(public.choices()) == len(choices)


def test_what_is_beyond_three_suggestions_over_several_questions_is_a_card() -> None:
    shown = made({"text": "A", "buttons": buttons(2)}, {"text": "B", "buttons": buttons(2, first=2)}, personal=True)
    assert shown.suggested() == [] and len(shown.choices()) == 4


@pytest.mark.parametrize("personal", [True, False])
@pytest.mark.parametrize("name", responses())
def test_every_response_can_be_said(name: str, personal: bool) -> None:
    for variation in responses()[name]:
        shown = made({"text": variation["text"], "buttons": variation.get("buttons")}, personal=personal)
        assert len(shown.choices()) + len(shown.suggested()) == len(variation.get("buttons", []))


ODD = [
    "<b>gras</b> **gras** [lien](https://a.example) `code` # titre",
    'https://a.example/"onmouseover="x',
    "https://a.example/'x' https://a.example/?a=1&b=2",
    'https:// https://. https:/// https://" https://-',
    "<at>tous</at> <!-- & ]]> &amp; &#60;",
    "| a | b |\n|---|---|",
    "    code\n> cite\n```\n",
    "\u202etxet",
]


@pytest.mark.parametrize("choices", [0, 5])
@pytest.mark.parametrize("text", ODD)
def test_what_people_write_is_no_markup(text: str, choices: int) -> None:
    body = made({"text": text, "buttons": buttons(choices)}, personal=True).body
    if choices:
        (card,) = [attachment["content"] for attachment in body["attachments"]]
        assert {block["type"] for block in card["body"]} == {"RichTextBlock", "ActionSet"}
        shown = [run["text"] for block in card["body"] for run in block.get("inlines", [])]
        assert re.sub(r"\s", "", "".join(shown)) == re.sub(r"\s", "", text)
    else:
        tags = set(re.findall(r"<[^>]*>", body["text"]))
        assert all(tag in ("<br/>", "</a>") or re.fullmatch(r'<a href="https://[^"<>\s]+">', tag) for tag in tags), tags


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Voyez https://aide.exemple.fr.", "https://aide.exemple.fr"),
        ("(https://aide.exemple.fr/corp-billing)", "https://aide.exemple.fr/corp-billing"),
        ("https://aide.exemple.fr, puis « Ajouter »", "https://aide.exemple.fr"),
        ("https://a.fr:8443/x/?y=1&z=2 fin", "https://a.fr:8443/x/?y=1&z=2"),
    ],
)
def test_addresses_are_links(text: str, address: str) -> None:
    written = made({"text": text}, personal=True).body["text"]
    assert f'<a href="{address}">{address}</a>'.replace("&", "&amp;") in written
    card = made({"text": text, "buttons": buttons(5)}).body["attachments"][0]["content"]
    runs: list[dict[str, Any]] = card["body"][0]["inlines"]
    assert [run["selectAction"]["url"] for run in runs if "selectAction" in run] == [address]
    assert "".join(run["text"] for run in runs) == text


def test_paragraphs_and_lines_stay() -> None:
    text = "A\nB\n\nC"
    assert made({"text": text}, personal=True).body["text"] == "A<br/>B<br/><br/>C"
    blocks = made({"text": text, "buttons": buttons(5)}).body["attachments"][0]["content"]["body"][:3]
    assert [(block["inlines"][0]["text"], block["spacing"]) for block in blocks] == [
        ("A", "None"),
        ("B", "None"),
        ("C", "Medium"),
    ]


def test_a_conclusion_has_its_link_above_its_source() -> None:
    shown = made({"text": "Voir https://billing.logmeininc.com", "row": "billing_center_subscriptions"}, personal=True)
    _, link, source = shown.cards()[0]["body"]
    assert [action["url"] for action in link["actions"]] == ["https://billing.logmeininc.com"]
    assert source["inlines"][0]["text"].startswith("Source")
