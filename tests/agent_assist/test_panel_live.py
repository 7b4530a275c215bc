"""While the conversation goes on: edits, late answers, what goes wrong; and the keys."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Route, expect

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
    """The same suggestion under another id: nothing moves, and it is told under the newer."""
    number = iter(range(10))
    framed.page.route(SUGGESTIONS, lambda route: route.fulfill(json=answer(suggestion(id=f"sg_{next(number)}"))))
    framed.tell(("customer", "un"))
    framed.button("Modifier").click()
    framed.area.fill("à moi")
    with framed.page.expect_response(SUGGESTIONS):
        framed.tell(("customer", "un"), ("customer", "deux"))
    framed.settled()
    expect(framed.cards).to_have_count(1)
    expect(framed.area).to_have_value("à moi")
    expect(framed.first.locator(".note")).to_be_hidden()
    framed.button("Insérer").click()
    framed.expect_event("inserted", suggestion_id="sg_1")


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
    assert framed.told() == ["inserted"]


def test_the_focus_never_falls_off_the_page(framed: Framed) -> None:
    framed.tell(("customer", "un"))
    framed.button("Copier").focus()
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.first).to_contain_text("Sur deux")
    expect(framed.root.get_by_role("heading", name="Aiguilleur")).to_be_focused()


# Late answers


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
    button.click()
    dialog.get_by_label("Raccourcis activés").check()
    dialog.get_by_role("button", name="Fermer").click()
    framed.page.keyboard.press("Alt+Digit1")
    expect(framed.field).to_have_value("Réponse à un")
