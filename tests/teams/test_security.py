"""Who may speak to the bot, and whom the bot speaks to: a token of its goes with every answer."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from scripts.run import Servers
from tests.conftest import Conversation
from tests.peers.microsoft import Microsoft, User
from tests.peers.microsoft_keys import base64url
from tests.teams.conftest import QUESTION, everything, sender


def now() -> int:
    return int(time.time())


def without_effect(microsoft: Microsoft, servers: Servers, user: User) -> bool:
    """Whether nothing was said, and nothing is on record of what was sent."""
    said = everything(microsoft, microsoft.message(user, ""))
    events = Conversation(servers.url, sender(microsoft, user)).tracker()["events"]
    return said == [] and [event["text"] for event in events if event["event"] == "user"] == ["merci"]


def unsigned(token: str) -> str:
    """A token without its signature."""
    return token.rpartition(".")[0] + "."


def with_other_claims(token: str, **changes: Any) -> str:
    """A token with its old signature and other claims."""
    header, _, signature = token.split(".")
    claims = {"iss": "https://api.botframework.com", "exp": now() + 3600, **changes}
    return ".".join([header, base64url(json.dumps(claims).encode()), signature])


#: What comes as ``Authorization``, and is not Microsoft's word for this message.
REFUSED: dict[str, Callable[[Microsoft], str | None]] = {
    "none": lambda _: None,
    "empty": lambda _: "",
    "Basic": lambda _: "Basic dXNlcjpwYXNz",
    "a scheme alone": lambda _: "Bearer",
    "a scheme and a blank": lambda _: "Bearer ",
    "another scheme": lambda microsoft: f"Token {microsoft.token()}",
    "no scheme": lambda microsoft: microsoft.token(),
    "garbage": lambda _: "Bearer garbage",
    "garbage in three parts": lambda _: "Bearer a.b.c",
    "expired": lambda microsoft: f"Bearer {microsoft.token(exp=now() - 400)}",
    "not yet valid": lambda microsoft: f"Bearer {microsoft.token(nbf=now() + 400)}",
    "a stranger's key under a known name": lambda microsoft: (
        f"Bearer {microsoft.token(key=microsoft.stranger, kid=microsoft.signer.kid)}"
    ),
    "a stranger's key": lambda microsoft: f"Bearer {microsoft.token(key=microsoft.stranger)}",
    "an unknown name": lambda microsoft: f"Bearer {microsoft.token(kid='unknown')}",
    "no name": lambda microsoft: f"Bearer {microsoft.token(headers={'kid': None})}",
    "the public key as a password": lambda microsoft: f"Bearer {microsoft.token(algorithm='HS256')}",
    "no signature": lambda microsoft: f"Bearer {microsoft.token(algorithm='none')}",
    "the signature taken away": lambda microsoft: f"Bearer {unsigned(microsoft.token())}",
    "the claims exchanged": lambda microsoft: (
        f"Bearer {with_other_claims(microsoft.token(), aud=microsoft.APP_ID, serviceurl=microsoft.service_url)}"
    ),
    "another algorithm": lambda microsoft: f"Bearer {microsoft.token(algorithm='RS384')}",
    "for another bot": lambda microsoft: f"Bearer {microsoft.token(aud='00000000-0000-4000-8000-000000000000')}",
    "for nobody": lambda microsoft: f"Bearer {microsoft.token(aud=None)}",
    "from the emulator": lambda microsoft: f"Bearer {microsoft.token(iss='https://sts.windows.net/d6d49420/')}",
    "from nobody": lambda microsoft: f"Bearer {microsoft.token(iss=None)}",
    "for ever": lambda microsoft: f"Bearer {microsoft.token(exp=None)}",
    "for no service": lambda microsoft: f"Bearer {microsoft.token(serviceurl=None)}",
    "for another service": lambda microsoft: f"Bearer {microsoft.token(serviceurl='https://smba.trafficmanager.net/emea/')}",
    "for part of the service": lambda microsoft: f"Bearer {microsoft.token(serviceurl=microsoft.service_url[:-1])}",
    "a key that is not for Teams": lambda microsoft: f"Bearer {microsoft.token(key=microsoft.unendorsed)}",
    "the bot's own token": lambda microsoft: f"Bearer {microsoft.entra._issue('1')}",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_from_microsoft_for_us_is_refused(case: str, microsoft: Microsoft, servers: Servers, user: User) -> None:
    sent = {"Authorization": REFUSED[case](microsoft)}
    delivery = microsoft.deliver(microsoft.message(user, QUESTION), headers=sent)
    assert (delivery.status, delivery.body) == (401, "")
    assert without_effect(microsoft, servers, user)


def test_clocks_may_differ_by_minutes(microsoft: Microsoft, user: User) -> None:
    for token in (microsoft.token(exp=now() - 120), microsoft.token(nbf=now() + 120)):
        before = len(microsoft.messages())
        assert microsoft.deliver(microsoft.message(user, QUESTION), token).status == 200
        microsoft.wait_for(before + 1)


def test_the_scheme_may_be_written_in_small_letters(microsoft: Microsoft, user: User) -> None:
    sent: dict[str, str | None] = {"Authorization": f"bearer {microsoft.token()}"}
    assert microsoft.deliver(microsoft.message(user, QUESTION), headers=sent).status == 200
    microsoft.wait_for(1)


def elsewhere(microsoft: Microsoft) -> str:
    """An address of the same Microsoft that is not allowed: its certificate is good, and it answers."""
    return microsoft.service_url.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("kind", ["message", "conversationUpdate"])
def test_no_token_goes_to_an_address_that_is_not_allowed(kind: str, microsoft: Microsoft, servers: Servers, user: User) -> None:
    """Even if Microsoft's own signature says that the answer belongs there."""
    activity = microsoft.message(user, QUESTION) if kind == "message" else microsoft.installed("personal", user)[0]
    activity["serviceUrl"] = elsewhere(microsoft)
    assert microsoft.deliver(activity, microsoft.token(serviceurl=activity["serviceUrl"])).status == 403
    assert without_effect(microsoft, servers, user)
    assert {call.headers["Host"].partition(":")[0] for call in microsoft.calls} == {"127.0.0.1"}


def test_microsoft_is_not_asked_about_each_unknown_key(microsoft: Microsoft, user: User) -> None:
    microsoft.say(user, "bonjour")
    for number in range(5):
        assert microsoft.deliver(microsoft.message(user, QUESTION), microsoft.token(kid=f"unknown {number}")).status == 401
    assert len([call for call in microsoft.calls if call.area == "keys"]) <= 1
    assert len(everything(microsoft, microsoft.message(user, ""))) == 1


# Bodies


def post(microsoft: Microsoft, body: bytes) -> int:
    """Status of the answer to a body, with a good token."""
    headers = {"Authorization": f"Bearer {microsoft.token()}", "Content-Type": "application/json; charset=utf-8"}
    try:
        with urllib.request.urlopen(urllib.request.Request(microsoft.app_url, body, headers), timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"1", b"\xff", b"[" * 50_000], ids=lambda body: str(body[:9])
)
def test_a_body_that_is_no_object_is_refused(body: bytes, microsoft: Microsoft) -> None:
    assert post(microsoft, body) == 400


#: What is missing or wrong in an activity, by its path.
BROKEN: dict[str, Any] = {
    "id": None,
    "conversation": None,
    "conversation.id": None,
    "from": None,
    "from.id": None,
    "recipient": None,
    "recipient.id": None,
    "conversation.id ": 1,
    "from.id ": {},
    "recipient ": "28:bot",
    "from ": ["29:1"],
    "conversation ": "a:1",
    "id ": "",
    "channelData": "x",
}


@pytest.mark.parametrize("kind", ["message", "conversationUpdate"])
@pytest.mark.parametrize("path", BROKEN)
def test_an_activity_that_lacks_what_every_activity_has_is_refused(
    path: str, kind: str, microsoft: Microsoft, user: User
) -> None:
    activity = microsoft.message(user, QUESTION)
    if kind == "conversationUpdate":
        activity = microsoft.installed("personal", user)[0]
    activity["conversation"].pop("tenantId")
    *above, name = path.strip().split(".")
    holder = activity[above[0]] if above else activity
    if BROKEN[path] is None:
        del holder[name]
    else:
        holder[name] = BROKEN[path]
    assert post(microsoft, json.dumps(activity).encode()) in (400, 403)
    assert everything(microsoft, microsoft.message(user, "")) == []


@pytest.mark.parametrize(
    "more",
    [
        {"channelId": "directline"},
        {"channelData": {"tenant": {"id": "99999999-9999-4999-8999-999999999999"}}},
        {"channelData": {}, "conversation": {"tenantId": "99999999-9999-4999-8999-999999999999"}},
    ],
    ids=["another channel", "another organisation", "another organisation's conversation"],
)
def test_other_channels_and_organisations_are_refused(more: dict[str, Any], microsoft: Microsoft, user: User) -> None:
    activity = microsoft.message(user, QUESTION)
    changed = {name: {**activity[name], **value} if name == "conversation" else value for name, value in more.items()}
    assert microsoft.deliver({**activity, **changed}).status == 403
    assert everything(microsoft, activity) == []


def test_a_header_that_is_no_text_is_refused(microsoft: Microsoft, servers: Servers) -> None:
    """Without a traceback in the log, which anybody could fill."""
    connection = http.client.HTTPConnection("127.0.0.1", servers.port, timeout=20)
    body = json.dumps({"type": "message", "serviceUrl": microsoft.service_url})
    connection.putrequest("POST", "/webhooks/teams/messages")
    for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.putheader("Authorization", b"Bearer \xff.a.b")
    connection.endheaders(body.encode())
    assert connection.getresponse().status == 401


#: What is odd in a message, and hurts nobody.
ODD: dict[str, Any] = {
    "entities": [
        1,
        {"type": "mention"},
        {"type": "mention", "text": "<at>x</at>", "mentioned": {}},
        {"type": "mention", "text": 1},
    ],
    "text": "button:\ud83d \uffff",
    "value": "{",
    "replyToId": "none of ours",
    "from": {"id": "29:1", "name": None, "aadObjectId": ""},
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_in_a_message_hurts_nobody(name: str, microsoft: Microsoft, user: User) -> None:
    activity = {**microsoft.message(user, "bonjour"), name: ODD[name]}
    microsoft.exchange(activity)


def test_a_body_that_is_too_large_is_refused(microsoft: Microsoft, user: User) -> None:
    activity = {**microsoft.message(user, QUESTION), "attachments": ["x" * 1_000_000]}
    assert post(microsoft, json.dumps(activity).encode()) == 413
    assert everything(microsoft, microsoft.message(user, "")) == []


def test_others_take_no_conversation_of_teams(microsoft: Microsoft, servers: Servers, user: User) -> None:
    """Neither the REST channel nor anybody who knows its id."""
    microsoft.say(user, QUESTION)
    body = json.dumps({"sender": sender(microsoft, user), "message": "bonjour"}).encode()
    request = urllib.request.Request(f"{servers.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 403
