"""Every message is answered once, whatever happens in between."""

from __future__ import annotations

import pytest

from scripts.run import Servers
from tests.chatwoot.conftest import QUESTION, said
from tests.conftest import conclusion, halted, settle
from tests.peers.chatwoot import Chatwoot, Contact, broken, rate_limited, slow


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
    from tests.peers.chatwoot import http_error

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
