"""Chatwoot, against a local one."""
