"""A conversation outlives reloads, tabs, lost connections and servers: nothing is lost, nothing is said twice."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, Route, expect

from scripts.run import Servers
from tests.conftest import SECRET, halted, plain, without_actions
from tests.widget.conftest import Held, Widget, block_sockets, visit
from tests.widget.test_conversation import ADMIN


def recorded(servers: Servers, widget: Widget) -> list[dict[str, Any]]:
    """What Rasa has on record: the user's messages and the bot's."""
    return [event for event in widget.record(servers)["events"] if event["event"] in ("user", "bot")]


def said(servers: Servers, widget: Widget) -> list[str]:
    """What the user said, on record."""
    return [plain(event["text"]) for event in recorded(servers, widget) if event["event"] == "user"]


def begin(widget: Widget) -> None:
    """A conversation in the middle of things."""
    widget.open()
    for title in ADMIN:
        widget.click(title)
    expect(widget.reply("La page Abonnements")).to_be_visible()
    widget.expect_quiet()


def shows_the_record(servers: Servers, widget: Widget) -> None:
    """The page shows what is on record, in order, each thing once."""
    widget.expect_quiet()
    bot = [plain(event["text"]) for event in recorded(servers, widget) if event["event"] == "bot"]
    shown = [plain(text.replace("(nouvelle fenêtre)", "")) for text in widget.log.locator(".bot .bubble").all_text_contents()]
    squeezed = [text.replace(" ", "").replace("•", "") for text in bot]
    assert [without_numbers(text) for text in shown[1:]] == [without_numbers(text) for text in squeezed]
    assert len(widget.said()) == len(said(servers, widget))


def can_be_tried_again(widget: Widget) -> None:
    """The question is answered then, stands there once, and a reload shows the same."""
    widget.click("Réessayer")
    widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    assert widget.said().count("ça me dit de sélectionner un produit") == 1
    before = widget.texts()
    widget.page.reload()
    widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    assert widget.texts() == before


def without_numbers(text: str) -> str:
    """Lists have their numbers from the style sheet."""
    return text.replace(" ", "").replace("1.C", "C").replace("2.D", "D")


def test_a_reload_in_the_middle(servers: Servers, widget: Widget) -> None:
    begin(widget)
    before, chosen, token = widget.texts(), widget.chosen(), widget.token
    widget.page.reload()
    expect(widget.panel).to_be_visible()
    expect(widget.reply("La page Abonnements")).to_be_visible()
    assert (widget.texts(), widget.chosen(), widget.token) == (before, chosen, token)
    widget.say("ça me dit de contacter mon administrateur de facturation")
    widget.expect_answer("Vous n’êtes pas l’administrateur de facturation.")
    shows_the_record(servers, widget)


def test_a_window_that_was_closed_stays_closed(widget: Widget) -> None:
    begin(widget)
    widget.page.keyboard.press("Escape")
    widget.page.reload()
    expect(widget.launcher).to_be_visible()
    expect(widget.panel).to_have_count(0)


def test_two_tabs(servers: Servers, widget: Widget, context: BrowserContext, demo: str) -> None:
    begin(widget)
    other = visit(context, demo)
    other.launcher.click()
    expect(other.reply("La page Abonnements")).to_be_visible()
    assert other.texts() == widget.texts()
    other.click("Un message m’invite à sélectionner un produit")
    for tab in (widget, other):
        tab.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
        expect(tab.reply("Non, la connexion est refusée")).to_be_visible()
    widget.say("la connexion est refusée")
    for tab in (widget, other):
        tab.expect_answer("vous n’êtes pas l’administrateur de facturation")
        shows_the_record(servers, tab)
    assert other.texts() == widget.texts()
    assert other.problems == []


def test_two_tabs_that_begin_at_once_share_one_conversation(context: BrowserContext, demo: str) -> None:
    """Even if the first one's session takes its time."""
    block_sockets(context)
    tabs = [Widget(context.new_page()) for _ in range(2)]
    held = Held(tabs[0].page)
    for tab in tabs:
        tab.page.goto(demo)
    tabs[0].launcher.click()
    held.wait()
    tabs[1].launcher.click()
    tabs[1].page.wait_for_timeout(500)
    assert demo.replace("/demo", "/session") not in tabs[1].requests, "the second waits for the first"
    held.release()
    for tab in tabs:
        expect(tab.reply("Qui est le contact de facturation ?")).to_be_visible()
    assert tabs[0].token == tabs[1].token
    tabs[0].say("bonjour")
    tabs[0].expect_quiet()
    tabs[1].page.reload()
    expect(tabs[1].log.locator(".user .bubble")).to_have_text("bonjour")


def test_a_tab_over_plain_http_tells_those_with_sockets(widget: Widget, context: BrowserContext, demo: str) -> None:
    begin(widget)
    block_sockets(context)
    other = visit(context, demo)
    other.launcher.click()
    expect(other.reply("La page Abonnements")).to_be_visible()
    other.click("Un message m’invite à sélectionner un produit")
    for tab in (other, widget):
        tab.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    assert demo.replace("/demo", "/messages") in other.requests


def test_what_was_tried_again_in_another_tab_is_done(
    servers: Servers, widget: Widget, context: BrowserContext, demo: str
) -> None:
    begin(widget)
    with without_actions(servers):
        widget.say("ça me dit de sélectionner un produit")
        expect(widget.log.locator(".failed")).to_have_count(1)
        other = visit(context, demo)
        other.launcher.click()
        expect(other.log.locator(".failed")).to_have_count(1)
    other.click("Réessayer")
    for tab in (other, widget):
        tab.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
        expect(tab.log.locator(".failed")).to_have_count(0)


def test_what_failed_keeps_its_place(servers: Servers, widget: Widget) -> None:
    begin(widget)
    with without_actions(servers):
        widget.say("ça me dit de sélectionner un produit")
        expect(widget.log.locator(".failed")).to_have_count(1)
    widget.say("merci")
    widget.expect_answer("Je vous en prie.")
    before = widget.said()
    assert before[-2:] == ["ça me dit de sélectionner un produit", "merci"]
    widget.page.reload()
    widget.expect_answer("Je vous en prie.")
    assert widget.said() == before


def test_a_server_that_is_only_slow_is_waited_for(servers: Servers, widget: Widget) -> None:
    """Everything that waits for it gives up, one after the other, and comes back."""
    widget.page.clock.install()
    begin(widget)
    with halted(servers, "rasa"):
        widget.page.evaluate("dispatchEvent(new Event('online'))")
        widget.page.wait_for_timeout(200)
        widget.say("ça me dit de sélectionner un produit")
        widget.page.clock.fast_forward(26_000)
        expect(widget.banner).to_be_visible()
    widget.page.clock.fast_forward(6_000)
    widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    expect(widget.banner).to_be_hidden()
    shows_the_record(servers, widget)
    assert said(servers, widget)[2:] == ["ça me dit de sélectionner un produit"]
    widget.problems.clear()


def test_the_server_is_killed_in_the_middle(servers: Servers, widget: Widget) -> None:
    begin(widget)
    servers.kill("rasa")
    expect(widget.banner).to_contain_text("Pas de connexion")
    widget.say("ça me dit de sélectionner un produit")
    widget.say("la connexion est refusée")
    expect(widget.log.locator(".waiting")).to_have_count(2)
    servers.start_rasa()
    expect(widget.banner).to_be_hidden()
    widget.expect_answer("vous n’êtes pas l’administrateur de facturation")
    shows_the_record(servers, widget)
    assert said(servers, widget)[2:] == ["ça me dit de sélectionner un produit", "la connexion est refusée"]
    widget.problems.clear()  # the browser notes each attempt to connect that fails


def test_the_server_is_killed_in_the_middle_of_a_turn(servers: Servers, widget: Widget) -> None:
    begin(widget)
    with halted(servers, "actions"):
        widget.say("ça me dit de sélectionner un produit")
        expect(widget.panel.locator(".typing")).to_be_visible()
        time.sleep(0.5)
        servers.kill("rasa")
    expect(widget.banner).to_contain_text("Pas de connexion")
    servers.start_rasa()
    widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    shows_the_record(servers, widget)
    assert said(servers, widget)[2:] == ["ça me dit de sélectionner un produit"]
    widget.problems.clear()


def test_an_answer_that_did_not_arrive_is_fetched_not_asked_again(servers: Servers, http_widget: Widget) -> None:
    """The turn is saved, and the connection breaks before the page hears of it."""
    begin(http_widget)
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    http_widget.page.route("**/webhooks/widget/messages", lose_the_answer, times=1)
    http_widget.say("ça me dit de sélectionner un produit")
    http_widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    assert lost == [200]
    shows_the_record(servers, http_widget)
    assert said(servers, http_widget)[2:] == ["ça me dit de sélectionner un produit"]


def test_over_plain_http_where_sockets_are_blocked(servers: Servers, http_widget: Widget) -> None:
    begin(http_widget)
    http_widget.say("ça me dit de contacter mon administrateur de facturation")
    http_widget.expect_answer("Vous n’êtes pas l’administrateur de facturation.")
    shows_the_record(servers, http_widget)


def test_a_turn_that_fails_can_be_tried_again(servers: Servers, widget: Widget) -> None:
    begin(widget)
    with without_actions(servers):
        widget.say("ça me dit de sélectionner un produit")
        expect(widget.log.locator(".failed .note")).to_contain_text("Je n’arrive pas à répondre pour le moment")
    can_be_tried_again(widget)


@pytest.mark.parametrize("way", ["widget", "http_widget"])
def test_the_network_is_lost_for_a_while(way: str, request: pytest.FixtureRequest, context: BrowserContext) -> None:
    widget: Widget = request.getfixturevalue(way)
    begin(widget)
    context.set_offline(True)
    expect(widget.banner).to_contain_text("Pas de connexion")
    widget.say("ça me dit de contacter mon administrateur de facturation")
    expect(widget.log.locator(".waiting")).to_have_count(1)
    context.set_offline(False)
    widget.expect_answer("Vous n’êtes pas l’administrateur de facturation.")
    expect(widget.banner).to_be_hidden()
    assert widget.said().count("ça me dit de contacter mon administrateur de facturation") == 1
    widget.problems.clear()


@pytest.mark.parametrize("ending", ["abort", "release"])
def test_plain_requests_that_are_slow_do_not_spoil_the_socket(
    ending: str, context: BrowserContext, servers: Servers, demo: str
) -> None:
    """The first socket fails, a plain request hangs, the next socket connects, then the request ends one way or another."""
    page = context.new_page()
    page.add_init_script("""
        const Real = window.WebSocket;
        let first = true;
        window.WebSocket = function (...args) {
            if (!first) return new Real(...args);
            first = false;
            return new Real("ws://127.0.0.1:1/");
        };
    """)
    page.route("**/socket.io/**", lambda route: route.abort())
    held = Held(page)
    widget = Widget(page)
    page.goto(demo)
    widget.launcher.click()
    held.wait()
    expect(widget.reply("Qui est le contact de facturation ?")).to_be_visible()
    getattr(held, ending)()
    page.wait_for_timeout(500)
    expect(widget.banner).to_be_hidden()
    widget.say("merci")
    widget.expect_answer("Je vous en prie.")
    assert said(servers, widget) == widget.said() == ["merci"]


def test_an_answer_that_comes_too_late_is_fetched(servers: Servers, widget: Widget) -> None:
    """The page has given up waiting, and the connection has never been lost."""
    widget.page.clock.install()
    begin(widget)
    with halted(servers, "rasa"):
        widget.say("ça me dit de sélectionner un produit")
        widget.page.wait_for_timeout(200)
        widget.page.clock.fast_forward(26_000)
        expect(widget.panel.locator(".typing")).to_be_hidden()
    widget.page.wait_for_timeout(500)
    widget.page.clock.fast_forward(6_000)
    widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    shows_the_record(servers, widget)
    assert said(servers, widget)[2:] == ["ça me dit de sélectionner un produit"]
    widget.problems.clear()


def test_a_record_that_was_read_before_a_turn_does_not_undo_it(http_widget: Widget) -> None:
    begin(http_widget)
    held = Held(http_widget.page, answered=True)
    http_widget.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held.wait()
    http_widget.say("merci")
    http_widget.expect_answer("Je vous en prie.")
    held.release()
    http_widget.page.wait_for_timeout(500)
    http_widget.expect_answer("Je vous en prie.")
    assert http_widget.said()[-1] == "merci"


def test_a_question_without_an_answer_can_be_tried_again_after_a_reload(servers: Servers, widget: Widget) -> None:
    begin(widget)
    with without_actions(servers):
        widget.say("ça me dit de sélectionner un produit")
        expect(widget.log.locator(".failed")).to_have_count(1)
        widget.page.reload()
        expect(widget.log.locator(".failed .note")).to_contain_text("restée sans réponse")
    can_be_tried_again(widget)


@pytest.mark.parametrize("spoilt", ["expired", "forged"])
def test_a_session_that_is_over_begins_anew(spoilt: str, servers: Servers, widget: Widget) -> None:
    begin(widget)
    claims = jwt.decode(widget.token, SECRET, ["HS256"], audience="aiguilleur-widget")
    if spoilt == "expired":
        token = jwt.encode({**claims, "exp": int(time.time()) - 1}, SECRET, "HS256")
    else:
        token = jwt.encode(claims, "another secret of thirty-two characters", "HS256")
    widget.page.evaluate("token => localStorage.setItem(Object.keys(localStorage)[0], token)", token)
    widget.say("je suis sur la page Abonnements")
    widget.expect_quiet()
    assert said(servers, widget) == widget.said() == ["je suis sur la page Abonnements"]
    assert widget.token != token
