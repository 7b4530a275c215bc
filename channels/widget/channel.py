"""The website widget's channel: Socket.IO, and the same over plain HTTP where sockets are blocked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from socketio import AsyncServer

from channels.widget.http import MAX_BYTES, add_routes
from channels.widget.origins import Origins
from channels.widget.service import NAME, Service
from channels.widget.session import Sessions
from channels.widget.sockets import TextPacket, add_events, tell


class WidgetInput(InputChannel):
    """``/socket.io`` with Rasa's event names, and ``/webhooks/widget/…``.

    Mends Rasa's SocketIOInput: with a persistent session it never delivers an answer (rasa#13027); any page of any site
    can read another's conversation by naming its id; nothing limits what a client sends; a failure is silence; and a
    reload loses what was said. Here a session id is a token that this server has signed.

    Args:
        secret: signs the session tokens, at least 32 characters.
        origins: other sites that may use the widget, separated by commas.
        demo: whether to serve the demo page.

    Raises:
        ValueError: the secret is too short, or one of the origins is none.
    """

    def __init__(self, secret: str, origins: str = "", demo: bool = True) -> None:
        self._sessions, self._origins, self._demo = Sessions(secret), Origins(origins), demo

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel, from its lines in ``credentials.yml``."""
        settings = credentials or {}
        try:
            return cls(str(settings["secret"]), str(settings.get("origins") or ""), bool(settings.get("demo", True)))
        except KeyError as error:
            raise RasaException(f"credentials.yml: the widget lacks {error}.") from error
        except ValueError as error:
            raise RasaException(str(error)) from error

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        sio = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=lambda origin, environ: self._origins.allows(origin, environ.get("HTTP_HOST")),
            cors_credentials=False,
            max_http_buffer_size=MAX_BYTES,
            serializer=TextPacket,
        )
        blueprint = SocketBlueprint(sio, "/socket.io", NAME)
        service = Service(self._sessions, on_new_message)
        add_routes(blueprint, service, self._origins, partial(tell, sio), self._demo)
        add_events(sio, service)
        return blueprint
