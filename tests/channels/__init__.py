"""The channels' parts that need no server: seconds."""
