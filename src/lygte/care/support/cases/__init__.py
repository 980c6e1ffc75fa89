"""A case is what a person and a worker do together: goals in the person's words, steps, notes, dates that must not pass."""
