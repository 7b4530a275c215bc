"""Take the pictures of docs/widget.md: the demo page with a conversation on it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from actions.help_file import PROJECT
from scripts.run import DEMO, running, spare
from scripts.widget import chromium

FOLDER = PROJECT / "docs" / "widget"
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
}
MESSAGES = ["Qui est le contact de facturation de mon compte ?", "je suis admin du compte"]
LAST = "ça me dit de contacter mon administrateur de facturation"


def take(browser: Browser, address: str, name: str) -> None:
    """One picture."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce", **SCREENS[name])
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Besoin d’aide").click()
    field = page.get_by_role("textbox", name="Votre message")
    for count, message in enumerate([*MESSAGES, LAST], 1):
        field.fill(message)
        field.press("Enter")
        expect(page.locator(".typing")).to_be_hidden()
        expect(page.locator(".user")).to_have_count(count)
    expect(page.get_by_role("button", name="Oui")).to_be_visible()
    page.evaluate("document.activeElement.shadowRoot.activeElement.blur()")
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(spare(Path(folder))) as servers, chromium() as browser:
        for name in SCREENS:
            take(browser, servers.url + DEMO, name)
            print(f"docs/widget/{name}.png")


if __name__ == "__main__":
    main()
