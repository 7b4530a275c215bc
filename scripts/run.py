"""Start the action server and the Rasa server, and stop both together."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from rasa.shared.utils.io import read_yaml_file, write_yaml

from actions.help_file import PROJECT, InvalidTable, load
from scripts.train import ENVIRONMENT, MODEL

HOST = "127.0.0.1"
RASA_PORT = 5005
ACTIONS_PORT = 5055
START_SECONDS = 180
CREDENTIALS = PROJECT / "credentials.yml"
SECRETS = PROJECT / "var"
INBOX = PROJECT / "var" / "inbox.db"
ASSIST = PROJECT / "var" / "agent_assist.db"
DEMO = "/webhooks/widget/demo"
PANEL = "/webhooks/agent_assist/panel"
#: Bytes of a request that the Rasa server reads; by default, 100 MB. The longest message of Slack, twice and escaped, has 500 kB.
MAX_REQUEST = "1000000"
#: Why Rasa gives up, in its log.
_REASON = re.compile(r"RasaException: (.+?)(?:\x1b\[\d+m)?$", re.MULTILINE)


class CannotStart(Exception):
    """The servers cannot run; the message says what to do, in one line."""


class Servers:
    """The two servers, as processes of ours.

    Args:
        port: port of the Rasa server.
        actions_port: port of the action server; ``endpoints`` must name the same.
        api: whether to open Rasa's HTTP API.
        endpoints: the endpoints file.
        credentials: the channels file.
        logs: folder of the two log files.
        environment: more environment variables, for both.
    """

    def __init__(
        self,
        port: int = RASA_PORT,
        actions_port: int = ACTIONS_PORT,
        api: bool = False,
        endpoints: Path = PROJECT / "endpoints.yml",
        credentials: Path = CREDENTIALS,
        logs: Path = PROJECT / "var",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port, self.actions_port, self.api = port, actions_port, api
        self.url = f"http://{HOST}:{port}"
        self._endpoints, self._credentials, self.logs = endpoints, credentials, logs
        self._environment = environment or {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._said_before: dict[str, int] = {}

    def start(self) -> None:
        """Start both, and return once both answer.

        Raises:
            CannotStart: a port is taken, there is no model, the tables are invalid, or a server does not come up.
        """
        try:
            load()
        except InvalidTable as error:
            raise CannotStart(f"{error}. Correct data/help_file.yml and run the command again.") from error
        if not MODEL.exists():
            raise CannotStart("there is no model in models/. Run: make train")
        for name, port in (("action server", self.actions_port), ("Rasa server", self.port)):
            _check_free(name, port)
        self.logs.mkdir(parents=True, exist_ok=True)
        (PROJECT / "var").mkdir(exist_ok=True)
        (PROJECT / "var").chmod(0o700)  # what people said is in there
        self.start_actions()
        self.start_rasa()

    def start_actions(self) -> None:
        """Start the action server alone, and wait until it answers."""
        python = PROJECT / ".venv-actions" / "bin" / "python"
        self._spawn("actions", [str(python), "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.actions_port)])
        self._wait("actions", "the action server", f"http://{HOST}:{self.actions_port}/health")

    def start_rasa(self) -> None:
        """Start the Rasa server alone, and wait until it answers."""
        command = [sys.executable, "-m", "rasa", "run", "--interface", HOST, "--port", str(self.port)]
        command += ["--model", str(MODEL), "--endpoints", str(self._endpoints)]
        command += ["--credentials", str(self._credentials)]
        command += ["--enable-api"] if self.api else []
        opened = {"AIGUILLEUR_ASSIST_OPEN": "true"} if self.api else {}
        self._spawn("rasa", command, SANIC_REQUEST_MAX_SIZE=MAX_REQUEST, **{**settings(), **opened})
        self._wait("rasa", "the Rasa server", f"{self.url}/webhooks/rest/")

    def _spawn(self, name: str, command: list[str], **settings: str) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self._said_before[name] = log.tell()
            self._processes[name] = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**ENVIRONMENT, "SANIC_HOST": HOST, **settings, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self, name: str, title: str, address: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[name].poll() is not None:
                break
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        log = self.logs / f"{name}.log"
        said = _REASON.findall(log.read_bytes()[self._said_before[name] :].decode(errors="replace"))
        why = f": {said[-1]} " if said and self.dead() == name else ". "
        raise CannotStart(f"{title} does not answer{why}What it said is in {_short(log)}")

    def dead(self) -> str | None:
        """Name of a server that has ended, or None."""
        return next((name for name, process in self._processes.items() if process.poll() is not None), None)

    def kill(self, name: str) -> None:
        """End a server as a power cut does."""
        process = self._processes.pop(name)
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def send_signal(self, name: str, number: int) -> None:
        """Send a server a signal, such as one that halts it."""
        _signal_group(self._processes[name], number)

    def stop(self, *names: str) -> None:
        """Stop the servers named ("actions", "rasa"), or both; no process stays behind."""
        stopped = [self._processes.pop(name) for name in names or tuple(self._processes) if name in self._processes]
        for process in stopped:
            _signal_group(process, signal.SIGTERM)
        for process in stopped:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()


def settings() -> dict[str, str]:
    """What credentials.yml takes from the environment: Rasa does not start unless all of it is set.

    What is not set is empty, but for files in ``var/``, and secrets that are made once, if this machine was given none.
    """
    defaults = {
        "AIGUILLEUR_WIDGET_SECRET": _secret("widget-secret"),
        "AIGUILLEUR_ASSIST_AGENT_TOKENS": _secret("agent-token"),
        "AIGUILLEUR_ASSIST_SUPERVISOR_TOKENS": _secret("supervisor-token"),
        "AIGUILLEUR_ASSIST_DATABASE": f"sqlite:///{ASSIST}",
        "AIGUILLEUR_INBOX": str(INBOX),
    }
    names = re.findall(r"\$\{(\w+)\}", CREDENTIALS.read_text(encoding="utf-8"))
    return {name: os.environ.get(name) or defaults.get(name, "") for name in names}


def key_of_panel() -> str:
    """How to open the panel: with this machine's own token in the address, but for eyes only, not for logs."""
    token = settings()["AIGUILLEUR_ASSIST_AGENT_TOKENS"]
    if token != _secret("agent-token"):
        return ""
    return f"#token={token}" if sys.stdout.isatty() else " (its key is in var/agent-token)"


def _secret(name: str) -> str:
    """A secret of this machine, made at need."""
    path = SECRETS / name
    if not path.exists():
        unfinished = path.with_name(f"{name}-{os.getpid()}")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(48))
        unfinished.rename(path)
    return path.read_text()


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _check_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"port {port}, which the {name} needs, is taken. Stop the program that uses it (another `make run`?)."
            ) from error


def _short(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def spare(folder: Path, environment: Mapping[str, str] | None = None, **options: Any) -> Servers:
    """A pair beside the usual one: on free ports, with conversations and logs in ``folder``."""
    actions_port, endpoints = free_port(), read_yaml_file(str(PROJECT / "endpoints.yml"))
    endpoints["action_endpoint"]["url"] = f"http://{HOST}:{actions_port}/webhook"
    endpoints["tracker_store"]["db"] = str(folder / "conversations.db")
    write_yaml(endpoints, folder / "endpoints.yml")
    files = {
        "AIGUILLEUR_INBOX": str(folder / "inbox.db"),
        "AIGUILLEUR_ASSIST_DATABASE": f"sqlite:///{folder / 'agent_assist.db'}",
    }
    environment = {**files, **(environment or {})}
    return Servers(
        free_port(), actions_port, endpoints=folder / "endpoints.yml", logs=folder / "logs", environment=environment, **options
    )


@contextmanager
def running(servers: Servers) -> Iterator[Servers]:
    """The servers, started, and stopped at the end whatever happens; SIGTERM counts as Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)  # a shell starts background jobs with SIGINT ignored, and Python keeps that
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api", action="store_true", help="open Rasa's HTTP API as well (development only)")
    parser.add_argument("--port", type=int, default=RASA_PORT, help="port of the Rasa server")
    parser.add_argument("--actions-port", type=int, default=ACTIONS_PORT, help="port of the action server")
    parser.add_argument("--endpoints", type=Path, default=PROJECT / "endpoints.yml", help="must name the action server's port")
    options = parser.parse_args()
    start, servers = time.monotonic(), Servers(options.port, options.actions_port, options.api, options.endpoints)
    print("Starting the action server and the Rasa server…", flush=True)
    try:
        with running(servers):
            opened = f" HTTP API: {servers.url}." if servers.api else ""
            print(
                f"Ready in {time.monotonic() - start:.0f} s. Open {servers.url}{DEMO} in a browser, or talk with `make chat` in "
                f"another terminal.{opened} Ctrl-C stops.\nThe agents' panel: {servers.url}{PANEL}{key_of_panel()}",
                flush=True,
            )
            while not servers.dead():
                time.sleep(0.5)
            raise CannotStart(f"the {servers.dead()} server has ended. What it said is in var/{servers.dead()}.log")
    except CannotStart as problem:
        sys.exit(f"aiguilleur: {problem}")
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    main()
