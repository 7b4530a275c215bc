"""What people do in conversations, over HTTP."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Conversation

BILLING = "button:choose_billing_center"
ADMIN = "button:choose_admin_center"


def test_an_observation_without_a_greeting(talk: Conversation) -> None:
    reply = talk.say("Je suis redirigé vers la page Abonnements.")
    assert talk.conclusion == "billing_admin"
    assert "Vous êtes l’administrateur de facturation" in reply.text


def test_one_word(talk: Conversation) -> None:
    talk.tell(BILLING, "abonnements")
    assert talk.conclusion == "billing_admin"


def test_all_in_one_long_message(talk: Conversation) -> None:
    talk.say(
        "Bonjour, je suis responsable informatique d'une petite école. J'ai ouvert le Centre d'administration LogMeIn ce "
        "matin avec mon adresse e-mail, puis j'ai choisi Ajouter des licences à gauche. Un message m'invite à sélectionner "
        "un produit pour me connecter au centre de facturation. Merci d'avance, Élodie Besson"
    )
    assert talk.conclusion == "corporate_maybe"


def test_an_answer_in_two_messages_is_read_as_one(talk: Conversation) -> None:
    talk.tell(BILLING, "je ne vois pas", "la page Abonnements")
    assert talk.conclusion is None


@pytest.mark.parametrize(
    "denied",
    [
        "Je ne vois pas la page Abonnements.",
        "pas de page abonnements chez moi",
        "jvois pas les abonnements",
        "je n'ai pas le message du mauvais endroit",
        "aucun produit à sélectionner",
        "on ne me demande pas de contacter mon administrateur de facturation",
    ],
)
def test_a_denied_row_never_concludes(denied: str, talk: Conversation) -> None:
    talk.tell(BILLING, denied)
    assert talk.conclusion is None


def test_what_is_denied_twice_leads_to_the_way_out(talk: Conversation) -> None:
    reply = talk.tell(BILLING, "Je ne vois pas la page Abonnements.", "Et je ne vois pas le message du mauvais endroit.")
    assert talk.conclusion in (None, "ask_account_admin")
    assert "l’administrateur de compte" in reply.text


def test_a_correction_replaces_the_conclusion(talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place")
    assert talk.conclusion == "standard_or_corporate"
    talk.say("Ah, en fait je suis sur la page Abonnements.")
    assert talk.conclusion == "billing_admin"


def test_denying_what_was_said_withdraws_the_conclusion(talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_subscriptions")
    reply = talk.say("Pardon, je ne vois pas la page Abonnements.")
    assert talk.conclusion is None
    assert "j’oublie ma réponse précédente" in reply.text


@pytest.mark.parametrize("restart", ["recommençons", "Oubliez ce que j'ai dit, je me suis trompé.", "button:restart"])
def test_starting_over_clears_everything(restart: str, talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_subscriptions")
    reply = talk.say(restart)
    slots = talk.tracker()["slots"]
    assert (slots["conclusion"], slots["portal"], slots["question"]) == (None, None, None)
    assert reply.buttons


@pytest.mark.parametrize("aside", ["merci", "Quel temps fera-t-il demain à Nantes ?", "bonjour", "au revoir", "T'es un robot ?"])
def test_an_aside_leaves_the_conclusion(aside: str, talk: Conversation) -> None:
    talk.tell(ADMIN, "button:admin_center_contact_billing_admin")
    reply = talk.say(aside)
    assert talk.conclusion == "not_billing_admin_contact_named"
    assert reply.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Ma collègue est redirigée vers la page Abonnements.", "est l’administrateur de facturation"),
        ("mon chef a le message du mauvais endroit", "Pour la personne qui voit ce message"),
    ],
)
def test_what_a_colleague_saw_is_about_the_colleague(said: str, answer: str, talk: Conversation) -> None:
    reply = talk.tell(BILLING, said)
    assert talk.conclusion is None
    assert answer in reply.text
    assert "Cela ne dit rien de vous" in reply.text


def test_a_colleague_does_not_replace_my_conclusion(talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", "Ma collègue est redirigée vers la page Abonnements.")
    assert talk.conclusion == "standard_or_corporate"


def test_a_colleague_who_saw_something_unclear_is_asked_about(talk: Conversation) -> None:
    reply = talk.say("button:colleague_observation")
    assert "autre personne" in reply.text
    reply = talk.click(reply, "Un message m’invite à sélectionner un produit")
    assert "Il se peut que cette personne soit" in reply.text
    assert talk.conclusion is None


def test_a_hypothesis_is_answered_in_the_conditional(talk: Conversation) -> None:
    reply = talk.tell(BILLING, "Et si je tombais sur la page Abonnements, ça voudrait dire quoi ?")
    assert talk.conclusion is None
    assert "vous seriez" in reply.text


@pytest.mark.parametrize("sent", [(BILLING, "button:billing_center_wrong_place"), (ADMIN, "button:admin_center_select_product")])
def test_sign_in_refused_where_the_conclusion_sent(sent: tuple[str, str], talk: Conversation) -> None:
    talk.tell(*sent, "je n'arrive pas à me connecter")
    assert talk.conclusion == "not_billing_admin"


def test_sign_in_refused_at_the_billing_centre_says_nothing(talk: Conversation) -> None:
    talk.tell(BILLING, "je n'arrive pas à me connecter")
    assert talk.conclusion in (None, "ask_account_admin")


def test_sign_in_refused_at_a_portal_named_after_the_conclusion(talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", "je n'arrive pas à me connecter au centre d'administration")
    assert talk.conclusion == "standard_or_corporate"


def test_sign_in_refused_nobody_knows_where(talk: Conversation) -> None:
    reply = talk.say("je n'arrive pas à me connecter")
    assert talk.conclusion is None
    talk.click(reply, "Au portail Corporate")
    assert talk.conclusion == "not_billing_admin"


def test_yes_to_the_sign_in(talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", "oui")
    assert talk.conclusion == "corporate_inconclusive"


def test_no_to_the_sign_in_may_mean_not_tried(talk: Conversation) -> None:
    reply = talk.tell(BILLING, "button:billing_center_wrong_place", "non")
    assert talk.conclusion == "standard_or_corporate"
    assert "Avez-vous essayé" in reply.text
    talk.say("non")
    assert talk.conclusion == "standard_or_corporate"
    talk.tell("button:billing_center_wrong_place", "non", "oui")
    assert talk.conclusion == "not_billing_admin"


def test_yes_and_no_to_nothing_establish_nothing(talk: Conversation) -> None:
    for message in ("Je voudrais savoir qui est notre contact de facturation.", "oui", "non", "non", "non"):
        assert talk.say(message).text
        assert talk.conclusion is None


def test_i_do_not_know(talk: Conversation) -> None:
    reply = talk.tell("Qui est le contact de facturation ?", "je ne sais pas")
    assert "commencez par le centre de facturation" in reply.text
    assert [button["payload"] for button in reply.buttons] == [BILLING, ADMIN]


def test_the_page_of_the_subscriptions_at_corporate_is_asked_about(talk: Conversation) -> None:
    reply = talk.tell("button:choose_corporate_portal", "je vois la page Abonnements")
    assert talk.conclusion is None
    talk.click(reply, "Au centre de facturation")
    assert talk.conclusion == "billing_admin"


def test_asked_again_the_bot_repeats_what_stands(talk: Conversation) -> None:
    reply = talk.tell(BILLING, "button:billing_center_wrong_place", "Alors, est-ce moi le contact de facturation ?")
    assert talk.conclusion == "standard_or_corporate"
    assert "D’après ce que vous m’avez dit" in reply.text


def test_not_understood_offers_meanings_then_the_way_out(talk: Conversation) -> None:
    reply = talk.say("/inconnu_au_bataillon")
    assert "« /inconnu_au_bataillon »" in reply.text.replace("\u00a0", " ")
    assert 2 <= len(reply.buttons) <= 3
    assert "veuillez contacter l’administrateur de compte" in talk.say("/inconnu_au_bataillon").text


@pytest.mark.parametrize(
    "aside",
    [
        "merci",
        "Vous êtes un robot ?",
        "C'est quoi un contact de facturation ?",
        "button:not_tried_yet",
        "/inconnu_au_bataillon",
        "Ma collègue est redirigée vers la page Abonnements.",
        "Et si je tombais sur la page Abonnements, ça voudrait dire quoi ?",
    ],
)
def test_a_yes_after_something_else_answers_no_old_question(aside: str, talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", aside, "oui")
    assert talk.conclusion == "standard_or_corporate"


def test_an_old_button_about_usefulness_concludes_nothing(talk: Conversation) -> None:
    useful = talk.tell(BILLING, "button:billing_center_subscriptions").payload("Oui")
    talk.tell("button:billing_center_wrong_place", useful)
    assert talk.conclusion == "standard_or_corporate"


@pytest.mark.parametrize("about", ["button:colleague_observation", "button:hypothetical_observation"])
def test_the_answer_about_somebody_else_is_about_somebody_else(about: str, talk: Conversation) -> None:
    reply = talk.tell(about, "la page Abonnements")
    assert talk.conclusion is None
    assert reply.text


@pytest.mark.parametrize("said", ["Ma collègue ne voit pas la page Abonnements.", "Et si je ne vois pas la page Abonnements ?"])
def test_what_is_denied_is_not_answered_as_seen(said: str, talk: Conversation) -> None:
    reply = talk.tell(BILLING, said)
    assert talk.conclusion is None
    assert "est l’administrateur de facturation" not in reply.text and "vous seriez" not in reply.text


def test_not_knowing_does_not_spoil_the_next_answer(talk: Conversation) -> None:
    talk.tell(BILLING, "je ne sais pas", "la page Abonnements")
    assert talk.conclusion == "billing_admin"


def test_a_command_is_no_first_half_of_a_message(talk: Conversation) -> None:
    talk.tell("/saw_subscriptions_page@1.0", "zut")
    assert talk.conclusion is None


@pytest.mark.parametrize(
    "said",
    [
        "si je n'arrive pas à me connecter ?",
        "je n'ai pas encore pu me connecter",
        "je n'arrive pas à me connecter au centre de facturation",
    ],
)
def test_no_refusal_at_corporate(said: str, talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", said)
    assert talk.conclusion == "standard_or_corporate"


def test_a_refusal_is_withdrawn_if_it_was_not_tried(talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", "button:corporate_sign_in_failed")
    assert talk.conclusion == "not_billing_admin"
    talk.say("button:not_tried_yet")
    assert talk.conclusion is None


def test_the_subscriptions_after_corporate_are_asked_about(talk: Conversation) -> None:
    reply = talk.tell(ADMIN, "button:admin_center_select_product", "je suis sur la page Abonnements")
    assert talk.conclusion == "corporate_maybe"
    assert "Où l’avez-vous vue" in reply.text
    talk.say("au centre d'administration")
    assert talk.conclusion == "billing_admin"


def test_where_the_sign_in_fails_may_be_typed(talk: Conversation) -> None:
    talk.tell("je n'arrive pas à me connecter", "au centre de facturation")
    assert talk.conclusion == "ask_account_admin"


def test_two_messages_at_once_are_read_in_order(talk: Conversation) -> None:
    talk.say(BILLING)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(talk.say, "je ne vois pas")
        time.sleep(0.05)
        pool.submit(talk.say, "la page Abonnements").result()
        first.result()
    assert talk.conclusion is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("C'est quoi un contact de facturation ?", "et non pas un conseiller LogMeIn"),
        ("Qui a le droit de voir le contact de facturation ?", "Seuls les contacts de facturation ou les administrateurs"),
        ("Où est-ce que je trouve mon ID utilisateur ?", "factures reçues par e-mail"),
        ("Vous êtes un robot ?", "assistant automatique"),
        ("Je veux parler à un conseiller.", "l’administrateur de compte en charge de votre compte GoToWebinar"),
    ],
)
def test_other_questions_of_the_help_file(question: str, answer: str, talk: Conversation) -> None:
    assert answer in talk.say(question).text
    assert talk.conclusion is None


def test_feedback(talk: Conversation) -> None:
    reply = talk.tell(BILLING, "button:billing_center_subscriptions")
    assert "Merci de votre retour" in talk.click(reply, "Oui").text
    reply = talk.tell("button:billing_center_subscriptions", "non")
    assert "reprenons depuis le début" in reply.text
    assert talk.conclusion == "billing_admin"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("la première", "billing_admin"),
        ("le deuxième", "standard_or_corporate"),
        ("le 2", "standard_or_corporate"),
        ("je dirais le second message", "standard_or_corporate"),
    ],
)
def test_a_choice_by_its_place(said: str, expected: str, talk: Conversation) -> None:
    talk.tell(BILLING, said)
    assert talk.conclusion == expected


def test_the_other_portal(talk: Conversation) -> None:
    talk.tell(BILLING, "l'autre")
    assert talk.tracker()["slots"]["portal"] == "admin_center"


@pytest.mark.parametrize("said", ["le neuvième", "le deuxième jour du mois prochain"])
def test_no_choice(said: str, talk: Conversation) -> None:
    talk.tell(BILLING, said)
    assert talk.conclusion is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [("ça marche pas", "not_billing_admin"), ("je suis dedans", "corporate_inconclusive")],
)
def test_a_short_answer_is_about_the_sign_in_that_was_asked_about(said: str, expected: str, talk: Conversation) -> None:
    talk.tell(BILLING, "button:billing_center_wrong_place", said)
    assert talk.conclusion == expected
