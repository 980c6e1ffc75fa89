"""The ground floor: who logs in, what they may do, what was done, and how errors are told."""
