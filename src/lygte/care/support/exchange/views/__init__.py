"""The pages of this room: going out, coming in."""
