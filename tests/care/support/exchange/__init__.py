"""Tests of files that leave and files that come in."""
