"""The help file's conversation in a browser, by mouse and by keyboard alone: each row, its conclusion, its link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.bot.test_rows import CLICKS
from tests.conftest import plain
from tests.widget.conftest import Widget

START = "Qui est le contact de facturation ?"
ADMIN = [START, "Je suis administrateur de compte"]

#: What each row concludes, and the address that is given with it. What is clicked is in tests/bot/test_rows.py.
ROWS = {
    "billing_center_subscriptions": (
        "Vous êtes l’administrateur de facturation de votre compte",
        "https://billing.logmeininc.com",
    ),
    "billing_center_wrong_place": ("l’un des points suivants est vrai", "https://link.logmeininc.com/corp-billing"),
    "admin_center_subscriptions": (
        "Vous êtes l’administrateur de facturation de votre compte",
        "https://admin.logmeininc.com",
    ),
    "admin_center_contact_billing_admin": (
        "Vous n’êtes pas l’administrateur de facturation.",
        "https://admin.logmeininc.com",
    ),
    "admin_center_select_product": (
        "Il se peut que vous soyez l’administrateur de facturation",
        "https://link.logmeininc.com/corp-billing",
    ),
    "corporate_sign_in_failed": (
        "vous n’êtes pas l’administrateur de facturation",
        "https://link.logmeininc.com/corp-billing",
    ),
    "corporate_sign_in_succeeded": ("La page d’aide ne dit rien de plus", "https://link.logmeininc.com/corp-billing"),
    "still_unidentified": ("contacter l’administrateur de compte en charge de votre compte GoToWebinar", None),
}


def test_every_row_is_here() -> None:
    assert set(ROWS) == set(CLICKS)


@pytest.mark.parametrize("row", ROWS)
def test_by_mouse(row: str, widget: Widget) -> None:
    titles, (conclusion, link) = [START, *CLICKS[row]], ROWS[row]
    widget.open()
    for title in titles:
        widget.click(title)
        expect(widget.reply(title)).to_have_attribute("aria-disabled", "true")
    shows(widget, titles, conclusion, link)


@pytest.mark.parametrize("row", ROWS)
def test_by_keyboard_alone(row: str, widget: Widget) -> None:
    titles, (conclusion, link) = [START, *CLICKS[row]], ROWS[row]
    go_to(widget, "Besoin d’aide ? Ouvrir l’assistance")
    widget.page.keyboard.press("Enter")
    expect(widget.input).to_be_focused()
    for title in titles:
        expect(widget.reply(title)).to_be_visible()
        go_to(widget, title)
        widget.page.keyboard.press("Enter")
        expect(widget.reply(title)).to_have_attribute("aria-disabled", "true")
        assert focused(widget).startswith(title), "the place is kept"
    shows(widget, titles, conclusion, link)
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_by_writing(widget: Widget) -> None:
    widget.open()
    for message in ("qui est le contact de facturation", "je suis admin du compte", "ça me dit de choisir un produit"):
        widget.say(message)
        widget.expect_quiet()
    widget.expect_answer("Il se peut que vous soyez l’administrateur de facturation")
    widget.say("la connexion est refusée")
    widget.expect_answer("vous n’êtes pas l’administrateur de facturation")
    assert len(widget.said()) == 4


def test_the_greetings_buttons_can_be_named(widget: Widget) -> None:
    widget.open()
    widget.say("le premier")
    widget.expect_answer("Où voulez-vous vérifier ?")


def test_a_wrong_click_is_put_right_by_another(widget: Widget) -> None:
    widget.open()
    for title in [*ADMIN, "La page Abonnements"]:
        widget.click(title)
    widget.expect_answer("Vous êtes l’administrateur de facturation")
    widget.click("Un message m’invite à contacter mon administrateur")
    widget.expect_answer("Vous n’êtes pas l’administrateur de facturation.")
    assert "La page Abonnements" not in " ".join(widget.chosen())


def shows(widget: Widget, titles: list[str], conclusion: str, link: str | None) -> None:
    """The conclusion is there with its link, every click is shown, and nothing twice."""
    widget.expect_answer(conclusion)
    widget.expect_quiet()
    assert widget.said() == titles
    assert [title.removesuffix(" (choisi)") for title in widget.chosen()] == titles
    answer = widget.log.locator(".bot").filter(has_text=conclusion).last
    if link:
        expect(answer.get_by_role("link", name=link).last).to_have_attribute("href", link)
        expect(answer.get_by_role("link", name=link).last).to_have_attribute("rel", "noopener noreferrer")


def go_to(widget: Widget, name: str) -> None:
    """Press Tab, or Shift and Tab from the field to write in, until the button with this name has the focus."""
    key = "Shift+Tab" if focused(widget) == "Votre message" else "Tab"
    for _ in range(60):
        widget.page.keyboard.press(key)
        if focused(widget).startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached")


def focused(widget: Widget) -> str:
    """Name of what has the focus."""
    name: str = widget.page.evaluate(
        """() => {
            let element = document.activeElement;
            while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
            return element.ariaLabel || element.labels?.[0]?.innerText || element.textContent || "";
        }"""
    )
    return plain(name)
