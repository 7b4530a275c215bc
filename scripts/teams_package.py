"""Make the package that is uploaded to Teams: var/aiguilleur-teams.zip, from the manifest and the icons of teams/.

It is told through the environment, where make puts the variables of its command line:

* ``APP_ID``: the application (client) id of the bot's registration at Microsoft, a GUID.
* ``SITE``: your website. ``PRIVACY`` and ``TERMS``: its pages on privacy and on the terms of use (without them, the site).
* ``DEVELOPER``: who offers the bot (without it, the name of the site).
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from actions.help_file import PROJECT
from scripts.platforms import problems
from scripts.setup import stop

FOLDER = PROJECT / "teams"
PACKAGE = PROJECT / "var" / "aiguilleur-teams.zip"
USAGE = "make teams-package APP_ID=<guid> SITE=https://www.example.com"

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONGEST_NAME = 32  # of a developer, in Microsoft's schema
_SIZES = {"color": (192, 192), "outline": (32, 32)}


def values(environment: Mapping[str, str]) -> dict[str, str]:
    """What the manifest's ``${…}`` stand for.

    Raises:
        SystemExit: one is missing or cannot be used.
    """
    given = {name: environment.get(name, "").strip() for name in ("APP_ID", "SITE", "PRIVACY", "TERMS", "DEVELOPER")}
    for name in ("APP_ID", "SITE"):
        if not given[name]:
            stop(f"{name} is missing. Use: {USAGE}")
    if not _GUID.fullmatch(given["APP_ID"]):
        stop(f"APP_ID={given['APP_ID']} is not a GUID. It is the application (client) id of the bot's registration.")
    given["PRIVACY"] = given["PRIVACY"] or given["SITE"]
    given["TERMS"] = given["TERMS"] or given["SITE"]
    for name in ("SITE", "PRIVACY", "TERMS"):
        address = urlsplit(given[name])
        if address.scheme != "https" or not address.hostname:
            stop(f"{name}={given[name]} is not an https address. Teams takes no other.")
    given["DEVELOPER"] = given["DEVELOPER"] or (urlsplit(given["SITE"]).hostname or "").removeprefix("www.")[:_LONGEST_NAME]
    return given


def filled(template: Any, given: Mapping[str, str]) -> Any:
    """The template with its ``${…}`` replaced, wherever a text holds one."""
    if isinstance(template, dict):
        return {name: filled(inner, given) for name, inner in template.items()}
    if isinstance(template, list):
        return [filled(inner, given) for inner in template]
    if isinstance(template, str):
        try:
            return Template(template).substitute(given)
        except (KeyError, ValueError) as error:
            stop(f"teams/manifest.json: cannot fill in {template!r} ({error}).")
    return template


def is_white_on_transparent(pixels: list[bytes]) -> bool:
    """Whether red, green, blue are white wherever one sees something, and nothing is seen somewhere."""
    return any(pixel[3] == 0 for pixel in pixels) and all(pixel[:3] == b"\xff\xff\xff" for pixel in pixels if pixel[3])


def check_icon(kind: str, path: Path) -> None:
    """Hold an icon to what Teams asks of it.

    Raises:
        SystemExit: it is missing, or not of that kind.
    """
    name, size = path.name, _SIZES[kind]
    if not path.is_file():
        stop(f"teams/{name} is missing.")
    with Image.open(path) as image:
        if image.format != "PNG" or image.size != size:
            stop(f"teams/{name} must be a PNG of {size[0]}×{size[1]} pixels.")
        pixels = image.convert("RGBA").tobytes()
    if kind == "outline" and not is_white_on_transparent([pixels[at : at + 4] for at in range(0, len(pixels), 4)]):
        stop(f"teams/{name} must be white on a transparent ground.")


def write(manifest: dict[str, Any], path: Path) -> None:
    """Write the package: the same bytes for the same contents, on any machine and at any time."""
    icons = {name: (FOLDER / name).read_bytes() for name in manifest["icons"].values()}
    manifest_file = json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as package:
        for name, contents in {"manifest.json": manifest_file, **icons}.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o644 << 16, 3
            package.writestr(entry, contents)


def make(environment: Mapping[str, str], path: Path = PACKAGE) -> None:
    """Fill in the manifest, check everything, and write the package.

    Raises:
        SystemExit: something does not fit.
    """
    given = values(environment)
    manifest = filled(json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8")), given)
    found = [f"{path or 'the manifest'} {message}" for _, path, message in problems("teams-manifest", manifest)]
    if found:
        stop(f"teams/manifest.json does not fit Microsoft's schema: {'; '.join(found)}.")
    for kind in _SIZES:
        check_icon(kind, FOLDER / manifest["icons"][kind])
    write(manifest, path)


def main() -> None:
    """Make the package of this environment."""
    make(os.environ)
    print(f"{PACKAGE.relative_to(PROJECT)} is made. Upload it in Teams: Apps > Manage your apps > Upload an app.")


if __name__ == "__main__":
    main()
