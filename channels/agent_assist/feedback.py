"""What became of the suggestions: kept in a database, and counted."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from channels.guard import kept

#: Days after which what agents wrote is erased; the events stay, to be counted.
TEXT_DAYS = 90

EVENTS = ("displayed", "inserted", "edited", "sent", "dismissed", "thumbs_up", "thumbs_down")
#: Of these, the last one counts.
THUMBS = {"thumbs_up", "thumbs_down"}

_tables = sa.MetaData()
_suggestions = sa.Table(
    "agent_assist_suggestions",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("row", sa.String(64)),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("model", sa.String(64), nullable=False),
)
_events = sa.Table(
    "agent_assist_events",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("suggestion", sa.String(64), sa.ForeignKey(_suggestions.c.id), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("final_text", sa.Text),
    sa.Column("reason", sa.Text),
)


class UnknownSuggestion(LookupError):
    """There is no suggestion of this id."""


class Feedback:
    """The database. Its methods wait for it: call them in a thread.

    Args:
        url: where it is, as SQLAlchemy has it (``sqlite:///var/agent_assist.db``); its tables are made at need.

    Raises:
        ValueError: it cannot be used.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = sa.create_engine(url, future=True, pool_pre_ping=True, hide_parameters=True)
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", _settings_of_sqlite)
            _tables.create_all(self._engine)
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            raise ValueError(f"AIGUILLEUR_ASSIST_DATABASE: {type(error).__name__}: it cannot be used.") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def made(self, answer: dict[str, Any]) -> None:
        """Remember which suggestions were made, so that feedback on them can be counted: no text of anybody's.

        Args:
            answer: a ``Suggestions`` of openapi.yaml.
        """
        cards = {card["id"]: card for card in answer["suggestions"]}
        with self._engine.connect() as connection:
            known = set(connection.scalars(sa.select(_suggestions.c.id).where(_suggestions.c.id.in_(list(cards)))))
        for suggestion, card in cards.items():
            if suggestion not in known:
                values = {name: card[name] for name in ("id", "kind", "title", "confidence")}
                self._insert(_suggestions, **values, at=_now(), row=card["row"], model=answer["model"])

    def keep(self, feedback: dict[str, Any]) -> bool:
        """Keep what became of a suggestion; False if the same event was kept before.

        Args:
            feedback: a ``Feedback`` of openapi.yaml.

        Raises:
            UnknownSuggestion: there is none of this id.
        """
        suggestion = feedback["suggestion_id"].encode(errors="replace").decode()  # databases hold no lone surrogates
        with self._engine.connect() as connection:
            if connection.scalar(sa.select(_suggestions.c.id).where(_suggestions.c.id == suggestion)) is None:
                raise UnknownSuggestion(suggestion)
        event_id = _hash(f"{suggestion} {feedback['event_id']}") if "event_id" in feedback else uuid.uuid4().hex
        self._erase_old_texts()
        return self._insert(
            _events,
            id=event_id,
            suggestion=suggestion,
            at=_now(),
            event=feedback["event"],
            final_text=kept(feedback["final_text"]) if "final_text" in feedback else None,
            reason=kept(feedback["reason"]) if "reason" in feedback else None,
        )

    def _erase_old_texts(self) -> None:
        texts = (_events.c.final_text, _events.c.reason)
        old = _events.c.at < _now() - datetime.timedelta(days=TEXT_DAYS)
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(_events).where(old, sa.or_(*(text.is_not(None) for text in texts))).values(dict.fromkeys(texts))
            )

    def _insert(self, table: sa.Table, **values: Any) -> bool:
        """Add a line; whether it was not there."""
        try:
            with self._engine.begin() as connection:
                connection.execute(table.insert().values(**values))
        except IntegrityError:
            return False
        return True

    def metrics(self, since: datetime.date, until: datetime.date, by: str) -> dict[str, Any]:
        """Count the suggestions made from one day to another.

        Args:
            since: first day (UTC).
            until: last day (UTC).
            by: ``day``, ``week`` or ``month``.

        Returns:
            A ``Metrics`` of openapi.yaml.
        """
        start = datetime.datetime.combine(since, datetime.time())
        end = datetime.datetime.combine(until, datetime.time.max)
        made = sa.select(_suggestions).where(_suggestions.c.at.between(start, end))
        told = sa.select(_events.c.suggestion, _events.c.event).order_by(_events.c.at)
        told = told.join(_suggestions, _events.c.suggestion == _suggestions.c.id).where(_suggestions.c.at.between(start, end))
        with self._engine.connect() as connection:
            suggestions = connection.execute(made).mappings().all()
            events: dict[str, set[str]] = defaultdict(set)
            for suggestion, event in connection.execute(told):
                events[suggestion] = (events[suggestion] - THUMBS if event in THUMBS else events[suggestion]) | {event}
        by_row: dict[tuple[Any, ...], list[set[str]]] = defaultdict(list)
        over_time: dict[datetime.date, list[set[str]]] = defaultdict(list)
        for suggestion in suggestions:
            happened = events.get(suggestion["id"], set())
            by_row[suggestion["row"], suggestion["kind"], suggestion["title"]].append(happened)
            over_time[_period(suggestion["at"].date(), by)].append(happened)
        ordered = sorted(by_row.items(), key=lambda item: (-len(item[1]), item[0][2]))
        return {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "total": counts(happened for each in over_time.values() for happened in each),
            "by_row": [{"row": row, "kind": kind, "title": title, **counts(each)} for (row, kind, title), each in ordered],
            "over_time": [{"period": period.isoformat(), **counts(each)} for period, each in sorted(over_time.items())],
        }


def counts(suggestions: Iterable[set[str]]) -> dict[str, Any]:
    """A ``Counts`` of openapi.yaml, of suggestions, each given as what happened to it."""
    listed = list(suggestions)
    happened = Counter(event for events in listed for event in events)
    taken = [events for events in listed if events & {"inserted", "sent"}]
    seen = [events for events in listed if "displayed" in events]  # desks of one's own may not tell this
    changed = [events for events in taken if "edited" in events]
    return {
        "suggested": len(listed),
        **{event: happened[event] for event in EVENTS},
        "acceptance_rate": round(sum("displayed" in events for events in taken) / len(seen), 4) if seen else None,
        "edit_rate": round(len(changed) / len(taken), 4) if taken else None,
    }


def _period(day: datetime.date, by: str) -> datetime.date:
    """First day of the period that a day is in."""
    if by == "month":
        return day.replace(day=1)
    return day - datetime.timedelta(days=day.weekday()) if by == "week" else day


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


def _settings_of_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode=wal", "synchronous=normal", "busy_timeout=5000", "foreign_keys=on"):
        cursor.execute(f"pragma {setting}")
    cursor.close()
