"""Build the website widget; and the Chromium that its tests and the pictures use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from actions.help_file import PROJECT
from scripts.node import NodeFolder

WIDGET = NodeFolder(PROJECT / "widget")
#: Without these, Chromium talks to its maker's servers at each start.
_SILENCED = ("quic", "background-networking", "component-update", "sync")


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """A headless Chromium from the npm registry, with the system libraries that a bare machine lacks; ``options`` are its own."""
    WIDGET.install()
    folder = WIDGET.run("node", "browser.mjs").strip()
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "LD_LIBRARY_PATH": f"{folder}/al2023/lib",
        "FONTCONFIG_PATH": f"{folder}/fonts",
    }
    arguments = ["--no-sandbox", *options, *(f"--disable-{feature}" for feature in _SILENCED)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=f"{folder}/chromium", args=arguments, env=environment)
        try:
            yield browser
        finally:
            browser.close()


def main() -> None:
    """Check the types, and build."""
    WIDGET.install()
    WIDGET.run("npm", "run", "--silent", "check")
    print(WIDGET.run("npm", "run", "--silent", "build"), end="")


if __name__ == "__main__":
    main()
