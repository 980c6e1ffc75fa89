"""The knowledge wing: where numbers live. It cannot import the wing that holds people."""
