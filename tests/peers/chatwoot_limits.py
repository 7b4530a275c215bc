"""What Chatwoot refuses in a message, and what it takes although the customer sees nothing of it, or not what was meant."""

from __future__ import annotations

from typing import Any, Final

from tests.peers.chatwoot_records import MESSAGE_TYPES, Json

CONTENT: Final = 150_000  # app/models/message.rb
PER_MINUTE: Final = 200  # lib/limits.rb, conversation_message_per_minute_limit: of everybody in a conversation
#: app/models/message.rb
CONTENT_TYPES: Final = (
    *("text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form", "article"),
    *("incoming_email", "input_csat", "integrations", "sticker", "voice_call"),
)
#: app/models/concerns/content_attribute_validator.rb
KEYS: Final = {
    "input_select": {"title", "value"},
    "cards": {"title", "description", "media_url", "actions"},
    "form": {"type", "placeholder", "label", "name", "options", "default", "required", "pattern", "title", "pattern_error"},
    "article": {"title", "description", "link"},
}
ACTION_KEYS: Final = {"text", "type", "payload", "uri"}
NEEDED: Final = {
    "input_select": ("title", "value"),
    "cards": ("title", "actions"),
    "form": ("name", "label"),
    "article": ("title", "link"),
}
#: app/builders/messages/message_builder.rb; others are ignored.
FIELDS: Final = {
    *("content", "private", "message_type", "content_type", "content_attributes", "attachments", "echo_id"),
    *("cc_emails", "bcc_emails", "to_emails", "campaign_id", "template_params", "external_created_at"),
}


class RefusedError(Exception):
    """A refusal: the status, and what the answer says."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"{status}: {error}")
        self.status, self.error = status, error


def attributes(body: Json) -> Json:
    """The content_attributes of a message to be posted."""
    given = body.get("content_attributes")
    return dict(given) if isinstance(given, dict) else {}


def refuse(body: Json, in_last_minute: int) -> None:
    """RefusedError if a message cannot be saved: messages_controller.rb, create, answers all errors with 422."""
    kind, message_type = body.get("content_type") or "text", body.get("message_type") or "outgoing"
    if message_type == "incoming":  # app/builders/messages/message_builder.rb
        raise RefusedError(422, "Incoming messages are only allowed in Api inboxes")
    for name, value, known in (("message_type", message_type, MESSAGE_TYPES), ("content_type", kind, CONTENT_TYPES)):
        if value not in known:
            raise RefusedError(422, f"'{value}' is not a valid {name}")
    errors = []
    if in_last_minute >= PER_MINUTE:
        errors.append("Too many messages")
    if len(str(body.get("content") or "")) > CONTENT:
        errors.append(f"Content is too long (maximum is {CONTENT} characters)")
    if kind in KEYS:
        errors += [f"Content attributes {error}" for error in _item_errors(kind, attributes(body).get("items"))]
    if errors:
        raise RefusedError(422, f"Validation failed: {', '.join(errors)}")


def _item_errors(kind: str, items: Any) -> list[str]:
    """What content_attribute_validator.rb has against the items. RefusedError where it fails itself."""
    if items is None:
        raise RefusedError(422, "undefined method `reject' for nil:NilClass")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RefusedError(422, "undefined method `keys'")
    errors = [] if items else ["At least one item is required."]
    invalid = [key for item in items for key in item if key not in KEYS[kind]]
    if invalid:
        errors.append(f"contains invalid keys for items : [{', '.join(f':{key}' for key in invalid)}]")
    if kind == "cards":
        if any(not item.get("actions") for item in items):
            return [*errors, "contains items missing actions"]
        invalid = [key for item in items for action in item["actions"] for key in action if key not in ACTION_KEYS]
        if invalid:
            errors.append(f"contains invalid keys for actions:  [{', '.join(f':{key}' for key in invalid)}]")
    return errors


def problems(body: Json) -> list[str]:
    """What is wrong with a message although it is saved."""
    kind, found = body.get("content_type") or "text", []
    unknown = sorted(body.keys() - FIELDS)
    if unknown:
        found.append(f"fields that nobody reads: {unknown}")
    if (body.get("message_type") or "outgoing") != "outgoing":
        found.append(f"message_type is {body['message_type']}, a bot's is outgoing")
    if "private" in body and not isinstance(body["private"], bool):
        found.append(f"private is {body['private']!r}")
    content = body.get("content")
    if not isinstance(content, str) or not content.strip():
        # AgentMessage.vue, shouldDisplayAgentMessage: without content, not even the options are shown.
        found.append("no content: the customer sees nothing of it")
    if body.get("private") and kind != "text":
        found.append(f"{kind} in a note: agents see its content alone")
    items = attributes(body).get("items") or []
    if items and kind not in KEYS:
        found.append(f"items in {kind}")
    for item in items if kind in KEYS else ():
        missing = [key for key in NEEDED[kind] if not item.get(key)]
        found += [f"an item of {kind} has no {key}" for key in missing]
        found += [
            f"{key} of an item is no text: {item[key]!r}" for key in ("title", "value") if not isinstance(item.get(key, ""), str)
        ]
    for key in ("title", "value") if kind == "input_select" else ():
        given = [str(item.get(key)) for item in items]
        if len(set(given)) < len(given):
            found.append(f"options with the same {key}: {given}")
    return found
