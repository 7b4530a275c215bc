"""The local Chatwoot: what it tells a bot, what it takes from it, and what it finds wrong."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from tests.peers.chatwoot import Chatwoot, Conversation, Message, broken, http_error, lost, rate_limited, slow
from tests.peers.chatwoot_api import Area
from tests.peers.faults import Fault
from tests.peers.server import Server

Json = dict[str, Any]
ITEMS = [{"title": "Oui", "value": "/oui"}, {"title": "Non, je ne suis pas administrateur", "value": "/non"}]


class Receiver:
    """A bot that keeps what it is told; ``answers``: its next statuses (else 200), or seconds to wait before one."""

    def __init__(self) -> None:
        self.told: list[tuple[bytes, dict[str, str]]] = []
        self.answers: list[int | float] = []
        self.server = Server([web.post("/hook", self._take)])

    async def _take(self, request: web.Request) -> web.Response:
        self.told.append((await request.read(), dict(request.headers)))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.Response()
        return web.Response(status=answer)

    def bodies(self, *events: str) -> list[Json]:
        """The bodies of what it was told, of these kinds."""
        found: list[Json] = [json.loads(body) for body, _ in self.told]
        return [body for body in found if body["event"] in events or not events]

    def events(self) -> list[str]:
        return [body["event"] for body in self.bodies()]


@pytest.fixture(scope="module")
def peer() -> Iterator[tuple[Chatwoot, Receiver]]:
    receiver = Receiver()
    receiver.server.start()
    with Chatwoot(f"{receiver.server.url}/hook") as chatwoot:
        yield chatwoot, receiver
    receiver.server.stop()


@pytest.fixture
def receiver(peer: tuple[Chatwoot, Receiver]) -> Receiver:
    return peer[1]


@pytest.fixture
def chatwoot(peer: tuple[Chatwoot, Receiver]) -> Chatwoot:
    chatwoot, receiver = peer
    chatwoot.forget()
    chatwoot.webhooks.seconds, chatwoot.keep_pending_on_bot_failure = 5, False
    receiver.told.clear()
    receiver.answers.clear()
    return chatwoot


def call(chatwoot: Chatwoot, method: str, path: str, body: Any = None, token: str | None = "bot") -> tuple[int, Any]:
    """Status and answer of a request to the API, with the bot's token, the human's ("agent"), another one, or none."""
    tokens = {"bot": chatwoot.bot_token, "agent": chatwoot.agent_token}
    headers = {"Content-Type": "application/json"} | ({"api_access_token": tokens.get(token, token)} if token else {})
    address = f"{chatwoot.url}/api/v1/accounts/{chatwoot.ACCOUNT}/conversations/{path}"
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers, method=method), timeout=10) as answer:
            text, status = answer.read().decode(), answer.status
    except urllib.error.HTTPError as error:
        text, status = error.read().decode(), error.code
    return status, json.loads(text) if text.startswith(("{", "[")) else text


def post(chatwoot: Chatwoot, conversation: Conversation, token: str = "bot", **body: Any) -> tuple[int, Any]:
    return call(chatwoot, "POST", f"{conversation.id}/messages", {"content": "Bonjour", **body}, token)


def ask(chatwoot: Chatwoot, conversation: Conversation) -> Message:
    """A question of the bot's, with options."""
    assert post(chatwoot, conversation, content_type="input_select", content_attributes={"items": ITEMS})[0] == 200
    return chatwoot.answers(conversation)[-1]


def start(chatwoot: Chatwoot, text: str = "Bonjour") -> Message:
    return chatwoot.write(chatwoot.contact(), text)


# Webhooks


def test_a_webhook_is_signed_over_time_and_body(chatwoot: Chatwoot, receiver: Receiver) -> None:
    start(chatwoot, "Où est ma facture « été » & <ici> ?")
    ((body, headers),) = receiver.told
    at = headers["X-Chatwoot-Timestamp"]
    expected = hmac.new(chatwoot.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Chatwoot-Signature"] == f"sha256={expected}" and abs(time.time() - int(at)) < 5
    assert len(headers["X-Chatwoot-Delivery"]) == 36
    assert "été".encode() in body and b"\\u003cici\\u003e" in body and b"\\u0026" in body


def test_a_message_is_told_as_chatwoot_does(chatwoot: Chatwoot, receiver: Receiver) -> None:
    contact = chatwoot.contact("Hugo Petit")
    message = chatwoot.write(contact, "Bonjour")
    (body,) = receiver.bodies()
    kept = ("event", "id", "content", "content_type", "message_type", "private", "source_id", "content_attributes")
    assert [body[key] for key in kept] == [
        *("message_created", message.id, "Bonjour", "text", "incoming", False, None),
        {"in_reply_to": None},
    ]
    assert body["created_at"].endswith("Z") and "attachments" not in body
    assert body["sender"]["name"] == "Hugo Petit" and "type" not in body["sender"]
    assert body["inbox"] == {"id": 12, "name": "Site web"} and body["account"]["id"] == chatwoot.ACCOUNT
    conversation = body["conversation"]
    assert (conversation["id"], conversation["status"]) == (message.conversation.id, "pending")
    assert conversation["meta"]["sender"]["type"] == "contact" and conversation["meta"]["assignee"] is None
    assert conversation["contact_inbox"]["source_id"] == contact.source_id
    assert conversation["messages"][0]["id"] == message.id and conversation["messages"][0]["message_type"] == 0
    assert conversation["unread_count"] == 1 and conversation["channel"] == "Channel::WebWidget"


def test_files_come_without_content(chatwoot: Chatwoot, receiver: Receiver) -> None:
    chatwoot.write(chatwoot.contact(), files=("facture.pdf", "écran.png"))
    (body,) = receiver.bodies()
    assert body["content"] is None
    assert [attachment["file_type"] for attachment in body["attachments"]] == ["file", "image"]


def test_customers_stay_in_their_conversation(chatwoot: Chatwoot) -> None:
    camille, hugo = chatwoot.contact("Camille"), chatwoot.contact("Hugo")
    first, other, second = chatwoot.write(camille, "a"), chatwoot.write(hugo, "b"), chatwoot.write(camille, "c")
    assert first.conversation is second.conversation is not other.conversation
    assert [message.content for message in chatwoot.messages(first.conversation)] == ["a", "c"]


def test_the_bot_hears_of_its_own_messages_and_of_agents(chatwoot: Chatwoot, receiver: Receiver) -> None:
    conversation = start(chatwoot).conversation
    post(chatwoot, conversation, content="Je suis un robot")
    chatwoot.idle()
    chatwoot.takes_over(conversation)
    chatwoot.reply(conversation, "Bonjour, Hélène à l’appareil")
    chatwoot.note(conversation, "À rappeler")
    heard = [(body["sender"].get("type"), body["private"], body["message_type"]) for body in receiver.bodies("message_created")]
    assert heard == [
        (None, False, "incoming"),
        ("agent_bot", False, "outgoing"),
        ("user", False, "outgoing"),
        ("user", True, "outgoing"),
    ]


def test_the_bot_hears_of_customers_whoever_has_the_conversation(chatwoot: Chatwoot, receiver: Receiver) -> None:
    message = start(chatwoot)
    chatwoot.takes_over(message.conversation)
    chatwoot.write(message.conversation.contact, "Allô ?")
    assert receiver.bodies("message_created")[-1]["conversation"]["status"] == "open"


def test_changes_of_the_status_are_told(chatwoot: Chatwoot, receiver: Receiver) -> None:
    conversation = start(chatwoot).conversation
    receiver.told.clear()
    chatwoot.takes_over(conversation)
    assert receiver.events() == [f"conversation_{what}" for what in ("opened", "status_changed", "updated", "updated")]
    opened, changed, *_ = receiver.bodies()
    assert (opened["id"], opened["status"], opened["messages"][0]["content"]) == (conversation.id, "open", "Bonjour")
    assert changed["changed_attributes"] == [{"status": {"previous_value": "pending", "current_value": "open"}}]
    assert receiver.bodies()[-1]["meta"]["assignee"]["name"] == "Hélène Roux"
    receiver.told.clear()
    chatwoot.gives_back(conversation)
    assert receiver.events() == ["conversation_status_changed", "conversation_updated"]
    receiver.told.clear()
    chatwoot.resolves(conversation)
    assert receiver.events()[0] == "conversation_resolved" and chatwoot.status(conversation) == "resolved"


def test_a_resolved_conversation_waits_for_the_bot_again_when_the_customer_writes(chatwoot: Chatwoot, receiver: Receiver) -> None:
    message = start(chatwoot)
    chatwoot.resolves(message.conversation)
    receiver.told.clear()
    assert chatwoot.write(message.conversation.contact, "Encore moi").conversation is message.conversation
    assert chatwoot.status(message.conversation) == "pending"
    assert receiver.events()[0] == "conversation_status_changed" and receiver.events()[-1] == "message_created"


def test_an_open_widget_is_told(chatwoot: Chatwoot, receiver: Receiver) -> None:
    contact = chatwoot.contact()
    chatwoot.opens_widget(contact)
    (body,) = receiver.bodies("webwidget_triggered")
    assert body["source_id"] == contact.source_id and body["current_conversation"] is None


# A bot that does not take what it is told


@pytest.mark.parametrize("status", [429, 500])
def test_a_webhook_is_tried_again_under_the_same_id(status: int, chatwoot: Chatwoot, receiver: Receiver) -> None:
    receiver.answers += [status, status]
    conversation = start(chatwoot).conversation
    assert [delivery.status for delivery in chatwoot.deliveries] == [status, status, 200]
    assert len({headers["X-Chatwoot-Delivery"] for _, headers in receiver.told}) == 1
    assert len({body for body, _ in receiver.told}) == 1
    assert chatwoot.status(conversation) == "pending"


@pytest.mark.parametrize(("answers", "tries"), [([500, 500, 500], 3), ([503], 1), ([401], 1), ([404], 1)])
def test_humans_get_what_the_bot_does_not_take(answers: list[int], tries: int, chatwoot: Chatwoot, receiver: Receiver) -> None:
    receiver.answers += answers
    conversation = start(chatwoot).conversation
    assert receiver.events()[:tries] == ["message_created"] * tries
    assert receiver.events()[tries:] == ["conversation_opened", "conversation_status_changed", "conversation_updated"]
    assert chatwoot.status(conversation) == "open" and conversation.messages[-1].message_type == "activity"
    assert [message.content for message in chatwoot.messages(conversation)] == ["Bonjour"]


def test_humans_get_what_the_bot_takes_too_late(chatwoot: Chatwoot, receiver: Receiver) -> None:
    chatwoot.webhooks.seconds = 0.2
    receiver.answers.append(1.0)
    assert chatwoot.status(start(chatwoot).conversation) == "open"
    assert len(chatwoot.problems) == 1 and "no answer to a webhook" in chatwoot.problems[0]


def test_humans_get_a_conversation_when_the_bot_is_down(chatwoot: Chatwoot) -> None:
    url = chatwoot.app_url
    chatwoot.app_url = "http://127.0.0.1:9/hook"
    try:
        assert chatwoot.status(start(chatwoot).conversation) == "open"
    finally:
        chatwoot.app_url = url


def test_a_failure_changes_nothing_where_it_is_not_the_bot_s_turn(chatwoot: Chatwoot, receiver: Receiver) -> None:
    message = start(chatwoot)
    receiver.answers += [503, 503, 503]
    chatwoot.gives_back(message.conversation)
    chatwoot.resolves(message.conversation)
    assert chatwoot.status(message.conversation) == "resolved", "only messages that are not taken open a conversation"


def test_an_account_may_keep_failures_from_opening(chatwoot: Chatwoot, receiver: Receiver) -> None:
    chatwoot.keep_pending_on_bot_failure = True
    receiver.answers.append(404)
    assert chatwoot.status(start(chatwoot).conversation) == "pending"


# Forged and repeated webhooks


def test_a_webhook_can_be_forged(chatwoot: Chatwoot, receiver: Receiver) -> None:
    body = chatwoot.body(start(chatwoot))
    receiver.answers += [200, 401]
    assert chatwoot.deliver(body).status == 200
    forged = chatwoot.deliver(body, secret="guessed", timestamp=12, headers={"X-Chatwoot-Delivery": None, "X-More": "1"})
    assert forged.status == 401
    raw, headers = receiver.told[-1]
    assert headers["X-Chatwoot-Timestamp"] == "12" and "X-Chatwoot-Delivery" not in headers and headers["X-More"] == "1"
    assert headers["X-Chatwoot-Signature"] == chatwoot.webhooks.sign("12", raw, "guessed")
    assert headers["X-Chatwoot-Signature"] != chatwoot.webhooks.sign("12", raw)
    assert chatwoot.deliver(b"{not json").status == 200


def test_a_webhook_can_come_again(chatwoot: Chatwoot, receiver: Receiver) -> None:
    message = start(chatwoot)
    assert chatwoot.redeliver(message).status == 200
    (first, headers), (second, again) = receiver.told
    assert first == second and headers["X-Chatwoot-Delivery"] == again["X-Chatwoot-Delivery"]


# The API


def test_the_bot_posts_answers_and_notes(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    status, answer = post(chatwoot, conversation, content="Votre contact est…", message_type="outgoing", private=False)
    assert status == 200 and answer["message_type"] == 1 and answer["sender"]["type"] == "agent_bot"
    assert (answer["content"], answer["conversation_id"]) == ("Votre contact est…", conversation.id)
    post(chatwoot, conversation, content="Pour l’agent", private=True)
    assert [message.content for message in chatwoot.wait_for(conversation)] == ["Votre contact est…"]
    assert [message.content for message in chatwoot.messages(conversation)] == ["Bonjour", "Votre contact est…"]
    assert [message.content for message in chatwoot.notes(conversation)] == ["Pour l’agent"]
    assert chatwoot.problems == []


def test_the_bot_reads_a_conversation_but_not_its_messages(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    status, answer = call(chatwoot, "GET", str(conversation.id))
    assert status == 200 and (answer["id"], answer["status"]) == (conversation.id, "pending")
    denied = {"error": "Access to this endpoint is not authorized for bots"}
    assert call(chatwoot, "GET", f"{conversation.id}/messages") == (401, denied)
    assert len(chatwoot.problems) == 1
    chatwoot.api.bot_may.discard("show")
    try:
        assert call(chatwoot, "GET", str(conversation.id)) == (401, denied)
    finally:
        chatwoot.api.bot_may.add("show")


def test_a_human_reads_twenty_messages_at_a_time(chatwoot: Chatwoot) -> None:
    message = start(chatwoot, "0")
    for number in range(1, 25):
        chatwoot.note(message.conversation, str(number))
    _, answer = call(chatwoot, "GET", f"{message.conversation.id}/messages", token="agent")
    assert [one["content"] for one in answer["payload"]] == [str(number) for number in range(5, 25)]
    before = answer["payload"][0]["id"]
    _, answer = call(chatwoot, "GET", f"{message.conversation.id}/messages?before={before}", token="agent")
    assert [one["content"] for one in answer["payload"]] == [str(number) for number in range(5)]
    assert answer["meta"]["contact"]["type"] == "contact" and answer["payload"][0]["message_type"] == 0


def test_tokens_and_addresses_must_be_right(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    assert post(chatwoot, conversation, token="guessed") == (401, {"error": "Invalid Access Token"})
    status, answer = call(chatwoot, "GET", str(conversation.id), token=None)
    assert status == 401 and answer["errors"] == ["You need to sign in or sign up before continuing."]
    assert call(chatwoot, "GET", "999") == (404, {"error": "Resource could not be found"})
    assert call(chatwoot, "POST", f"{conversation.id}/mute", {})[0] == 404
    assert call(chatwoot, "POST", f"{conversation.id}/messages", b"{no")[0] == 400
    assert len(chatwoot.problems) == 5 and len(chatwoot.calls) == 5


def test_the_bot_hands_over(chatwoot: Chatwoot, receiver: Receiver) -> None:
    conversation = start(chatwoot).conversation
    status, answer = call(chatwoot, "POST", f"{conversation.id}/toggle_status", {"status": "open"})
    assert status == 200 and answer["payload"]["current_status"] == "open" and answer["payload"]["success"] is None
    chatwoot.idle()
    assert "conversation_opened" in receiver.events() and conversation.assignee is None
    assert call(chatwoot, "POST", f"{conversation.id}/toggle_status", {"status": "resolved"})[1]["payload"]["success"] is True
    assert chatwoot.problems == []
    assert call(chatwoot, "POST", f"{conversation.id}/toggle_status", {"status": "closed"})[0] == 500
    assert call(chatwoot, "POST", f"{conversation.id}/toggle_status", {})[0] == 200
    assert len(chatwoot.problems) == 2


def test_a_human_who_opens_a_conversation_gets_it(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    call(chatwoot, "POST", f"{conversation.id}/toggle_status", {"status": "open"}, token="agent")
    assert conversation.assignee is chatwoot.agent


def test_the_bot_shows_that_it_writes(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    assert call(chatwoot, "POST", f"{conversation.id}/toggle_typing_status", {"typing_status": "on"}) == (200, "")
    assert chatwoot.problems == []
    call(chatwoot, "POST", f"{conversation.id}/toggle_typing_status", {"typing_status": "typing"})
    assert len(chatwoot.problems) == 1


def test_answering_out_of_turn_is_a_problem(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    chatwoot.takes_over(conversation)
    assert post(chatwoot, conversation, private=True)[0] == 200 and chatwoot.problems == []
    assert post(chatwoot, conversation, token="agent")[0] == 200 and chatwoot.problems == []
    assert post(chatwoot, conversation)[0] == 200
    assert len(chatwoot.problems) == 1 and "not the bot's turn" in chatwoot.problems[0]


# Options


def test_a_choice_comes_back(chatwoot: Chatwoot, receiver: Receiver) -> None:
    conversation = start(chatwoot).conversation
    question = ask(chatwoot, conversation)
    assert question.titles == ["Oui", "Non, je ne suis pas administrateur"] and question.chosen is None
    count = len(conversation.messages)
    chatwoot.choose(question, "/non")
    (body,) = receiver.bodies("message_updated")
    assert body["id"] == question.id and body["message_type"] == "outgoing" and body["sender"]["type"] == "agent_bot"
    assert body["content_attributes"] == {"items": ITEMS, "submitted_values": [ITEMS[1]]}
    assert len(conversation.messages) == count, "no message of its own"
    assert question.titles == [] and question.chosen == "Non, je ne suis pas administrateur"
    with pytest.raises(AssertionError, match="nothing left"):
        chatwoot.choose(question, "/oui")
    with pytest.raises(AssertionError, match="is not in"):
        chatwoot.choose(question, "/peut-être")


def test_what_tests_mostly_do(chatwoot: Chatwoot) -> None:
    contact = chatwoot.contact()
    conversation = chatwoot.write(contact, "Bonjour").conversation
    timer = threading.Timer(0.3, post, (chatwoot, conversation))
    timer.start()
    (answer,) = chatwoot.say(contact, "Toujours là ?")
    timer.join()
    question = ask(chatwoot, conversation)
    timer = threading.Timer(0.3, post, (chatwoot, conversation), {"content": "Noté"})
    timer.start()
    (noted,) = chatwoot.press(question, "Oui")
    assert (answer.content, noted.content, question.chosen) == ("Bonjour", "Noté", "Oui")
    timer.join()
    with pytest.raises(AssertionError, match="not within"):
        chatwoot.wait_for(conversation, 9, seconds=0.1)


# What is refused, and what is wrong all the same


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"message_type": "incoming"}, "Incoming messages are only allowed in Api inboxes"),
        ({"content_type": "buttons"}, "'buttons' is not a valid content_type"),
        ({"message_type": "answer"}, "'answer' is not a valid message_type"),
        ({"content": "é" * 150_001}, "Validation failed: Content is too long (maximum is 150000 characters)"),
        (
            {"content_type": "input_select", "content_attributes": {"items": []}},
            "Validation failed: Content attributes At least one item is required.",
        ),
        (
            {"content_type": "input_select", "content_attributes": {"items": [{"title": "a", "payload": "/a"}]}},
            "Validation failed: Content attributes contains invalid keys for items : [:payload]",
        ),
        ({"content_type": "input_select"}, "undefined method `reject' for nil:NilClass"),
        (
            {"content_type": "cards", "content_attributes": {"items": [{"title": "a"}]}},
            "Validation failed: Content attributes contains items missing actions",
        ),
    ],
)
def test_what_cannot_be_saved_is_refused(body: Json, error: str, chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    assert post(chatwoot, conversation, **body) == (422, {"error": error})
    assert chatwoot.answers(conversation) == [] and len(chatwoot.problems) == 1


def test_too_many_messages_in_a_minute_are_refused(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    conversation.messages *= 200
    assert post(chatwoot, conversation) == (422, {"error": "Validation failed: Too many messages"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"content": ""}, "no content"),
        ({"content": None, "content_type": "input_select", "content_attributes": {"items": ITEMS}}, "no content"),
        ({"content_type": "input_select", "content_attributes": {"items": [{"title": "Oui"}]}}, "has no value"),
        ({"content_type": "input_select", "content_attributes": {"items": [ITEMS[0], ITEMS[0]]}}, "same title"),
        ({"private": True, "content_type": "input_select", "content_attributes": {"items": ITEMS}}, "in a note"),
        ({"text": "Bonjour"}, "nobody reads"),
        ({"content_attributes": {"items": ITEMS}}, "items in text"),
        ({"private": "true"}, "private is"),
    ],
)
def test_what_is_of_no_use_is_a_problem(body: Json, words: str, chatwoot: Chatwoot) -> None:
    assert post(chatwoot, start(chatwoot).conversation, **body)[0] == 200
    assert any(words in problem for problem in chatwoot.problems), chatwoot.problems


def test_articles_are_taken(chatwoot: Chatwoot) -> None:
    items = [{"title": "Contact de facturation", "description": "Aide", "link": "https://aide.invalid/1"}]
    conversation = start(chatwoot).conversation
    assert post(chatwoot, conversation, content_type="article", content_attributes={"items": items})[0] == 200
    assert chatwoot.answers(conversation)[0].items == items and chatwoot.problems == []


# Faults


@pytest.mark.parametrize(("fault", "status"), [(rate_limited(1), 429), (http_error(502), 502)])
def test_calls_fail_when_told_to(fault: Fault, status: int, chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    chatwoot.fail("messages", fault)
    assert post(chatwoot, conversation)[0] == status and chatwoot.answers(conversation) == []
    assert post(chatwoot, conversation)[0] == 200
    assert [made.status for made in chatwoot.calls] == [status, 200] and chatwoot.problems == []


@pytest.mark.parametrize(("fault", "kept"), [(broken(), 0), (lost(), 1)])
def test_connections_break(fault: Fault, kept: int, chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    chatwoot.fail("messages", fault)
    with pytest.raises(OSError):
        post(chatwoot, conversation)
    chatwoot.wait_until(lambda: len(chatwoot.answers(conversation)) == kept)


@pytest.mark.parametrize(("area", "path"), [("status", "toggle_status"), ("typing", "toggle_typing_status")])
def test_each_area_fails_for_itself(area: Area, path: str, chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    chatwoot.fail(area, http_error(500))
    body = {"status": "open", "typing_status": "on"}
    assert post(chatwoot, conversation)[0] == 200
    assert [call(chatwoot, "POST", f"{conversation.id}/{path}", body)[0] for _ in range(2)] == [500, 200]


def test_answers_are_slow(chatwoot: Chatwoot) -> None:
    conversation = start(chatwoot).conversation
    chatwoot.fail("messages", slow(0.3))
    begun = time.monotonic()
    assert post(chatwoot, conversation)[0] == 200 and time.monotonic() - begun >= 0.3


def test_in_an_outage_connections_are_refused_and_webhooks_go_out(chatwoot: Chatwoot, receiver: Receiver) -> None:
    with chatwoot.outage():
        conversation = start(chatwoot).conversation
        with pytest.raises(urllib.error.URLError):
            post(chatwoot, conversation)
    assert receiver.events() == ["message_created"] and post(chatwoot, conversation)[0] == 200


def test_a_bot_without_an_address_is_told_nothing() -> None:
    with Chatwoot() as chatwoot:
        assert chatwoot.status(start(chatwoot).conversation) == "pending" and chatwoot.deliveries == []
