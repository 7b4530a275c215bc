"""Commands of the project: set up, train, run, chat, mend the typography."""
