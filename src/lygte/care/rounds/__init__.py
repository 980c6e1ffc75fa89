"""Rounds: which places are visited on a day, by whom, what came back, and what a region's visits leave out."""
