"""Pages of the programme room, one file per noun."""
