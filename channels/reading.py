"""Reading a message in its conversation, which Rasa's NLU does not see: choices, slashes, fragments, awaited answers."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions import help_file
from actions.buttons import PREFIX, Button, resolve
from actions.meanings import MEANINGS
from channels.choice import chosen
from channels.privacy import blanked, kinds_in
from components.intent_classifier import FALLBACK
from components.text import fold

SOMETHING_ELSE = "saw_something_else"

#: A message of at most so many words may be the first part of the next one, if that comes within so many seconds.
FRAGMENT_WORDS = 4
FRAGMENT_SECONDS = 60
#: What such a part may have been taken for; « je ne vois pas », then « la page abonnements », is one denial.
FRAGMENT_INTENTS = {FALLBACK, "unsure", SOMETHING_ELSE}
#: A few words that end so are not a whole message.
_UNFINISHED = re.compile(r"\b(pas|plus|aucune?|ni|jamais|sans|de|du|des|la|le|les|un|une|l|d|et|mais|a|au|que|qui)\W*\Z")
#: « Je ne sais pas », « pas compris » are.
_COMPLETE = re.compile(r"\b(sais|sait|comprend\w*|compris|idee)\W*(pas|pa|rien|plus)?\W*\Z")

#: After « qu’a-t-elle vu exactement ? », an answer without « je » is still about somebody else; likewise for « et si… ? ».
ABOUT = {"colleague_sees": "colleague_observation", "hypothetical_sees": "hypothetical_observation"}
_OWN = re.compile(r"\b(je|j|moi|me|m|mon|ma|mes|nous|notre|jai|jsuis?|chui|jvois)\b")

#: Intents of the rows: what a fragment before them may deny.
_OBSERVED = {row.sees for row in help_file.load().rows.values()}

#: Where the conversation is about the sign-in to Corporate, « ça ne marche pas » is said of it: « I cannot sign in » and « I
#: cannot sign in to Corporate » are one answer there, and « no » agrees with it. Together they must be as likely as this,
#: since the bot concludes from it; the refusal itself, as likely as that.
CORPORATE = {"corporate_portal", "sent_to_corporate"}
FAILED, SUCCEEDED, CANNOT_SIGN_IN = "corporate_sign_in_failed", "corporate_sign_in_succeeded", "cannot_sign_in"
AGREED_CONFIDENCE = 0.9
REFUSAL_CONFIDENCE = 0.6
#: What such a refusal may have been taken for.
_MAYBE_REFUSED = {FALLBACK, "deny", CANNOT_SIGN_IN}
#: A success must be as likely as this, and so many times likelier than a refusal.
SUCCESS_CONFIDENCE = 0.65
SUCCESS_MARGIN = 4.0

_COMMAND = re.compile(r"/[A-Za-z]\w*(_\w*|\s*[@{].*)\Z", re.DOTALL)

ParseData = dict[str, Any]


async def read(
    agent: Agent, sender: str, message: str, shown: Sequence[Button] = (), seconds: float | None = None
) -> tuple[str, ParseData]:
    """Understand a message in its conversation.

    Args:
        agent: the agent whose model reads the message.
        sender: the conversation.
        message: the text, clean and not empty.
        shown: the buttons that the channel itself shows before anything is said.
        seconds: how long after the user's last message this one was written, if the record cannot tell.

    Returns:
        The text to remember, and Rasa's parse data. A click is remembered in words, and by its payload (``clicked``); what
        stands masked in the text is named (``masked``).
    """
    text, parsed = await _read(agent, sender, message, shown, seconds)
    masked = kinds_in(text)
    return text, {**parsed, "masked": list(masked)} if masked else parsed


async def _read(agent: Agent, sender: str, message: str, shown: Sequence[Button], seconds: float | None) -> tuple[str, ParseData]:
    intents = set(agent.domain.intents) if agent.domain else set()
    click = resolve(message, help_file.load(), intents)
    if click:
        text, parsed = _chosen(*click)
        return text, {**parsed, "clicked": message}
    if message.startswith(("/", PREFIX)):
        return message, await _no_command(agent, message, intents)
    tracker = await agent.tracker_store.retrieve(sender)
    choice = resolve(chosen(message, tracker, shown) or "", help_file.load(), intents)
    if choice:
        return _chosen(*choice, title=message)
    if tracker is None:
        return message, await _understood(agent, message)
    parsed = await _understood(agent, message)
    if parsed["intent"]["name"] in _OBSERVED | _MAYBE_REFUSED:
        parsed = await _with_fragment(agent, tracker, message, parsed, seconds)
        parsed = _awaited(tracker, parsed)
        parsed = _about_whom(tracker, message, parsed)
    return message, parsed


async def _understood(agent: Agent, text: str) -> ParseData:
    """What the model makes of a text, without what stands for secrets: « numéro de téléphone masqué » is nobody's word."""
    words = blanked(text)
    if not words.strip():
        return {"text": text, "intent": {"name": FALLBACK, "confidence": 1.0}, "intent_ranking": [], "entities": []}
    return {**await agent.parse_message(words), "text": text}


def _chosen(intent: str, entities: dict[str, str], title: str | None = None) -> tuple[str, ParseData]:
    row = next((row for row in help_file.load().rows.values() if row.sees == intent), None)
    title = title or MEANINGS.get(intent) or (row.button if row else intent)
    return title, {
        "text": title,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [
            {"entity": entity, "value": value, "start": 0, "end": len(title), "extractor": "button"}
            for entity, value in entities.items()
        ],
    }


async def _no_command(agent: Agent, message: str, intents: set[str]) -> ParseData:
    """What a person typed with a leading slash, or a button that is not ours, is text; ``/intent`` would be a command of Rasa."""
    words = message.removeprefix(PREFIX).lstrip("/ ") or "slash"
    parsed: ParseData = await _understood(agent, words)
    if message.startswith(PREFIX) or _COMMAND.match(message) or words in intents | {"restart", "back", "session_start"}:
        parsed = {**parsed, "intent": {"name": FALLBACK, "confidence": 1.0}, "entities": []}
    return {**parsed, "text": message}


async def _with_fragment(
    agent: Agent, tracker: DialogueStateTracker, message: str, parsed: ParseData, seconds: float | None
) -> ParseData:
    """Read a message together with the few words that came just before it, if nobody could understand those alone."""
    previous = next((event for event in reversed(tracker.events) if isinstance(event, UserUttered)), None)
    if (
        previous is None
        or not previous.text
        or previous.intent_name not in FRAGMENT_INTENTS
        or (time.time() - previous.timestamp if seconds is None else seconds) > FRAGMENT_SECONDS
        or len(previous.text.split()) > FRAGMENT_WORDS
        or previous.text.startswith(("/", PREFIX))
        or _COMPLETE.search(fold(previous.text))
        or (previous.intent_name != FALLBACK and not _UNFINISHED.search(fold(previous.text)))
        or any(entity.get("extractor") == "button" for entity in previous.entities)
    ):
        return parsed
    whole = await _understood(agent, f"{previous.text} {message}")
    return parsed if whole["intent"]["name"] == FALLBACK else {**whole, "text": message}


def _awaited(tracker: DialogueStateTracker, parsed: ParseData) -> ParseData:
    """Take an unsure answer for what the conversation is about: the sign-in to the Corporate portal."""
    intent = parsed["intent"]["name"]
    if intent not in _MAYBE_REFUSED or tracker.get_slot("portal") not in CORPORATE or _elsewhere(parsed):
        return parsed
    likely = {guess["name"]: guess["confidence"] for guess in parsed.get("intent_ranking", [])}
    refused, succeeded = likely.get(FAILED, 0) + likely.get(CANNOT_SIGN_IN, 0), likely.get(SUCCEEDED, 0)
    if intent == FALLBACK and succeeded >= SUCCESS_CONFIDENCE and succeeded >= SUCCESS_MARGIN * refused:
        return {**parsed, "intent": {"name": SUCCEEDED, "confidence": succeeded}}
    if refused >= REFUSAL_CONFIDENCE and refused + likely.get("deny", 0) >= AGREED_CONFIDENCE:
        return {**parsed, "intent": {"name": FAILED, "confidence": refused}}
    return {**parsed, "intent": {"name": FALLBACK, "confidence": refused}} if intent == CANNOT_SIGN_IN else parsed


def _elsewhere(parsed: ParseData) -> bool:
    """Whether the message names another portal."""
    portals = {entity["value"] for entity in parsed.get("entities", []) if entity["entity"] == "portal"}
    return bool(portals) and "corporate_portal" not in portals


def _about_whom(tracker: DialogueStateTracker, message: str, parsed: ParseData) -> ParseData:
    """Take the answer to « what did they see? » for theirs."""
    about, seen = ABOUT.get(tracker.get_slot("question") or ""), parsed["intent"]["name"]
    if about is None or seen == FALLBACK or _OWN.search(fold(message)):
        return parsed
    entities = list(parsed.get("entities", []))
    if seen in _OBSERVED and seen not in {entity["value"] for entity in entities}:
        entities.append({"entity": "observation", "value": seen, "start": 0, "end": len(message), "extractor": "context"})
    return {**parsed, "intent": {**parsed["intent"], "name": about}, "entities": entities}
