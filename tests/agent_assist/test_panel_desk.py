"""The demo desk: the help file's conversation, each kind of card, and what the figures hear of it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from actions.help_file import HELP_FILE
from scripts.run import Servers
from tests.agent_assist.panel import WRONG_PLACE, Panel, answer, echo, opened, pretend, suggestion
from tests.conftest import SUPERVISOR_TOKEN, plain


@pytest.fixture
def panel(context: BrowserContext, servers: Servers) -> Iterator[Panel]:
    """The demo desk; at the end, nothing has gone wrong on it, and it has asked nobody else for anything."""
    panel = opened(context, servers)
    yield panel
    assert (panel.problems, [url for url in panel.urls if not url.startswith(servers.url)]) == ([], [])


@pytest.fixture
def blank(context: BrowserContext) -> Panel:
    """A tab where nothing is open yet."""
    return Panel(context.new_page())


def metrics(servers: Servers) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{servers.url}/webhooks/agent_assist/metrics", headers={"Authorization": f"Bearer {SUPERVISOR_TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=60) as figures:
        return dict(json.load(figures)["total"])


def test_the_conversation_of_the_help_file(panel: Panel) -> None:
    """From the question to the answer: insert, change, send."""
    expect(panel.conclusion).to_have_text(re.compile("rien n’est encore établi"))
    expect(panel.first).to_contain_text("Question à poser")
    expect(panel.first).to_contain_text("Il manque encore")
    expect(panel.first.locator(".chips li")).to_contain_text(["Centre de facturation", "Je suis administrateur de compte"])
    draft = panel.first.locator(".draft").inner_text()
    panel.button("Insérer").click()
    expect(panel.composer).to_be_focused()
    assert panel.composer.input_value() == draft
    assert panel.composer.evaluate("area => area.selectionStart") == len(draft), "the cursor is at the end"
    panel.page.keyboard.type(" Merci !")
    panel.page.keyboard.press("Enter")
    expect(panel.log.locator(".agent .bubble").last).to_have_text(f"{draft} Merci !")
    expect(panel.composer).to_have_value("")
    inserted = panel.expect_event("inserted")
    assert "final_text" not in inserted
    panel.expect_event("edited", final_text=f"{draft} Merci !", suggestion_id=inserted["suggestion_id"])
    panel.expect_event("sent", final_text=f"{draft} Merci !", suggestion_id=inserted["suggestion_id"])
    assert panel.told() == ["inserted", "edited", "sent"]

    panel.ask(WRONG_PLACE)
    expect(panel.conclusion).to_contain_text("compte standard, ou géré dans le portail Corporate")
    expect(panel.first).to_contain_text("Réponse")
    expect(panel.first.locator(".confidence")).to_have_text(re.compile(r"Confiance élevée \(\d\d+\s%\)"))
    expect(panel.first.locator(".based")).to_contain_text(WRONG_PLACE)
    link = panel.first.locator(".draft a")
    expect(link).to_have_attribute("href", "https://link.logmeininc.com/corp-billing")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    panel.first.locator("summary").click()
    page = plain(HELP_FILE.read_text(encoding="utf-8"))
    sentences = panel.first.locator("blockquote").all_inner_texts()
    assert len(sentences) == 3 and all(plain(sentence) in page for sentence in sentences), "word for word"
    expect(panel.first.locator(".version")).to_have_text(re.compile("^Page d’aide, version [0-9a-f]{8,}$"))
    assert panel.cards.count() > 1 and "Question à poser" in (panel.cards.nth(1).text_content() or "")


def test_a_person_is_asked_for(panel: Panel) -> None:
    panel.ask("je veux parler à quelqu’un")
    expect(panel.first).to_contain_text("Passer la main")


def test_it_says_why_it_abstains(panel: Panel) -> None:
    """And what stood before still stands, under a heading of its own."""
    said, why = "il fera beau demain à Lyon ?", "la page d’aide n’en parle pas"
    panel.ask(said)
    expect(panel.root.locator(".abstained")).to_contain_text(why)
    expect(panel.cards).to_have_count(0)
    panel.ask(WRONG_PLACE)
    expect(panel.root.locator(".abstained")).to_be_hidden()
    expect(panel.root.get_by_role("heading", name="Suggestions", exact=True)).to_be_visible()
    panel.ask(said)
    expect(panel.root.locator(".abstained")).to_contain_text(why)
    expect(panel.root.get_by_role("heading", name="Toujours valable")).to_be_visible()
    expect(panel.first).to_contain_text("Compte standard")


@pytest.mark.parametrize(
    ("abstained", "why"),
    [
        ("not_understood", "préfère ne rien proposer"),
        ("out_of_scope", "la page d’aide n’en parle pas"),
        ("unreadable", "pas de texte que je puisse lire"),
        ("answered", "Vous avez déjà donné cette réponse"),
    ],
)
def test_each_reason_has_its_words(abstained: str, why: str, blank: Panel, servers: Servers) -> None:
    pretend(blank.page, lambda request: answer(abstained=abstained))
    blank.open(servers)
    expect(blank.root.locator(".abstained")).to_contain_text(why)
    expect(blank.root.locator(".empty")).to_be_hidden()


def test_the_figures_hear_of_it(context: BrowserContext, servers: Servers) -> None:
    before = metrics(servers)
    panel = opened(context, servers)
    panel.expect_event("displayed")
    panel.button("Bonne suggestion").click()
    panel.button("Modifier").click()
    panel.area.fill("Où voulez-vous vérifier ?")
    panel.button("Insérer").click()
    panel.page.keyboard.press("Enter")
    panel.expect_event("sent", final_text="Où voulez-vous vérifier ?")
    panel.page.wait_for_timeout(500)
    assert panel.told() == ["thumbs_up", "edited", "inserted", "sent"], "the change was told once"
    after = metrics(servers)
    counted = {name: after[name] - before[name] for name in after if not name.endswith("_rate")}
    others = {"suggested": counted["suggested"], "displayed": counted["displayed"], "dismissed": 0, "thumbs_down": 0}
    assert counted == {**others, "inserted": 1, "edited": 1, "sent": 1, "thumbs_up": 1}
    assert counted["displayed"] >= 1
    assert len({event["event_id"] for event in panel.events}) == len(panel.events)


def test_a_card_is_displayed_once_and_only_when_seen(blank: Panel, servers: Servers) -> None:
    """On a low screen, the second card is out of sight."""
    long = "Une ligne.\n" * 40
    cards = answer(suggestion(reply_draft=long), suggestion(id="sg_2", title="Une autre"))
    pretend(blank.page, lambda request: cards)
    blank.page.set_viewport_size({"width": 1280, "height": 600})
    blank.open(servers)
    blank.expect_event("displayed", suggestion_id="sg_1")
    blank.page.wait_for_timeout(800)
    assert [event["suggestion_id"] for event in blank.events] == ["sg_1"]
    blank.cards.nth(1).scroll_into_view_if_needed()
    blank.expect_event("displayed", suggestion_id="sg_2")
    blank.first.scroll_into_view_if_needed()
    blank.customer.fill("encore")
    blank.customer.press("Enter")
    blank.page.wait_for_timeout(1200)
    assert [event["suggestion_id"] for event in blank.events] == ["sg_1", "sg_2"]


def test_a_card_that_is_only_passing_is_not_displayed(blank: Panel, servers: Servers) -> None:
    pretend(blank.page, echo)
    blank.open(servers)
    expect(blank.first).to_be_visible()
    blank.ask("encore")
    blank.expect_event("displayed", suggestion_id="sg_3")
    assert [event["suggestion_id"] for event in blank.events] == ["sg_3"]


def test_a_card_that_stays_is_displayed_once(blank: Panel, servers: Servers) -> None:
    """The agent says « un instant » and then inserts it: one of one was taken, not one of two."""
    pretend(blank.page, lambda request: answer(suggestion(id=f"sg_{len(request['messages'])}")))
    blank.open(servers)
    blank.expect_event("displayed", suggestion_id="sg_3")
    blank.ask("encore")
    blank.page.wait_for_timeout(1000)
    blank.button("Insérer").click()
    blank.expect_event("inserted", suggestion_id="sg_3")
    assert [event["event"] for event in blank.events] == ["displayed", "inserted"]


def test_what_is_taken_was_displayed(blank: Panel, servers: Servers) -> None:
    """However fast: the figures have it as a share of what was displayed."""
    pretend(blank.page, echo)
    blank.page.clock.install(time=0)
    blank.page.clock.pause_at(1)
    blank.open(servers)
    blank.page.clock.run_for(200)  # not long enough to see a card
    expect(blank.first).to_be_visible()
    blank.page.keyboard.press("Alt+Digit1")
    blank.expect_event("inserted", suggestion_id="sg_2")
    assert [event["event"] for event in blank.events] == ["displayed", "inserted"]


def test_dismissing_counts_for_the_card_that_was_seen(blank: Panel, servers: Servers) -> None:
    """Even if another has taken its place by the time that it is told."""
    pretend(blank.page, lambda request: answer(suggestion(id=f"sg_{len(request['messages'])}")))
    blank.open(servers)
    blank.button("Écarter").click()
    blank.ask("encore")
    blank.expect_event("dismissed", suggestion_id="sg_3")


def test_dismiss_and_undo(blank: Panel, servers: Servers) -> None:
    pretend(blank.page, lambda request: answer(suggestion(), suggestion(id="sg_2", title="Une autre")))
    blank.open(servers)
    blank.button("Écarter").click()
    expect(blank.button("Rétablir")).to_be_focused()
    expect(blank.first.locator(".draft")).to_be_hidden()
    blank.button("Rétablir").click()
    expect(blank.button("Écarter")).to_be_focused()
    expect(blank.first.locator(".draft")).to_be_visible()
    blank.page.wait_for_timeout(5500)
    assert blank.told() == [], "on second thoughts, nothing was dismissed"
    blank.button("Écarter", card=1).click()
    blank.expect_event("dismissed", suggestion_id="sg_2")
    blank.button("Rétablir", card=1).click()
    expect(blank.cards.nth(1).locator(".draft")).to_be_visible()


def test_thumbs_are_switches_and_why_is_optional(blank: Panel, servers: Servers) -> None:
    pretend(blank.page, lambda request: answer(suggestion()))
    blank.open(servers)
    up, down = blank.button("Bonne suggestion"), blank.button("Mauvaise suggestion")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    expect(down).to_have_attribute("aria-pressed", "true")
    why = blank.first.get_by_label("Pourquoi ?")
    why.fill("Trop long")
    blank.button("Envoyer l’avis").click()
    blank.expect_event("thumbs_down", reason="Trop long")
    expect(why).to_be_hidden()
    expect(down).to_be_focused()
    down.click()
    expect(down).to_have_attribute("aria-pressed", "false")
    assert blank.told() == ["thumbs_up", "thumbs_down", "thumbs_down"]


def test_what_the_agent_has_written_stays(panel: Panel) -> None:
    """An inserted draft comes after it; the same draft again takes its own place."""
    panel.button("Insérer").click()
    draft = panel.composer.input_value()
    panel.button("Insérer").click()
    expect(panel.composer).to_have_value(draft)
    panel.composer.fill("Bonjour,")
    panel.button("Insérer").click()
    expect(panel.composer).to_have_value(f"Bonjour,\n\n{draft}")


def test_what_the_agent_writes_alone_is_no_suggestion(panel: Panel) -> None:
    panel.button("Insérer").click()
    panel.composer.fill("")
    panel.composer.press_sequentially("Je vérifie.")
    panel.composer.press("Enter")
    expect(panel.log.locator(".agent .bubble").last).to_have_text("Je vérifie.")
    panel.page.wait_for_timeout(500)
    assert "sent" not in panel.told()


def test_what_the_agent_writes_over_a_draft_is_no_suggestion(panel: Panel) -> None:
    """Nothing of it is left."""
    panel.button("Insérer").click()
    panel.composer.press("Control+a")
    panel.page.keyboard.insert_text("Tout autre chose.")
    panel.composer.press("Enter")
    expect(panel.log.locator(".agent .bubble").last).to_have_text("Tout autre chose.")
    panel.page.wait_for_timeout(500)
    assert "sent" not in panel.told()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([], [("sg_1", "sent", "Oui."), ("sg_2", "sent", "Où ?")]),
        (
            ["Backspace", "!"],
            [("sg_1", "sent", "Oui."), ("sg_2", "edited", "Où !"), ("sg_2", "sent", "Où !")],
        ),
        (["Backspace"] * 4, [("sg_1", "sent", "Oui.")]),
    ],
    ids=["both", "the second changed", "the second deleted"],
)
def test_two_drafts_make_one_reply(keys: list[str], told: list[tuple[str, str, str]], blank: Panel, servers: Servers) -> None:
    """An answer and a question: both are sent, and only what was changed is told as changed."""
    cards = answer(suggestion(reply_draft="Oui."), suggestion(id="sg_2", kind="next_question", reply_draft="Où ?"))
    pretend(blank.page, lambda request: cards)
    blank.open(servers)
    blank.button("Insérer").click()
    blank.button("Insérer", card=1).click()
    expect(blank.composer).to_have_value("Oui.\n\nOù ?")
    for key in keys:
        blank.composer.press(key)
    blank.composer.press("Enter")
    blank.expect_event("sent", suggestion_id=told[-1][0])
    heard = [(each["suggestion_id"], each["event"], each["final_text"]) for each in blank.events if "final_text" in each]
    assert heard == told


def test_begin_again(panel: Panel) -> None:
    panel.ask(WRONG_PLACE)
    panel.page.get_by_role("button", name="Recommencer").click()
    expect(panel.log.locator(".message")).to_have_count(3)
    expect(panel.conclusion).to_contain_text("rien n’est encore établi")
    expect(panel.first).to_contain_text("Question à poser")


def test_all_that_a_card_may_have(blank: Panel, servers: Servers) -> None:
    card = suggestion(
        confidence=0.998,
        confidence_level="MEDIUM",
        links=[{"title": "Ouvrir le centre", "url": "https://billing.logmeininc.com"}, {"title": "Non", "url": "javascript:1"}],
        based_on=[0, 2, 77],
        missing=[{"id": "which_portal", "title": "le portail"}],
        reply_draft="Deux  blancs\n\n  et un retrait https://exemple.fr/a).",
    )
    pretend(blank.page, lambda request: answer(card, conclusion="billing_admin"))
    blank.open(servers)
    expect(blank.first.locator(".confidence")).to_have_text("Confiance moyenne (99 %)")
    expect(blank.first.locator(".draft")).to_have_css("white-space", "pre-wrap")
    text = "Deux  blancs\n\n  et un retrait https://exemple.fr/a (nouvelle fenêtre))."
    assert blank.first.locator(".draft").text_content() == text
    expect(blank.first.locator(".draft a")).to_have_attribute("href", "https://exemple.fr/a")
    expect(blank.first.locator(".links a")).to_have_count(1)
    expect(blank.first.locator(".links")).to_contain_text("Non")
    expect(blank.first.locator(".based")).to_have_text(
        "D’après « Bonjour ! », « Qui est le contact de facturation de mon compte ? »"
    )
    expect(blank.first.locator(".missing")).to_have_text("Il manque encore : le portail.")
    expect(blank.conclusion).to_have_text("Conclusion : c’est l’administrateur de facturation.")
