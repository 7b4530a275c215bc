"""Train the model if its inputs have changed since the last time."""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time

from actions.help_file import PROJECT, InvalidTable, load

MODEL = PROJECT / "models" / "aiguilleur.tar.gz"
MARK = PROJECT / "models" / "aiguilleur.inputs"
LOG = PROJECT / "var" / "train.log"

#: What a model is made from.
INPUTS = ("config.yml", "domain.yml", "data/**/*.yml", "components/**/*.py", "requirements.lock")

#: Rasa without reports to third parties, and with the same order of things at each run.
ENVIRONMENT = {
    **os.environ,
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONHASHSEED": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def inputs_hash() -> str:
    """Hash of all that a model is made from."""
    files = sorted({file for pattern in INPUTS for file in PROJECT.glob(pattern)})
    hashed = hashlib.sha256()
    for file in files:
        hashed.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return hashed.hexdigest()


def up_to_date() -> bool:
    """Whether the model is made from the files as they are."""
    return MODEL.exists() and MARK.exists() and MARK.read_text() == inputs_hash()


def train() -> None:
    """Train, and mark the model with the hash of its inputs.

    Raises:
        SystemExit: the tables or the training data cannot be used; the message is one line.
    """
    try:
        load()
    except InvalidTable as error:
        sys.exit(f"aiguilleur: {error}. Correct data/help_file.yml and run the command again.")
    LOG.parent.mkdir(exist_ok=True)
    start, inputs = time.monotonic(), inputs_hash()
    # Rasa's own cache does not see every change of our components and of the packages below them.
    # Its validation reads all data once more (20 s) for what tests/data holds the data to, and more strictly.
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation"]
    command += ["--out", str(MODEL.parent), "--fixed-model-name", "aiguilleur"]
    with LOG.open("w") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=ENVIRONMENT, stdout=log, stderr=subprocess.STDOUT)
        try:
            while process.poll() is None:
                _progress(f"Training the model: {time.monotonic() - start:.0f} s (details: var/train.log)")
                time.sleep(1)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        lines = [line.strip() for line in LOG.read_text(errors="replace").splitlines() if line.strip()]
        sys.exit(f"\naiguilleur: training failed: {lines[-1] if lines else 'no output'} (details: var/train.log)")
    MARK.write_text(inputs)
    _progress(f"Trained the model in {time.monotonic() - start:.0f} s.{' ' * 40}\n")


def _progress(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{text}", end="", flush=True)
    elif text.endswith("\n") or not getattr(_progress, "said", False):
        print(text.rstrip(), flush=True)
        _progress.said = True  # type: ignore[attr-defined]


def main() -> None:
    """Train if needed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    if parser.parse_args().force or not up_to_date():
        train()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\naiguilleur: interrupted; the previous model, if any, is still there.")
