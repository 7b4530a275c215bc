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

from components.intent_classifier import FALLBACK, RANKING
from components.mentions import fold

#: Words that deny what follows them.
_DENIES = re.compile(r"\b(pas?|aucune?|jamais|sans|zero|0|ni|nulle?|no)\b")
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
    """Turns an observation into ``instead`` when the very thing it would conclude from is denied just before it.

    A classifier of bags of words hears « page Abonnements » louder than the « pas » before it. This component reads the
    order: the mention of the row (an ``observation`` entity, so it comes after MentionExtractor) that the likeliest intent
    stands for, and a word of denial at most four words before, in the same clause. It marks the mention as ``denied``, for
    the actions, and never makes an observation.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._instead = config["instead"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The default configuration (see the parent class)."""
        return {"instead": "saw_something_else"}

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
            denied = set()
            for entity in message.get(ENTITIES, []):
                words = folded[entity["start"] : entity["end"]]
                if entity["entity"] == "observation" and not _NEGATIVE.search(words) and is_denied(folded, entity["start"]):
                    entity["denied"] = True
                    denied.add(entity["value"])
            ranking = message.get(RANKING) or [{}]
            seen, intent = ranking[0].get(INTENT_NAME_KEY), message.get(INTENT, {}).get(INTENT_NAME_KEY)
            if seen in denied and intent in (seen, FALLBACK):
                confidence = ranking[0][PREDICTED_CONFIDENCE_KEY]
                message.set(INTENT, {INTENT_NAME_KEY: self._instead, PREDICTED_CONFIDENCE_KEY: confidence}, add_to_output=True)
        return messages


def is_denied(folded: str, start: int) -> bool:
    """Whether a word of denial governs what begins at ``start`` in a text in lower case without accents."""
    denials = list(_DENIES.finditer(folded, 0, start))
    if not denials:
        return False
    between = folded[denials[-1].end() : start]
    return not _BREAKS.search(between) and len(between.split()) <= _REACH
