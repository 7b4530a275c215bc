"""The record of one replay, and an agent that keeps it apart from the customers'."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

NAME = "agent_assist"
#: The one conversation of each replay's record.
SENDER = f"{NAME}:replay"


class ReplayFailed(Exception):
    """The bot could not answer one of the messages, for a technical reason."""


class _CheckedAction(RemoteAction):
    """Rasa's RemoteAction checks its own schema for what the action server answers anew each time, which takes 30 ms."""

    _validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        self._validator.validate(result)
        return True


class _Record(TrackerStore):
    """The record of one replay. Rasa's InMemoryTrackerStore reads all events anew each time it is asked, 5 ms of each turn."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self._tracker: DialogueStateTracker | None = None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the record."""
        self._tracker = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The record, once there is one."""
        return self._tracker

    async def keys(self) -> Iterable[str]:
        """The one conversation that it is about."""
        return [SENDER]


class _Processor(MessageProcessor):
    """A loaded processor, with a record of its own. Rasa's constructor would load the model once more."""

    def __init__(self, loaded: MessageProcessor, record: _Record) -> None:
        self.__dict__.update(loaded.__dict__)
        self.tracker_store = record

    async def _run_action(self, action: Action, *context: Any, **named: Any) -> bool:
        if isinstance(action, RemoteAction):
            action = _CheckedAction(action.name(), self.action_endpoint)
        return bool(await super()._run_action(action, *context, **named))


def apart(agent: Agent) -> Agent:
    """The same agent, with a record of its own."""
    other = copy.copy(agent)
    other.tracker_store, other.lock_store = _Record(agent.domain), InMemoryLockStore()
    other.processor = _Processor(agent.processor, other.tracker_store)
    return other


async def record(agent: Agent) -> DialogueStateTracker:
    """What is on record of the replay.

    Raises:
        ReplayFailed: nothing is.
    """
    tracker = await agent.tracker_store.retrieve(SENDER)
    if tracker is None:
        raise ReplayFailed
    return tracker


def last_turn(tracker: DialogueStateTracker) -> list[Event]:
    """What happened since the customer's last message."""
    events = list(tracker.events)
    for number in range(len(events) - 1, -1, -1):
        if isinstance(events[number], UserUttered):
            return events[number + 1 :]
    return []
