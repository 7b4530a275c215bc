"""Folders of npm packages, used with the Node of our own environment: none is needed on the machine, nor to run the bot."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts.setup import digest


@dataclass(frozen=True)
class NodeFolder:
    """A folder with a ``package.json`` and its lock."""

    path: Path

    def run(self, *command: str, text: str | None = None) -> str:
        """Run a program of the environment's Node (``npm``, ``node``, ``npx``) here, with ``text`` on its input; what it prints.

        Raises:
            SystemExit: it fails.
        """
        folder = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
        whole = [str(folder / command[0]), *command[1:]]
        done = subprocess.run(whole, cwd=self.path, env=environment, input=text, capture_output=True, encoding="utf-8")
        if done.returncode:
            sys.exit(f"aiguilleur: {' '.join(command)} failed.\n{done.stdout}{done.stderr}")
        return done.stdout

    def install(self) -> None:
        """Install what ``package-lock.json`` says, unless that is done; of two programs that want it, one waits."""
        file = self.path / "package-lock.json"
        lock, mark = digest(file), self.path / "node_modules" / ".lock-hash"
        with file.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not (mark.exists() and mark.read_text() == lock):
                self.run("npm", "ci", "--silent")
                mark.write_text(lock)
