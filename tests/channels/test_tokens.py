"""Tokens that come with messages from Teams, and the keys that they are checked with."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web

from channels.teams import tokens
from channels.teams.tokens import Incoming, Keys
from tests.peers.microsoft import ISSUER, Microsoft, broken, http_error, slow
from tests.peers.microsoft_keys import SigningKey, tls
from tests.peers.server import Server

REST = 0.3


@pytest.fixture(scope="module")
def peer() -> Iterator[Microsoft]:
    with Microsoft() as microsoft:
        yield microsoft


@pytest.fixture
def microsoft(peer: Microsoft, monkeypatch: pytest.MonkeyPatch) -> Microsoft:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(peer.ca_file))
    monkeypatch.setenv("SSL_CERT_FILE", str(peer.ca_file))
    peer.calls.clear()
    return peer


@pytest.fixture
def incoming(microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch) -> Incoming:
    """What asks Microsoft for keys again after a short rest."""
    monkeypatch.setattr(tokens, "KEYS_REST", REST)
    monkeypatch.setattr(tokens, "FAILED_REST", REST)
    return Incoming(microsoft.APP_ID, microsoft.openid_metadata, ISSUER)


def check(incoming: Incoming, microsoft: Microsoft, token: str) -> None:
    asyncio.run(incoming.check(f"Bearer {token}", microsoft.service_url))


def asked(microsoft: Microsoft) -> int:
    """How often Microsoft was asked for its keys."""
    return len([call for call in microsoft.calls if call.area == "keys"])


def test_the_keys_are_asked_for_once(microsoft: Microsoft, incoming: Incoming) -> None:
    assert asked(microsoft) == 0, "not before the first message"
    for _ in range(3):
        check(incoming, microsoft, microsoft.token())
    assert asked(microsoft) == 1


def test_a_new_key_is_known_after_a_rest(microsoft: Microsoft, incoming: Incoming) -> None:
    check(incoming, microsoft, microsoft.token())
    former = microsoft.signer
    microsoft.rotate_keys(keep=False)
    asyncio.run(asyncio.sleep(REST))
    check(incoming, microsoft, microsoft.token())
    with pytest.raises(jwt.PyJWKClientError):
        check(incoming, microsoft, microsoft.token(key=former))
    assert asked(microsoft) == 2


def test_an_unknown_key_makes_nobody_ask_each_time(microsoft: Microsoft) -> None:
    incoming = Incoming(microsoft.APP_ID, microsoft.openid_metadata, ISSUER)
    for number in range(20):
        with pytest.raises(jwt.PyJWKClientError):
            check(incoming, microsoft, microsoft.token(kid=f"unknown {number}"))
    assert asked(microsoft) == 1
    check(incoming, microsoft, microsoft.token())


def test_keys_for_other_channels_count_for_nothing(microsoft: Microsoft, incoming: Incoming) -> None:
    with pytest.raises(jwt.PyJWKClientError):
        check(incoming, microsoft, microsoft.token(key=microsoft.unendorsed))


def test_without_any_key_for_teams_nothing_counts(
    microsoft: Microsoft, incoming: Incoming, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is tried: PyJWT keeps all keys, before those for Teams are chosen."""
    monkeypatch.setattr(microsoft.signer, "endorsements", [])
    for _ in range(3):
        with pytest.raises(jwt.PyJWTError):
            check(incoming, microsoft, microsoft.token(key=microsoft.unendorsed))


@pytest.mark.parametrize("area", ["metadata", "keys"])
@pytest.mark.parametrize("fault", [broken(), http_error(500), http_error(404)], ids=["broken", "500", "404"])
def test_keys_that_cannot_be_had_now_can_be_had_later(area: Any, fault: Any, microsoft: Microsoft, incoming: Incoming) -> None:
    microsoft.fail(area, fault)
    for _ in range(3):
        with pytest.raises(jwt.PyJWKClientConnectionError):
            check(incoming, microsoft, microsoft.token())
    assert len(microsoft.calls) == (1 if area == "metadata" else 2), "it rests"
    asyncio.run(asyncio.sleep(REST))
    check(incoming, microsoft, microsoft.token())


def test_an_outage_does_not_forget_the_keys(microsoft: Microsoft, incoming: Incoming) -> None:
    check(incoming, microsoft, microsoft.token())
    with microsoft.outage():
        check(incoming, microsoft, microsoft.token())
        asyncio.run(asyncio.sleep(REST))
        with pytest.raises(jwt.PyJWKClientConnectionError):
            check(incoming, microsoft, microsoft.token(kid="unknown"))
        check(incoming, microsoft, microsoft.token())


def test_known_keys_wait_for_nobody_who_brings_unknown_ones(microsoft: Microsoft, incoming: Incoming) -> None:
    """While Microsoft does not answer."""

    async def race() -> float:
        microsoft.fail("metadata", slow(5))
        strangers = [
            asyncio.ensure_future(incoming.check(f"Bearer {microsoft.token(kid=f'unknown {number}')}", microsoft.service_url))
            for number in range(20)
        ]
        await asyncio.sleep(0.1)
        start = time.monotonic()
        await incoming.check(f"Bearer {microsoft.token()}", microsoft.service_url)
        waited = time.monotonic() - start
        for stranger in strangers:
            stranger.cancel()
        return waited

    check(incoming, microsoft, microsoft.token())
    asyncio.run(asyncio.sleep(REST))
    assert asyncio.run(race()) < 2


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[dict[str, str], Keys]]:
    """Keys from where a test says what is answered, by the path."""
    answers: dict[str, str] = {}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=answers[request.path], content_type="application/json")

    ca_file, context = tls(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(ca_file))
    server = Server([web.get("/metadata", answer), web.get("/keys", answer)], context)
    server.start()
    answers["/metadata"] = json.dumps({"jwks_uri": f"{server.url}/keys"})
    yield answers, Keys(f"{server.url}/metadata")
    server.stop()


@pytest.mark.parametrize(
    "answer",
    ["", "[]", "{}", "null", '{"jwks_uri": 1}', '{"jwks_uri": "http://127.0.0.1/"}', '{"jwks_uri": "file:///etc/passwd"}'],
)
def test_a_document_that_tells_of_no_keys(answer: str, elsewhere: tuple[dict[str, str], Keys]) -> None:
    answers, keys = elsewhere
    answers["/metadata"] = answer
    with pytest.raises(jwt.PyJWTError):
        asyncio.run(keys.key("any"))


@pytest.mark.parametrize("answer", ["", "<html>", "[]", "{}", "null", '{"keys": 1}', '{"keys": [1]}', '{"keys": []}'])
def test_keys_that_are_none(answer: str, elsewhere: tuple[dict[str, str], Keys], monkeypatch: pytest.MonkeyPatch) -> None:
    answers, keys = elsewhere
    answers["/keys"] = answer
    monkeypatch.setattr(tokens, "FAILED_REST", 0)
    monkeypatch.setattr(tokens, "KEYS_REST", 0)
    for _ in range(2):
        with pytest.raises(jwt.PyJWTError):
            asyncio.run(keys.key("any"))
    good = SigningKey("a good one", ["msteams"])
    answers["/keys"] = json.dumps({"keys": [good.jwk()]})
    assert asyncio.run(keys.key(good.kid)).key_id == good.kid
