"""A local Slack: it serves the Web API, response_urls and Socket Mode, and sends the app what users do."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import secrets
import time
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.peers import slack_payloads
from tests.peers.server import Server, drop
from tests.peers.slack_limits import elements
from tests.peers.slack_records import Call, Delivery, Failure, Json, Posted, plain
from tests.peers.slack_sockets import Sockets
from tests.peers.slack_web import Hook, RefusedError, Workspace

DEADLINE = 3.0  # seconds the app has to answer, apis/events-api#responding
RETRIES = 3  # apis/events-api#retries
SCOPES = "app_mentions:read,assistant:write,channels:history,chat:write,commands,im:history,im:write"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Slack(Workspace):
    """A Slack with one workspace and one app, as long as the context is open.

    ``app_url`` is the app's Request URL. With ``socket``, payloads go through Socket Mode unless a call says otherwise.
    """

    TEAM, BOT_USER = slack_payloads.TEAM, slack_payloads.BOT_USER
    BOT_ID, APP = slack_payloads.BOT_ID, slack_payloads.APP

    def __init__(self, app_url: str = "", socket: bool = False) -> None:
        super().__init__()
        self.app_url, self.socket = app_url, socket
        self.signing_secret, self.token = secrets.token_hex(16), secrets.token_hex(12)
        self.calls: list[Call] = []
        self.sockets = Sockets(self.problems, DEADLINE)
        self.answer_headers = Message()
        self._failures: dict[str, deque[Failure]] = defaultdict(deque)
        self._is_down = False
        self._methods["apps.connections.open"] = self._connections_open
        self._server = Server(
            [
                web.route("*", "/api/{method}", self._web_api),
                web.post("/{kind:actions|commands}/{rest:.+}", self._response_url),
                web.get("/link/", self._link),
            ]
        )

    def __enter__(self) -> Slack:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.stop()

    @property
    def api(self) -> str:
        """The Web API's address, for ``AsyncWebClient(base_url=…)``."""
        return f"{self._server.url}/api/"

    def forget(self) -> None:
        """Begin anew, for the next test: without messages, calls, problems and failures to come."""
        for kept in (self.messages, self.calls, self.problems, self.statuses, self.prompts, self.sockets.acks):
            kept.clear()
        self._failures.clear()

    # What goes wrong

    def fail(self, method: str, *answers: Failure) -> None:
        """Let the next calls of a method go this way, one after the other; "response_url" counts as a method."""
        self._failures[method].extend(answers)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """While Slack closes all connections without an answer."""
        self._is_down = True
        self._server.run(self.sockets.drop())
        try:
            yield
        finally:
            self._is_down = False

    # What the app calls

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        return await self._answer(request, method, lambda arguments, token: self.call(method, arguments, token))

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        def respond(arguments: Json, token: str | None) -> Json:
            self.respond(request.path, arguments)
            return {"ok": True}

        return await self._answer(request, "response_url", respond)

    async def _answer(self, request: web.Request, method: str, handle: Callable[[Json, str | None], Json]) -> web.StreamResponse:
        """Answer a call, or let it fail as it has been told to."""
        call = Call(method, {})
        self.calls.append(call)
        if self._is_down:
            call.outcome = "outage"
            return drop(request)
        failure = self._failures[method].popleft() if self._failures[method] else None
        answer, status, more = {}, 200, {}
        try:
            call.arguments, token = await _arguments(request)
            if failure:
                await asyncio.sleep(failure.seconds)
            if failure and failure.outcome != "slow":
                call.outcome = failure.outcome
                return drop(request) if failure.drops else _failed(failure)
            answer = handle(call.arguments, token)
            call.outcome = "ok"
        except RefusedError as refused:
            answer, call.outcome = refused.answer, refused.code
            status = 200 if method != "response_url" else 404 if refused.code.endswith("_url") else 400
        if method != "response_url":
            more = {"X-OAuth-Scopes": SCOPES, "X-Slack-Req-Id": secrets.token_hex(16)}
        return web.json_response(answer, status=status, headers=more)

    def _connections_open(self, arguments: Json) -> Json:
        return {"url": f"{self._server.url.replace('http', 'ws', 1)}/link/?ticket={self.sockets.new_ticket()}&app_id={self.APP}"}

    async def _link(self, request: web.Request) -> web.StreamResponse:
        return drop(request) if self._is_down else await self.sockets.serve(request)

    def refresh_sockets(self, seconds: float = 2) -> None:
        """Ask the app to connect anew, and return when the old connections are closed."""
        self._server.run(self.sockets.refresh(seconds=seconds))

    def ping_sockets(self) -> None:
        """Ping the app; ``sockets.pongs`` counts what it answers."""
        self._server.run(self.sockets.ping())

    # What the app is sent

    def sign(self, timestamp: str, body: str) -> str:
        """The signature of a request (authentication/verifying-requests-from-slack)."""
        return "v0=" + hmac.new(self.signing_secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()

    def post_raw(
        self,
        body: str,
        content_type: str,
        *,
        timestamp: int | None = None,
        signature: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Delivery:
        """Post to the Request URL, signed unless told otherwise; what the app answered (``answer_headers``: its headers)."""
        sent_at = str(int(time.time()) if timestamp is None else timestamp)
        request = urllib.request.Request(self.app_url, body.encode(), {"Content-Type": content_type, **(headers or {})})
        request.add_header("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
        request.add_header("X-Slack-Request-Timestamp", sent_at)
        request.add_header("X-Slack-Signature", self.sign(sent_at, body) if signature is None else signature)
        status, text, self.answer_headers = 0, "", Message()
        started = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
                text, status, self.answer_headers = answer.read().decode(), answer.status, answer.headers
        except urllib.error.HTTPError as refused:
            text, status, self.answer_headers = refused.read().decode(), refused.code, refused.headers
        except (OSError, http.client.HTTPException):
            pass
        return Delivery(status, text, time.monotonic() - started)

    def verify_url(self) -> Delivery:
        """Ask for the challenge, as Slack does when the Request URL is set; the app must answer with it."""
        challenge = secrets.token_hex(20)
        body = json.dumps({"token": self.token, "challenge": challenge, "type": "url_verification"})
        delivery = self.post_raw(body, JSON)
        assert challenge in delivery.body, delivery
        return delivery

    def deliver_event(
        self,
        event: Json,
        *,
        event_id: str | None = None,
        retry_num: int | None = None,
        retry_reason: str | None = None,
        timestamp: int | None = None,
        signature: str | None = None,
        content_type: str | None = None,
        socket: bool | None = None,
    ) -> Delivery:
        """Send an event; what the app answered."""
        payload = slack_payloads.envelope(event, self.token, event_id)
        if self.socket if socket is None else socket:
            return self._server.run(self.sockets.deliver("events_api", payload, retry_num or 0, retry_reason or ""))
        retry = {"X-Slack-Retry-Num": str(retry_num), "X-Slack-Retry-Reason": retry_reason or "http_error"} if retry_num else {}
        body = json.dumps(payload)
        return self.post_raw(body, content_type or JSON, timestamp=timestamp, signature=signature, headers=retry)

    def deliver_with_retries(self, event: Json, *, socket: bool | None = None) -> list[Delivery]:
        """Send an event, and again as Slack does until it is accepted (but at once, not after minutes); all answers."""
        identifier = slack_payloads.some_id("Ev")
        deliveries: list[Delivery] = []
        reason: str | None = None
        while len(deliveries) <= RETRIES:
            retry_num = len(deliveries) or None
            self.answer_headers = Message()
            delivery = self.deliver_event(event, event_id=identifier, retry_num=retry_num, retry_reason=reason, socket=socket)
            deliveries.append(delivery)
            if 200 <= delivery.status < 300 or self.answer_headers.get("X-Slack-No-Retry") == "1":
                break
            reason = "http_error" if delivery.status else "http_timeout" if delivery.seconds >= DEADLINE else "connection_failed"
        return deliveries

    def deliver_interaction(
        self,
        payload: Json,
        *,
        timestamp: int | None = None,
        signature: str | None = None,
        content_type: str | None = None,
        socket: bool | None = None,
    ) -> Delivery:
        """Send what ``click`` built; what the app answered."""
        if self.socket if socket is None else socket:
            return self._server.run(self.sockets.deliver("interactive", payload))
        body = urlencode({"payload": json.dumps(payload)})
        return self.post_raw(body, content_type or FORM, timestamp=timestamp, signature=signature)

    def deliver_command(
        self,
        command: str,
        text: str,
        user: str,
        channel: str | None = None,
        *,
        timestamp: int | None = None,
        signature: str | None = None,
        content_type: str | None = None,
        socket: bool | None = None,
    ) -> Delivery:
        """Send a slash command, from the direct messages with the bot unless told otherwise; what the app answered.

        If that is not empty, Slack puts it up as a message.
        """
        channel = self.seen(channel or self.dm(user))
        fields = slack_payloads.slash_command(user, self.token, channel, command, text, self._hook("commands", channel, user))
        if self.socket if socket is None else socket:
            delivery = self._server.run(self.sockets.deliver("slash_commands", dict(fields)))
        else:
            delivery = self.post_raw(urlencode(fields), content_type or FORM, timestamp=timestamp, signature=signature)
        if delivery.status == 200 and delivery.body:
            answer = json.loads(delivery.body) if delivery.body.startswith("{") else {"text": delivery.body}
            self.post(channel, answer, user if answer.get("response_type") != "in_channel" else None)
        return delivery

    def _hook(self, kind: str, channel: str, user: str, original: Posted | None = None) -> str:
        """A new response_url."""
        path = f"/{kind}/{self.TEAM}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self.hooks[path] = Hook(channel, user, original, time.time())
        return self._server.url + path

    # What users do

    def direct_message(self, user: str, text: str, thread_ts: str | None = None, **more: Any) -> Json:
        """The event of a user's direct message; ``text`` as it is typed."""
        return self._message("message", user, self.dm(user), text, thread_ts, {"channel_type": "im", **more})

    def mention(self, user: str, channel: str, text: str, thread_ts: str | None = None, **more: Any) -> Json:
        """The event of a message that begins with a mention of the bot, in a channel that it is thus a member of."""
        return self._message("app_mention", user, self.join(channel), f"<@{self.BOT_USER}> {text}", thread_ts, more)

    def channel_message(self, user: str, channel: str, text: str, thread_ts: str | None = None, **more: Any) -> Json:
        """The event of a message in a channel that the bot is a member of."""
        return self._message("message", user, self.join(channel), text, thread_ts, {"channel_type": "channel", **more})

    def _message(self, kind: str, user: str, channel: str, text: str, thread_ts: str | None, more: Json) -> Json:
        ts = self.new_ts()
        self.stands(channel, ts, thread_ts)
        return {**slack_payloads.message(kind, user, channel, text, ts, thread_ts), **more}

    def own_message(self, posted: Posted) -> Json:
        """The event by which the app hears of its own message."""
        where = {"channel": posted.channel, "event_ts": posted.ts}
        return {**self.as_message(posted), **where, "channel_type": "im" if posted.channel.startswith("D") else "channel"}

    def home_opened(self, user: str, tab: str = "messages") -> Json:
        """The event of a user who opens the app's home, or its direct messages."""
        ts = self.new_ts()
        return {"type": "app_home_opened", "user": user, "channel": self.dm(user), "tab": tab, "event_ts": ts}

    def assistant_started(self, user: str) -> Json:
        """The event of a user who opens a new thread with the assistant."""
        channel, ts = self.dm(user), self.new_ts()
        self.stands(channel, ts, None)
        context = {"channel_id": None, "team_id": self.TEAM, "enterprise_id": None}
        thread = {"user_id": user, "context": context, "channel_id": channel, "thread_ts": ts}
        return {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": self.new_ts()}

    def click(self, user: str, posted: Posted, action: Json) -> Json:
        """The payload of a click on a button of a message, or on what ``Posted.choice`` or ``thumb`` give.

        AssertionError if the user cannot: they do not see the message, or it has no such element (any more).
        """
        assert posted in self.messages and posted.user in (None, user), f"{user} does not see {posted}"
        assert not posted.channel.startswith("D") or posted.channel == self.dm(user), f"{user} does not see {posted}"
        chosen, same = action["type"] != "button", ("type", "action_id")
        holders = [
            block
            for block in posted.blocks
            for _, element in elements(block)
            if element == action or (chosen and [element.get(key) for key in same] == [action[key] for key in same])
        ]
        assert holders and (not chosen or action.keys() & {"value", "selected_option"}), f"{action} is not in {posted.blocks}"
        container = {
            "type": "message",
            "message_ts": posted.ts,
            "channel_id": posted.channel,
            "is_ephemeral": posted.ephemeral,
        }
        if posted.thread_ts:
            container["thread_ts"] = posted.thread_ts
        sent = {key: value for key, value in action.items() if key not in ("confirm", "accessibility_label")}
        sent["block_id"] = holders[0]["block_id"]
        hook = self._hook("actions", posted.channel, user, posted)
        payload = slack_payloads.block_actions(user, self.token, posted.channel, container, hook, sent, posted.blocks)
        return payload if posted.ephemeral else {**payload, "message": json.loads(json.dumps(self.as_message(posted)))}

    # What tests mostly do

    def say(self, user: str, text: str, channel: str | None = None, thread_ts: str | None = None, **more: Any) -> Json:
        """Write to the bot, or mention it in a channel; the event, which the app has accepted in time."""
        if channel:
            event = self.mention(user, channel, text, thread_ts, **more)
        else:
            event = self.direct_message(user, text, thread_ts, **more)
        _accepted(self.deliver_event(event))
        return event

    def press(self, user: str, posted: Posted, action: Json | str) -> Json:
        """Click on a button, option or thumb, or on what has this title; the payload, which the app has accepted in time."""
        if isinstance(action, str):
            action = posted.button(action) if plain(action) in posted.titles() else posted.choice(action)
        payload = self.click(user, posted, action)
        _accepted(self.deliver_interaction(payload))
        return payload

    def command(self, command: str, text: str, user: str, channel: str | None = None) -> Delivery:
        """Send a slash command, which the app has accepted in time."""
        return _accepted(self.deliver_command(command, text, user, channel))

    def wait_until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Wait until something holds. AssertionError with all that stands here after ``seconds``."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"not after {seconds} s; messages: {self.messages}; calls: {self.calls}"
            time.sleep(0.02)

    def wait_for(self, count: int, seconds: float = 20, channel: str | None = None) -> list[Posted]:
        """Wait until there are so many messages of the bot (in a channel, if given); all of them, from the beginning."""

        def standing() -> list[Posted]:
            return [posted for posted in self.messages if channel in (None, posted.channel)]

        self.wait_until(lambda: len(standing()) >= count, seconds)
        return standing()

    def settle(self, quiet: float = 1, seconds: float = 20) -> list[Posted]:
        """Wait until the app has called nothing for some seconds; all messages."""
        until = time.monotonic() + seconds
        known, since = -1, time.monotonic()
        while time.monotonic() - since < quiet:
            assert time.monotonic() < until, f"no quiet after {seconds} s; calls: {self.calls}"
            if len(self.calls) != known or any(call.outcome == "pending" for call in self.calls):
                known, since = len(self.calls), time.monotonic()
            time.sleep(0.02)
        return list(self.messages)


def _accepted(delivery: Delivery) -> Delivery:
    assert delivery.status == 200 and delivery.seconds < DEADLINE, delivery
    return delivery


def _failed(failure: Failure) -> web.Response:
    if failure.answer is not None:
        return web.json_response(failure.answer, status=failure.status, headers=failure.headers)
    content_type, body = failure.page
    return web.Response(text=body, content_type=content_type, status=failure.status)


async def _arguments(request: web.Request) -> tuple[Json, str | None]:
    """Arguments of a call, from its address and from a form or JSON; and its token. RefusedError if they cannot be read."""
    arguments: Json = dict(request.query)
    if request.content_type == JSON:
        try:
            body = await request.json()
        except ValueError:
            raise RefusedError("invalid_json") from None
        if not isinstance(body, dict):
            raise RefusedError("json_not_object")
        arguments |= body
    elif request.can_read_body:
        if request.content_type not in (FORM, "multipart/form-data"):
            raise RefusedError("invalid_post_type")
        arguments |= await request.post()
    kind, _, header = request.headers.get("Authorization", "").partition(" ")
    # In JSON, a token is not looked for.
    token = arguments.pop("token", None)
    return arguments, header if kind == "Bearer" else token if request.content_type != JSON else None
