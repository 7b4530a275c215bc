"""The panel's files, and which desks may show it in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sanic import Blueprint

from channels.assets import Asset, serve

FOLDER = Path(__file__).resolve().parent / "static"


def add_panel(blueprint: Blueprint, desks: Sequence[str]) -> None:
    """Make a blueprint send the panel, as ``/panel``, and its files beside it.

    Args:
        blueprint: the channel's.
        desks: the origins that may show it in a frame, and tell it what is said there.
    """
    frames = " ".join(["'self'", *desks])
    for path in sorted(FOLDER.iterdir()):
        if path.suffix == ".html":
            serve(blueprint, f"/{path.stem}", Asset(path, {"desks": " ".join(desks)}, frames))
        else:
            serve(blueprint, f"/{path.name}", Asset(path))
