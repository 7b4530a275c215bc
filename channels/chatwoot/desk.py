"""Who has a conversation: the bot, or a human. In the file of the inbox, since a restart must not forget it."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final, NamedTuple

from channels.inbox import WRITE_SECONDS

_TABLE = "create table if not exists chatwoot (conversation integer primary key, by_human, stint)"
#: Added later: a file of before is taken as it is.
_ADDED = ("at", "since")

#: ``by_human``: the bot has it; a human does, or nobody; an agent has answered, and Chatwoot does not know yet that it is theirs.
_BOT, _HUMAN, _CLAIMED = 0, 1, 2
#: Seconds after which a claim that Chatwoot never took is over: its hand-over was given up by then.
CLAIM_SECONDS: Final = 24 * 3600


class _Held(NamedTuple):
    """``at``: when the conversation had last changed, as far as we know; ``since``: when the present holder got it."""

    holder: int = _BOT
    stint: int = 0
    at: float = 0
    since: float = 0


class Desk:
    """Who has which conversation.

    Each time that the bot gets a conversation back begins a *stint*, with a record of its own: what a human and the customer
    have said to each other in between, the bot has not heard, and « oui » may answer that.

    Chatwoot tells things late, twice, and not in their order, so times are compared: those of a conversation's last change
    (``updated_at``), by Chatwoot's clock.

    Args:
        path: the file, made at need.

    Raises:
        ValueError: it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, isolation_level=None, timeout=WRITE_SECONDS)
            self._file.execute(_TABLE)
            known = {column[1] for column in self._file.execute("pragma table_info(chatwoot)")}
            for column in (column for column in _ADDED if column not in known):
                self._file.execute(f"alter table chatwoot add column {column} default 0")
        except (OSError, sqlite3.Error) as error:
            raise ValueError(f"AIGUILLEUR_INBOX, {path}: {error}.") from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def told(self, conversation: int, is_pending: bool, at: float | None = None) -> None:
        """Take note of who has a conversation; what is older than what is known says nothing.

        Args:
            conversation: its number.
            is_pending: whether Chatwoot leaves it to the bot; a claim holds all the same.
            at: when it had last changed; None: just now, or nobody knows.
        """
        holder, stint, known, since = self._of(conversation)
        if at is not None and at <= known:
            return
        now = known if at is None else at
        is_over = holder == _HUMAN or (holder == _CLAIMED and now - since > CLAIM_SECONDS)
        if not is_pending:
            self._write(conversation, _Held(_HUMAN, stint, now, since))
        elif is_over:
            self._write(conversation, _Held(_BOT, stint + 1, now, now))
        else:
            self._write(conversation, _Held(holder, stint, now, since))

    def claim(self, conversation: int, at: float | None) -> bool:
        """An agent has answered in public while Chatwoot leaves it to the bot: it is theirs, until Chatwoot says so too.

        Returns:
            Whether Chatwoot has to be told; not so if that was long ago: somebody has given or taken the conversation since.
        """
        holder, stint, known, since = self._of(conversation)
        now = time.time() if at is None else at
        if holder != _CLAIMED and now > (since if holder == _BOT else known):
            self._write(conversation, _Held(_CLAIMED, stint, max(known, now), now))
            return True
        return holder == _CLAIMED

    def to_human(self, conversation: int) -> None:
        """Chatwoot was told that a human has a conversation from now on."""
        self._write(conversation, self._of(conversation)._replace(holder=_HUMAN))

    def is_claimed(self, conversation: int) -> bool:
        """Whether an agent has answered, and Chatwoot does not know yet that the conversation is theirs."""
        return self._of(conversation).holder == _CLAIMED

    def stint(self, conversation: int) -> int | None:
        """Which of its stints the bot is in; None while a human has the conversation."""
        held = self._of(conversation)
        return held.stint if held.holder == _BOT else None

    def _of(self, conversation: int) -> _Held:
        asked = "select by_human, stint, at, since from chatwoot where conversation = ?"
        found = self._file.execute(asked, [conversation]).fetchone()
        return _Held(*found) if found else _Held()

    def _write(self, conversation: int, held: _Held) -> None:
        statement = "insert or replace into chatwoot (conversation, by_human, stint, at, since) values (?, ?, ?, ?, ?)"
        self._file.execute(statement, [conversation, *held])
