"""Who has a conversation: the bot, or a human. In the file of the inbox, since a restart must not forget it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from channels.inbox import WRITE_SECONDS

_TABLE = "create table if not exists chatwoot (conversation integer primary key, by_human, stint)"


class Desk:
    """Who has which conversation.

    Each time that the bot gets a conversation back begins a *stint*, with a record of its own: what a human and the customer
    have said to each other in between, the bot has not heard, and « oui » may answer that.

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
        except (OSError, sqlite3.Error) as error:
            raise ValueError(f"AIGUILLEUR_INBOX, {path}: {error}.") from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def to_human(self, conversation: int) -> None:
        """A human has a conversation from now on, or nobody: it is resolved."""
        self._file.execute(
            "insert into chatwoot values (?, 1, 0) on conflict (conversation) do update set by_human = 1", [conversation]
        )

    def by_human(self, conversation: int) -> bool:
        """Whether a human has a conversation, as far as we were told."""
        return bool(self._of(conversation)[0])

    def stint(self, conversation: int) -> int:
        """The bot has a conversation, now or still; which of its stints this is."""
        by_human, stint = self._of(conversation)
        if by_human:
            stint += 1
            self._file.execute("update chatwoot set by_human = 0, stint = ? where conversation = ?", [stint, conversation])
        return stint

    def _of(self, conversation: int) -> tuple[int, int]:
        found = self._file.execute("select by_human, stint from chatwoot where conversation = ?", [conversation]).fetchone()
        return found or (0, 0)
