"""The local Microsoft, driven by the libraries that the channel drives the real one with."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import aiohttp
import jwt
import msal
import pytest
import requests
from aiohttp import web

from tests.peers.microsoft import Microsoft, broken, http_error, lost, rate_limited, slow
from tests.peers.microsoft_entra import SCOPE
from tests.peers.microsoft_keys import SigningKey
from tests.peers.server import Server
from tests.peers.teams_activities import Kind
from tests.peers.teams_limits import ADAPTIVE_CARD, problems

CAMILLE, HUGO = "Camille Martin", "Hugo Petit"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def peer() -> Iterator[Microsoft]:
    with Microsoft() as microsoft:
        yield microsoft


@pytest.fixture
def microsoft(peer: Microsoft, monkeypatch: pytest.MonkeyPatch) -> Microsoft:
    # Not msal's ``verify``: requests prefers the environment to it.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(peer.ca_file))
    for kept in (peer.activities, peer.problems, peer.calls, peer.shown):
        kept.clear()
    peer.connector.conversations.clear()
    peer.entra.lifetime = 3599
    return peer


def client(microsoft: Microsoft, credential: Any = None, **more: Any) -> msal.ConfidentialClientApplication:
    more = {"authority": microsoft.authority, "instance_discovery": False, **more}
    return msal.ConfidentialClientApplication(microsoft.APP_ID, credential or microsoft.secret, **more)


def token(microsoft: Microsoft) -> str:
    return str(client(microsoft).acquire_token_for_client([SCOPE])["access_token"])


def call(
    microsoft: Microsoft, method: str, path: str, body: Any = None, bearer: str | None = None, seconds: float = 10
) -> tuple[int, Any, Any]:
    """Status, answer and headers of a request to the connector."""
    bearer = token(microsoft) if bearer is None else bearer

    async def run() -> tuple[int, Any, Any]:
        context = ssl.create_default_context(cafile=microsoft.ca_file)
        headers = {"Authorization": f"Bearer {bearer}"}
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session,
            session.request(
                method,
                f"{microsoft.service_url}v3/conversations/{path}",
                json=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as answer,
        ):
            text = await answer.text()
            return answer.status, json.loads(text) if answer.content_type == "application/json" else text, answer.headers

    return asyncio.run(run())


def heard(microsoft: Microsoft, kind: Kind = "personal") -> Json:
    """A message of a user's that the bot may answer."""
    activity = microsoft.message(CAMILLE, "Bonjour", kind)
    microsoft.connector.heard(activity)
    return activity


def path(activity: Json, below: str = "") -> str:
    return f"{quote(activity['conversation']['id'], safe='')}/activities{'/' if below else ''}{below}"


def answered(microsoft: Microsoft, to: Json, body: Json, bearer: str | None = None) -> tuple[int, Any, Any]:
    return call(microsoft, "POST", path(to, to["id"]), {"type": "message", **body}, bearer)


def text_block(text: str = "Bonjour", **more: Any) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **more}


def submit(title: str = "Oui", **data: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": data}


def message_back(title: str = "Oui", **more: Any) -> Json:
    return submit(title, msteams={"type": "messageBack", "text": "/affirm", "displayText": title, **more})


def card(*body: Json, actions: list[Json] | None = None, **more: Any) -> Json:
    schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    content = {"type": "AdaptiveCard", "$schema": schema, "version": "1.5", "body": list(body), **more}
    return {"contentType": ADAPTIVE_CARD, "content": content | ({"actions": actions} if actions else {})}


def with_card(*body: Json, **more: Any) -> Json:
    return {"type": "message", "attachments": [card(*body, **more)]}


# Tokens for the bot: Entra ID.


def test_a_secret_gets_a_token(microsoft: Microsoft) -> None:
    msal_client = client(microsoft)
    answer = msal_client.acquire_token_for_client([SCOPE])
    assert answer["token_type"] == "Bearer" and answer["token_source"] == "identity_provider"
    assert msal_client.acquire_token_for_client([SCOPE])["token_source"] == "cache"
    assert [(one.area, one.method, one.path, one.status) for one in microsoft.calls] == [
        ("authority", "GET", f"/{microsoft.TENANT}/v2.0/.well-known/openid-configuration", 200),
        ("token", "POST", f"/{microsoft.TENANT}/oauth2/v2.0/token", 200),
    ]
    form = microsoft.calls[-1].body
    assert (form["grant_type"], form["client_id"], form["scope"]) == ("client_credentials", microsoft.APP_ID, SCOPE)
    assert microsoft.entra.accepts(answer["access_token"])


@pytest.mark.parametrize("sha256", [True, False])
def test_a_certificate_gets_a_token(microsoft: Microsoft, sha256: bool) -> None:
    certificate = microsoft.certificate
    credential = {"private_key": certificate.private_key.read_text()}
    credential |= (
        {"public_certificate": certificate.public_certificate.read_text()} if sha256 else {"thumbprint": certificate.sha1}
    )
    assert "access_token" in client(microsoft, credential).acquire_token_for_client([SCOPE])
    assertion = jwt.get_unverified_header(microsoft.calls[-1].body["client_assertion"])
    assert assertion["alg"] == ("PS256" if sha256 else "RS256")


def refused(microsoft: Microsoft, number: int, **form: str) -> None:
    """The token endpoint answers with this AADSTS number."""
    fields = {"grant_type": "client_credentials", "client_id": microsoft.APP_ID, "scope": SCOPE, **form}
    address = f"{microsoft.authority}/oauth2/v2.0/token"
    answer = requests.post(address, {name: value for name, value in fields.items() if value})
    assert answer.json()["error_codes"] == [number], answer.text
    assert answer.json()["error_description"].startswith(f"AADSTS{number}: ")
    assert answer.status_code == (401 if answer.json()["error"] == "invalid_client" else 400)


def test_what_entra_refuses(microsoft: Microsoft) -> None:
    secret = {"client_secret": microsoft.secret}
    refused(microsoft, 7000215, client_secret="wrong")
    refused(microsoft, 7000218)
    refused(microsoft, 700016, client_id=microsoft.TENANT, **secret)
    refused(microsoft, 70003, grant_type="password", **secret)
    refused(microsoft, 900144, grant_type="", **secret)
    refused(microsoft, 900144, scope="", **secret)
    refused(microsoft, 500011, scope="https://graph.microsoft.com/.default", **secret)
    refused(microsoft, 1002012, scope="https://api.botframework.com", **secret)
    refused(microsoft, 90023, client_assertion="x")
    answer = client(microsoft, "wrong").acquire_token_for_client([SCOPE])
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [7000215])
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        client(microsoft, authority=microsoft.authority.replace(microsoft.TENANT, microsoft.APP_ID))
    assert microsoft.calls[-1].status == 400 and "AADSTS90002" in microsoft.calls[-1].answer


def test_what_entra_refuses_of_a_certificate(microsoft: Microsoft) -> None:
    url = f"{microsoft.authority}/oauth2/v2.0/token"
    key, now = microsoft.entra.app_key, int(time.time())
    good = {"aud": url, "iss": microsoft.APP_ID, "sub": microsoft.APP_ID, "jti": "1", "exp": now + 60}

    def refuse(number: int, claims: Json, by: SigningKey = key, x5t: str | None = None) -> None:
        headers = {"x5t": x5t or by.kid}
        assertion = jwt.encode({**good, **claims}, by.private, "RS256", headers=headers)
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        refused(microsoft, number, client_assertion=assertion, client_assertion_type=kind)

    refuse(700027, {}, by=microsoft.stranger)
    refuse(700027, {}, by=microsoft.stranger, x5t=key.kid)
    refuse(700024, {"exp": now - 600})
    refuse(700023, {"aud": microsoft.authority})
    refuse(700021, {"sub": microsoft.TENANT})
    refuse(50027, {"jti": None})


def test_an_assertion_sent_again(microsoft: Microsoft) -> None:
    """Entra takes it, and so msal sends it again; another issuer might not."""
    certificate = microsoft.certificate
    credential = {"private_key": certificate.private_key.read_text(), "thumbprint": certificate.sha1}
    microsoft.entra.lifetime = 10  # not worth keeping, for msal
    msal_client = client(microsoft, credential)
    answers = [msal_client.acquire_token_for_client([SCOPE]) for _ in range(2)]
    assert all("access_token" in answer for answer in answers)
    assert len({one.body["client_assertion"] for one in microsoft.calls if one.area == "token"}) == 1
    microsoft.entra.once = True
    try:
        assert msal_client.acquire_token_for_client([SCOPE])["error_codes"] == [50013]
    finally:
        microsoft.entra.once = False


def test_entra_fails(microsoft: Microsoft) -> None:
    msal_client = client(microsoft)
    microsoft.fail("token", rate_limited(1), broken(), http_error(503))
    assert msal_client.acquire_token_for_client([SCOPE])["error"] == "temporarily_unavailable"
    assert msal_client.acquire_token_for_client([SCOPE])["error"] == "temporarily_unavailable"
    assert len(microsoft.calls) == 2, "msal keeps to Retry-After"
    with pytest.raises(requests.ConnectionError):
        client(microsoft).acquire_token_for_client([SCOPE])
    with pytest.raises(msal.exceptions.MsalServiceError):
        client(microsoft).acquire_token_for_client([SCOPE])
    microsoft.fail("authority", broken())
    assert token(microsoft), "msal asks for the configuration once more"
    microsoft.fail("authority", http_error(503))
    with pytest.raises(msal.exceptions.MsalServiceError):
        client(microsoft)
    microsoft.fail("token", slow(1.2))
    with pytest.raises(requests.Timeout):
        client(microsoft, timeout=0.8).acquire_token_for_client([SCOPE])


# Tokens of the connector's.


def claims(microsoft: Microsoft, sent: str) -> Json:
    """What a token says, checked as the documentation asks for. jwt.PyJWTError."""
    context = ssl.create_default_context(cafile=microsoft.ca_file)
    metadata = requests.get(microsoft.openid_metadata).json()
    keys = jwt.PyJWKClient(metadata["jwks_uri"], ssl_context=context)
    return dict(
        jwt.decode(
            sent,
            keys.get_signing_key_from_jwt(sent).key,
            algorithms=metadata["id_token_signing_alg_values_supported"],
            audience=microsoft.APP_ID,
            issuer=metadata["issuer"],
            leeway=300,
        )
    )


def test_a_good_token(microsoft: Microsoft) -> None:
    assert claims(microsoft, microsoft.token())["serviceurl"] == microsoft.service_url
    assert claims(microsoft, microsoft.token(key=microsoft.unendorsed))
    endorsed = {key["kid"]: "msteams" in key["endorsements"] for key in microsoft.keys["keys"]}
    assert endorsed == {microsoft.signer.kid: True, microsoft.unendorsed.kid: False}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"aud": "another"}, jwt.InvalidAudienceError),
        ({"iss": "https://evil.example"}, jwt.InvalidIssuerError),
        ({"exp": 1}, jwt.ExpiredSignatureError),
        ({"nbf": 4102444800}, jwt.ImmatureSignatureError),
        ({"aud": None}, jwt.MissingRequiredClaimError),
        ({"algorithm": "HS256"}, jwt.InvalidAlgorithmError),
        ({"algorithm": "none"}, jwt.InvalidAlgorithmError),
        ({"kid": "unknown"}, jwt.PyJWKClientError),
        ({"headers": {"kid": None}}, jwt.PyJWKClientError),
    ],
)
def test_bad_tokens(microsoft: Microsoft, change: Json, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        claims(microsoft, microsoft.token(**change))


def test_tokens_of_a_strangers_key(microsoft: Microsoft) -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        claims(microsoft, microsoft.token(key=microsoft.stranger, kid=microsoft.signer.kid))


def test_new_keys(microsoft: Microsoft) -> None:
    before = microsoft.token()
    microsoft.rotate_keys()
    assert claims(microsoft, before) and claims(microsoft, microsoft.token())
    microsoft.rotate_keys(keep=False)
    with pytest.raises(jwt.PyJWKClientError):
        claims(microsoft, before)
    microsoft.fail("keys", http_error(500))
    with pytest.raises(jwt.PyJWKClientConnectionError):
        claims(microsoft, microsoft.token())


# The connector.


def test_post_change_and_delete(microsoft: Microsoft) -> None:
    to = heard(microsoft)
    status, answer, _ = answered(microsoft, to, {"text": "Un"})
    assert status == 201
    assert call(microsoft, "POST", path(to), {"type": "typing"})[0] == 202
    assert call(microsoft, "PUT", path(to, answer["id"]), {"type": "message", "text": "Deux"})[:2] == (200, answer)
    posted = microsoft.wait_for(1)[0]
    assert (posted.text, posted.reply_to, posted.history) == ("Deux", to["id"], [{"type": "message", "text": "Un"}])
    assert [one.type for one in microsoft.activities] == ["message", "typing"]
    assert call(microsoft, "DELETE", path(to, answer["id"]))[0] == 200
    assert not microsoft.messages() and microsoft.activities[0].deleted and not microsoft.problems
    assert call(microsoft, "PUT", path(to, answer["id"]), {"type": "message", "text": "Trois"})[0] == 404
    assert call(microsoft, "DELETE", path(to, to["id"]))[1]["error"]["code"] == "NotEnoughPermissions"


def test_who_may_post(microsoft: Microsoft) -> None:
    to = heard(microsoft)
    good = token(microsoft)
    for bad in ("", "x", microsoft.token(), good[:-4] + "AAAA"):
        assert answered(microsoft, to, {"text": "Non"}, bad)[0] == 401
    microsoft.entra.lifetime = -1
    assert answered(microsoft, to, {"text": "Non"}, token(microsoft))[0] == 401
    microsoft.entra.lifetime = 3599
    assert answered(microsoft, to, {"text": "Oui"}, good)[0] == 201
    microsoft.entra.revoke()
    assert answered(microsoft, to, {"text": "Non"}, good)[0] == 401
    assert answered(microsoft, to, {"text": "Oui"})[0] == 201


def test_where_to_post(microsoft: Microsoft) -> None:
    unknown = microsoft.message(HUGO, "Bonjour")
    assert answered(microsoft, unknown, {"text": "Non"})[1]["error"]["code"] == "ConversationNotFound"
    thread = heard(microsoft, "channel")
    assert answered(microsoft, thread, {"text": "Oui"})[0] == 201
    other = microsoft.message(HUGO, "Autre fil", "channel")
    assert answered(microsoft, other, {"text": "Non"})[0] == 404
    assert call(microsoft, "POST", path(thread, "123"), {"type": "message", "text": "Non"})[0] == 404
    microsoft.connector.expelled.add(thread["conversation"]["id"].partition(";")[0])
    assert answered(microsoft, thread, {"text": "Non"})[1]["error"]["code"] == "BotNotInConversationRoster"
    microsoft.connector.expelled.clear()
    assert requests.get(f"{microsoft.service_url}v3/elsewhere").status_code == 404
    assert "no such address" in microsoft.problems[-1]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"type": "event", "text": "x"}, 400, "BadArgument"),
        ({}, 400, "BadSyntax"),
        ({"text": "é" * 60_000}, 413, "MessageSizeTooBig"),
        ({"attachments": [{"contentType": "application/vnd.microsoft.card.hero", "content": {}}]}, 400, "BadSyntax"),
        ({"attachments": [{"contentType": ADAPTIVE_CARD, "content": "{}"}]}, 400, "BadSyntax"),
        ({"text": "x", "from": {"id": "28:another"}}, 403, "NotEnoughPermissions"),
        ({"text": "x", "recipient": {"id": "29:another"}}, 400, "BadArgument"),
        ({"text": "x", "conversation": {"id": "a:another"}}, 400, "BadArgument"),
        ({"text": "x", "replyToId": "another"}, 400, "BadArgument"),
        ({"text": "x", "channelId": "skype"}, 400, "BadArgument"),
    ],
)
def test_what_the_connector_refuses(microsoft: Microsoft, body: Json, status: int, code: str) -> None:
    answer = answered(microsoft, heard(microsoft), body)
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)
    assert len(microsoft.problems) == 1 and not microsoft.activities


def test_the_size_is_that_in_utf_16(microsoft: Microsoft) -> None:
    to = heard(microsoft)
    assert answered(microsoft, to, {"text": "é" * 51_000})[0] == 201
    assert answered(microsoft, to, {"text": "e" * 52_000})[0] == 413


def test_the_connector_fails(microsoft: Microsoft) -> None:
    to, good = heard(microsoft), token(microsoft)
    microsoft.fail("connector", rate_limited(7), http_error(502), http_error(503), broken(), lost(), slow(1))
    status, answer, headers = answered(microsoft, to, {"text": "Un"}, good)
    assert (status, answer["error"]["code"], headers["Retry-After"]) == (429, "Throttled", "7")
    assert answered(microsoft, to, {"text": "Un"}, good)[0] == 502
    assert answered(microsoft, to, {"text": "Un"}, good)[0] == 503
    for done in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            answered(microsoft, to, {"text": "Un"}, good)
        assert len(microsoft.activities) == done
    with pytest.raises(asyncio.TimeoutError):
        call(microsoft, "POST", path(to), {"type": "message", "text": "Un"}, good, seconds=0.6)
    microsoft.wait_for(2)
    assert [one.status for one in microsoft.calls if one.area == "connector"] == [429, 502, 503, 0, 0, 201]


def test_an_outage(microsoft: Microsoft) -> None:
    to, good = heard(microsoft), token(microsoft)
    with microsoft.outage():
        with pytest.raises(aiohttp.ClientConnectorError):
            answered(microsoft, to, {"text": "Non"}, good)
        with pytest.raises(requests.ConnectionError):
            client(microsoft)
    assert answered(microsoft, to, {"text": "Oui"}, good)[0] == 201


def test_the_published_rates(microsoft: Microsoft) -> None:
    to, good = heard(microsoft), token(microsoft)
    sent = microsoft.connector.conversations[to["conversation"]["id"]].sent
    sent.extend([time.monotonic() - 3] * 60)
    microsoft.connector.throttles = True
    try:
        assert answered(microsoft, to, {"text": "Non"}, good)[1]["error"]["code"] == "Throttled"
        sent.clear()
        assert answered(microsoft, to, {"text": "Oui"}, good)[0] == 201
    finally:
        microsoft.connector.throttles = False
    assert not microsoft.problems


# The limits.

GOOD = with_card(
    text_block("Contact de facturation", weight="Bolder", size="Medium", style="heading"),
    {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "Voir "}, "la page"]},
    {"type": "FactSet", "facts": [{"title": "Nom", "value": "Martin"}]},
    {"type": "Input.Text", "id": "note", "label": "Remarque"},
    {
        "type": "ActionSet",
        "actions": [message_back("Oui\u00a0!"), {"type": "Action.OpenUrl", "title": "Aide", "url": "https://a.fr"}],
    },
    {
        "type": "ColumnSet",
        "columns": [{"type": "Column", "width": "auto", "items": [text_block("À gauche")]}, {"items": [text_block("À droite")]}],
    },
    actions=[submit("Non", choice=2)],
    msteams={"width": "Full"},
)


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"type": "typing"},
        {"type": "message", "textFormat": "xml", "text": 'Voir <a href="https://a.fr">la page</a><br/>'},
        {
            "type": "message",
            "text": "Oui ?",
            "suggestedActions": {"actions": [{"type": "imBack", "title": "Oui", "value": "Oui"}]},
        },
    ],
)
def test_what_is_within_the_limits(body: Json) -> None:
    assert problems(body) == []


def suggested(*kinds: str, **more: Any) -> Json:
    actions = [{"type": kind, "title": f"{number}", "value": f"{number}"} for number, kind in enumerate(kinds)]
    return {"type": "message", "text": "Alors ?", "suggestedActions": {"actions": actions}, **more}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (suggested(*["imBack"] * 4), "4 suggested actions"),
        (suggested("messageBack"), "not imBack"),
        (with_card(text_block()) | {"suggestedActions": suggested("imBack")["suggestedActions"]}, "with attachments"),
        ({"type": "message", "text": "x", "buttons": []}, "unknown property 'buttons'"),
        ({"type": "message", "text": "x", "textFormat": "html"}, "textFormat"),
        ({"type": "message", "text": "a & b", "textFormat": "xml"}, "not XML"),
        ({"type": "message", "text": "<h1>a</h1>", "textFormat": "xml"}, "<h1> in the text"),
        ({"type": "message", "text": "| a | b |"}, "a table in the text"),
        ({"type": "message", "text": "x", "entities": [{"type": "mention", "text": "<at>A</at>"}]}, "mention"),
        ({"type": "typing", "text": "x"}, "typing"),
        ({"type": "message", "attachments": [card(text_block())] * 11}, "11 attachments"),
        ({"type": "message", "text": "x", "attachments": [card(text_block())]}, "splits"),
        (with_card(text_block(), version="1.6"), "version 1.6"),
        (with_card(text_block(), version=None), "the version is None"),
        (with_card(), "empty"),
        (with_card(text_block(" ")), "TextBlock: no text"),
        (with_card(text_block(bold=True)), "TextBlock: unknown property 'bold'"),
        (with_card(text_block(weight="Heavy")), "TextBlock.weight: 'Heavy'"),
        (with_card(text_block("<b>a</b>")), "TextBlock: HTML"),
        (with_card(text_block("# Titre")), "TextBlock: a header"),
        (with_card({"type": "Media", "sources": []}), "Media: not a type"),
        (with_card({"type": "CodeBlock"}), "CodeBlock: not a type"),
        (with_card({"type": "ActionSet", "actions": [submit("a")]}, version="1.1"), "not in version 1.1"),
        (with_card({"type": "Input.Text"}), "Input.Text: no id"),
        (with_card(text_block(id="a"), text_block(id="a")), "'a' twice"),
        (with_card(text_block(), actions=[submit(str(number)) for number in range(7)]), "7 actions in one list"),
        (with_card({"type": "ActionSet", "actions": [submit(str(n)) for n in range(7)]}), "7 actions in one list"),
        (with_card(actions=[submit(" ")]), "Action.Submit: no title"),
        (with_card(actions=[{"type": "Action.Submit", "title": "a", "data": "b"}]), "the data is not an object"),
        (with_card(actions=[submit(msteams={"type": "postBack"})]), "msteams 'postBack'"),
        (with_card(actions=[message_back(value="{")]), "neither an object nor JSON"),
        (with_card(actions=[message_back(payload="x")]), "unknown property 'payload'"),
        (with_card(actions=[submit(msteams={"type": "imBack"})]), "imBack without a value"),
        (with_card(actions=[{**submit(), "style": "positive"}]), "a style"),
        (with_card(actions=[{"type": "Action.OpenUrl", "title": "a", "url": "http://a.fr"}]), "not an https address"),
        (with_card(text_block(), msteams={"width": "Wide"}), "AdaptiveCard.msteams.width"),
    ],
)
def test_what_is_not(body: Json, problem: str) -> None:
    found = problems(body)
    assert len(found) == 1 and problem in found[0]


def test_problems_are_kept_though_the_message_is_taken(microsoft: Microsoft) -> None:
    to = heard(microsoft)
    status, answer, _ = answered(microsoft, to, {"text": "x", "attachments": [card(text_block())]})
    assert (status, answer, len(microsoft.problems)) == (201, {}, 1)


# Teams.


def test_reading_what_the_bot_posted(microsoft: Microsoft) -> None:
    assert answered(microsoft, heard(microsoft), GOOD)[0] == 201
    posted = microsoft.activities[0]
    texts = ["Contact de facturation", "Voir ", "la page", "Nom", "Martin", "Remarque", "À gauche", "À droite"]
    assert sorted(posted.texts()) == sorted(texts)
    assert [choice["title"] for choice in posted.choices()] == ["Oui\u00a0!", "Non"]
    assert [link["url"] for link in posted.links()] == ["https://a.fr"]
    assert posted.action("Oui !") is posted.choices()[0]
    with pytest.raises(LookupError):
        posted.action("Peut-être")


def test_pressing(microsoft: Microsoft) -> None:
    to = heard(microsoft)
    back = message_back("Trois", value={"a": 1})
    back["data"]["b"] = 2
    serialized = message_back("Quatre", value='{"a": 1}')
    own = submit("Deux", choice=2, msteams={"type": "imBack", "value": "Je choisis deux"})
    answered(microsoft, to, with_card(text_block(), actions=[submit("Un", choice=1), own, back, serialized]))
    posted = microsoft.activities[0]

    def press(title: str, inputs: Json | None = None) -> Json:
        return microsoft.submit(CAMILLE, posted, posted.action(title), inputs)

    one = press("Un", {"note": "vite"})
    assert one["replyToId"] == posted.id and "text" not in one and one["value"] == {"choice": 1, "note": "vite"}
    assert one["channelData"]["source"] == {"name": "message"} and one["conversation"] == to["conversation"]
    assert (press("Deux")["text"], "value" in press("Deux")) == ("Je choisis deux", False)
    assert (press("Trois")["text"], press("Trois")["value"]) == ("/affirm", {"a": 1, "b": 2})
    assert press("Quatre")["value"] == {"a": 1}
    assert microsoft.shown[-1] == "Quatre"
    answered(microsoft, to, suggested("imBack"))
    two = microsoft.activities[1]
    assert microsoft.submit(CAMILLE, two, two.action("0"))["text"] == "0"
    with pytest.raises(LookupError):
        microsoft.submit(CAMILLE, two, submit("Un", choice=1))


def test_where_messages_are_from(microsoft: Microsoft) -> None:
    personal, group = microsoft.message(CAMILLE, "Un"), microsoft.mention(CAMILLE, "Deux", "groupChat")
    first = microsoft.mention(HUGO, "Trois")
    below = microsoft.mention(HUGO, "Quatre", root=first["id"])
    kinds = [one["conversation"]["conversationType"] for one in (personal, group, first)]
    assert kinds == ["personal", "groupChat", "channel"]
    assert first["conversation"] == below["conversation"] and below["replyToId"] == first["id"]
    assert first["text"] == "<at>Aiguilleur</at> Trois" and first["entities"][0]["mentioned"] == microsoft.bot
    assert "team" in first["channelData"] and "team" not in personal["channelData"]
    assert "attachments" not in personal and group["attachments"][0]["contentType"] == "text/html"
    for kind in ("personal", "groupChat", "channel"):
        update, installation = microsoft.installed(kind)
        assert microsoft.bot["id"] in [member["id"] for member in update["membersAdded"]]
        assert (update["type"], installation["type"], installation["action"]) == (
            "conversationUpdate",
            "installationUpdate",
            "add",
        )


@pytest.fixture
def bot(microsoft: Microsoft) -> Iterator[Server]:
    """A bot that checks tokens and says what it hears."""

    def answer(activity: Json) -> None:
        said = activity.get("text") or json.dumps(activity.get("value"))
        if activity["type"] == "message":
            answered(microsoft, activity, with_card(text_block(said), actions=[submit("Encore", again=True)]))

    async def hear(request: web.Request) -> web.Response:
        activity = await request.json()
        assert request.headers["X-Ms-Conversation-Id"] == activity["conversation"]["id"]
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            said = await asyncio.to_thread(claims, microsoft, sent)
        except jwt.PyJWTError as error:
            return web.Response(status=401, text=type(error).__name__)
        assert said["serviceurl"] == activity["serviceUrl"]
        asyncio.get_running_loop().run_in_executor(None, answer, activity)
        return web.Response(status=202)

    server = Server([web.post("/api/messages", hear)])
    server.start()
    microsoft.app_url = f"{server.url}/api/messages"
    yield server
    server.stop()


def test_a_conversation(microsoft: Microsoft, bot: Server) -> None:
    (first,) = microsoft.say(CAMILLE, "Bonjour")
    assert first.texts() == ["Bonjour"] and first.titles() == ["Encore"]
    microsoft.calls.clear()
    delivery = microsoft.deliver(microsoft.message(CAMILLE, "Non"), token="")
    assert (delivery.status, delivery.body) == (401, "DecodeError") and delivery.seconds < 5
    (thread,) = microsoft.say(HUGO, "Bonsoir", "channel")
    assert thread.texts() == ["<at>Aiguilleur</at> Bonsoir"] and ";messageid=" in thread.conversation
    assert microsoft.install("channel", expect=0) == []
    assert not microsoft.problems


@pytest.mark.parametrize("late", [lambda peer: peer.wait_for(1, 0.1), lambda peer: peer.wait_until(lambda: False, 0.1)])
def test_waiting_ends(microsoft: Microsoft, late: Callable[[Microsoft], object]) -> None:
    with pytest.raises(AssertionError, match="not within"):
        late(microsoft)
