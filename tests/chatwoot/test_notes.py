"""Suggestions as private notes, while a human has the conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.chatwoot.notes import Notes
from scripts.run import Servers
from tests.chatwoot.conftest import logged, quiet, said, untold
from tests.conftest import conclusion, pair, plain, settle
from tests.peers.chatwoot import Chatwoot, Contact, Conversation, broken, http_error, slow


@pytest.fixture
def with_human(chatwoot: Chatwoot, customer: Contact) -> Conversation:
    """A conversation that a human has."""
    (answer,) = chatwoot.say(customer, "bonjour")
    chatwoot.takes_over(answer.conversation)
    return answer.conversation


def notes(chatwoot: Chatwoot, conversation: Conversation, count: int) -> list[str]:
    """The notes, once there are as many."""
    chatwoot.wait_until(lambda: len(chatwoot.notes(conversation)) >= count)
    found = chatwoot.notes(conversation)
    assert len(found) == count
    return [plain(note.content or "") for note in found]


def test_a_note_says_what_follows_how_sure_that_is_and_why(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.reply(with_human, "Bonjour, que voyez-vous au centre de facturation ?")
    chatwoot.write(customer, "un message dit que j'ai atterri au mauvais endroit")
    (note,) = notes(chatwoot, with_human, 1)
    assert note.startswith("**Compte standard, ou géré dans le portail Corporate** · confiance élevée (")
    assert "> • Vous disposez d’un compte standard" in note and "https://link.logmeininc.com/corp-billing" in note
    assert "Il manque encore : le résultat de la connexion au portail Corporate." in note
    assert "Source, page d’aide « Qui est le contact de facturation de mon compte ? »" in note
    assert "« Il semble que vous ayez atterri au mauvais endroit »" in note
    assert conclusion(servers, f"chatwoot:{chatwoot.ACCOUNT}:{with_human.id}:0") is None
    assert len(chatwoot.answers(with_human)) == 1  # « bonjour »: customers read nothing of it


def test_what_was_said_to_the_bot_and_clicked_counts(chatwoot: Chatwoot, customer: Contact) -> None:
    (answer,) = chatwoot.say(customer, "Qui est le contact de facturation ?")
    (answer,) = chatwoot.press(answer, "Je suis administrateur de compte")
    (answer,) = chatwoot.press(answer, "Un message m’invite à sélectionner un produit")
    assert "Arrivez-vous à vous connecter" in said(answer)
    chatwoot.takes_over(answer.conversation)
    chatwoot.write(customer, "non, la connexion est refusée")
    (note,) = notes(chatwoot, answer.conversation, 1)
    assert note.startswith("**N’est pas l’administrateur de facturation**")


def test_a_question_of_the_agents_own_is_not_answered_by_yes(chatwoot: Chatwoot, servers: Servers, customer: Contact) -> None:
    chatwoot.say(customer, "centre de facturation")
    (answer,) = chatwoot.say(customer, "le message mauvais endroit")
    chatwoot.takes_over(answer.conversation)
    chatwoot.reply(answer.conversation, "Avez-vous une facture sous la main ?")
    chatwoot.write(customer, "oui")
    settle(servers)
    (note,) = notes(chatwoot, answer.conversation, 1)
    assert note.startswith("**Demander si la connexion au portail Corporate réussit**")
    chatwoot.reply(answer.conversation, "Très bien. Arrivez-vous à vous connecter au portail Corporate ?")
    chatwoot.write(customer, "oui")
    (_, note) = notes(chatwoot, answer.conversation, 2)
    assert note.startswith("**Client connecté au portail Corporate")


def test_mere_politeness_is_not_noted(chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation) -> None:
    chatwoot.write(customer, "merci beaucoup")
    chatwoot.write(customer, "quel temps fera-t-il demain ?")
    chatwoot.write(customer, files=("capture.png",))
    chatwoot.write(customer, "je vois la page Abonnements")
    (note,) = notes(chatwoot, with_human, 1)
    assert note.startswith("**C’est l’administrateur de facturation**")


def test_a_note_is_written_once_and_later_if_it_must(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.fail("reading", broken())
    chatwoot.fail("messages", broken())
    message = chatwoot.write(customer, "je vois la page Abonnements")
    notes(chatwoot, with_human, 1)
    assert chatwoot.redeliver(message).status == 200
    settle(servers)
    notes(chatwoot, with_human, 1)


def test_a_long_conversation_is_read_to_its_beginning(chatwoot: Chatwoot, customer: Contact, with_human: Conversation) -> None:
    address, chatwoot.app_url = chatwoot.app_url, ""
    chatwoot.write(customer, "je vois la page Abonnements")
    for number in range(25):
        chatwoot.reply(with_human, f"Un instant, je regarde votre dossier ({number}).")
    chatwoot.app_url = address
    chatwoot.write(customer, "alors, qui est le contact de facturation de mon compte ?")
    (note,) = notes(chatwoot, with_human, 1)
    assert note.startswith("**C’est l’administrateur de facturation**")


def test_without_an_agents_token_there_are_no_notes(tmp_path: Path) -> None:
    with Chatwoot() as chatwoot:
        settings = {"URL": chatwoot.url, "ACCOUNT": "3", "BOT_TOKEN": chatwoot.bot_token, "SECRET": chatwoot.secret}
        with pair(tmp_path, {f"AIGUILLEUR_CHATWOOT_{name}": value for name, value in settings.items()}) as servers:
            chatwoot.app_url = f"{servers.url}/webhooks/chatwoot/bot"
            customer = chatwoot.contact()
            (answer,) = chatwoot.say(customer, "bonjour")
            chatwoot.takes_over(answer.conversation)
            chatwoot.write(customer, "je vois la page Abonnements")
            settle(servers)
            assert chatwoot.notes(answer.conversation) == [] and chatwoot.problems == []
            assert {delivery.status for delivery in chatwoot.deliveries} == {200}


def test_what_an_agent_notes_for_colleagues_is_no_word_to_the_customer(
    chatwoot: Chatwoot, servers: Servers, customer: Contact
) -> None:
    """« Oui » answers no question that the customer never read."""
    chatwoot.say(customer, "centre de facturation")
    (answer,) = chatwoot.say(customer, "le message mauvais endroit")
    chatwoot.takes_over(answer.conversation)
    chatwoot.reply(answer.conversation, "Avez-vous une facture sous la main ?")
    chatwoot.note(answer.conversation, "Arrivez-vous à vous connecter au portail Corporate ?")
    chatwoot.write(customer, "oui")
    settle(servers)
    own = [plain(note.content or "") for note in chatwoot.notes(answer.conversation) if note.sender is chatwoot.bot]
    assert len(own) == 1 and own[0].startswith("**Demander si la connexion au portail Corporate réussit**")


def test_what_a_note_has_said_is_not_noted_again_for_mere_talk(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.write(customer, "je vois la page Abonnements")
    settle(servers)
    chatwoot.write(customer, "quel temps fera-t-il demain ?")
    settle(servers)
    assert len(chatwoot.notes(with_human)) == 1


def test_a_conversation_that_cannot_be_read_now_is_noted_later(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.fail("reading", http_error(404))
    with logged(servers) as lines:
        chatwoot.write(customer, "je vois la page Abonnements")
        settle(servers)
    assert len(chatwoot.notes(with_human)) == 1 and "Traceback" not in "".join(lines)


def test_a_note_that_could_not_be_written_for_ten_minutes_is_given_up() -> None:
    assert Notes.too_late == 600


def test_two_messages_in_a_row_make_no_two_notes_alike(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.fail("reading", slow(1))
    chatwoot.write(customer, "merci beaucoup")
    chatwoot.write(customer, "je vois la page Abonnements")
    settle(servers)
    assert len(chatwoot.notes(with_human)) == 1


def test_a_note_that_is_refused_is_one_line_in_the_log(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.fail("messages", http_error(422))
    with logged(servers) as lines:
        chatwoot.write(customer, "je vois la page Abonnements")
        settle(servers)
    assert len([line for line in lines if "note" in line]) == 1 and "Traceback" not in "".join(lines)
    assert chatwoot.notes(with_human) == []


def test_each_of_two_messages_in_a_row_is_noted_as_of_then(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    chatwoot.fail("reading", slow(1))
    for text in ("je vois la page Abonnements", "merci", "et je suis au centre de facturation", "quel temps fera-t-il demain ?"):
        chatwoot.write(customer, text)
    settle(servers)
    first, second = notes(chatwoot, with_human, 2)
    assert first.startswith("**C’est l’administrateur de facturation**") and second.startswith(
        "**Demander ce que le client voit**"
    )


def test_what_the_last_note_says_is_not_noted_again(
    chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation
) -> None:
    for _ in range(2):
        chatwoot.write(customer, "je vois la page Abonnements")
        settle(servers)
    notes(chatwoot, with_human, 1)


def test_what_is_closed_is_not_noted(chatwoot: Chatwoot, servers: Servers, customer: Contact, with_human: Conversation) -> None:
    with untold(chatwoot):
        body = chatwoot.body(chatwoot.write(customer, "je vois la page Abonnements"))
    body["conversation"]["status"] = "resolved"
    assert chatwoot.deliver(body).status == 200
    quiet(chatwoot, servers)
    assert chatwoot.notes(with_human) == []
