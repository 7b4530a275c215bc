"""Chatwoot, the self-hosted desk: the bot in its inboxes, and suggestions for its agents."""
