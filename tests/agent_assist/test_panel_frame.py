"""In a frame: desks that speak our protocol, Chatwoot, and those who should not be listened to."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from scripts.run import Servers
from tests.agent_assist.panel import (
    HOSTILE,
    SUGGESTIONS,
    WAITING,
    WRONG_PLACE,
    Framed,
    Panel,
    address,
    answer,
    echo,
    pretend,
    site,
    suggestion,
)
from tests.agent_assist.test_panel_live import Held, fulfil
from tests.conftest import AGENT_TOKEN, FRIENDLY
from tests.widget.test_security import PROGRAMS

#: A page of Chatwoot, as DashboardApp/Frame.vue does it: it answers, and says nothing by itself.
CHATWOOT = """<script>
    const messages = [];
    const say = (message_type, content, more) => messages.push({id: messages.length, message_type, content, ...more});
    let asked = 0;
    addEventListener("message", ({data}) => {
        if (data !== "chatwoot-dashboard-app:fetch-info") return;
        asked++;
        const conversation = {id: 7, meta: {channel: "Channel::WebWidget"}, messages};
        const context = {conversation, contact: {id: 1}, currentAgent: {id: 3, name: "Léa"}};
        tell(JSON.stringify({event: "appContext", data: context}));
    });
</script>"""


@pytest.fixture
def framed(context: BrowserContext, servers: Servers) -> Framed:
    """The panel on a desk that has said nothing yet."""
    return Framed(context, servers).arrive()


# Our protocol


def test_from_the_transcript_to_what_was_sent(framed: Framed) -> None:
    expect(framed.root.get_by_text(WAITING)).to_be_visible()
    expect(framed.root.get_by_role("log")).to_have_count(0)
    framed.tell(("customer", "Qui est le contact de facturation de mon compte ?"), ("agent", "Je regarde."))
    framed.tell(("customer", "Qui est le contact de facturation ?"), ("agent", "Où ?"), ("customer", WRONG_PLACE))
    expect(framed.conclusion).to_contain_text("compte standard, ou géré dans le portail Corporate")
    draft = framed.first.locator(".draft").evaluate("one => one.textContent").replace(" (nouvelle fenêtre)", "")
    framed.button("Insérer").click()
    expect(framed.field).to_have_value(draft)
    (inserted,) = framed.received("aiguilleur:insert")
    assert set(inserted) == {"type", "suggestion_id", "text"}
    framed.expect_event("inserted", suggestion_id=inserted["suggestion_id"])
    expect(framed.first.locator(".done")).to_have_text("Inséré")
    framed.post({"type": "aiguilleur:sent", "suggestion_id": inserted["suggestion_id"], "text": draft + " Bonne journée"})
    framed.expect_event("sent", final_text=draft + " Bonne journée", suggestion_id=inserted["suggestion_id"])
    assert framed.told() == ["inserted", "edited", "sent"]
    assert framed.problems == []


def test_what_was_not_changed_was_not_edited(framed: Framed) -> None:
    """Even if the desk trims it, or ends its lines otherwise."""
    pretend(framed.page, lambda request: answer(suggestion(reply_draft="Une ligne.\nUne autre.")))
    framed.tell(("customer", "bonjour"))
    framed.button("Insérer").click()
    framed.post({"type": "aiguilleur:sent", "suggestion_id": "sg_1", "text": "Une ligne.\r\nUne autre. "})
    framed.expect_event("sent")
    assert framed.told() == ["inserted", "sent"]


def test_conversations_are_kept_apart(framed: Framed) -> None:
    pretend(framed.page, echo)
    framed.tell(("customer", "un"))
    expect(framed.first).to_contain_text("Sur un")
    framed.button("Modifier").click()
    framed.area.fill("à moitié écrit")
    framed.tell(("customer", "deux"), conversation="c2")
    expect(framed.first).to_contain_text("Sur deux")
    expect(framed.cards).to_have_count(1)
    framed.tell(("customer", "un"))
    expect(framed.area).to_have_value("à moitié écrit")
    expect(framed.first).to_contain_text("Sur un")
    framed.tell(("agent", "bonjour"), conversation="c3")
    expect(framed.root.get_by_text(WAITING)).to_be_visible()
    expect(framed.cards).to_have_count(0)


def test_conversations_without_an_id(framed: Framed) -> None:
    """What goes on from the last transcript is the same conversation; any other is another one."""
    pretend(framed.page, echo)
    paul, more, zoe = ("customer", "Question de Paul"), ("customer", "Et puis ?"), ("customer", "Question de Zoé")

    def tell(*messages: tuple[str, str]) -> None:
        framed.post({"type": "aiguilleur:transcript", "messages": [{"author": who, "text": text} for who, text in messages]})

    tell(paul)
    framed.button("Modifier").click()
    framed.area.fill("à moitié écrit")
    tell(paul, more)
    expect(framed.cards).to_have_count(2)
    expect(framed.area).to_have_value("à moitié écrit")
    framed.page.route(SUGGESTIONS, lambda route: None)
    tell(zoe, more)
    expect(framed.cards).to_have_count(0)
    framed.page.unroute(SUGGESTIONS)
    pretend(framed.page, echo)
    tell(zoe)
    expect(framed.first).to_contain_text("Zoé")
    tell(("agent", "Bonjour Max !"))
    expect(framed.cards).to_have_count(0)
    expect(framed.root.get_by_text(WAITING)).to_be_visible()


def test_where_the_customer_has_said_nothing_there_is_nothing(framed: Framed) -> None:
    """Not even in the same conversation, whose messages were deleted; but what the agent writes is not lost."""
    pretend(framed.page, echo)
    framed.tell(("customer", "un"))
    expect(framed.cards).to_have_count(1)
    framed.tell(("agent", "Bonjour"))
    expect(framed.root.get_by_text(WAITING)).to_be_visible()
    expect(framed.cards).to_have_count(0)
    framed.tell(("customer", "un"))
    framed.button("Modifier").click()
    framed.area.fill("à moitié écrit")
    framed.tell(("agent", "Bonjour"))
    expect(framed.first.locator(".note")).to_have_text("La conversation a avancé : relisez avant d’insérer.")
    expect(framed.area).to_have_value("à moitié écrit")
    framed.page.keyboard.press("Escape")
    expect(framed.cards).to_have_count(0)


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        "{",
        "null",
        [],
        {"type": "aiguilleur:transcript"},
        {"type": "aiguilleur:transcript", "messages": "bonjour"},
        {"type": "aiguilleur:sent", "suggestion_id": 3, "text": None},
        {"event": "appContext", "data": {"conversation": None}},
    ],
    ids=str,
)
def test_what_cannot_be_read_changes_nothing(data: Any, framed: Framed) -> None:
    pretend(framed.page, echo)
    framed.post(data)
    framed.tell(("customer", "un"))
    expect(framed.first).to_contain_text("Sur un")
    framed.post(data)
    framed.settled()
    expect(framed.first).to_contain_text("Sur un")
    assert framed.problems == [] and "sent" not in framed.told()


def test_a_transcript_is_made_to_fit(framed: Framed) -> None:
    """What the server would refuse never leaves."""
    said: list[Any] = [
        {"author": "customer", "text": f"{number}" + "a" * (25_000 if number == 299 else 0)} for number in range(300)
    ]
    said += [{"author": "note", "text": "privé"}, {"author": "customer"}, None, {"author": "agent", "text": "ok", "at": "hier"}]
    with framed.page.expect_response("**/suggestions") as answered:
        framed.post({"type": "aiguilleur:transcript", "conversation": {"id": 3, "channel": "é" * 99}, "messages": said})
    assert answered.value.status == 200
    asked = json.loads(answered.value.request.post_data or "")
    assert asked["conversation"] == {"id": "3", "channel": "é" * 64} and len(asked["messages"]) == 200
    assert asked["messages"][-2:] == [{"author": "customer", "text": ""}, {"author": "agent", "text": "ok"}]


def test_long_letters_are_made_to_fit(framed: Framed) -> None:
    """Two hundred messages of an e-mail thread, which openapi.yaml allows: the oldest are left out."""
    pretend(framed.page, echo)
    with framed.page.expect_request("**/suggestions") as request:
        framed.tell(*[("agent", "é" * 10_000)] * 199, ("customer", "Qui est-ce ?"))
    assert 790_000 < len(request.value.post_data_buffer or b"") < 810_000
    asked = json.loads(request.value.post_data or "")["messages"]
    assert asked[0]["text"] == "é" * 4000 and asked[-1]["text"] == "Qui est-ce ?"
    expect(framed.first.locator(".based")).to_have_text("D’après « Qui est-ce ? »")


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("button:choose_billing_center", "D’après une réponse rapide"),
        ("button:yes", "D’après le choix « Oui »"),
        ("a" * 239 + "👩🏽‍💻 bonjour", "D’après « " + "a" * 239 + "… »"),
    ],
    ids=["a click on nobody knows what", "a click", "a long message"],
)
def test_what_the_customer_said_is_quoted(said: str, quoted: str, framed: Framed) -> None:
    replies = [{"title": "Oui", "payload": "button:yes"}]
    pretend(framed.page, lambda request: answer(suggestion(based_on=[0], quick_replies=replies)))
    framed.tell(("customer", said))
    expect(framed.first.locator(".based")).to_have_text(quoted)


# Chatwoot


def test_chatwoot(context: BrowserContext, servers: Servers) -> None:
    """Asked again and again; there, a draft is copied."""
    framed = Framed(context, servers, more=CHATWOOT).arrive()
    framed.page.evaluate("say(0, 'Qui est le contact de facturation ?'), say(1, 'Pour nous seuls', {private: true})")
    framed.page.evaluate("say(2, 'Léa a pris la conversation'), say(3, 'Bienvenue')")
    with framed.page.expect_request("**/suggestions") as request:
        expect(framed.first).to_contain_text("Question à poser")
    assert [message["author"] for message in json.loads(request.value.post_data or "")["messages"]] == ["customer", "bot"]
    expect(framed.button("Insérer")).to_have_count(0)
    expect(framed.button("Copier")).to_have_class("primary")
    with framed.page.expect_response("**/suggestions"):
        framed.page.evaluate(f"say(0, {json.dumps(WRONG_PLACE)})")
    expect(framed.conclusion).to_contain_text("compte standard")
    draft = framed.first.locator(".draft").evaluate("one => one.textContent").replace(" (nouvelle fenêtre)", "")
    framed.button("Copier").click()
    expect(framed.first.locator(".done")).to_have_text("Copié : collez-le dans votre réponse.")
    framed.expect_event("inserted")
    framed.field.focus()
    framed.page.keyboard.press("Control+V")
    expect(framed.field).to_have_value(draft)
    before = framed.page.evaluate("asked")
    framed.page.wait_for_timeout(6500)
    assert 2 <= framed.page.evaluate("asked") - before <= 3
    assert sum(url.endswith("/suggestions") for url in framed.urls) == 2, "the same conversation again asks nothing"


# Others


def test_a_site_that_is_not_listed_cannot_show_it(context: BrowserContext, servers: Servers) -> None:
    page = context.new_page()
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text))
    page.goto(site(context, f'<iframe src="{address(servers)}"></iframe>', HOSTILE))
    page.wait_for_timeout(1000)
    assert "frame-ancestors" in "".join(reports)
    expect(page.frame_locator("iframe").locator(".panel")).to_have_count(0)


@pytest.mark.parametrize("other", [f"{HOSTILE}/other", f"{FRIENDLY}/other"], ids=["unlisted", "listed"])
def test_another_frame_of_the_desk_is_not_listened_to(other: str, context: BrowserContext, servers: Servers) -> None:
    """An advertisement, say. Even one of a listed origin: only the page around the panel speaks for the desk."""
    transcript = {"type": "aiguilleur:transcript", "messages": [{"author": "customer", "text": "volé"}]}
    script = f"""<script>setInterval(() => {{
        parent.frames[0].postMessage({json.dumps(transcript)}, "*");
        parent.frames[0].postMessage({{type: "aiguilleur:sent", suggestion_id: "sg_0", text: "volé"}}, "*");
    }}, 50)</script>"""
    context.route(other, lambda route: route.fulfill(body=script, content_type="text/html"))
    framed = Framed(context, servers, more=f'<iframe title="Autre" src="{other}"></iframe>').arrive()
    pretend(framed.page, echo)
    framed.page.wait_for_timeout(800)
    expect(framed.root.get_by_text(WAITING)).to_be_visible()
    framed.tell(("customer", "vrai"))
    expect(framed.first).to_contain_text("Sur vrai")
    framed.page.wait_for_timeout(500)
    expect(framed.first).to_contain_text("Sur vrai")
    assert "sent" not in framed.told()


def test_a_window_that_opens_it_is_not_listened_to(context: BrowserContext, servers: Servers) -> None:
    page = context.new_page()
    page.goto(site(context, "<p>evil</p>", HOSTILE))
    with context.expect_page() as popup:
        page.evaluate("address => { window.other = open(address); }", address(servers))
    asked: list[str] = []
    popup.value.on("request", lambda request: asked.append(str(request.post_data)))
    panel = Panel(popup.value)
    expect(panel.first).to_be_visible()
    said = [{"author": "customer", "text": "volé"}]
    page.evaluate("said => other.postMessage({type: 'aiguilleur:transcript', messages: said}, '*')", said)
    panel.page.wait_for_timeout(500)
    assert not any("volé" in body for body in asked)


# Texts that are programs


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_text_is_text(program: str, framed: Framed) -> None:
    card = suggestion(
        title=program,
        reply_draft=program,
        links=[{"title": program, "url": "javascript:document.title='pwned'"}],
        source={"title": program, "sentences": [program], "version": program},
        missing=[{"id": "which_portal", "title": program}],
        quick_replies=[{"title": program, "payload": program}],
        based_on=[0],
    )
    pretend(framed.page, lambda request: answer(card))
    framed.tell(("customer", f"dit {program}"), conversation=program)
    expect(framed.first).to_be_visible()
    framed.first.locator("summary").click()
    shown = framed.first.locator(".draft").text_content() or ""
    assert shown.replace(" (nouvelle fenêtre)", "") == program
    panel = framed.root.locator("main")
    assert panel.locator(":is(img, script, iframe, object, style, [onerror], [onmouseover], [onload])").count() == 0
    addresses: list[str] = panel.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert all(address.startswith("https://") for address in addresses), addresses
    framed.button("Modifier").click()
    expect(framed.area).to_have_value(program)
    framed.button("Insérer").click()
    expect(framed.field).to_have_value(program)
    assert "pwned" not in framed.frame.title() + framed.page.title()
    assert framed.problems == []


# The key


def test_a_key_is_asked_for(context: BrowserContext, servers: Servers) -> None:
    framed = Framed(context, servers, token=None).arrive()
    framed.tell(("customer", "Qui est le contact de facturation ?"))
    key = framed.root.get_by_label("Clé d’accès")
    expect(key).to_be_visible()
    expect(key).to_have_attribute("type", "password")
    alert = framed.root.get_by_role("alert")
    expect(alert).to_have_count(0)
    expect(key).not_to_be_focused()
    for wrong, why in [
        (" ", "Saisissez la clé."),
        ("fausse", "Cette clé n’est pas acceptée."),
        ("é", "Cette clé n’est pas acceptée."),
    ]:
        key.fill(wrong)
        key.press("Enter")
        expect(alert).to_have_text(why)
        expect(key).to_have_attribute("aria-invalid", "true")
    expect(framed.cards).to_have_count(0)
    key.fill(f" {AGENT_TOKEN} ")
    framed.root.get_by_role("button", name="Ouvrir").click()
    expect(framed.first).to_be_visible()
    expect(key).to_be_hidden()
    expect(key).to_have_value("")
    framed.arrive()
    framed.tell(("customer", "Qui est le contact de facturation ?"))
    expect(framed.first).to_be_visible()


@pytest.mark.parametrize(
    ("status", "why"), [(401, "Cette clé n’est pas acceptée."), (403, "Cette clé ne donne pas accès aux suggestions.")]
)
def test_a_key_that_is_no_longer_accepted(status: int, why: str, framed: Framed) -> None:
    """What was suggested before stays, and so does what the agent writes."""
    pretend(framed.page, echo)
    framed.tell(("customer", "un"))
    framed.button("Modifier").click()
    framed.area.fill("à moitié")
    framed.page.route("**/suggestions", lambda route: route.fulfill(status=status, json={"error": "non"}))
    framed.tell(("customer", "un"), ("customer", "deux"))
    expect(framed.root.get_by_role("alert")).to_have_text(why)
    expect(framed.area).to_be_focused()
    expect(framed.area).to_have_value("à moitié")


@pytest.mark.parametrize(
    ("fragment", "key", "rest"),
    [
        ("token=k3y+with/base64=", "k3y+with/base64=", ""),
        ("a=1&token=k3y%2Bwith%20&b=+", "k3y+with", "#a=1&b=+"),
        ("token=100%25", "100%", ""),
        ("token=100%", "100%", ""),
        ("token=un&token=deux", "un", ""),
    ],
)
def test_any_key_works_in_the_address(fragment: str, key: str, rest: str, context: BrowserContext, servers: Servers) -> None:
    """« + » too, as « openssl rand -base64 » makes them."""
    page = context.new_page()
    page.goto(f"{address(servers, None)}#{fragment}")
    expect(page.locator(".panel")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('aiguilleur agent token')") == key
    assert page.evaluate("location.hash") == rest


def test_a_new_key_outlives_the_refusal_of_the_old_one(framed: Framed) -> None:
    """And is tried at once."""
    pretend(framed.page, echo)
    framed.tell(("customer", "un"))
    expect(framed.cards).to_have_count(1)
    held = Held(framed)
    framed.tell(("customer", "un"), ("customer", "deux"))
    held.wait(1)
    framed.frame.evaluate("key => { location.hash = 'token=' + key }", "n" * 32)
    framed.page.wait_for_timeout(200)
    held.routes[0].fulfill(status=401, json={"error": "non"})
    held.wait(2)
    assert held.routes[1].request.headers["authorization"] == "Bearer " + "n" * 32
    expect(framed.root.get_by_label("Clé d’accès")).to_be_hidden()
    fulfil(held.routes[1])
    expect(framed.first).to_contain_text("Sur deux")


def test_the_key_leaves_the_address_and_goes_nowhere_else(framed: Framed, servers: Servers) -> None:
    framed.tell(("customer", "Qui est le contact de facturation ?"))
    expect(framed.first).to_be_visible()
    framed.expect_event("displayed")
    assert framed.frame.evaluate("location.href") == address(servers, None)
    assert framed.frame.evaluate("document.cookie + JSON.stringify({...localStorage})") == "{}"
    assert not any(AGENT_TOKEN in url for url in framed.urls if "#" not in url)
    assert AGENT_TOKEN not in json.dumps(framed.page.evaluate("received"))
    assert AGENT_TOKEN not in json.dumps(framed.events)


def test_the_strictest_policy_is_enough(framed: Framed, servers: Servers) -> None:
    policy = framed.page.request.get(address(servers, None)).headers["content-security-policy"]
    assert policy.startswith("default-src 'self';") and "unsafe" not in policy
    assert re.search(r"frame-ancestors 'self' http://127\.0\.0\.1:\d+;", policy)
    expect(framed.root.locator("main")).to_have_css("display", "flex")  # so the styles apply
    assert framed.problems == []
