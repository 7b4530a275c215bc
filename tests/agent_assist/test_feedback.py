"""What became of the suggestions: each event is kept once, and the figures are those of a worked example."""

from __future__ import annotations

import datetime
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy.exc import SQLAlchemyError

from channels.agent_assist.channel import DAYS
from channels.agent_assist.feedback import EVENTS, TEXT_DAYS, Feedback
from channels.agent_assist.schemas import check
from channels.texts import text
from scripts.run import Servers
from tests.agent_assist.conftest import CARDS, Answer, Card, Desk, own_servers, some_card

SUBSCRIPTIONS = ("Je suis allé au centre de facturation.", "J'y vois la page Abonnements.")
REFUSED = ("Je suis sur le portail Corporate.", "Impossible de m'y connecter, il me refuse.")
QUESTION = ("Qui est le contact de facturation de mon compte ?",)

#: A suggestion each: for what was said, on which day (UTC), and what became of it.
EXAMPLE = (
    (SUBSCRIPTIONS, "2026-03-02 00:00:00.000000", ("displayed", "inserted", "edited", "sent")),
    (SUBSCRIPTIONS, "2026-03-02 23:59:59.999999", ("displayed", "sent")),
    (SUBSCRIPTIONS, "2026-03-08 12:00:00.000000", ("displayed", "dismissed", "thumbs_down")),
    (REFUSED, "2026-03-09 12:00:00.000000", ("inserted", "thumbs_up")),
    (QUESTION, "2026-04-01 12:00:00.000000", ("displayed", "displayed")),
    (QUESTION, "2026-03-31 12:00:00.000000", ()),
)
CARD = {"id": "sg_1", "kind": "answer", "title": "T", "confidence": 1.0, "row": None}
ALL = {"since": "2026-03-01", "until": "2026-04-30"}


class Own(NamedTuple):
    """Servers whose figures nobody else changes, a desk of theirs, and where feedback is kept."""

    servers: Servers
    desk: Desk
    database: Path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    folder = tmp_path_factory.mktemp("feedback")
    with own_servers(folder) as servers:
        own = Own(servers, Desk(servers.url), folder / "agent_assist.db")
        work_example(own)
        yield own


def work_example(own: Own) -> None:
    """Make the suggestions of the example, and put them on their days."""
    for said, at, events in EXAMPLE:
        (card,) = own.desk.suggest(*said, conversation={"id": uuid.uuid4().hex}, max_suggestions=1).cards
        own.desk.feedback(card, *events)
        with closing(sqlite3.connect(own.database)) as file, file:
            assert file.execute("update agent_assist_suggestions set at = ? where id = ?", (at, card.id)).rowcount == 1


def figures(suggested: int, *events: int, accepted: float | None, edited: float | None) -> dict[str, Any]:
    """Counts, the events in their order, and the two rates."""
    return {
        "suggested": suggested,
        **dict(zip(EVENTS, events, strict=True)),
        "acceptance_rate": accepted,
        "edit_rate": edited,
    }


@contextmanager
def locked(own: Own) -> Iterator[None]:
    """While another program writes to the database, and does not end."""
    with closing(sqlite3.connect(own.database, isolation_level=None)) as file:
        file.execute("begin exclusive")
        yield


@contextmanager
def gone(own: Own) -> Iterator[None]:
    """While the tables are not there."""
    with closing(sqlite3.connect(own.database, isolation_level=None)) as file:
        for table in ("suggestions", "events"):
            file.execute(f"alter table agent_assist_{table} rename to hidden_{table}")
        yield
        for table in ("suggestions", "events"):
            file.execute(f"alter table hidden_{table} rename to agent_assist_{table}")


def expect_kept(answer: Answer, kept: bool) -> None:
    """An event was told; whether it was new."""
    assert (answer.status, answer.body) == (200, {"kept": kept}), answer.raw.decode()


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_kept_and_counted(event: str, desk: Desk) -> None:
    before = desk.metrics()["total"]
    more = {"final_text": "Bonjour, vous êtes la bonne personne.", "reason": "Trop long"}
    desk.feedback(some_card(desk), event, **more)
    after = desk.metrics()["total"]
    changed = {name for name in ("suggested", *EVENTS) if after[name] != before[name]}
    assert changed == {"suggested", event} and after[event] == before[event] + 1


def test_the_same_event_is_kept_once(desk: Desk) -> None:
    first, second = some_card(desk), some_card(desk)
    for kept in (True, False, False):
        expect_kept(desk.tell(first.id, "sent", event_id="e-1"), kept)
    expect_kept(desk.tell(first.id, "sent", event_id="e-2"), True)
    expect_kept(desk.tell(second.id, "sent", event_id="e-1"), True)
    expect_kept(desk.tell(first.id, "sent"), True)


def test_of_two_thumbs_the_last_one_counts(desk: Desk) -> None:
    before = desk.metrics()["total"]
    desk.feedback(some_card(desk), "displayed", "thumbs_down", "thumbs_up")
    after = desk.metrics()["total"]
    assert (after["thumbs_up"] - before["thumbs_up"], after["thumbs_down"] - before["thumbs_down"]) == (1, 0)


def test_what_agents_wrote_is_erased_in_time_and_still_counted(tmp_path: Path) -> None:
    feedback = Feedback(f"sqlite:///{tmp_path / 'own.db'}")
    feedback.made({"suggestions": [CARD], "model": "m"})
    feedback.keep({"suggestion_id": "sg_1", "event": "sent", "final_text": "Bonjour", "reason": "Trop long"})
    with closing(sqlite3.connect(tmp_path / "own.db")) as file:
        for days, texts in ((TEXT_DAYS - 1, ("Bonjour", "Trop long")), (TEXT_DAYS + 1, (None, None))):
            with file:
                file.execute("update agent_assist_events set at = datetime('now', ?) where event = 'sent'", (f"-{days} days",))
            feedback.keep({"suggestion_id": "sg_1", "event": "thumbs_up"})
            found = file.execute("select final_text, reason from agent_assist_events where event = 'sent'").fetchone()
            assert found == texts
    today = datetime.datetime.now(datetime.timezone.utc).date()
    assert feedback.metrics(today, today, "day")["total"]["sent"] == 1
    feedback.close()


def test_trouble_with_the_database_tells_no_text(tmp_path: Path) -> None:
    """The error is logged."""
    feedback = Feedback(f"sqlite:///{tmp_path / 'own.db'}")
    feedback.made({"suggestions": [CARD], "model": "m"})
    with closing(sqlite3.connect(tmp_path / "own.db")) as file:
        file.execute("alter table agent_assist_events drop column final_text")
    with pytest.raises(SQLAlchemyError) as raised:
        feedback.keep({"suggestion_id": "sg_1", "event": "sent", "final_text": "Bonjour Madame Lenoir"})
    assert "Lenoir" not in str(raised.value)


def test_a_suggestion_made_again_is_the_same_one(desk: Desk) -> None:
    before = desk.metrics()["total"]["suggested"]
    conversation = {"id": uuid.uuid4().hex}
    made = [desk.suggest(*SUBSCRIPTIONS, conversation=conversation) for _ in range(3)]
    assert made[0].body == made[1].body == made[2].body
    assert desk.metrics()["total"]["suggested"] == before + len(made[0].cards)


@pytest.mark.parametrize("suggestion", ["sg_0", "é", "\ud800", "' or 1=1 --", "x" * 128], ids=ascii)
def test_a_suggestion_that_was_never_made_is_not_found(suggestion: str, desk: Desk) -> None:
    answer = desk.tell(suggestion, "sent")
    assert (answer.status, answer.body) == (404, {"error": text("utter_no_such_suggestion")})


@pytest.mark.parametrize("raw", [b"{", b"", b"[]", b'"sent"', b"null", b"\xff"])
@pytest.mark.parametrize("path", ["/feedback", "/suggestions"])
def test_what_is_no_object_in_json_is_unreadable(path: str, raw: bytes, desk: Desk) -> None:
    answer = desk.call("POST", path, raw=raw)
    assert (answer.status, answer.body) == (400, {"error": text("utter_unreadable_request")})


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
@pytest.mark.parametrize("path", ["/feedback", "/suggestions"])
def test_another_content_type_is_refused(path: str, content_type: str, desk: Desk) -> None:
    answer = desk.call("POST", path, {"suggestion_id": "sg_0", "event": "sent"}, headers={"Content-Type": content_type})
    assert (answer.status, answer.body) == (415, {"error": text("utter_not_json")})


def test_a_content_type_may_have_parameters(desk: Desk) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    expect_kept(desk.call("POST", "/feedback", {"suggestion_id": some_card(desk).id, "event": "sent"}, headers=headers), True)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"suggestion_id": None}, "/suggestion_id"),
        ({"suggestion_id": ""}, "/suggestion_id"),
        ({"suggestion_id": "x" * 129}, "/suggestion_id"),
        ({"event": "clicked"}, "/event"),
        ({"event": ["sent"]}, "/event"),
        ({"event_id": 1}, "/event_id"),
        ({"final_text": "a" * 20_001}, "/final_text"),
        ({"reason": "a" * 2_001}, "/reason"),
    ],
)
def test_what_is_not_as_described_is_named(changed: dict[str, Any], where: str, desk: Desk) -> None:
    answer = desk.call("POST", "/feedback", {"suggestion_id": "sg_0", "event": "sent", **changed})
    assert (answer.status, answer.body) == (422, {"error": text("utter_not_as_described", where=where), "where": where})


@pytest.mark.parametrize("body", [{}, {"event": "sent"}, {"suggestion_id": "sg_0"}])
def test_what_is_missing_is_named_as_the_whole(body: dict[str, Any], desk: Desk) -> None:
    answer = desk.call("POST", "/feedback", body)
    assert (answer.status, answer.body["where"]) == (422, "/")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("since=2026-02-30", "/since"),
        ("since=", "/since"),
        ("until=demain", "/until"),
        ("until=2026-03-01T00:00:00Z", "/until"),
        ("by=year", "/by"),
        ("by=", "/by"),
    ],
)
def test_a_query_that_is_not_as_described_is_named(query: str, where: str, desk: Desk) -> None:
    answer = desk.call("GET", f"/metrics?{query}", token=desk.supervisor)
    assert (answer.status, answer.body["where"]) == (422, where)


def test_by_default_the_figures_are_those_of_the_last_days(own: Own) -> None:
    """None of the example, which is older."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    before = own.desk.metrics()
    some_card(own.desk)
    found = own.desk.metrics()
    check(found, "Metrics")
    assert (found["since"], found["until"]) == ((today - datetime.timedelta(days=DAYS)).isoformat(), today.isoformat())
    assert found["total"]["suggested"] == before["total"]["suggested"] + 1
    assert [period["period"] for period in found["over_time"]] == [today.isoformat()]


def test_the_figures_of_the_example(own: Own) -> None:
    """Of four that were displayed, two were taken. Of all three that were taken, one was changed."""
    found = own.desk.metrics(**ALL)
    check(found, "Metrics")
    assert (found["since"], found["until"]) == (ALL["since"], ALL["until"])
    assert found["total"] == figures(6, 4, 2, 1, 2, 1, 1, 1, accepted=0.5, edited=0.3333)


def test_the_figures_by_row(own: Own) -> None:
    """The most frequent first; a question is of no row."""
    found = own.desk.metrics(**ALL)["by_row"]
    expected = [
        {
            "row": "billing_center_subscriptions",
            "kind": "answer",
            "title": CARDS["conclusions"]["billing_admin"],
            **figures(3, 3, 1, 1, 2, 1, 0, 1, accepted=0.6667, edited=0.5),
        },
        {
            "row": None,
            "kind": "next_question",
            "title": CARDS["questions"]["which_portal"]["title"],
            **figures(2, 1, 0, 0, 0, 0, 0, 0, accepted=0.0, edited=None),
        },
        {
            "row": "corporate_sign_in_failed",
            "kind": "answer",
            "title": CARDS["conclusions"]["not_billing_admin"],
            **figures(1, 0, 1, 0, 0, 0, 1, 0, accepted=None, edited=0.0),
        },
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("by", "periods"),
    [
        ("day", {"2026-03-02": 2, "2026-03-08": 1, "2026-03-09": 1, "2026-03-31": 1, "2026-04-01": 1}),
        ("week", {"2026-03-02": 3, "2026-03-09": 1, "2026-03-30": 2}),
        ("month", {"2026-03-01": 5, "2026-04-01": 1}),
    ],
)
def test_the_figures_over_time(by: str, periods: dict[str, int], own: Own) -> None:
    """A week begins on Monday; what falls into no period has none."""
    found = own.desk.metrics(**ALL, by=by)["over_time"]
    assert [(period["period"], period["suggested"]) for period in found] == list(periods.items())


def test_a_period_has_all_figures(own: Own) -> None:
    first, *_ = own.desk.metrics(**ALL, by="week")["over_time"]
    assert first == {"period": "2026-03-02", **figures(3, 3, 1, 1, 2, 1, 0, 1, accepted=0.6667, edited=0.5)}


@pytest.mark.parametrize(
    ("since", "until", "suggested"),
    [
        ("2026-03-02", "2026-03-02", 2),
        ("2026-03-03", "2026-03-07", 0),
        ("2026-03-08", "2026-03-09", 2),
        ("2026-03-31", "2026-04-01", 2),
        ("2026-04-30", "2026-03-01", 0),
    ],
)
def test_the_first_and_the_last_day_count(since: str, until: str, suggested: int, own: Own) -> None:
    assert own.desk.metrics(since=since, until=until)["total"]["suggested"] == suggested


def test_without_any_suggestion_there_are_no_rates(own: Own) -> None:
    found = own.desk.metrics(since="2020-01-01", until="2020-12-31")
    assert found["total"] == figures(0, 0, 0, 0, 0, 0, 0, 0, accepted=None, edited=None)
    assert (found["by_row"], found["over_time"]) == ([], [])


def test_until_alone_is_about_the_days_before(own: Own) -> None:
    found = own.desk.metrics(until="2026-04-01")
    assert (found["since"], found["total"]["suggested"]) == ("2026-03-02", 6)


@pytest.mark.parametrize("trouble", [locked, gone])
def test_feedback_that_cannot_be_kept_may_be_told_again(trouble: Any, own: Own) -> None:
    card: Card = some_card(own.desk)
    with trouble(own):
        answer = own.desk.tell(card.id, "sent", event_id="once")
        assert (answer.status, answer.body) == (503, {"error": text("utter_try_again_later")})
        assert int(answer.headers["Retry-After"]) >= 1
    expect_kept(own.desk.tell(card.id, "sent", event_id="once"), True)


@pytest.mark.parametrize("trouble", [locked, gone])
def test_agents_are_advised_even_while_feedback_cannot_be_kept(trouble: Any, own: Own) -> None:
    with trouble(own):
        assert own.desk.suggest(*SUBSCRIPTIONS, conversation={"id": uuid.uuid4().hex}).conclusion == "billing_admin"
    own.desk.feedback(some_card(own.desk), "displayed")


def test_feedback_survives_a_power_cut(own: Own) -> None:
    """Last in line on these servers, for it stops them."""
    card = some_card(own.desk)
    expect_kept(own.desk.tell(card.id, "sent", event_id="before"), True)
    before = own.desk.metrics(**ALL), own.desk.metrics()
    own.servers.kill("rasa")
    own.servers.start_rasa()
    assert (own.desk.metrics(**ALL), own.desk.metrics()) == before
    expect_kept(own.desk.tell(card.id, "sent", event_id="before"), False)
    expect_kept(own.desk.tell(card.id, "thumbs_up"), True)
