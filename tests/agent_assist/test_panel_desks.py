"""What desks say, in detail: Chatwoot's messages as a transcript, and pages of our own server, which are no desk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.run import Servers
from tests.agent_assist.panel import WAITING, Framed, Panel, address, echo, pretend, site

#: What Chatwoot asks with a click on its message 3.
OPTIONS = {"items": [{"title": "Oui", "value": "button:yes"}], "submitted_values": [{"title": "Oui", "value": "button:yes"}]}
#: A time, as Chatwoot has it and as the server does.
CREATED_AT, AT = 1_763_888_400, "2025-11-23T09:00:00.000Z"


def message(**fields: Any) -> dict[str, Any]:
    """A message of a customer, as the dashboard has it (app/models/message.rb, push_event_data)."""
    sender = {"id": 1, "name": "Camille", "type": "contact"}
    shared = {"id": 3, "content": "bonjour", "created_at": CREATED_AT, "private": False, "status": "sent"}
    return {**shared, "message_type": 0, "content_type": "text", "content_attributes": {}, "sender": sender, **fields}


@pytest.fixture(scope="module")
def page(browser: Browser, servers: Servers) -> Page:
    """The panel's page, whose modules can be tried one by one."""
    page = browser.new_page()
    page.goto(address(servers, None))
    return page


def read(page: Page, conversation: Any) -> Any:
    """What is made of a conversation of Chatwoot's."""
    module = "import('/webhooks/agent_assist/chatwoot.js')"
    return page.evaluate(f"async (conversation) => (await {module}).transcriptOfChatwoot(conversation)", conversation)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, [("customer", "bonjour")]),
        ({"content": None}, [("customer", "")]),
        ({"message_type": 1, "sender": {"type": "user"}}, [("agent", "bonjour")]),
        ({"message_type": 1, "sender": {"type": "agent_bot"}}, [("bot", "bonjour")]),
        ({"message_type": 1, "sender": None}, [("agent", "bonjour")]),
        ({"message_type": 3, "sender": None}, [("bot", "bonjour")]),
        ({"message_type": 2}, []),
        ({"message_type": 1, "private": True}, []),
        ({"private": True}, []),
        ({"content_attributes": {"deleted": True}}, []),
        ({"message_type": 1, "status": "failed"}, []),
        ({"message_type": 1, "status": "progress"}, []),
        (
            {"message_type": 1, "sender": {"type": "agent_bot"}, "content_type": "input_select", "content_attributes": OPTIONS},
            [("bot", "bonjour"), ("customer", "button:yes")],
        ),
        (
            {"message_type": 1, "content_type": "input_select", "content_attributes": {"items": OPTIONS["items"]}},
            [("agent", "bonjour")],
        ),
        ({"message_type": 3, "content_type": "form", "content_attributes": OPTIONS}, [("bot", "bonjour")]),
        ({"message_type": "incoming"}, []),
    ],
    ids=str,
)
def test_a_message_of_chatwoot(given: dict[str, Any], said: list[tuple[str, str]], page: Page) -> None:
    transcript = read(page, {"id": 7, "meta": {"channel": "Channel::WebWidget"}, "messages": [message(**given)]})
    assert transcript["conversation"] == {"id": "7", "channel": "Channel::WebWidget"}
    assert [(each["author"], each["text"]) for each in transcript["messages"]] == said
    assert all(each["at"] == AT for each in transcript["messages"])
    assert [each["id"] for each in transcript["messages"]] == ["3", "3/click"][: len(said)]


def test_messages_of_chatwoot_are_put_in_order(page: Page) -> None:
    later, earlier = message(id=4, created_at=CREATED_AT + 60, content="deux"), message(content="un")
    transcript = read(page, {"id": 7, "messages": [later, None, "x", earlier, {}]})
    assert [each["text"] for each in transcript["messages"]] == ["un", "deux"]


@pytest.mark.parametrize("conversation", [{}, {"messages": None}, {"messages": {}}], ids=str)
def test_what_is_no_conversation(conversation: Any, page: Page) -> None:
    assert read(page, conversation) is None


@pytest.mark.parametrize("is_json", [True, False])
def test_a_context_of_chatwoot_as_json_or_not(is_json: bool, context: BrowserContext, servers: Servers) -> None:
    framed = Framed(context, servers).arrive()
    pretend(framed.page, echo)
    said = {"event": "appContext", "data": {"conversation": {"id": 7, "messages": [message()]}, "currentAgent": {"id": 3}}}
    framed.post(json.dumps(said) if is_json else said)
    expect(framed.first).to_contain_text("Sur bonjour")
    expect(framed.button("Copier")).to_have_class("primary")
    framed.tell(("customer", "autrement"))
    expect(framed.button("Insérer")).to_be_visible()
    framed.expect_event("displayed")


def test_it_asks_nothing_while_it_is_hidden(context: BrowserContext, servers: Servers) -> None:
    """As a dashboard app is, behind another tab of Chatwoot."""
    framed = Framed(context, servers).arrive()
    count = "received.filter((data) => data === 'chatwoot-dashboard-app:fetch-info').length"
    framed.page.wait_for_function(f"{count} >= 2")
    framed.page.evaluate("document.querySelector('iframe').style.display = 'none'")
    before = framed.page.evaluate(count)
    framed.page.wait_for_timeout(6500)
    assert framed.page.evaluate(count) == before
    framed.page.evaluate("document.querySelector('iframe').style.display = ''")
    framed.page.wait_for_function(f"{count} > {before}")


def test_a_page_of_our_own_server_is_no_desk(context: BrowserContext, servers: Servers) -> None:
    """It may show the panel, and is not listened to all the same: it is not listed."""
    transcript = {"type": "aiguilleur:transcript", "messages": [{"author": "customer", "text": "volé"}]}
    script = f"<script>setInterval(() => frames[0].postMessage({json.dumps(transcript)}, '*'), 50)</script>"
    panel = Panel(context.new_page())
    panel.root = panel.page.frame_locator("iframe")
    panel.page.goto(site(context, f'<iframe title="Aiguilleur" src="{address(servers)}"></iframe>{script}', servers.url))
    expect(panel.root.get_by_text(WAITING)).to_be_visible()
    panel.page.wait_for_timeout(800)
    assert not any(url.endswith("/suggestions") for url in panel.urls)
