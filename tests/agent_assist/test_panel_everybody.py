"""For everybody, what test_panel_access.py does not show: high contrast, the focus, what is said, large letters, less motion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from scripts.run import Servers
from tests.agent_assist.panel import SUGGESTIONS, Framed, Panel, answer, pretend, suggestion
from tests.browser import PATIENCE
from tests.widget.test_access import TAGS, axe

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 780}
CARDS = [
    suggestion(
        reply_draft="Vous l’êtes : https://billing.logmeininc.com\n\nBonne journée.",
        links=[{"title": "Ouvrir le Centre d’administration", "url": "https://admin.logmeininc.com"}],
        based_on=[0],
    ),
    suggestion(
        id="sg_2",
        kind="next_question",
        title="Demander où vérifier",
        confidence=0.9,
        confidence_level="MEDIUM",
        missing=[{"id": "which_portal", "title": "le portail"}],
        quick_replies=[{"title": "Centre de facturation", "payload": "button:choose_billing_center"}],
    ),
    suggestion(id="sg_3", kind="hand_over", title="Passer la main", confidence=0.5, confidence_level="LOW"),
]


def violations(where: Page | Frame) -> list[str]:
    """What axe finds against, on a page or in a frame."""
    where.evaluate(axe())
    found: dict[str, Any] = where.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert any(rule["id"] == "color-contrast" for rule in found["passes"]), "axe has looked"
    return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]


def full(panel: Panel) -> None:
    """All kinds of cards, one with its source open."""
    expect(panel.cards).to_have_count(3)
    panel.first.locator("summary").click()


def editing(panel: Panel) -> None:
    panel.button("Modifier").click()
    panel.button("Mauvaise suggestion").click()
    panel.button("Bonne suggestion", card=1).click()
    panel.button("Insérer", card=1).click()
    panel.button("Écarter", card=2).click()


def abstained(panel: Panel) -> None:
    what_stands = answer(CARDS[0], abstained="not_understood", conclusion="billing_admin")
    panel.page.route(SUGGESTIONS, lambda route: route.fulfill(json=what_stands))
    said_more(panel)
    expect(panel.root.locator(".abstained")).to_be_visible()


def broken(panel: Panel) -> None:
    panel.button("Modifier", card=1).click()
    panel.page.route(SUGGESTIONS, lambda route: route.fulfill(status=503, json={"error": "Plus tard."}))
    said_more(panel)
    expect(panel.banner).to_be_visible()


def updating(panel: Panel) -> None:
    panel.page.route(SUGGESTIONS, lambda route: None)
    said_more(panel)
    expect(panel.root.locator(".updating")).to_be_visible()
    expect(panel.root.locator(".stale .card")).to_have_count(3)


def locked(panel: Panel) -> None:
    panel.page.route(SUGGESTIONS, lambda route: route.fulfill(status=401, json={"error": "Non."}))
    said_more(panel)
    expect(panel.root.get_by_role("alert")).to_be_visible()


def listed(panel: Panel) -> None:
    panel.root.get_by_role("button", name="Raccourcis clavier").click()
    expect(panel.root.get_by_role("dialog")).to_be_visible()


STATES: list[Callable[[Panel], None]] = [full, editing, abstained, updating, broken, locked, listed]


def said_more(panel: Panel) -> None:
    """Something else was said."""
    if isinstance(panel, Framed):
        panel.tell(("customer", "Qui est-ce ?"), ("customer", "Et vous ?"))
    else:
        panel.customer.fill("Et vous ?")
        panel.customer.press("Enter")


@contextmanager
def shown(life: str, browser: Browser, servers: Servers, **options: Any) -> Iterator[Panel]:
    """The panel alone or in a frame, with three cards."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    try:
        panel = Framed(context, servers) if life == "framed" else Panel(context.new_page())
        pretend(panel.page, lambda request: answer(*CARDS, conclusion="billing_admin"))
        if isinstance(panel, Framed):
            panel.arrive()
            panel.tell(("customer", "Qui est-ce ?"))
        else:
            panel.open(servers)
        expect(panel.cards).to_have_count(3)
        yield panel
    finally:
        context.close()


def page_of(panel: Panel) -> Page | Frame:
    """The page that the panel itself is."""
    return panel.frame if isinstance(panel, Framed) else panel.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_in_the_demo_desk(
    state: Callable[[Panel], None], scheme: Any, browser: Browser, servers: Servers
) -> None:
    """With three cards, whatever becomes of them."""
    with shown("alone", browser, servers, color_scheme=scheme, viewport=LAPTOP) as panel:
        state(panel)
        assert violations(panel.page) == []


@pytest.mark.parametrize("life", ["alone", "framed"])
def test_axe_finds_nothing_while_nothing_is_said(life: str, context: BrowserContext, servers: Servers) -> None:
    panel = Framed(context, servers).arrive() if life == "framed" else Panel(context.new_page()).open(servers, None)
    expect(panel.root.locator(".panel")).to_be_visible()
    panel.settled()
    assert violations(page_of(panel)) == []


def test_axe_does_find_something(browser: Browser, servers: Servers) -> None:
    """In the frame, too: so the tests above do test something."""
    with shown("framed", browser, servers) as panel:
        page_of(panel).evaluate("document.querySelector('.draft').style.color = '#bbb'")
        assert "color-contrast" in "".join(violations(page_of(panel)))


def test_high_contrast(browser: Browser, servers: Servers) -> None:
    """Where colours are the visitor's, lines take their place."""
    with shown("alone", browser, servers, forced_colors="active") as panel:
        editing(panel)
        assert violations(panel.page) == []
        pressed, other = panel.button("Mauvaise suggestion"), panel.button("Bonne suggestion")
        width = "one => parseFloat(getComputedStyle(one).borderTopWidth)"
        assert pressed.evaluate(width) > other.evaluate(width), "which thumb is chosen"
        assert panel.first.locator(".kind").evaluate(width) > 0
        filled = "one => getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)'"
        bars = [panel.cards.nth(card).locator(".bars i").evaluate_all(f"all => all.map({filled})") for card in (0, 1)]
        assert bars == [[True, True, True], [True, True, False]]


# What is said


def test_each_update_is_said_once_and_typing_never(browser: Browser, servers: Servers) -> None:
    with shown("alone", browser, servers) as panel:
        said = (
            "3 suggestions : C’est l’administrateur de facturation ; Demander où vérifier ; Passer la main.",
            "Inséré",
            "Copié",
        )
        assert panel.heard() == [said[0]]
        panel.composer.press_sequentially("Bonjour Camille,")
        said_more(panel)  # what is suggested stays the same
        assert panel.heard() == [said[0]]
        panel.button("Insérer").click()
        panel.page.context.grant_permissions(["clipboard-write"])
        panel.button("Copier").click()
        expect(panel.first.locator(".done")).to_have_text("Copié")
        assert panel.heard() == list(said)
        panel.page.unroute(SUGGESTIONS)
        panel.page.route(SUGGESTIONS, lambda route: route.fulfill(json=answer(CARDS[2])))
        said_more(panel)
        expect(panel.cards).to_have_count(1)
        assert panel.heard() == [*said, "1 suggestion : Passer la main."]


def test_the_same_in_another_conversation_is_said_again(context: BrowserContext, servers: Servers) -> None:
    panel = Framed(context, servers).arrive()
    pretend(panel.page, lambda request: answer(suggestion(id="sg_" + request["conversation"]["id"])))
    for conversation in ("a", "b"):
        panel.tell(("customer", "un"), conversation=conversation)
        expect(panel.root.locator(".panel:not(.stale) .card")).to_have_count(1)
    assert panel.heard() == ["1 suggestion : C’est l’administrateur de facturation."] * 2


def test_the_key_form_is_said_and_gives_the_focus_back(context: BrowserContext, servers: Servers) -> None:
    """To whoever sees neither that it comes nor that it goes."""
    panel = Framed(context, servers, token=None).arrive()
    panel.page.route(SUGGESTIONS, lambda route: route.fulfill(status=401, json={"error": "Non."}))
    panel.tell(("customer", "un"))
    key = panel.root.get_by_label("Clé d’accès")
    key.fill("fausse")
    key.press("Enter")
    expect(panel.root.get_by_role("alert")).to_be_visible()
    expect(key).to_be_focused()
    assert panel.heard() == ["Une clé d’accès est demandée dans le panneau."]
    panel.page.unroute(SUGGESTIONS)
    pretend(panel.page, lambda request: answer(suggestion()))
    key.fill("juste")
    key.press("Enter")
    expect(panel.cards).to_have_count(1)
    expect(panel.root.get_by_role("heading", name="Aiguilleur")).to_be_focused()


def test_only_one_thing_speaks_by_itself(browser: Browser, servers: Servers) -> None:
    with shown("alone", browser, servers) as panel:
        live = panel.page.locator("[aria-live]:not([aria-live=off]), [role=status], [role=alert], output")
        expect(live).to_have_count(1)
        assert panel.log.get_attribute("aria-live") == "off"


@pytest.mark.parametrize("life", ["alone", "framed"])
def test_the_focus_is_never_taken_from_who_types(life: str, browser: Browser, servers: Servers) -> None:
    with shown(life, browser, servers) as panel:
        field = panel.field if isinstance(panel, Framed) else panel.composer
        field.focus()
        panel.page.route(SUGGESTIONS, lambda route: route.fulfill(json=answer(abstained="out_of_scope")))
        if isinstance(panel, Framed):
            said_more(panel)
        else:
            panel.page.get_by_role("button", name="Il fera beau demain ?").evaluate("one => one.click()")
        expect(panel.cards).to_have_count(0)
        expect(field).to_be_focused()


def test_the_focus_is_not_taken_back_after_a_click_in_the_panel(context: BrowserContext, servers: Servers) -> None:
    """What had the focus in the panel goes; the agent writes in the desk by now."""
    panel = Framed(context, servers).arrive()
    pretend(panel.page, lambda request: answer(suggestion(title=request["messages"][-1]["text"])))
    panel.tell(("customer", "un"))
    panel.button("Modifier").click()
    panel.button("Annuler").click()
    panel.field.click()
    panel.tell(("customer", "un"), ("customer", "deux"))
    expect(panel.first).to_contain_text("deux")
    panel.settled()
    expect(panel.field).to_be_focused()


def test_what_is_what_is_not_told_by_colour_alone(browser: Browser, servers: Servers) -> None:
    with shown("framed", browser, servers) as panel:
        words = [panel.cards.nth(card).locator(".tags").inner_text() for card in range(3)]
        for text, kind, level in zip(
            words, ["Réponse", "Question à poser", "Passer la main"], ["élevée", "moyenne", "faible"], strict=True
        ):
            assert kind in text and f"Confiance {level}" in text
        expect(panel.cards.nth(1)).to_have_attribute(
            "aria-labelledby", panel.cards.nth(1).get_by_role("heading").get_attribute("id") or "?"
        )
        assert panel.button("Insérer", card=1).get_attribute("aria-keyshortcuts") == "Alt+2"


# Sizes and tastes


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_nothing_of_the_demo_desk_is_cut_off(state: Callable[[Panel], None], browser: Browser, servers: Servers) -> None:
    """320 pixels are 400 % of a screen of 1280."""
    with shown("alone", browser, servers, viewport={"width": 320, "height": 640}) as panel:
        state(panel)
        assert panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        outside = """() => [...document.querySelectorAll("button, input, textarea, summary, .card, .bubble, .draft")]
            .map((one) => [one.getBoundingClientRect(), one.outerHTML])
            .filter(([{width, left, right}]) => width && (left < 0 || right > innerWidth)).map(([, html]) => html)"""
        assert panel.page.evaluate(outside) == []


def test_long_words_are_broken(browser: Browser, servers: Servers) -> None:
    word = "https://exemple.fr/" + "a" * 300
    with shown("framed", browser, servers, viewport={"width": 320, "height": 640}) as panel:
        long = answer(
            suggestion(id="sg_9", title=word, reply_draft=word, based_on=[0], links=[{"title": word, "url": word + "b"}])
        )
        panel.page.route(SUGGESTIONS, lambda route: route.fulfill(json=long))
        assert isinstance(panel, Framed)
        panel.tell(("customer", word))
        expect(panel.cards).to_have_count(1)
        assert panel.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("life", ["alone", "framed"])
@pytest.mark.parametrize("state", [full, editing, locked, listed], ids=lambda state: state.__name__)
def test_targets_are_large_enough(state: Callable[[Panel], None], life: str, browser: Browser, servers: Servers) -> None:
    """WCAG 2.5.8: 24 pixels; links within a text need not."""
    with shown(life, browser, servers, viewport=PHONE) as panel:
        state(panel)
        small = """() => [...document.querySelectorAll("button, input, textarea, summary")]
            .map((one) => [one.getBoundingClientRect(), one.outerHTML])
            .filter(([{width, height}]) => width && (width < 24 || height < 24)).map(([, html]) => html)"""
        assert page_of(panel).evaluate(small) == []


def test_letters_twice_as_large(browser: Browser, servers: Servers) -> None:
    """As a visitor sets them in the browser."""
    with shown("alone", browser, servers, viewport=LAPTOP) as panel:
        panel.page.context.new_cdp_session(panel.page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}})
        panel.page.reload()
        expect(panel.cards).to_have_count(3)
        expect(panel.first.locator(".draft")).to_have_css("font-size", "30px")
        assert panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for target in (panel.button("Insérer"), panel.composer, panel.customer):
            target.scroll_into_view_if_needed()
            box = target.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= LAPTOP["width"]


@pytest.mark.parametrize(("motion", "moving"), [("reduce", 0), ("no-preference", 1)])
def test_who_prefers_less_motion_gets_none(motion: Any, moving: int, context: BrowserContext, servers: Servers) -> None:
    panel = Panel(context.new_page())
    panel.page.emulate_media(reduced_motion=motion)
    pretend(panel.page, lambda request: answer(CARDS[0]))
    panel.page.add_init_script("window.moved = 0; addEventListener('animationstart', () => window.moved++, true);")
    panel.open(servers)
    expect(panel.first).to_be_visible()
    panel.page.wait_for_timeout(400)
    assert panel.page.evaluate("window.moved") == moving


def test_the_focus_is_seen(browser: Browser, servers: Servers) -> None:
    with shown("framed", browser, servers) as panel:
        panel.button("Copier").focus()
        panel.page.keyboard.press("Tab")
        expect(panel.button("Modifier")).to_be_focused()
        assert panel.button("Modifier").evaluate("one => parseFloat(getComputedStyle(one).outlineWidth)") >= 2
