"""The formats: each takes rows of several tables in the order they come, and gives bytes as soon as it can."""
