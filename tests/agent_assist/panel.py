"""The agents' panel as its agent has it, and answers for it that no server gave."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Frame, FrameLocator, Locator, Page, Request, Route, expect

from channels.agent_assist.schemas import check
from scripts.run import HOST, PANEL, Servers, free_port
from tests.conftest import AGENT_TOKEN, FRIENDLY, plain

SUGGESTIONS, FEEDBACK = "**/webhooks/agent_assist/suggestions", "**/webhooks/agent_assist/feedback"
WAITING = "En attente d’un message du client."
WRONG_PLACE = "au centre de facturation, ça me dit que j’ai atterri au mauvais endroit"
REFUSED = "je n’arrive pas à me connecter au portail Corporate"
#: A site that nobody lists.
HOSTILE = f"http://{HOST}:{free_port()}"

Answerer = Callable[[dict[str, Any]], dict[str, Any]]


def site(context: BrowserContext, html: str, origin: str = FRIENDLY) -> str:
    """Address of a page of another site, for the pages of a context."""
    head = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Site</title>'
    context.route(f"{origin}/", lambda route: route.fulfill(body=head + html, content_type="text/html"))
    return f"{origin}/"


class Panel:
    """The panel, alone or in a frame.

    Args:
        page: the page; its requests are watched from now on.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Page | FrameLocator = page
        self.problems: list[str] = []
        self.urls: list[str] = []
        #: What was told about suggestions, in order.
        self.events: list[dict[str, Any]] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        page.on("request", self._watch)

    def _watch(self, request: Request) -> None:
        self.urls.append(request.url)
        if request.url.endswith("/feedback") and request.method == "POST":
            self.events.append(json.loads(request.post_data or ""))

    def open(self, servers: Servers, token: str | None = AGENT_TOKEN) -> Panel:
        """Open the demo desk."""
        self.page.goto(address(servers, token))
        return self

    @property
    def frame(self) -> Frame:
        """The frame that the panel is in."""
        return self.page.frames[1]

    @property
    def cards(self) -> Locator:
        """The suggestions."""
        return self.root.get_by_role("article")

    @property
    def first(self) -> Locator:
        """The best suggestion."""
        return self.cards.first

    @property
    def conclusion(self) -> Locator:
        """The line that says what stands."""
        return self.root.locator(".conclusion")

    @property
    def banner(self) -> Locator:
        """The line that says what is wrong."""
        return self.root.locator(".banner")

    @property
    def composer(self) -> Locator:
        """Where the agent of the demo desk writes."""
        return self.root.get_by_label("Votre réponse")

    @property
    def customer(self) -> Locator:
        """Where the customer of the demo desk writes."""
        return self.root.get_by_label("Écrire à la place de la cliente")

    @property
    def log(self) -> Locator:
        """The conversation of the demo desk."""
        return self.root.get_by_role("log")

    @property
    def area(self) -> Locator:
        """The draft, while it is edited."""
        return self.root.get_by_role("textbox", name="Réponse à envoyer")

    def ask(self, text: str) -> None:
        """Write as the customer, and wait until the answer to that is shown."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/suggestions") and answer.ok):
            self.customer.fill(text)
            self.customer.press("Enter")
        self.settled()

    def settled(self) -> None:
        """Wait until what was answered stands on the page."""
        self.page.wait_for_timeout(150)

    def button(self, name: str, card: int = 0) -> Locator:
        """A button of a card."""
        return self.cards.nth(card).get_by_role("button", name=name, exact=True)

    def expect_event(self, event: str, **fields: Any) -> dict[str, Any]:
        """Wait until something was told about a suggestion; the last that fits."""
        for _ in range(100):
            for told in reversed(self.events):
                if told["event"] == event and all(told.get(name) == value for name, value in fields.items()):
                    return told
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{event} was not told, but {self.events}")

    def told(self) -> list[str]:
        """Which events were told, in order, but for what was displayed."""
        return [told["event"] for told in self.events if told["event"] != "displayed"]

    def heard(self) -> list[str]:
        """What a screen reader has said by itself in the last 15 seconds."""
        self.page.wait_for_timeout(200)
        return [plain(text) for text in self.root.locator("[role=status] p").all_text_contents()]

    def focused(self) -> str:
        """Name of what has the focus."""
        name: str = self.page.evaluate(
            "(({activeElement: one}) => one.ariaLabel || one.labels?.[0]?.textContent || one.textContent)(document)"
        )
        return plain(name)


def address(servers: Servers, token: str | None = AGENT_TOKEN) -> str:
    """Address of the panel, with a token."""
    return f"{servers.url}{PANEL}" + (f"#token={token}" if token else "")


def opened(context: BrowserContext, servers: Servers) -> Panel:
    """The demo desk in a tab of its own, once it has a suggestion."""
    panel = Panel(context.new_page()).open(servers)
    expect(panel.first).to_be_visible()
    return panel


#: A desk with the panel in a frame: what that says is kept, and what it inserts goes into a field.
DESK = """
<style>body { margin: 0; display: grid; min-height: 100vh; } iframe { width: 100%%; height: 85vh; border: 0; }</style>
<iframe title="Aiguilleur" src="%s"></iframe>
<label>Réponse <textarea></textarea></label>
<script>
    const received = [];
    addEventListener("message", ({source, data}) => {
        if (source !== frames[0]) return;
        received.push(data);
        if (data.type !== "aiguilleur:insert") return;
        document.querySelector("textarea").value = data.text;
        document.querySelector("textarea").focus();
    });
    const tell = (data) => frames[0].postMessage(data, "*");
</script>
"""


class Framed(Panel):
    """The panel in a frame of another site's page, and that page.

    Args:
        context: where to open it.
        servers: the panel's.
        token: in its address.
        more: what else the page has.
    """

    def __init__(self, context: BrowserContext, servers: Servers, token: str | None = AGENT_TOKEN, more: str = "") -> None:
        super().__init__(context.new_page())
        self.root = self.page.frame_locator("iframe").first
        self._address = site(context, DESK % address(servers, token) + more)

    def arrive(self) -> Framed:
        """Open the page, and wait until the panel is ready."""
        self.page.goto(self._address)
        self.page.wait_for_function("received.some(({type}) => type === 'aiguilleur:ready')")
        return self

    def tell(self, *messages: tuple[str, str], conversation: str = "c1") -> None:
        """Say what was said, by (author, text)."""
        listed = [{"id": str(index), "author": author, "text": text} for index, (author, text) in enumerate(messages)]
        about = {"conversation": {"id": conversation, "channel": "test"}, "messages": listed}
        self.post({"type": "aiguilleur:transcript", **about})

    def post(self, data: Any) -> None:
        """Say anything to the panel."""
        self.page.evaluate("data => tell(data)", data)

    def received(self, kind: str) -> list[dict[str, Any]]:
        """What the panel has said, of one kind."""
        found: list[dict[str, Any]] = self.page.evaluate("kind => received.filter(({type}) => type === kind)", kind)
        return found

    @property
    def field(self) -> Locator:
        """Where the agent writes."""
        return self.page.get_by_label("Réponse", exact=True)


def suggestion(**fields: Any) -> dict[str, Any]:
    """A suggestion, as the server describes it."""
    return {
        "id": "sg_1",
        "kind": "answer",
        "title": "C’est l’administrateur de facturation",
        "conclusion": None,
        "row": None,
        "confidence": 0.98,
        "confidence_level": "HIGH",
        "reply_draft": "Vous êtes l’administrateur de facturation.",
        "links": [],
        "source": {"title": "Page d’aide", "sentences": ["Une phrase."], "version": "0123abcd"},
        "missing": [],
        "quick_replies": [],
        "based_on": [],
        **fields,
    }


def answer(*suggestions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An answer with suggestions; what the description does not allow is refused here."""
    whole = {
        "request_id": "r",
        "suggestions": list(suggestions),
        "abstained": False,
        "conclusion": None,
        "row": None,
        "missing": [],
        "model": "m",
        **fields,
    }
    check(whole, "Suggestions")
    return whole


def pretend(page: Page, answerer: Answerer) -> None:
    """Answer in the server's place; its feedback is taken as well."""

    def fulfil(route: Route) -> None:
        route.fulfill(json=answerer(json.loads(route.request.post_data or "")))

    page.route(SUGGESTIONS, fulfil)
    page.route(FEEDBACK, lambda route: route.fulfill(json={"kept": True}))


def echo(request: dict[str, Any]) -> dict[str, Any]:
    """An answer that says what was asked about: the last message, in the title and the draft."""
    last = len(request["messages"]) - 1
    text = request["messages"][last]["text"]
    return answer(suggestion(id=f"sg_{last}", title=f"Sur {text}", reply_draft=f"Réponse à {text}", based_on=[last]))
