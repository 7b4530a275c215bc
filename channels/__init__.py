"""How messages come in and answers go out. A channel carries; it decides nothing."""
