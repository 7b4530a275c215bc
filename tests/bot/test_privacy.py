"""What people should not have written is kept nowhere, over REST and in the widget; who sends a password is told once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import socketio

from scripts.run import Servers
from tests.conftest import TALKATIVE, Conversation, leaks, pair, plain, post, without_actions

WARNING = "Ne m’envoyez jamais de mot de passe"
PASSWORD, OTHER_PASSWORD, THIRD_PASSWORD = "Soleil2024!", "Lune2025", "Etoile2026"
SAID = {
    "4111 1111 1111 1111": "card",
    "FR76 3000 6000 0112 3456 7890 189": "iban",
    "jean.dupont@exemple.fr": "e-mail",
    "44332211": "user_id",
    "06 98 76 54 32": "phone",
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers that log all they can."""
    with pair(tmp_path_factory.mktemp("privacy"), TALKATIVE) as started:
        yield started


def heard(talk: Conversation) -> list[dict[str, Any]]:
    """What the user said, on record."""
    return [event for event in talk.tracker()["events"] if event["event"] == "user"]


def test_a_password_is_kept_nowhere_and_the_answer_is_the_usual_one(servers: Servers, talk: Conversation) -> None:
    reply = talk.say(f"je passe par le centre de facturation, mon mot de passe est {PASSWORD}")
    assert reply.texts[0].startswith(WARNING)
    assert "Connectez-vous au centre de facturation" in plain(reply.texts[1])
    assert heard(talk)[-1]["text"].endswith("mon mot de passe est [mot de passe masqué]")
    reply = talk.say(f"je vois la page Abonnements. Mot de passe : {OTHER_PASSWORD}")
    assert reply.text.startswith("Vous êtes l’administrateur de facturation")
    assert talk.conclusion == "billing_admin"
    servers.stop("rasa")
    servers.start_rasa()
    assert WARNING not in talk.say(f"mdp={THIRD_PASSWORD}").text
    assert leaks(servers, PASSWORD, OTHER_PASSWORD, THIRD_PASSWORD) == []


def test_what_else_is_masked(servers: Servers, talk: Conversation) -> None:
    for secret, kind in SAID.items():
        reply = talk.say(f"bonjour, {'mon ID est ' if kind == 'user_id' else ''}{secret}")
        assert WARNING not in reply.text
        assert heard(talk)[-1]["parse_data"]["masked"] == [kind]
    assert leaks(servers, *SAID) == []


@pytest.mark.parametrize(
    "more", ["(06 98 76 54 32)", "(jean.dupont@exemple.fr)", f"mdp : {PASSWORD}", f"mon mot de passe est {PASSWORD}"]
)
@pytest.mark.parametrize(
    ("message", "conclusion"),
    [
        ("je vois la page Abonnements", "billing_admin"),
        ("ça dit que je suis au mauvais endroit", "standard_or_corporate"),
    ],
)
def test_the_rest_of_the_message_is_understood(message: str, conclusion: str, more: str, talk: Conversation) -> None:
    talk.say("button:choose_billing_center")
    talk.say(f"{message}. {more}")
    assert talk.conclusion == conclusion


def test_the_first_message_may_hold_a_password(talk: Conversation) -> None:
    assert talk.say(f"mdp : {PASSWORD}").texts[0].startswith(WARNING)
    assert WARNING not in talk.say(f"mdp : {PASSWORD}").text
    slots = talk.tracker()["slots"]
    assert (slots["told_no_passwords"], slots["session_started_metadata"]) == (True, None)


def test_what_is_quoted_is_masked(talk: Conversation) -> None:
    assert "Je n’ai pas compris « [numéro de carte masqué] »" in plain(talk.say("4111 1111 1111 1111").text)


def test_what_fails_keeps_nothing_either_and_the_warning_comes_later(servers: Servers, talk: Conversation) -> None:
    with without_actions(servers):
        assert WARNING not in talk.say(f"bonjour, mon mot de passe est {PASSWORD}").text
    assert talk.say(f"bonjour, mon mot de passe est {PASSWORD}").texts[0].startswith(WARNING)
    status, _ = post(f"{servers.url}/webhooks/rest/webhook", None, raw=f'{{"message": "mdp : {PASSWORD}"'.encode())
    assert status == 400
    status, _ = post(f"{servers.url}/webhooks/rest/webhook", {"message": f"mdp : {PASSWORD}"})
    assert status == 400
    assert leaks(servers, PASSWORD) == []


def test_the_widget_keeps_nothing_either(servers: Servers) -> None:
    def ask(address: str, **data: str) -> dict[str, Any]:
        status, answer = post(f"{servers.url}/webhooks/widget/{address}", data)
        assert status == 200, answer
        return dict(answer)

    session = ask("session")["session_id"]
    said = ask(
        "messages",
        session_id=session,
        message=f"je passe par le centre de facturation, mon mot de passe est {PASSWORD}",
        message_id="1",
    )
    assert [message["speaker"] for message in said["messages"]] == ["user", "bot", "bot", "bot"]
    assert said["messages"][0]["text"].endswith("[mot de passe masqué]")
    assert said["messages"][1]["text"].startswith(WARNING)
    ask("messages", session_id=session, message="button:billing_center_subscriptions", message_id="2")
    ask("messages", session_id=session, message="button:feedback_negative", message_id="3")
    ask("feedback", session_id=session, comment=f"rappelez-moi au 06 98 76 54 32, mdp {OTHER_PASSWORD}", message_id="3")
    shown = ask("session", session_id=session)["messages"]
    assert said["messages"] == shown[1:5], "a reload shows the same"
    assert leaks(servers, PASSWORD, OTHER_PASSWORD, "06 98 76 54 32") == []
    database = (servers.logs.parent / "conversations.db").read_bytes()
    comment = "rappelez-moi au [num\\u00e9ro de t\\u00e9l\\u00e9phone masqu\\u00e9], mdp [mot de passe masqu\\u00e9]"
    assert comment.encode() in database, "the comment itself is kept"


def test_nor_over_its_socket(servers: Servers) -> None:
    async def talk() -> dict[str, Any]:
        client = socketio.AsyncClient()
        await client.connect(servers.url)
        session = (await client.call("session_request", {}))["session_id"]
        answer = await client.call("user_uttered", {"session_id": session, "message": f"mdp : {PASSWORD}", "message_id": "1"})
        await client.call("feedback", {"session_id": session, "comment": f"mdp : {OTHER_PASSWORD}", "message_id": "1"})
        await client.call("user_uttered", [f"mdp : {THIRD_PASSWORD}"])
        await client.disconnect()
        return dict(answer)

    answer = asyncio.run(talk())
    assert answer["status"] == 200 and answer["messages"][1]["text"].startswith(WARNING)
    assert leaks(servers, PASSWORD, OTHER_PASSWORD, THIRD_PASSWORD) == []
