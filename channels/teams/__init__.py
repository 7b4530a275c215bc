"""Microsoft Teams: what it sends becomes a message, what the bot says becomes cards."""
