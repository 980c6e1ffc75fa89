"""The care wing: where people and what they told us live. Nothing leaves it but facts."""
