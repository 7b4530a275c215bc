"""Every row of the help file, by choices and in one's own words."""

from __future__ import annotations

import pytest

from actions.help_file import load
from scripts.run import Servers
from tests.bot.test_rows import CLICKS, ROWS, SAID
from tests.chatwoot.conftest import said
from tests.conftest import conclusion
from tests.peers.chatwoot import Chatwoot, Contact, Message

QUESTION = "Qui est le contact de facturation ?"


def check(row_id: str, answer: Message, servers: Servers) -> None:
    """The conclusion of the row stands, and the answer gives its link."""
    sender = f"chatwoot:{Chatwoot.ACCOUNT}:{answer.conversation.id}:0"
    assert conclusion(servers, sender) == ROWS[row_id].conclusion
    link = load().link(ROWS[row_id])
    assert link is None or link in said(answer)


@pytest.mark.parametrize("row_id", ROWS)
def test_by_choices(row_id: str, chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, QUESTION)
    for title in CLICKS[row_id]:
        (answer,) = chatwoot.press(answer, _as_shown(answer, title))
    check(row_id, answer, servers)


@pytest.mark.parametrize("row_id", ROWS)
def test_in_ones_own_words(row_id: str, chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    for message in SAID[row_id]:
        (answer,) = chatwoot.say(customer, message)
    check(row_id, answer, servers)


def _as_shown(answer: Message, title: str) -> str:
    """A title with the non-breaking spaces that it is shown with."""
    (found,) = [shown for shown in answer.titles if shown.replace("\u00a0", " ") == title]
    return found
