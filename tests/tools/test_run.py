"""The commands: what goes wrong says what to do, in one line; what is done is not done again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actions.help_file import PROJECT
from scripts import run, setup, train
from scripts.run import HOST, CannotStart, Servers, free_port


@pytest.fixture
def broken_table(tmp_path: Path) -> Path:
    table = tmp_path / "help_file.yml"
    table.write_text("portals: {}\nrows:\n  - id: lonely\n", encoding="utf-8")
    return table


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("module", ["scripts.train", "scripts.run"])
def test_an_invalid_table_is_named_in_one_line(module: str, broken_table: Path) -> None:
    arguments = ["--force"] if module == "scripts.train" else []
    ended = command("-m", module, *arguments, AIGUILLEUR_TABLES=str(broken_table))
    assert ended.returncode == 1
    assert re.fullmatch(r"aiguilleur: help_file.yml, row lonely: the row lacks .*\n", ended.stderr)


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port}, which the Rasa server needs, is taken"):
            Servers(port=port, actions_port=free_port()).start()


def test_no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "MODEL", tmp_path / "none.tar.gz")
    with pytest.raises(CannotStart, match=r"no model .* make train"):
        Servers().start()


def test_an_action_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken_table: Path) -> None:
    monkeypatch.setitem(train.ENVIRONMENT, "AIGUILLEUR_TABLES", str(broken_table))
    servers = Servers(port=free_port(), actions_port=free_port(), logs=tmp_path)
    try:
        with pytest.raises(CannotStart, match=r"the action server does not answer"):
            servers.start()
    finally:
        servers.stop()


def test_no_python_310(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "installed_python", lambda: None)
    with pytest.raises(SystemExit, match=r"needs Python 3.10: none was found") as stopped:
        setup.python_310(Path("/bin/false"))
    assert "\n" not in str(stopped.value)


def test_a_python_that_is_not_310(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_PYTHON", "/bin/true")
    with pytest.raises(SystemExit, match=r"is not a Python 3.10"):
        setup.installed_python()


def test_nothing_is_installed_or_trained_twice() -> None:
    for arguments in (["scripts/setup.py"], ["-m", "scripts.train"]):
        ended = command(*arguments)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_change_of_the_data_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = train.inputs_hash()
    assert train.inputs_hash() == before
    monkeypatch.setattr(train, "INPUTS", (*train.INPUTS, "README.md"))
    assert train.inputs_hash() != before


def test_ctrl_c_stops_both_servers(tmp_path: Path) -> None:
    port, actions_port = free_port(), free_port()
    endpoints = tmp_path / "endpoints.yml"
    text = (PROJECT / "endpoints.yml").read_text(encoding="utf-8")
    text = text.replace(":5055", f":{actions_port}").replace("var/conversations.db", str(tmp_path / "conversations.db"))
    endpoints.write_text(text, encoding="utf-8")
    options = ["--port", str(port), "--actions-port", str(actions_port), "--endpoints", str(endpoints)]
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.run", *options],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    lines = [process.stdout.readline(), process.stdout.readline()]
    assert lines[1].startswith("Ready in ") and "\n" not in lines[1].strip()
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 0
    for closed in (port, actions_port):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, closed)):
                    break
            time.sleep(0.1)
        else:
            pytest.fail(f"port {closed} still answers")
