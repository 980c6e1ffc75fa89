"""Perhaps the same person twice: proposed by blind tokens, decided by people, and taken apart again without loss."""
