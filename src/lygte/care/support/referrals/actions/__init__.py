"""What can be done with referrals, one noun a file; each action is one transaction and leaves one line in the log."""
