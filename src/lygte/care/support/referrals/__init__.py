"""Referrals: what leaves the house with a person's consent, comes back with an answer, and can be called back."""
