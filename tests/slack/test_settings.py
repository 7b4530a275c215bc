"""Secrets come from the environment: without any, Slack is off; with some, what is missing is named; none is logged."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import RasaException

from channels.slack.channel import SlackInput
from scripts.run import CannotStart, Servers, spare
from tests.conftest import pair, post
from tests.peers.slack import Slack
from tests.peers.slack_records import error

NOTHING = {"bot_token": "", "signing_secret": "", "app_token": "", "inbox": "var/inbox.db", "api": "https://slack.com/api/"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"bot_token": "xoxb-1"}, "Slack lacks AIGUILLEUR_SLACK_SIGNING_SECRET, or AIGUILLEUR_SLACK_APP_TOKEN"),
        ({"signing_secret": "abc"}, "Slack lacks AIGUILLEUR_SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-1"}, "Slack lacks AIGUILLEUR_SLACK_BOT_TOKEN"),
        ({"bot_token": "xapp-1", "app_token": "xoxb-1"}, "AIGUILLEUR_SLACK_BOT_TOKEN is no bot token"),
        ({"bot_token": "xoxb-1", "app_token": "xoxb-1"}, "AIGUILLEUR_SLACK_APP_TOKEN is no app-level token"),
        ({"bot_token": "xoxb-1", "signing_secret": "a", "inbox": "/dev/null/inbox"}, "AIGUILLEUR_INBOX, /dev/null/inbox: "),
        ({"bot_tokn": "xoxb-1"}, "credentials.yml, slack: .*bot_tokn"),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], missing: str) -> None:
    with pytest.raises(RasaException, match=missing) as refused:
        SlackInput.from_credentials({**NOTHING, **given})
    assert "xoxb-1" not in str(refused.value)


def test_two_servers_do_not_share_an_inbox(tmp_path: Path) -> None:
    given = {**NOTHING, "bot_token": "xoxb-1", "signing_secret": "a", "inbox": str(tmp_path / "inbox.db")}
    first = SlackInput.from_credentials(given)
    with pytest.raises(RasaException, match="another server uses it"):
        SlackInput.from_credentials(given)
    del first
    SlackInput.from_credentials(given)


def test_the_command_says_what_is_missing_in_one_line(tmp_path: Path) -> None:
    servers = spare(tmp_path, environment={"AIGUILLEUR_SLACK_BOT_TOKEN": "xoxb-1"})
    try:
        with pytest.raises(CannotStart, match="Slack lacks AIGUILLEUR_SLACK_SIGNING_SECRET") as refused:
            servers.start()
        assert "\n" not in str(refused.value)
    finally:
        servers.stop()


def test_a_channel_that_is_not_configured_is_off(tmp_path: Path) -> None:
    with pair(tmp_path, {}) as servers:
        for address in ("slack/events", "teams/messages"):
            assert post(f"{servers.url}/webhooks/{address}", {}, text=True)[0] == 404
        assert post(f"{servers.url}/webhooks/rest/webhook", {"sender": "off", "message": "bonjour"})[0] == 200


def test_logs_hold_no_secret_and_no_word_of_customers(both: tuple[Slack, Servers], user: str) -> None:
    """Even after failures, which are logged."""
    slack, servers = both
    said = "phrase-que-personne-ne-doit-lire"
    slack.fail("chat.postMessage", error("invalid_auth"), error("channel_not_found"))
    slack.deliver_event(slack.direct_message(user, said), signature="v0=0")
    slack.deliver_event({**slack.direct_message(user, said), "type": "unknown_event"})
    slack.say(user, said)
    slack.wait_until(lambda: [call for call in slack.calls if call.outcome == "channel_not_found"])
    slack.settle()
    log = (Path(servers.logs) / "rasa.log").read_text(encoding="utf-8")
    assert "channel_not_found" in log and "not signed with AIGUILLEUR_SLACK_SIGNING_SECRET" in log
    for secret in (said, slack.bot_token, slack.signing_secret):
        assert secret not in log
