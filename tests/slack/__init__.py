"""Slack's channel, driven by a local Slack that speaks its protocol."""
