"""Talk to the bot in the terminal; starts the servers if they do not run yet."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
import uuid
from contextlib import nullcontext
from typing import Any

from scripts.run import HOST, RASA_PORT, CannotStart, Servers, running

URL = f"http://{HOST}:{RASA_PORT}"


def send(sender: str, message: str) -> list[dict[str, Any]]:
    """Send a message; the bot's answers."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(f"{URL}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return list(json.load(reply))


def talk() -> None:
    """Read lines until Ctrl-D; a number clicks the button that has it."""
    sender = f"terminal-{uuid.uuid4()}"
    buttons: list[dict[str, str]] = []
    print("Écrivez votre message, ou le numéro d’un bouton. Ctrl-D pour finir.\n")
    while True:
        try:
            line = input("vous > ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return
        clicked = buttons[int(line) - 1] if line.isdecimal() and 0 < int(line) <= len(buttons) else None
        if clicked:
            print(f"       [{clicked['title']}]")
        buttons = []
        for answer in send(sender, clicked["payload"] if clicked else line):
            print("\n" + answer.get("text", ""))
            for choice in answer.get("buttons", []):
                buttons.append(choice)
                print(f"  {len(buttons)}. {choice['title']}")
        print()


def is_up() -> bool:
    """Whether the servers run already."""
    try:
        with urllib.request.urlopen(f"{URL}/webhooks/rest/", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Chat."""
    try:
        if not is_up():
            print("Starting the servers…", flush=True)
        with nullcontext() if is_up() else running(Servers()):
            talk()
    except CannotStart as problem:
        sys.exit(f"aiguilleur: {problem}")
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"aiguilleur: the bot at {URL} does not answer ({error}).")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print()
