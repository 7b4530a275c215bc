"""CautiousIntentClassifier: a linear classifier on weighted features, which would rather ask than conclude wrongly."""

from __future__ import annotations

from typing import Any

import skops.io
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

#: The tf-idf weights are a sparse matrix, which skops does not trust by default.
TRUSTED = {"scipy.sparse._csr.csr_matrix"}

RANKING = "intent_ranking"
FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CautiousIntentClassifier(LogisticRegressionClassifier):
    """Rasa's LogisticRegressionClassifier, with two defects mended.

    - It learns from raw counts, so that frequent words and long messages drown what matters, and its solver needs minutes
      for this many features. Here counts are weighed first (tf-idf, sublinear) and each intent is learned against all the
      others, in seconds, with the same result for the same data.
    - Rasa's FallbackClassifier has one threshold for all intents, but mistakes do not cost the same. An intent of
      ``conclusive`` counts only above ``conclusive_threshold``; below it, the likeliest intent of ``instead`` takes its
      place if it has ``instead_threshold``, and `nlu_fallback` otherwise. The ranking still shows what was likely.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The default configuration (see the parent class)."""
        return {
            **LogisticRegressionClassifier.get_default_config(),
            "C": 30.0,
            "conclusive": [],
            "conclusive_threshold": 0.0,
            "instead": [],
            "instead_threshold": 1.0,
        }

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf = Pipeline(
            [
                ("weigh", TfidfTransformer(sublinear_tf=True)),
                (
                    "classify",
                    LogisticRegression(
                        C=self.config["C"],
                        solver="liblinear",
                        class_weight="balanced",
                        random_state=self.config["random_state"],
                    ),
                ),
            ]
        )

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CautiousIntentClassifier:
        """An untrained classifier (see the parent class)."""
        return cls(config, execution_context.node_name, model_storage, resource)

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

        Rasa's own goes on with an untrained classifier if a type in the file is not trusted; this one refuses to start.

        Raises:
            RasaException: the file holds other types than scikit-learn's and a sparse matrix.
        """
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            file = folder / f"{resource.name}.skops"
            unexpected = set(skops.io.get_untrusted_types(file=file)) - TRUSTED
            if unexpected:
                raise RasaException(f"the model holds types that are not trusted: {', '.join(sorted(unexpected))}")
            component.clf = skops.io.load(file, trusted=sorted(TRUSTED))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message; what is not sure enough to conclude from is not passed on as such."""
        for message in super().process(messages):
            message.set(INTENT, self._cautious(message.get(INTENT), message.get(RANKING)), add_to_output=True)
        return messages

    def _cautious(self, intent: dict[str, Any], ranking: list[dict[str, Any]]) -> dict[str, Any]:
        confidence = intent[PREDICTED_CONFIDENCE_KEY]
        if intent[INTENT_NAME_KEY] not in self.config["conclusive"] or confidence >= self.config["conclusive_threshold"]:
            return intent
        instead = next((guess for guess in ranking if guess[INTENT_NAME_KEY] in self.config["instead"]), None)
        if instead and instead[PREDICTED_CONFIDENCE_KEY] >= self.config["instead_threshold"]:
            return {**instead, PREDICTED_CONFIDENCE_KEY: confidence}
        return {INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: confidence}
