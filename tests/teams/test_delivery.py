"""Each message is answered once, and no answer is lost: repeats, limits, outages, a server that is killed."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from channels.teams.activities import conversation
from scripts.run import Servers
from tests.conftest import Conversation, halted, plain, settle, without_actions
from tests.peers.faults import Call, Fault
from tests.peers.microsoft import Microsoft, User, broken, http_error, rate_limited, slow
from tests.teams.conftest import QUESTION, bot, everything, said


def posts(microsoft: Microsoft) -> list[Call]:
    """The attempts at posting an answer."""
    return [call for call in microsoft.calls if call.area == "connector" and call.method == "POST"]


def wait_for_attempt(microsoft: Microsoft) -> None:
    """Wait until the connector has refused an answer."""
    microsoft.wait_until(lambda: any(call.status >= 400 for call in posts(microsoft)))


def inbox(servers: Servers) -> closing[sqlite3.Connection]:
    """The file of messages that are being answered; what is written to it is there at once."""
    return closing(sqlite3.connect(servers.logs.parent / "inbox.db", isolation_level=None))


# Once


def test_a_message_is_acknowledged_at_once_and_answered_later(microsoft: Microsoft, user: User) -> None:
    microsoft.fail("typing", slow(2))
    microsoft.fail("connector", slow(2))
    assert microsoft.deliver(microsoft.message(user, QUESTION)).seconds < 1
    assert microsoft.messages() == []
    microsoft.wait_for(1)


def test_a_message_that_is_repeated_is_answered_once(microsoft: Microsoft, user: User) -> None:
    activity = microsoft.message(user, QUESTION)
    for _ in range(3):
        assert microsoft.deliver(activity).status == 200
    microsoft.wait_for(1)
    assert microsoft.deliver(activity).status == 200, "a replay, after the answer"
    assert len(everything(microsoft, activity)) == 1


def test_an_installation_that_is_told_again_while_the_welcome_waits_is_welcomed_once(microsoft: Microsoft, user: User) -> None:
    microsoft.fail("connector", rate_limited(1))
    installed, _ = microsoft.installed("personal", user)
    for _ in range(3):
        assert microsoft.deliver(installed).status == 200
    assert len(everything(microsoft, installed)) == 1


def test_a_double_click_is_one_choice(microsoft: Microsoft, user: User) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    action = question.action("La page Abonnements")
    clicks = [microsoft.submit(user, question, action) for _ in range(3)]
    microsoft.exchange(*clicks)
    answers = everything(microsoft, clicks[0])
    assert len(answers) == 2 and said(answers[1]).startswith("Vous êtes l’administrateur de facturation")
    assert said(question).count("✓") == 1


def test_of_two_clicks_on_a_question_the_first_counts(microsoft: Microsoft, user: User) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    titles = ("Le message « mauvais endroit »", "La page Abonnements")
    clicks = [microsoft.submit(user, question, question.action(title)) for title in titles]
    microsoft.exchange(*clicks)
    answers = everything(microsoft, clicks[0])
    assert len(answers) == 2 and "mauvais endroit" in said(question) and "✓ La page Abonnements" not in said(question)


# No answer is lost


@pytest.mark.parametrize(
    "faults",
    [
        [http_error(500), http_error(503)],
        [broken()],
        [rate_limited(1)],
        [rate_limited(None)],
        [http_error(401)],
        [http_error(412)],
        [http_error(502)],
    ],
    ids=lambda faults: str(faults[0].status or faults[0].dropped),
)
def test_a_connector_that_does_not_take_an_answer_gets_it_again(faults: list[Fault], microsoft: Microsoft, user: User) -> None:
    microsoft.fail("connector", *faults)
    (posted,) = microsoft.say(user, QUESTION)
    assert "Où voulez-vous vérifier" in said(posted)
    assert [call.status for call in posts(microsoft)] == [*(fault.status for fault in faults), 201]
    assert len(everything(microsoft, microsoft.message(user, ""))) == 1


def test_the_connector_is_left_alone_for_as_long_as_it_asks(microsoft: Microsoft, user: User) -> None:
    microsoft.fail("connector", rate_limited(3))
    microsoft.say(user, QUESTION)
    first, second = [call.at for call in posts(microsoft)]
    assert second - first >= 3


def test_others_are_answered_while_one_waits(microsoft: Microsoft, user: User) -> None:
    microsoft.fail("connector", rate_limited(3))
    microsoft.deliver(microsoft.message(user, QUESTION))
    wait_for_attempt(microsoft)
    other = microsoft.user(f"Hugo, not {user.name}")
    microsoft.deliver(microsoft.message(other, "bonjour"))
    chats = [posted.conversation for posted in microsoft.wait_for(2)]
    assert chats == [microsoft.conversation_id(other), microsoft.conversation_id(user)]


def test_a_card_that_cannot_be_changed_now_is_changed_later(microsoft: Microsoft, servers: Servers, user: User) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    microsoft.fail("connector", slow(0), rate_limited(1))
    microsoft.press(user, question, "La page Abonnements")
    settle(servers)
    assert "✓ La page Abonnements" in said(question) and len(question.history) == 1


def test_an_answer_whose_card_teams_does_not_take_is_said_without(microsoft: Microsoft, user: User) -> None:
    microsoft.fail("connector", http_error(400))
    (posted,) = microsoft.say(user, "centre de facturation")
    assert posted.cards() == [] and "Que voyez-vous ensuite" in said(posted)


def test_a_card_that_can_never_be_changed_does_not_hold_up_the_next_answer(
    microsoft: Microsoft, servers: Servers, user: User
) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    microsoft.fail("connector", slow(0), http_error(404))
    (answer,) = microsoft.press(user, question, "La page Abonnements")
    assert said(answer).startswith("Vous êtes l’administrateur de facturation")
    settle(servers)
    assert question.history == []
    microsoft.fail("connector", http_error(404))
    (told,) = microsoft.press(user, question, "Autre chose")
    assert "Vous avez déjà répondu" in said(told)


def test_an_answer_comes_once_though_its_card_needs_several_tries(microsoft: Microsoft, servers: Servers, user: User) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    microsoft.fail("connector", slow(0), rate_limited(1), http_error(500))
    microsoft.press(user, question, "La page Abonnements")
    settle(servers)
    assert len(question.history) == 1 and len(microsoft.messages()) == 2


def test_microsoft_away_in_the_middle_of_a_turn(microsoft: Microsoft, servers: Servers, log: Path, user: User) -> None:
    """What was clicked and what was said meanwhile is answered once Microsoft is back, in order."""
    (question,) = microsoft.say(user, QUESTION, "channel")
    root = question.conversation.partition(";messageid=")[2]
    click = microsoft.submit(user, question, question.action("Centre de facturation"))
    said_then = microsoft.mention(user, "la page Abonnements", "channel", root)
    before = log.read_text(encoding="utf-8").count("does not take an answer now")
    with ExitStack() as away:
        with halted(servers, "actions"):
            microsoft.deliver(click)
            microsoft.deliver(said_then)
            away.enter_context(microsoft.outage())
        microsoft.wait_until(lambda: log.read_text(encoding="utf-8").count("does not take an answer now") > before)
    microsoft.wait_for(3, seconds=60)
    _, steps, conclusion = everything(microsoft, said_then)
    assert "Connectez-vous au centre de facturation" in said(steps)
    assert said(conclusion).startswith("Vous êtes l’administrateur de facturation")
    assert "✓ Centre de facturation" in said(question)


def test_a_token_that_is_not_taken_any_more_is_replaced(microsoft: Microsoft, user: User) -> None:
    """Also if a new one cannot be had at once."""
    microsoft.say(user, "bonjour")
    microsoft.calls.clear()
    microsoft.entra.revoke()
    microsoft.fail("token", broken())
    (posted,) = microsoft.say(user, QUESTION)
    assert "Où voulez-vous vérifier" in said(posted)
    tokens = [call.status for call in microsoft.calls if call.area == "token"]
    assert tokens[0] == 0 and tokens[-1] == 200
    assert len(everything(microsoft, microsoft.message(user, ""))) == 2


def test_one_token_serves_for_many_answers(microsoft: Microsoft, user: User) -> None:
    microsoft.say(user, "bonjour")
    microsoft.calls.clear()
    for message in ("centre de facturation", "la page Abonnements", "merci"):
        microsoft.say(user, message)
    assert {call.area for call in microsoft.calls} == {"connector", "typing"}


def test_a_chat_that_the_bot_was_removed_from_does_not_hold_up_others(microsoft: Microsoft, servers: Servers, user: User) -> None:
    chat = microsoft.conversation_id(user)
    microsoft.connector.expelled.add(chat)
    microsoft.deliver(microsoft.message(user, QUESTION))
    wait_for_attempt(microsoft)
    (posted,) = microsoft.say(microsoft.user(f"Hugo, not {user.name}"), "bonjour")
    assert said(posted).startswith("Bonjour")
    settle(servers)  # the card is refused, and then the plain text
    assert microsoft.problems and all(problem.startswith("403 BotNotInConversationRoster") for problem in microsoft.problems)
    microsoft.problems.clear()
    microsoft.connector.expelled.remove(chat)
    (again,) = microsoft.say(user, "bonjour")
    assert said(again).startswith("Bonjour") and everything(microsoft, microsoft.message(user, "")) == [again]


def test_a_server_that_is_killed_answers_once_when_it_is_back(microsoft: Microsoft, servers: Servers, user: User) -> None:
    """Whether it had not answered yet, had not written the answer down, or had not delivered it."""
    users = [microsoft.user(f"{user.name} {number}") for number in range(3)]
    answered, unwritten, unanswered = activities = [microsoft.message(each, QUESTION) for each in users]
    microsoft.fail("connector", rate_limited(60), rate_limited(60))
    for activity in (answered, unwritten):
        assert microsoft.deliver(activity).status == 200
    microsoft.wait_until(lambda: [call.status for call in posts(microsoft)] == [429, 429])
    with halted(servers, "actions"):
        assert microsoft.deliver(unanswered).status == 200
        servers.kill("rasa")
    with inbox(servers) as file:
        forget = "update accepted set data = json_set(data, '$.answer', null) where json_extract(data, '$.sender') = ?"
        assert file.execute(forget, [conversation(unwritten)]).rowcount == 1
        pending = "select json_extract(data, '$.answer') is null from accepted where data is not null order by number"
        assert file.execute(pending).fetchall() == [(0,), (1,), (1,)]
    servers.start_rasa()
    microsoft.wait_for(3)
    for activity in activities:
        assert microsoft.deliver(activity).status == 200, "a replay, to a server that has started since"
        (posted,) = everything(microsoft, activity)
        assert "Où voulez-vous vérifier" in said(posted)


def test_what_cannot_be_written_down_is_not_acknowledged(microsoft: Microsoft, servers: Servers, user: User) -> None:
    """Microsoft tells its user, or sends it again."""
    activity = microsoft.message(user, QUESTION)
    with inbox(servers) as file:
        microsoft.wait_until(lambda: file.execute("select count(*) from accepted where data is not null").fetchone() == (0,))
        file.execute("begin immediate")
        assert microsoft.deliver(activity).status == 500
        file.execute("rollback")
    (posted,) = microsoft.exchange(activity)
    assert everything(microsoft, activity) == [posted]


def test_without_the_action_server_there_is_an_answer(microsoft: Microsoft, servers: Servers, user: User) -> None:
    with without_actions(servers):
        (posted,) = microsoft.say(user, QUESTION)
        assert "Je n’arrive pas à répondre pour le moment" in said(posted)
    (posted,) = microsoft.say(user, QUESTION)
    assert "Où voulez-vous vérifier" in said(posted)


def test_a_click_while_the_action_server_is_away_can_be_repeated(microsoft: Microsoft, servers: Servers, user: User) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    with without_actions(servers):
        (posted,) = microsoft.press(user, question, "La page Abonnements")
        assert "Veuillez répéter" in said(posted)
    (posted,) = microsoft.press(user, question, "La page Abonnements")
    assert said(posted).startswith("Vous êtes l’administrateur de facturation")
    settle(servers)
    assert "✓ La page Abonnements" in said(question)


# A server that starts while Microsoft is away, with a certificate in place of the secret


def test_a_server_that_starts_while_microsoft_is_away(tmp_path: Path) -> None:
    """The other channels work, and Teams does once Microsoft is back, with keys that nobody has asked for before."""
    with Microsoft() as microsoft, ExitStack() as running:
        user = microsoft.user("Camille Martin")
        with microsoft.outage():
            servers = running.enter_context(bot(microsoft, tmp_path, certificate=True))
            assert "Où voulez-vous vérifier" in plain(Conversation(servers.url).say(QUESTION).text)
            activity = microsoft.message(user, QUESTION)
            assert microsoft.deliver(activity).status == 503, "nobody knows who sends this; Microsoft may send it again"
        microsoft.rotate_keys(keep=False)
        microsoft.wait_until(lambda: microsoft.deliver(activity).status == 200)  # it does not ask for keys all the time
        (posted,) = microsoft.wait_for(1)
        assert "Où voulez-vous vérifier" in said(posted)
        (token,) = [call for call in microsoft.calls if call.area == "token"]
        assert "client_assertion" in token.body and "client_secret" not in token.body
        assert microsoft.problems == []
