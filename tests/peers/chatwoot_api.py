"""The local Chatwoot's API: what a bot may call, and what a human's token may call besides."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, Literal, cast, get_args

from aiohttp import web

from tests.peers.chatwoot_inbox import Inbox
from tests.peers.chatwoot_limits import RefusedError
from tests.peers.chatwoot_records import ACCOUNT, Agent, Bot, Conversation, Json, Status
from tests.peers.chatwoot_webhooks import Event
from tests.peers.faults import Desk, Fault

#: What may fail: posting messages, changing the status, typing, and reading (a conversation, or its messages).
Area = Literal["messages", "status", "typing", "reading", "unknown"]
#: app/controllers/concerns/access_token_auth_helper.rb, as far as it is served here; "show" since June 2026 (PR 14655).
#: The list of conversations and that of messages are not among them.
BOT_ACCESSIBLE: Final = ("show", "create_message", "toggle_status", "toggle_typing_status")
STATUSES: Final = ("open", "resolved", "pending", "snoozed")
SIGN_IN: Final = "You need to sign in or sign up before continuing."
PAGE: Final = 20  # app/finders/message_finder.rb

Action = Callable[[web.Request, Conversation, Agent | Bot, Json], web.Response]


def failed(fault: Fault) -> web.Response:
    """What is answered to a request that failed: of rack-attack if there were too many, else a page."""
    if fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        return web.Response(status=429, text="Retry later\n", headers=headers)
    return web.Response(status=fault.status, text="<!DOCTYPE html><title>Chatwoot</title>", content_type="text/html")


class _Desk(Desk):
    """Can be used for one test after another."""

    def forget(self) -> None:
        """No requests came, and none is to fail."""
        self.calls.clear()
        self._faults.clear()


class Api:
    """The addresses below /api/v1/accounts. ``bot_may``: what the bot may call; older versions allow less."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.bot_may = set(BOT_ACCESSIBLE)
        self._desk = _Desk(cast(Any, dict.fromkeys(get_args(Area), failed)))
        self.calls = self._desk.calls

    def fail(self, area: Area, *faults: Fault) -> None:
        """What the next requests of an area meet, one each."""
        self._desk.fail(cast(Any, area), *faults)

    def forget(self) -> None:
        """No requests came, and none is to fail."""
        self._desk.forget()

    def routes(self) -> list[web.AbstractRouteDef]:
        """All that is served."""
        conversations = "/api/v1/accounts/{account}/conversations"
        one = conversations + "/{conversation}"
        return [
            web.post(f"{one}/messages", self._served("messages", "create_message", self._create_message)),
            web.get(f"{one}/messages", self._served("reading", "list_messages", self._list_messages)),
            web.post(f"{one}/toggle_status", self._served("status", "toggle_status", self._toggle_status)),
            web.post(f"{one}/toggle_typing_status", self._served("typing", "toggle_typing_status", self._toggle_typing)),
            web.get(one, self._served("reading", "show", self._show)),
            web.route("*", "/{path:.*}", self._desk.served("unknown", self._unknown)),
        ]

    def _served(self, area: Area, action: str, work: Action) -> Any:
        async def handle(request: web.Request) -> web.Response:
            try:
                sender = self._sender(request, action)
                conversation = self._find(request)
                return work(request, conversation, sender, await self._body(request))
            except RefusedError as refused:
                self._inbox.problems.append(f"{request.method} {request.path}: {refused}")
                named = "api_access_token" in request.headers  # else it is devise that answers
                answer = {"error": refused.error} if named else {"errors": [SIGN_IN]}
                return web.json_response(answer, status=refused.status)

        return self._desk.served(cast(Any, area), handle)

    def _sender(self, request: web.Request, action: str) -> Agent | Bot:
        """Whose token it is (access_token_auth_helper.rb, authenticate_access_token! and validate_bot_access_token!)."""
        token = request.headers.get("api_access_token")
        if token == self._inbox.agent_token:
            return self._inbox.agent
        if token != self._inbox.bot_token:
            raise RefusedError(401, "Invalid Access Token")
        if action not in self.bot_may:
            raise RefusedError(401, "Access to this endpoint is not authorized for bots")
        return self._inbox.bot

    def _find(self, request: web.Request) -> Conversation:
        """The conversation meant: app/controllers/concerns/request_exception_handler.rb has the words if there is none."""
        number = request.match_info["conversation"]
        found = self._inbox.find(int(number)) if number.isdecimal() else None
        if request.match_info["account"] != str(ACCOUNT["id"]) or not found:
            raise RefusedError(404, "Resource could not be found")
        return found

    async def _body(self, request: web.Request) -> Json:
        if request.method == "GET":
            return {}
        if request.content_type != "application/json":
            self._inbox.problems.append(f"{request.path}: the body is {request.content_type}, not JSON")
        try:
            body = json.loads(await request.read() or "{}")
        except ValueError as error:
            raise RefusedError(400, "Bad Request") from error
        if not isinstance(body, dict):
            raise RefusedError(400, "Bad Request")
        return body

    def _create_message(self, request: web.Request, conversation: Conversation, sender: Agent | Bot, body: Json) -> web.Response:
        return web.json_response(self._inbox.post(conversation, sender, body).api_data())

    def _toggle_status(self, request: web.Request, conversation: Conversation, sender: Agent | Bot, body: Json) -> web.Response:
        """conversations_controller.rb, toggle_status. Of an unknown status, Rails knows no better than 500."""
        inbox, wanted = self._inbox, body.get("status")
        events: list[Event] = []
        if wanted and wanted not in STATUSES:
            raise RefusedError(500, f"'{wanted}' is not a valid status")
        if not wanted and isinstance(sender, Bot):
            inbox.problems.append("toggle_status without a status: nobody knows what becomes of it")
        with inbox.lock:
            # bot_handoff!: what the answer calls success is never set then.
            handed_over = isinstance(sender, Bot) and conversation.status == "pending" and wanted == "open"
            status = cast(Status, wanted or ("resolved" if conversation.status == "open" else "open"))
            conversation.snoozed_until = body.get("snoozed_until") if status == "snoozed" else None
            inbox.set_status(conversation, status, events)
            if status == "open" and isinstance(sender, Agent):  # handle_human_open
                inbox.set_assignee(conversation, sender, events)
        inbox.webhooks.tell(events, wait=False)
        payload = {
            "success": None if handed_over else True,
            "conversation_id": conversation.id,
            "current_status": conversation.status,
            "snoozed_until": conversation.snoozed_until,
        }
        return web.json_response({"meta": {}, "payload": payload})

    def _toggle_typing(self, request: web.Request, conversation: Conversation, sender: Agent | Bot, body: Json) -> web.Response:
        """app/services/conversations/typing_status_manager.rb: what it does not know does nothing."""
        if body.get("typing_status") not in ("on", "off", "recording"):
            self._inbox.problems.append(f"typing_status is {body.get('typing_status')!r}")
        return web.Response()

    def _show(self, request: web.Request, conversation: Conversation, sender: Agent | Bot, body: Json) -> web.Response:
        return web.json_response(conversation.api_data())

    def _list_messages(self, request: web.Request, conversation: Conversation, sender: Agent | Bot, body: Json) -> web.Response:
        """The last messages, or those before one: the oldest first, notes and activities among them."""
        before = request.query.get("before", "")
        messages = [message for message in conversation.messages if not before.isdecimal() or message.id < int(before)]
        data = conversation.webhook_data()
        meta = {
            "labels": data["labels"],
            "additional_attributes": data["additional_attributes"],
            "contact": data["meta"]["sender"],
            "assignee": data["meta"]["assignee"],
            "agent_last_seen_at": None,
            "assignee_last_seen_at": None,
        }
        return web.json_response({"meta": meta, "payload": [message.api_data() for message in messages[-PAGE:]]})

    async def _unknown(self, request: web.Request) -> web.Response:
        self._inbox.problems.append(f"{request.method} {request.path}: there is no such address")
        return web.json_response({"status": 404, "error": "Not Found"}, status=404)
