"""What can be done in this room; each action is one transaction and leaves one line in the log."""
