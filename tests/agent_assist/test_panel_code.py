"""The panel's files, which nothing builds: all are of use, their French is set well, and text is never markup."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from channels.agent_assist.panel import FOLDER
from channels.agent_assist.schemas import DESCRIPTION
from scripts.typography import mend
from scripts.widget import WIDGET

SCRIPTS = sorted(FOLDER.glob("*.js"))


def test_every_file_is_of_use() -> None:
    """Each is asked for by the page or by another, and all that is asked for is there."""
    asked = set(re.findall(r'(?:href|src)="([\w.]+)"', (FOLDER / "panel.html").read_text(encoding="utf-8"))) | {"panel.html"}
    for script in SCRIPTS:
        asked |= set(re.findall(r'(?:from |import\()"\./([\w.]+)"', script.read_text(encoding="utf-8")))
    assert asked == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_text_is_never_markup(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    assert code.startswith("// @ts-check\n/**")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|console\.", code)


def test_the_page_has_nothing_inline() -> None:
    page = (FOLDER / "panel.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", page)
    assert not re.search(r"https?://", page)


@pytest.mark.parametrize("name", ["texts.js", "demo.js"])
def test_the_french_is_set_as_it_should_be(name: str) -> None:
    """Non-breaking spaces and apostrophes."""
    code = (FOLDER / name).read_text(encoding="utf-8")
    literals = [json.loads(literal) for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"', code)]
    literals += [json.loads(f'"{literal}"') for literal in re.findall(r"`([^`\n\"]*)`", code)]
    french = [text for text in literals if re.search(r"[\u00c0-\u024f’«!?:]| \w", text)]
    assert len(french) > 10
    assert [text for text in french if mend(text) != text] == []


def texts(folder: Path) -> dict[str, Any]:
    """The tables of the texts."""
    module = Path(shutil.copy(FOLDER / "texts.js", folder / "texts.mjs"))
    program = f"console.log(JSON.stringify(await import({json.dumps(module.as_uri())})))"
    return dict(json.loads(WIDGET.run("node", "--input-type=module", "--eval", program)))


def test_there_are_words_for_all_that_the_server_may_say(tmp_path: Path) -> None:
    tables, schemas = texts(tmp_path), DESCRIPTION["components"]["schemas"]
    card = schemas["Suggestion"]["properties"]
    said = {
        "kinds": card["kind"]["enum"],
        "levels": card["confidence_level"]["enum"],
        "abstentions": schemas["Suggestions"]["properties"]["abstained"]["enum"],
        "conclusions": schemas["Conclusion"]["enum"],
    }
    for table, names in said.items():
        assert set(tables[table]) == {name for name in names if name}, table
