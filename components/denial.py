"""DenialReader: « pas de page Abonnements » is no page Abonnements, however sure the classifier is."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.intent_classifier import FALLBACK, RANKING, guess
from components.text import fold

#: Words that deny what follows them.
_DENIES = re.compile(r"\b(pas?|aucune?|jamais|sans|zero|0|ni|nulle?|no|et non|(tout|partout) sauf|au lieu)\b")
#: What between such a word and the mention takes the mention out of its reach: « pas de doute, c'est… », « pas celui… que ».
_BREAKS = re.compile(
    r"[.;:!?,(]|\b(qu|que|mais|sauf|doute|soucis?|pb|problemes?|seul\w*|juste|autre|puis|et|sinon|donc|d'abord|car|parce|si"
    r"|hasard|mal|trop|d?erreur|comprends?|compris|pub|direct\w*|rien|grave|moyen|bon)\b"
)
#: Mentions that are negative themselves: « je ne suis pas au bon endroit » is the message, not its absence.
_NEGATIVE = re.compile(r"\bbon\b|at+er+i")
#: Words there may be between the two.
_REACH = 4


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DenialReader(GraphComponent):
    """Reads what a message denies: a denied observation becomes ``instead``, the one that is left becomes what was seen.

    A classifier of bags of words hears « page Abonnements » louder than the « pas » before it. This component reads the
    order: the mention of the row (an ``observation`` entity, so it comes after MentionExtractor) that the likeliest intent
    stands for, and a word of denial at most four words before, in the same clause. It marks the mention as ``denied``, for
    the actions.

    « Ni abonnements ni mauvais endroit, juste un produit à choisir »: where some rows are denied and one other is named, the
    classifier hesitates. If that one is among the two likeliest all the same, with ``left_confidence``, it was seen.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._instead = config["instead"]
        self._left_confidence = config["left_confidence"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The default configuration (see the parent class)."""
        return {"instead": "saw_something_else", "left_confidence": 0.3}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DenialReader:
        """A component with this configuration (see the parent class)."""
        return cls(config)

    def process_training_data(self, training_data: Any) -> Any:
        """Nothing to learn (see the parent class)."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Correct the intent of each message that denies what it is taken for."""
        for message in messages:
            folded = fold(message.get(TEXT) or "")
            denied, named = set(), set()
            for entity in message.get(ENTITIES, []):
                if entity["entity"] != "observation":
                    continue
                words = folded[entity["start"] : entity["end"]]
                if not _NEGATIVE.search(words) and is_denied(folded, entity["start"]):
                    entity["denied"] = True
                    denied.add(entity["value"])
                else:
                    named.add(entity["value"])
            likeliest = {its[INTENT_NAME_KEY]: its[PREDICTED_CONFIDENCE_KEY] for its in (message.get(RANKING) or [])[:2]}
            seen, intent = next(iter(likeliest), None), message.get(INTENT, {}).get(INTENT_NAME_KEY)
            left = named - denied
            is_instead = seen in denied and intent in (seen, FALLBACK)
            if is_instead or (denied and not left and (seen, intent) == (self._instead, FALLBACK)):
                message.set(INTENT, guess(self._instead, likeliest[seen]), add_to_output=True)
            elif denied and len(left) == 1 and intent in (self._instead, FALLBACK):
                (row,) = left
                if likeliest.get(row, 0) >= self._left_confidence:
                    message.set(INTENT, guess(row, likeliest[row]), add_to_output=True)
        return messages


def is_denied(folded: str, start: int) -> bool:
    """Whether a word of denial governs what begins at ``start`` in a text in lower case without accents."""
    denials = list(_DENIES.finditer(folded, 0, start))
    if not denials:
        return False
    between = folded[denials[-1].end() : start]
    return not _BREAKS.search(between) and len(between.split()) <= _REACH
