"""Measurements of Lygte as it is used: a real server, real HTTP, worlds of any size, both databases."""
