"""What a platform was told is taken: each message is kept in a file until its answer has been delivered.

Slack and Teams want to hear « taken » at once, and the answer comes later, in a request of ours. In between, the
platform may be away, or hold us to a rate, or this server may end. So a message is written down before it is
acknowledged, its turn is made once (channels/guard.py knows the message by its id), and its answer is tried until the
platform takes it. Messages of one conversation are answered one at a time, in their order.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from actions.buttons import Button
from channels import texts
from channels.answer import Message, Part, WholeOutput, parts
from channels.answer import said as said_in
from channels.guard import handle, kept

logger = logging.getLogger(__name__)

#: Seconds for which the id of a message is known.
REMEMBERED = 24 * 3600
#: Seconds to wait before the next try, if the platform does not say how long: doubled each time, up to the last.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: Errors that nobody foresaw, after which an answer is given up.
MOST_ERRORS = 5
#: The longest time that a platform may ask us to wait.
LONGEST_ASKED = 15 * 60
#: Seconds that writing a message down may take, while another process has the file; everything waits meanwhile.
WRITE_SECONDS = 1
#: Seconds that answers on their way have when the server is stopped.
CLOSING_SECONDS = 2
#: Seconds that « is writing » may take before the answer goes out anyway.
NOTICE_SECONDS = 1

#: ``data`` is the message as JSON, which holds any text; null once it is done. Then the id stays, for a day.
_TABLE = "create table if not exists accepted (number integer primary key, channel, id, at, data, unique (channel, id))"


class Later(Exception):
    """The platform does not take an answer now.

    Args:
        why: for the log; no texts of customers.
        seconds: how long it asks us to wait, if it does.
    """

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


def seconds_of(retry_after: Any) -> float | None:
    """Seconds of a ``Retry-After`` header, no more than can be waited; None if it has none."""
    text = str(retry_after or "")
    return min(float(text), LONGEST_ASKED) if text.isdecimal() else None


@dataclass
class Accepted:
    """A message that was taken, its secrets masked: whoever writes one down writes none of them.

    ``id`` is the platform's: the same one again is the same message. ``turn`` is the id of the turn that it makes, where that is
    another: a question takes one click, however often it is clicked. ``place`` is what its channel needs to answer there.
    ``answer`` is what the bot said, once it has; ``posted`` once the platform has it.
    """

    id: str
    sender: str
    message: str
    place: dict[str, Any]
    answer: list[Message] | None = None
    posted: bool = False
    turn: str = ""
    at: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self.turn = self.turn or self.id
        self.message = kept(self.message)

    @property
    def failed(self) -> bool:
        """Whether the answer is that the user must say it again."""
        return any(message.get("failed") for message in self.answer or ())


class Platform(Protocol):
    """What delivers answers. ``post``, ``finish`` and ``mark`` raise ``Later`` if they must be tried again."""

    async def announce(self, accepted: Accepted) -> None:
        """Tell that an answer is being made; this may fail."""

    async def post(self, accepted: Accepted, said: Sequence[Part]) -> None:
        """Say something where a message was accepted."""

    async def finish(self, accepted: Accepted) -> None:
        """What must follow an answer, once it is there."""

    async def mark(self, accepted: Accepted, record: DialogueStateTracker | None) -> bool:
        """After a click: put the choices that were made in place of their buttons. Whether that is seen now."""


class Inbox:
    """Takes messages, has them answered, and delivers the answers.

    Args:
        path: the file, made at need.
        output: the channel's output class.
        platform: delivers the answers.
        shown: the buttons that the channel shows before anything is said.

    Raises:
        ValueError: the file cannot be used, or another server uses it.
    """

    #: Seconds after which an answer is not delivered any more: by then it would only surprise.
    too_late = 24 * 3600.0
    #: Whether a message whose turn failed may be sent again under its id.
    forgets_failures = True

    def __init__(
        self,
        path: Path,
        output: type[WholeOutput],
        platform: Platform,
        shown: Sequence[Button] = (),
    ) -> None:
        self._output, self._platform, self._shown = output, platform, shown
        self._is_open = False
        self._channel = output.name()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = path.with_name(f"{path.name}.{self._channel}.lock").open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go when the process ends, however it ends
            self._file = sqlite3.connect(path, isolation_level=None, timeout=WRITE_SECONDS)
            self._file.executescript("pragma journal_mode=wal; pragma synchronous=normal;")
            self._file.execute(_TABLE)
        except BlockingIOError as error:
            raise ValueError(f"AIGUILLEUR_INBOX, {path}: another server uses it.") from error
        except (OSError, sqlite3.Error) as error:
            raise ValueError(f"AIGUILLEUR_INBOX, {path}: {error}.") from error
        self._waiting: dict[str, deque[Accepted]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        #: Messages that a server before this one took, and may have answered.
        self._resumed: set[str] = set()

    def open(self, agent: Callable[[], Agent], on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> None:
        """Take up what was left in the file.

        Args:
            agent: gives the agent that answers.
            on_new_message: Rasa's way in.
        """
        self._agent, self._on_new_message = agent, on_new_message
        self._is_open = True
        left = "select id, data from accepted where channel = ? and data is not null order by number"
        for message_id, data in self._file.execute(left, [self._channel]).fetchall():
            try:
                self._queue(Accepted(**json.loads(data)), resumed=True)
            except (TypeError, ValueError):  # another version wrote it
                logger.error("A message in the inbox of %s cannot be read, and is left aside.", self._channel)
                self._write("update accepted set data = null where channel = ? and id = ?", self._channel, message_id)

    async def close(self) -> None:
        """Stop, after what is on its way has arrived; what is not done stays in the file."""
        if self._workers:
            await asyncio.wait(self._workers, timeout=CLOSING_SECONDS)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._file.close()
        self._lock.close()

    def accept(self, accepted: Accepted) -> None:
        """Write a message down, and answer it soon; nothing happens if it was taken before.

        Raises:
            sqlite3.Error: it could not be written: the platform must not be told that it is taken.
        """
        statement = "insert or ignore into accepted (data, at, channel, id) values (?, ?, ?, ?)"
        values = [json.dumps(asdict(accepted)), accepted.at, self._channel, accepted.id]
        if self._file.execute(statement, values).rowcount and self._is_open:  # otherwise it is taken up then
            self._queue(accepted)

    def has(self, message_id: str) -> bool:
        """Whether a message was taken before.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        asked = "select 1 from accepted where channel = ? and id = ?"
        return self._file.execute(asked, [self._channel, message_id]).fetchone() is not None

    def _keep(self, accepted: Accepted) -> None:
        """Write down how far an accepted message has got."""
        self._write(
            "update accepted set data = ? where channel = ? and id = ?", json.dumps(asdict(accepted)), self._channel, accepted.id
        )

    async def _record(self, sender: str) -> DialogueStateTracker | None:
        """The record of a conversation."""
        return await self._agent().tracker_store.retrieve_full_tracker(sender)

    def _done(self, accepted: Accepted) -> None:
        """Forget a message, but for a day not that it was taken, unless it may be sent again."""
        if accepted.failed and self.forgets_failures:
            self._write("delete from accepted where channel = ? and id = ?", self._channel, accepted.id)
        else:
            self._write("update accepted set data = null where channel = ? and id = ?", self._channel, accepted.id)
        self._write("delete from accepted where data is null and at < ?", time.time() - REMEMBERED)

    def _write(self, statement: str, *values: str | float) -> None:
        """Change the file; where that cannot be done now, a restart may do again what was done."""
        try:
            self._file.execute(statement, values)
        except sqlite3.Error as error:
            logger.error("The inbox of %s could not be written (%s).", self._channel, error)

    def _queue(self, accepted: Accepted, resumed: bool = False) -> None:
        if resumed:
            self._resumed.add(accepted.id)
        waiting = self._waiting.get(accepted.sender)
        if waiting is not None:
            waiting.append(accepted)
            return
        self._waiting[accepted.sender] = deque([accepted])
        worker = asyncio.get_running_loop().create_task(self._work(accepted.sender))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, sender: str) -> None:
        waiting = self._waiting[sender]
        while waiting:
            await self._finish(waiting[0])
            self._resumed.discard(waiting[0].id)
            self._done(waiting.popleft())
        del self._waiting[sender]

    async def _finish(self, accepted: Accepted) -> None:
        """Answer a message, and deliver the answer, however often that must be tried."""
        wait, errors = FIRST_WAIT, 0
        while time.time() - accepted.at < self.too_late and errors < MOST_ERRORS:
            try:
                return await self._deliver(accepted)
            except Later as later:
                logger.warning("%s does not take an answer now (%s); it is tried again.", self._channel, later)
                seconds = later.seconds
            except Exception as error:
                logger.error("An answer could not be delivered in %s.", self._channel, exc_info=error)
                seconds, errors = None, errors + 1
                self._resumed.add(accepted.id)  # its turn may have been made
            await asyncio.sleep(wait if seconds is None else seconds)
            wait = min(2 * wait, LONGEST_WAIT)
        logger.error("An answer could not be delivered in %s, and was given up.", self._channel)
        return None

    async def _deliver(self, accepted: Accepted) -> None:
        if accepted.answer is None:
            accepted.answer = await self._answer(accepted)
            self._keep(accepted)
        said = parts(accepted.answer)
        if said and not accepted.posted:
            await self._platform.post(accepted, said)
            accepted.posted = True
            self._keep(accepted)
        await self._platform.finish(accepted)
        if accepted.turn == accepted.id:  # no click
            return
        is_seen = await self._platform.mark(accepted, await self._record(accepted.sender))
        if not said and not is_seen:  # a second click, and nothing to be seen of the first
            await self._platform.post(accepted, parts([{"text": texts.text("utter_already_answered")}]))

    async def _answer(self, accepted: Accepted) -> list[Message]:
        announcing = asyncio.ensure_future(self._announced(accepted))
        output = self._output()
        status = await handle(
            self._agent(),
            self._on_new_message,
            accepted.sender,
            accepted.message,
            output,
            self._channel,
            accepted.turn,
            self._shown,
        )
        await announcing
        if status == HTTPStatus.ALREADY_REPORTED and accepted.id in self._resumed:
            return said_in(await self._record(accepted.sender), accepted.turn)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:  # whatever was said before it failed
            return [{"text": texts.text("utter_technical_trouble"), "failed": True, "hand_over": True}]
        return [{**message, "failed": status == HTTPStatus.TOO_MANY_REQUESTS} for message in output.messages]

    async def _announced(self, accepted: Accepted) -> None:
        if accepted.id not in self._resumed:
            try:
                await asyncio.wait_for(self._platform.announce(accepted), NOTICE_SECONDS)
            except Exception as error:
                logger.info("%s was not told that an answer is being made (%s).", self._channel, type(error).__name__)
