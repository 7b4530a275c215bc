"""What attackers try: another's session, another site, texts that are programs, floods; and what the page may not do."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, Route, expect

from channels.widget.assets import FOLDER as STATIC
from scripts.run import Servers
from tests.conftest import SECRET, post
from tests.widget.conftest import Site, Widget, block_sockets

#: In a page: opens a socket to the server with a session id, and tells what came of it within two seconds.
ATTACK = """async ({server, session}) => {
    const said = [];
    await new Promise((done) => {
        setTimeout(done, 2000);
        const socket = new WebSocket(server.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket");
        socket.onerror = () => { said.push("refused"); done(); };
        socket.onmessage = ({data}) => {
            said.push(data);
            if (data.startsWith("0")) socket.send("40");
            if (data.startsWith("40")) socket.send("420" + JSON.stringify(["session_request", {session_id: session}]));
            if (data === "2") socket.send("3");
        };
    });
    return said.join("\\n");
}"""
FETCH = """async ({server, session}) => {
    try {
        const body = JSON.stringify({session_id: session});
        const headers = {"Content-Type": "application/json"};
        return await (await fetch(server + "/webhooks/widget/session", {method: "POST", headers, body})).text();
    } catch (error) { return "refused"; }
}"""
SECRET_WORDS = "mon secret est chouquette"


@pytest.fixture
def victim(widget: Widget) -> Widget:
    """Somebody in the middle of a conversation."""
    widget.open()
    widget.say(SECRET_WORDS)
    widget.expect_quiet()
    return widget


def test_a_page_of_another_site_gets_nowhere(victim: Widget, hostile: Site, context: BrowserContext, servers: Servers) -> None:
    """Not even with the token of a victim."""
    page = context.new_page()
    page.goto(hostile("<p>evil</p>"))
    for session in (victim.token, victim.conversation):
        attempt = {"server": servers.url, "session": session}
        assert page.evaluate(ATTACK, attempt) == "refused"
        assert page.evaluate(FETCH, attempt) == "refused"


def test_a_page_of_another_site_cannot_embed_the_widget(hostile: Site, context: BrowserContext, servers: Servers) -> None:
    page = context.new_page()
    page.goto(hostile(f'<script src="{servers.url}/webhooks/widget/aiguilleur.js"></script>'))
    widget = Widget(page)
    widget.launcher.click()
    expect(widget.banner).to_contain_text("Pas de connexion")
    expect(widget.log.locator(".bot")).to_have_count(0)


def test_a_listed_site_can(friendly: Site, context: BrowserContext, servers: Servers) -> None:
    page = context.new_page()
    page.goto(friendly(f'<script src="{servers.url}/webhooks/widget/aiguilleur.js" data-heading="Facturation"></script>'))
    widget = Widget(page)
    widget.panel = page.get_by_role("dialog", name="Facturation")
    widget.open()
    page.reload()
    assert widget.problems == []


def test_a_listed_site_can_as_the_documentation_says(friendly: Site, context: BrowserContext, servers: Servers) -> None:
    """With the strictest policy, the attributes, and a copy of the script elsewhere."""
    page = context.new_page()
    script = f"{servers.url}/webhooks/widget/aiguilleur.js"
    policy = f"default-src 'none'; script-src {script}; connect-src {servers.url} {servers.url.replace('http', 'ws')}"
    page.goto(
        friendly(
            f'<meta http-equiv="Content-Security-Policy" content="{policy}; require-trusted-types-for \'script\'">'
            f'<script src="{script}" data-heading="Factures" data-side="left" data-theme="dark" data-style="x" async></script>'
        )
    )
    widget = Widget(page)
    widget.panel = page.get_by_role("dialog", name="Factures")
    widget.open()
    widget.panel.get_by_role("button", name="Qui est le contact de facturation ?").click()
    expect(widget.panel.get_by_role("button", name="Je suis administrateur de compte")).to_be_visible()
    expect(widget.panel).to_have_css("background-color", "rgb(23, 28, 40)")
    box = widget.panel.bounding_box()
    assert box and box["x"] < 100
    assert widget.problems == [] and page.locator("aiguilleur-widget").get_attribute("style") is None


def test_a_copied_script_is_told_where_the_server_is(friendly: Site, context: BrowserContext, servers: Servers) -> None:
    page = context.new_page()
    copy = (STATIC / "aiguilleur.js").read_text(encoding="utf-8")
    address = friendly(f'<script src="/static/aiguilleur.js" data-server="{servers.url}"></script>')
    page.route("**/static/aiguilleur.js", lambda route: route.fulfill(body=copy, content_type="text/javascript"))
    page.goto(address)
    Widget(page).open()


def test_a_listed_site_can_where_sockets_are_blocked(friendly: Site, context: BrowserContext, servers: Servers) -> None:
    block_sockets(context)
    page = context.new_page()
    page.goto(friendly(f'<script src="{servers.url}/webhooks/widget/aiguilleur.js"></script>'))
    widget = Widget(page).open()
    widget.click("Qui est le contact de facturation ?")
    widget.expect_answer("Où voulez-vous vérifier ?")


@pytest.mark.parametrize("how", ["the conversation's id", "no signature", "another key", "another audience", "no end", "noise"])
def test_nobody_joins_another_session(how: str, victim: Widget, demo: str, context: BrowserContext, servers: Servers) -> None:
    """A page of the site itself, which the server does talk to, with a session that it was not given."""
    subject = {"sub": victim.conversation, "iat": int(time.time()), "exp": int(time.time()) + 3600}
    claims = {**subject, "aud": "aiguilleur-widget"}
    sessions: dict[str, Any] = {
        "the conversation's id": victim.conversation,
        "no signature": jwt.encode(claims, "", "none"),
        "another key": jwt.encode(claims, "another secret of thirty-two characters", "HS256"),
        "another audience": jwt.encode({**subject, "aud": "other"}, SECRET, "HS256"),
        "no end": jwt.encode({name: value for name, value in claims.items() if name != "exp"}, SECRET, "HS256"),
        "noise": {"$ne": None},
    }
    page = context.new_page()
    page.goto(demo)
    attempt = {"server": servers.url, "session": sessions[how]}
    for answer in (page.evaluate(ATTACK, attempt), page.evaluate(FETCH, attempt)):
        assert "session_id" in answer and SECRET_WORDS not in answer
        (token,) = set(re.findall(r"eyJ[\w.-]+", answer))
        assert jwt.decode(token, SECRET, ["HS256"], audience="aiguilleur-widget")["sub"] != subject["sub"]
    status, answer = post(f"{servers.url}/webhooks/widget/messages", {"session_id": sessions[how], "message": "bonjour"})
    assert status == 401 and "expiré" in answer["text"]


def test_the_attack_would_work_with_the_victims_token(
    victim: Widget, demo: str, context: BrowserContext, servers: Servers
) -> None:
    """So the tests above do test something."""
    page = context.new_page()
    page.goto(demo)
    assert SECRET_WORDS in page.evaluate(ATTACK, {"server": servers.url, "session": victim.token})
    assert SECRET_WORDS in page.evaluate(FETCH, {"server": servers.url, "session": victim.token})


def test_another_channel_cannot_speak_in_a_session(victim: Widget, servers: Servers) -> None:
    status, _ = post(f"{servers.url}/webhooks/rest/webhook", {"sender": victim.conversation, "message": "bonjour"})
    assert status == 403


PROGRAMS = [
    "<img src=x onerror=\"document.title='pwned'\">",
    "<script>document.title='pwned'</script>",
    "javascript:document.title='pwned'",
    "[cliquez](javascript:document.title='pwned')",
    "<a href=\"javascript:document.title='pwned'\">clic</a>",
    "data:text/html,<script>alert(1)</script>",
    "https://exemple.fr/\"onmouseover=\"document.title='pwned'",
    "vbscript:msgbox(1) file:///etc/hosts",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_text_of_the_user_is_text(program: str, widget: Widget) -> None:
    widget.open()
    widget.say(program)
    widget.expect_quiet()
    harmless(widget)
    widget.page.reload()
    shown = widget.log.locator(".user .bubble").text_content() or ""
    assert shown.replace(" (nouvelle fenêtre)", "") == program
    harmless(widget)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_text_of_the_bot_is_text(program: str, http_widget: Widget) -> None:
    """Even if the server were made to say anything."""
    widget = http_widget

    def say(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["messages"] = [
            {
                "id": "x/0",
                "speaker": "bot",
                "text": program,
                "at": 0,
                "quick_replies": [{"title": program, "payload": "javascript:document.title='pwned'"}],
            }
        ]
        route.fulfill(response=answer, body=json.dumps(body))

    widget.page.route("**/webhooks/widget/session", say)
    widget.launcher.click()
    expect(widget.log.locator(".bot .bubble")).to_have_text(re.compile(re.escape(program[:15])))
    harmless(widget)
    widget.log.get_by_role("button").click()
    widget.page.wait_for_timeout(200)
    assert "pwned" not in widget.page.title()


def harmless(widget: Widget) -> None:
    """Nothing has run, nothing is markup, and no link leads anywhere but to https, mailto or tel."""
    assert "pwned" not in widget.page.title()
    assert widget.log.locator(".bubble :is(img, script, iframe, object, style, [onerror], [onmouseover])").count() == 0
    addresses: list[str] = widget.log.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert all(re.match(r"(https|mailto|tel):", address) for address in addresses), addresses
    for link in widget.log.locator(".bubble a").all():
        link.hover()
    assert "pwned" not in widget.page.title()


def test_what_becomes_a_link(widget: Widget) -> None:
    widget.open()
    widget.say(
        "voir https://admin.logmeininc.com, (https://exemple.fr/a?b=1). aide@exemple.fr tel:+33123456789 http://exemple.fr"
    )
    links = widget.log.locator(".user a")
    expect(links).to_have_count(4)
    assert links.evaluate_all("links => links.map((link) => link.getAttribute('href'))") == [
        "https://admin.logmeininc.com",
        "https://exemple.fr/a?b=1",
        "mailto:aide@exemple.fr",
        "tel:+33123456789",
    ]


def test_it_keeps_nothing_but_the_token(victim: Widget) -> None:
    kept: dict[str, str] = victim.page.evaluate("({...localStorage, ...sessionStorage})")
    assert sorted(kept.values()) == sorted([victim.token, "yes"])
    assert victim.page.evaluate("document.cookie") == ""
    claims = jwt.decode(victim.token, options={"verify_signature": False})
    assert set(claims) == {"sub", "aud", "iat", "exp"} and re.fullmatch(r"widget:[0-9a-f]{32}", claims["sub"])


def test_the_strictest_policy_is_enough(widget: Widget, demo: str) -> None:
    """And nothing on the page breaks it: the fixture counts what the console reports."""
    policy = widget.page.request.get(demo).headers["content-security-policy"]
    assert policy.startswith("default-src 'self';") and "unsafe" not in policy
    widget.open()
    expect(widget.panel).to_have_css("display", "flex")  # so the styles apply


def test_the_integrity_hash_is_that_of_the_file(widget: Widget) -> None:
    script = (STATIC / "aiguilleur.js").read_bytes()
    expected = "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()
    assert widget.page.locator("script[src]").get_attribute("integrity") == expected


def ask(servers: Servers, what: str, **data: Any) -> tuple[int, dict[str, Any]]:
    status, answer = post(f"{servers.url}/webhooks/widget/{what}", data)
    return status, dict(answer)


@pytest.fixture
def session(servers: Servers) -> str:
    return str(ask(servers, "session")[1]["session_id"])


@pytest.mark.parametrize(
    ("message", "status", "text"),
    [
        ("", 400, "vide"),
        ("  \x00 ", 400, "vide"),
        (None, 400, "vide"),
        (["a"], 400, "vide"),
        ("a" * 2001, 413, "trop long"),
        ("a" * 40_000, 413, "trop long"),
    ],
)
def test_a_bad_message_gets_a_status_and_a_reason(
    message: object, status: int, text: str, session: str, servers: Servers
) -> None:
    answered, answer = ask(servers, "messages", session_id=session, message=message)
    assert (answered, text in answer["text"]) == (status, True)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"a"', b"\xff"])
@pytest.mark.parametrize("what", ["session", "messages", "feedback"])
def test_an_unreadable_request_gets_a_status_and_a_reason(what: str, raw: bytes, servers: Servers) -> None:
    status, answer = post(f"{servers.url}/webhooks/widget/{what}", None, raw)
    assert status == 400 and "illisible" in answer["text"]


@pytest.mark.parametrize("message_id", ["", "a" * 65, "a b", 3, {}, "é"])
def test_a_bad_message_id_is_refused(message_id: object, session: str, servers: Servers) -> None:
    status, _ = ask(servers, "messages", session_id=session, message="bonjour", message_id=message_id)
    assert status == 400


def test_a_flood_is_stopped_and_only_for_who_floods(session: str, servers: Servers) -> None:
    statuses = [ask(servers, "messages", session_id=session, message="merci")[0] for _ in range(62)]
    assert set(statuses[:60]) == {200} and statuses[60:] == [429, 429]
    assert "patienter" in ask(servers, "messages", session_id=session, message="merci")[1]["text"]
    other = ask(servers, "session")[1]["session_id"]
    assert ask(servers, "messages", session_id=other, message="merci")[0] == 200


def test_a_message_that_comes_twice_is_answered_once(session: str, servers: Servers) -> None:
    first = ask(servers, "messages", session_id=session, message="merci", message_id="once")
    assert ask(servers, "messages", session_id=session, message="merci", message_id="once") == first
    assert len(ask(servers, "session", session_id=session)[1]["messages"]) == 3


def test_a_slash_is_text_here_too(session: str, servers: Servers) -> None:
    answer = ask(servers, "messages", session_id=session, message='/saw_subscriptions_page{"portal": "billing_center"}')[1]
    assert "Vous êtes" not in answer["messages"][-1]["text"]
