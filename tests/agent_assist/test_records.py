"""Reading a transcript leaves no trace in the customers' records, and none of its words in any database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from scripts.run import Servers
from tests.agent_assist.conftest import Desk, own_servers
from tests.conftest import TALKATIVE, Conversation, leaks


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers that log all they can."""
    with own_servers(tmp_path_factory.mktemp("records"), **TALKATIVE) as started:
        yield started


def tables(servers: Servers) -> dict[str, list[Any]]:
    """All that is on record of customers."""
    with closing(sqlite3.connect(servers.logs.parent / "conversations.db")) as file:
        names = [name for (name,) in file.execute("select name from sqlite_master where type = 'table'")]
        return {name: file.execute(f'select * from "{name}" order by 1').fetchall() for name in names}


def test_nothing_is_written_to_the_customer_s_conversation(servers: Servers, talk: Conversation) -> None:
    said = ["Je passe par le centre de facturation.", "Je suis arrivé sur la page Abonnements."]
    talk.tell(*said)
    before = tables(servers)
    assert before["events"]
    assert Desk(servers.url).suggest(*said, conversation={"id": talk.sender}).conclusion == "billing_admin"
    assert tables(servers) == before


def test_no_text_of_a_transcript_is_kept_in_a_database(servers: Servers) -> None:
    said = ["Me voici sur la page Abonnements, mirabelle.", "Et le temps à Quimperlé ?", "quetsche"]
    desk = Desk(servers.url)
    desk.suggest("button:choose_billing_center", said[0], ("agent", "reine-claude"), said[1], said[2])
    found = leaks(servers, *said, "mirabelle", "Quimperlé", "quetsche", "reine-claude")
    assert [(name, text) for name, text in found if not name.endswith(".log")] == []
