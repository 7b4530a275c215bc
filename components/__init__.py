"""Graph components of our own, each for one thing that Rasa's own ones do not do."""
