"""Agents: each token may ask often, but not without end; feedback does not tell who gave it."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from channels.agent_assist.access import REQUESTS
from channels.texts import text
from tests.agent_assist.conftest import Desk, own_servers, some_card
from tests.conftest import AGENT_TOKEN

AT_ONCE = 8


def test_each_token_is_held_to_a_rate(tmp_path: Path) -> None:
    hasty = secrets.token_urlsafe(32)
    with own_servers(tmp_path, AIGUILLEUR_ASSIST_AGENT_TOKENS=f"{AGENT_TOKEN},{hasty}") as servers:
        desk = Desk(servers.url)
        # Twice as many, for a new minute may begin in between. What an agent may not do counts as well, and takes no time.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = pool.map(lambda _: desk.call("GET", "/metrics", token=hasty), range(2 * REQUESTS.amount + AT_ONCE))
            answers = list(asked)
        held = [answer for answer in answers if answer.status == 429]
        assert {answer.status for answer in answers} == {403, 429}
        assert len(answers) - len(held) in range(REQUESTS.amount, 2 * REQUESTS.amount + 1)
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in held)
        assert all(answer.body == {"error": text("utter_too_many_messages")} for answer in held)
        desk.feedback(some_card(desk), "displayed")
