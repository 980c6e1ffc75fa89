"""Compiled loops over bootstrap replicates and jackknife tables: selection is redone inside every one of them.

``estimates_of_batch`` is the batch interface: tables in, estimates and chosen models out, no state. Another backend
(threads here, a graphics processor elsewhere) only has to compute the same function.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from darkfigure.engine import CONVERGED, Floats, Ints, extended_effects, fit_kernel, superset_sums_of
from darkfigure.search import effects_of, search_kernel
from darkfigure.streams import resample

EXHAUSTIVE, STEPWISE, FIXED, SHORTLIST = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def smaller_tail(count: float, mean: float) -> float:
    """min(P(X <= count), P(X >= count)) for X ~ Poisson(mean)."""
    if mean <= 0.0:
        return 1.0 if count == 0.0 else 0.0
    at = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1.0))
    below = at
    term = at
    i = count
    while i > 0.0:
        term *= i / mean
        below += term
        i -= 1.0
        if i < mean and term < 1e-18 * below:
            break
    above = at
    term = at
    i = count + 1.0
    while True:
        term *= mean / i
        above += term
        if i > mean and term <= 1e-18 * above:
            break
        i += 1.0
    return min(below, above, 1.0)


@njit(cache=True, nogil=True)
def stepwise_family(k: int, y: Floats, threshold: float, inter: Ints, result: Floats) -> int:
    """The stepwise rule on one table (pairs in the order of ``inter``); result: log dark figure, 1 if admissible."""
    size, pairs = 1 << k, inter.shape[0]
    most = pairs + k + 1
    cells, L, par, out = np.empty((6, size)), np.empty((most, most)), np.empty((4, most)), np.empty(5)
    effects, kept = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    keep = np.empty(size, dtype=np.bool_)
    t = y.copy()
    superset_sums_of(t, k)
    family = 0
    fitted = np.empty(size)
    while True:
        p = effects_of(k, inter, family, effects)
        q = extended_effects(k, t, effects, p, kept, keep)
        status = fit_kernel(k, y, keep, kept, q, np.inf, 0.0, cells, L, par, out)
        result[0] = par[0, 0]
        result[1] = 1.0 if status == CONVERGED else 0.0
        fitted[:] = cells[1]
        superset_sums_of(fitted, k)
        smallest, chosen = 2.0, -1
        for i in range(pairs):
            if family >> i & 1:
                continue
            tail = smaller_tail(t[inter[i]], fitted[inter[i]])
            if tail < threshold and tail < smallest:
                p = effects_of(k, inter, family | (1 << i), effects)
                q = extended_effects(k, t, effects, p, kept, keep)
                if fit_kernel(k, y, keep, kept, q, np.inf, 0.0, cells, L, par, out) == CONVERGED:
                    smallest, chosen = tail, i
        if chosen < 0:
            return family
        family |= 1 << chosen


@njit(cache=True, nogil=True)
def shortlist_family(k: int, y: Floats, cost: float, inter: Ints, first: Ints, result: Floats) -> int:
    """The best admissible model of a list; result: log dark figure, 1 if there was one."""
    size, total = 1 << k, inter.shape[0]
    most = total + k + 1
    cells, L, par, out = np.empty((6, size)), np.empty((most, most)), np.empty((4, most)), np.empty(5)
    effects, kept = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    keep = np.empty(size, dtype=np.bool_)
    t = y.copy()
    superset_sums_of(t, k)
    best, family = np.inf, 0
    result[1] = 0.0
    for i in range(first.shape[0]):
        p = effects_of(k, inter, first[i], effects)
        q = extended_effects(k, t, effects, p, kept, keep)
        status = fit_kernel(k, y, keep, kept, q, best - cost * p, 0.0, cells, L, par, out)
        if status == CONVERGED and out[0] + cost * p < best:
            best = out[0] + cost * p
            family = first[i]
            result[0] = par[0, 0]
            result[1] = 1.0
    return family


@njit(cache=True, nogil=True)
def estimates_of_batch(
    k: int,
    rule: int,
    option: float,
    tables: Floats,
    owner: Ints,
    seed: int,
    start: int,
    inter: Ints,
    below: Ints,
    above: Ints,
    first: Ints,
    estimates: Floats,
    chosen: Ints,
) -> int:
    """Estimate every table of a batch.

    Args:
        k: number of lists. rule: EXHAUSTIVE, STEPWISE, FIXED or SHORTLIST. option: penalty per parameter (0: log n)
            or, for STEPWISE, the p-value threshold.
        tables: (b, 2^k) counts, or (0, 2^k) to draw them: people resampled from ``owner`` (n,),
            stream ``start + i``.
        inter, below, above: from search.lattice. first: families tried first (EXHAUSTIVE, SHORTLIST) or fixed (FIXED).
        estimates: (b,) on return; infinite when no model is admissible. chosen: (b,) families on return.

    Returns:
        Number of fits (EXHAUSTIVE only).
    """
    y = np.empty(1 << k)
    families, scores = np.empty(4096, dtype=np.int64), np.empty((4096, 2))
    counts = np.zeros(3, dtype=np.int64)
    result = np.empty(2)
    fits = 0
    for b in range(estimates.shape[0]):
        if tables.shape[0] > 0:
            y[:] = tables[b]
        else:
            resample(seed, start + b, owner, y)
        n = y.sum()
        cost = option if option > 0.0 else np.log(n)
        estimates[b] = np.inf
        chosen[b] = 0
        if rule == EXHAUSTIVE:
            found = search_kernel(k, y, cost, 0.0, inter, below, above, first, families, scores, counts)
            fits += counts[0]
            best = np.inf
            for i in range(found):
                if scores[i, 0] < best:
                    best = scores[i, 0]
                    chosen[b] = families[i]
                    estimates[b] = n + np.exp(scores[i, 1])
        else:
            if rule == STEPWISE:
                chosen[b] = stepwise_family(k, y, option, inter, result)
            else:
                chosen[b] = shortlist_family(k, y, cost, inter, first, result)
            if result[1] > 0.0:
                estimates[b] = n + np.exp(result[0])
    return fits
