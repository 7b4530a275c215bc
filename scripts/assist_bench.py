"""Measure the agents' interface beside what people would do without it: the same messages sent to the bot one after the other.

Transcripts of ten messages, with the customer and the agent in turn, and with the customer alone; each has texts of its own,
so that nothing can be remembered. All in one run, in turn: ratios count, for the machine is shared.

With ``--conversations FILE``, how often the suggestions are right as well. FILE has a conversation in each line, as JSON:
``{"id": …, "turns": [texts of the customer], "expected": a conclusion or "none", "must_not": [conclusions]}``. A conversation
is right if the first suggestion after its last message carries the expected conclusion; where none is expected, null is right,
and ``ask_account_admin`` as well, unless it is in ``must_not``. Each is read twice: with the customer's messages alone, and with
an agent who sends all drafts after each. Counted too: first suggestions, after any message, with a conclusion of ``must_not``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import secrets
import statistics
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scripts.run import Servers, running, spare

RUNS, WARM_UP, LENGTH = 100, 5, 10

NAMES = ["Alix", "Basile", "Chloé", "Damien", "Élise", "Farid", "Gaëlle", "Hélène", "Idris", "Jeanne", "Karim", "Louise"]
TOWNS = ("Angers", "Brest", "Caen", "Dijon", "Évreux", "Foix", "Gap", "Hyères", "Istres", "Jonzac", "Laval", "Metz", "Nice")
SAID = (
    "Bonjour, je cherche qui est le contact de facturation chez nous",
    "Je suis administrateur de compte",
    "J'ouvre le Centre d'administration comme vous dites",
    "Je ne vois pas la page Abonnements",
    "On me demande de sélectionner un produit",
    "Je vais sur le portail Corporate",
    "Où est-ce que je trouve mon ID utilisateur",
    "La connexion est refusée",
    "Et mon collègue, il peut voir qui c'est",
    "Merci beaucoup pour votre aide",
)
ANSWERED = (
    "Bonjour, je m'en occupe",
    "Où pouvez-vous vérifier",
    "Dites-moi ce qui s'affiche",
    "Prenez votre temps",
    "Je reste avec vous",
)


class Transcript(NamedTuple):
    """Who said what, oldest first; the last is the customer's."""

    messages: list[dict[str, str]]

    @property
    def of_customer(self) -> list[str]:
        """What the customer wrote."""
        return [message["text"] for message in self.messages if message["author"] == "customer"]


class Bot:
    """Asks the servers.

    Args:
        servers: the pair.
        token: an agent's.
    """

    def __init__(self, servers: Servers, token: str) -> None:
        self._url, self._token = servers.url, token

    def suggest(self, messages: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
        """What an agent could answer; waits where it is asked too often."""
        body = {"messages": messages, "conversation": {"id": uuid.uuid4().hex}}
        while True:
            try:
                return list(self._post("agent_assist/suggestions", body)["suggestions"])
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise
                time.sleep(int(error.headers["Retry-After"]))

    def talk(self, texts: Sequence[str]) -> None:
        """Send messages to the bot, one after the other, in a conversation of their own."""
        sender = f"bench-{uuid.uuid4()}"
        for text in texts:
            self._post("rest/webhook", {"sender": sender, "message": text})

    def _post(self, path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(f"{self._url}/webhooks/{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


def transcripts(authors: Sequence[str], people: Iterator[str]) -> Iterator[Transcript]:
    """Transcripts in which nobody says what was said in another."""
    for who in people:
        said, answered = iter(SAID), iter(ANSWERED)
        texts = [f"{next(said if author == 'customer' else answered)} ({who})." for author in authors]
        yield Transcript([{"author": author, "text": text} for author, text in zip(authors, texts, strict=True)])


def milliseconds(work: Callable[[], Any]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure_times(bot: Bot) -> None:
    """Measure how soon there is an answer, and print it."""
    people = (f"{first} et {second}, de {town}" for first, second, town in itertools.product(NAMES, NAMES, TOWNS))
    kinds = {
        "customer and agent in turn": transcripts(["agent", "customer"] * (LENGTH // 2), people),
        "customer alone": transcripts(["customer"] * LENGTH, people),
    }
    ways: dict[str, Callable[[Transcript], Any]] = {
        "one request": lambda transcript: bot.suggest(transcript.messages),
        "one after the other": lambda transcript: bot.talk(transcript.of_customer),
    }
    times: dict[tuple[str, str], list[float]] = {(kind, way): [] for kind in kinds for way in ways}
    for number in range(WARM_UP + RUNS):
        for kind, made in kinds.items():
            for way, work in ways.items():
                transcript = next(made)  # another one for each way
                taken = milliseconds(lambda work=work, transcript=transcript: work(transcript))  # type: ignore[misc]
                if number >= WARM_UP:
                    times[kind, way].append(taken)
    print(f"\n{RUNS} transcripts of {LENGTH} messages each    p50 ms  p95 ms  max ms  times one request")
    for kind in kinds:
        ours = statistics.median(times[kind, "one request"])
        for way in ways:
            ordered = sorted(times[kind, way])
            middle, late = statistics.median(ordered), ordered[int(RUNS * 0.95) - 1]
            print(f"{kind + ', ' + way:<47}{middle:7.0f} {late:7.0f} {ordered[-1]:7.0f} {middle / ours:10.1f}")


def is_right(conclusion: str | None, conversation: dict[str, Any]) -> bool:
    """Whether a first suggestion carries what is expected at the end of a conversation."""
    if conversation["expected"] in ("none", None):
        return conclusion is None or (conclusion == "ask_account_admin" and conclusion not in conversation["must_not"])
    return bool(conclusion == conversation["expected"])


def read(bot: Bot, conversation: dict[str, Any], drafts_are_sent: bool) -> list[str | None]:
    """The conclusions that the first suggestions carry, after each of the customer's messages."""
    messages: list[dict[str, str]] = []
    conclusions: list[str | None] = []
    for text in conversation["turns"]:
        messages.append({"author": "customer", "text": text})
        suggested = bot.suggest(messages)
        conclusions.append(suggested[0]["conclusion"] if suggested else None)
        if drafts_are_sent:
            messages += [{"author": "agent", "text": suggestion["reply_draft"]} for suggestion in suggested]
    return conclusions


def measure_answers(bot: Bot, file: Path) -> None:
    """Measure how often the suggestions are right, and print it, with the ids of what is not."""
    conversations = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    print(f"\n{len(conversations)} conversations{'':<13} right   share  must_not  of first suggestions")
    wrong: list[str] = []
    for name, drafts_are_sent in (("customers alone", False), ("all drafts are sent", True)):
        right = forbidden = made = 0
        for conversation in conversations:
            conclusions = read(bot, conversation, drafts_are_sent)
            never = [conclusion for conclusion in conclusions if conclusion in conversation["must_not"]]
            is_as_expected = is_right(conclusions[-1], conversation)
            right, forbidden, made = right + is_as_expected, forbidden + len(never), made + len(conclusions)
            if not is_as_expected or never:
                wrong.append(f"{name}, {conversation['id']}: {conclusions[-1]}, not {conversation['expected']}; never {never}")
        print(f"{name:<28} {right:>5}  {right / max(len(conversations), 1):6.1%} {forbidden:>9} {made:>21}")
    print("\n".join(wrong))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=Path, metavar="FILE", help="measure how often the suggestions are right as well")
    options = parser.parse_args()
    token = secrets.token_urlsafe(32)
    environment = {"AIGUILLEUR_ASSIST_AGENT_TOKENS": token}
    with tempfile.TemporaryDirectory() as folder, running(spare(Path(folder), environment=environment)) as servers:
        bot = Bot(servers, token)
        measure_times(bot)
        if options.conversations:
            measure_answers(bot, options.conversations)


if __name__ == "__main__":
    main()
