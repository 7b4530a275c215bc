"""Buttons: what a click sends, and what it means.

A click sends ``button:<id>``, never ``/intent``: so a leading slash that a person types can stay text. The id is
- a row of the tables (``admin_center_select_product``): its intent, at its portal;
- an intent (``choose_admin_center``);
- an intent about a portal or a row (``cannot_sign_in/billing_center``, ``colleague_observation/corporate_sign_in_failed``).
"""

from __future__ import annotations

import re
from typing import TypedDict

from actions.help_file import ANY_PORTAL, HelpFile, Row

PREFIX = "button:"
_ID = re.compile(r"[a-z_]+(/[a-z_]+)?\Z")


class Button(TypedDict):
    """A button as Rasa's responses have it."""

    title: str
    payload: str


def button(title: str, button_id: str) -> Button:
    """A button that sends ``button_id``."""
    return {"title": title, "payload": PREFIX + button_id}


def row_button(row: Row, about: str | None = None) -> Button:
    """The button of a row; with ``about`` (an intent), the same thing said about somebody or something else."""
    return button(row.button, f"{about}/{row.id}" if about else row.id)


def resolve(payload: str, help_file: HelpFile, intents: set[str]) -> tuple[str, dict[str, str]] | None:
    """What a click means.

    Args:
        payload: the text that the client sent.
        help_file: the tables.
        intents: the intents of the domain.

    Returns:
        The intent and its entities (``portal``, ``observation``), or None if this is no button of ours.
    """
    button_id = payload.removeprefix(PREFIX)
    if button_id == payload or not _ID.match(button_id):
        return None
    head, _, about = button_id.partition("/")
    row = help_file.rows.get(about or head)
    intent = row.sees if row and not about else head
    if intent not in intents or (about and not row and about not in help_file.portals):
        return None
    entities: dict[str, str] = {}
    if row:
        entities["observation"] = row.sees
        if row.portal != ANY_PORTAL:
            entities["portal"] = row.portal
    elif about:
        entities["portal"] = about
    return intent, entities
