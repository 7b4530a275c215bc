"""The built file is what the sources give, to the byte."""

from __future__ import annotations

from pathlib import Path

from channels.widget.assets import FOLDER as STATIC
from scripts.widget import WIDGET


def test_the_built_files_are_up_to_date(tmp_path: Path) -> None:
    WIDGET.install()
    WIDGET.run("npm", "run", "--silent", "check")
    printed = WIDGET.run("node", "build.mjs", str(tmp_path))
    for built in tmp_path.iterdir():
        assert built.read_bytes() == (STATIC / built.name).read_bytes(), "run: make widget"
    assert {built.name for built in tmp_path.iterdir()} == {"aiguilleur.js", "THIRD_PARTY.txt"}
    assert 'integrity="sha384-' in printed and "kB compressed" in printed
