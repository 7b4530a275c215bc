"""How well the bot understands: the report, and the comparison with other pipelines."""
