"""Messages that the bot does not understand, and those that are none of its business."""

from __future__ import annotations

import os

from actions.answers import REPEATABLE, ask_again
from actions.buttons import button
from actions.meanings import MEANINGS
from actions.turn import SpokenAction, Turn

EXCERPT_LENGTH = 80
MEANINGS_OFFERED = 3
#: Two meanings that are together as likely as this are all that is offered: the bot hesitates between them.
BETWEEN_TWO = 0.8


def excerpt(text: str) -> str:
    """The beginning of a message, on one line, to quote it. Rasa's templates choke on a value that holds ``0[``."""
    line = " ".join(text.split()).replace("0[", "0 [")
    return line if len(line) <= EXCERPT_LENGTH else line[:EXCERPT_LENGTH].rstrip() + "…"


class ActionNotUnderstood(SpokenAction):
    """Hesitates between two meanings, or says what was not understood and offers three; the second time, the way out."""

    understood = False

    def name(self) -> str:
        """Name of the action."""
        return "action_not_understood"

    def speak(self, turn: Turn) -> None:
        """Offer meanings, or the way out."""
        times = turn.misunderstandings + 1
        turn.set("misunderstandings", times)
        if times >= 2:
            turn.say("utter_not_understood_again", excerpt=excerpt(turn.text))
            turn.say("utter_way_out")
            return
        ranking = turn.tracker.latest_message.get("intent_ranking") or []
        likely = {guess["name"]: guess["confidence"] for guess in ranking if guess["name"] in MEANINGS}
        two = list(likely)[:2]
        if len(two) == 2 and sum(likely[intent] for intent in two) >= BETWEEN_TWO:
            first, second = (MEANINGS[intent] for intent in two)
            turn.say("utter_hesitates", [button(MEANINGS[intent], intent) for intent in two], first=first, second=second)
            return
        offered = list(likely or MEANINGS)[:MEANINGS_OFFERED]
        turn.say("utter_not_understood", [button(MEANINGS[intent], intent) for intent in offered], excerpt=excerpt(turn.text))


class ActionOutOfScope(SpokenAction):
    """Says what the bot can answer, and comes back to the question that is pending."""

    def name(self) -> str:
        """Name of the action."""
        return "action_out_of_scope"

    def speak(self, turn: Turn) -> None:
        """Decline; nothing that stands changes."""
        turn.say("utter_out_of_scope")
        if turn.question in REPEATABLE:
            ask_again(turn)


class ActionRequestHuman(SpokenAction):
    """Says how to reach a human: AIGUILLEUR_HUMAN_CONTACT if it is set, the account administrator otherwise.

    Channels that have humans of their own hand the conversation over (``hand_over`` in the message).
    """

    def name(self) -> str:
        """Name of the action."""
        return "action_request_human"

    def speak(self, turn: Turn) -> None:
        """Say whom to contact."""
        contact = os.environ.get("AIGUILLEUR_HUMAN_CONTACT", "").strip()
        if contact:
            turn.say("utter_request_human_at", contact=contact, hand_over=True)
        else:
            turn.say("utter_request_human", hand_over=True)
