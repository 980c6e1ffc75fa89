"""The Gibbs sweep of the latent class model: people into classes, classes into another order, then everything anew.

The order of the classes matters (sticks are broken in order) and is the slowest thing to change: a chain that cannot
change it weighs modes wrongly while its draws look independent.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from darkfigure.engine import Floats, Ints
from darkfigure.latent_density import FURTHEST, exponentials

_BY_INVERSION = 25


@njit(cache=True, nogil=True, error_model="numpy")
def gamma_draw(shape: float) -> float:
    """A draw of Gamma(shape), shape at least 1 (Marsaglia & Tsang 2000)."""
    if shape == 1.0:
        return float(-np.log(1.0 - np.random.random()))
    d = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    while True:
        x = np.random.normal()
        v = (1.0 + c * x) ** 3
        if v <= 0.0:
            continue
        uniform = 1.0 - np.random.random()
        if uniform < 1.0 - 0.0331 * x**4 or np.log(uniform) < 0.5 * x * x + d * (1.0 - v + np.log(v)):
            return float(d * v)


@njit(cache=True, nogil=True, error_model="numpy")
def binomial_draw(n: int, p: float) -> int:
    """A draw of Binomial(n, p): middle order statistics halve n until it is small (Relles 1972), then inversion."""
    got = 0
    while n > _BY_INVERSION:
        middle = (n + 1) // 2
        low = gamma_draw(float(middle))
        statistic = low / (low + gamma_draw(float(n + 1 - middle)))
        if statistic <= p:
            got += middle
            n -= middle
            p = (p - statistic) / (1.0 - statistic)
        else:
            n = middle - 1
            p /= statistic
    if p <= 0.0 or n == 0:
        return got
    if p >= 1.0:
        return got + n
    q = max(p, 1.0 - p)
    chance = q**n
    left = np.random.random()
    x = 0
    while left > chance and x < n:
        left -= chance
        x += 1
        chance *= (1.0 - q) / q * (n - x + 1) / x
    return got + (n - x if p > 0.5 else x)


@njit(cache=True, nogil=True, error_model="numpy")
def swap_neighbours(on: Floats, size: Floats, alpha: float) -> None:
    """One pass of swaps of neighbouring classes with the sticks summed out, each accepted by Metropolis' rule.

    With R people in later classes, p(order) has the factor 1 / (alpha + R) for every class but the last, which is all
    that a swap changes; the last pair differs, because the last class takes what is left.
    """
    k, classes = on.shape
    after = 0.0
    for c in range(classes - 2, -1, -1):
        here, there = size[c], size[c + 1]
        if c == classes - 2:
            ratio = math.lgamma(1.0 + there) + math.lgamma(alpha + here)
            ratio -= math.lgamma(1.0 + here) + math.lgamma(alpha + there)
        else:
            ratio = np.log((alpha + there + after) / (alpha + here + after))
        if ratio >= 0.0 or np.random.random() < np.exp(ratio):
            size[c], size[c + 1] = there, here
            for j in range(k):
                on[j, c], on[j, c + 1] = on[j, c + 1], on[j, c]
        after += size[c + 1]


@njit(cache=True, nogil=True, error_model="numpy")
def allocate(
    u: Floats, w: Floats, members: Ints, starts: Ints, y: Floats, n: float, rho: float, work: Floats, none: Floats
) -> None:
    """Put people, the unseen too, into classes: numbers per list and class into work[:k], per class into work[2 k]."""
    k, classes = u.shape
    on, odds = work[0:k], work[k : 2 * k]
    size, part = work[2 * k], work[2 * k + 1]
    exponentials(u.ravel(), odds.ravel(), on.ravel())
    on[:] = 0.0
    left = 1.0
    for c in range(classes):
        product = 1.0
        for j in range(k):
            product *= 1.0 + odds[j, c]
        if c < classes - 1:
            go = np.exp(min(w[c], 600.0))
            none[c] = left * go / (1.0 + go) / product
            left /= 1.0 + go
        else:
            none[c] = left / product
    rate = gamma_draw(n) / (1.0 - rho)
    for c in range(classes):
        size[c] = np.random.poisson(rate * none[c])
    for i in range(y.shape[0]):
        total = 0.0
        for c in range(classes):
            part[c] = none[c]
            for at in range(starts[i], starts[i + 1]):
                part[c] *= odds[members[at], c]
            total += part[c]
        remaining = int(y[i])
        for c in range(classes):
            if remaining == 0:
                break
            here = remaining
            if c < classes - 1 and part[c] < total:
                here = binomial_draw(remaining, part[c] / total)
            total -= part[c]
            remaining -= here
            size[c] += here
            for at in range(starts[i], starts[i + 1]):
                on[members[at], c] += here


@njit(cache=True, nogil=True, error_model="numpy")
def allocate_and_redraw(
    u: Floats,
    w: Floats,
    alpha: float,
    members: Ints,
    starts: Ints,
    y: Floats,
    n: float,
    rho: float,
    work: Floats,
    none: Floats,
) -> None:
    """A Gibbs sweep, in place: who is where, in which order classes stand, then u and w given both.

    It refreshes classes that hold nobody exactly, which Hamiltonian moves do slowly.
    """
    k, classes = u.shape
    allocate(u, w, members, starts, y, n, rho, work, none)
    on, size = work[0:k], work[2 * k]
    swap_neighbours(on, size, alpha)
    after = 0.0
    for c in range(classes - 1, -1, -1):
        for j in range(k):
            odds = gamma_draw(1.0 + on[j, c]) / gamma_draw(1.0 + size[c] - on[j, c])
            u[j, c] = min(max(np.log(odds), -FURTHEST), FURTHEST)
        if c < classes - 1:
            # log of a Gamma(a) draw for small a, without underflow: Gamma(a) = Gamma(a + 1) U^(1/a)
            shape = alpha + after
            log_go = np.log(gamma_draw(shape + 1.0)) + np.log(1.0 - np.random.random()) / shape
            w[c] = min(np.log(gamma_draw(1.0 + size[c])) - log_go, 1e4)
        after += size[c]
