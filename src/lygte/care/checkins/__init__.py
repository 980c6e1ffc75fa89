"""Visiting alone: a worker says when she will be back; a colleague hears if she does not say that she is."""
