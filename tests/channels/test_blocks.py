"""What the bot says, as Slack's blocks, within Slack's limits."""

from __future__ import annotations

import pytest

from actions.help_file import load
from channels.answer import THUMBS, Message, parts
from channels.slack.blocks import Blocks, answered, blocks
from channels.slack.mrkdwn import mrkdwn, plain
from tests.data.sources import responses
from tests.peers.slack_limits import problems

USER, BOT = "U0USER", "U0BOT"


def made(*messages: Message) -> Blocks:
    """The blocks of a turn; they are within the limits."""
    found = blocks(parts(messages), USER)
    assert problems(found, "fallback") == []
    return found


def buttons(number: int, length: int = 10) -> list[dict[str, str]]:
    return [{"title": f"{place} {'x' * length}"[:length], "payload": f"button:row_{place}"} for place in range(number)]


def payloads(shown: Blocks) -> list[str]:
    elements = [element for block in shown if block["type"] == "actions" for element in block["elements"]]
    return [option["value"] for element in elements for option in element.get("options", [element])]


@pytest.mark.parametrize("number", [1, 5, 6, 10, 11, 25, 26, 60])
@pytest.mark.parametrize("length", [10, 60, 100])
def test_any_number_of_choices_of_any_length(number: int, length: int) -> None:
    """Rasa's own drops all of them from the sixth on."""
    choices = buttons(number, length)
    assert payloads(made({"text": "?", "buttons": choices})) == [choice["payload"] for choice in choices]


def test_a_text_of_any_length_is_whole() -> None:
    text = "\n".join(f"{number} " + "mot " * 50 for number in range(60))
    shown = [block["text"]["text"] for block in made({"text": text})]
    assert len(shown) > 1
    assert " ".join(shown).split() == text.split()


@pytest.mark.parametrize("name", responses())
def test_every_response_can_be_said(name: str) -> None:
    for variation in responses()[name]:
        made({"text": variation["text"], "buttons": variation.get("buttons"), "row": "billing_center_subscriptions"})


def test_every_row_can_be_chosen() -> None:
    rows = load().rows.values()
    choices = [{"title": row.button, "payload": f"button:colleague_observation/{row.id}"} for row in rows]
    assert payloads(made({"text": "?", "buttons": choices})) == [choice["payload"] for choice in choices]


def test_a_choice_stands_in_place_of_all_its_buttons_and_of_no_others() -> None:
    choices = [*buttons(29), {"title": "12 <b>", "payload": "button:b"}]
    shown = made({"text": "A", "buttons": choices}, {"text": "B", "buttons": buttons(3)})
    (first, second, third) = [block for block in shown if block["type"] == "actions"]
    after = answered(shown, {0: "button:b"}.get)
    assert problems(after, "fallback") == []
    assert first not in after and second not in after and third in after
    assert [block["elements"][0]["text"] for block in after if block["type"] == "context"] == ["✓ 12 &lt;b&gt;"]


@pytest.mark.parametrize("titles", [("Oui", "Non"), ("x" * 60, "y" * 60)], ids=["thumbs", "list"])
def test_a_thumb_and_a_choice_of_a_list_are_named(titles: tuple[str, str]) -> None:
    payloads = THUMBS if titles[0] == "Oui" else ["button:a", "button:b"]
    shown = made({"text": "?", "buttons": [{"title": title, "payload": it} for title, it in zip(titles, payloads, strict=True)]})
    (_, choice) = answered(shown, {0: payloads[1]}.get)
    assert choice["elements"][0]["text"] == f"✓ {titles[1]}"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (f"<@{BOT}> bonjour", "bonjour"),
        ("<@U0MARIE> voit &lt;la page&gt; &amp; rien", "mon collègue voit <la page> & rien"),
        ("<@U0MARIE|marie> voit", "mon collègue voit"),
        ("<https://billing.logmeininc.com|billing.logmeininc.com>", "billing.logmeininc.com"),
        ("<https://billing.logmeininc.com>", "https://billing.logmeininc.com"),
        ("<mailto:a@b.fr|a@b.fr> <tel:+331|01>", "a@b.fr 01"),
        ("<#C1|facturation> <#C2>", "#facturation #C2"),
        ("<!here> <!subteam^S1|@compta> <!subteam^S1> voit", "mon collègue mon collègue mon collègue voit"),
        ("&gt; je vois la page Abonnements\nqu’en penser ?", "qu’en penser ?"),
        ("<!date^1392734382^le {date}|le 18 février>", "le 18 février"),
        ("&lt;@U0BOT&gt;", "<@U0BOT>"),
    ],
)
def test_what_people_write_is_read_as_they_wrote_it(sent: str, read: str) -> None:
    assert plain(sent, BOT) == read


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
        ("Voyez https://billing.logmeininc.com.", "Voyez <https://billing.logmeininc.com>."),
        ("(https://link.logmeininc.com/corp-billing)", "(<https://link.logmeininc.com/corp-billing>)"),
        ("https://a.fr/?x=1&y=2 fin", "<https://a.fr/?x=1&amp;y=2> fin"),
    ],
)
def test_what_the_bot_says_is_text_with_links(text: str, sent: str) -> None:
    assert mrkdwn(text) == sent
