"""What Teams sends a bot, with all the fields it has there."""

from __future__ import annotations

import copy
import datetime
import html
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from tests.peers.teams_cards import Activity

Kind = Literal["personal", "groupChat", "channel"]
BOT_NAME = "Aiguilleur"
LOCAL = datetime.timezone(datetime.timedelta(hours=1))


@dataclass(frozen=True)
class User:
    """Somebody in Teams: ``id`` as this bot sees it, ``aad_id`` in the directory."""

    name: str
    id: str
    aad_id: str


class Teams:
    """A tenant's users, a group chat and a team with one channel; builders of the activities that come from there."""

    def __init__(self, tenant: str, app_id: str) -> None:
        self.TENANT, self.APP_ID = tenant, app_id
        self.shown: list[str] = []  #: what users saw of their own clicks
        self._users: dict[str, User] = {}
        self._chats: dict[str, str] = {}
        self._group = f"19:{secrets.token_hex(16)}@thread.v2"
        self._team = f"19:{secrets.token_urlsafe(33)}1@thread.tacv2"
        self._channel = f"19:{secrets.token_hex(16)}@thread.tacv2"
        self._last = 0

    @property
    def service_url(self) -> str:
        """The connector, with a slash at the end."""
        raise NotImplementedError

    @property
    def bot(self) -> dict[str, str]:
        """The bot's account."""
        return {"id": f"28:{self.APP_ID}", "name": BOT_NAME}

    def user(self, user: User | str) -> User:
        """A user by name, always the same."""
        if isinstance(user, User):
            return user
        if user not in self._users:
            self._users[user] = User(user, f"29:1{secrets.token_urlsafe(64)}", str(uuid.uuid4()))
        return self._users[user]

    def conversation_id(self, user: User | str, kind: Kind = "personal", root: str | None = None) -> str:
        """A conversation's id; that of a thread in the channel has its first message's."""
        if kind == "personal":
            return self._chats.setdefault(self.user(user).id, f"a:1{secrets.token_urlsafe(90)}")
        if kind == "groupChat":
            return self._group
        return f"{self._channel};messageid={root}" if root else self._channel

    def _activity(self, user: User, type_: str, identity: str, conversation: dict[str, Any], **more: Any) -> dict[str, Any]:
        now = datetime.datetime.now(datetime.timezone.utc)
        channel_data: dict[str, Any] = {"tenant": {"id": self.TENANT}}
        if conversation["conversationType"] == "channel":
            channel_data |= {"teamsChannelId": self._channel, "teamsTeamId": self._team}
            channel_data |= {"channel": {"id": self._channel}, "team": {"id": self._team}}
        client = {"locale": "fr-FR", "country": "FR", "platform": "Web", "timezone": "Europe/Paris", "type": "clientInfo"}
        return {
            "type": type_,
            "id": identity,
            "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%f0Z"),
            "localTimestamp": now.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M:%S.%f0+01:00"),
            "localTimezone": "Europe/Paris",
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": {"id": user.id, "name": user.name, "aadObjectId": user.aad_id},
            "conversation": conversation,
            "recipient": self.bot,
            "entities": [client],
            "channelData": channel_data,
            "locale": "fr-FR",
            **more,
        }

    def _conversation(self, kind: Kind, identity: str) -> dict[str, Any]:
        group: dict[str, Any] = {"isGroup": True} if kind != "personal" else {}
        return {**group, "conversationType": kind, "tenantId": self.TENANT, "id": identity}

    def _message_id(self) -> str:
        """Milliseconds, as Teams has them, and never the same twice: even ones, the bot's messages have the odd ones."""
        self._last = max(self._last + 2, time.time_ns() // 2_000_000 * 2)
        return str(self._last)

    def message(self, user: User | str, text: str, kind: Kind = "personal", root: str | None = None) -> dict[str, Any]:
        """A message written by a user; in the channel below the message ``root``, or as a new thread."""
        user, identity = self.user(user), self._message_id()
        conversation = self._conversation(kind, self.conversation_id(user, kind, root or identity))
        activity = self._activity(user, "message", identity, conversation, textFormat="plain", text=text)
        if kind != "personal":
            activity["attachments"] = [{"contentType": "text/html", "content": f"<div><div>{html.escape(text)}</div></div>"}]
        if root:
            activity["replyToId"] = root
        return activity

    def mention(self, user: User | str, text: str, kind: Kind = "channel", root: str | None = None) -> dict[str, Any]:
        """A message that begins with the bot's name: in groups, a bot gets no others."""
        at = f"<at>{BOT_NAME}</at>"
        activity = self.message(user, f"{at} {text}", kind, root)
        activity["entities"].insert(0, {"type": "mention", "mentioned": self.bot, "text": at})
        span = f'<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">{BOT_NAME}</span>'
        content = f"<div><div>{span}&nbsp;{html.escape(text)}</div></div>"
        activity["attachments"] = [{"contentType": "text/html", "content": content}]
        return activity

    def installed(self, kind: Kind = "personal", user: User | str = "Camille Martin") -> list[dict[str, Any]]:
        """What comes when a user adds the bot: the conversationUpdate, then the installationUpdate."""
        user = self.user(user)
        conversation = self._conversation(kind, self.conversation_id(user, kind))
        person = {"id": user.id, "aadObjectId": user.aad_id}
        added = [{"id": self.bot["id"]}] + ([person] if kind == "personal" else [])
        update = self._activity(user, "conversationUpdate", f"f:{uuid.uuid4()}", conversation, membersAdded=added)
        installation = self._activity(user, "installationUpdate", f"f:{uuid.uuid4()}", conversation, action="add")
        if kind == "channel":
            update["channelData"]["eventType"] = "teamMemberAdded"
            installation["channelData"]["settings"] = {"selectedChannel": {"id": self._channel}}
        for activity in (update, installation):
            activity["from"].pop("name")
        return [update, installation]

    def submit(
        self, user: User | str, activity: Activity, action: dict[str, Any], inputs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What comes when a user presses a button of the bot's message.

        ``action``: an Action.Submit of its cards, or a suggested action. LookupError if the message does not have it (any more).
        """
        if activity.deleted or action not in [*activity.choices(), *activity.suggested()]:
            raise LookupError(f"not in the message: {action}")
        data = copy.deepcopy(action.get("data")) if action["type"] == "Action.Submit" else {"msteams": action}
        teams: dict[str, Any] = data.pop("msteams", {}) if isinstance(data, dict) else {}
        if teams.get("type") == "imBack":
            return self._as_if_written(self.user(user), activity, teams["value"])
        kind = kind_of(activity.conversation)
        user = self.user(user)
        pressed = self._activity(user, "message", f"f:{uuid.uuid4()}", self._conversation(kind, activity.conversation))
        pressed["replyToId"] = activity.id
        pressed["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": f"1:{secrets.token_urlsafe(33)}"}}
        # What is not an object does not arrive (OfficeDev/BotBuilder-MicrosoftTeams, issue 191).
        value: Any = data if isinstance(data, dict) else {}
        if teams.get("type") == "messageBack":
            if teams.get("text"):
                pressed["text"] = teams["text"]
            if teams.get("displayText"):
                self.shown.append(teams["displayText"])
            sent = json.loads(teams["value"]) if isinstance(teams.get("value"), str) else teams.get("value")
            value = value | (sent or {})
        if value or inputs:
            pressed["value"] = value | (inputs or {})
        return pressed

    def _as_if_written(self, user: User, activity: Activity, text: str) -> dict[str, Any]:
        self.shown.append(text)
        kind = kind_of(activity.conversation)
        if kind == "personal":
            return self.message(user, text)
        return self.mention(user, text, kind, activity.conversation.partition(";messageid=")[2] or None)


def kind_of(conversation: str) -> Kind:
    """Of which kind a conversation is, by its id."""
    if conversation.startswith("a:"):
        return "personal"
    return "groupChat" if conversation.endswith("@thread.v2") else "channel"
