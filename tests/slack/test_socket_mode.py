"""Socket Mode, for those whose server Slack cannot reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.run import Servers
from tests.conftest import Conversation, plain
from tests.peers.slack import Slack
from tests.slack.conftest import said, workspace

QUESTION = "Qui est le contact de facturation de mon compte ?"


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Slack, Servers]]:
    with workspace(tmp_path_factory.mktemp("socket"), socket=True) as (slack, servers):
        slack.wait_until(lambda: slack.sockets.count)
        yield slack, servers


def test_a_conversation(connected: tuple[Slack, Servers], user: str) -> None:
    slack, _ = connected
    before = len(slack.messages)
    slack.say(user, QUESTION)
    question = slack.wait_for(before + 1)[-1]
    slack.press(user, question, "Centre de facturation")
    slack.wait_for(before + 2)
    slack.command("/contact-facturation", "la page Abonnements", user)
    answer = slack.wait_for(before + 4)[-1]
    assert "Vous êtes l’administrateur de facturation" in said(answer)
    assert slack.problems == []


def test_no_address_is_open(connected: tuple[Slack, Servers], user: str) -> None:
    slack, _ = connected
    assert slack.deliver_event(slack.direct_message(user, QUESTION), socket=False).status == 404


def test_slack_asks_to_connect_anew(connected: tuple[Slack, Servers], user: str) -> None:
    slack, _ = connected
    before = len(slack.messages)
    slack.refresh_sockets()
    slack.wait_until(lambda: slack.sockets.count)
    slack.say(user, QUESTION)
    slack.wait_for(before + 1)


def test_slack_away(connected: tuple[Slack, Servers], user: str) -> None:
    """The server stays, the other channels work, and it connects again by itself."""
    slack, servers = connected
    before = len(slack.messages)
    with slack.outage():
        slack.wait_until(lambda: slack.sockets.count == 0)
        assert "Où voulez-vous vérifier" in plain(Conversation(servers.url).say(QUESTION).text)
    slack.wait_until(lambda: slack.sockets.count, seconds=60)
    slack.say(user, QUESTION)
    slack.wait_for(before + 1)


def test_a_server_that_starts_while_slack_is_away(connected: tuple[Slack, Servers], user: str) -> None:
    slack, servers = connected
    before = len(slack.messages)
    servers.stop("rasa")
    with slack.outage():
        servers.start_rasa()
        assert "Où voulez-vous vérifier" in plain(Conversation(servers.url).say(QUESTION).text)
    slack.wait_until(lambda: slack.sockets.count, seconds=60)
    slack.say(user, QUESTION)
    slack.wait_for(before + 1)
