"""Microsoft on this machine: Entra ID, the Bot Connector and Teams, over HTTPS."""

from __future__ import annotations

import json
import secrets
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

from aiohttp import web

from tests.peers import microsoft_entra
from tests.peers.faults import Area, Desk, Fault, broken, http_error, lost, rate_limited, slow
from tests.peers.microsoft_connector import Connector
from tests.peers.microsoft_entra import Entra
from tests.peers.microsoft_keys import SigningKey, signed, tls
from tests.peers.server import Server
from tests.peers.teams_activities import Kind, Teams, User
from tests.peers.teams_cards import Activity
from tests.peers.teams_limits import ANSWER_SECONDS

__all__ = ["Activity", "Delivery", "Microsoft", "User", "broken", "http_error", "lost", "rate_limited", "slow"]

ISSUER: Final = "https://api.botframework.com"


class Delivery(NamedTuple):
    """The bot's answer to the request with which it got an activity."""

    status: int
    body: str
    seconds: float


class Microsoft(Teams):
    """Start with ``with``; ``app_url`` is where the bot gets its activities.

    What a process under test needs: ``ca_file`` as SSL_CERT_FILE and REQUESTS_CA_BUNDLE, ``openid_metadata``, ``authority``,
    ``TENANT``, ``APP_ID``, and ``secret`` or ``certificate``.
    """

    def __init__(self, app_url: str = "") -> None:
        super().__init__(tenant=str(uuid.uuid4()), app_id=str(uuid.uuid4()))
        self.app_url = app_url
        self.secret = f"{secrets.token_urlsafe(30)}~"
        self._files = tempfile.TemporaryDirectory()
        directory = Path(self._files.name)
        app_key = SigningKey("the bot")
        self.certificate = app_key.saved(directory)
        self.entra = Entra(self.TENANT, self.APP_ID, self.secret, app_key)
        self.connector = Connector(self.bot["id"], lambda token: self.entra.accepts(token))
        self.activities, self.problems = self.connector.activities, self.connector.problems
        self._desk = Desk({"authority": microsoft_entra.failed, "token": microsoft_entra.failed})
        self.calls = self._desk.calls
        self.unendorsed = SigningKey("a key for other channels", ["webchat", "directline"])
        self.stranger = SigningKey("nobody's key")  #: published nowhere
        self._signers = [SigningKey("the connector's key", ["msteams", "skype", "webchat"])]
        self.ca_file, context = tls(directory)
        self._server = Server(self._routes(), ssl_context=context)

    def __enter__(self) -> Microsoft:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.stop()
        self._files.cleanup()

    # Where it is, and whom it is.

    @property
    def openid_metadata(self) -> str:
        """Where the Bot Framework says how its tokens are signed."""
        return f"{self._server.url}/v1/.well-known/openidconfiguration"

    @property
    def authority(self) -> str:
        """The tenant, for msal."""
        return f"{self._server.url}/{self.TENANT}"

    @property
    def service_url(self) -> str:
        """The connector, with a slash at the end."""
        return f"{self._server.url}/emea/"

    @property
    def keys(self) -> dict[str, Any]:
        """The keys that the Bot Framework publishes."""
        return {"keys": [key.jwk() for key in [*self._signers, self.unendorsed]]}

    @property
    def signer(self) -> SigningKey:
        """The key that signs now."""
        return self._signers[-1]

    def rotate_keys(self, keep: bool = True) -> SigningKey:
        """Sign with a new key from now on; the former one is still published, or is not."""
        self._signers = [*(self._signers if keep else []), SigningKey("the connector's next key", self.signer.endorsements)]
        return self.signer

    def token(
        self,
        *,
        key: SigningKey | None = None,
        kid: str | None = None,
        algorithm: str = "RS256",
        headers: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """A token as the connector sends it; claims and headers may be others, or missing (None)."""
        now, key = int(time.time()), key or self.signer
        claims = {"serviceurl": self.service_url, "nbf": now, "exp": now + 3600, "iss": ISSUER, "aud": self.APP_ID, **changes}
        return signed(claims, key, algorithm, {"kid": kid or key.kid, "x5t": kid or key.kid, **(headers or {})})

    # What may go wrong.

    def fail(self, what: Area, *faults: Fault) -> None:
        """What the next requests of an area meet, one each."""
        self._desk.fail(what, *faults)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """While connections are refused."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()

    # Talking to the bot.

    def deliver(
        self, activity: dict[str, Any], token: str | None = None, headers: dict[str, str | None] | None = None
    ) -> Delivery:
        """Send the bot an activity, with a good token or another one ("": none). Headers that are None are left out."""
        self.connector.heard(activity)
        own: dict[str, str | None] = {
            "Authorization": f"Bearer {self.token() if token is None else token}" if token != "" else None,
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
            "X-Ms-Conversation-Id": activity["conversation"]["id"],
            "X-Ms-Tenant-Id": self.TENANT,
        } | (headers or {})
        sent = {name: value for name, value in own.items() if value is not None}
        request = urllib.request.Request(self.app_url, json.dumps(activity).encode(), sent)
        start = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, body = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read().decode()
        seconds = time.monotonic() - start
        if seconds > ANSWER_SECONDS.value:
            self.problems.append(f"{seconds:.0f} s until the bot answered, the limit is {ANSWER_SECONDS.value}")
        return Delivery(status, body, seconds)

    def messages(self) -> list[Activity]:
        """The bot's messages that can be seen, of all conversations."""
        return [activity for activity in list(self.activities) if activity.type == "message" and not activity.deleted]

    def wait_until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """AssertionError if a condition is not fulfilled in time."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not within {seconds} s; the bot posted {self.activities[-3:]}"
            time.sleep(0.02)

    def wait_for(self, count: int, seconds: float = 20) -> list[Activity]:
        """The bot's messages, once there are as many. AssertionError if there are not in time."""
        self.wait_until(lambda: len(self.messages()) >= count, seconds)
        return self.messages()

    def exchange(self, *sent: dict[str, Any], expect: int = 1, seconds: float = 20) -> list[Activity]:
        """Deliver activities; the bot's new messages in that conversation, once there are as many as expected."""
        here = sent[-1]["conversation"]["id"]
        before = len(self.activities)

        def new() -> list[Activity]:
            posted = self.activities[before:]
            return [one for one in posted if one.type == "message" and one.conversation == here and not one.deleted]

        for activity in sent:
            delivery = self.deliver(activity)
            assert 200 <= delivery.status < 300, delivery
        self.wait_until(lambda: len(new()) >= expect, seconds)
        return new()

    def say(
        self, user: User | str, text: str, kind: Kind = "personal", root: str | None = None, expect: int = 1, seconds: float = 20
    ) -> list[Activity]:
        """Write to the bot, in a group with its name first; see ``exchange``."""
        build = self.message if kind == "personal" else self.mention
        return self.exchange(build(user, text, kind, root), expect=expect, seconds=seconds)

    def press(self, user: User | str, activity: Activity, title: str, expect: int = 1, **inputs: Any) -> list[Activity]:
        """Press the button with this title; see ``exchange``."""
        return self.exchange(self.submit(user, activity, activity.action(title), inputs), expect=expect)

    def install(self, kind: Kind = "personal", user: User | str = "Camille Martin", expect: int = 1) -> list[Activity]:
        """Add the bot; see ``exchange``."""
        return self.exchange(*self.installed(kind, user), expect=expect)

    # The server.

    def _routes(self) -> list[web.AbstractRouteDef]:
        served = self._desk.served
        activities = "/emea/v3/conversations/{conversation}/activities"
        return [
            web.get("/v1/.well-known/openidconfiguration", served("metadata", self._metadata)),
            web.get("/v1/.well-known/keys", served("keys", self._keys)),
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", served("authority", self.entra.configuration)),
            web.post("/{tenant}/oauth2/v2.0/token", served("token", self.entra.token)),
            web.post(activities, served("connector", self.connector.post)),
            web.post(activities + "/{activity}", served("connector", self.connector.post)),
            web.put(activities + "/{activity}", served("connector", self.connector.put)),
            web.delete(activities + "/{activity}", served("connector", self.connector.delete)),
            web.route("*", "/{path:.*}", served("unknown", self._unknown)),
        ]

    async def _metadata(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": ISSUER,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{self._server.url}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response(self.keys)

    async def _unknown(self, request: web.Request) -> web.Response:
        self.problems.append(f"{request.method} {request.path}: there is no such address")
        return web.Response(status=404)
