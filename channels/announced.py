"""Secrets that only the words around them give away: « mon mot de passe est … », « ID utilisateur : … ».

No library knows these in French. The words that announce a secret are found in the folded text (components/text.py), which has
one character for one of the original; then the words around them are read one by one. What follows « : », « = » or a quotation
mark is a secret unless it is an ordinary word, one of ``data/privacy.yml`` or of the training sentences; so is what follows
« est » or the announcing words themselves, where nothing else is said; and letters with figures are one wherever they stand near.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
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

#: What may stand between a secret and the words that announce it, after it and before it.
_ASIDES, _INTROS = _COMPARES | _WHOSE, _WHOSE | _LINKS | _BETWEEN

#: A word that the training sentences have so often is an ordinary one.
_OFTEN = 5


def _vocabulary() -> set[str]:
    """What people say here: the words of the training sentences, but for names, and for sentences that may be of anything."""
    files = [path for path in sorted((PROJECT / "data" / "nlu").glob("*.yml")) if path.stem != "out_of_scope"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files).replace("’", "'")
    letters = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    names = Counter(_stem(word.lower()) for word in re.findall(r"(?<=[a-z,'] )[A-Z][a-z]{2,}\b", letters))
    words = Counter(_stem(word) for word in re.findall(r"\b[a-z]{3,}\b", letters))
    return {stem for stem, times in words.items() if times >= max(_OFTEN, names[stem])}


def _stem(word: str) -> str:
    return word.rstrip("es")


_KNOWN = _vocabulary() | set(map(_stem, _PLAIN | _NAMES | _BETWEEN | _LINKS | _WHOSE))
#: First letter -> words that one may have misspelt.
_ALIKE = {letter: [word for word in _PLAIN if word.startswith(letter)] for letter in {word[0] for word in _PLAIN}}
#: Endings of adjectives and verbs, which an unknown word after « est » may have.
_STATE = re.compile(r"(?:[iu]t?|ee?s|ant|ent|if|ive|ique|[ai]ble|eux|euse|oire|aire|ment|tion|e[rz]|ir|is|eur)e?s?\Z")

#: « Vérifiez », « systématiquement », « inchangée »; « 3 », « 401 ».
_VERB = re.compile(r"(?:[a-z]ez|[a-z]{3}ment|\u00e9e?s?)\Z|\A(?:\d\d?|[45]0\d)\Z", re.IGNORECASE)

_PAPER = "|".join(rf"{re.escape(fold(word))}s?" for word in _DATA["papers"])
#: What comes before the number of a paper: « facture n° », « factures 4711 et »; not « sur la facture », where others stand too.
_OF_PAPER = re.compile(
    rf"(?<!sur [a-z]{{2}} )(?<!sur [a-z]{{3}} )\b(?:{_PAPER})"
    r"(?:\s{0,2}(?:n°|no|nr|num\w{0,5}|ref\w{0,7}|code|#|:|est|le|du|fr)){0,3}"
    r"\s{0,2}(?:[a-z-]{0,4}\d{1,15}\s{0,2}(?:et|ou|,)\s{0,2}){0,3}\Z"
)
_SESSION = "|".join(rf"{re.escape(fold(word))}s?" for word in _DATA["sessions"])
#: What comes before, and after, the number of a webinar.
_OF_SESSION = re.compile(rf"\b(?:{_SESSION})(?:[^\w\n]{{0,3}}(?:id|n°|no|num\w{{0,5}}|code|est|c'est|le))*[^\w\n]{{0,3}}\Z")
_IN_SESSION = re.compile(
    rf"[^\w\n]{{0,3}}(?:de|du|pour|d)(?:[ '](?:l|la|le|mon|ma|ce|cette|notre|votre|un|une))?[ '](?:{_SESSION})\b"
)
#: Figures that it has, at least: « mot de passe de session : 123456 » is none.
_SESSION_FIGURES = 9
#: What numbers of papers look like.
_REFERENCE = re.compile(r"(?:0x[0-9a-f]+|[A-Z]{0,8}[-_/#]?[\d ./_-]*\d)[.,;:!?)]*\Z")
#: What they look like even where nobody says so: « CMD-2024-123456 ».
_SURE_REFERENCE = re.compile(r"0x[0-9a-fA-F]+\Z|[A-Z]{1,4}(?:\d{5,}|[-_/#]\d[\d/_-]*)\Z")

_PASSWORD = (
    r"mots?[\s_-]{0,3}(?:(?:de|2|d)[\s_'-]{0,3})?pass{0,3}e?s?|mo\s(?:de|d)\spass{0,2}e|m[.\s]d[.\s]p\.?|(?:mdps?|mp)\d?|"
    r"pass?[\s_-]?(?:word|phrase|code)s?\d?|passwd|pwd|"
    r"codes?\s{1,3}(?:d\s{0,2}'?\s{0,2}(?:acces|authentification|identification|activation)|secrets?|confidentiels?|pin|sms|"
    r"otp|2fa|recus?(?:\spar\s(?:sms|mail|e-mail))?|"
    r"de\s(?:connexion|securite|verification|validation|confirmation|[ml]a\scarte|ma\scb))"
)
#: Say less: what comes right after them is a password if it looks like one, or is named.
_LOOSE = r"pass|pw|pin|otp|(?:passe|codes?|acces)(?=\s{0,2}[:=])"
_WHO = r"utilisateurs?|users?|clients?|logmein|gotowebinar|connexion|comptes?"
_USER_ID = (
    r"(?:ids?|i\.d\.?|identifiants?|n°|no|nr|numero|num|nom|code|ref|reference)\s{0,2}(?:de\sl\s?'\s?|de\s|du\s|d\s?'\s?)?"
    rf"(?:{_WHO})|(?:{_WHO})(?=\s{{0,2}}(?:n°|no|numero|num|#|:)?\s{{0,2}}\d{{5}})|"
    r"user[\s_-]?(?:ids?|names?)|username|user(?=\s{1,2}(?:(?:c'?)?est|\S{2,64}\s{1,2}(?:mdp|pass|pw))\b)|(?:user|utilisateur)(?=\s{0,2}[:=])|"
    r"identifiants?|login|ids?|i\.d\.?|pseudo"
)
_GLUED = r"|(?<!\w)id_?(?=\d{5})"
#: What announces a password, and a user id, in a folded text; one ends the reach of another.
PASSWORD, USER_ID, _ANY = (
    re.compile(rf"(?<!\w)(?:{words})(?!\w){glued}")
    for words, glued in (
        (rf"{_PASSWORD}|(?P<loose>{_LOOSE})", ""),
        (_USER_ID, _GLUED),
        (f"{_PASSWORD}|{_LOOSE}|{_USER_ID}", _GLUED),
    )
)
#: « jean@exemple.fr / X »: what comes after is a password if it looks like one.
_PAIR = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,24}){1,4}\s{0,3}[/:|;\n]\s{0,3}(?!//)")

#: How far from the words that announce it a secret may be: characters, words after them, words before them.
_REACH, _WORDS, _WORDS_BEFORE = 160, 12, 7
#: After how many words « : » still names what comes.
_MARK_WITHIN = 4
_TOKEN = re.compile(
    r"\d{2,}(?: \d{2,})+(?![^\s.,;!?)])|[:=]+>?(?!-?[)(])|-+>|[→⇒]|>+(?=\s)|[-–—/|;,](?=\s)|[«»“”„\"]|"
    r"[^\s«»“”„\":=](?:[^\s«»“”„\"]|(?<=\w)[\"“”](?=\w))*|[:=]\S*"
)
_MARKS, _QUOTES, _DASHES, _STROKES = {*":=→⇒", "=>", ":=", "::", "=="}, set('«»“”„"'), set("-–—"), set("/|,;")
_ARROW = re.compile(r"-+>|>+\Z")
_IN_QUOTES = re.compile(r"['’‘].{2,}['’‘][.,;!?]*\Z")
#: Words that a secret in quotation marks may have.
_MOST_QUOTED = 4
#: The end of a quotation or bracket in which the announcing words stood.
_CLOSED = re.compile(r"\s{0,2}[»”)\]]|[\"'](?!\w)")
_STOPPED = re.compile(r"\w\s?[.!?…](?!\S)|\w\s*\n\s*\w")
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
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\Z|\d{4}-\d\d-\d\d\Z")
_SIGN = re.compile(r"[@#$%&*+=_^~<>|\\{}€£§\"]")
_EMAIL = re.compile(r".+@[\w-]+(?:\.[\w-]+)+\Z")


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
    """Whether a word looks like a user id: four figures or more that are no year, or letters with figures or signs."""
    bare = word.strip(_EDGES)
    if not looks_secret(word):
        return bool(re.fullmatch(r"[a-z]{2,}[._][a-z]{2,}", bare))
    return not re.fullmatch(r"(?:19|20)?\d\d|\d{3}", bare.replace(" ", ""))


def is_stray_secret(word: str) -> bool:
    """Whether a word is a password wherever it stands near « mot de passe »: unknown letters, together with figures or signs."""
    bare = word.strip(_EDGES)
    folded = fold(bare)
    if len(bare) < 5 or not looks_secret(bare) or _EMAIL.match(bare) or _SURE_REFERENCE.match(bare):
        return False
    letters = re.findall(r"[^\W\d_]+", folded)
    unknown = [piece for piece in letters if len(piece) > 2 and not is_known(piece)]
    if not re.search(r"\d", bare):
        return bool(unknown) and bool(_SIGN.search(bare[1:]))
    if bare[0].isdigit():  # « 8caractères », « 15h30-16h »
        return bool(unknown) or bool(re.search(r"[A-Z][a-z]{2}", bare))
    versioned = re.fullmatch(r"([a-z]+)\d{1,3}", folded)  # « Windows11 »
    return bool(letters) and not (versioned and versioned[1] in _NAMES)


def is_stray_id(word: str) -> bool:
    """Whether a word is a user id wherever it stands near « ID utilisateur »: figures that are no phone number."""
    return bool(re.fullmatch(r"[1-9]\d{5,10}", word.strip(_EDGES)))


def is_known(word: str) -> bool:
    """Whether people use the word here, or one that is nearly it: « incorect »."""
    return _stem(word) in _KNOWN or bool(get_close_matches(word, _ALIKE.get(word[:1], ()), 1, 0.85))


def is_function(word: str) -> bool:
    """Whether sentences are made of such words: what is no secret ends before them."""
    folded = fold(word.strip(_EDGES))
    if len(folded) < 3 or folded in _PLAIN or folded in _NAMES or _ORDINARY.match(folded):
        return True
    return bool(_GRAMMAR.match(folded)) and not looks_secret(word)


def is_plain(word: str) -> bool:
    """Whether a word is an ordinary one, and no secret whatever stands before it."""
    if is_function(word):
        return True
    if looks_secret(word):
        return False
    pieces = re.findall(r"[^\W_]+", fold(word))
    if len(pieces) < 6 and all(len(each) < 3 or is_known(each) for each in pieces):
        return True
    return bool(_VERB.search(word.rstrip(_EDGES)))


def is_reference(text: str, start: int, end: int) -> bool:
    """Whether what stands there in a text is the number of an invoice, an order, an error, a webinar."""
    if not _REFERENCE.match(text[start:end]):
        return False
    before, after = flat(text[max(0, start - 60) : start]), flat(text[end : end + 40])
    of_session = _OF_SESSION.search(before) or _IN_SESSION.match(after)
    return bool(_OF_PAPER.search(before) or (of_session and sum(map(str.isdigit, text[start:end])) >= _SESSION_FIGURES))


class Announced(LocalRecognizer):
    """Finds what certain words announce.

    Args:
        entity: what is found, as the results call it.
        announces: the words that announce it, in a folded text.
        looks: whether a word looks like it.
        strays: whether a word looks like it so much that it may stand anywhere near.
    """

    def __init__(
        self, entity: str, announces: re.Pattern[str], looks: Callable[[str], bool], strays: Callable[[str], bool]
    ) -> None:
        self._announces, self._looks, self._strays = announces, looks, strays
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
        for words in announced:
            start, end = words.span()
            since = max((other for _, other in others if other <= start), default=0)
            spans += self._before(text, since, start)
            until = min((other for other, _ in others if other >= end), default=len(text))
            spans += self._after(text, end, until, words.lastgroup != "loose", _begins(folded[since:start], bool(since)))
        return [RecognizerResult(self.supported_entities[0], start, end, 1.0) for start, end in spans]

    def _before(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What comes before the words that begin at ``end``: « X est mon mot de passe », « X comme mot de passe »."""
        compared, straight = False, True
        for word in reversed(_words(text, max(start, end - _REACH), end)[-_WORDS_BEFORE:]):
            if (straight and compared and self._looks(word.text)) or (not start and self._strays(word.text)):
                yield word.start, word.end
            elif word.folded not in _ASIDES:
                straight = False
            compared = compared or word.folded in _COMPARES

    def _after(self, text: str, start: int, end: int, sure: bool, first: bool) -> Iterator[tuple[int, int]]:
        """What comes after the words that end at ``start``.

        Args:
            text: the text.
            start: where they end.
            end: where other such words begin.
            sure: whether they can mean nothing else.
            first: whether a sentence begins with them.
        """
        if closed := _CLOSED.match(text, start, end):
            start = closed.end()
        words = _words(text, start, min(end, start + _REACH))[:_WORDS]
        linked = near = True  # whether nothing stands between; whether nothing does but « du compte » and the like
        named = False  # whether it comes after « : »
        found: _Word | None = None  # what came last, if that was a secret
        phrase = False  # whether what was found is made of words
        count = 0  # of words
        tied = False  # whether « est » comes before
        past = start  # the end of the last quotation
        for place, word in enumerate(words):
            if word.start < past or (word.text in _QUOTES and found and not text[past : word.start].strip()):
                continue
            if named and found and "\n" in text[found.end : word.start]:
                named = phrase = False
            if word.text in _MARKS or _ARROW.match(word.text):
                linked, named = True, named or (count <= _MARK_WITHIN and not _STOPPED.search(text, start, word.start))
            elif word.text in _QUOTES:
                quoted = _quoted(text, words[place:])
                if quoted and linked:
                    if not self._is_secret(quoted, named):
                        return
                    yield quoted.start, quoted.end
                    found, count, past = quoted, count + 1, quoted.end
            elif word.text in _STROKES:
                named, linked = named or bool(found), linked and word.text != ","
            elif not any(map(str.isalnum, word.text)):
                continue
            elif (
                self._strays(word.text)
                or (linked and self._looks(word.text))
                or (named and not found and count == 0 and _is_date(text, word))
                or (
                    (named or (linked and _IN_QUOTES.match(word.text)) or (_dashed(words, place) and _ends_line(text, word)))
                    and not ((not word.folded.isdigit() and is_function(word.text)) if phrase else is_plain(word.text))
                    and not _is_asked(text, word)
                )
                or (sure and linked and near and (first or tied) and _stands_alone(text, words[place:], tied))
            ):
                yield word.start, word.end
                phrase = phrase or (named and not self._looks(word.text))
                named = (named or word.text[-1] == ",") and word.text[-1] not in ".!?…"
                linked, found, count = True, word, count + 1
            elif _is_bracketed(word) and not found:
                continue
            else:
                count += 1
                near = near and word.folded in _INTROS
                tied = near and (tied or word.folded in _LINKS)
                linked = (word.folded in _LINKS and (near or not found)) or (linked and word.folded in _BETWEEN)
                named = (named and word.folded in _BETWEEN) or ((near or linked) and word.text[-1] in ":=")
                phrase, found = False, None

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


def paired(text: str) -> list[tuple[int, int]]:
    """Passwords beside an e-mail address, that no word announces."""
    spans = []
    for address in _PAIR.finditer(text):
        words = _words(text, address.end(), len(text[: address.end() + _REACH]))
        if words and words[0].start == address.end() and is_stray_secret(words[0].text):
            spans.append((words[0].start, words[0].end))
    return spans


def _words(text: str, start: int, end: int) -> list[_Word]:
    return [_Word(found.group(), found.start()) for found in _TOKEN.finditer(text, start, end)]


def _stands_alone(text: str, words: list[_Word], tied: bool) -> bool:
    """Whether an unknown word comes first, and no sentence goes on: « mdp X », « mot de passe X est refusé ».

    Args:
        text: the text.
        words: the words that follow.
        tied: whether « est » or the like stands before them, so that any words that sentences are made of may follow.
    """
    word, *others = words
    if is_plain(word.text) or _STATE.search(word.folded) or _is_asked(text, word):
        return False
    if len(word.folded) < 4 or not word.folded.isalpha():
        return False
    if not others or word.text[-1] in _STOPS or _ends_line(text, word):
        return True
    after = others[0].folded or others[0].text
    return after in _LINKS | _BETWEEN | _STROKES or after.isdigit() or (tied and is_function(after))


def _begins(before: str, announced: bool) -> bool:
    """Whether nothing but « mon », « voici le » comes before in a sentence; or one unknown word that was announced itself."""
    words = re.split(r"[.!?,;:\n]|\bet\b", before)[-1].split()
    if announced and words and not is_plain(words[0]):
        del words[0]
    return all(word in _WHOSE or word in _BETWEEN for word in words)


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


def _is_bracketed(word: _Word) -> bool:
    """« (ancien) »."""
    return word.text[0] in "([" and word.text[-1] in ")]"


def _is_date(text: str, word: _Word) -> bool:
    """« Mot de passe : 12/05/1980 », and nothing after it."""
    return bool(_DATE.match(word.folded)) and _ends_line(text, word)


def _ends_line(text: str, word: _Word) -> bool:
    return not text[word.end :].split("\n", 1)[0].strip()


def _is_asked(text: str, word: _Word) -> bool:
    """Whether a word is asked about: « ID = matricule ? »."""
    return bool(re.match(r"\s\?", text[word.end : word.end + 2]))
