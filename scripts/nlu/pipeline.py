"""Any Rasa NLU pipeline, trained and run without a server: the components themselves, as Rasa's graph calls them."""

from __future__ import annotations

import importlib
import inspect
import tempfile
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from actions.help_file import PROJECT
from scripts.nlu.corpus import Sentence

Entry = dict[str, Any]


def configured() -> list[Entry]:
    """The pipeline of config.yml."""
    return [dict(entry) for entry in read_yaml_file(str(PROJECT / "config.yml"))["pipeline"]]


def patterns() -> list[dict[str, str]]:
    """The patterns of data/nlu/mentions.yml, as Rasa's reader gives them."""
    return [
        {"name": block["regex"], "pattern": line.removeprefix("- ")}
        for block in read_yaml_file(str(PROJECT / "data" / "nlu" / "mentions.yml"))["nlu"]
        for line in block["examples"].splitlines()
    ]


def messages(corpus: list[Sentence]) -> list[Message]:
    """Training messages, with their voices."""
    return [
        Message({TEXT: sentence.text, INTENT: sentence.intent, METADATA: {METADATA_INTENT: {"voice": sentence.voice}}})
        for sentence in corpus
    ]


class Pipeline:
    """Components in their order."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._folder = tempfile.TemporaryDirectory()
        self._storage = LocalModelStorage(Path(self._folder.name))
        self._components: list[Any] = []
        self._models: dict[str, Any] = {}

    def train(self, examples: list[Message]) -> None:
        """Train each component on what those before it made of the examples."""
        data = TrainingData(training_examples=examples, regex_features=patterns())
        for place, entry in enumerate(self._entries):
            found = _class(entry["name"])
            arguments = (
                {**found.get_default_config(), **{key: value for key, value in entry.items() if key != "name"}},
                self._storage,
                Resource(f"component{place}"),
                ExecutionContext(GraphSchema({}), node_name=f"component{place}"),
            )
            component = found.create(*arguments)
            if hasattr(component, "provide"):
                self._models["model"] = component.provide()
            if hasattr(component, "train"):
                component.train(data)
                component = found.load(*arguments)
            if hasattr(component, "process_training_data"):
                data = component.process_training_data(data, **self._models_for(component.process_training_data))
            self._components.append(component)

    def process(self, received: list[Message]) -> list[Message]:
        """Understand messages."""
        for component in self._components:
            received = component.process(received, **self._models_for(component.process))
        return received

    def size(self) -> int:
        """Bytes of what the components keep."""
        return sum(path.stat().st_size for path in Path(self._folder.name).rglob("*") if path.is_file())

    def _models_for(self, method: Any) -> dict[str, Any]:
        return {name: model for name, model in self._models.items() if name in inspect.signature(method).parameters}


def _class(name: str) -> Any:
    if "." not in name:
        return DefaultV1Recipe._from_registry(name).clazz
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)
