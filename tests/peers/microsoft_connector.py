"""The Bot Connector as Teams offers it: the bot's messages are posted, changed and deleted here."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.peers.faults import refusal
from tests.peers.teams_cards import Activity
from tests.peers.teams_limits import RATES, Refused, problems, refuse


@dataclass
class Conversation:
    """One that the bot has heard from: who wrote in it, what came from there (in a channel: all threads), and when it sent."""

    members: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    sent: deque[float] = field(default_factory=deque)


Work = Callable[[web.Request, str, Conversation, Any], web.Response]


class Connector:
    """What the bot does in the conversations, and the state of these.

    ``activities``: all that it posted. ``problems``: what was against the rules, refused or not.
    ``throttles``: whether the published rates hold; off, since a test talks faster than people do.
    ``expelled``: ids of conversations that the bot was removed from.
    """

    def __init__(self, bot_id: str, accepts: Callable[[str], bool]) -> None:
        self.activities: list[Activity] = []
        self.problems: list[str] = []
        self.conversations: dict[str, Conversation] = {}
        self.expelled: set[str] = set()
        self.throttles = False
        self._bot_id, self._accepts = bot_id, accepts
        self._number = 0

    def heard(self, activity: dict[str, Any]) -> None:
        """From now on, the bot may post where this activity is from."""
        identity = activity["conversation"]["id"].partition(";")[0]
        conversation = self.conversations.setdefault(identity, Conversation())
        conversation.members.add(activity["from"]["id"])
        conversation.received.add(activity["id"])

    async def post(self, request: web.Request) -> web.Response:
        """POST /v3/conversations/{conversation}/activities, or below it /{replyToId}."""
        return await self._guarded(request, self._post)

    async def put(self, request: web.Request) -> web.Response:
        """PUT /v3/conversations/{conversation}/activities/{activity}."""
        return await self._guarded(request, self._put)

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE /v3/conversations/{conversation}/activities/{activity}."""
        return await self._guarded(request, self._delete)

    async def _guarded(self, request: web.Request, work: Work) -> web.Response:
        """Do what is asked for, if it may be asked for."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not self._accepts(token):
            denied = {"message": "Authorization has been denied for this request."}
            return web.json_response(denied, status=401, headers={"WWW-Authenticate": "Bearer"})
        try:
            identity = request.match_info["conversation"]
            conversation = self._find(identity)
            body: Any = None
            if request.method != "DELETE":
                if request.content_type != "application/json":
                    raise Refused(415, "BadArgument", f"Content-Type {request.content_type}")
                try:
                    body = json.loads(await request.read())
                except ValueError as problem:
                    raise Refused(400, "BadSyntax", f"Not JSON: {problem}") from problem
                self._rate(conversation)
                refuse(body)
                self._consistent(body, identity, conversation)
            return work(request, identity, conversation, body)
        except Refused as problem:
            if problem.status != 429:
                self.problems.append(str(problem))
            return refusal(problem.status, problem.code, problem.message, 1 if problem.status == 429 else None)

    def _find(self, identity: str) -> Conversation:
        base, _, root = identity.partition(";messageid=")
        conversation = self.conversations.get(base)
        roots = [activity.id for activity in self.activities if activity.conversation == base]
        if not conversation or (root and root not in conversation.received and root not in roots):
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        if base in self.expelled:
            raise Refused(403, "BotNotInConversationRoster", "The bot isn't part of the conversation roster.")
        return conversation

    def _rate(self, conversation: Conversation) -> None:
        now = time.monotonic()
        if self.throttles and any(sum(now - at < seconds for at in conversation.sent) >= most for seconds, most in RATES):
            raise Refused(429, "Throttled", "Too many requests.")
        conversation.sent.append(now)

    def _consistent(self, body: dict[str, Any], identity: str, conversation: Conversation) -> None:
        """Refused if a body contradicts where it is sent, or who sends it."""
        given = {name: (body.get(name) or {}).get("id") for name in ("from", "recipient", "conversation")}
        if given["from"] not in (None, self._bot_id):
            raise Refused(403, "NotEnoughPermissions", f"from is {given['from']}, not the bot")
        if given["conversation"] not in (None, identity):
            raise Refused(400, "BadArgument", f"conversation is {given['conversation']}, not that of the address")
        if given["recipient"] is not None and given["recipient"] not in conversation.members:
            raise Refused(400, "BadArgument", f"recipient is {given['recipient']}, who is not in the conversation")
        if body.get("channelId") not in (None, "msteams"):
            raise Refused(400, "BadArgument", f"channelId is {body['channelId']}")

    def _post(self, request: web.Request, identity: str, conversation: Conversation, body: dict[str, Any]) -> web.Response:
        reply_to = request.match_info.get("activity")
        own = [activity.id for activity in self.activities if not activity.deleted]
        if reply_to and reply_to not in conversation.received and reply_to not in own:
            raise Refused(404, "ActivityNotFoundInConversation", "Conversation not found.")
        if body.get("replyToId") not in (None, reply_to) and reply_to:
            raise Refused(400, "BadArgument", f"replyToId is {body['replyToId']}, not that of the address")
        self.problems += problems(body)
        self._number = max(self._number + 2, time.time_ns() // 2_000_000 * 2 + 1)
        activity = Activity(identity, str(self._number), reply_to or body.get("replyToId"), body)
        self.activities.append(activity)
        if activity.type == "typing":
            return web.json_response({}, status=202)
        split = activity.text and activity.cards()
        return web.json_response({} if split else {"id": activity.id}, status=201)

    def _own(self, request: web.Request, identity: str, conversation: Conversation) -> Activity:
        wanted = request.match_info["activity"]
        if wanted in conversation.received:
            raise Refused(403, "NotEnoughPermissions", "The message is not the bot's")
        here = identity.partition(";")[0]
        for activity in self.activities:
            posted = activity.type == "message" and not activity.deleted
            if posted and activity.id == wanted and activity.conversation.partition(";")[0] == here:
                return activity
        raise Refused(404, "ActivityNotFoundInConversation", "Conversation not found.")

    def _put(self, request: web.Request, identity: str, conversation: Conversation, body: dict[str, Any]) -> web.Response:
        activity = self._own(request, identity, conversation)
        if body["type"] != "message" or body.get("id") not in (None, activity.id):
            raise Refused(400, "BadArgument", "Not the message that is to be changed")
        self.problems += problems(body)
        activity.history.append(activity.body)
        activity.body = body
        return web.json_response({"id": activity.id})

    def _delete(self, request: web.Request, identity: str, conversation: Conversation, body: None) -> web.Response:
        self._own(request, identity, conversation).deleted = True
        return web.json_response({})
