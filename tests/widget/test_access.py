"""For everybody: axe in every state, the focus, what a screen reader says by itself, small screens, large letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from actions.help_file import PROJECT
from scripts.run import Servers
from tests.conftest import halted, plain, without_actions
from tests.widget.conftest import Widget, visit
from tests.widget.test_conversation import ADMIN, focused, go_to

#: The success criteria of WCAG 2.2, levels A and AA (RGAA 4 is their French method).
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@cache
def axe() -> str:
    return (PROJECT / "widget" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds against, on the page and in the widget."""
    page.evaluate(axe())
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert any(rule["id"] == "color-contrast" for rule in found["passes"]), "axe has looked"
    return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]


def closed(widget: Widget, servers: Servers) -> None:
    expect(widget.launcher).to_be_visible()


def opened(widget: Widget, servers: Servers) -> None:
    widget.open()


def conversation(widget: Widget, servers: Servers) -> None:
    widget.open()
    for title in [*ADMIN, "Un message m’invite à contacter mon administrateur"]:
        widget.click(title)
    widget.click("Non")
    expect(widget.panel.get_by_role("textbox", name="commentaire")).to_be_visible()
    widget.expect_quiet()


def menu(widget: Widget, servers: Servers) -> None:
    widget.open()
    widget.panel.get_by_role("button", name="Autres actions").click()


def offline(widget: Widget, servers: Servers) -> None:
    widget.open()
    widget.page.context.set_offline(True)
    widget.say("bonjour")
    expect(widget.log.locator(".waiting")).to_be_visible()
    expect(widget.banner).to_be_visible()


def failed(widget: Widget, servers: Servers) -> None:
    widget.open()
    with without_actions(servers):
        widget.say("bonjour")
        expect(widget.log.locator(".failed")).to_be_visible()


STATES: list[Callable[[Widget, Servers], None]] = [closed, opened, conversation, menu, offline, failed]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    state: Callable[[Widget, Servers], None], scheme: Any, screen: Any, browser: Browser, demo: str, servers: Servers
) -> None:
    context = browser.new_context(locale="fr-FR", viewport=screen, color_scheme=scheme, reduced_motion="reduce")
    try:
        widget = visit(context, demo)
        state(widget, servers)
        assert violations(widget.page) == []
    finally:
        context.close()


def test_high_contrast(browser: Browser, demo: str, servers: Servers) -> None:
    context = browser.new_context(forced_colors="active", reduced_motion="reduce")
    try:
        widget = visit(context, demo)
        conversation(widget, servers)
        assert violations(widget.page) == []
        for border in (widget.log.locator(".chosen").last, widget.log.locator(".user:not([hidden]) .bubble").last):
            assert border.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)") == 2
    finally:
        context.close()


# What is said

LISTEN = """() => {
    window.heard = [];
    const region = document.querySelector("aiguilleur-widget").shadowRoot.querySelector("[role=status].unseen");
    new MutationObserver((changes) => {
        for (const {addedNodes} of changes) for (const node of addedNodes) window.heard.push(node.textContent);
    }).observe(region, {childList: true, subtree: true, characterData: true});
}"""


def heard(widget: Widget) -> list[str]:
    widget.page.wait_for_timeout(200)
    return [plain(text) for text in widget.page.evaluate("window.heard")]


def test_each_answer_is_said_once(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate(LISTEN)
    widget.click("Qui est le contact de facturation ?")
    widget.expect_answer("Où voulez-vous vérifier ?")
    widget.click("Je suis administrateur de compte")
    widget.expect_answer("Que voyez-vous ensuite ?")
    widget.expect_quiet()
    first, second = heard(widget)
    assert first.startswith("Seuls les contacts de facturation") and first.endswith("? 2 réponses proposées.")
    assert second.startswith("1. Connectez-vous au Centre d’administration") and second.endswith("? 5 réponses proposées.")


def test_the_same_answer_again_is_said_again(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate(LISTEN)
    for _ in range(2):
        widget.say("merci")
        widget.expect_quiet()
    assert heard(widget) == ["Je vous en prie.", "Je vous en prie."]


def test_history_is_never_said(widget: Widget, context: BrowserContext, demo: str) -> None:
    widget.open()
    widget.click("Qui est le contact de facturation ?")
    widget.expect_answer("Où voulez-vous vérifier ?")
    other = visit(context, demo)
    other.page.evaluate("document.querySelector('aiguilleur-widget').open(); (" + LISTEN + ")()")
    other.expect_answer("Où voulez-vous vérifier ?")
    assert heard(other) == []
    assert other.log.get_attribute("aria-live") == "off", "the conversation is silent: the announcer speaks"


def test_a_lost_connection_is_said(widget: Widget, context: BrowserContext) -> None:
    widget.open()
    widget.page.evaluate(LISTEN)
    context.set_offline(True)
    expect(widget.banner).to_be_visible()
    context.set_offline(False)
    expect(widget.banner).to_be_hidden()
    assert heard(widget) == ["Pas de connexion. Vos messages partiront dès son retour.", "Connexion rétablie."]
    widget.problems.clear()


def test_asking_twice_is_no_lost_connection(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate(LISTEN)
    widget.page.evaluate("for (let count = 0; count < 3; count++) dispatchEvent(new Event('online'))")
    widget.page.wait_for_timeout(300)
    assert heard(widget) == []
    expect(widget.banner).to_be_hidden()


def test_a_failure_is_said_and_trying_again_keeps_the_place(widget: Widget, servers: Servers) -> None:
    widget.open()
    widget.page.evaluate(LISTEN)
    with without_actions(servers):
        widget.say("merci")
        expect(widget.log.locator(".failed")).to_be_visible()
        assert heard(widget) == ["Je n’arrive pas à répondre pour le moment. Veuillez répéter votre question dans un instant."]
    go_to(widget, "Réessayer")
    widget.page.keyboard.press("Enter")
    widget.expect_answer("Je vous en prie.")
    expect(widget.log).to_be_focused()


def test_a_second_thought_before_erasing_is_said(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate(LISTEN)
    widget.action("Effacer la conversation")
    assert heard(widget) == ["Effacer vraiment ?"]


def test_an_answer_that_comes_while_the_window_is_closed_is_shown_on_the_button(widget: Widget, servers: Servers) -> None:
    widget.open()
    with halted(servers, "actions"):
        widget.say("merci")
        widget.page.keyboard.press("Escape")
    news = widget.page.get_by_role("button", name="Nouvelle réponse. Ouvrir l’assistance")
    expect(news).to_have_text("Nouvelle réponse")
    news.click()
    widget.expect_answer("Je vous en prie.")
    expect(widget.page.get_by_role("button", name="Fermer l’assistance").first).to_be_visible()


def test_everything_has_a_french_name(widget: Widget) -> None:
    widget.open()
    assert widget.page.locator("aiguilleur-widget").get_attribute("lang") == "fr"
    names = [
        plain(name)
        for name in widget.panel.get_by_role("button").evaluate_all("all => all.map((one) => one.ariaLabel || one.textContent)")
    ]
    assert names[:2] == ["Autres actions", "Fermer l’assistance"] and names[-2:] == ["Envoyer", "Parler à un conseiller"]
    assert all(names)


# The focus


def test_the_focus_goes_in_and_out(widget: Widget) -> None:
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    widget.open()
    expect(widget.input).to_be_focused()
    expect(widget.page.get_by_role("button", name="Fermer l’assistance").first).to_have_attribute("aria-expanded", "true")
    widget.panel.get_by_role("button", name="Fermer l’assistance").click()
    expect(widget.launcher).to_be_focused()
    expect(widget.panel).to_be_hidden()


def test_escape_closes_the_menu_before_the_window(widget: Widget) -> None:
    widget.open()
    go_to(widget, "Autres actions")
    widget.page.keyboard.press("Enter")
    expect(widget.panel.get_by_role("button", name="Recommencer")).to_be_visible()
    widget.page.keyboard.press("Escape")
    expect(widget.panel.get_by_role("button", name="Recommencer")).to_be_hidden()
    assert focused(widget) == "Autres actions"
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_the_page_behind_can_be_used(widget: Widget) -> None:
    widget.open()
    widget.page.get_by_role("link", name="Comptes").focus()
    expect(widget.page.get_by_role("link", name="Comptes")).to_be_focused()
    expect(widget.panel).to_be_visible()


def test_a_reload_takes_no_focus(widget: Widget, demo: str) -> None:
    """Not even from a field of the page that has it first."""
    widget.open()
    html = widget.page.request.get(demo).text().replace("<main>", '<main><input aria-label="Rechercher" autofocus>')
    widget.page.route(demo, lambda route: route.fulfill(response=route.fetch(), body=html))
    widget.page.reload()
    expect(widget.panel).to_be_visible()
    expect(widget.page.get_by_role("textbox", name="Rechercher")).to_be_focused()
    widget.problems.clear()  # a page that the test makes has no network of its own, so that no socket may leave it


@pytest.fixture
def phone(browser: Browser, demo: str) -> Any:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    widget = visit(context, demo)
    yield widget
    context.close()


def test_on_a_phone_the_conversation_fills_the_screen(phone: Widget) -> None:
    phone.open()
    assert phone.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert focused(phone) == "Aiguilleur", "the keyboard does not hide the greeting"
    phone.page.get_by_role("link", name="Comptes", include_hidden=True).evaluate("link => link.focus()")
    assert focused(phone) == "Aiguilleur", "what is behind is out of reach"
    for target in phone.panel.get_by_role("button").all():
        box = target.bounding_box()
        assert box and box["width"] >= 24 and box["height"] >= 24, "WCAG 2.5.8"
    phone.page.keyboard.press("Escape")
    expect(phone.panel).to_be_hidden()


def test_moved_by_the_page_it_still_fills_the_screen(phone: Widget) -> None:
    phone.open()
    phone.page.evaluate("document.querySelector('main').append(document.querySelector('aiguilleur-widget'))")
    assert phone.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert focused(phone) == "Aiguilleur"


# Sizes and tastes


@pytest.mark.parametrize(
    "screen",
    [{"width": 320, "height": 568}, {"width": 640, "height": 400}, {"width": 320, "height": 256}, {"width": 844, "height": 390}],
)
def test_nothing_is_cut_off(screen: Any, browser: Browser, demo: str) -> None:
    """320 pixels; 200 % and 400 % of a screen of 1280; a phone on its side."""
    context = browser.new_context(locale="fr-FR", viewport=screen)
    try:
        widget = visit(context, demo)
        widget.open()
        for title in [*ADMIN, "Un message m’invite à contacter mon administrateur"]:
            widget.click(title)
        widget.expect_answer("Vous n’êtes pas l’administrateur de facturation.")
        widget.expect_quiet()
        asked = widget.log.locator(".user").last.bounding_box()
        assert asked and 0 <= asked["y"] < screen["height"], "what was said last is in sight, and the answer below it"
        root = "document.querySelector('aiguilleur-widget').shadowRoot"
        for part in ("dialog", ".log"):
            assert widget.page.evaluate(
                f"{root}.querySelector('{part}').scrollWidth <= {root}.querySelector('{part}').clientWidth"
            )
        assert widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for target in [widget.input, widget.reply("Oui"), widget.reply("Parler à un conseiller"), widget.reply("Fermer")]:
            target.scroll_into_view_if_needed()
            box = target.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= screen["width"]
            assert box["y"] >= 0 and box["y"] + box["height"] <= screen["height"] + 1
    finally:
        context.close()


@pytest.mark.parametrize(("root", "size"), [("62.5%", "16px"), ("200%", "16px")])
def test_the_size_of_letters_is_the_visitors_not_the_pages(root: str, size: str, widget: Widget) -> None:
    widget.page.evaluate("root => { document.documentElement.style.fontSize = root; }", root)
    widget.open()
    expect(widget.input).to_have_css("font-size", size)


def test_letters_twice_as_large(widget: Widget) -> None:
    """As a visitor sets them in the browser."""
    widget.page.context.new_cdp_session(widget.page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}})
    widget.open()
    for title in ADMIN:
        widget.click(title)
    expect(widget.input).to_have_css("font-size", "32px")
    answer = widget.reply("La page Abonnements")
    answer.scroll_into_view_if_needed()
    for part in (widget.panel, answer, widget.input):
        box = part.bounding_box()
        assert box and box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 800


def test_who_prefers_less_motion_gets_none(browser: Browser, demo: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    widget = visit(context, demo)
    widget.open()
    moving = "document.querySelector('aiguilleur-widget').shadowRoot.getAnimations().length"
    assert widget.page.evaluate(moving) == 0
    context.close()


def test_a_site_sets_its_own_colours(widget: Widget) -> None:
    widget.page.evaluate(
        "document.querySelector('aiguilleur-widget').style.setProperty('--aiguilleur-accent', 'rgb(160, 20, 60)')"
    )
    expect(widget.launcher).to_have_css("background-color", "rgb(160, 20, 60)")
    widget.page.evaluate("document.querySelector('aiguilleur-widget').setAttribute('theme', 'dark')")
    widget.open()
    expect(widget.panel).to_have_css("background-color", "rgb(23, 28, 40)")


def test_the_styles_of_the_page_stay_outside(widget: Widget) -> None:
    widget.open()
    style = """area => {
        const {fontSize, letterSpacing, textTransform, color} = getComputedStyle(area);
        return [fontSize, letterSpacing, textTransform, color];
    }"""
    before = widget.input.evaluate(style)
    widget.page.evaluate("""{
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`body * {
            font-size: 40px !important; letter-spacing: 9px !important; text-transform: uppercase !important;
            color: red !important;
        }`);
        document.adoptedStyleSheets = [sheet];
    }""")
    assert widget.input.evaluate(style) == before
