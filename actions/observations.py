"""Observations from which nothing follows about the user, or not yet: denied, elsewhere, somebody else's, supposed."""

from __future__ import annotations

import re

from actions.buttons import row_button
from actions.conclusions import conclude
from actions.help_file import ANY_PORTAL, Row
from actions.turn import OTHER_PORTAL, SENT_TO_CORPORATE, SpokenAction, Turn
from components.text import plain

#: Words by which people take back what they said before.
_CORRECTS = re.compile(r"\b(en fait|enfait|finalement|pardon|desolee?|dsl|oups|erreur|tromp\w+|plutot|non|nan|mal lu)\b")


class ActionSawSomethingElse(SpokenAction):
    """Answers an observation that no row has, or one that the message denies."""

    def name(self) -> str:
        """Name of the action."""
        return "action_saw_something_else"

    def speak(self, turn: Turn) -> None:
        """Withdraw what the message denies; keep what it does not touch; never conclude from what is not seen."""
        denied = turn.denied() or turn.mentions("observation")
        if turn.conclusion and turn.conclusion != turn.help_file.fallback.conclusion:
            self._with_conclusion(turn, denied)
        elif denied and turn.question != "what_else_do_you_see":
            self._ask_what_instead(turn)
        else:
            conclude(turn, turn.help_file.fallback)

    @staticmethod
    def _with_conclusion(turn: Turn, denied: list[str]) -> None:
        standing = turn.help_file.row_concluding(turn.conclusion or "", turn.portal)
        if standing.sees in denied:
            turn.set("conclusion", None)
            if turn.portal == SENT_TO_CORPORATE:
                turn.set("portal", standing.portal)
            turn.say("utter_withdrawn")
            ActionSawSomethingElse._ask_what_instead(turn)
        elif denied:
            turn.say("utter_still_stands")
        elif turn.portal in (SENT_TO_CORPORATE, "corporate_portal") and standing.portal != "corporate_portal":
            turn.say("utter_nothing_new")
            turn.say("utter_way_out")
        else:
            conclude(turn, turn.help_file.fallback)

    @staticmethod
    def _ask_what_instead(turn: Turn) -> None:
        if turn.portal in OTHER_PORTAL:
            turn.say("utter_not_seen")
            turn.ask("what_do_you_see")
            turn.set("question", "what_else_do_you_see")
        else:
            turn.ask("which_portal")


class ActionCannotSignIn(SpokenAction):
    """Answers a sign-in failure anywhere but at the Corporate portal."""

    def name(self) -> str:
        """Name of the action."""
        return "action_cannot_sign_in"

    def speak(self, turn: Turn) -> None:
        """Ask where, or give the way out of the help file; a conclusion that stands is left alone."""
        if turn.conclusion and turn.conclusion != turn.help_file.fallback.conclusion:
            turn.say("utter_cannot_sign_in")
            turn.say("utter_way_out")
        elif turn.portal in OTHER_PORTAL:
            turn.say("utter_cannot_sign_in")
            conclude(turn, turn.help_file.fallback)
        else:
            turn.ask("which_sign_in")


def rows_meant(turn: Turn) -> list[Row]:
    """Rows that the message is about, by what it mentions; none if that is denied, unclear, or in no table."""
    observations, portals = turn.mentions("observation"), turn.mentions("portal")
    if len(observations) != 1 or turn.denied():
        return []
    rows = turn.help_file.rows_seen(observations[0], turn.portal)
    return [row for row in rows if row.portal in portals] if portals else rows


class ActionAnswerElsewhere(SpokenAction):
    """Answers an observation that is not the user's own, in the words of ``utter_<about>_<conclusion>``."""

    about: str
    intent: str

    def speak(self, turn: Turn) -> None:
        """Say what would follow, about whom it concerns; ask what is meant if several things could be. No slot changes."""
        conclusions = {row.conclusion: row for row in reversed(rows_meant(turn))}
        if len(conclusions) == 1:
            conclusion, row = conclusions.popitem()
            turn.say(f"utter_{self.about}_{conclusion}", link=turn.help_file.link(row))
        else:
            rows = {row.sees: row for row in turn.help_file.rows.values() if row.portal != ANY_PORTAL}
            turn.ask(f"{self.about}_sees", [row_button(row, self.intent) for row in rows.values()])


class ActionColleague(ActionAnswerElsewhere):
    """Answers what somebody else saw: what follows concerns them."""

    about = "colleague"
    intent = "colleague_observation"

    def name(self) -> str:
        """Name of the action."""
        return "action_answer_about_colleague"


class ActionHypothetical(ActionAnswerElsewhere):
    """Answers « et si… ? », in the conditional."""

    about = "hypothetical"
    intent = "hypothetical_observation"

    def name(self) -> str:
        """Name of the action."""
        return "action_answer_hypothetical"


class ActionAskWhereSubscriptions(SpokenAction):
    """Answers « page Abonnements » said of the Corporate portal, of which the help file does not say that."""

    def name(self) -> str:
        """Name of the action."""
        return "action_ask_where_subscriptions"

    def speak(self, turn: Turn) -> None:
        """Ask where the page was seen."""
        turn.ask("where_subscriptions")


class ActionCorrectToSubscriptions(SpokenAction):
    """Answers « page Abonnements » said after a conclusion that sent the user to the Corporate portal."""

    def name(self) -> str:
        """Name of the action."""
        return "action_correct_to_subscriptions"

    def speak(self, turn: Turn) -> None:
        """Conclude anew if the message corrects what was said; ask where the page was seen if it may be at Corporate."""
        sent_from = turn.help_file.row_concluding(turn.conclusion).portal if turn.conclusion else None
        if _CORRECTS.search(plain(turn.text)):
            conclude(turn, turn.help_file.rows_seen("saw_subscriptions_page", sent_from)[0])
        else:
            turn.ask("where_subscriptions")
