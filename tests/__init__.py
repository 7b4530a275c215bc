"""data: the files held to account. bot: the real servers over HTTP. tools: the commands."""
