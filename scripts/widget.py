"""Build the website widget, with the Node of our own environment: none is needed on the machine, nor to run the bot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from actions.help_file import PROJECT
from scripts.setup import digest

FOLDER = PROJECT / "widget"
#: Without these, Chromium talks to its maker's servers at each start.
_SILENCED = ("quic", "background-networking", "component-update", "sync")
_MARK = FOLDER / "node_modules" / ".lock-hash"


def node(*command: str) -> str:
    """Run a program of the environment's Node (``npm``, ``node``, ``npx``) in ``widget/``; what it prints.

    Raises:
        SystemExit: it fails.
    """
    folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([str(folder / command[0]), *command[1:]], cwd=FOLDER, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"aiguilleur: {' '.join(command)} failed.\n{done.stdout}{done.stderr}")
    return done.stdout


def install() -> None:
    """Install what ``package-lock.json`` says, unless that is done."""
    lock = digest(FOLDER / "package-lock.json")
    if not (_MARK.exists() and _MARK.read_text() == lock):
        node("npm", "ci", "--silent")
        _MARK.write_text(lock)


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """A headless Chromium from the npm registry, with the system libraries that a bare machine lacks; ``options`` are its own."""
    install()
    folder = node("node", "browser.mjs").strip()
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
    install()
    node("npm", "run", "--silent", "check")
    print(node("npm", "run", "--silent", "build"), end="")


if __name__ == "__main__":
    main()
