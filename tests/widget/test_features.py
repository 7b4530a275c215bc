"""What people expect of such a window besides answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from scripts.run import Servers
from tests.conftest import halted, plain
from tests.widget.conftest import Held, Widget, visit
from tests.widget.test_conversation import ADMIN
from tests.widget.test_lifetime import recorded


def conclude(widget: Widget) -> None:
    widget.open()
    for title in [*ADMIN, "Un message m’invite à contacter mon administrateur"]:
        widget.click(title)
    expect(widget.reply("Oui")).to_be_visible()
    widget.expect_quiet()


def another_tab(context: BrowserContext, demo: str) -> Widget:
    """With the same conversation."""
    other = visit(context, demo)
    other.launcher.click()
    other.expect_answer("Vous n’êtes pas l’administrateur de facturation.")
    return other


def slots(servers: Servers, widget: Widget) -> dict[str, Any]:
    return dict(widget.record(servers)["slots"])


@pytest.mark.parametrize(("thumb", "rating"), [("Oui", "feedback_positive"), ("Non", "feedback_negative")])
def test_a_thumb_and_a_comment_are_kept(thumb: str, rating: str, servers: Servers, widget: Widget) -> None:
    conclude(widget)
    widget.click(thumb)
    widget.expect_quiet()
    widget.panel.get_by_role("textbox", name="commentaire").fill("Très clair <b>merci</b>")
    widget.click("Envoyer le commentaire")
    expect(widget.input).to_be_focused()
    expect(widget.panel.get_by_role("status").filter(has_text="votre commentaire est enregistré")).to_have_count(1)
    expect(widget.panel.get_by_role("textbox", name="commentaire")).to_have_count(0)
    kept = slots(servers, widget)
    assert kept["feedback"] == {
        "rating": rating,
        "conclusion": "not_billing_admin_contact_named",
        "comment": "Très clair <b>merci</b>",
    }
    assert kept["conclusion"] == "not_billing_admin_contact_named"
    assert recorded(servers, widget)[-2]["parse_data"]["intent"]["name"] == rating
    assert widget.chosen()[-1].startswith(thumb)
    widget.page.reload()
    expect(widget.log.locator(".thumbs [aria-disabled=true]")).to_contain_text(thumb)


def test_a_comment_is_not_needed(servers: Servers, widget: Widget) -> None:
    conclude(widget)
    widget.click("Oui")
    widget.expect_answer("Merci de votre retour.")
    assert slots(servers, widget)["feedback"] is None


def test_begin_again(servers: Servers, widget: Widget) -> None:
    conclude(widget)
    widget.action("Recommencer")
    widget.expect_answer("Recommençons : j’ai tout oublié.")
    widget.expect_quiet()
    assert slots(servers, widget)["conclusion"] is None
    before = widget.texts()
    widget.page.reload()
    widget.expect_answer("Recommençons : j’ai tout oublié.")
    assert widget.texts() == before
    widget.click("Centre de facturation")
    widget.expect_answer("Que voyez-vous ensuite ?")


def test_a_person_is_always_one_click_away(widget: Widget) -> None:
    widget.open()
    widget.click("Parler à un conseiller")
    widget.expect_answer("contactez l’administrateur de compte")
    assert widget.said() == ["Parler à un conseiller"]


def test_copy(widget: Widget, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    conclude(widget)
    widget.action("Copier la conversation")
    expect(widget.panel.get_by_role("status").filter(has_text="La conversation est copiée.")).to_have_count(1)
    is_the_conversation(widget, widget.page.evaluate("navigator.clipboard.readText()"))


def test_download(widget: Widget, tmp_path: Path) -> None:
    conclude(widget)
    with widget.page.expect_download() as started:
        widget.action("Télécharger la conversation")
    assert started.value.suggested_filename == "conversation.txt"
    started.value.save_as(tmp_path / "conversation.txt")
    is_the_conversation(widget, (tmp_path / "conversation.txt").read_text(encoding="utf-8"))


def is_the_conversation(widget: Widget, transcript: str) -> None:
    """Everything that was said, in order, with who said it."""
    places = [plain(transcript).index(text) for text in widget.said()]
    assert places == sorted(places) and len(places) == 3
    assert "Vous n’êtes pas l’administrateur de facturation." in transcript and "https://admin.logmeininc.com" in transcript
    assert transcript.count("Vous (") == 3 and transcript.startswith("Assistant\u00a0:\nBonjour")


def test_erase(widget: Widget, context: BrowserContext, demo: str) -> None:
    conclude(widget)
    other = another_tab(context, demo)
    token = widget.token
    widget.panel.get_by_role("button", name="Autres actions").click()
    widget.panel.get_by_role("button", name="Effacer la conversation").click()
    assert widget.token == token, "a slip of the finger erases nothing"
    widget.panel.get_by_role("button", name="Effacer vraiment ?").click()
    for tab in (widget, other):
        expect(tab.log.locator(".message")).to_have_count(1)
    assert widget.token != token


def test_erase_without_a_connection(widget: Widget, context: BrowserContext, demo: str) -> None:
    """What is said to be erased is out of sight at once, and does not come back."""
    conclude(widget)
    other = another_tab(context, demo)
    token = widget.token
    context.set_offline(True)
    expect(widget.banner).to_be_visible()
    widget.erase()
    for tab in (widget, other):
        expect(tab.log.locator(".message")).to_have_count(0)
    context.set_offline(False)
    for tab in (widget, other):
        expect(tab.log.locator(".message")).to_have_count(1)
    assert widget.token != token
    widget.problems.clear()


def test_what_is_written_after_erasing_is_not_lost(widget: Widget, context: BrowserContext, demo: str) -> None:
    """Both tabs come back at once, and agree on one conversation."""
    conclude(widget)
    other = another_tab(context, demo)
    context.set_offline(True)
    expect(widget.banner).to_be_visible()
    widget.erase()
    widget.say("merci")
    context.set_offline(False)
    for tab in (widget, other):
        tab.expect_answer("Je vous en prie.")
        assert tab.said() == ["merci"]
    widget.problems.clear()


def test_erase_in_the_middle_of_a_turn(widget: Widget, servers: Servers) -> None:
    conclude(widget)
    with halted(servers, "actions"):
        widget.say("bonjour")
        expect(widget.panel.locator(".typing")).to_be_visible()
        widget.erase()
        expect(widget.panel.locator(".typing")).to_be_hidden()
        expect(widget.log.locator(".message")).to_have_count(1)
    widget.say("merci")
    widget.expect_answer("Je vous en prie.")
    widget.page.wait_for_timeout(1000)
    assert widget.said() == ["merci"] and widget.log.locator(".message").count() == 3


def test_a_session_that_comes_late_brings_nothing_back(http_widget: Widget, context: BrowserContext, demo: str) -> None:
    """Another tab is just asking for the conversation while it is erased."""
    conclude(http_widget)
    other = Widget(context.new_page())
    held = Held(other.page)
    other.page.goto(demo)
    other.launcher.click()
    held.wait()
    token = http_widget.token
    http_widget.erase()
    expect(http_widget.log.locator(".message")).to_have_count(1)
    held.release()
    for tab in (http_widget, other):
        expect(tab.log.locator(".message")).to_have_count(1)
        tab.page.wait_for_timeout(300)
        assert tab.log.locator(".message").count() == 1 and tab.token != token


def test_a_site_that_clears_its_storage_ends_the_conversation(widget: Widget, context: BrowserContext, demo: str) -> None:
    """As many do when people sign out."""
    conclude(widget)
    other = context.new_page()
    other.goto(demo)
    other.evaluate("localStorage.clear()")
    expect(widget.log.locator(".message")).to_have_count(1)
    widget.say("merci")
    widget.expect_answer("Je vous en prie.")


def test_only_the_last_answer_can_be_rated(servers: Servers, widget: Widget) -> None:
    conclude(widget)
    widget.click("La page Abonnements")
    widget.expect_answer("Vous êtes l’administrateur de facturation")
    widget.expect_quiet()
    thumbs = widget.log.locator(".thumbs")
    expect(thumbs).to_have_count(2)
    thumbs.first.get_by_role("button", name="Oui").click(force=True)
    thumbs.last.get_by_role("button", name="Non").click()
    widget.expect_quiet()
    widget.panel.get_by_role("textbox", name="commentaire").fill("Hum")
    widget.click("Envoyer le commentaire")
    expect(widget.input).to_be_focused()
    assert slots(servers, widget)["feedback"] == {"rating": "feedback_negative", "conclusion": "billing_admin", "comment": "Hum"}
    assert len([1 for event in recorded(servers, widget) if "feedback" in str(event.get("parse_data", {}).get("intent"))]) == 1


def test_a_comment_that_cannot_be_sent_says_so_in_french(widget: Widget, context: BrowserContext) -> None:
    conclude(widget)
    widget.click("Oui")
    widget.expect_quiet()
    context.set_offline(True)
    expect(widget.banner).to_be_visible()
    widget.panel.get_by_role("textbox", name="commentaire").fill("Très clair")
    widget.click("Envoyer le commentaire")
    expect(widget.panel.get_by_role("alert")).to_have_text("Pas de connexion. Veuillez réessayer.")
    context.set_offline(False)
    expect(widget.banner).to_be_hidden()
    widget.click("Envoyer le commentaire")
    expect(widget.panel.get_by_role("textbox", name="commentaire")).to_have_count(0)
    widget.problems.clear()


def test_a_late_comment_is_about_the_answer_that_was_rated(servers: Servers, widget: Widget) -> None:
    conclude(widget)
    widget.click("Non")
    widget.expect_quiet()
    widget.click("La page Abonnements")
    widget.expect_answer("Vous êtes l’administrateur de facturation")
    widget.expect_quiet()
    widget.panel.get_by_role("textbox", name="commentaire").fill("Mauvais message")
    widget.click("Envoyer le commentaire")
    expect(widget.input).to_be_focused()
    kept = slots(servers, widget)
    assert kept["feedback"] == {
        "rating": "feedback_negative",
        "conclusion": "not_billing_admin_contact_named",
        "comment": "Mauvais message",
    }
    assert kept["conclusion"] == "billing_admin"


def test_a_number_at_the_start_of_a_line_stays(widget: Widget) -> None:
    widget.open()
    widget.say("2. la page Abonnements")
    expect(widget.log.locator(".user ol li")).to_have_attribute("value", "2")


def test_a_page_may_move_or_remove_it(widget: Widget) -> None:
    widget.open()
    widget.say("merci")
    widget.expect_answer("Je vous en prie.")
    widget.page.evaluate("document.querySelector('main').append(document.querySelector('aiguilleur-widget'))")
    expect(widget.panel).to_be_visible()
    assert len(widget.said()) == 1
    widget.page.evaluate("window.kept = document.querySelector('aiguilleur-widget'); kept.remove()")
    widget.page.wait_for_timeout(100)
    widget.page.evaluate("document.body.append(window.kept)")
    widget.expect_answer("Je vous en prie.")


def test_long_messages_are_counted(widget: Widget) -> None:
    widget.open()
    widget.input.fill("a" * 1900)
    expect(widget.panel.get_by_text("100 caractères restants")).to_be_visible()
    widget.page.evaluate("document.activeElement.blur()")
    widget.input.press("Enter")
    widget.expect_quiet()
    assert widget.said() == ["a" * 1900]


def test_shift_and_enter_make_a_new_line(widget: Widget) -> None:
    widget.open()
    widget.input.press_sequentially("un")
    widget.input.press("Shift+Enter")
    widget.input.press_sequentially("deux")
    assert widget.said() == []
    widget.input.press("Enter")
    expect(widget.log.locator(".user .bubble")).to_have_text("undeux")
    assert widget.log.locator(".user .bubble br").count() == 1


def test_an_empty_message_is_not_sent(widget: Widget) -> None:
    widget.open()
    widget.say("   ")
    assert widget.said() == []


def test_it_asks_for_nothing_until_it_is_opened(widget: Widget) -> None:
    widget.page.wait_for_timeout(300)
    assert not [url for url in widget.requests if "socket.io" in url or "session" in url]
    assert widget.page.evaluate("localStorage.length") == 0
