"""A real Chromium, and other sites than the bot's own."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from playwright.sync_api import APIResponse, BrowserContext, Locator, Page, Route, expect

from scripts.run import DEMO, HOST, Servers, free_port
from tests.browser import PATIENCE
from tests.conftest import FRIENDLY, SECRET, Conversation, plain


class Widget:
    """The widget on a page, as its user has it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.launcher = page.get_by_role("button", name="Besoin d’aide")
        self.panel = page.get_by_role("dialog", name="Aiguilleur")
        self.input = self.panel.get_by_role("textbox", name="Votre message")
        self.log = self.panel.get_by_role("log")
        self.banner = self.panel.locator(".banner")

    def open(self) -> Widget:
        """Open the window, and wait for the greeting."""
        self.launcher.click()
        expect(self.reply("Qui est le contact de facturation ?")).to_be_visible()
        return self

    def say(self, text: str) -> None:
        """Write a message and send it."""
        self.input.fill(text)
        self.input.press("Enter")

    def reply(self, title: str) -> Locator:
        """The button with this title, in the last answer that has one."""
        return self.panel.get_by_role("button", name=re.compile(rf"^{re.escape(title).replace(chr(92) + ' ', '.')}")).last

    def click(self, title: str) -> None:
        """Click a button."""
        self.reply(title).click()

    def action(self, name: str) -> None:
        """Choose an action of the menu."""
        self.panel.get_by_role("button", name="Autres actions").click()
        self.panel.get_by_role("button", name=name).click()

    def erase(self) -> None:
        """Erase the conversation, on second thoughts."""
        self.action("Effacer la conversation")
        self.panel.get_by_role("button", name="Effacer vraiment ?").click()

    def expect_answer(self, text: str) -> None:
        """Wait until the bot says this."""
        expect(self.log.locator(".bot").filter(has_text=text).last).to_be_visible()

    def expect_quiet(self) -> None:
        """Wait until nothing is on its way."""
        expect(self.panel.locator(".typing")).to_be_hidden()
        expect(self.log.locator(".waiting")).to_have_count(0)

    def texts(self) -> list[str]:
        """All messages, as they stand on the page."""
        bubbles = self.log.locator(".message:not([hidden])").filter(has=self.page.locator(".bubble")).locator(".bubble")
        return [plain(text) for text in bubbles.all_inner_texts()]

    def said(self) -> list[str]:
        """What the user said."""
        return [plain(text) for text in self.log.locator(".user:not([hidden]) .bubble").all_inner_texts()]

    def chosen(self) -> list[str]:
        """Titles of the buttons that are shown as chosen."""
        return [plain(text) for text in self.log.locator(".reply[aria-disabled=true]").all_inner_texts()]

    @property
    def token(self) -> str:
        """The session token that the page keeps."""
        kept: dict[str, str] = self.page.evaluate("({...localStorage})")
        (token,) = kept.values()
        return token

    @property
    def conversation(self) -> str:
        """The conversation that the token is for."""
        return str(jwt.decode(self.token, SECRET, ["HS256"], audience="aiguilleur-widget")["sub"])

    def record(self, servers: Servers) -> dict[str, Any]:
        """What Rasa has on record of it."""
        return Conversation(servers.url, self.conversation).tracker()


def visit(context: BrowserContext, address: str) -> Widget:
    """The widget on a page in a tab of its own."""
    widget = Widget(context.new_page())
    widget.page.goto(address)
    return widget


class Held:
    """Holds a page's requests for a session back, as a slow network does; ``answered`` if the server has answered already."""

    def __init__(self, page: Page, answered: bool = False) -> None:
        self._page, self._answered = page, answered
        self._held: list[tuple[Route, APIResponse | None]] = []
        page.route("**/webhooks/widget/session", self._hold, times=1)

    def _hold(self, route: Route) -> None:
        self._held.append((route, route.fetch() if self._answered else None))

    def wait(self) -> None:
        """Wait until one is held."""
        for _ in range(PATIENCE // 100):
            if self._held:
                return
            self._page.wait_for_timeout(100)
        raise AssertionError("nothing was asked")

    def release(self) -> None:
        """Let it go on."""
        ((route, answer),) = self._held
        if answer:
            route.fulfill(response=answer)
        else:
            route.continue_()

    def abort(self) -> None:
        """Let it fail."""
        self._held[0][0].abort()


#: Between the browser and the server, something lets no socket pass.
NO_SOCKETS = """
window.WebSocket = class extends EventTarget {
    constructor() {
        super();
        setTimeout(() => { this.onerror?.(new Event("error")); this.onclose?.(new CloseEvent("close", {code: 1006})); });
    }
    close() {}
};
"""


def block_sockets(context: BrowserContext) -> None:
    """Leave plain requests only, from the next page on."""
    context.add_init_script(NO_SOCKETS)
    context.route("**/socket.io/**", lambda route: route.abort())


@pytest.fixture
def http_widget(context: BrowserContext, demo: str) -> Iterator[Widget]:
    """The demo page where sockets are blocked."""
    block_sockets(context)
    widget = visit(context, demo)
    yield widget
    assert demo.replace("/demo", "/session") in widget.requests


@pytest.fixture
def demo(servers: Servers) -> str:
    """Address of the demo page."""
    return servers.url + DEMO


@pytest.fixture
def widget(context: BrowserContext, demo: str) -> Iterator[Widget]:
    """The demo page; at the end, nothing has gone wrong on it, and it has asked nobody else for anything."""
    widget = visit(context, demo)
    yield widget
    host = demo.split("/")[2]
    elsewhere = [url for url in widget.requests if url.split("/")[2] != host and not url.startswith("blob:")]
    assert (widget.problems, elsewhere) == ([], [])


Site = Callable[[str], str]


@pytest.fixture(scope="session")
def sites() -> Iterator[Callable[[str], Site]]:
    """Other sites: ``sites(origin)(html)`` gives the address of a page there."""
    pages: dict[tuple[str, str], str] = {}
    running: dict[str, ThreadingHTTPServer] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get((f"http://{self.headers['Host']}", self.path))
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    def site(origin: str) -> Site:
        if origin not in running:
            running[origin] = ThreadingHTTPServer((HOST, int(origin.rsplit(":", 1)[1])), Handler)
            threading.Thread(target=running[origin].serve_forever, daemon=True).start()

        def page(html: str) -> str:
            path = f"/{len(pages)}"
            pages[origin, path] = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Site</title>{html}'
            return origin + path

        return page

    yield site
    for server in running.values():
        server.shutdown()


@pytest.fixture(scope="session")
def friendly(sites: Callable[[str], Site]) -> Site:
    """A site that the administrator lists."""
    return sites(FRIENDLY)


@pytest.fixture(scope="session")
def hostile(sites: Callable[[str], Site]) -> Site:
    """A site that nobody lists."""
    return sites(f"http://{HOST}:{free_port()}")
