"""What is read in what Chatwoot tells, and in its lists of messages."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from channels.chatwoot.events import Told, entries, last, told, until_next


def body(**changed: Any) -> dict[str, Any]:
    """A webhook about a message of the customer."""
    conversation = {"id": 41, "status": "pending"}
    message = {"event": "message_created", "id": 7, "message_type": "incoming", "private": False, "content": "bonjour"}
    return {**message, "account": {"id": 3}, "conversation": conversation, "sender": {"type": "contact"}, **changed}


#: What makes a message of the bot's one that was clicked.
CLICK = {"submitted_values": [{"title": "Oui", "value": "button:affirm"}]}
CHOSEN = {"event": "message_updated", "message_type": "outgoing", "content_type": "input_select"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Told(41, "pending", "message-7", "bonjour")),
        ({"content": None}, Told(41, "pending", "message-7", "")),
        ({"private": True}, None),
        ({"id": "7"}, None),
        ({"id": None}, None),
        ({"conversation": {"id": "41", "status": "pending"}}, None),
        ({"conversation": {"id": None}}, None),
        ({"account": {"id": 4}}, None),
        ({"account": None, "conversation": {"id": 41, "status": "pending", "account_id": 4}}, None),
        ({"message_type": "outgoing", "sender": {"type": "user"}}, Told(41, "pending", "human-7", by_human=True)),
        ({"message_type": "outgoing", "sender": {"type": "user"}, "private": True}, None),
        ({"message_type": "outgoing", "sender": {"type": "agent_bot"}}, None),
        ({"message_type": "outgoing", "sender": None}, None),
        ({"message_type": "template", "sender": None}, None),
        ({"message_type": "activity", "sender": None}, None),
        ({"event": "message_updated"}, None),
        (
            {"event": "message_updated", "content_type": "input_select", "content_attributes": CLICK},
            None,
        ),  # of the customer's own: no choice
        ({**CHOSEN, "content_attributes": CLICK}, Told(41, "pending", "click-7", "button:affirm")),
        ({**CHOSEN, "content_attributes": CLICK, "content_type": "form"}, None),  # what is filled in is no click
        ({**CHOSEN, "content_attributes": CLICK, "private": True}, None),
        ({**CHOSEN, "content_attributes": {"submitted_values": []}}, None),
        ({**CHOSEN, "content_attributes": {"submitted_values": [{"value": 1}]}}, None),
        ({"content_attributes": {"deleted": True}}, None),
        ({"event": "message_incoming"}, None),
        ({"event": "conversation_opened", "id": 41, "status": "open"}, Told(41, "open")),
        ({"event": "conversation_resolved", "id": 41, "status": "resolved"}, Told(41, "resolved")),
        ({"event": "conversation_opened", "id": 41, "status": "pending"}, Told(41, "pending")),  # told late
        (
            {"conversation": {"id": 41, "status": "open", "updated_at": 1795.5, "channel": "Channel::Whatsapp"}},
            Told(41, "open", "message-7", "bonjour", at=1795.5, channel="Channel::Whatsapp"),
        ),
        ({"event": "conversation_status_changed", "id": 41, "status": "pending"}, None),
        ({"event": "conversation_updated", "id": 41}, None),
    ],
    ids=str,
)
def test_what_a_webhook_tells(changed: dict[str, Any], expected: Told | None) -> None:
    assert told(body(**changed), 3) == expected


def test_notes_and_what_nobody_wrote_or_can_read_are_not_in_a_transcript() -> None:
    agent, bot = {"type": "user"}, {"type": "agent_bot"}
    chosen = {"content_type": "input_select", "content_attributes": CLICK}
    messages = [
        {"message_type": 0, "content": "bonjour", "created_at": 1},
        {"message_type": 2, "content": "Hélène Roux a ouvert la conversation", "created_at": 2},
        {"message_type": 3, "content": "Nous répondons en deux heures", "created_at": 3},
        {"message_type": 1, "content": "il ment", "private": True, "sender": agent, "created_at": 4},
        {"message_type": 0, "content": "This message was deleted", "content_attributes": {"deleted": True}, "created_at": 5},
        {"message_type": 1, "content": "Jamais arrivé", "sender": agent, "status": "failed", "created_at": 6},
        {"message_type": 1, "content": "Que voyez-vous ?", "sender": agent, "created_at": "2026-11-23T10:00:00Z"},
        {"message_type": 1, "content": "Lequel ?", "sender": bot, "created_at": "hier", **chosen},
    ]
    found = [(entry.author, entry.text) for entry in entries(messages)]
    assert found == [
        ("customer", "bonjour"),
        ("agent", "Que voyez-vous ?"),
        ("bot", "Lequel ?"),
        ("customer", "button:affirm"),
    ]
    assert [entry.at for entry in entries(messages)][2:] == [None, None]


def test_another_account_is_named_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert told(body(account={"id": 58}), 3) is None
    assert len(caplog.records) == 1 and "tells of account 58" in caplog.text


def test_the_last_message_is_read_if_it_is_the_bots() -> None:
    own = {"id": 8, "message_type": 1, "content": "Bonjour", "sender": {"type": "agent_bot"}}
    assert last({"messages": [{"id": 9, "message_type": 2, "content": "x"}], "last_non_activity_message": own}) == (9, "")
    assert last({"messages": [own], "last_non_activity_message": None}) == (8, "Bonjour")
    assert last({"messages": [{**own, "message_type": 0, "sender": {"type": "contact"}}]}) == (8, "")
    assert last({}) == last({"messages": ["?"]}) == (0, "")


def test_a_message_is_heard_with_what_was_answered_to_it() -> None:
    messages: list[dict[str, Any]] = [{"id": number, "message_type": kind} for number, kind in ((1, 0), (2, 1), (3, 0), (4, 1))]
    assert [len(until_next(messages, number)) for number in (1, 3, None)] == [2, 4, 4]
