"""One turn of the bot: what every action uses to speak, to ask and to remember."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import help_file
from actions.buttons import Button, button, row_button
from actions.help_file import HelpFile
from actions.meanings import MEANINGS

logger = logging.getLogger(__name__)

#: Value of the slot `portal` while the last conclusion sends people to the Corporate portal and they have not said more.
SENT_TO_CORPORATE = "sent_to_corporate"

OTHER_PORTAL = {"billing_center": "admin_center", "admin_center": "billing_center"}


class Turn:
    """The message being answered, and the answer in the making."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.tracker = tracker
        self.help_file: HelpFile = help_file.load()
        self.events: list[EventType] = []
        self.asked = False
        self._dispatcher = dispatcher

    # What is known

    @property
    def portal(self) -> str | None:
        """The portal that the conversation is about."""
        return self.tracker.get_slot("portal")

    @property
    def question(self) -> str | None:
        """The question that the bot asked last: what « oui » and « non » answer."""
        return self.tracker.get_slot("question")

    @property
    def conclusion(self) -> str | None:
        """What stands about the user."""
        return self.tracker.get_slot("conclusion")

    @property
    def misunderstandings(self) -> int:
        """Messages in a row that were not understood, before this one."""
        return int(self.tracker.get_slot("misunderstandings") or 0)

    @property
    def text(self) -> str:
        """The message, as typed."""
        return self.tracker.latest_message.get("text") or ""

    @property
    def masked(self) -> list[str]:
        """What was masked in this message (channels/privacy.py), such as ``password``."""
        return list(self.tracker.latest_message.get("masked") or [])

    def mentions(self, entity: str) -> list[str]:
        """Values of an entity (``portal``, ``observation``) in this message, without repeats."""
        return list(dict.fromkeys(mention["value"] for mention in self._entities() if mention["entity"] == entity))

    def denied(self) -> list[str]:
        """Observations that the message denies, as components/denial.py marked them."""
        return [mention["value"] for mention in self._entities() if mention.get("denied")]

    def _entities(self) -> list[dict[str, Any]]:
        return list(self.tracker.latest_message.get("entities") or [])

    # What is said

    def say(self, response: str, buttons: list[Button] | None = None, **values: Any) -> None:
        """Utter a response of the domain; the portals' addresses are always among its values."""
        self._dispatcher.utter_message(response=response, buttons=buttons, **self.help_file.addresses(), **values)

    def ask(self, question: str, buttons: list[Button] | None = None) -> None:
        """Ask ``utter_ask_<question>``, with these buttons or those of the portal's rows, and remember that it was asked."""
        self.say(f"utter_ask_{question}", self._row_buttons(question) if buttons is None else buttons)
        self.set("question", question)
        self.asked = True

    def _row_buttons(self, question: str) -> list[Button]:
        if question != "what_do_you_see" or self.portal not in OTHER_PORTAL:
            return []
        return [
            *(row_button(row) for row in self.help_file.rows_at(self.portal)),
            row_button(self.help_file.fallback),
            button(MEANINGS["cannot_sign_in"], f"cannot_sign_in/{self.portal}"),
        ]

    def warn(self) -> None:
        """Tell somebody who sent a password not to do so: once in a conversation."""
        if "password" in self.masked and not self.tracker.get_slot("told_no_passwords"):
            self.say("utter_no_passwords")
            self.set("told_no_passwords", True)

    # What is remembered

    def set(self, slot: str, value: Any) -> None:
        """Set a slot from now on."""
        self.events.append(SlotSet(slot, value))
        self.tracker.slots[slot] = value


class SpokenAction(Action, ABC):
    """An action that speaks.

    - It is the last step of its rule, and says so with a follow-up `action_listen`: Rasa would otherwise look for a rule
      that expects the slots that the action has just set, find none, and fall back.
    - A question holds for one answer: a turn that does not ask forgets the one before, lest a later « oui » answer it.
    - Whatever fails is answered by `utter_technical_trouble`, and leaves the slots alone: rasa-sdk would answer 500 with
      the whole conversation in the body, which Rasa logs before it says nothing to the user.
    """

    #: Whether this answer means that the message was understood: it then ends a series of misunderstandings.
    understood = True

    @abstractmethod
    def name(self) -> str:
        """Name of the action, as the rules call it."""

    @abstractmethod
    def speak(self, turn: Turn) -> None:
        """Answer the message."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Answer the message (see the parent class)."""
        turn = Turn(dispatcher, tracker)
        try:
            if self.understood and turn.misunderstandings:
                turn.set("misunderstandings", 0)
            turn.warn()
            self.speak(turn)
            if turn.question and not turn.asked:
                turn.set("question", None)
        except Exception as error:
            logger.error("%s failed: %s", self.name(), type(error).__name__, exc_info=error)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_technical_trouble")
            return [FollowupAction("action_listen")]
        return [*turn.events, FollowupAction("action_listen")]
