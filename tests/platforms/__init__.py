"""What Slack and Microsoft publish, as checks: they need npm at first (platforms/)."""
