"""Every row of the help file, by buttons and in one's own words, in private and in a channel."""

from __future__ import annotations

import json

import pytest

from actions.help_file import load
from scripts.run import Servers
from tests.bot.test_rows import CLICKS, ROWS, SAID
from tests.conftest import conclusion, plain
from tests.peers.microsoft import Activity, Microsoft, User
from tests.teams.conftest import QUESTION, sender


def check(row_id: str, posted: Activity) -> None:
    """A conclusion comes with the link of its row, and no other button, above its source."""
    (card,) = posted.cards()
    blocks = card["body"]
    (source,) = [
        number for number, block in enumerate(blocks) if "Source : page d’aide" in plain(json.dumps(block, ensure_ascii=False))
    ]
    buttons = [button for block in blocks[:source] if block["type"] == "ActionSet" for button in block["actions"]]
    link = load().link(ROWS[row_id])
    assert [button.get("url") for button in buttons] == ([link] if link else [])


@pytest.mark.parametrize("row_id", ROWS)
def test_by_buttons_in_private(row_id: str, microsoft: Microsoft, servers: Servers, user: User) -> None:
    (posted,) = microsoft.say(user, QUESTION)
    for title in CLICKS[row_id]:
        (posted,) = microsoft.press(user, posted, title)
    check(row_id, posted)
    assert conclusion(servers, sender(microsoft, user)) == ROWS[row_id].conclusion


@pytest.mark.parametrize("row_id", ROWS)
def test_in_ones_own_words_in_a_channel(row_id: str, microsoft: Microsoft, servers: Servers, user: User) -> None:
    root = None
    for message in SAID[row_id]:
        (posted,) = microsoft.say(user, message, "channel", root)
        root = root or posted.conversation.partition(";messageid=")[2]
        assert posted.conversation == microsoft.conversation_id(user, "channel", root)
    check(row_id, posted)
    assert conclusion(servers, sender(microsoft, user, posted)) == ROWS[row_id].conclusion
