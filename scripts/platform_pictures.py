"""Take the pictures of docs/platforms/: messages as Slack and Teams show them, drawn by renderers of their formats.

And draw the icons of the Teams app: ``python -c "from scripts.platform_pictures import icons; icons()"``.
"""

from __future__ import annotations

import json
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from actions.help_file import PROJECT
from scripts.platforms import PLATFORMS
from scripts.widget import chromium

FOLDER = PROJECT / "docs" / "platforms"
SAMPLES = PLATFORMS.path / "samples"
TEAMS = PROJECT / "teams"

#: How wide a picture is, in pixels of the page.
DESKTOP, PHONE = 720, 480
#: As many as one sees no difference from; it makes the files small.
COLOURS = 128

#: From the drawing of the Teams app, what is left for its outline: the switch, white, in a square around it.
_OUTLINE = """svg => {
    svg.getElementById("ground").remove();
    svg.setAttribute("viewBox", "45 45 102 102");
}"""


def _picture(platform: Literal["slack", "teams"], entries: list[dict[str, Any]], path: Path, width: int) -> None:
    """A picture of a chat, as tall as it must be."""
    PLATFORMS.install()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        PLATFORMS.run("node", "bundle.mjs", folder)
        page = browser.new_page(viewport={"width": width, "height": 100}, locale="fr-FR", device_scale_factor=2)
        page.add_style_tag(path=Path(folder) / f"{platform}.css")
        page.add_script_tag(path=Path(folder) / f"{platform}.js")
        page.evaluate("entries => show(entries)", entries)
        path.parent.mkdir(exist_ok=True)
        taken = Image.open(BytesIO(page.screenshot(full_page=True)))
        taken.quantize(COLOURS).save(path, optimize=True)


def slack_picture(messages: list[dict[str, Any]], path: Path, width: int = DESKTOP) -> None:
    """A picture of Slack messages.

    Args:
        messages: ``{"user": text}`` or what the bot posts, ``{"text": …, "blocks": […]}``, in their order.
        path: Where the picture goes, a ``.png``.
        width: How wide it is.
    """
    _picture("slack", messages, path, width)


def teams_picture(activities: list[dict[str, Any]], path: Path, width: int = DESKTOP) -> None:
    """A picture of Teams messages.

    Args:
        activities: ``{"user": text}`` or the activities that the bot sends, in their order; what is no message is left out.
        path: Where the picture goes, a ``.png``.
        width: How wide it is.
    """
    _picture("teams", activities, path, width)


def icons() -> None:
    """Draw teams/color.png and teams/outline.png from teams/icon.svg."""
    drawing = (TEAMS / "icon.svg").read_text(encoding="utf-8")
    with chromium() as browser:
        for name, side in (("color", 192), ("outline", 32)):
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(f"<style>body {{margin: 0}} svg {{display: block}}</style>{drawing}")
            if name == "outline":
                page.locator("svg").evaluate(_OUTLINE)
            page.screenshot(path=TEAMS / f"{name}.png", omit_background=True)


def main() -> None:
    """Take them all, of the samples."""
    for name, picture in (("slack", slack_picture), ("teams", teams_picture)):
        messages = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        for file, width in ((f"{name}.png", DESKTOP), (f"{name}-phone.png", PHONE)):
            picture(messages, FOLDER / file, width)
            print(f"docs/platforms/{file}")


if __name__ == "__main__":
    main()
