"""Every message is answered once, whatever happens in between."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from channels.answer import parts
from channels.chatwoot.api import Api, Crowded
from channels.chatwoot.delivery import MOST_CROWDED, Delivery
from channels.chatwoot.desk import Desk
from channels.inbox import FIRST_WAIT, LONGEST_WAIT, Accepted, Later
from scripts.run import Servers
from tests.chatwoot.conftest import QUESTION, logged, quiet, said, untold
from tests.conftest import conclusion, halted, settle, without_actions
from tests.peers import chatwoot_limits
from tests.peers.chatwoot import Chatwoot, Contact, broken, http_error, lost, rate_limited, slow


def posts(chatwoot: Chatwoot) -> int:
    """How often a message was to be posted."""
    return len([call for call in chatwoot.calls if call.method == "POST" and call.path.endswith("/messages")])


def test_the_whole_conversation_of_the_help_file(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, QUESTION)
    assert said(answer).startswith("Seuls les contacts de facturation") and "Centre de facturation" in answer.titles
    assert answer.content_type == "input_select"
    (answer,) = chatwoot.press(answer, "Centre de facturation")
    assert "https://billing.logmeininc.com" in said(answer) and "Que voyez-vous" in said(answer)
    (answer,) = chatwoot.say(customer, "ma collègue voit la page Abonnements")
    assert "Cela ne dit rien de vous" in said(answer)
    (answer,) = chatwoot.say(customer, "moi j'ai le message mauvais endroit")
    assert "https://link.logmeininc.com/corp-billing" in said(answer) and "Où est mon ID utilisateur\u00a0?" in answer.titles
    (answer,) = chatwoot.press(answer, "Où est mon ID utilisateur\u00a0?")
    assert "affiché sur vos factures" in said(answer)
    (answer,) = chatwoot.press(answer, "Non, la connexion est refusée")
    assert "vous n’êtes pas l’administrateur de facturation" in said(answer)
    assert conclusion(servers, f"chatwoot:{chatwoot.ACCOUNT}:{answer.conversation.id}:0") == "not_billing_admin"


def test_a_message_is_acknowledged_before_it_is_answered(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    with halted(servers, "actions"):
        message = chatwoot.write(customer, QUESTION)  # returns once it is acknowledged, within Chatwoot's five seconds
        assert chatwoot.deliveries[-1].status == 200 and chatwoot.answers(message.conversation) == []
    (answer,) = chatwoot.wait_for(message.conversation)
    assert "Où voulez-vous vérifier" in said(answer)


def test_a_delivery_that_comes_again_is_not_answered_again(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, QUESTION)
    (message,) = [one for one in chatwoot.messages(answer.conversation) if one is not answer]
    assert [chatwoot.redeliver(message).status for _ in range(3)] == [200, 200, 200]
    (guided,) = chatwoot.press(answer, "Centre de facturation")
    assert chatwoot.redeliver(answer).status == 200
    settle(servers)
    assert chatwoot.answers(answer.conversation) == [answer, guided]


@pytest.mark.parametrize("fault", [rate_limited(1), broken(), slow(1)])
def test_a_desk_that_does_not_take_an_answer_gets_it_later(fault: object, chatwoot: Chatwoot, customer: Contact) -> None:
    chatwoot.fail("messages", fault)  # type: ignore[arg-type]
    (answer,) = chatwoot.say(customer, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer)
    assert chatwoot.answers(answer.conversation) == [answer]


def test_a_desk_that_is_down_gets_all_answers_in_their_order(chatwoot: Chatwoot, customer: Contact) -> None:
    with chatwoot.outage():
        message = chatwoot.write(customer, QUESTION)
        chatwoot.write(customer, "centre de facturation")
        chatwoot.write(customer, "la page Abonnements")
        assert [delivery.status for delivery in chatwoot.deliveries[-3:]] == [200, 200, 200]
    answers = chatwoot.wait_for(message.conversation, 3, seconds=60)
    assert ["Où voulez-vous" in said(answers[0]), "Que voyez-vous" in said(answers[1])] == [True, True]
    assert said(answers[2]).startswith("Vous êtes l’administrateur de facturation")


def test_a_server_that_is_killed_answers_once_it_is_back(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    with chatwoot.outage():
        message = chatwoot.write(customer, QUESTION)
        servers.kill("rasa")
    servers.start_rasa()
    (answer,) = chatwoot.wait_for(message.conversation, seconds=60)
    settle(servers)
    assert chatwoot.answers(message.conversation) == [answer] and "Où voulez-vous vérifier" in said(answer)


def test_a_message_without_text_is_answered(chatwoot: Chatwoot, customer: Contact) -> None:
    message = chatwoot.write(customer, files=("capture.png",))
    (answer,) = chatwoot.wait_for(message.conversation)
    assert "Votre message est vide" in said(answer)


def test_choices_that_are_refused_are_left_out(chatwoot: Chatwoot, customer: Contact) -> None:
    """Better without choices than not at all."""
    chatwoot.fail("messages", http_error(422))
    (answer,) = chatwoot.say(customer, QUESTION)
    assert answer.content_type == "text" and "Où voulez-vous vérifier" in said(answer)


def test_two_customers_do_not_hear_each_other(chatwoot: Chatwoot, servers: Servers) -> None:
    one, other = chatwoot.contact("Camille"), chatwoot.contact("Dominique")
    chatwoot.say(one, "centre de facturation")
    (first,) = chatwoot.say(one, "le message mauvais endroit")
    (second,) = chatwoot.say(other, "je n'arrive pas à me connecter")
    assert "Où n’arrivez-vous pas à vous connecter" in said(second)
    assert first.conversation is not second.conversation


def test_the_customer_sees_that_an_answer_is_written(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    chatwoot.say(customer, QUESTION)
    settle(servers)
    assert [call.body for call in chatwoot.calls if call.area == "typing"] == [{"typing_status": "on"}]


def test_what_cannot_be_written_down_is_not_taken_and_comes_again(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    with untold(chatwoot):
        message = chatwoot.write(customer, QUESTION)
    with closing(sqlite3.connect(servers.logs.parent / "inbox.db", isolation_level=None)) as file:
        file.execute("begin immediate")
        refused = chatwoot.deliver(chatwoot.body(message))
        file.execute("rollback")
    assert (refused.status, refused.body) == (500, "")  # one of those that Chatwoot tries again, and nothing of ours in it
    assert chatwoot.deliver(chatwoot.body(message)).status == 200
    (answer,) = chatwoot.wait_for(message.conversation)
    assert "Où voulez-vous vérifier" in said(answer)


def test_an_answer_that_is_taken_is_not_sent_again_whatever_is_said_of_it(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    chatwoot.say(customer, "bonjour")
    before = posts(chatwoot)
    chatwoot.fail("messages", http_error(201))
    chatwoot.write(customer, QUESTION)
    settle(servers)
    assert posts(chatwoot) == before + 1


def test_a_desk_that_takes_eleven_seconds_hears_it_once(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", slow(11))
    chatwoot.write(customer, QUESTION)
    settle(servers)
    assert len(chatwoot.answers(greeting.conversation)) == 2


def test_a_delivery_of_a_failed_turn_that_comes_again_is_not_answered_again(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    with without_actions(servers):
        (trouble,) = chatwoot.say(customer, QUESTION)
        chatwoot.wait_until(lambda: chatwoot.status(trouble.conversation) == "open")
        settle(servers)
    chatwoot.gives_back(trouble.conversation)
    (message,) = [one for one in chatwoot.messages(trouble.conversation) if one.message_type == "incoming"]
    chatwoot.redeliver(message)
    quiet(chatwoot, servers)
    assert chatwoot.answers(trouble.conversation) == [trouble]


def test_whose_answer_is_refused_gets_a_human(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", http_error(422), http_error(422))
    with logged(servers) as lines:
        chatwoot.write(customer, QUESTION)
        quiet(chatwoot, servers)
    log = "".join(lines)
    assert chatwoot.status(greeting.conversation) == "open"
    assert "Chatwoot refuses /messages" in log and "Traceback" not in log


def test_a_conversation_that_is_full_gets_its_answer_later(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with monkeypatch.context() as changed:
        changed.setattr(chatwoot_limits, "PER_MINUTE", 1)
        chatwoot.write(customer, QUESTION)
        chatwoot.wait_until(lambda: any(call.status == 422 for call in chatwoot.calls))
    quiet(chatwoot, servers)
    (_, answer) = chatwoot.answers(greeting.conversation)
    assert answer.titles and chatwoot.status(greeting.conversation) == "pending"
    chatwoot.problems[:] = [problem for problem in chatwoot.problems if "Too many messages" not in problem]


def test_whose_conversation_stays_full_gets_a_human(tmp_path: Path) -> None:
    class Full(Api):
        async def call(self, token: str, method: str, conversation: int, path: str = "", **arguments: Any) -> Any:
            asked.append(f"{method} {path}")
            if path == "/messages":
                raise Crowded("too many messages in a minute")
            return {"status": "pending"}

    async def tried() -> int:
        for tries in range(1, 100):
            try:
                await delivery.post(accepted, parts(accepted.answer or []))
            except Later:
                continue
            await delivery.finish(accepted)
            return tries
        return 0

    asked: list[str] = []
    accepted = Accepted("message-7", "chatwoot:3:41:0", "bonjour", {"conversation": 41, "stint": 0}, answer=[{"text": "Bonjour"}])
    with closing(Desk(tmp_path / "inbox.db")) as desk:
        delivery = Delivery(Full("", 3), "token", desk)
        assert asyncio.run(tried()) == MOST_CROWDED and asked[-1] == "POST /toggle_status"
    assert sum(min(FIRST_WAIT * 2**tries, LONGEST_WAIT) for tries in range(MOST_CROWDED - 1)) > 60


def test_whatsapp_gets_long_choices_as_lines(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    with untold(chatwoot):
        message = chatwoot.write(customer, QUESTION)
    body = chatwoot.body(message)
    body["conversation"]["channel"] = "Channel::Whatsapp"
    assert chatwoot.deliver(body).status == 200
    (answer,) = chatwoot.wait_for(message.conversation)
    assert answer.content_type == "text" and "• Je suis administrateur de compte" in said(answer)


def test_a_redirection_loses_nothing(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", http_error(301), http_error(301))
    chatwoot.write(customer, QUESTION)
    quiet(chatwoot, servers)
    assert len(chatwoot.answers(greeting.conversation)) == 2


def test_an_answer_whose_connection_breaks_after_it_was_taken_comes_once(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", lost())
    chatwoot.write(customer, QUESTION)
    quiet(chatwoot, servers)
    assert len(chatwoot.answers(greeting.conversation)) == 2
