"""Who has the conversation: the bot answers while it does, and is silent as soon as a human does."""

from __future__ import annotations

from scripts.run import Servers
from tests.chatwoot.conftest import QUESTION, said
from tests.conftest import conclusion, settle, without_actions
from tests.peers.chatwoot import Chatwoot, Contact, broken, rate_limited


def sender(conversation: int, stint: int = 0) -> str:
    return f"chatwoot:{Chatwoot.ACCOUNT}:{conversation}:{stint}"


def quiet(chatwoot: Chatwoot, servers: Servers) -> None:
    """Wait until nothing more can come of what was told so far."""
    settle(servers)
    chatwoot.idle()
    settle(servers)


def test_who_wants_a_human_gets_one(chatwoot: Chatwoot, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "je veux parler à un conseiller")
    assert "Je passe la conversation à un conseiller" in said(answer)
    chatwoot.wait_until(lambda: chatwoot.status(answer.conversation) == "open")


def test_hand_over_is_tried_again_and_said_once(chatwoot: Chatwoot, customer: Contact) -> None:
    chatwoot.fail("status", broken())
    (answer,) = chatwoot.say(customer, "je veux parler à un conseiller")
    chatwoot.wait_until(lambda: chatwoot.status(answer.conversation) == "open")
    assert len(chatwoot.answers(answer.conversation)) == 1


def test_a_bot_that_cannot_answer_gives_the_conversation_to_a_human(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    with without_actions(servers):
        (answer,) = chatwoot.say(customer, QUESTION)
        assert "Je n’arrive pas à répondre" in said(answer)
        chatwoot.wait_until(lambda: chatwoot.status(answer.conversation) == "open")


def test_the_bot_is_silent_while_a_human_has_the_conversation(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, QUESTION)
    conversation = answer.conversation
    chatwoot.takes_over(conversation)
    chatwoot.write(customer, "centre de facturation")
    chatwoot.reply(conversation, "Bonjour, que voyez-vous ?")
    chatwoot.write(customer, "la page Abonnements")
    chatwoot.choose(answer, answer.items[0]["value"])  # of a question from before
    quiet(chatwoot, servers)
    assert chatwoot.answers(conversation) == [answer]
    assert conclusion(servers, sender(conversation.id)) is None


def test_a_human_who_takes_over_while_an_answer_waits_is_not_interrupted(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", rate_limited(2))
    chatwoot.write(customer, QUESTION)
    chatwoot.wait_until(lambda: any(call.status == 429 for call in chatwoot.calls))
    chatwoot.takes_over(greeting.conversation)
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_it_asks_who_has_the_conversation_where_nobody_told_it(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    address, chatwoot.app_url = chatwoot.app_url, ""
    chatwoot.takes_over(greeting.conversation)
    late = chatwoot.write(customer, QUESTION)
    chatwoot.app_url = address
    body = chatwoot.body(late)
    body["conversation"]["status"] = "pending"  # as it was when the message was written
    assert chatwoot.deliver(body).status == 200
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_older_versions_do_not_tell_bots_who_has_it_and_are_answered_all_the_same(chatwoot: Chatwoot, customer: Contact) -> None:
    chatwoot.api.bot_may.discard("show")
    try:
        (answer,) = chatwoot.say(customer, QUESTION)
    finally:
        chatwoot.api.bot_may.add("show")
    assert "Où voulez-vous vérifier" in said(answer)
    chatwoot.problems.clear()  # that it has asked


def test_an_agent_who_answers_without_taking_over_has_it(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "bonjour")
    chatwoot.reply(answer.conversation, "Bonjour, je m'en occupe.")
    chatwoot.wait_until(lambda: chatwoot.status(answer.conversation) == "open")
    chatwoot.write(customer, QUESTION)
    quiet(chatwoot, servers)
    assert chatwoot.answers(answer.conversation) == [answer]


def test_an_agents_private_note_takes_nothing_over(chatwoot: Chatwoot, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "bonjour")
    chatwoot.note(answer.conversation, "Je regarde son compte.")
    (again,) = chatwoot.say(customer, QUESTION)
    assert "Où voulez-vous vérifier" in said(again)


def test_a_conversation_given_back_begins_anew(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    """What was said to the human, the bot has not heard: « oui » may answer that."""
    chatwoot.say(customer, "centre de facturation")
    (asked,) = chatwoot.say(customer, "le message mauvais endroit")
    conversation = asked.conversation
    assert "Arrivez-vous à vous connecter au portail Corporate" in said(asked)
    chatwoot.takes_over(conversation)
    chatwoot.reply(conversation, "Avez-vous une facture sous la main ?")
    chatwoot.gives_back(conversation)
    (answer,) = chatwoot.say(customer, "oui")
    assert "Où voulez-vous vérifier" in said(answer)
    assert conclusion(servers, sender(conversation.id)) == "standard_or_corporate"
    assert conclusion(servers, sender(conversation.id, 1)) is None
    (answer,) = chatwoot.say(customer, "je suis au centre de facturation, page Abonnements")
    assert conclusion(servers, sender(conversation.id, 1)) == "billing_admin"


def test_a_customer_who_comes_back_after_the_end_begins_anew(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "je vois la page Abonnements")
    assert said(answer).startswith("Vous êtes l’administrateur de facturation")
    chatwoot.resolves(answer.conversation)
    (answer,) = chatwoot.say(customer, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer)
    assert conclusion(servers, sender(answer.conversation.id, 1)) is None


def test_who_has_it_is_known_after_a_restart(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "bonjour")
    chatwoot.takes_over(answer.conversation)
    servers.kill("rasa")
    servers.start_rasa()
    chatwoot.gives_back(answer.conversation)
    chatwoot.say(customer, "je vois la page Abonnements")
    assert conclusion(servers, sender(answer.conversation.id, 1)) == "billing_admin"
