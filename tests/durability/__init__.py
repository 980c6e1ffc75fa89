"""What was acknowledged is there: after kill -9 of server and database, on bad networks, on a full disk."""
