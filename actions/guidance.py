"""How to find out: which portal, what to do there, what do you see?"""

from __future__ import annotations

from actions.conclusions import say_conclusion
from actions.help_file import ANY_PORTAL
from actions.turn import OTHER_PORTAL, SENT_TO_CORPORATE, SpokenAction, Turn


def guide(turn: Turn) -> None:
    """Say the steps at the portal that the conversation is about and ask what is seen there; ask which portal if unknown."""
    if turn.portal in OTHER_PORTAL:
        turn.say(f"utter_steps_{turn.portal}")
        turn.ask("what_do_you_see")
    elif turn.portal in ("corporate_portal", SENT_TO_CORPORATE):
        turn.say("utter_steps_corporate_portal")
        turn.ask("corporate_sign_in")
    else:
        turn.ask("which_portal")


class ActionFindContact(SpokenAction):
    """Answers « qui est le contact de facturation ? »: what stands already, or how to find out."""

    def name(self) -> str:
        """Name of the action."""
        return "action_find_contact"

    def speak(self, turn: Turn) -> None:
        """Repeat the conclusion that stands, or guide."""
        if turn.conclusion:
            turn.say("utter_as_you_told")
            say_conclusion(turn, turn.help_file.row_concluding(turn.conclusion, turn.portal))
        elif turn.portal:
            guide(turn)
        else:
            turn.say("utter_who_can_find_out")
            turn.ask("which_portal")


class ActionGuide(SpokenAction):
    """Says the steps at the portal that the message names."""

    def name(self) -> str:
        """Name of the action."""
        return "action_guide"

    def speak(self, turn: Turn) -> None:
        """Guide."""
        guide(turn)


class ActionAnswerUserId(SpokenAction):
    """Says where the user ID of the Corporate portal is."""

    def name(self) -> str:
        """Name of the action."""
        return "action_answer_user_id"

    def speak(self, turn: Turn) -> None:
        """Answer, then come back to the sign-in that the user ID is for."""
        turn.say("utter_user_id")
        standing = turn.help_file.row_concluding(turn.conclusion) if turn.conclusion else None
        if standing is None or standing.next or standing.portal in ("corporate_portal", ANY_PORTAL):
            if turn.portal != "corporate_portal":
                turn.set("portal", SENT_TO_CORPORATE)
            turn.ask("corporate_sign_in")


class ActionNotTriedYet(SpokenAction):
    """Answers « je n'ai pas encore essayé »: nothing was seen, so nothing changes."""

    def name(self) -> str:
        """Name of the action."""
        return "action_not_tried_yet"

    def speak(self, turn: Turn) -> None:
        """Say that the conversation can go on later, and how; what was concluded from trying is withdrawn."""
        if turn.conclusion and turn.help_file.row_concluding(turn.conclusion).portal == "corporate_portal":
            turn.set("conclusion", None)
            turn.set("portal", SENT_TO_CORPORATE)
            turn.say("utter_withdrawn")
        turn.say("utter_not_tried_yet")
        if not turn.conclusion and turn.portal is None:
            turn.ask("which_portal")
