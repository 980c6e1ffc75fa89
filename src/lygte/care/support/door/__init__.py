"""The person's own door: with a slip of paper, on any phone, they see who has seen them and decide what happens next."""
