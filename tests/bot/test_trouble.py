"""What fails: the user is told, can repeat, and keeps the conversation. Last in line, for it stops the servers."""

from __future__ import annotations

from scripts.run import Servers
from tests.conftest import Conversation, halted, without_actions


def test_the_action_server_is_down(servers: Servers, talk: Conversation) -> None:
    talk.tell("button:choose_billing_center", "button:billing_center_wrong_place")
    with without_actions(servers):
        reply = talk.say("je n'arrive pas à me connecter")
        assert reply.texts == ["Je n’arrive pas à répondre pour le moment. Veuillez répéter votre question dans un instant."]
        assert talk.conclusion == "standard_or_corporate"
    talk.say("je n'arrive pas à me connecter")
    assert talk.conclusion == "not_billing_admin"


def test_a_turn_that_takes_too_long(servers: Servers, talk: Conversation) -> None:
    talk.tell("button:choose_billing_center", "button:billing_center_wrong_place")
    with halted(servers, "actions"):
        reply = talk.say("je n'arrive pas à me connecter")
        assert reply.texts == ["Je n’arrive pas à répondre pour le moment. Veuillez répéter votre question dans un instant."]
    talk.say("je n'arrive pas à me connecter")
    assert talk.conclusion == "not_billing_admin"


def test_a_conversation_survives_a_restart(servers: Servers, talk: Conversation) -> None:
    talk.tell("button:choose_billing_center", "button:billing_center_wrong_place")
    servers.stop("rasa")
    servers.start_rasa()
    assert talk.conclusion == "standard_or_corporate"
    talk.say("je n'arrive pas à me connecter")
    assert talk.conclusion == "not_billing_admin"
