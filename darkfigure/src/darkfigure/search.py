"""Exact search over all hierarchical models by branch and bound: no model is skipped that could win.

A node of the search says which interactions are in and which are out; the rest is free. With D(U) the deviance of
the largest model allowed at the node, every model of the node has BIC >= (parameters in) log n + D(U) + constant,
because deviance never falls when effects are removed. D(U) itself is bounded from below by duality (see engine),
so a fit stops as soon as its node is proven hopeless. Models that hold an effect above an empty overlap share the
fit of the model without it and have more parameters, so they never win and are left out from the start.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit

from darkfigure.engine import CONVERGED, Floats, Ints, extended_effects, fit_kernel, superset_sums_of
from darkfigure.models import interactions_up_to

MAX_FREE = 62


@lru_cache(maxsize=32)
def lattice(k: int, max_order: int | None) -> tuple[Ints, Ints, Ints]:
    """The interactions (bit masks) and, for each, which interactions lie below and above it (as bit sets).

    Example:
        >>> [part.tolist() for part in lattice(3, None)]
        [[3, 5, 6], [1, 2, 4], [1, 2, 4]]
    """
    effects = interactions_up_to(k, max_order) if k > 2 else ()
    below = [sum(1 << i for i, f in enumerate(effects) if e & f == f) for e in effects]
    above = [sum(1 << i for i, f in enumerate(effects) if e & f == e) for e in effects]
    return (
        np.array(effects, dtype=np.int64),
        np.array(below, dtype=np.int64),
        np.array(above, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def bits_of(x: int) -> int:
    """Number of ones."""
    count = 0
    while x:
        x &= x - 1
        count += 1
    return count


@njit(cache=True, nogil=True)
def effects_of(k: int, inter: Ints, family: int, effects: Ints) -> int:
    """Write the effects of a family (bit set over interactions) with intercept and lists; returns how many."""
    effects[0] = 0
    for j in range(k):
        effects[1 + j] = 1 << j
    p = k + 1
    for i in range(inter.shape[0]):
        if family >> i & 1:
            effects[p] = inter[i]
            p += 1
    return p


@njit(cache=True, nogil=True)
def hopeless_effects(k: int, t: Floats, inter: Ints, above: Ints) -> int:
    """Bit set of the interactions that have an empty overlap strictly below them."""
    out = 0
    for i in range(inter.shape[0]):
        e = inter[i]
        if t[e] == 0.0:
            for c in range(inter.shape[0]):
                if inter[c] != e and inter[c] & e == e:
                    out |= above[c]
        for j in range(k):
            if e >> j & 1 and t[1 << j] == 0.0:
                out |= above[i]
    return out


@njit(cache=True, nogil=True)
def branching_order(k: int, t: Floats, inter: Ints, order: Ints) -> None:
    """Pairs first, most surprising under independence first; then higher interactions, lowest order first."""
    count = inter.shape[0]
    surprise = np.empty(count)
    dark = max(t[0], 1.0) * 3.0
    for i in range(count):
        e = inter[i]
        members = bits_of(e)
        expected = dark
        for j in range(k):
            if e >> j & 1:
                expected *= (t[1 << j] + 0.5) / dark
        surprise[i] = -1e6 * members + abs(np.sqrt(t[e] + 0.1) - np.sqrt(expected))
    for a in range(count):
        order[a] = a
    for a in range(1, count):
        here = order[a]
        b = a - 1
        while b >= 0 and surprise[order[b]] < surprise[here]:
            order[b + 1] = order[b]
            b -= 1
        order[b + 1] = here


@njit(cache=True, nogil=True)
def search_kernel(
    k: int,
    y: Floats,
    cost: float,
    slack: float,
    inter: Ints,
    below: Ints,
    above: Ints,
    first: Ints,
    families: Ints,
    scores: Floats,
    counts: Ints,
) -> int:
    """All admissible models whose penalised deviance is within ``slack`` of the smallest.

    Args:
        k, y: table, shape (2^k,). cost: penalty per parameter (log n for BIC, 2 for AIC).
        inter, below, above: from lattice(). first: families to try first, to have good models early.
        families, scores: on return the models found (bit sets) and (penalised deviance, log dark figure); some
            found early may lie above the limit. counts: on return (fits, nodes, fits run to convergence).

    Returns:
        Number of models found, or -1 when they did not fit into ``families``.
    """
    size = 1 << k
    total = inter.shape[0]
    most = total + k + 1
    cells = np.empty((6, size))
    L = np.empty((most, most))
    par = np.empty((4, most))
    out = np.empty(5)
    effects = np.empty(most, dtype=np.int64)
    kept = np.empty(most, dtype=np.int64)
    keep = np.empty(size, dtype=np.bool_)
    order = np.empty(total, dtype=np.int64)
    t = y.copy()
    superset_sums_of(t, k)
    branching_order(k, t, inter, order)
    everything = (1 << total) - 1
    found = 0
    best = np.inf
    counts[:] = 0
    hopeless = hopeless_effects(k, t, inter, above)
    depth = total + 2
    ins = np.empty(depth, dtype=np.int64)
    outs = np.empty(depth, dtype=np.int64)
    bounds = np.empty(depth)
    known = np.empty(depth, dtype=np.bool_)
    # the models to try first
    for i in range(first.shape[0]):
        family = first[i] & ~hopeless
        p = effects_of(k, inter, family, effects)
        q = extended_effects(k, t, effects, p, kept, keep)
        counts[0] += 1
        status = fit_kernel(k, y, keep, kept, q, best - cost * p, 0.0, cells, L, par, out)
        if status == CONVERGED and out[0] + cost * p < best:
            best = out[0] + cost * p
    limit = best + slack + 1e-7 * (1.0 + abs(best)) if best < np.inf else np.inf
    top = 0
    ins[0] = 0
    outs[0] = hopeless
    bounds[0] = 0.0
    known[0] = False
    while top >= 0:
        inside, outside, bound, fitted = ins[top], outs[top], bounds[top], known[top]
        top -= 1
        counts[1] += 1
        free = everything & ~inside & ~outside
        penalty = cost * (k + 1 + bits_of(inside))
        if penalty + bound >= limit:
            continue
        if fitted and free != 0 and penalty + cost + bound >= limit:
            # one effect more would cost too much, whatever it explains: only the model without any can win
            outside, free = everything & ~inside, 0
        if free == 0 or not fitted:
            p = effects_of(k, inter, everything & ~outside, effects)
            q = extended_effects(k, t, effects, p, kept, keep)
            counts[0] += 1
            wanted = 0.0 if free == 0 else 0.05
            status = fit_kernel(k, y, keep, kept, q, limit - penalty, wanted, cells, L, par, out)
            if free == 0:
                score = out[0] + penalty
                if status == CONVERGED and score < limit:
                    counts[2] += 1
                    if found == families.shape[0]:
                        return -1
                    families[found] = inside
                    scores[found, 0] = score
                    scores[found, 1] = par[0, 0]
                    found += 1
                    if score < best:
                        best = score
                        limit = best + slack + 1e-7 * (1.0 + abs(best))
                continue
            bound = max(bound, out[1])
            if penalty + bound >= limit:
                continue
            if penalty + cost + bound >= limit:
                top += 1
                ins[top], outs[top], bounds[top], known[top] = inside, outside, bound, True
                continue
        for a in range(total):
            i = order[a]
            if free >> i & 1:
                break
        top += 1
        ins[top], outs[top], bounds[top], known[top] = inside, outside | above[i], bound, False
        top += 1
        ins[top], outs[top], bounds[top], known[top] = inside | below[i], outside, bound, True
    return found
