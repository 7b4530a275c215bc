"""The conversation of the README, word for word."""

from __future__ import annotations

import re

from actions.help_file import PROJECT
from tests.conftest import Conversation, plain

YOU, BOT = "**Vous :** ", "**Aiguilleur :** "


def turns() -> list[tuple[str, str, list[str]]]:
    """What is said, what is answered, which buttons are shown: from the quotation in the README."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    quotation = "\n".join(line.removeprefix(">").strip() for line in readme.splitlines() if line.startswith(">"))
    found = []
    for turn in quotation.split(YOU)[1:]:
        said, answer = turn.split(BOT)
        buttons = re.findall(r"`([^`]+)`", answer)
        found.append((said.strip(), plain(re.sub(r"`[^`]+`", "", answer)), buttons))
    return found


def test_the_conversation_of_the_readme(talk: Conversation) -> None:
    assert len(turns()) == 3
    for said, answer, buttons in turns():
        reply = talk.say(said)
        assert plain(reply.text) == answer
        shown = [plain(button["title"]) for button in reply.buttons]
        assert shown == [plain(button) for button in buttons]
    assert talk.conclusion == "not_billing_admin_contact_named"
