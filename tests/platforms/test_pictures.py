"""The pictures are taken, as wide as asked and as tall as the conversation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scripts.platform_pictures import PHONE, slack_picture, teams_picture
from tests.platforms import SAMPLES


@pytest.mark.parametrize(("name", "picture"), [("slack", slack_picture), ("teams", teams_picture)])
def test_picture(name: str, picture: Callable[[list[dict[str, Any]], Path, int], None], tmp_path: Path) -> None:
    entries = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    heights = []
    for count in (1, len(entries)):
        picture(entries[:count], tmp_path / "a.png", PHONE)
        with Image.open(tmp_path / "a.png") as taken:
            assert taken.format == "PNG" and taken.width == 2 * PHONE
            heights.append(taken.height)
    assert heights[1] > 3 * heights[0]
