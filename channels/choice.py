"""« Le deuxième », « l’autre »: a choice among what the bot has just shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.buttons import PREFIX
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


def chosen(message: str, tracker: DialogueStateTracker | None, greeting: Sequence[str] = ()) -> str | None:
    """The payload of the button that a message chooses in words, or None if it chooses none.

    « L’autre » is the other portal, once the conversation is at one of them. Before anything is said, the buttons are
    those of the greeting.
    """
    said = " ".join(fold(message).split())
    portal = tracker.get_slot("portal") if tracker else None
    if _OTHER.fullmatch(said) and portal in OTHER_PORTAL:
        return f"{PREFIX}choose_{OTHER_PORTAL[portal]}"
    shown = _shown(tracker, greeting)
    for place, pattern in enumerate(_CHOICES):
        if pattern.fullmatch(said) and shown:
            return shown[-1] if place == _LAST else shown[place] if place < len(shown) else None
    return None


def _shown(tracker: DialogueStateTracker | None, greeting: Sequence[str]) -> Sequence[str]:
    """Payloads of the buttons that the bot showed last, if nothing was said since."""
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, UserUttered):
            return []
        if isinstance(event, BotUttered) and event.data.get("buttons"):
            return [button["payload"] for button in event.data["buttons"]]
    return greeting
