"""The widget's one file: made from the sources as they are, small enough, French as it is written."""

from __future__ import annotations

import gzip
import hashlib
import re

from actions.help_file import PROJECT
from channels.widget.assets import FOLDER as STATIC

FOLDER, BUILT = PROJECT / "widget", STATIC / "aiguilleur.js"


def test_it_is_made_from_the_sources_as_they_are() -> None:
    """Quickly; tests/widget/test_build.py builds it anew."""
    sources = [
        "build.mjs",
        "package-lock.json",
        "package.json",
        *sorted(f"src/{file.name}" for file in (FOLDER / "src").iterdir()),
    ]
    hashed = hashlib.sha256()
    for name in sources:
        hashed.update(name.encode() + b"\0" + (FOLDER / name).read_bytes() + b"\0")
    assert f"Sources: {hashed.hexdigest()}" in BUILT.read_text(encoding="utf-8"), "run: make widget"


def test_it_is_at_most_30_kilobytes() -> None:
    assert len(gzip.compress(BUILT.read_bytes(), 9)) <= 30_000


def test_no_address_of_a_package_index_is_kept() -> None:
    assert "resolved" not in (FOLDER / "package-lock.json").read_text(encoding="utf-8")


def test_its_french_is_written_as_french_is() -> None:
    lines = (FOLDER / "src" / "texts.ts").read_text(encoding="utf-8").splitlines()
    said = [text for line in lines if not line.lstrip().startswith(("/", "*")) for text in re.findall(r'"([^"]*)"', line)]
    assert len(said) > 25
    for text in said:
        assert "'" not in text and "..." not in text, text
        assert not re.search(r"(?<![\u00a0\u202f])[?!:;»]|«(?![\u00a0\u202f])", text), text


def test_nothing_is_made_of_html() -> None:
    """Text is text: no way into the page but elements and their text."""
    for source in (FOLDER / "src").glob("*.ts"):
        code = source.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", code), source.name
