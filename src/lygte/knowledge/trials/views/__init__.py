"""Pages of the method trials."""
