"""Texts as they are compared: in lower case, without accents. No dependency, so the action server can use it too."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Lower case, without accents."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Lower case, without accents, with straight apostrophes; one character for one, so positions stay true."""
    folded = []
    for character in text:
        base = unicodedata.normalize("NFD", character.lower())[0] if character.strip() else " "
        folded.append("'" if base in "’‘ʼ`´" else base)
    return "".join(folded)
