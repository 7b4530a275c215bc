"""Every row of the help file, reached by buttons and by free text, with its conclusion and its link."""

from __future__ import annotations

import pytest

from actions.help_file import load
from tests.conftest import Conversation, Reply

ROWS = load().rows
ADDRESSES = {portal.url for portal in load().portals.values()}

#: Titles of the buttons to click, one after the other, from « Qui est le contact de facturation ? ».
CLICKS = {
    "billing_center_subscriptions": ["Centre de facturation", "La page Abonnements"],
    "billing_center_wrong_place": ["Centre de facturation", "Le message « mauvais endroit »"],
    "admin_center_subscriptions": ["Je suis administrateur de compte", "La page Abonnements"],
    "admin_center_contact_billing_admin": [
        "Je suis administrateur de compte",
        "Un message m’invite à contacter mon administrateur de facturation",
    ],
    "admin_center_select_product": ["Je suis administrateur de compte", "Un message m’invite à sélectionner un produit"],
    "corporate_sign_in_succeeded": [
        "Centre de facturation",
        "Le message « mauvais endroit »",
        "Oui, je suis connecté",
    ],
    "corporate_sign_in_failed": [
        "Je suis administrateur de compte",
        "Un message m’invite à sélectionner un produit",
        "Non, la connexion est refusée",
    ],
    "still_unidentified": ["Centre de facturation", "Autre chose"],
}

#: The same, in the words of a customer.
SAID = {
    "billing_center_subscriptions": ["Je passe par le centre de facturation.", "Je suis arrivé sur la page Abonnements."],
    "billing_center_wrong_place": ["billing.logmeininc.com", "un message dit que j'ai atterri au mauvais endroit"],
    "admin_center_subscriptions": [
        "Je suis administrateur de compte.",
        "Après « Ajouter des licences », me voici sur la page Abonnements.",
    ],
    "admin_center_contact_billing_admin": [
        "je suis dans le centre d'administration",
        "Un message me demande de contacter mon administrateur de facturation pour ajouter des licences.",
    ],
    "admin_center_select_product": ["centre d'administration", "on me demande de sélectionner un produit"],
    "corporate_sign_in_succeeded": ["J'ouvre le portail Corporate.", "ça y est, je suis connecté au portail Corporate"],
    "corporate_sign_in_failed": ["le portail Corporate", "je n'arrive pas à me connecter"],
    "still_unidentified": ["J'ai tout essayé et je ne sais toujours pas qui est le contact de facturation."],
}


def check(row_id: str, reply: Reply, talk: Conversation) -> None:
    row = ROWS[row_id]
    assert talk.conclusion == row.conclusion
    link = load().link(row)
    about_the_row = reply.texts[0]
    assert {address for address in ADDRESSES if address in about_the_row} == ({link} if link else set())


@pytest.mark.parametrize("row_id", ROWS)
def test_by_buttons(row_id: str, talk: Conversation) -> None:
    reply = talk.say("Qui est le contact de facturation ?")
    assert talk.conclusion is None
    for title in CLICKS[row_id]:
        reply = talk.click(reply, title)
    check(row_id, reply, talk)


@pytest.mark.parametrize("row_id", ROWS)
def test_by_free_text(row_id: str, talk: Conversation) -> None:
    check(row_id, talk.tell(*SAID[row_id]), talk)


def test_every_button_of_the_portals_is_a_row_or_a_way_out(talk: Conversation) -> None:
    for choice, portal in (
        ("button:choose_billing_center", "billing_center"),
        ("button:choose_admin_center", "admin_center"),
    ):
        titles = [button["title"] for button in talk.say(choice).buttons]
        rows = [row.button for row in load().rows_at(portal)]
        assert titles == [*rows, "Autre chose", "Je n’arrive pas à me connecter"]
