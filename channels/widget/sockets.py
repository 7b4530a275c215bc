"""The widget over Socket.IO, with the event names that Rasa's widgets know.

| event | from | data | acknowledged with |
|---|---|---|---|
| ``session_request`` | page | ``{session_id?}`` | ``{status, session_id, messages}`` |
| ``session_confirm`` | server | the session id, a token | |
| ``user_uttered`` | page | ``{session_id, message, message_id?}`` | ``{status}`` |
| ``bot_uttered`` | server | a message of the bot (channels/widget/history.py) | |
| ``user_uttered`` | server | what the user said in another tab | |
| ``feedback`` | page | ``{session_id, comment}`` | ``{status}`` |

Where ``status`` is not 200, ``text`` says why, in French.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from socketio import AsyncServer

from channels.widget.service import Data, Service, answer

#: Seconds that a socket may stay open without asking for a session.
SESSION_SECONDS = 30


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
        await sio.save_session(sid, {"app": request.app, "address": request.remote_addr or request.ip})
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

        async def turn() -> None:
            session = await session_of(sid)
            for message in await service.take(session["app"].ctx.agent, said, session["address"]):
                if message["speaker"] == "user":
                    await sio.emit("user_uttered", message, room=service.conversation(said), skip_sid=sid)
                else:
                    await sio.emit("bot_uttered", message, room=service.conversation(said))

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


def _readable(data: Any) -> Data:
    return data if isinstance(data, dict) else {}
