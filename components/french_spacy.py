"""FrenchSpacyNLP: fr_core_news_sm, without what nobody uses, and with one kind of apostrophe."""

from __future__ import annotations

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

#: Parts of the spaCy pipeline that no component here reads; they cost more than half of the time of a parse.
UNUSED = ["parser", "ner", "senter"]

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

    def _preprocess_text(self, text: str | None) -> str:
        return str(super()._preprocess_text(text)).translate(_APOSTROPHES)
