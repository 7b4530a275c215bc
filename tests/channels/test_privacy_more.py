"""What is masked where people write in their own way: whole secrets, beside other numbers, in markup and odd characters."""

from __future__ import annotations

import unicodedata

import pytest

from channels.guard import kept
from channels.privacy import PLACEHOLDERS, Masked, mask
from channels.slack.mrkdwn import plain
from tests.channels.test_privacy import SECRETS, pieces
from tests.data.sources import responses

#: Text -> all that must be gone from it.
PASSWORDS = {
    # beside the words of papers
    "mon mot de passe pour la commande c'est Tulipe88": "Tulipe88",
    "Mot de passe pour la facture : Tulipe88!": "Tulipe88",
    "mon mot de passe est bon, c'est Tulipe88": "Tulipe88",
    "mot de passe en erreur Tulipe88": "Tulipe88",
    "commande 20240012 et mot de passe Tulipe88": "Tulipe88",
    # of several words
    "mdp : grenouille verte": "grenouille verte",
    "mot de passe : Grenouille Violette 77, merci": "Grenouille Violette 77",
    "mot de passe : zorro tulipe 7 et ensuite rien": "zorro tulipe 7",
    "mots de passe testés : zorro, tulipe, grenouille": "zorro tulipe grenouille",
    "mdp : zorro ou tulipe": "zorro tulipe",
    "mdp : Zorro77 puis Tulipe": "Zorro77 Tulipe",
    "mdp : « zorro » puis « tulipe »": "zorro tulipe",
    "mon mot de passe est Tulipe 2024": "Tulipe 2024",
    # with quotation marks and signs inside
    'mdp : tul"ipe88': "tul ipe88",
    "mdp : zorro'77": "zorro 77",
    "mot de passe : zorro!77?ab": "zorro 77 ab",
    'mdp "zorro': "zorro",
    # a few words away
    "mon mot de passe ne passe plus depuis hier Zorro77": "Zorro77",
    "il refuse mon mot de passe, pourtant Zorro77 marchait": "Zorro77",
    "Zorro77 refusé comme mot de passe": "Zorro77",
    "Zorro77* : voilà le mot de passe": "Zorro77",
    "mot de passe changé de Zorro77 à Tulipe88": "Zorro77 Tulipe88",
    "mot de passe LogMeIn : grenouille": "grenouille",
    "mot de passe de l'espace corporate : grenouille": "grenouille",
    "mot de passe ⇒ grenouille": "grenouille",
    "mot de passe (Zorro77)": "Zorro77",
    "mot de passe refusé : GoTo2024!": "GoTo2024",
    "2024Bureau ne passe pas comme mot de passe": "2024Bureau",
    "mot de passe : 23/11/1976": "23 11 1976",
    # unknown words right after
    "mdp grenouille": "grenouille",
    "mot de passe grenouille est refusé": "grenouille",
    "mon mot de passe est grenouille": "grenouille",
    "mon mot de passe est zorro et ça bloque": "zorro",
    "Identifiant\nmdurand\nMot de passe\ngrenouille": "mdurand grenouille",
    "login mdurand mdp grenouille": "mdurand grenouille",
    # other words that announce one
    "mon pass c'est Zorro77": "Zorro77",
    "otp : 445566": "445566",
    "mp: zorro77": "zorro77",
    "mot de passse : zorro": "zorro",
    "mo de pase : zorro": "zorro",
    "passe = zorro": "zorro",
    "code pin 4455": "4455",
    "code de validation : 445566": "445566",
    "le code reçu par mail est 445566": "445566",
    "code : 445566": "445566",
    "mot de passe de session : 445566": "445566",
    "voici les accès : mdurand / Zorro77": "mdurand Zorro77",
    # beside an e-mail address
    "tulipe@exemple.fr | Zorro77*": "tulipe Zorro77",
    "tulipe@exemple.fr\nzorro77*": "tulipe zorro77",
    # in markup
    "*Mot de passe* : zorro": "zorro",
    "**Mot de passe :** `zorro`": "zorro",
    "~mdp~ : *_zorro_*": "zorro",
    "mdp : :lock: zorro": "zorro",
    "mdp : *Tulipe*": "Tulipe",
}
OTHERS = {
    "card": {
        "carte 4111–1111–1111–1111": "4111 1111",
        "carte 4111  1111 1111  1111": "4111 1111",
        "5555/5555/5555/4444": "5555 4444",
        "5555\n5555\n5555\n4444": "5555 4444",
        "55 55 55 55 55 55 44 44": "55 44",
        "macarte5555555555554444fin": "5555555555554444",
        "facture payée 5555 5555 5555 4444": "5555 4444",
        "CB : 4970-1012-3456-7891": "4970 1012 3456 7891",
        "5555 5555 5555 4444 09/27 123": "5555 4444 09 27 123",
        "5555 5555 5555 4444 0927 cvc 123": "5555 4444 0927 123",
        "CVV (3 chiffres) : 123": "123",
        "3782/822463/10005": "3782 822463 10005",
        "cryptogramme de ma carte : 123": "123",
    },
    "iban": {
        "FR76-3000-6000-0112-3456-7890-189": "FR76 3000 6000 0112 3456 7890 189",
        "BE71 / 0961 / 2345 / 6769": "BE71 0961 2345 6769",
        "IBAN : BE71 0961 2345 6768 svp": "BE71 0961 2345 6768",
        "mon RIB 20041 01005 0500013M026 06": "20041 01005 0500013M026 06",
    },
    "e-mail": {
        "à sylvie.martin @ exemple.com": "sylvie martin exemple com",
        "à sylvie_martin@exemple,com": "sylvie_martin exemple com",
        "à sylvie.martin arobase free": "sylvie martin free",
        "à sylvie (at) exemple (point) com": "sylvie exemple com",
        "à sylvie tiret martin arobas exemple point com": "sylvie martin exemple com",
        "https://exemple.fr/?m=sylvie%40exemple.com": "sylvie",
        "sylvie.martin@outlook": "sylvie martin outlook",
    },
    "phone": {
        "c'est bon 06 98 76 54 32": "06 98 76 54 32",
        "pour la facture : 06 98 76 54 32": "06 98 76 54 32",
        "contact pour la commande +33698765432": "33698765432",
        "06, 98, 76, 54, 32": "06 98 76 54 32",
        "06·98·76·54·32": "06 98 76 54 32",
        "+33_6_98_76_54_32": "33_6_98_76_54_32",
        "notre numéro est le 70 555 44 33": "70 555 44 33",
        "contact 612345678": "612345678",
    },
    "user_id": {
        "ID utilisateur GoToWebinar 98765432": "98765432",
        "mon ID (98765432)": "98765432",
        "Numéro client n° 98765432": "98765432",
        "compte client 98765432": "98765432",
        "code utilisateur 98765432": "98765432",
        "le numéro de l’utilisateur est 98765432": "98765432",
        "client n° 98765432": "98765432",
        "id98765432": "98765432",
        "j'ai mis 98765432 comme ID": "98765432",
        "mon identifiant lu sur la facture : 98765432": "98765432",
        "le user est mdurand": "mdurand",
        "pseudo mdurand": "mdurand",
        "nom d'utilisateur : Sophie Durand": "Sophie Durand",
    },
}
CASES = [("password", *case) for case in PASSWORDS.items()] + [
    (kind, text, secret) for kind, cases in OTHERS.items() for text, secret in cases.items()
]

HARMLESS = [
    # screens, portals, roles, states after « : »
    "mot de passe : lettres et chiffres",
    "mot de passe : indisponible",
    "mot de passe : dépassé",
    "mot de passe : voir capture d'écran",
    "mot de passe : confirmer",
    "mot de passe : page d'accueil puis rien",
    "mot de passe : RAS",
    "mot de passe : ********",
    "login : Navigateur Firefox",
    "login : portail Corporate",
    "Profil utilisateur : lecteur",
    "utilisateur : administrateur du compte",
    "Nombre d'utilisateurs : 250",
    "identifiant : voir capture",
    "accès : administrateur",
    "ça se passe : page blanche",
    # forms
    "Connexion\nIdentifiant\nMot de passe\nSe connecter",
    "Username\nPassword\nForgot password?",
    "après login : tableau de bord vide",
    "mot de passe : « Contactez votre administrateur »",
    # states after « est », and nothing else
    "mon mot de passe est compromis",
    "mon mot de passe est géré par l'informatique",
    "mon mot de passe est trop court",
    "le mot de passe est incorect",
    "mot de passe errone",
    "mot de passe Windows refusé",
    "identifiant Google",
    "j'ai perdu mon mot de passe outlook",
    # what has letters and figures, and is no password
    "mot de passe refusé sous Windows11",
    "mot de passe de 8caractères",
    "mot de passe refusé avec le code 0x80070005",
    "mon mot de passe Office365 est refusé",
    "mot de passe refusé (erreur AADSTS50126)",
    "mot de passe, captcha, code 2FA, tout",
    "commande AB-2023-445566, mot de passe refusé",
    "je teste mot de passe puis j'attends 10s",
    # webinars
    "id de réunion 987-654-321",
    "webinaire n° 987654321",
    "ID 987654321 de la session",
    "event ID 123-456-789",
    "réunion 514 288 2511",
    "https://exemple.fr/join/5142882511",
    # papers
    "dossier 0698765432",
    "les commandes 0145678914, 0145678915 et 0145678916",
    "devis DV-0612345678",
    "SIRET 55210055400013",
    "TVA FR83404833048",
    # dates and versions
    "rappelez moi le 12/05/2024 à 14h",
    "appelez-moi avant le 15-06-2024 12:00",
    "le 01.07.23 14.45",
    "joignable de 9h à 12h et de 14h à 18h",
    "portable sous Android 14.0.1",
    "cvv : demandé depuis 2023",
    "ma carte expire en 12/2027",
    # signs
    "a * b * c",
    "mon_compte et mon_portail",
    "merci :smile: à bientôt",
    "un mail en @exemple.fr",
    "RDV @ bureau",
]

ENTRY = "mot de passe : grenouille"


@pytest.mark.parametrize(("kind", "text", "secret"), CASES)
def test_nothing_of_a_secret_is_kept(kind: str, text: str, secret: str) -> None:
    masked = mask(text)
    assert pieces(secret).isdisjoint(pieces(masked.text))
    assert PLACEHOLDERS[kind] in masked.text and kind in masked.kinds
    assert mask(masked.text) == masked
    assert mask(unicodedata.normalize("NFD", text)) == masked


@pytest.mark.parametrize("text", HARMLESS)
def test_an_ordinary_sentence_loses_nothing(text: str) -> None:
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, text)
        assert mask(written) == Masked(written, ())


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u200c", "\u200d", "\u2060", "\u200e", "\ufeff", "\x00"])
def test_signs_that_nobody_sees_hide_nothing(sign: str) -> None:
    for kind, text, secret in SECRETS:
        masked = kept(sign.join(unicodedata.normalize("NFD", text)))
        assert kept(masked) == masked
        assert pieces(secret).isdisjoint(pieces(masked)) and PLACEHOLDERS[kind] in masked


def test_wide_characters_hide_nothing() -> None:
    for kind, text, secret in SECRETS:
        masked = kept("".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text))
        assert pieces(secret).isdisjoint(pieces(masked)) and PLACEHOLDERS[kind] in masked


@pytest.mark.parametrize("text", ["*Mot de passe :* grenouille", "*mdp :* `grenouille`", "_mdp_ : grenouille"])
def test_slacks_markup_hides_nothing(text: str) -> None:
    assert "grenouille" not in kept(plain(text, None))


@pytest.mark.parametrize(
    "text", ["bravo 👩\u200d💻 👍🏽", "le drapeau 🏳\ufe0f\u200d🌈", "l’été à Nîmes : ½ journée…", "n° 4\u00a0: «\u00a0oui\u00a0»"]
)
def test_what_people_see_stays(text: str) -> None:
    assert kept(text) == text


def test_what_the_bot_writes_is_kept_as_it_is() -> None:
    """Titles of buttons are recognised by their text."""
    titles = [
        button["title"]
        for variations in responses().values()
        for variation in variations
        for button in variation.get("buttons", [])
    ]
    assert titles and [title for title in titles if kept(title) != title] == []


def test_the_same_text_in_other_characters_is_the_same() -> None:
    assert kept(unicodedata.normalize("NFD", "déjà vu, élève")) == "déjà vu, élève"
    assert kept("ＩＤ\u2060 ：４４") == "ID :44"


def test_the_words_of_one_secret_are_one() -> None:
    assert mask("mdp : grenouille verte et rien").text == "mdp : [mot de passe masqué] et rien"


def test_the_end_of_a_line_ends_a_password() -> None:
    assert mask(f"{ENTRY}\nSophie Durand").text == "mot de passe : [mot de passe masqué]\nSophie Durand"
