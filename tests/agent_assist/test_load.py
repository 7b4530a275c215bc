"""Many desks at once, and what fails: each request has its own answer, and customers have theirs. It stops the servers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from actions.help_file import load
from channels.agent_assist.channel import SECONDS
from channels.texts import text
from scripts.run import Servers
from tests.agent_assist.conftest import Answer, Desk, Suggested
from tests.bot.test_rows import SAID
from tests.conftest import Conversation, halted, without_actions

DESKS, CUSTOMERS = 100, 10
ROWS = list(load().rows)
NAMES = ["Zoé", "Yanis", "Ines", "Hugo", "Lina", "Paul", "Nora", "Marc", "Rose", "Omar", "Jade", "Eliot", "Alma"]


def said(number: int) -> list[str]:
    """What the customer of a desk wrote: no two wrote the same, and those beside each other saw different things."""
    name = f"{NAMES[number % len(NAMES)]} et {NAMES[number // len(NAMES)]}"
    return [f"Bonjour, ici {name}.", *SAID[ROWS[number % len(ROWS)]]]


def expect_trouble(answer: Answer) -> None:
    """Not now, in French; soon again."""
    assert (answer.status, answer.body) == (503, {"error": text("utter_try_again_later")})
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_each_of_many_at_once_has_its_own_answer_and_so_have_customers(servers: Servers, desk: Desk) -> None:
    def ask(number: int) -> Suggested:
        return desk.suggest(*said(number), conversation={"id": f"desk-{number}"})

    def talk(number: int) -> str | None:
        talk = Conversation(servers.url)
        assert talk.tell(*said(number)).text
        return talk.conclusion

    with ThreadPoolExecutor(DESKS) as desks, ThreadPoolExecutor(CUSTOMERS) as customers:
        asked, told = desks.map(ask, range(DESKS)), customers.map(talk, range(CUSTOMERS))
        suggested, conclusions = list(asked), list(told)
    rows = [ROWS[number % len(ROWS)] for number in range(DESKS)]
    assert [(each.row, each.conclusion) for each in suggested] == [(row, load().rows[row].conclusion) for row in rows]
    assert conclusions == [load().rows[row].conclusion for row in rows[:CUSTOMERS]]
    assert len({each.body["request_id"] for each in suggested}) == DESKS
    cards = [card.id for each in suggested for card in each.cards]
    assert len(set(cards)) == len(cards)
    assert [ask(number).body for number in range(DESKS)] == [each.body for each in suggested], "the same as when alone"


def test_customers_do_not_wait_for_desks(servers: Servers, desk: Desk) -> None:
    """While long transcripts are read, a message of a customer is answered before they are done."""
    long = [line for number in range(8) for line in said(number)]
    with ThreadPoolExecutor(20) as desks:
        asked = [desks.submit(desk.ask, *long, f"Voilà, {name}.") for name in [*NAMES, *map(str.upper, NAMES)][:20]]
        time.sleep(0.2)
        reply = Conversation(servers.url).say("Bonjour, à qui dois-je parler de la facture ?")
        waiting = sum(not each.done() for each in asked)
        assert {each.result().status for each in asked} == {200}
    assert reply.text and waiting > 0


def test_the_action_server_is_down(servers: Servers, desk: Desk) -> None:
    before = desk.suggest(*said(1))
    with without_actions(servers):
        expect_trouble(desk.ask(*said(1)))
    assert desk.suggest(*said(1)).body == before.body


def test_a_transcript_that_takes_too_long_to_read(servers: Servers, desk: Desk) -> None:
    before = desk.suggest(*said(2))
    with halted(servers, "actions"):
        start = time.monotonic()
        expect_trouble(desk.ask(*said(2)))
        assert SECONDS - 1 < time.monotonic() - start < SECONDS + 5
    assert desk.suggest(*said(2)).body == before.body
