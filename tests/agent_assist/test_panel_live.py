"""While the conversation goes on: edits, late answers, what goes wrong; and the keys."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Route, expect

from channels.agent_assist.schemas import check
from scripts.run import Servers
from tests.agent_assist.panel import FEEDBACK, SUGGESTIONS, Framed, Panel, address, answer, echo, opened, pretend, suggestion
from tests.browser import PATIENCE


@pytest.fixture
def framed(context: BrowserContext, servers: Servers) -> Framed:
    """The panel on a desk; its answers say what was asked about."""
    framed = Framed(context, servers).arrive()
    pretend(framed.page, echo)
    return framed


def fulfil(route: Route) -> None:
    """Answer, as echo does, a request that may be given up by now."""
    with suppress(Error):
        route.fulfill(json=echo(json.loads(route.request.post_data or "")))


class Held:
    """Holds what a page asks for."""

    def __init__(self, panel: Panel) -> None:
        self._page = panel.page
        self.routes: list[Route] = []
        panel.page.route(SUGGESTIONS, lambda route: self.routes.append(route))

    def wait(self, count: int) -> None:
        """Wait until so many are held."""
        for _ in range(PATIENCE // 50):
            if len(self.routes) >= count:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError(f"{len(self.routes)} requests came")


# Edits


def test_an_edit_is_not_lost_when_a_message_comes(framed: Framed) -> None:
    """Nor is the focus, nor where one writes; one is told that the conversation has moved on."""
    framed.tell(("customer", "un"))
    framed.button("Modifier").click()
    framed.area.fill("Bonjour, ")
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.cards).to_have_count(2)
    expect(framed.cards.nth(1)).to_contain_text("Sur deux")
    expect(framed.area).to_be_focused()
    framed.page.keyboard.type("je vérifie.")
    expect(framed.area).to_have_value("Bonjour, je vérifie.")
    expect(framed.first.locator(".note")).to_have_text("La conversation a avancé : relisez avant d’insérer.")
    framed.button("Insérer").click()
    expect(framed.field).to_have_value("Bonjour, je vérifie.")
    framed.expect_event("inserted", suggestion_id="sg_0", final_text="Bonjour, je vérifie.")
    framed.tell(("customer", "un"), ("customer", "deux"), ("customer", "trois"))
    expect(framed.first).to_contain_text("Sur trois")
    expect(framed.cards).to_have_count(1)


def test_an_edit_of_what_is_suggested_again_goes_on(framed: Framed) -> None:
    """The same suggestion under another id: nothing moves, and it is told under that which was displayed."""
    number = iter(range(10))
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(json=answer(suggestion(id=f"sg_{next(number)}"))))
    framed.tell(("customer", "un"))
    framed.expect_event("displayed", suggestion_id="sg_0")
    framed.button("Modifier").click()
    framed.area.fill("à moi")
    with framed.page.expect_response(SUGGESTIONS):
        framed.tell(("customer", "un"), ("customer", "deux"))
    framed.settled()
    expect(framed.cards).to_have_count(1)
    expect(framed.area).to_have_value("à moi")
    expect(framed.first.locator(".note")).to_be_hidden()
    framed.button("Insérer").click()
    framed.expect_event("inserted", suggestion_id="sg_0")


def test_on_second_thoughts_nothing_is_changed(framed: Framed) -> None:
    framed.tell(("customer", "un"))
    framed.button("Modifier").click()
    framed.area.fill("autre")
    framed.page.keyboard.press("Escape")
    expect(framed.button("Modifier")).to_be_focused()
    expect(framed.first.locator(".draft")).to_have_text("Réponse à un")
    assert "Modification annulée" in framed.heard()
    framed.button("Insérer").click()
    expect(framed.field).to_have_value("Réponse à un")
    framed.expect_event("inserted")
    assert framed.told() == ["inserted"]


def test_the_focus_never_falls_off_the_page(framed: Framed) -> None:
    framed.tell(("customer", "un"))
    framed.button("Copier").focus()
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.first).to_contain_text("Sur deux")
    expect(framed.root.get_by_role("heading", name="Aiguilleur")).to_be_focused()


def test_what_the_agent_selects_stays_selected(framed: Framed) -> None:
    """Cards that stay are not taken out and put back: that drops selections, flashes, and throws screen readers' cursors."""
    pretend(framed.page, lambda request: answer(suggestion(id=f"sg_{len(request['messages'])}")))
    framed.tell(("customer", "un"))
    expect(framed.cards).to_have_count(1)
    framed.first.locator(".draft").evaluate("one => getSelection().selectAllChildren(one)")
    with framed.page.expect_response(SUGGESTIONS):
        framed.tell(("customer", "un"), ("agent", "Un instant."))
    framed.settled()
    assert framed.frame.evaluate("String(getSelection())") == "Vous êtes l’administrateur de facturation."


@pytest.mark.parametrize("what", ["summary", ".draft a"])
def test_the_focus_inside_a_card_outlives_an_update(what: str, framed: Framed) -> None:
    """Of its confidence and of what it rests on."""

    def answerer(request: dict[str, Any]) -> dict[str, Any]:
        count = len(request["messages"])
        draft = "Voyez https://billing.logmeininc.com maintenant."
        return answer(suggestion(id=f"sg_{count}", confidence=0.99 - count / 100, reply_draft=draft, based_on=[count - 1]))

    pretend(framed.page, answerer)
    framed.tell(("customer", "un"))
    framed.first.locator(what).focus()
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.first.locator(".confidence")).to_have_text("Confiance élevée (97 %)")
    expect(framed.first.locator(".based")).to_have_text("D’après « deux »")
    expect(framed.first.locator(what)).to_be_focused()


def test_cards_move_around_the_one_that_has_the_focus(framed: Framed) -> None:
    """Into the order in which they are suggested."""
    names = ["a", "b", "c"]
    orders = iter([[0, 1, 2], [2, 1, 0], [0, 1], [1, 2, 0]])

    def answerer(request: dict[str, Any]) -> dict[str, Any]:
        return answer(*(suggestion(id=f"sg_{names[card]}", title=names[card]) for card in next(orders)))

    pretend(framed.page, answerer)
    said = [("customer", "un")]
    for order in ("abc", "cba", "ab", "bca"):
        framed.tell(*said)
        expect(framed.root.locator(".card :is(h2, h3)")).to_have_text(list(order))
        if len(said) == 1:
            framed.button("Copier", card=1).focus()
        expect(framed.button("Copier", card=order.index("b"))).to_be_focused()
        said.append(("customer", "encore"))


# Late answers


def test_what_answers_an_older_message_is_marked_at_once(framed: Framed) -> None:
    """To the eye and to the ear, until the answer comes; it can still be used."""
    panel, heading = framed.root.locator(".panel"), framed.root.locator(".heading")
    framed.tell(("customer", "un"))
    expect(framed.cards).to_have_count(1)
    expect(panel).to_have_class("panel")
    held = Held(framed)
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(panel).to_have_class("panel stale", timeout=500)
    expect(heading).to_have_text("Suggestions précédentes")
    framed.button("Insérer").click()
    expect(framed.field).to_have_value("Réponse à un")
    expect(framed.root.get_by_text("Mise à jour…").first).to_be_visible()
    assert "Mise à jour…" in framed.heard()
    held.wait(1)
    fulfil(held.routes[0])
    expect(framed.first).to_contain_text("Sur deux")
    expect(panel).to_have_class("panel")
    expect(heading).to_have_text("Suggestions")


def test_that_nothing_has_changed_is_said_after_a_long_wait(framed: Framed) -> None:
    pretend(framed.page, lambda request: answer(suggestion()))
    framed.tell(("customer", "un"))
    expect(framed.cards).to_have_count(1)
    held = Held(framed)
    framed.tell(("customer", "un"), ("agent", "Un instant."))
    held.wait(1)
    framed.page.wait_for_timeout(1000)
    held.routes[0].fulfill(json=answer(suggestion()))
    expect(framed.root.locator(".panel")).to_have_class("panel")
    count = "1 suggestion : C’est l’administrateur de facturation."
    assert framed.heard() == [count, "Mise à jour…", count]


def test_back_in_a_conversation_that_went_on_old_cards_are_marked(framed: Framed) -> None:
    """And what the other conversation's heading said is not said of them."""
    framed.tell(("customer", "un"), conversation="a")
    expect(framed.cards).to_have_count(1)
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(json=answer(suggestion(), abstained="out_of_scope")))
    framed.tell(("customer", "il pleut"), conversation="b")
    expect(framed.root.get_by_role("heading", name="Toujours valable")).to_be_visible()
    held = Held(framed)
    framed.tell(("customer", "un"), ("customer", "deux"), conversation="a")
    expect(framed.first).to_contain_text("Sur un")
    expect(framed.root.locator(".panel")).to_have_class("panel stale")
    expect(framed.root.locator(".heading")).to_have_text("Suggestions précédentes")
    held.wait(1)


def test_a_late_answer_never_takes_the_place_of_a_newer_one(context: BrowserContext, servers: Servers) -> None:
    """Not even if giving up a request does nothing."""
    context.add_init_script("AbortController.prototype.abort = () => {};")
    framed = Framed(context, servers).arrive()
    pretend(framed.page, echo)
    held = Held(framed)
    framed.tell(("customer", "vieux"))
    held.wait(1)
    framed.tell(("customer", "vieux"), ("customer", "neuf"))
    held.wait(2)
    fulfil(held.routes[1])
    expect(framed.first).to_contain_text("Sur neuf")
    fulfil(held.routes[0])
    framed.page.wait_for_timeout(400)
    expect(framed.first).to_contain_text("Sur neuf")
    expect(framed.cards).to_have_count(1)


def test_what_nobody_waits_for_is_given_up(framed: Framed) -> None:
    held = Held(framed)
    failed: list[Any] = []
    framed.page.on("requestfailed", lambda request: failed.append(request.failure))
    framed.tell(("customer", "un"))
    held.wait(1)
    expect(framed.root.get_by_text("Mise à jour…")).to_be_visible()
    framed.tell(("customer", "un"), ("customer", "deux"))
    held.wait(2)
    assert failed == ["net::ERR_ABORTED"]
    fulfil(held.routes[1])
    expect(framed.first).to_contain_text("Sur deux")
    expect(framed.root.get_by_text("Mise à jour…")).to_be_hidden()


def test_quick_messages_are_asked_about_once(framed: Framed) -> None:
    said: list[tuple[str, str]] = []
    for text in ("un", "deux", "trois", "quatre"):
        said.append(("customer", text))
        framed.tell(*said)
    expect(framed.first).to_contain_text("Sur quatre")
    framed.tell(*said)
    framed.page.wait_for_timeout(400)
    assert sum(url.endswith("/suggestions") for url in framed.urls) == 1


# What goes wrong


def test_offline_and_back(context: BrowserContext, servers: Servers) -> None:
    """What was suggested stays, greyed; the network's return is enough."""
    panel = opened(context, servers)
    context.set_offline(True)
    panel.customer.fill("On me dit de contacter mon administrateur")
    panel.customer.press("Enter")
    expect(panel.banner).to_have_text("Pas de connexion au serveur. Nouvel essai automatique.")
    expect(panel.first).to_contain_text("Question à poser")
    expect(panel.root.locator(".panel")).to_have_class("panel stale")
    assert "Pas de connexion au serveur. Nouvel essai automatique." in panel.heard()
    panel.button("Insérer").click()
    expect(panel.composer).not_to_have_value("")
    context.set_offline(False)
    expect(panel.banner).to_be_hidden()
    expect(panel.root.locator(".panel")).to_have_class("panel")
    assert any(text.startswith("Connexion rétablie.") for text in panel.heard())
    panel.expect_event("inserted")


@pytest.mark.parametrize(
    ("status", "headers", "words", "least"),
    [
        (503, {"Retry-After": "1"}, "Le serveur ne répond pas pour le moment. Nouvel essai automatique.", 1.9),
        (502, {}, "Le serveur ne répond pas pour le moment. Nouvel essai automatique.", 1.9),
        (429, {"Retry-After": "4"}, "Trop de demandes à la fois. Nouvel essai automatique.", 3.9),
    ],
)
def test_it_tries_again(status: int, headers: dict[str, str], words: str, least: float, framed: Framed) -> None:
    """After as long as the server wants, and with what was said last, even if more was said in between."""
    times: list[float] = []

    def refuse_once(route: Route) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            route.fulfill(status=status, headers=headers, json={"error": "Plus tard."})
        else:
            fulfil(route)

    framed.page.route(SUGGESTIONS, refuse_once)
    framed.tell(("customer", "un"))
    expect(framed.banner).to_have_text(words)
    if status == 429:
        framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.first).to_contain_text("Sur deux" if status == 429 else "Sur un")
    expect(framed.banner).to_be_hidden()
    assert len(times) == 2 and times[1] - times[0] > least


def test_a_server_that_fails_is_not_asked_for_ever(framed: Framed) -> None:
    """What it fails at may be this very transcript; it is asked again when the agent wants it, or something else is said."""
    framed.page.clock.install()
    asked: list[str] = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, json={"error": "Plus tard."})

    def pass_time(tries: int) -> None:
        for _ in range(60):
            framed.page.clock.run_for(5000)
            framed.page.wait_for_timeout(20)
        assert len(asked) == tries

    framed.arrive()
    framed.page.route(SUGGESTIONS, fail)
    framed.tell(("customer", "un"))
    pass_time(4)
    expect(framed.banner).to_have_text("Le serveur ne répond pas. Réessayez dans quelques minutes.")
    again = framed.root.get_by_role("button", name="Réessayer")
    again.click()
    pass_time(8)
    framed.tell(("customer", "un"), ("customer", "deux"))
    pass_time(12)
    framed.page.unroute(SUGGESTIONS)
    pretend(framed.page, echo)
    again.focus()
    again.press("Enter")
    framed.page.clock.run_for(1000)
    expect(framed.first).to_contain_text("Sur deux")
    expect(again).to_be_hidden()
    expect(framed.root.get_by_role("heading", name="Aiguilleur")).to_be_focused()


@pytest.mark.parametrize("status", [422, 429])
def test_what_was_refused_was_no_lost_connection(status: int, framed: Framed) -> None:
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(status=status, json={"error": "Non."}))
    framed.tell(("customer", "un"))
    expect(framed.banner).to_be_visible()
    framed.page.unroute(SUGGESTIONS)
    pretend(framed.page, echo)
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.cards).to_have_count(1)
    assert not any("Connexion" in said for said in framed.heard())


def test_what_would_be_refused_again_is_not_asked_again(framed: Framed) -> None:
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(status=422, json={"error": "Texte trop long."}))
    framed.tell(("customer", "un"))
    expect(framed.banner).to_have_text("La conversation n’a pas pu être lue : Texte trop long.")
    framed.page.wait_for_timeout(3000)
    assert sum(url.endswith("/suggestions") for url in framed.urls) == 1


@pytest.mark.parametrize("body", ["<html>Portail captif</html>", "null", '{"suggestions": 3}'])
def test_an_answer_of_something_in_between(body: str, framed: Framed) -> None:
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(body=body, content_type="application/json"))
    framed.tell(("customer", "un"))
    expect(framed.banner).to_contain_text("Nouvel essai automatique.")
    framed.page.unroute(SUGGESTIONS)
    framed.page.route(SUGGESTIONS, fulfil)
    expect(framed.first).to_contain_text("Sur un")


def test_what_became_of_a_suggestion_is_told_again_until_it_is_heard(framed: Framed) -> None:
    """Once only, for the server: the event has an id."""
    answers = iter([503, 429, 200])
    framed.page.route(FEEDBACK, lambda route: route.fulfill(status=next(answers, 200), json={"kept": True}))
    framed.tell(("customer", "un"))
    framed.expect_event("displayed")
    framed.button("Insérer").click()
    framed.expect_event("inserted")
    assert [told["event"] for told in framed.events] == ["displayed", "displayed", "displayed", "inserted"]
    assert len({told["event_id"] for told in framed.events}) == 2


def test_a_long_reply_is_counted_as_sent(framed: Framed) -> None:
    """Cut to what the server takes, in whole characters."""
    framed.tell(("customer", "un"))
    framed.button("Insérer").click()
    framed.post({"type": "aiguilleur:sent", "suggestion_id": "sg_0", "text": "a" * 3999 + "👩🏽‍💻" * 9})
    check(framed.expect_event("sent", final_text="a" * 3999), "Feedback")
    framed.post({"type": "aiguilleur:sent", "suggestion_id": "sg_0", "text": "Bonjour. " * 600})
    check(framed.expect_event("sent", final_text=("Bonjour. " * 600)[:4000]), "Feedback")


# Keys


def test_by_keys_alone(context: BrowserContext, servers: Servers) -> None:
    """Insert, send; the next one: edit, insert, send."""
    panel = Panel(context.new_page())
    pretend(panel.page, echo)
    panel.page.goto(address(servers))
    keys = panel.page.keyboard
    expect(panel.first).to_be_visible()
    draft = panel.first.locator(".draft").inner_text()
    keys.press("Alt+Digit1")
    expect(panel.composer).to_be_focused()
    expect(panel.composer).to_have_value(draft)
    keys.press("Enter")
    expect(panel.log.locator(".agent .bubble").last).to_have_text(draft)
    for _ in range(10):
        keys.press("Tab")
        if panel.focused() == "Écrire à la place de la cliente":
            break
    keys.type("encore")
    keys.press("Enter")
    expect(panel.first).to_contain_text("Sur encore")
    keys.press("Alt+m")
    expect(panel.area).to_be_focused()
    keys.press("Control+A")
    keys.type("À ma façon.")
    keys.press("Alt+Digit1")
    expect(panel.composer).to_have_value("À ma façon.")
    keys.press("Enter")
    expect(panel.log.locator(".agent .bubble").last).to_have_text("À ma façon.")
    panel.expect_event("sent", final_text="À ma façon.")
    assert panel.told() == ["inserted", "sent", "edited", "inserted", "sent"]


def test_every_button_is_reached(framed: Framed) -> None:
    """In the order in which they stand, and none keeps the focus."""
    framed.tell(("customer", "un"))
    expect(framed.first).to_be_visible()
    framed.root.get_by_role("heading", name="Aiguilleur").focus()
    names = []
    for _ in range(8):
        framed.page.keyboard.press("Tab")
        names.append(framed.frame.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
    assert names == [
        "Raccourcis clavier",
        "Insérer",
        "Copier",
        "Modifier",
        "Bonne suggestion",
        "Mauvaise suggestion",
        "Écarter",
        "Source\u00a0: Page d’aide",
    ]


def test_the_second_the_copy_and_the_panel(framed: Framed) -> None:
    cards = answer(suggestion(), suggestion(id="sg_2", title="Une autre", reply_draft="La seconde"))
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(json=cards))
    framed.tell(("customer", "un"))
    expect(framed.cards).to_have_count(2)
    framed.button("Modifier", card=1).focus()
    framed.page.keyboard.press("Alt+Digit0")
    expect(framed.root.get_by_role("heading", name="Aiguilleur")).to_be_focused()
    framed.button("Modifier", card=1).focus()
    framed.page.keyboard.press("Alt+c")
    expect(framed.cards.nth(1).locator(".done")).to_have_text("Copié")
    framed.expect_event("inserted", suggestion_id="sg_2")
    framed.page.keyboard.press("Alt+Digit2")
    expect(framed.field).to_have_value("La seconde")
    framed.page.keyboard.press("Control+A")
    framed.page.keyboard.press("Control+V")
    expect(framed.field).to_have_value("La seconde")


def test_shortcuts_are_listed_and_can_be_switched_off(framed: Framed) -> None:
    """WCAG 2.1.4 does not ask for it of keys with Alt; those who dictate do."""
    framed.tell(("customer", "un"))
    expect(framed.first).to_be_visible()
    button = framed.root.get_by_role("button", name="Raccourcis clavier")
    button.click()
    dialog = framed.root.get_by_role("dialog", name="Raccourcis clavier")
    expect(dialog).to_contain_text("Alt + 1, 2, 3")
    framed.page.keyboard.press("Alt+Digit1")
    dialog.get_by_label("Raccourcis activés").uncheck()
    framed.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    framed.page.keyboard.press("Alt+Digit1")
    framed.settled()
    assert framed.received("aiguilleur:insert") == []
    expect(framed.first.locator("[aria-keyshortcuts]")).to_have_count(0)
    button.click()
    dialog.get_by_label("Raccourcis activés").check()
    dialog.get_by_role("button", name="Fermer").click()
    expect(framed.button("Insérer")).to_have_attribute("aria-keyshortcuts", "Alt+1")
    framed.page.keyboard.press("Alt+Digit1")
    expect(framed.field).to_have_value("Réponse à un")
