"""Slack: what it sends becomes a message, what the bot says becomes blocks."""
