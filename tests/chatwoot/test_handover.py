"""Who has the conversation: the bot answers while it does, and is silent as soon as a human does."""

from __future__ import annotations

from scripts.run import Servers
from tests.chatwoot.conftest import QUESTION, before_june, logged, quiet, said, untold, waiting
from tests.conftest import conclusion, settle, without_actions
from tests.peers.chatwoot import Chatwoot, Contact, broken, http_error, rate_limited


def sender(conversation: int, stint: int = 0) -> str:
    return f"chatwoot:{Chatwoot.ACCOUNT}:{conversation}:{stint}"


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
    waiting(chatwoot)
    chatwoot.takes_over(greeting.conversation)
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_it_asks_who_has_the_conversation_where_nobody_told_it(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with untold(chatwoot):
        chatwoot.takes_over(greeting.conversation)
        late = chatwoot.write(customer, QUESTION)
    body = chatwoot.body(late)
    body["conversation"]["status"] = "pending"  # as it was when the message was written
    assert chatwoot.deliver(body).status == 200
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_older_versions_do_not_tell_bots_who_has_it_and_are_answered_all_the_same(chatwoot: Chatwoot, customer: Contact) -> None:
    with before_june(chatwoot):
        (answer,) = chatwoot.say(customer, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer)


def test_an_agent_who_answers_without_taking_over_has_it(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "bonjour")
    chatwoot.reply(answer.conversation, "Bonjour, je m'en occupe.")
    chatwoot.wait_until(lambda: chatwoot.status(answer.conversation) == "open")
    chatwoot.write(customer, QUESTION)
    quiet(chatwoot, servers)
    assert chatwoot.answers(answer.conversation) == [answer]


def test_an_agent_who_answers_after_giving_it_back_has_it_again(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "bonjour")
    chatwoot.takes_over(answer.conversation)
    chatwoot.gives_back(answer.conversation)
    chatwoot.reply(answer.conversation, "J'oubliais : bonne journée !")
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


def test_a_hand_over_that_waited_opens_nothing_that_a_human_has_closed(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", rate_limited(1))
    chatwoot.write(customer, "je veux parler à un conseiller")
    waiting(chatwoot)
    chatwoot.resolves(greeting.conversation)
    quiet(chatwoot, servers)
    assert chatwoot.status(greeting.conversation) == "resolved" and chatwoot.answers(greeting.conversation) == [greeting]


def test_what_was_told_counts_where_the_bot_may_not_ask(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    with before_june(chatwoot):
        (greeting,) = chatwoot.say(customer, "bonjour")
        chatwoot.fail("messages", rate_limited(1))
        chatwoot.write(customer, QUESTION)
        waiting(chatwoot)
        chatwoot.takes_over(greeting.conversation)
        quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_after_its_own_hand_over_it_is_silent_though_nobody_told_it(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with before_june(chatwoot):
        with chatwoot.outage():
            chatwoot.write(customer, "je veux parler à un conseiller")
            chatwoot.write(customer, QUESTION)
            address, chatwoot.app_url = chatwoot.app_url, ""
        settle(servers)
        chatwoot.app_url = address
    assert len(chatwoot.answers(greeting.conversation)) == 2 and chatwoot.status(greeting.conversation) == "open"


def test_what_it_asked_counts_as_told(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    """A conversation that a human had, as Chatwoot said when asked, begins anew when it is given back."""
    (answer,) = chatwoot.say(customer, "centre de facturation")
    with untold(chatwoot):
        chatwoot.takes_over(answer.conversation)
        late = chatwoot.write(customer, "le message mauvais endroit")
    body = chatwoot.body(late)
    body["conversation"]["status"] = "pending"
    assert chatwoot.deliver(body).status == 200
    quiet(chatwoot, servers)
    chatwoot.gives_back(answer.conversation)
    chatwoot.say(customer, "je vois la page Abonnements")
    assert conclusion(servers, sender(answer.conversation.id, 1)) == "billing_admin"


def test_a_refusal_to_say_who_has_it_costs_no_answer(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    chatwoot.say(customer, "bonjour")
    chatwoot.fail("reading", http_error(404))
    with logged(servers) as lines:
        (answer,) = chatwoot.say(customer, QUESTION)
    assert "Où voulez-vous vérifier" in said(answer) and "Traceback" not in "".join(lines)


def test_an_agent_who_writes_in_a_snoozed_conversation_does_not_wake_it(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    with before_june(chatwoot):
        (greeting,) = chatwoot.say(customer, "bonjour")
        with untold(chatwoot):
            chatwoot.set_status(greeting.conversation, "snoozed", [])
        chatwoot.reply(greeting.conversation, "Je reviens vers vous lundi.")
        quiet(chatwoot, servers)
    assert chatwoot.status(greeting.conversation) == "snoozed"


def test_a_hand_over_that_is_refused_is_not_tried_for_ever(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    chatwoot.say(customer, "bonjour")
    chatwoot.fail("status", http_error(422))
    with logged(servers) as lines:
        chatwoot.say(customer, "je veux parler à un conseiller")
        settle(servers)
    log = "".join(lines)
    assert "Chatwoot refuses /toggle_status" in log and "Traceback" not in log


def test_a_desk_that_cannot_say_who_has_it_is_asked_again(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with untold(chatwoot):
        chatwoot.takes_over(greeting.conversation)
        late = chatwoot.write(customer, QUESTION)
    body = chatwoot.body(late)
    body["conversation"]["status"] = "pending"
    chatwoot.fail("reading", http_error(500))
    assert chatwoot.deliver(body).status == 200
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_an_answer_from_before_a_human_had_it_is_not_said_after(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("messages", rate_limited(4))
    chatwoot.write(customer, QUESTION)
    waiting(chatwoot)
    chatwoot.takes_over(greeting.conversation)
    chatwoot.reply(greeting.conversation, "Voilà, c'est réglé.")
    chatwoot.gives_back(greeting.conversation)
    (answer,) = chatwoot.say(customer, "je vois la page Abonnements")
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting, answer]


def test_a_late_word_of_a_take_over_that_is_over_loses_no_answer(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with untold(chatwoot):
        chatwoot.takes_over(greeting.conversation)
        opened = {**greeting.conversation.webhook_data(), "event": "conversation_opened"}
        chatwoot.gives_back(greeting.conversation)
    chatwoot.fail("messages", rate_limited(2))
    chatwoot.write(customer, QUESTION)
    waiting(chatwoot)
    assert chatwoot.deliver(opened).status == 200  # a retry of Sidekiq's
    quiet(chatwoot, servers)
    assert len(chatwoot.answers(greeting.conversation)) == 2


def test_an_agent_who_answers_is_not_spoken_over_while_the_status_cannot_be_changed(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    chatwoot.fail("status", rate_limited(3))
    chatwoot.reply(greeting.conversation, "Bonjour, je m'en occupe.")
    chatwoot.write(customer, QUESTION)
    quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_a_delivery_that_comes_again_gives_nothing_back_to_the_bot(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with before_june(chatwoot):
        chatwoot.fail("messages", rate_limited(2))
        message = chatwoot.write(customer, QUESTION)
        waiting(chatwoot)
        chatwoot.takes_over(greeting.conversation)
        chatwoot.redeliver(message)
        quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_a_message_that_comes_after_a_take_over_gives_nothing_back_to_the_bot(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    (greeting,) = chatwoot.say(customer, "bonjour")
    with untold(chatwoot):
        body = chatwoot.body(chatwoot.write(customer, QUESTION))
    with before_june(chatwoot):
        chatwoot.takes_over(greeting.conversation)  # told before the message: two jobs of Sidekiq's
        chatwoot.deliver(body)
        quiet(chatwoot, servers)
    assert chatwoot.answers(greeting.conversation) == [greeting]


def test_an_old_click_that_is_told_again_makes_no_note(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    """Chatwoot tells of a message whenever it changes: when it is read, translated."""
    (asked,) = chatwoot.say(customer, QUESTION)
    chatwoot.press(asked, "Centre de facturation")
    chatwoot.say(customer, "je vois la page Abonnements")
    chatwoot.takes_over(asked.conversation)
    assert chatwoot.deliver(chatwoot.body(asked, "message_updated")).status == 200
    quiet(chatwoot, servers)
    assert chatwoot.notes(asked.conversation) == []


def test_a_click_after_the_end_opens_it_for_the_bot_again(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, QUESTION)
    chatwoot.resolves(answer.conversation)
    chatwoot.choose(answer, answer.value("Centre de facturation"))
    quiet(chatwoot, servers)
    (_, guided) = chatwoot.answers(answer.conversation)
    assert "Que voyez-vous" in said(guided) and chatwoot.status(answer.conversation) == "pending"
    assert chatwoot.notes(answer.conversation) == []
    chatwoot.redeliver(answer)
    quiet(chatwoot, servers)
    assert len(chatwoot.answers(answer.conversation)) == 2
