"""How far chance alone could move a share, and the difference of two. Closed formulas, so that no page loads a library for them.

`tests/facts/test_intervals.py` holds them to statsmodels.
"""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), which also holds for few and for extreme shares."""
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    # At the ends the formula gives nought and one; in floating point it misses them by a hair, which would be shown.
    return (0.0 if hits == 0 else max(0.0, middle - half), 1.0 if hits == of else min(1.0, middle + half))


def newcombe(hits: int, of: int, other_hits: int, other_of: int, z: float = Z95) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two independent shares (Newcombe 1998, method 10, of two Wilson ones)."""
    one, two = hits / of, other_hits / other_of
    (low, high), (other_low, other_high) = wilson(hits, of, z), wilson(other_hits, other_of, z)
    below = sqrt((one - low) ** 2 + (other_high - two) ** 2)
    above = sqrt((high - one) ** 2 + (two - other_low) ** 2)
    return (one - two - below, one - two + above)
