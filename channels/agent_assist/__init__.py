"""Agent assist: what a human agent could answer, from the transcript of their conversation with a customer."""
