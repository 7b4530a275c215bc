"""French typography of what customers read: non-breaking spaces and apostrophes. `make format` mends it, tests check it."""

from __future__ import annotations

import re
from pathlib import Path

from actions.help_file import PROJECT

NO_BREAK = "\u00a0"

#: Files whose lines, but for comments, are read by customers.
FILES = ("data/responses/*.yml", "data/meanings.yml")

_RULES = [
    (re.compile(r" ([;:!?»])"), NO_BREAK + r"\1"),
    (re.compile(r"« "), "«" + NO_BREAK),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NO_BREAK),
]


def mend(text: str) -> str:
    """A text with the spaces and apostrophes that French wants."""
    for wrong, right in _RULES:
        text = wrong.sub(right, text)
    return text


def files() -> list[Path]:
    """The files that hold what customers read."""
    return sorted(path for pattern in FILES for path in PROJECT.glob(pattern))


def main() -> None:
    """Mend the files in place."""
    for path in files():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        mended = "".join(line if line.lstrip().startswith("#") else mend(line) for line in lines)
        if mended != "".join(lines):
            path.write_text(mended, encoding="utf-8")
            print(f"mended {path.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
