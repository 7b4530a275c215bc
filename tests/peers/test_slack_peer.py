"""The local Slack, driven by Slack's own libraries, as its channel drives it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiohttp import ClientError, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.peers.server import Server
from tests.peers.slack import Slack
from tests.peers.slack_limits import problems
from tests.peers.slack_payloads import as_sent
from tests.peers.slack_records import Json, Posted, broken, error, http_error, rate_limited, slow

USER, OTHER, CHANNEL = "U0ANNE", "U0BRUNO", "C0SUPPORT"
PATH = "/slack/events"


def words(text: str, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": text}


def button(action_id: str, title: str = "Oui", **more: Any) -> Json:
    return {"type": "button", "text": words(title), "action_id": action_id, "value": "v", **more}


def section(text: str = "Bonjour", **more: Any) -> Json:
    return {"type": "section", "text": words(text, "mrkdwn"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def feedback(**more: Any) -> Json:
    thumbs = {"positive_button": {"text": words("👍"), "value": "+"}, "negative_button": {"text": words("👎"), "value": "-"}}
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "thumb", **thumbs, **more}]}


MENU = [
    section(),
    actions(button("pick", "Créer\u00a0un\u00a0compte"), button("site", "Aide", url="https://example.org")),
    feedback(),
]


class App:
    """A small app: it echoes messages with a menu, and says what was clicked on."""

    def __init__(self, slack: Slack) -> None:
        self.events: list[Json] = []
        self.clicks: list[Json] = []
        self.retries: list[str] = []
        self.bolt = AsyncApp(
            signing_secret=slack.signing_secret, client=AsyncWebClient(slack.bot_token, slack.api, retry_handlers=[])
        )
        self.bolt.event("message")(self._message)
        self.bolt.event("app_mention")(self._message)
        for action in ("pick", "site", "thumb"):
            self.bolt.action(action)(self._click)
        # Bolt forgets an acknowledgement if the same listener fails within 10 ms of it.
        self.bolt.command("/aide")(ack=self._acknowledge, lazy=[self._command])

    async def _message(self, body: Json, event: Json, say: AsyncSay, request: Any) -> None:
        self.events.append(body)
        self.retries += request.headers.get("x-slack-retry-num", [])
        await say(text=event["text"], blocks=MENU, thread_ts=event.get("thread_ts"))

    async def _click(self, ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        await ack()
        self.clicks.append(body)
        await respond(text=f"{body['actions'][0]['value']} !", replace_original=body["container"]["is_ephemeral"])

    async def _acknowledge(self, ack: AsyncAck) -> None:
        await ack("Un instant…")

    async def _command(self, command: Json, client: AsyncWebClient) -> None:
        await client.chat_postEphemeral(channel=command["channel_id"], user=command["user_id"], text="Menu", blocks=MENU)


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as slack:
        yield slack


@contextmanager
def serving(slack: Slack, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Iterator[None]:
    """While the Request URL is there, with this behind it."""
    server = Server([web.post(PATH, handler)])
    server.start()
    slack.app_url = server.url + PATH
    try:
        yield
    finally:
        server.stop()


@pytest.fixture
def app(slack: Slack) -> Iterator[App]:
    app = App(slack)
    with serving(slack, app.bolt.server(port=0, path=PATH).handle_post_requests):
        yield app


Ask = Callable[..., AsyncSlackResponse]


@pytest.fixture
def ask(slack: Slack) -> Ask:
    """Calls a method of the Web API with the real client."""

    def ask(method: str, token: str = "", **arguments: Any) -> AsyncSlackResponse:
        async def call() -> AsyncSlackResponse:
            client = AsyncWebClient(token or slack.bot_token, slack.api, retry_handlers=[])
            answer: AsyncSlackResponse = await getattr(client, method)(**arguments)
            return answer

        return asyncio.run(call())

    return ask


def refused(ask: Ask, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        ask(method, **arguments)
    return str(raised.value.response["error"])


# Towards the app


def test_signatures(slack: Slack, app: App) -> None:
    assert slack.verify_url().status == 200
    event = slack.direct_message(USER, "Bonjour")
    assert slack.deliver_event(event, signature="v0=" + "0" * 64).status == 401
    assert slack.deliver_event(event, timestamp=int(time.time()) - 6 * 60).status == 401
    assert slack.deliver_command("/aide", "", USER, signature=slack.sign("0", "")).status == 401
    assert (app.events, slack.messages) == ([], [])
    assert slack.deliver_event(event, timestamp=int(time.time()) - 4 * 60).status == 200
    slack.wait_for(1)


def test_direct_message(slack: Slack, app: App) -> None:
    event = slack.say(USER, "Écrire à a@b.fr & <moi>")
    (posted,) = slack.wait_for(1)
    assert posted.channel == event["channel"] == slack.dm(USER)
    assert posted.text == "Écrire à <mailto:a@b.fr|a@b.fr> &amp; &lt;moi&gt;"
    assert posted.texts() == ["Bonjour"]
    assert posted.titles() == ["Créer un compte", "Aide"]
    assert [link["url"] for link in posted.links()] == ["https://example.org"]
    body = app.events[0]
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", slack.TEAM, slack.APP)
    assert body["authorizations"][0]["user_id"] == slack.BOT_USER
    assert slack.settle(0.2) == slack.wait_for(1, channel=slack.dm(USER)) == [posted] and slack.problems == []
    slack.forget()
    assert (slack.messages, slack.calls) == ([], [])


def test_own_messages_are_ignored_by_bolt(slack: Slack, app: App) -> None:
    slack.say(USER, "Bonjour")
    assert slack.deliver_event(slack.own_message(slack.wait_for(1)[0])).status == 200
    assert len(slack.settle(0.3)) == 1


def test_mention_in_a_thread(slack: Slack, app: App) -> None:
    parent = slack.channel_message(OTHER, CHANNEL, "Qui sait ?")
    event = slack.say(USER, "toi ?", channel=CHANNEL, thread_ts=parent["ts"])
    (posted,) = slack.wait_for(1)
    assert event["text"] == "<@U0BOT> toi ?" and "channel_type" not in event
    assert (posted.channel, posted.thread_ts) == (CHANNEL, parent["ts"])
    slack.press(OTHER, posted, "Créer un compte")
    assert app.clicks[0]["container"]["thread_ts"] == parent["ts"]


def test_click(slack: Slack, app: App) -> None:
    slack.say(USER, "Bonjour")
    (posted,) = slack.wait_for(1)
    payload = slack.press(USER, posted, "Créer un compte")
    answer = slack.wait_for(2)[1]
    assert (answer.text, answer.user) == ("v !", USER)
    (click,) = app.clicks
    assert click == json.loads(json.dumps(payload))
    assert click["actions"][0]["block_id"] == click["message"]["blocks"][1]["block_id"]
    assert click["container"] == {
        "type": "message",
        "message_ts": posted.ts,
        "channel_id": posted.channel,
        "is_ephemeral": False,
    }
    slack.press(USER, posted, posted.thumb(positive=False))
    assert slack.wait_for(3)[2].text == "- !"
    assert (app.clicks[1]["actions"][0]["type"], app.clicks[1]["actions"][0]["value"]) == ("feedback_buttons", "-")
    with pytest.raises(AssertionError, match="does not see"):
        slack.click(OTHER, posted, posted.button("Aide"))
    with pytest.raises(AssertionError, match="not in"):
        slack.click(USER, posted, button("autre"))


def test_choice_of_an_option(slack: Slack, app: App) -> None:
    options = [{"text": words(title), "value": title[0]} for title in ("Abonnements", "Le message\u00a0?")]
    blocks = [actions({"type": "radio_buttons", "action_id": "site", "options": options}, block_id="b"), feedback()]
    posted = slack.post(slack.dm(USER), {"text": "Où ?", "blocks": blocks})
    assert [title for title, _ in posted.choices()] == ["Abonnements", "Le message ?", "👍", "👎"]
    payload = slack.click(USER, posted, posted.choice("Le message ?"))
    assert payload["actions"][0]["selected_option"] == payload["message"]["blocks"][0]["elements"][0]["options"][1]
    assert payload["state"]["values"]["b"]["site"]["selected_option"]["value"] == "L"
    assert slack.click(USER, posted, posted.choice("👎"))["actions"][0]["value"] == "-"


def test_late_answer_is_none(slack: Slack) -> None:
    async def sleep(request: web.Request) -> web.Response:
        await asyncio.sleep(3.5)
        return web.Response()

    with serving(slack, sleep):
        delivery = slack.deliver_event(slack.direct_message(USER, "Bonjour"))
    assert delivery.status == 0 and delivery.seconds >= 3


def test_command_and_ephemeral(slack: Slack, app: App) -> None:
    assert slack.command("/aide", "compte", USER).body == "Un instant…"
    menu = next(posted for posted in slack.wait_for(2) if posted.text == "Menu")
    assert menu.ephemeral and all(posted.user == USER for posted in slack.messages)
    payload = slack.press(USER, menu, "Créer un compte")
    assert payload["container"]["is_ephemeral"] and "message" not in payload
    slack.wait_until(lambda: menu.text == "v !")
    assert len(slack.settle(0.2)) == 2


def test_command_where_the_app_is_not_a_member(slack: Slack, app: App) -> None:
    slack.command("/aide", "", USER, CHANNEL)
    slack.wait_until(lambda: slack.calls[-1].outcome == "not_in_channel")


def test_retries(slack: Slack, app: App) -> None:
    (delivery,) = slack.deliver_with_retries(slack.direct_message(USER, "Bonjour"))
    assert delivery.status == 200
    slack.deliver_event(slack.direct_message(USER, "Bonjour"), event_id="Ev1", retry_num=2, retry_reason="http_timeout")
    slack.wait_for(2)
    assert app.retries == ["2"] and app.events[1]["event_id"] == "Ev1"
    slack.app_url += "/nowhere"
    assert [delivery.status for delivery in slack.deliver_with_retries(slack.direct_message(USER, "?"))] == [404] * 4
    slack.app_url = "http://127.0.0.1:9/"
    assert [delivery.status for delivery in slack.deliver_with_retries(slack.direct_message(USER, "?"))] == [0] * 4


def test_no_retry(slack: Slack) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    with serving(slack, refuse):
        assert [delivery.status for delivery in slack.deliver_with_retries(slack.direct_message(USER, "?"))] == [500]


# Socket Mode


@pytest.fixture
def socket_app(slack: Slack) -> Iterator[App]:
    app = App(slack)
    server = Server([])
    server.start()

    async def connect() -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(app.bolt, slack.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        return handler

    handler = server.run(connect())
    slack.socket = True
    slack.wait_until(lambda: slack.sockets.count == 1)
    yield app
    server.run(handler.close_async())  # type: ignore[no-untyped-call]
    server.stop()


def test_socket_mode(slack: Slack, socket_app: App) -> None:
    slack.say(USER, "Bonjour")
    (posted,) = slack.wait_for(1)
    slack.press(USER, posted, "Créer un compte")
    assert slack.wait_for(2)[1].text == "v !"
    assert json.loads(slack.command("/aide", "", USER).body) == {"text": "Un instant…"}
    assert {posted.text for posted in slack.wait_for(4)[2:]} == {"Un instant…", "Menu"}
    assert len(slack.sockets.acks) == 3 and slack.problems == []
    slack.wait_until(lambda: slack.sockets.pongs)


def test_socket_is_refreshed(slack: Slack, socket_app: App) -> None:
    slack.refresh_sockets(seconds=0.2)
    slack.wait_until(lambda: (slack.sockets.count, slack.sockets.opened) == (1, 2))
    slack.say(USER, "Encore là ?")
    slack.wait_for(1)


def test_socket_needs_its_token_and_ticket(slack: Slack, ask: Ask) -> None:
    assert refused(ask, "apps_connections_open", app_token=slack.bot_token) == "not_allowed_token_type"
    assert refused(ask, "auth_test", token=slack.app_token) == "not_allowed_token_type"
    assert ask("apps_connections_open", app_token=slack.app_token)["url"].startswith("ws://")
    assert slack.deliver_event(slack.direct_message(USER, "Bonjour"), socket=True).status == 0


# The Web API


def test_tokens_and_methods(slack: Slack, ask: Ask) -> None:
    assert ask("auth_test")["bot_id"] == slack.BOT_ID
    assert ask("api_test")["ok"]
    assert refused(ask, "auth_test", token="xoxb-0") == "invalid_auth"
    assert refused(ask, "api_call", api_method="auth.test", token=" ") == "not_authed"
    assert refused(ask, "reactions_add", channel="C1", name="x", timestamp="1") == "unknown_method"
    assert slack.calls[-1].outcome == "unknown_method"


def test_post_to_a_user_opens_their_direct_messages(slack: Slack, ask: Ask) -> None:
    answer = ask("chat_postMessage", channel=USER, text="Bonjour", blocks=MENU)
    assert answer["channel"] == slack.dm(USER) == ask("conversations_open", users=USER)["channel"]["id"]
    assert answer["message"]["blocks"][0]["block_id"] and "block_id" not in slack.messages[0].arguments["blocks"][0]
    assert refused(ask, "chat_postMessage", channel="C9", text="Bonjour") == "channel_not_found"
    assert refused(ask, "api_call", api_method="chat.postMessage", json={"channel": USER, "text": " "}) == "no_text"
    assert refused(ask, "chat_postMessage", channel=USER, text="?", thread_ts="1.1") == "invalid_thread_ts"
    assert refused(ask, "chat_postEphemeral", channel=slack.dm(USER), user=OTHER, text="?") == "user_not_in_channel"


def test_forms_carry_json(slack: Slack, ask: Ask) -> None:
    data = {"channel": USER, "text": "Bonjour", "blocks": json.dumps(MENU)}
    assert ask("api_call", api_method="chat.postMessage", data=data)["ok"]
    assert slack.messages[0].button("Aide")
    data["blocks"] = "{"
    assert refused(ask, "api_call", api_method="chat.postMessage", data=data) == "invalid_blocks_format"


def test_update(slack: Slack, ask: Ask) -> None:
    posted = ask("chat_postMessage", channel=USER, text="Avant", blocks=MENU)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    ask("chat_update", **where, text="Après")
    (kept,) = slack.messages
    assert (kept.text, len(kept.blocks), kept.edited) == ("Après", 3, True)
    ask("chat_update", **where, text="Après", blocks=[section()])
    assert (len(slack.messages), kept.buttons()) == (1, [])
    assert refused(ask, "chat_update", channel=posted["channel"], ts="1.1", text="?") == "message_not_found"
    event = slack.direct_message(USER, "Bonjour")
    assert refused(ask, "chat_update", channel=event["channel"], ts=event["ts"], text="?") == "cant_update_message"
    assert refused(ask, "chat_update", **where, text="x" * 4001) == "msg_too_long"
    ephemeral = ask("chat_postEphemeral", channel=posted["channel"], user=USER, text="!")["message_ts"]
    assert refused(ask, "chat_update", channel=posted["channel"], ts=ephemeral, text="?") == "message_not_found"
    ask("chat_delete", **where)
    assert refused(ask, "chat_delete", **where) == "message_not_found"


def test_assistant(slack: Slack, ask: Ask) -> None:
    thread = slack.assistant_started(USER)["assistant_thread"]
    where = {"channel_id": thread["channel_id"], "thread_ts": thread["thread_ts"]}
    prompt = {"title": "Compte", "message": "Mon compte"}
    ask("assistant_threads_setStatus", **where, status="cherche…")
    ask("assistant_threads_setSuggestedPrompts", **where, prompts=[prompt] * 4)
    assert (slack.statuses[0]["status"], slack.prompts[0]["prompts"][0]) == ("cherche…", prompt)
    assert refused(ask, "assistant_threads_setSuggestedPrompts", **where, prompts=[prompt] * 5) == "invalid_arguments"
    assert refused(ask, "assistant_threads_setStatus", channel_id="D9", thread_ts="1.1", status="") == "channel_not_found"


def test_failures(slack: Slack, ask: Ask) -> None:
    slack.fail("chat.postMessage", rate_limited(7), http_error(503), error("channel_not_found"), broken(), slow(0.3))
    with pytest.raises(SlackApiError) as raised:
        ask("chat_postMessage", channel=USER, text="1")
    assert (raised.value.response.status_code, raised.value.response.headers["Retry-After"]) == (429, "7")
    with pytest.raises(SlackApiError) as raised:
        ask("chat_postMessage", channel=USER, text="2")
    assert raised.value.response.status_code == 503
    assert refused(ask, "chat_postMessage", channel=USER, text="3") == "channel_not_found"
    with pytest.raises(ClientError):
        ask("chat_postMessage", channel=USER, text="4")
    started = time.monotonic()
    assert ask("chat_postMessage", channel=USER, text="5")["ok"] and time.monotonic() - started > 0.3
    assert [call.outcome for call in slack.calls] == ["ratelimited", "http 503 text/html", "channel_not_found", "broken", "ok"]
    assert [posted.text for posted in slack.messages] == ["5"]


def test_outage(slack: Slack, ask: Ask, socket_app: App) -> None:
    with slack.outage():
        with pytest.raises(ClientError):
            ask("chat_postMessage", channel=USER, text="Bonjour")
        slack.wait_until(lambda: slack.sockets.count == 0)
    assert ask("chat_postMessage", channel=USER, text="Bonjour")["ok"]


def test_response_url_is_used_up(slack: Slack, app: App) -> None:
    slack.say(USER, "Bonjour")
    (posted,) = slack.wait_for(1)
    url = slack.click(USER, posted, posted.button("Aide"))["response_url"]

    async def respond(url: str, **body: Any) -> int:
        return (await AsyncRespond(response_url=url)(**body)).status_code

    assert asyncio.run(respond(url, text="À tous", response_type="in_channel")) == 200
    assert asyncio.run(respond(url, text="?", blocks=[{"type": "section"}])) == 400
    assert asyncio.run(respond(url, text="Autre", replace_original=True)) == 200
    assert [(posted.text, posted.user) for posted in slack.messages] == [("Autre", None), ("À tous", None)]
    assert asyncio.run(respond(url, delete_original=True)) == 200
    assert asyncio.run(respond(url, text="Encore")) == 200
    assert asyncio.run(respond(url, text="Trop")) == 404
    assert slack.calls[-1].outcome == "used_url"
    next(iter(slack.hooks.values())).created -= 31 * 60
    assert asyncio.run(respond(url, text="Trop tard")) == 404
    assert slack.calls[-1].outcome == "expired_url"


# Limits

LIMITS = [
    ([section()] * 51, "no more than 50 items"),
    ([section(block_id="x" * 256)], "less than 256 characters"),
    ([section(block_id="x"), section(block_id="x")], '`block_id` "x" already exists'),
    ([section("x" * 3001)], "less than 3001 characters"),
    ([section("")], "more than 0 characters"),
    ([{"type": "section"}], "missing required field: text or fields"),
    ([{"type": "section", "fields": [words("x")] * 11}], "no more than 10 items"),
    ([{"type": "section", "fields": [words("x" * 2001)]}], "less than 2001 characters"),
    ([actions(*(button(str(place)) for place in range(26)))], "no more than 25 items"),
    ([actions()], "no fewer than 1 items"),
    ([{"type": "context", "elements": [words("x")] * 11}], "no more than 10 items"),
    ([{"type": "header", "text": words("x" * 151)}], "less than 151 characters"),
    ([{"type": "header", "text": words("x", "mrkdwn")}], "unsupported type: mrkdwn"),
    ([{**feedback(), "elements": feedback()["elements"] * 6}], "no more than 5 items"),
    ([feedback(positive_button={"text": words("x" * 76), "value": "+"})], "less than 76 characters"),
    ([feedback(positive_button={"text": words("x"), "value": "x" * 2001})], "less than 2001 characters"),
    ([feedback(negative_button={"text": words("x")})], "missing required field: value"),
    ([feedback(negative_button={"text": words("x"), "value": "x", "accessibility_label": "x" * 76})], "less than 76"),
    ([actions(feedback()["elements"][0])], "unsupported type: feedback_buttons"),
    ([actions(button("a", "x" * 76))], "less than 76 characters"),
    ([actions(button("a", text=words("x", "mrkdwn")))], "unsupported type: mrkdwn"),
    ([actions(button("a", value="x" * 2001))], "less than 2001 characters"),
    ([actions(button("a", value=1))], "must provide a string"),
    ([actions(button("a", url="https://x/" + "x" * 3000))], "less than 3001 characters"),
    ([actions(button("a", url="javascript:alert()"))], "does not match format"),
    ([actions(button("x" * 256))], "less than 256 characters"),
    ([actions(button("a"), button("a"))], '`action_id` "a" already exists'),
    ([actions(button("a", style="warning"))], "must be one of primary, danger"),
    ([actions(button("a", confirm={"title": words("x")}))], "missing required field: deny"),
    ([actions(button("a", payload="x"))], "invalid additional property: payload"),
    ([section(text="x", accessory=button("a", "x" * 76))], "less than 76 characters"),
    ([actions({"type": "radio_buttons", "options": [{"text": words("x"), "value": "x" * 151}]})], "less than 151 characters"),
    ([actions({"type": "radio_buttons", "options": [{"text": words("x"), "value": "x"}] * 11})], "no more than 10 items"),
    ([actions({"type": "overflow", "options": [{"text": words("x"), "value": "x"}] * 6})], "no more than 5 items"),
    ([{"type": "image", "alt_text": "x"}], "missing required field: image_url or slack_file"),
    ([{"type": "markdown", "text": "x" * 7000}] * 2, "less than 12001 characters together"),
    ([{"type": "poem"}], "unsupported type: poem"),
    ({"type": "section"}, "must provide an array"),
    ([{**section(), "text": {"type": "mrkdwn", "text": "x", "emoji": True}}], "invalid additional property: emoji"),
]


@pytest.mark.parametrize(("blocks", "problem"), LIMITS, ids=[problem for _, problem in LIMITS])
def test_limits(blocks: Any, problem: str) -> None:
    assert any(problem in found for found in problems(blocks, "text")), problems(blocks, "text")


def test_invalid_blocks_are_refused(slack: Slack, ask: Ask) -> None:
    with pytest.raises(SlackApiError) as raised:
        ask("chat_postMessage", channel=USER, text="Bonjour", blocks=[actions(button("a", "x" * 76))])
    where = "[json-pointer:/blocks/0/elements/0/text/text]"
    assert raised.value.response["error"] == "invalid_blocks"
    assert raised.value.response["response_metadata"]["messages"] == [f"[ERROR] must be less than 76 characters {where}"]
    assert slack.problems == [f"must be less than 76 characters {where}"]
    assert refused(ask, "chat_postMessage", channel=USER, text="x" * 40_001) == "msg_too_long"
    assert refused(ask, "chat_postMessage", channel=USER, text="x", blocks=[section("x" * 3000)] * 5) == "msg_blocks_too_long"
    assert slack.messages == []


@pytest.mark.parametrize("text", ["a < b", "<script>", "<x@y.fr>", "AT&T", "<@moi>"])
def test_text_that_should_be_escaped(text: str, slack: Slack, ask: Ask) -> None:
    assert problems([section(text)], "text") and problems(None, text)
    assert ask("chat_postMessage", channel=USER, text=text)["ok"] and slack.problems


@pytest.mark.parametrize("text", ["a &lt; b &amp; c", "<https://x.fr?a=1&b=2|là>", "<@U1>", "<!date^1^{date}|hier>", "> cité"])
def test_text_that_is_right(text: str) -> None:
    assert problems([*MENU, section(text)], text) == []


@pytest.mark.parametrize("text", ["<https://x.fr|là>", "en *gras*"])
def test_plain_text_has_no_markup(text: str) -> None:
    assert problems([{"type": "header", "text": words(text)}], "text")


def test_what_users_type() -> None:
    text, rich = as_sent("Voir https://x.fr/a?b=1&c=2. Merci 👍")
    assert text == "Voir <https://x.fr/a?b=1&amp;c=2>. Merci :+1:"
    assert [part["type"] for part in rich] == ["text", "link", "text", "emoji"]


def test_texts_are_readable() -> None:
    blocks = [section("Voir <https://x.fr|là> &amp; ici"), {"type": "header", "text": words("A & B")}, feedback()]
    assert Posted("D1", "1.1", "", blocks, {}).texts() == ["Voir là & ici", "A & B"]
