"""CautiousIntentClassifier: a linear classifier on weighted features, which would rather ask than conclude wrongly."""

from __future__ import annotations

import re
from typing import Any

import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from components.mentions import fold

RANKING = "intent_ranking"
FALLBACK = "nlu_fallback"
FILE = "classifier.skops"

#: The tf-idf weights are a sparse matrix, which skops does not trust by default.
TRUSTED = {"scipy.sparse._csr.csr_matrix"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CautiousIntentClassifier(IntentClassifier, GraphComponent):
    """What Rasa's LogisticRegressionClassifier and FallbackClassifier do, with two defects mended.

    - LogisticRegressionClassifier learns from raw counts, so that frequent words and long messages drown what matters, and
      its solver needs minutes for so many features. Here the counts of each featurizer are weighed first (tf-idf,
      sublinear, unit length), and each intent is learned against all the others: seconds, and the same result for the same
      data.
    - FallbackClassifier has one threshold for all intents, but mistakes do not cost the same. An intent of ``conclusive``
      (what the bot concludes from) needs ``conclusive_threshold``, or the threshold of the first of ``doubts`` whose
      ``words`` (a regular expression, on lower case without accents) are in the message and whose ``except`` does not name
      the intent. If it has less, the likeliest
      intent of ``instead`` takes its place, if that has ``instead_threshold``; otherwise `nlu_fallback`. The ranking still
      shows what was likely.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must come before this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The default configuration (see the parent class)."""
        return {
            "C": 30.0,
            "random_state": 42,
            "ranking_length": 10,
            "conclusive": [],
            "conclusive_threshold": 0.0,
            "doubts": [],
            "instead": [],
            "instead_threshold": 1.0,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._doubts = [
            (re.compile(doubt["words"], re.VERBOSE), set(doubt.get("except", [])), float(doubt["threshold"]))
            for doubt in config["doubts"]
        ]
        self._weighers: list[TfidfTransformer] = []
        self._classifier: LogisticRegression | None = None

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
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise RasaException("There must be at least two intents to tell apart.")
        blocks = [vstack(rows) for rows in zip(*(_counts(example) for example in examples), strict=True)]
        self._weighers = [TfidfTransformer(sublinear_tf=True).fit(block) for block in blocks]
        self._classifier = LogisticRegression(
            C=self._config["C"],
            solver="liblinear",
            class_weight="balanced",
            random_state=self._config["random_state"],
        ).fit(self._weigh(blocks), intents)
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump({"weighers": self._weighers, "classifier": self._classifier}, folder / FILE)
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
        """The classifier as trained.

        Raises:
            RasaException: the file holds other types than scikit-learn's and a sparse matrix.
        """
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            unexpected = set(skops.io.get_untrusted_types(file=folder / FILE)) - TRUSTED
            if unexpected:
                raise RasaException(f"The model holds types that are not trusted: {', '.join(sorted(unexpected))}")
            kept = skops.io.load(folder / FILE, trusted=sorted(TRUSTED))
        component._weighers, component._classifier = kept["weighers"], kept["classifier"]
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message; what is not sure enough to conclude from is not passed on as such."""
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, self._cautious(message.get(TEXT) or "", ranking), add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        counts = _counts(message)
        if self._classifier is None or len(counts) != len(self._weighers):
            return [{INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: 1.0}]
        confidences = self._classifier.predict_proba(self._weigh(counts))[0]
        ranked = sorted(zip(self._classifier.classes_, confidences, strict=True), key=lambda guess: -guess[1])
        return [
            {INTENT_NAME_KEY: str(intent), PREDICTED_CONFIDENCE_KEY: float(confidence)}
            for intent, confidence in ranked[: self._config["ranking_length"]]
        ]

    def _weigh(self, blocks: list[csr_matrix]) -> csr_matrix:
        return hstack([weigher.transform(block) for weigher, block in zip(self._weighers, blocks, strict=True)], format="csr")

    def _cautious(self, text: str, ranking: list[dict[str, Any]]) -> dict[str, Any]:
        best = ranking[0]
        intent, confidence, folded = best[INTENT_NAME_KEY], best[PREDICTED_CONFIDENCE_KEY], fold(text)
        if intent not in self._config["conclusive"]:
            return best
        needed = next(
            (threshold for words, spared, threshold in self._doubts if intent not in spared and words.search(folded)),
            self._config["conclusive_threshold"],
        )
        if confidence >= needed:
            return best
        instead = next((guess for guess in ranking if guess[INTENT_NAME_KEY] in self._config["instead"]), None)
        if instead and instead[PREDICTED_CONFIDENCE_KEY] >= self._config["instead_threshold"]:
            return {**instead, PREDICTED_CONFIDENCE_KEY: confidence}
        return {INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: confidence}


def _counts(message: Message) -> list[csr_matrix]:
    """Sentence features of a message, one row a featurizer, in the order of the pipeline; none for a text without words."""
    return [
        csr_matrix(features.features)
        for features in message.features
        if features.is_sparse() and features.type == FEATURE_TYPE_SENTENCE and features.attribute == TEXT
    ]
