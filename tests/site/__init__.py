"""Tests of the front of the house."""
