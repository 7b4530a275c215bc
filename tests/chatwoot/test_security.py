"""Who may tell the bot something: Chatwoot alone, and only just now."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scripts.run import CannotStart, Servers, spare
from tests.chatwoot.conftest import QUESTION
from tests.conftest import pair, post, settle
from tests.peers.chatwoot import Chatwoot, Contact


@pytest.fixture
def unheard(chatwoot: Chatwoot, customer: Contact) -> dict[str, object]:
    """The webhook of a message that the bot was not told of."""
    address, chatwoot.app_url = chatwoot.app_url, ""
    message = chatwoot.write(customer, QUESTION)
    chatwoot.app_url = address
    return chatwoot.body(message)


def heard(chatwoot: Chatwoot, servers: Servers) -> int:
    """How many answers there are."""
    settle(servers)
    return sum(len(chatwoot.answers(conversation)) for conversation in chatwoot.conversations)


def test_what_chatwoot_signs_is_taken(chatwoot: Chatwoot, servers: Servers, unheard: dict[str, object]) -> None:
    """Without this, the others would prove nothing."""
    assert chatwoot.deliver(unheard).status == 200
    chatwoot.wait_until(lambda: heard(chatwoot, servers) == 1)


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "another secret"},
        {"timestamp": int(time.time()) - 400},
        {"timestamp": int(time.time()) + 3600},
        {"timestamp": "now"},
        {"timestamp": "²"},
        {"headers": {"X-Chatwoot-Signature": None}},
        {"headers": {"X-Chatwoot-Timestamp": None}},
        {"headers": {"X-Chatwoot-Signature": "sha256="}},
        {"headers": {"X-Chatwoot-Signature": "sha256=é"}},
    ],
    ids=["secret", "stale", "early", "no number", "no figure", "unsigned", "untimed", "empty", "not ASCII"],
)
def test_what_is_forged_or_stale_is_refused(
    forged: dict[str, object], chatwoot: Chatwoot, servers: Servers, unheard: dict[str, object]
) -> None:
    assert chatwoot.deliver(unheard, **forged).status == 401  # type: ignore[arg-type]
    assert heard(chatwoot, servers) == 0


def test_a_signature_holds_for_one_body_and_one_time(chatwoot: Chatwoot, servers: Servers, unheard: dict[str, object]) -> None:
    import hashlib
    import hmac
    import json

    body, now = json.dumps(unheard), str(int(time.time()))
    alone = "sha256=" + hmac.new(chatwoot.secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    assert chatwoot.deliver(body, headers={"X-Chatwoot-Signature": alone}).status == 401
    other = "sha256=" + hmac.new(chatwoot.secret.encode(), f"{now}.{{}}".encode(), hashlib.sha256).hexdigest()
    headers: dict[str, str | None] = {"X-Chatwoot-Timestamp": now, "X-Chatwoot-Signature": other}
    assert chatwoot.deliver(body, headers=headers).status == 401
    assert heard(chatwoot, servers) == 0


@pytest.mark.parametrize(
    "body",
    [
        "not JSON",
        "[]",
        {"event": "message_created"},
        {"event": "message_created", "id": "7", "conversation": {"id": 1, "status": "pending"}, "message_type": "incoming"},
        {"event": "message_created", "id": 7, "conversation": "1", "message_type": "incoming"},
        {"event": "message_updated", "id": 7, "conversation": {"id": 1}, "content_attributes": {"submitted_values": "x"}},
        {"event": "conversation_opened", "id": None},
        {"event": "webwidget_triggered", "contact": {}},
        {"event": "something_new", "id": 7},
    ],
    ids=str,
)
def test_what_cannot_be_read_does_no_harm(body: object, chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    assert chatwoot.deliver(body).status in (200, 400)  # type: ignore[arg-type]
    (answer,) = chatwoot.say(customer, "bonjour")
    assert answer.content


def test_a_time_of_400_figures_is_refused(chatwoot: Chatwoot) -> None:
    delivery = chatwoot.deliver({"event": "x"}, timestamp="9" * 400)
    assert (delivery.status, delivery.body) == (401, "")


def test_another_account_is_not_answered(chatwoot: Chatwoot, servers: Servers, unheard: dict[str, object]) -> None:
    assert chatwoot.deliver({**unheard, "account": {"id": chatwoot.ACCOUNT + 1, "name": "Autre"}}).status == 200
    assert heard(chatwoot, servers) == 0


def test_no_other_channel_may_speak_for_a_customer(chatwoot: Chatwoot, servers: Servers) -> None:
    body = {"sender": f"chatwoot:{chatwoot.ACCOUNT}:1:0", "message": "je vois la page Abonnements"}
    assert post(f"{servers.url}/webhooks/rest/webhook", body)[0] == 403


def test_no_secret_is_in_a_log(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    chatwoot.say(customer, QUESTION)
    logs = b"".join(path.read_bytes() for path in servers.logs.iterdir())
    assert not [secret for secret in (chatwoot.bot_token, chatwoot.agent_token, chatwoot.secret) if secret.encode() in logs]


SETTINGS = {"URL": "https://chat.example.fr", "ACCOUNT": "3", "BOT_TOKEN": "token", "SECRET": "secret"}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"SECRET": ""}, "lacks AIGUILLEUR_CHATWOOT_SECRET"),
        ({"URL": "", "ACCOUNT": ""}, "lacks AIGUILLEUR_CHATWOOT_URL, AIGUILLEUR_CHATWOOT_ACCOUNT"),
        ({"URL": "chat.example.fr"}, "AIGUILLEUR_CHATWOOT_URL is no address"),
        ({"ACCOUNT": "support"}, "AIGUILLEUR_CHATWOOT_ACCOUNT is no number"),
    ],
)
def test_a_setting_that_is_wrong_is_named(changed: dict[str, str], why: str, tmp_path: Path) -> None:
    environment = {f"AIGUILLEUR_CHATWOOT_{name}": value for name, value in {**SETTINGS, **changed}.items()}
    servers = spare(tmp_path, environment)
    try:
        with pytest.raises(CannotStart, match=why):
            servers.start()
    finally:
        servers.stop()


def test_without_settings_it_is_off(tmp_path: Path) -> None:
    with pair(tmp_path, {}) as servers:
        assert post(f"{servers.url}/webhooks/chatwoot/bot", {}, text=True)[0] == 404
