"""ReadOnceImporter: the project's files, of which the sentences are read once for a training."""

from __future__ import annotations

from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class ReadOnceImporter(RasaFileImporter):
    """Rasa's RasaFileImporter, which reads, parses and checks all sentences three times for one training."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._read: TrainingData | None = None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Sentences and patterns (see the parent class); no format that we use depends on the language."""
        if self._read is None:
            self._read = super().get_nlu_data(language)
        return self._read
