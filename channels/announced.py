"""Secrets that only the words around them give away: « mon mot de passe est … », « ID utilisateur : … ».

No library knows these in French. The words that announce a secret are found in the folded text (components/text.py), which has
one character for one of the original; then the words after them are read one by one. What follows « : », « = » or a quotation
mark is a secret unless it is an ordinary word (``data/privacy.yml``); what follows « est » is one if it looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from ruamel.yaml import YAML

from actions.help_file import PROJECT
from components.text import fold

LANGUAGE = "fr"

_DATA: dict[str, list[str]] = YAML(typ="safe").load((PROJECT / "data" / "privacy.yml").read_text(encoding="utf-8"))
_PLAIN, _BETWEEN, _LINKS, _COMPARES, _WHOSE, _NAMES, _COMMON = (
    {fold(word) + ending for word in _DATA[name] for ending in ("", "e", "s", "es")}
    for name in ("plain", "between", "links", "compares", "whose", "names", "common")
)
_PAPER = "|".join(rf"{re.escape(fold(word))}s?" for word in _DATA["papers"])
_IS_PAPER = re.compile(rf"(?:{_PAPER})\Z")
#: What comes before the number of a paper: « facture n° ».
_OF_PAPER = re.compile(rf"\b(?:{_PAPER})(?:\s{{0,2}}(?:n°|no|nr|num\w{{0,5}}|ref\w{{0,7}}|#|:|est|le|du)){{0,3}}\s{{0,2}}\Z")

_PASSWORD = (
    r"mots?[\s_-]{0,3}(?:(?:de|2|d)[\s_'-]{0,3})?pass?e?s?|mdps?|m\.d\.p\.?|"
    r"pass[\s_-]?(?:word|phrase|code)s?|passwd|pwd|pass(?=\s{0,2}[:=])|"
    r"codes?\s{1,3}(?:d\s{0,2}'?\s{0,2}acces|secrets?|confidentiels?|pin|de\s(?:connexion|securite|verification|[ml]a\scarte|ma\scb))"
)
_USER_ID = (
    r"(?:ids?|identifiants?|n°|numero|num|nom)\s{0,2}(?:de\s|d\s?'\s?)?"
    r"(?:utilisateurs?|users?|clients?|logmein|gotowebinar|connexion|compte)|"
    r"user[\s_-]?(?:ids?|names?)|username|(?:user|utilisateur)(?=\s{0,2}[:=])|identifiants?|login|ids?|pseudo"
)
#: What announces a password, and a user id, in a folded text; one ends the reach of another.
PASSWORD, USER_ID, _ANY = (re.compile(rf"(?<!\w)(?:{words})(?!\w)") for words in (_PASSWORD, _USER_ID, f"{_PASSWORD}|{_USER_ID}"))

#: How far from the words that announce it a secret may be: characters, words after them, words before them.
_REACH, _WORDS, _WORDS_BEFORE = 160, 9, 4
_TOKEN = re.compile(r"\d{2,}(?: \d{2,})+|[:=]+>?|-+>|→|[-–—/|;,](?=\s)|[«»“”„\"]|[^\s«»“”„\":=][^\s«»“”„\"]*")
_MARKS, _QUOTES, _DASHES, _STROKES = {":", "=", "=>", ":=", "::", "=="}, set('«»“”„"'), set("-–—"), set("/|")
_NOTHING = re.compile(r"(?:-+>|→|,|\(.*\))\Z")
_IN_QUOTES = re.compile(r"['’‘].{2,}['’‘][.,;!?]*\Z")
#: Words that a secret in quotation marks may have.
_MOST_QUOTED = 4
#: The end of a quotation or bracket in which the announcing words stood.
_CLOSED = re.compile(r"\s{0,2}[»”)\]]|[\"'](?!\w)")
_STOPS, _EDGES = ".!?…,;", ".,;:!?…()[]'’‘"

#: « J’ai », « suis-je ».
_GRAMMAR = re.compile(
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|aujourd|quelqu)'[a-z]|[a-z]+-(?:t-)?(?:je|ce|ils?|elles?|on|nous|vous|la|le|les|moi)\Z"
)
#: Figures that are no secret: times, durations, dates, prices, versions, ordinals; and addresses of pages.
_ORDINARY = re.compile(
    r"(?:\d{1,2}h\d{0,2}(?:/24)?|\d{1,2}:\d{2}|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d\d-\d\d|[\d.,]{1,12}(?:€|%|eur\w{0,2}|\$)|"
    r"v?\d+(?:\.\d+)+|\d+(?:x|fois|e|er|ere|eme|ieme|min\w{0,4}|mn|sec\w{0,6}|j|jours?|mois|ans?|go|mo|h))\Z"
    r"|https?://|www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|fr|net|org)(?:/|\Z)"
)
_SIGN = re.compile(r"[@#$%&*+=_^~<>|\\{}€£§]")


def flat(text: str) -> str:
    """A folded text that has kept its lines."""
    return "\n".join(map(fold, text.split("\n")))


def looks_secret(word: str) -> bool:
    """Whether a word looks like a password: figures, signs, capitals inside; or is one that everybody takes."""
    bare = word.strip(_EDGES)
    folded = fold(bare)
    if folded in _COMMON:
        return True
    if len(bare) < 4 or folded in _NAMES or _ORDINARY.match(folded):
        return False
    return (
        any(character.isdigit() for character in bare)
        or bool(_SIGN.search(bare))
        or any(before.islower() and after.isupper() for before, after in pairwise(bare))
    )


def looks_like_id(word: str) -> bool:
    """Whether a word looks like a user id: five figures or more, or letters with figures or signs."""
    bare = word.strip(_EDGES)
    if not looks_secret(word):
        return bool(re.fullmatch(r"[a-z]{2,}[._][a-z]{2,}", bare))
    figures = bare.replace(" ", "")
    return not figures.isdigit() or len(figures) >= 5


def is_plain(word: str) -> bool:
    """Whether a word is an ordinary one, and no secret whatever stands before it."""
    folded = fold(word.strip(_EDGES))
    if len(folded) < 3 or folded in _PLAIN or folded in _NAMES or _ORDINARY.match(folded):
        return True
    return bool(_GRAMMAR.match(folded)) and not looks_secret(word)


def is_of_paper(text: str, start: int) -> bool:
    """Whether what begins at ``start`` of a flat text is the number of an invoice, an order, an error."""
    return bool(_OF_PAPER.search(text[max(0, start - 40) : start]))


class Announced(LocalRecognizer):
    """Finds what certain words announce.

    Args:
        entity: what is found, as the results call it.
        announces: the words that announce it, in a folded text.
        looks: whether a word looks like it.
    """

    def __init__(self, entity: str, announces: re.Pattern[str], looks: Callable[[str], bool]) -> None:
        self._announces, self._looks = announces, looks
        super().__init__(supported_entities=[entity], supported_language=LANGUAGE, name=f"Announced_{entity}")

    def load(self) -> None:
        """Nothing: the words are there."""

    def analyze(
        self, text: str, entities: list[str] | None = None, nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Find what is announced (see the parent class)."""
        folded = flat(text)
        announced = list(self._announces.finditer(folded))
        if not announced:
            return []
        others = [words.span() for words in _ANY.finditer(folded)]
        spans: list[tuple[int, int]] = []
        for start, end in (words.span() for words in announced):
            spans += self._before(text, max((other for _, other in others if other <= start), default=0), start)
            spans += self._after(text, end, min((other for other, _ in others if other >= end), default=len(text)))
        return [RecognizerResult(self.supported_entities[0], start, end, 1.0) for start, end in spans]

    def _before(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What comes before the words that begin at ``end``: « X est mon mot de passe », « X comme mot de passe »."""
        compared = False
        for word in reversed(_words(text, max(start, end - _REACH), end)[-_WORDS_BEFORE:]):
            if compared and self._looks(word.text):
                yield word.start, word.end
                return
            if word.folded not in _COMPARES | _WHOSE:
                return
            compared = compared or word.folded in _COMPARES

    def _after(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What comes after the words that end at ``start``."""
        if closed := _CLOSED.match(text, start, end):
            start = closed.end()
        words = _words(text, start, min(end, start + _REACH))[:_WORDS]
        linked = near = True  # whether nothing stands between; whether nothing does but « du compte » and the like
        named = found = False  # whether it comes right after « : »; whether something was found
        for place, word in enumerate(words):
            if word.text in _MARKS:
                linked, named = True, named or near
            elif word.text in _QUOTES:
                quoted = _quoted(text, words[place:])
                if quoted and linked and self._is_secret(quoted, named):
                    yield quoted.start, quoted.end
                if linked:
                    return
            elif word.text in _STROKES:
                named = named or found
            elif word.text in _DASHES or _NOTHING.match(word.text):
                continue
            elif (linked and self._looks(word.text)) or (
                (named or (linked and _IN_QUOTES.match(word.text)) or (_dashed(words, place) and _ends_line(text, word)))
                and not is_plain(word.text)
                and not _is_asked(text, word)
            ):
                yield word.start, word.end
                linked, named, found = True, False, True
            elif _IS_PAPER.match(word.folded) or (not linked and word.text[-1] in _STOPS):
                return
            else:
                near = near and word.folded in _WHOSE | _LINKS | _BETWEEN
                linked = word.folded in _LINKS or (linked and word.folded in _BETWEEN)
                named = (named and word.folded in _BETWEEN) or ((near or linked) and word.text[-1] in ":=")

    def _is_secret(self, quoted: _Word, named: bool) -> bool:
        """Whether a quotation is what was announced, and not what a screen or a person says."""
        words = quoted.text.split()
        looks = len(words) == 1 or (named and len(words) <= _MOST_QUOTED) or any(map(self._looks, words))
        return looks and not all(map(is_plain, words))


@dataclass(frozen=True)
class _Word:
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def folded(self) -> str:
        return fold(self.text).strip(_EDGES)


def _words(text: str, start: int, end: int) -> list[_Word]:
    return [_Word(found.group(), found.start()) for found in _TOKEN.finditer(text, start, end)]


def _quoted(text: str, words: list[_Word]) -> _Word | None:
    """What stands between the quotation mark that comes first and the next one."""
    opening, *others = words
    closing = next((word.start for word in others if word.text in _QUOTES), opening.end)
    inside = text[opening.end : closing]
    start = opening.end + len(inside) - len(inside.lstrip())
    return _Word(inside.strip(), start) if inside.strip() else None


def _dashed(words: list[_Word], place: int) -> bool:
    """« Mot de passe - X »."""
    return place == 1 and words[0].text in _DASHES


def _ends_line(text: str, word: _Word) -> bool:
    return not text[word.end :].split("\n", 1)[0].strip()


def _is_asked(text: str, word: _Word) -> bool:
    """Whether a word is asked about: « ID = matricule ? »."""
    return bool(re.match(r"\s\?", text[word.end : word.end + 2]))
