"""Every row of the help file, by buttons and in one's own words, in private and in a channel."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from actions.help_file import load
from scripts.run import Servers
from tests.bot.test_rows import CLICKS, ROWS, SAID
from tests.conftest import conclusion, plain
from tests.peers.slack import Slack
from tests.peers.slack_records import Posted

QUESTION = "Qui est le contact de facturation ?"
CHANNEL = "C0ROWS"


def check(row_id: str, posted: Posted) -> None:
    """A conclusion comes with the link of its row, and no other, above its source."""
    (source,) = [
        number
        for number, block in enumerate(posted.blocks)
        if "Source : page d’aide" in plain(json.dumps(block, ensure_ascii=False))
    ]
    buttons = [button for block in posted.blocks[:source] if block["type"] == "actions" for button in block["elements"]]
    link = load().link(ROWS[row_id])
    assert [button["url"] for button in buttons] == ([link] if link else [])


@pytest.mark.parametrize("row_id", ROWS)
def test_by_buttons_in_private(row_id: str, slack: Slack, servers: Servers, user: str, answer: Callable[[], Posted]) -> None:
    slack.say(user, QUESTION)
    posted = answer()
    for title in CLICKS[row_id]:
        slack.press(user, posted, posted.choice(title))
        posted = answer()
    check(row_id, posted)
    assert conclusion(servers, f"slack:im:{user}") == ROWS[row_id].conclusion


@pytest.mark.parametrize("row_id", ROWS)
def test_in_ones_own_words_in_a_channel(
    row_id: str, slack: Slack, servers: Servers, user: str, answer: Callable[[], Posted]
) -> None:
    thread = None
    for message in SAID[row_id]:
        event = slack.say(user, message, CHANNEL, thread)
        thread = thread or event["ts"]
        posted = answer()
        assert posted.thread_ts == thread
    check(row_id, posted)
    assert conclusion(servers, f"slack:{CHANNEL}:{user}:{thread}") == ROWS[row_id].conclusion
