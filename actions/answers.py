"""Short answers to the bot's last question: « oui », « non », « je ne sais pas », thumbs up, thumbs down."""

from __future__ import annotations

from actions.guidance import guide
from actions.turn import SpokenAction, Turn

#: Questions that `utter_ask_<question>` can repeat as they are.
REPEATABLE = {
    "which_portal",
    "what_do_you_see",
    "where_subscriptions",
    "which_sign_in",
    "corporate_sign_in",
    "corporate_refused",
}


def ask_again(turn: Turn) -> None:
    """Repeat the question that is pending; ask the first one if there is none."""
    question = "what_do_you_see" if turn.question == "what_else_do_you_see" else turn.question
    if question in REPEATABLE:
        turn.ask(question)
    elif not turn.conclusion:
        guide(turn)


class ActionAskAgain(SpokenAction):
    """Answers a « oui » or « non » that does not say which: the question comes again, then the way out."""

    understood = False

    def name(self) -> str:
        """Name of the action."""
        return "action_ask_again"

    def speak(self, turn: Turn) -> None:
        """Ask again once, then give the way out."""
        times = turn.misunderstandings + 1
        if turn.conclusion and turn.question not in REPEATABLE:
            turn.say("utter_acknowledge")
            times = 0
        elif times >= 2:
            turn.say("utter_way_out")
            times = 0
        else:
            turn.say("utter_which_one")
            ask_again(turn)
        turn.set("misunderstandings", times)


class ActionExplainQuestion(SpokenAction):
    """Answers « je ne sais pas »: explains the pending question (`utter_help_<question>`) and asks it again."""

    understood = False

    def name(self) -> str:
        """Name of the action."""
        return "action_explain_question"

    def speak(self, turn: Turn) -> None:
        """Explain once, then give the way out."""
        times = turn.misunderstandings + 1
        turn.set("misunderstandings", times if times < 2 else 0)
        if times >= 2 or (turn.conclusion and turn.question not in REPEATABLE):
            turn.say("utter_way_out")
            return
        if turn.question in (
            "which_portal",
            "what_do_you_see",
            "what_else_do_you_see",
            "corporate_sign_in",
            "corporate_refused",
        ):
            turn.say(f"utter_help_{turn.question}")
        else:
            turn.say("utter_help_which_portal")
        ask_again(turn)


class ActionAskCorporateRefused(SpokenAction):
    """Answers « non » to « arrivez-vous à vous connecter au portail Corporate ? »: not tried is not refused."""

    def name(self) -> str:
        """Name of the action."""
        return "action_ask_corporate_refused"

    def speak(self, turn: Turn) -> None:
        """Ask whether the sign-in was tried and refused."""
        turn.ask("corporate_refused")


class ActionFeedback(SpokenAction):
    """Answers « oui » or « non » to « cette réponse vous a-t-elle aidé ? »."""

    def name(self) -> str:
        """Name of the action."""
        return "action_thank_for_feedback"

    def speak(self, turn: Turn) -> None:
        """Thank, or give the way out; the conclusion stands either way."""
        helped = turn.tracker.get_intent_of_latest_message() in ("affirm", "feedback_positive")
        turn.say("utter_helpful" if helped else "utter_not_helpful")
