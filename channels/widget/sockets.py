"""The widget over Socket.IO, with the event names that Rasa's widgets know.

| event | from | data | acknowledged with |
|---|---|---|---|
| ``session_request`` | page | ``{session_id?}`` | ``{status, session_id, messages}`` |
| ``session_confirm`` | server | the session id, a token | |
| ``user_uttered`` | page | ``{session_id, message, message_id?}`` | ``{status, messages}`` |
| ``bot_uttered`` | server | ``{text}`` or ``{text, quick_replies}``, and nothing else: others take no more | |
| ``turn`` | server | all that was said in a turn (channels/widget/history.py), to the other tabs | |
| ``feedback`` | page | ``{session_id, comment, message_id}`` | ``{status}`` |

Where ``status`` is not 200, ``text`` says why, in French.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from socketio import AsyncServer
from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet

from channels.widget.history import Message
from channels.widget.service import Data, Service, address_of, answer

#: Seconds that a socket may stay open without asking for a session.
SESSION_SECONDS = 30


class TextPacket(Packet):
    """A packet without attachments.

    The library collects the attachments that a client announces, of any number and size, before anything of ours sees them;
    nothing that the widget says has any.
    """

    def decode(self, encoded_packet: str) -> int:
        """Read a packet (see the parent class).

        Raises:
            ValueError: it announces attachments.
        """
        if encoded_packet[:1] in (str(BINARY_EVENT), str(BINARY_ACK)):
            raise ValueError("no attachments here")
        return int(super().decode(encoded_packet))


def add_events(sio: AsyncServer, service: Service) -> None:
    """Make a Socket.IO server answer the widget."""

    async def session_of(sid: str) -> Data:
        return dict(await sio.get_session(sid))

    async def part_with_the_silent(sid: str) -> None:
        await asyncio.sleep(SESSION_SECONDS)
        with suppress(KeyError):
            if "conversation" not in await session_of(sid):
                await sio.disconnect(sid)

    @sio.on("connect")
    async def connect(sid: str, environ: Data, auth: Any = None) -> None:
        request = environ["sanic.request"]
        await sio.save_session(sid, {"app": request.app, "address": address_of(request)})
        sio.start_background_task(part_with_the_silent, sid)

    @sio.on("session_request")
    async def session_request(sid: str, data: Any = None) -> Data:
        session = await session_of(sid)
        status, body = await answer(service.open(session["app"].ctx.agent, _readable(data), session["address"]))
        if status == HTTPStatus.OK:
            conversation = service.conversation(body)
            if session.get("conversation") not in (None, conversation):
                await sio.leave_room(sid, session["conversation"])
            await sio.save_session(sid, {**session, "conversation": conversation})
            await sio.enter_room(sid, conversation)
            await sio.emit("session_confirm", body["session_id"], to=sid)
        return {"status": status, **body}

    @sio.on("user_uttered")
    async def user_uttered(sid: str, data: Any = None) -> Data:
        said = _readable(data)

        async def turn() -> Data:
            session = await session_of(sid)
            messages = await service.take(session["app"].ctx.agent, said, session["address"])
            await tell(sio, service.conversation(said), messages, asker=sid)
            return {"messages": messages}

        status, body = await answer(turn())
        if status != HTTPStatus.OK and "message_id" not in said:
            # A widget that is not ours looks at no acknowledgement.
            await sio.emit("bot_uttered", body, to=sid)
        return {"status": status, **body}

    @sio.on("feedback")
    async def feedback(sid: str, data: Any = None) -> Data:
        agent = (await session_of(sid))["app"].ctx.agent
        status, body = await answer(service.comment(agent, _readable(data)))
        return {"status": status, **body}


async def tell(sio: AsyncServer, conversation: str, messages: list[Message], asker: str | None = None) -> None:
    """Tell the tabs of a conversation what was said in a turn; the one that asked, if it has a socket, only as others take it."""
    for message in messages:
        if message["speaker"] == "bot":
            await sio.emit("bot_uttered", _usual(message), room=conversation)
    await sio.emit("turn", messages, room=conversation, skip_sid=asker)


def _usual(message: Message) -> Data:
    """A message as Rasa's own channel sends it."""
    return {name: message[name] for name in ("text", "quick_replies") if message.get(name)}


def _readable(data: Any) -> Data:
    return data if isinstance(data, dict) else {}
