"""Runs, pairs, pieces and denials."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from components.features import END, START, TextFeatures, blocks
from components.french_spacy import FrenchSpacyNLP


@pytest.fixture(scope="module")
def french() -> Language:
    language: Language = FrenchSpacyNLP.load_model("fr_core_news_sm").model
    return language


def test_a_denial_is_a_pair_whatever_stands_between(french: Language) -> None:
    near, far = (blocks(french(text))[1] for text in ("pas de page abonnements", "pas la moindre page des abonnements"))
    assert "pas abonnement" in near and "pas abonnement" in far
    assert "abonnement pas" not in near


def test_runs_know_where_a_message_begins_and_ends(french: Language) -> None:
    runs = blocks(french("non merci"))[0]
    assert f"{START} non" in runs and f"merci {END}" in runs and f"{START} non merci" in runs


def test_accents_and_case_do_not_count(french: Language) -> None:
    assert blocks(french("REÇU"))[2] == blocks(french("recu"))[2]


def test_a_block_does_not_drown_another(french: Language) -> None:
    texts = ["je vois la page abonnements", "oui, je vois bien la page abonnements", "je ne vois pas la page abonnements"]
    features = TextFeatures.learn([blocks(french(text)) for text in texts])
    row = features.rows([blocks(french(texts[0]))])
    # Three blocks of unit length; nothing is denied.
    assert row.multiply(row).sum() == pytest.approx(3)


def test_what_is_denied_stands_alone(french: Language) -> None:
    denials = blocks(french("J'ai mis l'ID et le code, mais le portail ne me laisse pas entrer"))[3]
    assert "pas entrer" in denials and "portail entrer" in denials
    assert not any("code" in denial for denial in denials)
    assert blocks(french("Le portail me laisse entrer"))[3] == []


def test_what_was_never_seen_gives_nothing(french: Language) -> None:
    features = TextFeatures.learn([blocks(french(text)) for text in ("oui oui", "oui bien", "oui merci")])
    assert features.rows([blocks(french("zzz"))]).nnz == 0


def test_what_is_saved_is_loaded(french: Language, tmp_path: Path) -> None:
    seen = [blocks(french(text)) for text in ("je vois la page", "je vois un message", "je vois une page vide")]
    features = TextFeatures.learn(seen)
    features.save(tmp_path)
    assert np.array_equal(TextFeatures.load(tmp_path).rows(seen).toarray(), features.rows(seen).toarray())
