"""For everybody: axe in every state, small screens, what a screen reader says by itself; and the types of the scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from channels.agent_assist.panel import FOLDER
from scripts.run import Servers
from scripts.widget import WIDGET
from tests.agent_assist.panel import WRONG_PLACE, Framed, Panel, answer, echo, opened, pretend, suggestion
from tests.widget.test_access import violations

QUESTION = ("customer", "Qui est le contact de facturation de mon compte ?")


def alone(context: BrowserContext, servers: Servers) -> Panel:
    panel = opened(context, servers)
    panel.ask(WRONG_PLACE)
    expect(panel.conclusion).to_contain_text("compte standard")
    return panel


def framed(context: BrowserContext, servers: Servers) -> Framed:
    panel = Framed(context, servers).arrive()
    panel.tell(QUESTION, ("customer", WRONG_PLACE))
    expect(panel.conclusion).to_contain_text("compte standard")
    panel.first.locator("summary").click()
    return panel


def abstained(context: BrowserContext, servers: Servers) -> Framed:
    panel = framed(context, servers)
    panel.tell(QUESTION, ("customer", WRONG_PLACE), ("customer", "il fera beau demain à Lyon ?"))
    expect(panel.root.locator(".abstained")).to_be_visible()
    return panel


def editing(context: BrowserContext, servers: Servers) -> Framed:
    """With all that a card may say of itself."""
    panel = framed(context, servers)
    panel.button("Bonne suggestion").click()
    panel.button("Mauvaise suggestion").click()
    panel.button("Insérer").click()
    panel.button("Écarter", card=1).click()
    panel.button("Modifier").click()
    panel.area.fill("autre chose")
    panel.tell(QUESTION, ("customer", "je veux parler à quelqu’un"))
    expect(panel.root.locator(".note").first).to_be_visible()
    return panel


def asked_for_a_key(context: BrowserContext, servers: Servers) -> Framed:
    panel = Framed(context, servers, token="fausse").arrive()
    panel.tell(QUESTION)
    expect(panel.root.get_by_role("alert")).to_be_visible()
    return panel


def broken(context: BrowserContext, servers: Servers) -> Framed:
    panel = framed(context, servers)
    panel.page.route("**/suggestions", lambda route: route.fulfill(status=503, json={"error": "Plus tard."}))
    panel.tell(QUESTION)
    expect(panel.banner).to_be_visible()
    return panel


def shortcuts(context: BrowserContext, servers: Servers) -> Framed:
    panel = framed(context, servers)
    panel.root.get_by_role("button", name="Raccourcis clavier").click()
    expect(panel.root.get_by_role("dialog")).to_be_visible()
    return panel


State = Callable[[BrowserContext, Servers], Panel]
STATES: list[State] = [alone, framed, abstained, editing, asked_for_a_key, broken, shortcuts]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(state: State, scheme: Any, width: int, browser: Browser, servers: Servers) -> None:
    size: Any = {"width": width, "height": 800}
    context = browser.new_context(locale="fr-FR", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    try:
        panel = state(context, servers)
        document: Any = panel.frame if isinstance(panel, Framed) else panel.page
        assert violations(document) == []
        assert document.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        context.close()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_nothing_is_cut_off(state: State, browser: Browser, servers: Servers) -> None:
    """320 pixels, or 400 % of 1280; and what is clicked is large enough for it (WCAG 2.5.8)."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 320, "height": 640})
    try:
        panel = state(context, servers)
        document: Any = panel.frame if isinstance(panel, Framed) else panel.page
        assert document.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for button in panel.root.get_by_role("button").all():
            box = button.bounding_box()
            assert box and box["width"] >= 24 and box["height"] >= 24
            assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    finally:
        context.close()


def test_what_comes_is_said_once(context: BrowserContext, servers: Servers) -> None:
    """The same again is not."""
    panel = Framed(context, servers).arrive()
    pretend(panel.page, lambda request: answer(suggestion(), suggestion(id="sg_2", title="Une autre")))
    panel.tell(("customer", "un"))
    expect(panel.first).to_be_visible()
    with panel.page.expect_response("**/suggestions"):
        panel.tell(("customer", "un"), ("customer", "deux"))
    assert panel.heard() == ["2 suggestions : C’est l’administrateur de facturation ; Une autre."]


def test_everything_has_a_name(context: BrowserContext, servers: Servers) -> None:
    panel = Framed(context, servers).arrive()
    pretend(panel.page, echo)
    panel.tell(("customer", "un"))
    expect(panel.root.get_by_role("article", name="Sur un")).to_be_visible()
    expect(panel.button("Insérer")).to_have_accessible_description("Sur un")
    expect(panel.button("Insérer")).to_have_attribute("aria-keyshortcuts", "Alt+1")
    assert panel.frame.evaluate("document.documentElement.lang") == "fr"
    assert panel.frame.title() == "Aiguilleur – suggestions pour l’agent"


def test_the_types_of_the_scripts() -> None:
    """As strict as the widget's, without a build: the types are in the comments."""
    WIDGET.install()
    scripts = sorted(str(path) for path in FOLDER.glob("*.js"))
    strict = ["strict", "noUncheckedIndexedAccess", "noUnusedLocals", "noUnusedParameters", "noImplicitReturns"]
    what = ["--ignoreConfig", "--noEmit", "--allowJs", "--checkJs", "--types", "", *(f"--{option}" for option in strict)]
    where = ["--target", "ES2022", "--lib", "ES2023,DOM,DOM.Iterable", "--module", "ESNext", "--moduleResolution", "Bundler"]
    WIDGET.run("node", "node_modules/typescript/bin/tsc", *what, *where, *scripts)
    assert len(scripts) > 20
