"""Bad and strange input: a polite answer in French, and nothing lost."""

from __future__ import annotations

import pytest

from scripts.run import Servers
from tests.conftest import Conversation, post

TROUBLE = "Je n’arrive pas à répondre"


@pytest.mark.parametrize(
    "message",
    [
        "/saw_subscriptions_page",
        '/saw_subscriptions_page{"portal": "billing_center"}',
        "/restart",
        "/back",
        "/session_start",
        "/saw_subscriptions_page@1.0",
        '  /choose_billing_center{"conclusion": "billing_admin"}',
        "//restart",
        "/",
    ],
)
def test_a_typed_slash_is_no_command(message: str, talk: Conversation) -> None:
    talk.tell("button:choose_billing_center", "button:billing_center_wrong_place")
    before = talk.tracker()["slots"]
    reply = talk.say(message)
    assert reply.text and TROUBLE not in reply.text
    after = talk.tracker()["slots"]
    assert {name: after[name] for name in ("conclusion", "portal")} == {name: before[name] for name in ("conclusion", "portal")}


def test_a_slash_before_a_sentence_is_only_a_slash(talk: Conversation) -> None:
    talk.tell("button:choose_billing_center", "/ je suis sur la page Abonnements")
    assert talk.conclusion == "billing_admin"


@pytest.mark.parametrize("message", ["button:", "button:nothing", "button:../../etc", "button:saw_subscriptions_page/nowhere"])
def test_an_unknown_button_is_text(message: str, talk: Conversation) -> None:
    assert TROUBLE not in talk.say(message).text
    assert talk.conclusion is None


@pytest.mark.parametrize("message", ["", "   \n\t ", "\x00", "\u200b", None, 3, {}, []])
def test_an_empty_message_is_answered(message: object, servers: Servers) -> None:
    status, answer = post(f"{servers.url}/webhooks/rest/webhook", {"sender": "empty", "message": message})
    assert status == 200
    assert answer[0]["text"].startswith("Votre message est vide")


def test_a_message_that_is_too_long_is_answered(talk: Conversation) -> None:
    talk.tell("button:choose_billing_center", "button:billing_center_subscriptions")
    reply = talk.say("J'ai un souci. " * 334)
    assert "trop long" in reply.text
    assert talk.conclusion == "billing_admin"


@pytest.mark.parametrize(
    "message",
    [
        "🙂",
        "😡😡😡👍🏽",
        "Who is the billing contact of my account?",
        "Hello, could you please help me with the weather?",
        '{"',
        "}{",
        "{0[conclusion]} {link} {portal}",
        "%s %(x)s \\",
        "<script>alert(1)</script>",
        "؟؟؟ مرحبا",
        "a" * 1900,
        "?!…",
        "42",
        "\ud800 perdu",
        "Je vois\u2028la page\x07 Abonnements",
    ],
)
def test_strange_messages_get_a_polite_answer_in_french(message: str, talk: Conversation) -> None:
    reply = talk.say(message)
    assert reply.text and TROUBLE not in reply.text
    assert "Traceback" not in reply.text and "{excerpt}" not in reply.text and "_url}" not in reply.text
    assert talk.say("Qui est le contact de facturation ?").buttons, "the conversation goes on"


@pytest.mark.parametrize("sender", [None, "", "a" * 129, "nul\x00", "\ud800", "a b", 12, {}])
def test_a_bad_sender_is_refused_and_the_server_lives(sender: object, servers: Servers) -> None:
    status, answer = post(f"{servers.url}/webhooks/rest/webhook", {"sender": sender, "message": "bonjour"})
    assert status == 400 and "sender" in answer["error"]
    assert Conversation(servers.url).say("bonjour").text


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_message_is_refused(raw: bytes, servers: Servers) -> None:
    status, answer = post(f"{servers.url}/webhooks/rest/webhook", None, raw=raw)
    assert status == 400 and answer["error"]


def test_a_click_is_remembered_by_its_title(talk: Conversation) -> None:
    talk.say("button:choose_billing_center")
    said = [event["text"] for event in talk.tracker()["events"] if event["event"] == "user"]
    assert said == ["Aller au centre de facturation"]
