"""What the bot says: one module a topic. The action server imports them all; none decides what follows from what."""
