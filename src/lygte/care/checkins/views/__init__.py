"""Pages of check-ins, and what phones ask."""
