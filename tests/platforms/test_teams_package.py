"""`make teams-package`: what it writes, and the one line that it ends with when something does not fit."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from scripts import teams_package

GIVEN = {"APP_ID": "8f2c1d4e-0b5a-4c7e-9f3d-6a1b2c3d4e5f", "SITE": "https://www.example.com/aide"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of teams/ to spoil."""
    shutil.copytree(teams_package.FOLDER, tmp_path / "teams")
    monkeypatch.setattr(teams_package, "FOLDER", tmp_path / "teams")
    return tmp_path / "teams"


def test_the_package(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    teams_package.make(GIVEN, first)
    teams_package.make({**GIVEN, "PRIVACY": "https://example.com/vie-privee", "DEVELOPER": "Exemple « SA »"}, second)
    with zipfile.ZipFile(first) as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        manifest = json.loads(package.read("manifest.json"))
    assert manifest["id"] == manifest["bots"][0]["botId"] == GIVEN["APP_ID"]
    assert manifest["developer"] == {
        "name": "example.com",
        "websiteUrl": GIVEN["SITE"],
        "privacyUrl": GIVEN["SITE"],
        "termsOfUseUrl": GIVEN["SITE"],
    }
    with zipfile.ZipFile(second) as package:
        developer = json.loads(package.read("manifest.json"))["developer"]
    assert developer["name"] == "Exemple « SA »" and developer["privacyUrl"] == "https://example.com/vie-privee"


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        teams_package.make(GIVEN, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"APP_ID": ""}, "APP_ID is missing"),
        ({"SITE": ""}, "SITE is missing"),
        ({"APP_ID": "aiguilleur"}, "APP_ID=aiguilleur is not a GUID"),
        ({"SITE": "http://example.com"}, "SITE=http://example.com is not an https address"),
        ({"TERMS": "example.com"}, "TERMS=example.com is not an https address"),
        ({"DEVELOPER": "x" * 33}, "developer.name must NOT have more than 32 characters"),
    ],
)
def test_what_is_given(given: dict[str, str], said: str, tmp_path: Path) -> None:
    refused({**GIVEN, **given}, said, tmp_path)


def test_a_manifest_that_does_not_fit(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["bots"][0]["scopes"][0] = "personnel"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    refused(GIVEN, "bots[0].scopes[0] must be equal to one of the allowed values: team, personal", tmp_path)


def test_a_value_that_nobody_gives(folder: Path, tmp_path: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(text.replace("${SITE}", "${SITTE}"), encoding="utf-8")
    refused(GIVEN, "cannot fill in '${SITTE}'", tmp_path)


def test_icons_that_do_not_fit(folder: Path, tmp_path: Path) -> None:
    Image.new("RGBA", (32, 32), (255, 0, 0, 255)).save(folder / "outline.png")
    refused(GIVEN, "teams/outline.png must be white on a transparent ground", tmp_path)
    Image.new("RGBA", (96, 96)).save(folder / "color.png")
    refused(GIVEN, "teams/color.png must be a PNG of 192×192 pixels", tmp_path)
    (folder / "color.png").unlink()
    refused(GIVEN, "teams/color.png is missing", tmp_path)


def refused(given: dict[str, str], said: str, folder: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        teams_package.make(given, folder / "never.zip")
    assert str(ended.value).startswith("aiguilleur: ") and said in str(ended.value) and "\n" not in str(ended.value)
    assert not (folder / "never.zip").exists()
