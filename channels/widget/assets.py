"""The files of the widget: its script, and a page to see it on."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from channels.assets import Asset

FOLDER = Path(__file__).resolve().parent / "static"


def asset(name: str) -> Asset:
    """A file of ``static/``, as it is sent."""
    if name.endswith(".html"):
        return Asset(FOLDER / name, {"integrity": integrity(), "version": version()})
    return Asset(FOLDER / name, shared=True)


def integrity() -> str:
    """Hash of the script, for the attribute ``integrity`` of its tag (Subresource Integrity)."""
    digest = hashlib.sha384((FOLDER / "aiguilleur.js").read_bytes()).digest()
    return "sha384-" + base64.b64encode(digest).decode()


def version() -> str:
    """A mark of the script's content, for its address: browsers keep the script, and must not keep an older one."""
    return hashlib.sha256((FOLDER / "aiguilleur.js").read_bytes()).hexdigest()[:8]
