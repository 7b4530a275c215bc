"""What is masked in customers' texts, and what is not."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import pytest
from rasa.shared.utils.io import read_yaml_file

from actions.buttons import row_button
from actions.help_file import PROJECT, load
from channels.guard import MAX_CHARACTERS, Refused, clean, kept
from channels.inbox import Accepted
from channels.privacy import PLACEHOLDERS, RESPONSES, Masked, mask
from tests.data.sources import responses

PASSWORDS = [
    ("mon mot de passe est Soleil2024!", "Soleil2024!"),
    ("Mon mot de passe est : Soleil2024!", "Soleil2024!"),
    ("mdp : azerty12", "azerty12"),
    ("mdp=azerty", "azerty"),
    ("mdp:azerty12", "azerty12"),
    ("MDP = Azerty", "Azerty"),
    ("mon mdp c'est azerty12 et ça marche pas", "azerty12"),
    ("mon mdp cest azerty12", "azerty12"),
    ("code d’accès : 998877", "998877"),
    ("code d'acces 998877", "998877"),
    ("Code secret: 4812", "4812"),
    ("password: hunter2", "hunter2"),
    ("my password is Hunter22", "Hunter22"),
    ("pwd hunter22", "hunter22"),
    ("pwd=hunter", "hunter"),
    ("Mot de passe\nSoleil2024!", "Soleil2024!"),
    ("Mot de passe :\nsoleil", "soleil"),
    ("mon mot de passe est « soleil »", "soleil"),
    ("mon mot de passe : « soleil couchant »", "soleil couchant"),
    ("mot de passe “soleil”", "soleil"),
    ('mot de passe "soleil"', "soleil"),
    ("mot de passe 'soleil'", "soleil"),
    ("Le « mot de passe » : soleil", "soleil"),
    ("mot de passe - Soleil2024!", "Soleil2024!"),
    ("mot de passe – soleil", "soleil"),
    ("mot de pass : soleil", "soleil"),
    ("mot de pase soleil24", "soleil24"),
    ("motdepasse soleil24", "soleil24"),
    ("mot d passe soleil24", "soleil24"),
    ("mot 2 passe soleil24", "soleil24"),
    ("mon mot de passe GoToWebinar est toujours Soleil2024!", "Soleil2024!"),
    ("mon mot de passe actuel : soleil", "soleil"),
    ("le mot de passe du compte : soleil", "soleil"),
    ("le mot de passe pour la facturation est Soleil2024!", "Soleil2024!"),
    ("mon mot de passe est le suivant : soleil", "soleil"),
    ("mes mots de passe sont Soleil2024 ou Lune2025", "Lune2025"),
    ("mon mot de passe est P@ssword", "P@ssword"),
    ("mon mot de passe est jeanDupont", "jeanDupont"),
    ("mon mot de passe (ancien) : soleil", "soleil"),
    ("mot de passe => soleil", "soleil"),
    ("mot de passe -> soleil24", "soleil24"),
    ("voici mon identifiant jdupont42 et mot de passe Soleil24", "Soleil24"),
    ("id/mdp : jean/azerty", "azerty"),
    ("id / mdp : jean / azerty", "azerty"),
    ("login/mdp : jean / azerty12", "azerty12"),
    ("identifiant et mot de passe : jdupont42 azerty12", "azerty12"),
    ("j'ai mis Soleil2024! comme mot de passe", "Soleil2024!"),
    ("Soleil2024! est mon mot de passe", "Soleil2024!"),
    ("Bonjour, je n’arrive pas à me connecter. Mon mot de passe : Soleil2024! Merci", "Soleil2024!"),
    ("mon mot de passe c’est « Soleil2024! »", "Soleil2024!"),
    ("mot de passe: Soleil 2024!", "Soleil 2024!"),
    ("j'ai tapé mon mot de passe Soleil2024 3 fois", "Soleil2024"),
    ("mon mot de passe est [Soleil2024]", "Soleil2024"),
]
USER_IDS = [
    ("mon ID utilisateur est 12345678", "12345678"),
    ("mon ID utilisateur est le 12345678", "12345678"),
    ("id client 4433221", "4433221"),
    ("id client n° 4433221", "4433221"),
    ("ID client : 4433 221", "4433 221"),
    ("identifiant : jdupont42", "jdupont42"),
    ("Identifiant : jdupont", "jdupont"),
    ("mon identifiant est jdupont42", "jdupont42"),
    ("user id 99887766", "99887766"),
    ("userid=jdupont", "jdupont"),
    ("user_id: jdupont", "jdupont"),
    ("login : jdupont", "jdupont"),
    ("mon login c'est jean.dupont", "jean.dupont"),
    ("mon nom d’utilisateur est jdupont42", "jdupont42"),
    ("numéro client 55443322", "55443322"),
    ("n° client : 55443322", "55443322"),
    ("l’ID LogMeIn, c’est 123456789", "123456789"),
    ("mon id est 123456789", "123456789"),
    ("ID utilisateur « 12345678 »", "12345678"),
    ("identifiant de connexion : jdupont", "jdupont"),
]
CARDS = [
    (f"ma carte {number} expire bientôt", number)
    for number in (
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "5555555555554444",
        "378282246310005",
        "3782 822463 10005",
        "2223003122003222",
    )
] + [("CVV : 737", "737"), ("le cryptogramme visuel est 737", "737")]
IBANS = [
    (f"mon IBAN {number} merci", number)
    for number in (
        "FR7630006000011234567890189",
        "FR76 3000 6000 0112 3456 7890 189",
        "fr76 3000 6000 0112 3456 7890 189",
        "BE71 0961 2345 6769",
        "CH93 0076 2011 6238 5295 7",
        "LU28 0019 4006 4475 0000",
        "FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189",
    )
]
EMAILS = [
    (f"écrivez-moi à {address}, merci", address)
    for address in (
        "jean.dupont@exemple.fr",
        "Jean_Dupont+test@mail.exemple.co.uk",
        "jean@exemple.local",
        "prénom.nom@exemple.fr",
        "jean.dupont arobase exemple.fr",
        "jean.dupont arobase exemple point fr",
        "jean.dupont[at]exemple.fr",
        "jean (at) exemple.com",
    )
]
PHONES = [
    (f"appelez-moi au {number} svp", number)
    for number in (
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        "0612345678",
        "06\u00a012\u00a034\u00a056\u00a078",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "+33(0)612345678",
        "0033 6 12 34 56 78",
        "01 23 45 67 89",
        "+32 475 12 34 56",
        "0475 12 34 56",
        "0475/12.34.56",
        "+41 79 123 45 67",
        "079 123 45 67",
        "+352 621 123 456",
        "621 123 456",
        "26 12 34 56",
        "(514) 288-2511",
        "514-288-2511",
        "+1 514 288 2511",
        "+44 20 7946 0958",
        "+212 6 12 34 56 78",
    )
] + [
    ("j'ai le 06 12 34 56 78 pour mon compte", "06 12 34 56 78"),
    ("+33612345678", "+33612345678"),
    ("Tél. 26 12 34 56", "26 12 34 56"),
]

SECRETS = [
    (kind, text, secret)
    for kind, cases in (
        ("password", PASSWORDS),
        ("user_id", USER_IDS),
        ("card", CARDS),
        ("iban", IBANS),
        ("e-mail", EMAILS),
        ("phone", PHONES),
    )
    for text, secret in cases
]

HARMLESS = [
    "mot de passe oublié",
    "Mot de passe oublié ?",
    "mot de passe : oublié",
    "mon mot de passe est refusé",
    "mon mot de passe est refusé depuis le 12/03/2024",
    "j’ai mis l’id de la facture et mon mot de passe mais ça ne marche pas",
    "où trouver l’ID utilisateur ?",
    "ID utilisateur : où le trouver ?",
    "mot de passe incorrect",
    "mot de passe invalide",
    "mot de passe expiré",
    "Mot de passe incorrect : erreur 403",
    "il me dit « mot de passe incorrect »",
    "il affiche « Identifiant ou mot de passe incorrect »",
    "il me demande mon mot de passe et rien ne se passe",
    "mon mot de passe ne marche pas",
    "mon mot de passe ne marche pas !!!",
    "mon mot de passe, je ne l’ai plus",
    "mon mot de passe : je l’ai perdu",
    "mon mot de passe LogMeIn ne marche pas",
    "mon mot de passe GoToWebinar est refusé",
    "l’ID utilisateur est refusé",
    "l’ID utilisateur, c’est l’adresse mail ?",
    "id utilisateur = numéro de client ?",
    "mon identifiant est bloqué",
    "identifiant et mot de passe refusés",
    "avec mon adresse e-mail et mon mot de passe GoToWebinar : https://admin.logmeininc.com",
    "https://billing.logmeininc.com",
    "https://admin.logmeininc.com",
    "je vais sur https://link.logmeininc.com/corp-billing et mon mot de passe est refusé",
    "mot de passe pour https://link.logmeininc.com/corp-billing",
    "depuis le 12/03/2024",
    "le 12.03.2024 à 14h30",
    "le 2024-03-12 à 14:30",
    "ma facture de 1 200,50 € du 3 mars 2024",
    "ma facture n° 2024001234",
    "la facture FA-2024-00123 du 12/03/2024",
    "facture 0123456789",
    "la commande 1234567890 et le devis 204512",
    "l’identifiant de la facture FA-2024-00123",
    "erreur 403",
    "erreur 0x80070005",
    "version 10.2.3",
    "ouvert 24h/24 et 7j/7",
    "mon mot de passe marche 24h/24",
    "j’ai changé 3 fois de mot de passe",
    "j’ai saisi mon mot de passe 3 fois",
    "mon mot de passe fait 12 caractères",
    "mot de passe : 8 caractères minimum",
    "nous sommes 1 500 personnes au 75008 Paris",
    "SIRET 732 829 320 00074",
    "j’ai oublié mon mot de passe",
    "Bonjour, j’ai perdu mon mot de passe. Cordialement, Jean",
    "le mot de passe n’est pas reconnu, que faire ?",
    "mon mdp est pas bon",
    "mdp ok",
    "c’est quoi le code d’accès ?",
    "je n’ai pas de code d’accès",
    "button:choose_billing_center",
    "button:cannot_sign_in/billing_center",
    "button:ask_user_id",
    "j’ai oublié mon mot de passe\nJean",
    "je vois un message\nmot de passe oublié\nquoi faire",
]


@pytest.mark.parametrize(("kind", "text", "secret"), SECRETS)
def test_secrets_are_masked(kind: str, text: str, secret: str) -> None:
    masked = mask(text)
    assert pieces(secret).isdisjoint(pieces(masked.text))
    assert PLACEHOLDERS[kind] in masked.text and kind in masked.kinds


def pieces(text: str) -> set[str]:
    """What a text is made of, of two characters or more: a secret of which one is left is no secret."""
    for placeholder in PLACEHOLDERS.values():
        text = text.replace(placeholder, " ")
    return set(re.findall(r"\w{2,}", text))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == Masked(text, ())


def test_the_rest_of_a_message_stays() -> None:
    text = "Bonjour, mon ID est 4433221, mon mdp : Soleil24 et je vois la page Abonnements. Appelez le 06 12 34 56 78 !"
    assert mask(text) == Masked(
        "Bonjour, mon ID est [ID utilisateur masqué] mon mdp : [mot de passe masqué] et je vois la page Abonnements. "
        "Appelez le [numéro de téléphone masqué] !",
        ("password", "user_id", "phone"),
    )


def test_what_overlaps_is_masked_whole() -> None:
    assert mask("mon mot de passe : jean@exemple.fr!").text == "mon mot de passe : [mot de passe masqué]"


def test_what_is_masked_stays_as_it_is() -> None:
    for _, text, _ in SECRETS:
        masked = mask(text)
        assert mask(masked.text) == masked
        assert mask(f"{masked.text} {masked.text}").text == f"{masked.text} {masked.text}"


def test_buttons_pass() -> None:
    payloads = {
        button["payload"]
        for variations in responses().values()
        for variation in variations
        for button in variation.get("buttons", [])
    }
    payloads |= {row_button(row)["payload"] for row in load().rows.values()}
    assert len(payloads) > 10
    assert [payload for payload in payloads if mask(payload).text != payload] == []


def test_what_the_bot_says_passes() -> None:
    """Nothing that it says looks like a secret to it, so that people can quote it."""
    values: defaultdict[str, str] = defaultdict(lambda: load().portals["admin_center"].url)
    said = [
        variation["text"].format_map(values)
        for name, variations in responses().items()
        for variation in variations
        if name not in RESPONSES.values()
    ]
    assert [text for text in said if mask(text).text != text] == []


def test_of_all_training_sentences_only_those_with_an_address_or_a_number_change() -> None:
    changed = {line: mask(line).kinds for line in _sentences() if mask(line).text != line}
    found = sorted((kind, next(part for part in CORPUS if part in line)) for line, kinds in changed.items() for kind in kinds)
    assert found == sorted((kind, part) for part, kind in CORPUS.items())


#: Invented addresses and numbers in the training sentences.
CORPUS = {
    "administrateur@mabanque.ru": "e-mail",
    "achats@menuiserie-bost.fr": "e-mail",
    "dsi@notregroupe.fr": "e-mail",
    "compta@notreboite": "e-mail",
    "02 99 00 00 00": "phone",
    "06 12 44 98 03": "phone",
    "n° client 77xxx": "user_id",
}


def _sentences() -> list[str]:
    files = [read_yaml_file(str(path)) for path in sorted((PROJECT / "data" / "nlu").glob("*.yml"))]
    lines = [line for file in files for entry in file["nlu"] for line in str(entry.get("examples", "")).splitlines()]
    assert len(lines) > 39_000
    return [line.removeprefix("- ") for line in lines]


NASTY = [
    *("1", "1 ", "1-", ".", "+", "(", "a@", "a!", "a.", "«", '"', "😡", "e\u0301", "\u00a0", "06 12 34 56 7", "06 12 34 56 78 "),
    *("4111 1111 1111 1111 ", "FR76 3000 ", "mot de passe ", "mot de passe : ", "mot     ", "mdp:", "mdp «", "mdp (", "mdp\n"),
    *(
        "id ",
        "id/mdp : a/",
        "tel 1",
        "facture n° ",
        "a point ",
        "a arobase a point ",
        "a[at]",
        "mdp xqzt ",
        "mdp : xqzt ",
        "xqzt ",
    ),
    *(
        "41 11 ",
        "4111\n",
        "4 1 ",
        "FR76",
        "iban a1 ",
        "rib ",
        "*a",
        "*a* ",
        "`",
        ":a: ",
        "a @ b.",
        "x@y.fr / ",
        "rappelez au ",
        "+1 ",
    ),
    *("facture 1 et ", "du webinaire ", '"a', "mdp est ", "12/03/24 ", "a1-"),
]


@pytest.mark.parametrize("piece", NASTY)
def test_nothing_takes_long(piece: str) -> None:
    """The worst takes 0.5 s; what grows out of bounds takes minutes."""
    for text in ((piece * 4000)[:4000], (piece * 4000)[:3999] + "@", "mdp : " + (piece * 4000)[:3990]):
        start = time.process_time()
        mask(text)
        assert time.process_time() - start < 2


def test_a_usual_message_takes_less_than_a_millisecond() -> None:
    sentences = _sentences()[::100]
    start = time.process_time()
    for sentence in sentences:
        mask(sentence)
    assert (time.process_time() - start) / len(sentences) < 0.001


#: Tells on the way what Python asks of the network.
WATCHED = """
import sys
asked = []
sys.addaudithook(lambda event, arguments: asked.append(event) if event in ("socket.connect", "socket.getaddrinfo") else None)
from channels.privacy import mask
masked = mask(sys.argv[1]).text
print(masked)
assert "tldextract" in sys.modules
sys.exit(f"asked: {asked}" if asked else 0)
"""


def test_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    """Presidio's own recognizer of e-mail addresses downloads a list, unless one is in the cache."""
    environment = {**os.environ, "TLDEXTRACT_CACHE": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    text = "jean@exemple.fr, 06 12 34 56 78, 4111 1111 1111 1111, FR76 3000 6000 0112 3456 7890 189, mdp : soleil, id : 4433221"
    run = subprocess.run([sys.executable, "-c", WATCHED, text], env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("masqué") == len(RESPONSES)


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Presidio logs each step, and quotes what it cannot check."""
    with caplog.at_level(logging.DEBUG):
        for text in ("FR76 3000 6000 0112 3456 789\u017f 189", "mdp : Soleil2024!"):
            mask(text)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("presidio")] == []


def test_a_message_of_a_platform_is_masked_before_anything_is_done_with_it() -> None:
    accepted = Accepted("1", "slack:im:U1", "mdp : Soleil2024!", {})
    assert "Soleil2024!" not in json.dumps(asdict(accepted))
    assert Accepted(**asdict(accepted)) == accepted


@pytest.mark.parametrize("text", ["mot\u200b de passe : soleil", "m\x00dp : soleil"])
def test_signs_that_nobody_sees_hide_nothing(text: str) -> None:
    assert "soleil" not in clean(text)


def test_what_is_too_long_is_cut_before_it_is_kept() -> None:
    assert len(kept("mot " * 200_000)) <= 2 * MAX_CHARACTERS
    with pytest.raises(Refused):
        clean("mot " * 501)
