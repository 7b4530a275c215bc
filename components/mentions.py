"""MentionExtractor: the portals and the rows that a message names.

Rasa's RegexEntityExtractor gives the words that matched; a slot and an action need what they stand for, whatever the
accents, the apostrophes and the spelling. This component gives the canonical value: the patterns are those regular
expressions of the training data (data/nlu/mentions.yml) that are named ``<entity>:<value>``.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from components.text import fold

PATTERNS_FILE = "patterns.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class MentionExtractor(GraphComponent, EntityExtractorMixin):
    """Finds what the patterns named ``<entity>:<value>`` match, as entities with that value."""

    def __init__(self, patterns: list[tuple[str, str, str]], storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._set(patterns)

    def _set(self, patterns: list[tuple[str, str, str]]) -> None:
        self._compiled = [(entity, value, re.compile(pattern)) for entity, value, pattern in patterns]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MentionExtractor:
        """A component that knows no pattern yet (see the parent class)."""
        return cls([], model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Take the patterns of the training data.

        Raises:
            re.error: a pattern is no regular expression.
        """
        patterns = []
        for feature in training_data.regex_features:
            entity, colon, value = feature["name"].partition(":")
            if colon:
                patterns.append((entity, value, feature["pattern"]))
        self._set(patterns)
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / PATTERNS_FILE, patterns)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MentionExtractor:
        """The component as trained (see the parent class)."""
        with model_storage.read_from(resource) as folder:
            return cls([tuple(entry) for entry in read_json_file(folder / PATTERNS_FILE)], model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the mentions of each message to its entities, in the order of the text."""
        for message in messages:
            found = self.find(message.get(TEXT) or "")
            message.set(ENTITIES, [*message.get(ENTITIES, []), *self.add_extractor_name(found)], add_to_output=True)
        return messages

    def find(self, text: str) -> list[dict[str, Any]]:
        """Mentions in a text, in its order: ``{entity, value, start, end}``. Of two that overlap, the longer one counts."""
        folded = fold(text)
        found: list[dict[str, Any]] = [
            {"entity": entity, "value": value, "start": match.start(), "end": match.end()}
            for entity, value, pattern in self._compiled
            for match in pattern.finditer(folded)
            if match.end() > match.start()
        ]
        kept: list[dict[str, Any]] = []
        for mention in sorted(found, key=lambda item: item["start"] - item["end"]):
            if all(
                mention["entity"] != other["entity"] or mention["end"] <= other["start"] or mention["start"] >= other["end"]
                for other in kept
            ):
                kept.append(mention)
        return sorted(kept, key=lambda item: item["start"])
