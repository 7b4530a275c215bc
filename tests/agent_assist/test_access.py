"""Who may ask what: tokens and their roles, strangers, settings that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.exceptions import RasaException

from channels.agent_assist.access import STRANGERS, TOKEN_CHARACTERS
from channels.agent_assist.channel import AgentAssistInput
from channels.texts import text
from scripts.run import CannotStart, spare
from tests.agent_assist.conftest import Answer, Desk, messages, own_servers, some_card
from tests.conftest import AGENT_TOKEN, ASSIST, SUPERVISOR_TOKEN, post

UNKNOWN = "jeton-que-personne-n-a-donne-a-personne"
#: Each address, how it is asked, and with what.
ADDRESSES: list[tuple[str, str, Any]] = [
    ("POST", "/suggestions", {"messages": messages("Bonjour, qui gère la facturation chez nous ?")}),
    ("POST", "/feedback", {"suggestion_id": "sg_0", "event": "displayed"}),
    ("GET", "/metrics", None),
]
NOTHING = {"agent_tokens": "", "supervisor_tokens": "", "desks": "", "database": "sqlite://", "open": ""}
FIRST, SECOND = "a" * TOKEN_CHARACTERS, "b" * TOKEN_CHARACTERS
SHORT = "jeton-bien-trop-court"
PASSWORD = "motdepasse-de-la-base"


def expect_unknown(answer: Answer) -> None:
    """Refused as HTTP has it (RFC 9110, section 11.6.1), in French."""
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), answer.raw.decode()
    assert answer.body == {"error": text("utter_token_unknown")}


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {UNKNOWN}",
        f"Bearer {AGENT_TOKEN}x",
        f"Basic {AGENT_TOKEN}",
        AGENT_TOKEN,
        "Bearer " + "é" * 40,
    ],
    ids=["none", "no token", "an empty token", "unknown", "nearly", "another scheme", "no scheme", "no ASCII"],
)
@pytest.mark.parametrize(("method", "path", "body"), ADDRESSES, ids=[path for _, path, _ in ADDRESSES])
def test_who_gives_no_token_that_is_known_is_refused(method: str, path: str, body: Any, authorization: str, desk: Desk) -> None:
    expect_unknown(desk.call(method, path, body, token="", headers={"Authorization": authorization} if authorization else {}))


def test_the_scheme_is_written_as_one_likes(desk: Desk) -> None:
    """RFC 9110, section 11.1."""
    method, path, body = ADDRESSES[0]
    assert desk.call(method, path, body, token="", headers={"Authorization": f"bEARER  {AGENT_TOKEN} "}).status == 200


def test_the_token_counts_before_what_is_asked(desk: Desk) -> None:
    expect_unknown(desk.call("POST", "/suggestions", raw=b"{", token=UNKNOWN))
    expect_unknown(desk.call("GET", "/metrics?since=hier", token=UNKNOWN))


def test_the_figures_are_not_for_agents(desk: Desk) -> None:
    answer = desk.call("GET", "/metrics")
    assert (answer.status, answer.body) == (403, {"error": text("utter_token_not_for_this")})
    assert "WWW-Authenticate" not in answer.headers


def test_a_supervisor_may_do_all(desk: Desk) -> None:
    supervisor = Desk(desk.url.removesuffix("/webhooks/agent_assist"), token=SUPERVISOR_TOKEN)
    supervisor.feedback(some_card(supervisor), "displayed")
    assert supervisor.metrics()["total"]["displayed"] >= 1


def test_whoever_asks_may_read_the_description(desk: Desk) -> None:
    assert desk.call("GET", "/openapi.json", token="").body["openapi"].startswith("3.1")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of servers that let agents in without a token; strangers may be held off there, nobody else asks."""
    with own_servers(tmp_path_factory.mktemp("open"), AIGUILLEUR_ASSIST_OPEN="true") as servers:
        yield Desk(servers.url, token="")


def test_where_it_is_open_agents_need_no_token(opened: Desk) -> None:
    opened.feedback(some_card(opened), "displayed")
    assert opened.call("POST", "/feedback", ADDRESSES[1][2], token=AGENT_TOKEN).status == 404, "theirs is good as well"


def test_where_it_is_open_the_figures_need_a_token(opened: Desk) -> None:
    assert opened.call("GET", "/metrics").status == 403
    assert opened.metrics()["total"]["suggested"] >= 0


@pytest.mark.parametrize(
    "authorization", [f"Bearer {UNKNOWN}", "Bearer", f"Basic {AGENT_TOKEN}"], ids=["unknown", "none", "basic"]
)
def test_where_it_is_open_a_wrong_token_is_wrong(authorization: str, opened: Desk) -> None:
    for method, path, body in ADDRESSES:
        expect_unknown(opened.call(method, path, body, headers={"Authorization": authorization}))


def test_strangers_are_held_to_a_rate(opened: Desk) -> None:
    """Last in line on these servers. Whoever has a token is still answered, and where it is open, who has none."""

    def guess(number: int) -> Answer:
        return opened.call("POST", "/feedback", ADDRESSES[1][2], token=f"{UNKNOWN}-{number}")

    with ThreadPoolExecutor(8) as guesses:
        answers = list(guesses.map(guess, range(STRANGERS.amount + 20)))
    held = [answer for answer in answers if answer.status == 429]
    assert {answer.status for answer in answers} == {401, 429} and len(held) >= 20
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in held)
    assert all(answer.body == {"error": text("utter_too_many_messages")} for answer in held)
    assert opened.call("POST", "/feedback", ADDRESSES[1][2], token=AGENT_TOKEN).status == 404
    assert opened.call("POST", "/feedback", ADDRESSES[1][2]).status == 404
    assert opened.metrics()


def test_without_tokens_it_is_off(tmp_path: Path) -> None:
    """The other channels are not."""
    off = {"AIGUILLEUR_ASSIST_AGENT_TOKENS": "", "AIGUILLEUR_ASSIST_SUPERVISOR_TOKENS": ""}
    with own_servers(tmp_path, **off) as servers:
        desk = Desk(servers.url)
        for method, path, body in [*ADDRESSES, ("GET", "/panel", None), ("GET", "/openapi.json", None)]:
            assert desk.call(method, path, body).status == 404, path
        assert post(f"{servers.url}/webhooks/rest/webhook", {"sender": "off", "message": "bonjour"})[0] == 200
        assert not (tmp_path / "agent_assist.db").exists()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"agent_tokens": SHORT}, "AIGUILLEUR_ASSIST_AGENT_TOKENS"),
        ({"agent_tokens": f"{FIRST},{SHORT}"}, "AIGUILLEUR_ASSIST_AGENT_TOKENS"),
        ({"agent_tokens": f"{FIRST}é"}, "AIGUILLEUR_ASSIST_AGENT_TOKENS"),
        ({"agent_tokens": FIRST, "supervisor_tokens": SHORT}, "AIGUILLEUR_ASSIST_SUPERVISOR_TOKENS"),
        ({"agent_tokens": FIRST, "supervisor_tokens": f"{SECOND}, {FIRST}"}, "AIGUILLEUR_ASSIST_SUPERVISOR_TOKENS"),
        ({"agent_tokens": FIRST, "desks": "chat.example.fr"}, "AIGUILLEUR_ASSIST_DESKS: 'chat.example.fr'"),
        ({"agent_tokens": FIRST, "desks": "https://chat.example.fr, *"}, r"AIGUILLEUR_ASSIST_DESKS: '\*'"),
        ({"agent_tokens": FIRST, "desks": "https://chat.example.fr/desk"}, "AIGUILLEUR_ASSIST_DESKS"),
        ({"agent_tokens": FIRST, "database": ""}, "AIGUILLEUR_ASSIST_DATABASE"),
        ({"agent_tokens": FIRST, "database": "sqlite:////dev/null/agent_assist.db"}, "AIGUILLEUR_ASSIST_DATABASE"),
        ({"agent_tokens": FIRST, "database": f"nothing://bot:{PASSWORD}@localhost/feedback"}, "AIGUILLEUR_ASSIST_DATABASE"),
        ({"agent_tokens": FIRST, "database": f"bot:{PASSWORD}@localhost/feedback"}, "AIGUILLEUR_ASSIST_DATABASE"),
        ({"agent_tokns": FIRST}, "credentials.yml, agent_assist: .*agent_tokns"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(RasaException, match=named) as refused:
        AgentAssistInput.from_credentials({**NOTHING, **given})
    said = str(refused.value)
    assert "\n" not in said
    assert [secret for secret in (FIRST, SECOND, SHORT, PASSWORD) if secret in said] == []


@pytest.mark.parametrize(
    "given",
    [
        {"agent_tokens": f" {FIRST} ,, {SECOND}, "},
        {"supervisor_tokens": f"{FIRST},{FIRST}"},
        {"open": "TRUE"},
        {"agent_tokens": FIRST, "desks": "https://chat.example.fr/ http://127.0.0.1:8080"},
    ],
)
def test_settings_that_can_be_used(given: dict[str, str]) -> None:
    AgentAssistInput.from_credentials({**NOTHING, **given})


@pytest.mark.parametrize(
    "given",
    [
        {"AIGUILLEUR_ASSIST_AGENT_TOKENS": SHORT},
        {"AIGUILLEUR_ASSIST_DATABASE": f"nothing://bot:{PASSWORD}@localhost/feedback"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_the_command_says_which_setting_cannot_be_used_in_one_line(given: dict[str, str], tmp_path: Path) -> None:
    """And its log holds no secret either."""
    (variable,) = given
    servers = spare(tmp_path, environment={**ASSIST, **given})
    try:
        with pytest.raises(CannotStart, match=variable) as refused:
            servers.start()
    finally:
        servers.stop()
    log = (servers.logs / "rasa.log").read_text(encoding="utf-8")
    assert "\n" not in str(refused.value)
    secrets = (SHORT, PASSWORD, AGENT_TOKEN, SUPERVISOR_TOKEN)
    assert [secret for secret in secrets if secret in log or secret in str(refused.value)] == []
