"""A real Chromium, for the tests of pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from scripts.widget import chromium

#: Milliseconds: how long a test waits for what must come. Machines are shared; what is slow is not wrong.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while it runs, no test of its thread can run a loop of its own (asyncio).

    Pages that a test makes up (``context.route``) have no address of their own; they may ask this machine all the same.
    """
    with chromium("--disable-features=LocalNetworkAccessChecks") as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who has never been here."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()
