"""Suggestions as private notes, while a human has the conversation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from channels import texts
from channels.agent_assist.record import ReplayFailed
from channels.agent_assist.suggestions import suggest
from channels.agent_assist.transcript import Transcript
from channels.answer import Message, Part, WholeOutput
from channels.chatwoot.api import Api, NotDone
from channels.chatwoot.events import entries, until_next
from channels.inbox import Accepted, Inbox, Later

logger = logging.getLogger(__name__)

#: Messages that Chatwoot gives at a time, and how many times one asks for more.
PAGE, PAGES = 20, 5


class NoteOutput(WholeOutput):
    """Collects nothing: what a note says is no turn of a conversation."""

    @classmethod
    def name(cls) -> str:
        """Name under which the inbox keeps what is still to be noted."""
        return "chatwoot_notes"


class Notes(Inbox):
    """Writes a note for each message of a customer that something can be suggested for.

    Args:
        path: the file of the inbox.
        api: the account.
        bot_token: notes are the bot's.
        agent_token: reads conversations, which a bot may not.
    """

    #: Seconds after which a note would be about what was said long ago.
    too_late = 600.0

    def __init__(self, path: Path, api: Api, bot_token: str, agent_token: str) -> None:
        super().__init__(path, NoteOutput, _Notebook(api, bot_token))
        self._api, self._agent_token = api, agent_token

    async def _answer(self, accepted: Accepted) -> list[Message]:
        conversation = accepted.place["conversation"]
        try:
            messages = await self._messages(conversation)
            heard = until_next(messages, accepted.place.get("message"))
            text = note(await suggest(self._agent(), Transcript(tuple(entries(heard)), str(conversation))))
        except (NotDone, ReplayFailed) as error:
            raise Later(type(error).__name__) from error
        return [{"text": text}] if text and text.strip() != _noted(messages) else []

    async def _messages(self, conversation: int) -> list[dict[str, Any]]:
        """What was said, oldest first; of a very long conversation, its end."""
        found: list[dict[str, Any]] = []
        for _ in range(PAGES):
            before = {"before": found[0]["id"]} if found else {}
            page = (await self._api.call(self._agent_token, "GET", conversation, "/messages", params=before)).get("payload", [])
            found = [*page, *found]
            if len(page) < PAGE:
                break
        return found


class _Notebook:
    """Posts notes. The whole of what Inbox asks of a platform, of which a note needs little."""

    def __init__(self, api: Api, token: str) -> None:
        self._api, self._token = api, token

    async def announce(self, accepted: Accepted) -> None:
        """Nothing: customers do not see notes."""

    async def post(self, accepted: Accepted, said: Sequence[Part]) -> None:
        """Post a note.

        Raises:
            Later: Chatwoot does not take it now.
        """
        body = {"content": said[0].text, "message_type": "outgoing", "private": True}
        try:
            await self._api.call(self._token, "POST", accepted.place["conversation"], "/messages", json=body)
        except NotDone as refusal:
            logger.error("Chatwoot refuses a note (%s).", refusal)

    async def finish(self, accepted: Accepted) -> None:
        """Nothing follows a note."""

    async def mark(self, accepted: Accepted, record: DialogueStateTracker | None) -> bool:
        """Nothing can be clicked in a note."""
        return True


def _noted(messages: list[dict[str, Any]]) -> str:
    """The text of the last note."""
    notes = [str(message.get("content") or "") for message in messages if message.get("private")]
    return notes[-1].strip() if notes else ""


def note(answer: dict[str, Any]) -> str:
    """What a note says of suggestions (``Suggestions`` of openapi.yaml), as Markdown; nothing for mere politeness.

    The first suggestion with all that belongs to it; what else there is with its draft alone.
    """
    cards = [card for card in answer["suggestions"] if card["source"]["sentences"] or card["kind"] != "answer"]
    if not cards or answer["abstained"]:
        return ""
    said = [
        texts.text(
            "utter_note",
            title=card["title"],
            level=texts.text(f"utter_note_{card['confidence_level'].lower()}"),
            percent=f"{int(100 * card['confidence'])}",
            draft=_quoted(card["reply_draft"]),
        )
        for card in cards
    ]
    missing = [each["title"] for each in answer["missing"]]
    if missing:
        said.append(texts.text("utter_note_missing", missing=", ".join(missing)))
    source = cards[0]["source"]
    if source["sentences"]:
        sentences = "\n".join(f"- {sentence}" for sentence in source["sentences"])
        said.append(texts.text("utter_note_source", page=source["title"], sentences=sentences))
    return "\n\n".join(said)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
