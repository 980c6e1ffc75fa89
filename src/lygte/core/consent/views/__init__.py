"""Pages about consent, one file per noun."""
