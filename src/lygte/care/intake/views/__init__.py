"""The pages of this room for staff, and the addresses for phones."""
