"""`action_conclude_<row>`: one action a row, which says the row's conclusion, gives its link and asks what comes next."""

from __future__ import annotations

from abc import abstractmethod

from actions import help_file
from actions.help_file import Row
from actions.turn import OTHER_PORTAL, SENT_TO_CORPORATE, SpokenAction, Turn


def conclude(turn: Turn, row: Row) -> None:
    """Say what follows from a row, remember it, and ask what comes next."""
    turn.set("conclusion", row.conclusion)
    if row.portal in turn.help_file.portals:
        turn.set("portal", row.portal)
    say_conclusion(turn, row)


def say_conclusion(turn: Turn, row: Row) -> None:
    """Say a row's conclusion and ask what comes next: the portal that it sends to, or whether this helped."""
    turn.say(f"utter_conclusion_{row.conclusion}", link=turn.help_file.link(row), row=row.id)
    if row.next:
        turn.set("portal", SENT_TO_CORPORATE)
        turn.ask("corporate_sign_in")
        return
    if row == turn.help_file.fallback and turn.portal in OTHER_PORTAL:
        turn.say(f"utter_try_{OTHER_PORTAL[turn.portal]}")
    turn.ask("helpful")


class ActionConclude(SpokenAction):
    """Concludes from one row. Abstract: the classes of the rows are made below, from the tables."""

    @property
    @abstractmethod
    def row(self) -> Row:
        """The row that this action speaks for."""

    def name(self) -> str:
        """`action_conclude_<row>`."""
        return f"action_conclude_{self.row.id}"

    def speak(self, turn: Turn) -> None:
        """Conclude from the row."""
        conclude(turn, self.row)


for _row in help_file.load().rows.values():
    _name = f"ActionConclude_{_row.id}"
    globals()[_name] = type(_name, (ActionConclude,), {"row": _row, "__module__": __name__})
