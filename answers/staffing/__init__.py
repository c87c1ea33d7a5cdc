"""Staff against norms: what is missing, where, and what can be done."""
