"""The pages of the door: the person's own, and those of the team for it."""
