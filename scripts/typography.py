"""French typography of what customers read: non-breaking spaces and apostrophes. `make format` mends it, tests check it."""

from __future__ import annotations

import re

from actions.help_file import PROJECT

NO_BREAK = "\u00a0"

#: Files, and which of their lines customers read.
FILES = {
    "data/responses/*.yml": re.compile(r"\s*[^#\s]"),
    "data/meanings.yml": re.compile(r"\s*[^#\s]"),
    "data/agent_assist.yml": re.compile(r"(\s*(title|missing): |  \w+: |other: |page: )"),
    "data/help_file.yml": re.compile(r"\s+(name|button): "),
}

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


def main() -> None:
    """Mend the files in place."""
    for pattern, read in FILES.items():
        for path in sorted(PROJECT.glob(pattern)):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            mended = "".join(mend(line) if read.match(line) else line for line in lines)
            if mended != "".join(lines):
                path.write_text(mended, encoding="utf-8")
                print(f"mended {path.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
