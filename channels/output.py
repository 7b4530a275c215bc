"""What collects the answers of one turn."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel


class TurnOutput(CollectingOutputChannel):
    """Collects the answers of one turn, each text whole. A channel's own gives its name, for response variations.

    Rasa's own is named `collector`, so that no `channel: …` variation ever matches, and cuts a text at its blank lines unless
    it has buttons.
    """

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Collect a text as it is."""
        await self._persist_message(self._message(recipient_id, text=text))
