"""Each event is handled once, and no answer is lost: retries, replays, limits, outages, a server that is killed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from channels.answer import parts
from channels.inbox import Accepted
from channels.slack.delivery import Delivery
from scripts.run import Servers
from tests.conftest import conclusion, halted, plain, settle, without_actions
from tests.peers.slack import Slack
from tests.peers.slack_records import Failure, Posted, broken, error, http_error, rate_limited, slow
from tests.slack.conftest import said

Answer = Callable[[], Posted]

QUESTION = "Qui est le contact de facturation de mon compte ?"


def posts(slack: Slack) -> list[str]:
    """How each attempt at posting ended."""
    return [call.outcome for call in slack.calls if call.method == "chat.postMessage"]


def leave(file: sqlite3.Connection, accepted: Accepted) -> None:
    """Write a message into the inbox as if the server had ended before it answered."""
    values = ["slack", accepted.id, accepted.at, json.dumps(asdict(accepted))]
    file.execute("insert or replace into accepted (channel, id, at, data) values (?, ?, ?, ?)", values)


# What is let in


def test_the_address_is_verified(slack: Slack) -> None:
    assert slack.verify_url().status == 200


@pytest.mark.parametrize("wrong", [{"signature": "v0=" + "0" * 64}, {"timestamp": int(time.time()) - 6 * 60}, {"signature": ""}])
def test_what_slack_has_not_signed_now_is_refused(wrong: dict[str, int | str], slack: Slack, user: str) -> None:
    event, click = slack.direct_message(user, QUESTION), {"type": "block_actions", "user": {"id": user}}
    assert slack.deliver_event(event, **wrong).status == 401  # type: ignore[arg-type]
    assert slack.deliver_interaction(click, **wrong).status == 401  # type: ignore[arg-type]
    assert slack.deliver_command("/contact-facturation", "", user, **wrong).status == 401  # type: ignore[arg-type]
    assert slack.settle() == []


def test_a_body_that_was_changed_on_the_way_is_refused(slack: Slack) -> None:
    now = int(time.time())
    signature = slack.sign(str(now), '{"type": "event_callback"}')
    delivery = slack.post_raw('{"type": "event_callback", "event": {}}', "application/json", timestamp=now, signature=signature)
    assert delivery.status == 401


def test_a_signed_body_that_is_no_event_hurts_nobody(slack: Slack, user: str, answer: Answer) -> None:
    for body in (
        "",
        "[]",
        "{}",
        "null",
        '{"type": "event_callback"}',
        "payload=%7B%7D",
        "payload=x",
    ):
        slack.post_raw(body, "application/json")
        slack.post_raw(body, "application/x-www-form-urlencoded")
    request = urllib.request.Request(slack.app_url, b"\xff\xfe", {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)
    slack.say(user, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer())


def test_json_may_name_its_charset(slack: Slack, user: str, answer: Answer) -> None:
    slack.deliver_event(slack.direct_message(user, "bonjour"), content_type="application/json; charset=utf-8")
    answer()


# Once


def test_an_event_that_slack_repeats_is_answered_once(slack: Slack, user: str, answer: Answer) -> None:
    event = slack.direct_message(user, QUESTION)
    for number, reason in ((None, None), (1, "http_timeout"), (2, "http_error"), (3, "http_timeout")):
        assert slack.deliver_event(event, event_id="Ev1", retry_num=number, retry_reason=reason).status == 200
    answer()
    assert slack.deliver_event(event, event_id="Ev1").status == 200, "a replay, long after"
    assert len(slack.settle()) == 1


def test_a_repeated_event_is_answered_once_even_by_a_server_that_has_started_since(
    slack: Slack, servers: Servers, user: str, answer: Answer
) -> None:
    event = slack.say(user, QUESTION)
    answer()
    slack.settle()
    servers.stop("rasa")
    servers.start_rasa()
    slack.deliver_event(event, retry_num=1)
    assert len(slack.settle()) == 1


def test_what_is_no_turn_is_answered_once_too(slack: Slack, user: str, answer: Answer) -> None:
    """A message that is too long; a click on another's buttons."""
    long = slack.say(user, "mot " * 600)
    assert "trop long" in said(answer())
    slack.say(user, QUESTION, "C0ONCE")
    click = slack.click(f"{user}2", question := answer(), question.button("Centre de facturation"))
    for _ in range(2):
        slack.deliver_interaction(click)
        slack.deliver_event(long, retry_num=1)
    assert "une autre personne" in said(answer())
    slack.deliver_interaction(click)
    assert len(slack.settle()) == 3


def test_half_an_emoji_is_taken(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, "bonjour \ud83d")
    assert said(answer()).startswith("Bonjour")


def test_a_double_click_is_one_choice(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, QUESTION)
    click = slack.click(user, question := answer(), question.button("Centre de facturation"))
    for _ in range(3):
        assert slack.deliver_interaction(click).status == 200
    answer()
    assert len(slack.settle()) == 2
    assert "✓ Centre de facturation" in said(question)


def test_an_event_is_acknowledged_at_once_and_answered_later(slack: Slack, user: str, answer: Answer) -> None:
    slack.fail("chat.postMessage", slow(4))
    assert slack.deliver_event(slack.direct_message(user, QUESTION)).seconds < 1
    answer()


def test_what_cannot_be_written_down_is_not_acknowledged(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    """Then Slack sends it again."""
    event = slack.direct_message(user, QUESTION)
    with closing(sqlite3.connect(servers.logs.parent / "inbox.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        assert slack.deliver_event(event).status == 500
        other.execute("rollback")
    assert slack.deliver_event(event, retry_num=1, retry_reason="http_error").status == 200
    answer()
    assert len(slack.settle()) == 1


# No answer is lost


@pytest.mark.parametrize(
    "failures",
    [
        [rate_limited(1)],
        [http_error(500), http_error(503)],
        [http_error(502, "text/plain", "bad gateway")],
        [http_error(200, "text/plain", "ok")],
        [http_error(200)],
        [http_error(503, "application/json", "not json")],
        [http_error(200, "application/json", "[]")],
        [broken()],
        [error("internal_error")],
        [error("ratelimited")],
        [error("invalid_auth")],
        [error("not_allowed_token_type")],
    ],
    ids=lambda failures: failures[0].outcome,
)
def test_slack_that_does_not_take_an_answer_gets_it_again(
    failures: list[Failure], slack: Slack, user: str, answer: Answer
) -> None:
    slack.fail("chat.postMessage", *failures)
    slack.say(user, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer())
    assert posts(slack) == [*(failure.outcome for failure in failures), "ok"]
    assert len(slack.settle()) == 1


def test_slack_is_left_alone_for_as_long_as_it_asks(slack: Slack, user: str, answer: Answer) -> None:
    slack.fail("chat.postMessage", rate_limited(4), rate_limited(2))
    slack.say(user, QUESTION)
    answer()
    first, second, third = [call.time for call in slack.calls if call.method == "chat.postMessage"]
    assert second - first >= 4 and third - second >= 2


def test_others_are_answered_while_one_waits(slack: Slack, user: str, answer: Answer) -> None:
    slack.fail("chat.postMessage", rate_limited(5))
    slack.say(user, QUESTION)
    slack.wait_until(lambda: posts(slack))
    slack.say(f"{user}2", "bonjour")
    assert answer().channel == slack.dm(f"{user}2")
    assert answer().channel == slack.dm(user)


def test_slack_away_in_the_middle_of_a_conversation(slack: Slack, user: str, answer: Answer) -> None:
    """Both what was clicked and what was said meanwhile are answered once Slack is back, in order."""
    slack.say(user, QUESTION)
    question = answer()
    with slack.outage():
        slack.press(user, question, "Centre de facturation")
        slack.say(user, "la page Abonnements")
        slack.wait_until(lambda: [call for call in slack.calls if call.outcome == "outage"])
    assert "Connectez-vous au centre de facturation" in said(answer())
    assert "Vous êtes l’administrateur de facturation" in said(answer())
    assert "✓ Centre de facturation" in said(question)
    assert len(slack.settle()) == 3


def test_a_message_that_slack_will_never_take_does_not_hold_up_the_next(slack: Slack, user: str, answer: Answer) -> None:
    slack.fail("chat.postMessage", error("is_archived"))
    slack.say(user, QUESTION)
    slack.wait_until(lambda: posts(slack))
    slack.say(user, "bonjour")
    assert said(answer()).startswith("Bonjour")


def test_a_message_whose_buttons_cannot_be_replaced_is_answered(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, QUESTION)
    question = answer()
    slack.fail("chat.update", error("edit_window_closed"), error("edit_window_closed"))
    slack.press(user, question, "Centre de facturation")
    assert "Connectez-vous au centre de facturation" in said(answer())
    slack.press(user, question, "Je suis administrateur de compte")
    told = answer()
    assert told.user == user and "Vous avez déjà répondu" in said(told)


def test_an_answer_does_not_wait_for_the_buttons_to_be_replaced(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, QUESTION)
    question = answer()
    slack.fail("chat.update", rate_limited(3))
    slack.press(user, question, "Centre de facturation")
    answer()
    assert question.choices(), "still there"
    slack.wait_until(lambda: question.choices() == [])
    assert len(slack.settle()) == 2


def test_an_answer_whose_blocks_slack_does_not_take_is_said_without(slack: Slack, user: str, answer: Answer) -> None:
    slack.fail("chat.postMessage", error("invalid_blocks"))
    slack.say(user, QUESTION)
    posted = answer()
    assert posted.blocks == [] and "Où voulez-vous vérifier" in plain(posted.text)
    assert slack.problems == []


@pytest.mark.parametrize("moment", ["before it is answered", "before the answer is taken"])
def test_a_server_that_is_killed_answers_when_it_is_back(
    moment: str, slack: Slack, servers: Servers, user: str, answer: Answer
) -> None:
    if moment == "before it is answered":
        with halted(servers, "actions"):
            slack.say(user, QUESTION)
            servers.kill("rasa")
    else:
        slack.fail("chat.postMessage", rate_limited(30))
        slack.say(user, QUESTION)
        slack.wait_until(lambda: posts(slack))
        servers.kill("rasa")
    servers.start_rasa()
    assert "Où voulez-vous vérifier" in said(answer())
    assert len(slack.settle()) == 1


@pytest.mark.parametrize(("hours", "answers"), [(0, 1), (25, 0)])
def test_what_was_left_is_answered_unless_it_is_too_late(
    hours: int, answers: int, slack: Slack, servers: Servers, user: str, answer: Answer
) -> None:
    """A server that ended after the turn was saved, before its answer was written down; after a day it would only surprise."""
    event = slack.say(user, QUESTION)
    first = answer()
    slack.settle()
    servers.stop("rasa")
    place = {"channel": event["channel"], "user": user, "thread": None}
    at = time.time() - 3600 * hours
    left = Accepted(f"{event['channel']}:{event['ts']}", f"slack:im:{user}", QUESTION, place, at=at)
    second = Accepted("another", f"slack:im:{user}", "bonjour", place, at=at)
    with closing(sqlite3.connect(servers.logs.parent / "inbox.db")) as file, file:
        leave(file, left)
        leave(file, second)
    servers.start_rasa()
    settle(servers)
    texts = [plain(posted.text) for posted in slack.messages]
    assert texts[:2] == [plain(first.text)] * min(2, 1 + answers)
    assert len(texts) == 1 + 2 * answers and texts[-1].startswith("Bonjour" if answers else "Seuls")


def test_a_click_that_cannot_be_answered_leaves_its_buttons(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    slack.say(user, QUESTION)
    question = answer()
    with without_actions(servers):
        slack.press(user, question, "Centre de facturation")
        assert "Veuillez répéter" in said(answer())
    slack.press(user, question, "Centre de facturation")
    assert "Connectez-vous au centre de facturation" in said(answer())
    slack.wait_until(lambda: question.choices() == [])


def test_without_the_action_server_there_is_an_answer(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    with without_actions(servers):
        slack.say(user, QUESTION)
        assert "Je n’arrive pas à répondre pour le moment" in said(answer())
    slack.say(user, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer())


@pytest.mark.parametrize("number", [6, 25, 40])
def test_any_number_of_buttons_reaches_slack_and_the_last_one_works(
    number: int, slack: Slack, servers: Servers, user: str, answer: Answer
) -> None:
    """More than the bot ever shows: said by the channel itself, through the same client."""
    buttons = [{"title": f"Choix {place}", "payload": "button:greet"} for place in range(1, number)]
    buttons.append({"title": "La page Abonnements", "payload": "button:billing_center_subscriptions"})
    place = {"channel": slack.dm(user), "user": user, "thread": None}
    asked = Accepted("1", f"slack:im:{user}", "", place, [{"text": "Que voyez-vous ?", "buttons": buttons}])

    async def deliver() -> None:
        await Delivery(AsyncWebClient(token=slack.bot_token, base_url=slack.api)).post(asked, parts(asked.answer or ()))

    asyncio.run(deliver())
    posted = answer()
    assert [button["text"]["text"] for button in posted.buttons()] == [button["title"] for button in buttons]
    slack.press(user, posted, "La page Abonnements")
    answer()
    assert conclusion(servers, f"slack:im:{user}") == "billing_admin"
    slack.wait_until(lambda: posted.choices() == [])
