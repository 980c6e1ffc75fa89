"""An invented world with a known truth, for trying things out and for measuring. Nothing in it is real."""
