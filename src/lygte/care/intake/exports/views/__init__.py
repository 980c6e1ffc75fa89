"""The page of a form's exports and feeds, and the feeds themselves."""
