"""Who has a conversation, whatever is told late, twice, or never."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from channels.chatwoot.desk import CLAIM_SECONDS, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "inbox.db")
    yield desk
    desk.close()


def test_each_time_that_it_is_given_back_begins_a_stint(desk: Desk) -> None:
    stints = []
    for at, is_pending in enumerate([True, True, False, True, True, False, False, True], start=10):
        desk.told(41, is_pending, at)
        stints.append(desk.stint(41))
    assert stints == [0, 0, None, 1, 1, None, None, 2]
    assert desk.stint(42) == 0


def test_what_is_older_says_nothing(desk: Desk) -> None:
    desk.told(41, False, 20)
    for at in (10, 20):
        desk.told(41, True, at)
    assert desk.stint(41) is None
    desk.told(41, True, 30)
    desk.told(41, False, 25)
    assert desk.stint(41) == 1


def test_what_has_no_time_is_believed(desk: Desk) -> None:
    desk.told(41, False)
    assert desk.stint(41) is None
    desk.told(41, True)
    assert desk.stint(41) == 1


def test_a_claim_holds_until_chatwoot_knows(desk: Desk) -> None:
    assert desk.claim(41, 20) and desk.claim(41, 22)
    desk.told(41, True, 30)
    assert desk.is_claimed(41) and desk.stint(41) is None
    desk.to_human(41)
    assert not desk.is_claimed(41) and desk.stint(41) is None
    desk.told(41, True, 40)
    assert desk.stint(41) == 1


def test_a_claim_from_before_it_was_given_back_is_none(desk: Desk) -> None:
    desk.told(41, False, 20)
    desk.told(41, True, 40)
    assert not desk.claim(41, 30) and desk.stint(41) == 1
    desk.told(41, False, 50)
    assert not desk.claim(41, 45) and not desk.is_claimed(41)


def test_an_agent_who_answers_after_giving_it_back_claims_it(desk: Desk) -> None:
    """Chatwoot does not tell that it was given back."""
    desk.told(41, False, 20)
    assert desk.claim(41, 30) and desk.is_claimed(41)


def test_a_claim_that_chatwoot_never_took_ends(desk: Desk) -> None:
    desk.claim(41, 20)
    desk.told(41, True, 21 + CLAIM_SECONDS)
    assert desk.stint(41) == 1


def test_a_file_of_before_is_taken_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "inbox.db", isolation_level=None)) as file:
        file.execute("create table chatwoot (conversation integer primary key, by_human, stint)")
        file.execute("insert into chatwoot values (41, 1, 3)")
    for _ in range(2):
        with closing(Desk(tmp_path / "inbox.db")) as desk:
            assert desk.stint(41) is None
    with closing(Desk(tmp_path / "inbox.db")) as desk:
        desk.told(41, True, 20)
        assert desk.stint(41) == 4
