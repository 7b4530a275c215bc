"""What nobody should keep is masked in what people write: passwords, cards, bank accounts, addresses, phones, user ids.

Presidio (presidio-analyzer, MIT) finds what has a form of its own; ``channels/announced.py`` what only French words give away.
Presidio's recognizers are called one by one, as its documentation has it for tests: its engine would load a second spaCy model,
for entities that are not masked here. Nothing is asked of the network.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Final

from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, EmailRecognizer, IbanRecognizer, PhoneRecognizer

from channels import texts
from channels.announced import LANGUAGE, PASSWORD, USER_ID, Announced, flat, is_of_paper, looks_like_id, looks_secret

#: Presidio's log quotes what it cannot check.
logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL + 1)

#: What is masked -> the response that stands in its place. Where two overlap, the first counts.
RESPONSES: Final = {
    "password": "utter_masked_password",
    "card": "utter_masked_card",
    "iban": "utter_masked_iban",
    "e-mail": "utter_masked_email",
    "user_id": "utter_masked_user_id",
    "phone": "utter_masked_phone",
}
PLACEHOLDERS: Final = {kind: texts.text(response) for kind, response in RESPONSES.items()}
_RANKS = {kind: rank for rank, kind in enumerate(RESPONSES)}
_PLACEHOLDER = re.compile(f"({'|'.join(map(re.escape, PLACEHOLDERS.values()))})")

#: Countries whose numbers are known without their code; numbers with a code, of any country. Nearly any number of four to eleven
#: figures is one of Luxembourg: without a code, those are found where a word says that they are.
REGIONS: Final = ("FR", "BE", "CH", "CA")
#: Kinds that have figures only: after « facture n° » they are something else.
_FIGURES = {"card", "phone"}


class _Card(CreditCardRecognizer):
    """Cards whose figures may be written with dots."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the figures check."""
        return bool(super().validate_result(pattern_text.replace(".", "")))


class _Email(EmailRecognizer):
    """E-mail addresses, whatever their ending: Presidio's own downloads a list of endings, and lets a misspelt one through."""

    def validate_result(self, pattern_text: str) -> None:
        """Leave the result as it is."""


def _patterns(entity: str, *regexes: str) -> PatternRecognizer:
    """What finds what has one of some forms, as regular expressions of the module ``regex``."""
    return PatternRecognizer(entity, patterns=[Pattern(entity, regex, 0.5) for regex in regexes], supported_language=LANGUAGE)


#: Kind -> what finds it in a flat text. In a pattern, « backslash K » leaves out what came before.
_FORMED: list[tuple[str, PatternRecognizer | PhoneRecognizer]] = [
    ("card", CreditCardRecognizer(supported_language=LANGUAGE)),
    # Those that Presidio's own pattern leaves out: with dots, of Mastercard's series 2, of 19 figures.
    ("card", _Card([Pattern("card", r"\b[2-6]\d{3}(?:[-. ]?\d{4}){3}(?:[-. ]?\d{3})?\b", 0.3)], supported_language=LANGUAGE)),
    ("card", _patterns("CARD_CODE", r"\b(?:cvv2?|cvc2?|cryptogramme)\b[^\d\n]{0,20}\K\d{3,4}\b")),
    ("iban", IbanRecognizer(regex_flags=re.IGNORECASE, supported_language=LANGUAGE)),
    ("e-mail", _Email(supported_language=LANGUAGE)),
    (
        "e-mail",  # « jean point dupont arobase exemple point fr », « jean[at]exemple.fr »
        _patterns(
            "EMAIL_ADDRESS",
            r"\b[\w.+-]{1,64}(?: point [\w.+-]{1,64}){0,3}(?: ?[([] ?(?:arobase|at) ?[)\]] ?| arobase )"
            r"(?:[\w-]{1,63}(?:\.| point )){1,4}\w{2,24}\b",
        ),
    ),
    ("phone", PhoneRecognizer(supported_regions=REGIONS, supported_language=LANGUAGE)),
    (
        "phone",
        _patterns(
            "PHONE_NUMBER",
            r"\b(?:tel|telephone|portable|mobile|gsm|fixe|whatsapp|joindre|joignable|r?appel\w{1,5})\b[^\d\n+]{0,25}"
            r"\K\+?\d(?:[ ./()_-]{0,3}\d){7,14}\b",
            r"\b0[1-9](?:([ ./-])\d\d)(?:\1\d\d){3}\b",  # several in a row, or with slashes
        ),
    ),
]
#: Kind -> what finds it in a text as it is.
_ANNOUNCED = [
    ("password", Announced("PASSWORD", PASSWORD, looks_secret)),
    ("user_id", Announced("USER_ID", USER_ID, looks_like_id)),
]


@dataclass(frozen=True)
class Masked:
    """A text whose secrets are masked; ``kinds`` is what stands masked in it."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Put « [mot de passe masqué] » and the like in place of secrets. What is masked stays as it is when it is masked again."""
    while (masked := "".join(map(_masked, _PLACEHOLDER.split(text)))) != text:
        text = masked
    return Masked(text, kinds_in(text))


def kinds_in(text: str) -> tuple[str, ...]:
    """What stands masked in a text: names of ``RESPONSES``."""
    return tuple(kind for kind, placeholder in PLACEHOLDERS.items() if placeholder in text)


def blanked(text: str) -> str:
    """A masked text with blanks in place of what stands for secrets; places in it stay true."""
    return _PLACEHOLDER.sub(lambda placeholder: " " * len(placeholder.group()), text)


def _masked(piece: str) -> str:
    if not piece or piece in PLACEHOLDERS.values():
        return piece
    parts, end = [], 0
    for start, stop, kind in _joined(_found(piece)):
        parts += [piece[end:start], PLACEHOLDERS[kind]]
        end = stop
    return "".join([*parts, piece[end:]])


def _found(text: str) -> list[tuple[int, int, str]]:
    """What is to be masked: beginning, end, kind."""
    folded = flat(text)
    formed = [
        (result.start, result.end, kind)
        for kind, recognizer in _FORMED
        for result in recognizer.analyze(folded, [])
        if not (kind in _FIGURES and is_of_paper(folded, result.start))
    ]
    announced = [(result.start, result.end, kind) for kind, recognizer in _ANNOUNCED for result in recognizer.analyze(text)]
    return sorted(formed + announced)


def _joined(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The same, those that overlap as one, of the kind that comes first in ``RESPONSES``."""
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in found:
        if joined and start < joined[-1][1]:
            before, last, other = joined[-1]
            joined[-1] = (before, max(last, end), min(kind, other, key=lambda each: _RANKS[each]))
        else:
            joined.append((start, end, kind))
    return joined
