"""CautiousIntentClassifier: what a message most likely means, unless being wrong would cost more than asking."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.calibrated import CalibratedClassifier
from components.features import TextFeatures, blocks
from components.french_spacy import FrenchSpacyNLP

RANKING = "intent_ranking"
FALLBACK = "nlu_fallback"

Guess = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CautiousIntentClassifier(IntentClassifier, GraphComponent):
    """What CountVectorsFeaturizer, LogisticRegressionClassifier and FallbackClassifier do, with four defects mended.

    - CountVectorsFeaturizer counts words that follow each other only; « pas … page Abonnements » needs pairs at a distance
      (components/features.py).
    - It gives raw counts, in which frequent words drown the telling ones, and features of each token, which nothing reads.
    - The confidence of LogisticRegressionClassifier is that of a model on its own examples, too high for people who write
      otherwise (components/calibrated.py).
    - FallbackClassifier has one threshold for all intents, but mistakes do not cost the same. Here the answer is what costs
      least on average: a wrong intent costs 1, unless ``cost_of_wrong`` says otherwise, and asking (`nlu_fallback`) costs
      ``cost_of_asking``. The ranking still shows what was likely. ``docs/nlu.md`` tells how the costs were chosen.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must come before this one."""
        return [FrenchSpacyNLP]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The default configuration (see the parent class)."""
        return {"cost_of_wrong": {}, "cost_of_asking": 1.0, "ranking_length": 10}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._features: TextFeatures | None = None
        self._classifier: CalibratedClassifier | None = None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CautiousIntentClassifier:
        """An untrained classifier (see the parent class)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples, and keep the result.

        Raises:
            RasaException: there are fewer than two intents.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        intents = np.array([example.get(INTENT) for example in examples])
        if len(set(intents)) < 2:
            raise RasaException("There must be at least two intents to tell apart.")
        seen = [blocks(example.get(SPACY_DOCS[TEXT])) for example in examples]
        self._features = TextFeatures.learn(seen)
        # The voice is the metadata of a block of sentences; sentences without one are shared out evenly.
        voices = [
            example.get("metadata", {}).get("intent", {}).get("voice", str(place % 10)) for place, example in enumerate(examples)
        ]
        self._classifier = CalibratedClassifier.learn(self._features.rows(seen), intents, voices)
        with self._storage.write_to(self._resource) as folder:
            self._features.save(folder)
            self._classifier.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CautiousIntentClassifier:
        """The classifier as trained (see the parent class)."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._features = TextFeatures.load(folder)
            component._classifier = CalibratedClassifier.load(folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message the intent that costs least on average, and the ranking of the likeliest."""
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, cheapest(ranking, self._config), add_to_output=True)
            message.set(RANKING, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[Guess]:
        doc = message.get(SPACY_DOCS[TEXT])
        if doc is None or self._features is None or self._classifier is None:
            return [guess(FALLBACK, 1.0)]
        row = self._features.rows([blocks(doc)])
        if not row.nnz:
            return [guess(FALLBACK, 1.0)]
        likely = zip(self._classifier.intents, self._classifier.probabilities(row)[0], strict=True)
        return [guess(*pair) for pair in sorted(likely, key=lambda pair: -pair[1])]


def guess(intent: str, probability: float) -> Guess:
    """An intent with its probability, as Rasa writes it."""
    return {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: float(probability)}


def cheapest(ranking: list[Guess], config: dict[str, Any]) -> Guess:
    """The guess of a ranking that costs least on average, or `nlu_fallback` if asking costs less than any of them."""
    costs = config["cost_of_wrong"]
    cost, best = min(
        ((1 - likely[PREDICTED_CONFIDENCE_KEY]) * costs.get(likely[INTENT_NAME_KEY], 1), place)
        for place, likely in enumerate(ranking)
    )
    return ranking[best] if cost <= config["cost_of_asking"] else guess(FALLBACK, ranking[0][PREDICTED_CONFIDENCE_KEY])
