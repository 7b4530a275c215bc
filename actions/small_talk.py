"""Answers that say one text and change nothing."""

from __future__ import annotations

from abc import abstractmethod

from actions.turn import SpokenAction, Turn

#: Action -> what it says.
SAID = {
    "action_greet": "utter_greet",
    "action_goodbye": "utter_goodbye",
    "action_thank": "utter_thank",
    "action_bot_challenge": "utter_bot_challenge",
    "action_answer_role": "utter_role",
    "action_answer_who_can_see": "utter_who_can_see",
}


class ActionSay(SpokenAction):
    """Says one text. A plain response would do, but for the pending question, which it cannot forget."""

    @property
    @abstractmethod
    def response(self) -> str:
        """The text to say."""

    def speak(self, turn: Turn) -> None:
        """Say it."""
        turn.say(self.response)


for _action, _response in SAID.items():
    _class = f"ActionSay_{_action}"
    globals()[_class] = type(
        _class, (ActionSay,), {"name": lambda self, name=_action: name, "response": _response, "__module__": __name__}
    )
