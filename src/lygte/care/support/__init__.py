"""Help for somebody over time: cases, referrals, and the person's own door to what is kept about them."""
