"""What nobody should keep is masked in what people write: passwords, cards, bank accounts, addresses, phones, user ids.

Presidio (presidio-analyzer, MIT) finds what has a form of its own, and patterns what people write in another form;
``channels/announced.py`` finds what only French words give away.
Presidio's recognizers are called one by one, as its documentation has it for tests: its engine would load a second spaCy model,
for entities that are not masked here. Nothing is asked of the network.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer.predefined_recognizers import EmailRecognizer, IbanRecognizer, PhoneRecognizer

from channels import texts
from channels.announced import (
    LANGUAGE,
    PASSWORD,
    USER_ID,
    Announced,
    flat,
    is_plain,
    is_reference,
    is_stray_id,
    is_stray_secret,
    looks_like_id,
    looks_secret,
    paired,
)

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
#: How often a text is gone through at most. What stands between two secrets may be one by itself; ordinary texts need two rounds.
_ROUNDS = 8
_PLACEHOLDER = re.compile(f"({'|'.join(map(re.escape, PLACEHOLDERS.values()))})")

#: Countries whose numbers are known without their code; numbers with a code, of any country. Nearly any number of four to eleven
#: figures is one of Luxembourg: without a code, those are found where a word says that they are.
REGIONS: Final = ("FR", "BE", "CH", "CA")
#: What may stand between the figures of a number, as people write it.
_GAP = r"[^\S\n]{0,2}[-‐‑–—./·,_\n]?[^\S\n]{0,2}"
#: Cards: sixteen or so figures in a row, by four, by two, one by one; those of American Express, by 4, 6 and 5.
_CARDS = [
    re.compile(rf"(?<!\d)(?=({figures})(?!\d))")
    for figures in (
        r"\d{13,19}",
        rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{3}})?",
        rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}",
        rf"\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{5}}",
        rf"\d\d(?:{_GAP}\d\d){{7}}",
        rf"\d(?:{_GAP}\d){{15}}",
    )
]
#: Figures that somebody calls a card, whether they check or not.
_CALLED_CARD = re.compile(rf"\b(?:carte\w?|cb|visa|mastercard|amex)\b[^\d\n]{{0,30}}(\d(?:{_GAP}\d){{12,18}})(?!\d)")
#: What stands after a card: its end, and its code.
_AFTER_CARD = re.compile(
    r"(?:\W{0,3}(?:exp\w{0,8}\W{0,3})?\d\d\s?/?\s?\d\d(?:\d\d)?(?!\d))?(?:\W{0,3}(?:cvv|cvc|cid)?\W{0,3}\d{3,4}(?!\d))?"
)
_IBAN = re.compile(rf"(?<!\w)[a-z]{{2}}\d\d(?:{_GAP}[a-z0-9]){{11,30}}")
#: What somebody calls a bank account, whether it checks or not: words with figures.
_CALLED_IBAN = re.compile(
    rf"\b(?:iban|rib|compte bancaire)\b[^\d\n]{{0,20}}?\b((?=[a-z]{{0,2}}\d)\w+(?:{_GAP}\b[a-z]{{0,2}}\d\w*){{0,12}})"
)


def cards(folded: str) -> Iterator[tuple[int, int]]:
    """Card numbers, with the code after them."""
    found = [number for pattern in _CARDS for number in pattern.finditer(folded) if _is_card(re.sub(r"\D", "", number[1]))]
    for number in (*found, *_CALLED_CARD.finditer(folded)):
        after = _AFTER_CARD.match(folded, number.end(1))
        yield number.start(1), after.end() if after else number.end(1)


def _is_card(figures: str) -> bool:
    """Whether figures begin as those of a card do, and check (Luhn)."""
    if not re.match(r"(?:4(?:\d{12}|\d{15}|\d{18})|3[47]\d{13}|3[0689]\d{12}|3[569]\d{14}|[256]\d{15}|6\d{16,18})\Z", figures):
        return False
    doubled = [int(figure) * (1 + place % 2) for place, figure in enumerate(reversed(figures))]
    return sum(figure - 9 * (figure > 9) for figure in doubled) % 10 == 0


def ibans(folded: str) -> Iterator[tuple[int, int]]:
    """Bank accounts: those whose figures check, and what is called one."""
    for found in _IBAN.finditer(folded):
        ends = [found.start() + stop.start() for stop in re.finditer(r"(?<=[a-z0-9])(?![a-z0-9])", found.group())]
        for end in reversed(ends):
            characters = re.sub(r"[^a-z0-9]", "", folded[found.start() : end])
            if len(characters) > 14 and int("".join(str(int(each, 36)) for each in characters[4:] + characters[:4])) % 97 == 1:
                yield found.start(), end
                break
    for called in _CALLED_IBAN.finditer(folded):
        if sum(map(str.isdigit, called[1])) > 9:
            yield called.span(1)


def _patterns(entity: str, *regexes: str) -> PatternRecognizer:
    """What finds what has one of some forms, as regular expressions of the module ``regex``."""
    return PatternRecognizer(entity, patterns=[Pattern(entity, regex, 0.5) for regex in regexes], supported_language=LANGUAGE)


class _Email(EmailRecognizer):
    """E-mail addresses, whatever their ending: Presidio's own downloads a list of endings, and lets a misspelt one through."""

    def validate_result(self, pattern_text: str) -> None:
        """Leave the result as it is."""


class _Spaced(PatternRecognizer):
    """E-mail addresses with blanks in them; not « un mail en @exemple.fr »."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether an ordinary word stands before the sign."""
        before = pattern_text.split("@")[0]
        return before == before.strip() or not is_plain(before.strip())


_ENDING = r"(?:fr|com|net|org|be|ch|lu|ca|eu|io|de|uk)\b"
_DOT = rf"(?:\.(?=\w)| ?\.(?={_ENDING})| ?, ?(?={_ENDING})| ?[(\[](?:point|dot)[)\]] ?| (?:point|dot) )"
#: « jean point dupont arobase exemple point fr », « jean[at]exemple.fr », « jean @ exemple,fr », « jean%40exemple.fr »
_SPELT = r"[\w.+-]{1,64}(?: (?:point|tiret|dot|underscore) [\w.+-]{1,64})"
# (what follows this piece and the next says how often their ends may come)
_DOMAIN = rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}})"
_AT = r"(?: ?[(\[{] ?(?:arobas\w?|at|@) ?[)\]}] ?|%40)"
_AT_SAID = r" arr?obas\w? "
#: What people say between « rappelez-moi » and the number.
_SAID = (
    r"(?:[^\w\n+]{1,3}(?:a|au|le|la|les|est|c|cest|mon|ma|mes|moi|nous|me|sur|numero|num|n|no|pro|perso|personnel|direct|ligne|portable|"
    r"mobile|fixe|tel|telephone|suivant|ce|de|du|en|par|svp|toujours|pour|urgence|bureau|joignable|joindre|rappele[rz]|appele[rz])\b)"
)
#: Kind -> what finds it in a flat text. In a pattern, « backslash K » leaves out what came before.
_FORMED: list[tuple[str, PatternRecognizer | PhoneRecognizer]] = [
    (
        "card",
        _patterns(
            "CARD_CODE",
            r"\b(?:cvv2?|cvc2?|cryptogramme)\b"
            r"(?:[^\w\n]{1,3}(?:est|c|visuel|le|is|de|ma|la|mon|carte|cb|[34] chiffres)\b){0,5}"
            r"[^\w\n]{1,4}\K\d{3,4}\b",
        ),
    ),
    ("iban", IbanRecognizer(regex_flags=re.IGNORECASE, supported_language=LANGUAGE)),
    ("e-mail", _Email(supported_language=LANGUAGE)),
    (
        "e-mail",
        _patterns(
            "EMAIL_ADDRESS",
            rf"\b{_SPELT}{{0,3}}{_AT}{_DOMAIN}{{0,4}}\b",
            rf"\b{_SPELT}{{0,3}}{_AT_SAID}{_DOMAIN}{{1,4}}\b",
            rf"\b(?:[\w+-]{{1,64}}\.[\w.+-]{{1,64}}|{_SPELT}{{1,3}}){_AT_SAID}[\w-]{{1,63}}\b",
            r"\b[\w.+-]{2,64}@[a-z][a-z-]{2,62}\b",
        ),
    ),
    (
        "e-mail",
        _Spaced(
            "EMAIL_ADDRESS",
            patterns=[Pattern("e-mail", rf"\b[\w.+-]{{1,64}} ?@ ?{_DOMAIN}{{1,4}}\b", 0.5)],
            supported_language=LANGUAGE,
        ),
    ),
    ("phone", PhoneRecognizer(supported_regions=REGIONS, supported_language=LANGUAGE)),
    (
        "phone",
        _patterns(
            "PHONE_NUMBER",
            r"\b(?:tel|telephone|portable|mobile|gsm|fixe|whatsapp|joindre|joignable|r?appel\w{1,5}|numero|num|contact)\b"
            rf"{_SAID}{{0,6}}[^\w\n+]{{0,3}}\K\+?\d(?:[ ./()_-]{{0,3}}\d){{7,14}}(?!\d)",
            # several in a row, or with other signs
            r"(?<!\d)0[1-9](?:([ ./_·-]|, ?)\d\d)(?:\1\d\d){3}(?!\d)",
            r"(?<!\d)\+\d(?:[ ./()_·-]{0,3}\d){9,13}(?!\d)",
        ),
    ),
]
#: Kind -> what finds it in a text as it is.
_ANNOUNCED = [
    ("password", Announced("PASSWORD", PASSWORD, looks_secret, is_stray_secret)),
    ("user_id", Announced("USER_ID", USER_ID, looks_like_id, is_stray_id)),
]
#: An address of a page, up to here; the letters of a reference: « CMD-2024- ».
_URL = re.compile(r"(?:https?://|www\.)\S*\Z")
_GLUED = re.compile(r"(?<!\w)(?!tel|mob|gsm|fixe|port|num)[a-z]{1,6}-(?:\d{2,4}-)?\Z")
#: A date, with or without the time: « 12/03/2024 10 », « 01.06.24 12.34 ».
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATED = re.compile(rf"{_DAY}(?:([/.-]){_MONTH}\1(?:\d{{4}}|\d\d(?!\1|\d))|[ /.-]{_MONTH}[ /.-](?:19|20)\d\d)(?!\d)")
#: A phone number even after « facture ».
_SURELY_PHONE = re.compile(r"\+|(?:00|0[1-9])(?=.*\W)")
_MARKS = "*_~`"
_MARKUP = re.compile(r"(?<![\w*_~`])([*_~`]{1,3})(?=[^\s*_~`])([^\n]{1,200}?)\1(?![\w*_~`])")
_EMOJI = re.compile(r"(?<![\w:]):[a-z][a-z_+-]{1,30}:(?![\w:])")


@dataclass(frozen=True)
class Masked:
    """A text whose secrets are masked; ``kinds`` is what stands masked in it."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Put « [mot de passe masqué] » and the like in place of secrets. What is masked stays as it is when it is masked again."""
    composed = unicodedata.normalize("NFC", text)
    for _ in range(_ROUNDS):
        masked = "".join(map(_masked, _PLACEHOLDER.split(composed)))
        if masked == composed:
            break
        text = composed = masked
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
    for start, stop, kind in _joined(piece, _found(piece)):
        parts += [piece[end:start], PLACEHOLDERS[kind]]
        end = stop
    return "".join([*parts, piece[end:]])


def _found(text: str) -> list[tuple[int, int, str]]:
    """What is to be masked: beginning, end, kind."""
    text, marked = _unmarked(text), text
    folded = flat(text)
    found = [(start, end, "card") for start, end in cards(folded)] + [(start, end, "iban") for start, end in ibans(folded)]
    found += [(start, end, "password") for start, end in paired(text)]
    found += [(result.start, result.end, kind) for kind, recognizer in _FORMED for result in recognizer.analyze(folded, [])]
    found += [(result.start, result.end, kind) for kind, recognizer in _ANNOUNCED for result in recognizer.analyze(text)]
    return sorted(_with_markup(marked, *span) for span in found if not _is_harmless(text, folded, *span))


def _unmarked(text: str) -> str:
    """The text with blanks in place of what Slack and Teams write around words: « *mot de passe* », « `X` », « :key: »."""
    blank = " ".__mul__
    for _ in range(2):  # « *_X_* »
        text = _MARKUP.sub(lambda found: f"{blank(len(found[1]))}{found[2]}{blank(len(found[1]))}", text)
    return _EMOJI.sub(lambda found: blank(len(found[0])), text)


def _with_markup(text: str, start: int, end: int, kind: str) -> tuple[int, int, str]:
    """The same with the signs beside it, which may be its own."""
    while start and text[start - 1] in _MARKS:
        start -= 1
    while end < len(text) and text[end] in _MARKS:
        end += 1
    return start, end, kind


def _is_harmless(text: str, folded: str, start: int, end: int, kind: str) -> bool:
    """Whether what was found is the number of an invoice or a webinar, or the part of an address or a date."""
    number = folded[start:end]
    if kind == "phone":
        return (
            bool(_URL.search(folded[max(0, start - 200) : start]) or _GLUED.search(folded[max(0, start - 12) : start]))
            or bool(_DATED.match(number))
            or (is_reference(text, start, end) and not _SURELY_PHONE.match(number))
        )
    return kind in {"password", "user_id"} and is_reference(text, start, end)


def _joined(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The same, those that overlap as one, of the kind that comes first in ``RESPONSES``; and the words of one secret as one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in found:
        before, last, other = joined[-1] if joined else (0, 0, "")
        if start < last or (kind == other and text[last:start].isspace() and "\n" not in text[last:start]):
            joined[-1] = (before, max(last, end), min(kind, other, key=lambda each: _RANKS[each]))
        else:
            joined.append((start, end, kind))
    return joined
