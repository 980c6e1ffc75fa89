"""Screenings that a person wanted to take along into their case."""
