"""The pages of this room: lists, opening a case, one case, its records, the calendar."""
