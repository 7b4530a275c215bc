"""Take the pictures of docs/platforms/: answers as Slack and Teams show them, drawn by renderers of their formats.

And draw the icons of both apps: ``python -c "from scripts.platform_pictures import icons; icons()"``.
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
from tests.peers.slack_records import Posted
from tests.slack.conftest import workspace
from tests.teams.conftest import tenant

FOLDER = PROJECT / "docs" / "platforms"
SLACK, TEAMS = PROJECT / "slack", PROJECT / "teams"

Entries = list[dict[str, Any]]

ASKED = "Bonjour, qui est le contact de facturation de mon compte ?"
ROLE = "Je suis administrateur de compte"
SAW = "au centre de facturation, on me dit que j’ai atterri au mauvais endroit"

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
    """Draw the icons of both apps from teams/icon.svg."""
    drawing = (TEAMS / "icon.svg").read_text(encoding="utf-8")
    with chromium() as browser:
        for path, side in ((TEAMS / "color.png", 192), (TEAMS / "outline.png", 32), (SLACK / "icon.png", 512)):
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(f"<style>body {{margin: 0}} svg {{display: block}}</style>{drawing}")
            if path.stem == "outline":
                page.locator("svg").evaluate(_OUTLINE)
            page.screenshot(path=path, omit_background=True)


def _in_slack(folder: Path) -> tuple[Entries, Entries]:
    """What is seen in private, and in a thread."""
    with workspace(folder) as (slack, _):

        def shown(posted: Posted) -> dict[str, Any]:
            blocks = json.dumps(posted.blocks).replace('"verbatim": true', '"verbatim": false')  # the renderer leaves links out
            return {"text": posted.text, "blocks": json.loads(blocks)}

        slack.say("U0MARIE", ASKED)
        (question,) = slack.wait_for(1)
        slack.press("U0MARIE", question, ROLE)
        steps = slack.wait_for(2)[1]
        private: Entries = [{"user": ASKED}, shown(question), shown(steps)]
        slack.say("U0PAUL", SAW, "C0COMPTA")
        answer = slack.wait_for(3)[2]
        return private, [{"user": f"@Aiguilleur {SAW}"}, shown(answer)]


def _in_teams(folder: Path) -> tuple[Entries, Entries]:
    """What is seen in private, and in a channel."""
    with tenant(folder) as (microsoft, _):
        (welcome,) = microsoft.install("personal", "marie", 1)
        (question,) = microsoft.say("marie", ASKED, "personal", None, 1)
        (steps,) = microsoft.press("marie", question, ROLE, 1)
        private: Entries = [welcome.body, {"user": ASKED}, question.body, {"user": ROLE}, steps.body]
        (answer,) = microsoft.say("paul", SAW, "channel", None, 1)
        return private, [{"user": f"@Aiguilleur {SAW}"}, answer.body]


def main() -> None:
    """Take them all: real answers of real servers."""
    for name, talk, picture in (("slack", _in_slack, slack_picture), ("teams", _in_teams, teams_picture)):
        with tempfile.TemporaryDirectory() as folder:
            private, public = talk(Path(folder))
        for file, entries, width in ((f"{name}.png", private, DESKTOP), (f"{name}-phone.png", public, PHONE)):
            picture(entries, FOLDER / file, width)
            print(f"docs/platforms/{file}")


if __name__ == "__main__":
    main()
