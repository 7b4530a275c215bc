"""Install what the project needs, from the locks: .venv (Rasa) and .venv-actions (the action server).

Runs on any Python 3.8 or later, with its standard library only. Does nothing when both are as the locks say.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import typing
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCK = PROJECT / "requirements.lock"
ACTIONS_LOCK = PROJECT / "actions" / "requirements.lock"
UV_ENVIRONMENT = PROJECT / ".venv-uv"
VERSION = (3, 10)


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, flush=True)


def stop(text: str) -> typing.NoReturn:
    """End with one line that says what to do."""
    sys.exit("aiguilleur: " + text)


def run(*command: object, **options: typing.Any) -> subprocess.CompletedProcess[str]:
    """Run a command; its output goes to the terminal unless ``options`` say otherwise."""
    return subprocess.run([str(part) for part in command], cwd=PROJECT, **options)


def is_wanted(python: Path) -> bool:
    """Whether an interpreter is the Python that Rasa 3.6 needs."""
    try:
        found = run(python, "-c", "import sys; print(*sys.version_info[:2])", capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return False
    return found.returncode == 0 and found.stdout.split() == [str(part) for part in VERSION]


def installed_python() -> Path | None:
    """A Python 3.10 of this machine, or None."""
    named = os.environ.get("AIGUILLEUR_PYTHON")
    if named:
        if not is_wanted(Path(named)):
            stop(f"AIGUILLEUR_PYTHON={named} is not a Python 3.10. Correct it or unset it.")
        return Path(named)
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders += sorted(pyenv.glob("versions/3.10*/bin"), reverse=True)
    candidates = [Path(sys.executable)] + [folder / "python3.10" for folder in folders]
    return next((python for python in candidates if python.exists() and is_wanted(python)), None)


def uv_command() -> Path:
    """The installer uv, in a small environment of its own, at the version and hash of the lock."""
    uv = UV_ENVIRONMENT / "bin" / "uv"
    block = re.search(r"^uv==[^\\\n]*(?:\\\n[^\\\n]*)*", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert block, "requirements.lock does not hold uv"
    version = block.group().split()[0].split("==")[1]
    if uv.exists() and run(uv, "--version", capture_output=True, text=True).stdout.split()[1:2] == [version]:
        return uv
    shutil.rmtree(UV_ENVIRONMENT, ignore_errors=True)
    made = run(sys.executable, "-m", "venv", UV_ENVIRONMENT, capture_output=True, text=True)
    if made.returncode:
        stop(f"{sys.executable} cannot make virtual environments. Install its venv module (Debian: apt install python3-venv).")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
        requirement.write(block.group() + "\n")
        requirement.flush()
        pip = (UV_ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        if run(*pip, "--require-hashes", "-r", requirement.name).returncode:
            stop("could not install uv from the package index: see above. Check the network and run the command again.")
    return uv


def python_310(uv: Path) -> Path:
    """A Python 3.10: this machine's, or one that uv downloads."""
    python = installed_python()
    if python is None:
        say("      no Python 3.10 on this machine: downloading one")
        run(uv, "python", "install", "--quiet", "3.10", stderr=subprocess.DEVNULL)
        found = run(uv, "python", "find", "--managed-python", "3.10", capture_output=True, text=True)
        python = Path(found.stdout.strip()) if found.returncode == 0 else None
    if python is None:
        stop(
            "Rasa 3.6 needs Python 3.10: none was found on this machine, and none could be downloaded. "
            "Install Python 3.10, or say where it is: AIGUILLEUR_PYTHON=/path/to/python3.10 make run"
        )
    return python


def install(uv: Path, python: Path, environment: Path, lock: Path) -> None:
    """Make an environment hold what a lock says, and nothing else; mark it with the lock's hash."""
    (environment / ".lock-hash").unlink(missing_ok=True)
    target = environment / "bin" / "python"
    if not is_wanted(target) and run(uv, "venv", "--quiet", "--clear", "--python", python, environment).returncode:
        stop(f"could not make {environment.name}: see above.")
    quiet = () if sys.stderr.isatty() else ("--quiet",)
    synced = run(uv, "pip", "sync", *quiet, "--python", target, "--require-hashes", "--compile-bytecode", lock)
    if synced.returncode:
        stop(f"could not install {lock.relative_to(PROJECT)}: see above. Check the network and run the command again.")
    (environment / ".lock-hash").write_text(digest(lock))


def digest(lock: Path) -> str:
    """Hash of a lock file."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def up_to_date(environment: Path, lock: Path) -> bool:
    """Whether an environment holds what its lock says."""
    mark = environment / ".lock-hash"
    return mark.exists() and mark.read_text() == digest(lock) and (environment / "bin" / "python").exists()


def main() -> None:
    """Install what is missing."""
    wanted = [(PROJECT / ".venv-actions", ACTIONS_LOCK), (PROJECT / ".venv", LOCK)]
    missing = [pair for pair in wanted if not up_to_date(*pair)]
    if not missing:
        return
    start = time.monotonic()
    say("[1/3] Preparing the installer")
    uv = uv_command()
    say("[2/3] Looking for Python 3.10")
    python = python_310(uv)
    say(f"[3/3] Installing {' and '.join(environment.name for environment, _ in missing)} (about 3 GB in all, once)")
    for environment, lock in missing:
        install(uv, python, environment, lock)
    say(f"Installed in {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("interrupted. Run the command again to go on.")
