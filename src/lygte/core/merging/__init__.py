"""Nothing is silently overwritten: earlier versions of locked records, edits that meet, and both values until somebody chooses."""
