"""The pages of referrals: sending, receiving, authorities, and the two pages for everybody."""
