"""Forms out to the phones, filled forms back in, byte for byte and exactly once."""
