"""A channel's lines in ``credentials.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from rasa.core.channels.channel import InputChannel
from rasa.shared.exceptions import RasaException

Channel = TypeVar("Channel", bound=InputChannel)


def made(channel: type[Channel], credentials: dict[str, Any] | None) -> Channel:
    """A channel whose settings are texts, but for the file ``inbox``, if it has one.

    Raises:
        RasaException: a setting is missing, unknown, or cannot be used; the message says so in one line.
    """
    settings: dict[str, Any] = {name: str(value or "") for name, value in (credentials or {}).items()}
    try:
        if "inbox" in settings:
            settings["inbox"] = Path(settings["inbox"])
        return channel(**settings)
    except (KeyError, TypeError) as error:
        raise RasaException(f"credentials.yml, {channel.name()}: {error}.") from error
    except ValueError as error:
        raise RasaException(str(error)) from error
