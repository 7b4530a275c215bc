"""« Le deuxième », « l’autre »: a choice among what the bot has just shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.buttons import PREFIX, Button
from actions.turn import OTHER_PORTAL
from components.text import fold

_ORDINALS = (
    r"1|1er|1ere|premier|premiere|prems?",
    r"2|2e|2eme|2nd|2nde|deuxieme|deuxiem|second|seconde",
    r"3|3e|3eme|troisieme|troisiem",
    r"4|4e|4eme|quatrieme",
    r"5|5e|5eme|cinquieme",
    r"dernier|derniere",
)
_LAST = len(_ORDINALS) - 1
#: What may stand around an ordinal without changing what is chosen.
_BEFORE = (
    r"(?:(?:je (?:prends?|choisis|dirais|clique|vois)|c'est|ce serait|plutot|disons|alors|euh|bah|ben|pour moi|moi|sur)\s+)*"
)
_THING = r"(?:bouton|choix|option|reponse|proposition|possibilite|cas|ligne|numero|message|point)"
_AFTER = rf"(?:\s+{_THING})?(?:\s+(?:svp|stp|merci|s'il (?:vous|te) plait|je (?:crois|pense|dirais)))*"
_CHOICES = [
    re.compile(rf"{_BEFORE}(?:(?:le|la|l'|au|du)\s*)?(?:{_THING}\s+)?(?:n°?\s*)?(?:{words}){_AFTER}\W*") for words in _ORDINALS
]
_OTHER = re.compile(rf"{_BEFORE}(?:et\s+)?(?:a |dans |sur )?l'autre(?:\s+(?:portail|centre|site|adresse|lien|cote))?{_AFTER}\W*")


#: Choices that mean the same whoever says them, and whatever else is said: none that tells what somebody saw. « Je ne vois
#: pas », then « la page Abonnements », is no click on « La page Abonnements ».
_PLAIN = re.compile(rf"{PREFIX}(choose_\w+|ask_\w+|restart|request_human)\Z")


def is_plain(button: Button) -> bool:
    """Whether the title of a button, said, can count as a click on it."""
    return bool(_PLAIN.match(button["payload"]))


def chosen(message: str, tracker: DialogueStateTracker | None, greeting: Sequence[Button] = ()) -> str | None:
    """The payload of the button that a message chooses in words, or None if it chooses none.

    The title of a plain button chooses it: that is what suggestions of Slack and Teams send. « L’autre » is the other
    portal, once the conversation is at one of them. Before anything is said, the buttons are those of the greeting.
    """
    said = _folded(message)
    asked = _asked(tracker) or [greeting]
    for button in (button for question in asked for button in question):
        if is_plain(button) and said == _folded(button["title"]):
            return button["payload"]
    portal = tracker.get_slot("portal") if tracker else None
    if _OTHER.fullmatch(said) and portal in OTHER_PORTAL:
        return f"{PREFIX}choose_{OTHER_PORTAL[portal]}"
    shown = asked[-1]
    for place, pattern in enumerate(_CHOICES):
        if pattern.fullmatch(said) and shown:
            return shown[-1]["payload"] if place == _LAST else shown[place]["payload"] if place < len(shown) else None
    return None


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _asked(tracker: DialogueStateTracker | None) -> list[Sequence[Button]]:
    """The buttons of each question since the user spoke; empty if nothing was ever said."""
    asked: list[Sequence[Button]] = []
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            asked = [[]]
        elif isinstance(event, BotUttered) and event.data.get("buttons"):
            asked.append(event.data["buttons"])
    return asked
