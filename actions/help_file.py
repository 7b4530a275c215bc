"""The tables of the help file (``data/help_file.yml``), read and held to account."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

PROJECT = Path(__file__).resolve().parent.parent
TABLES = Path(os.environ.get("AIGUILLEUR_TABLES", PROJECT / "data" / "help_file.yml"))
HELP_FILE = PROJECT / "data" / "help_file.fr.txt"

ANY_PORTAL = "any"


class InvalidTable(ValueError):
    """The tables cannot be used as they are; the message says where and what to do, in one line."""


@dataclass(frozen=True)
class Portal:
    """A place where people sign in."""

    id: str
    name: str
    url: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of a table: who sees ``sees`` at ``portal`` gets ``conclusion``."""

    id: str
    portal: str
    sees: str
    button: str
    conclusion: str
    links: tuple[str, ...]
    source: tuple[str, ...]
    next: str | None = None


@dataclass(frozen=True)
class HelpFile:
    """The portals and the rows, by id, in the order of the file."""

    portals: Mapping[str, Portal]
    rows: Mapping[str, Row]

    @property
    def fallback(self) -> Row:
        """The row of those who see nothing of the tables: the way out at the end of both procedures."""
        return self.rows["still_unidentified"]

    def rows_at(self, portal: str) -> list[Row]:
        """Rows of one portal's table, in the order of the file."""
        return [row for row in self.rows.values() if row.portal == portal]

    def rows_seen(self, sees: str, portal: str | None = None) -> list[Row]:
        """Rows that the observation ``sees`` (an intent) may mean, at ``portal`` if that is known."""
        rows = [row for row in self.rows.values() if row.sees == sees]
        return [row for row in rows if row.portal == portal] or rows

    def row_concluding(self, conclusion: str, portal: str | None = None) -> Row:
        """The row that a standing conclusion comes from: the one at ``portal`` if there are several."""
        rows = [row for row in self.rows.values() if row.conclusion == conclusion]
        return next((row for row in rows if row.portal == portal), rows[0])

    def link(self, row: Row) -> str | None:
        """Address that the row's answer gives, or None."""
        return self.portals[row.links[0]].url if row.links else None

    def addresses(self) -> dict[str, str]:
        """``{portal}_url`` for each portal: what the responses may name in braces."""
        return {f"{portal.id}_url": portal.url for portal in self.portals.values()}


def _fields(kind: str, entry: Any, where: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        raise InvalidTable(f"{where}: a {kind} is a list of `field: value` lines")
    missing = [field for field in required if entry.get(field) in (None, "")]
    unknown = sorted(set(entry) - set(required) - set(optional))
    if missing:
        raise InvalidTable(f"{where}: the {kind} lacks {', '.join(missing)}")
    if unknown:
        raise InvalidTable(f"{where}: unknown field {', '.join(map(str, unknown))} (known: {', '.join(required + optional)})")
    fields = dict(entry)
    for field in ("links", "source"):
        if field in fields and not (isinstance(fields[field], list) and all(isinstance(item, str) for item in fields[field])):
            raise InvalidTable(f"{where}: {field} is a list of texts, such as [{field}]")
    return {field: tuple(value) if isinstance(value, list) else value for field, value in fields.items()}


def parse(data: Any, name: str) -> HelpFile:
    """Check what a tables file holds.

    Args:
        data: the parsed YAML.
        name: the file's name, for messages.

    Raises:
        InvalidTable: a field is missing or unknown, an id is used twice or names nothing, or two rows share their inputs.
    """
    if not isinstance(data, Mapping) or set(data) != {"portals", "rows"}:
        raise InvalidTable(f"{name}: expected `portals:` and `rows:` and nothing else")
    portals = {
        portal_id: Portal(id=portal_id, **_fields("portal", entry, f"{name}, portal {portal_id}", ("name", "url", "source")))
        for portal_id, entry in dict(data["portals"] or {}).items()
    }
    rows: dict[str, Row] = {}
    for number, entry in enumerate(data["rows"] or [], start=1):
        where = f"{name}, row {entry.get('id', number) if isinstance(entry, Mapping) else number}"
        fields = _fields("row", entry, where, ("id", "portal", "sees", "button", "conclusion", "links", "source"), ("next",))
        row = Row(**fields)
        if row.id in rows:
            raise InvalidTable(f"{where}: this id is used twice")
        for portal in {row.portal, row.next, *row.links} - {ANY_PORTAL, None}:
            if portal not in portals:
                raise InvalidTable(f"{where}: there is no portal {portal} (there are: {', '.join(portals)})")
        for other in rows.values():
            if (other.portal, other.sees) == (row.portal, row.sees):
                raise InvalidTable(f"{where}: row {other.id} says already what follows from {row.sees} at {row.portal}")
        rows[row.id] = row
    if not rows:
        raise InvalidTable(f"{name}: there is no row")
    return HelpFile(portals=portals, rows=rows)


@cache
def load(path: Path = TABLES) -> HelpFile:
    """Read and check the tables.

    Raises:
        InvalidTable: the file cannot be read or does not hold usable tables.
    """
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidTable(f"{path.name}: cannot be read ({error.strerror})") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InvalidTable(f"{path.name}{line}: not valid YAML ({getattr(error, 'problem', None) or 'syntax'})") from error
    return parse(data, path.name)
