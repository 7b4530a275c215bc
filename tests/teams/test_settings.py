"""Secrets come from the environment: without any, Teams is off; with some, what is missing is named; none is logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from rasa.shared.exceptions import RasaException

from channels.teams.channel import TeamsInput
from scripts.run import CannotStart, Servers, spare
from tests.peers.microsoft import Microsoft, User, http_error
from tests.peers.microsoft_keys import SigningKey, pem
from tests.teams.conftest import everything

NOTHING = {
    "app_id": "",
    "tenant_id": "",
    "secret": "",
    "certificate": "",
    "authority": "https://login.microsoftonline.com",
    "keys": "https://login.botframework.com/v1/.well-known/openidconfiguration",
    "issuer": "https://api.botframework.com",
    "services": "smba.trafficmanager.net",
    "inbox": "var/inbox.db",
}
SECRET = "the-secret~"


def problem(**given: Any) -> str:
    """Why the channel does not open: one line, without the secret."""
    with pytest.raises(RasaException) as refused:
        TeamsInput.from_credentials({**NOTHING, **given})
    assert "\n" not in str(refused.value) and SECRET not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"app_id": "1"}, "AIGUILLEUR_TEAMS_TENANT_ID"),
        ({"app_id": "1", "tenant_id": "2"}, "AIGUILLEUR_TEAMS_SECRET (or AIGUILLEUR_TEAMS_CERTIFICATE)"),
        ({"app_id": "1", "secret": SECRET}, "AIGUILLEUR_TEAMS_TENANT_ID"),
        ({"tenant_id": "2", "secret": SECRET}, "AIGUILLEUR_TEAMS_APP_ID"),
        ({"secret": SECRET}, "AIGUILLEUR_TEAMS_APP_ID"),
        ({"certificate": "app.pem"}, "AIGUILLEUR_TEAMS_APP_ID"),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], missing: str) -> None:
    assert problem(**given) == f"Teams lacks {missing}, or should have none of its variables."


def test_a_setting_that_there_is_not_is_named() -> None:
    assert "secrt" in problem(secrt=SECRET)


@pytest.fixture
def files() -> dict[str, bytes]:
    """What a certificate's file may hold."""
    bot, other = SigningKey("the bot"), SigningKey("another")
    key, certificate = pem(bot.private), bot.certificate.public_bytes(Encoding.PEM)
    return {
        "both": key + certificate,
        "nothing": b"",
        "no PEM": b"\x00\x01",
        "no certificate": key,
        "no key": certificate,
        "another's key": pem(other.private) + certificate,
    }


def certificate(tmp_path: Path, content: bytes | None) -> dict[str, str]:
    path = tmp_path / "bot.pem"
    if content is not None:
        path.write_bytes(content)
    return {"app_id": "1", "tenant_id": "2", "certificate": str(path)}


@pytest.mark.parametrize("case", ["nothing", "no PEM", "no certificate", "no key", "another's key"])
def test_a_certificate_that_cannot_be_used_is_named(case: str, files: dict[str, bytes], tmp_path: Path) -> None:
    why = problem(**certificate(tmp_path, files[case]))
    assert why == "AIGUILLEUR_TEAMS_CERTIFICATE, bot.pem: no unencrypted key with its certificate, in PEM."


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    why = problem(**certificate(tmp_path, None))
    assert why == "AIGUILLEUR_TEAMS_CERTIFICATE, bot.pem: No such file or directory."


def test_a_certificate_that_can_be_used(files: dict[str, bytes], tmp_path: Path) -> None:
    TeamsInput.from_credentials({**NOTHING, **certificate(tmp_path, files["both"])})


def test_without_any_variable_no_address_is_open() -> None:
    """With real servers: tests/slack/test_settings.py."""

    async def never(message: Any) -> None:
        raise AssertionError

    def routes(**given: str) -> int:
        blueprint = TeamsInput.from_credentials({**NOTHING, **given}).blueprint(never)
        return len(blueprint._future_routes) + len(blueprint._future_listeners)

    assert routes() == 0
    assert routes(app_id="1", tenant_id="2", secret=SECRET) == 3


def test_the_command_says_what_is_missing_in_one_line(tmp_path: Path) -> None:
    servers = spare(tmp_path, environment={"AIGUILLEUR_TEAMS_SECRET": SECRET})
    try:
        with pytest.raises(CannotStart, match="Teams lacks AIGUILLEUR_TEAMS_APP_ID") as refused:
            servers.start()
        assert "\n" not in str(refused.value) and SECRET not in str(refused.value)
    finally:
        servers.stop()


def test_logs_hold_no_secret_and_no_word_of_customers(microsoft: Microsoft, servers: Servers, log: Path, user: User) -> None:
    """Even after failures, which are logged."""
    marker = "phrase-que-personne-ne-doit-lire"
    incoming, forged = microsoft.token(), microsoft.token(key=microsoft.stranger, kid=microsoft.signer.kid)
    written = microsoft.message(user, f"{marker} bonjour")
    assert microsoft.deliver(written, forged).status == 401
    assert microsoft.deliver({**written, "conversation": {"id": ""}}, incoming).status == 400
    microsoft.fail("typing", http_error(500))
    microsoft.fail("connector", http_error(401), http_error(500), http_error(400))
    assert microsoft.deliver(written, incoming).status == 200
    everything(microsoft, written)
    said = log.read_text(encoding="utf-8")
    assert "status 401" in said and "status 500" in said and "status 400" in said and "InvalidSignatureError" in said
    outgoing = {call.headers["Authorization"].split()[1] for call in microsoft.calls if "Authorization" in call.headers}
    assert len(outgoing) == 2, "a new token after the 401"
    parts = {part for token in (incoming, forged, *outgoing) for part in (token, *token.split("."))}
    leaked = [secret for secret in (marker, microsoft.secret, *parts) if secret in said]
    assert leaked == []
    assert marker not in (servers.logs / "actions.log").read_text(encoding="utf-8")
