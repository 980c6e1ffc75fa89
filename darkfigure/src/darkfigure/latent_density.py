"""The posterior density of the latent class model and its gradient, with classes, people and the unseen summed out.

This is where a sampler spends its time: classes lie next to each other in memory, so that the compiler takes four at
once, and logarithms are taken only where the value is asked for, at the end of a path.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from darkfigure.engine import Floats, Ints

FURTHEST = 40.0
"""Largest log odds of a list in a class: the product over 16 lists stays inside double precision."""
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SHIFT = 6755399441055744.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def exponentials(x: Floats, out: Floats, scratch: Floats) -> None:
    """out = e^x for arguments inside +-600, to the last bit or two, four at a time.

    x = n log 2 + r with n whole and |r| <= log(2)/2 (adding 1.5 * 2^52 rounds to n); e^r by its series up to r^12,
    and n goes straight into the exponent bits.
    """
    shifted, bits = scratch.view(np.int64), out.view(np.int64)
    for i in range(x.shape[0]):
        a = min(max(x[i], -600.0), 600.0)
        scratch[i] = a * _LOG2_E + _SHIFT
        whole = scratch[i] - _SHIFT
        r = (a - whole * _LN2_HIGH) - whole * _LN2_LOW
        p = 1.0 / 479001600.0
        p = p * r + 1.0 / 39916800.0
        p = p * r + 1.0 / 3628800.0
        p = p * r + 1.0 / 362880.0
        p = p * r + 1.0 / 40320.0
        p = p * r + 1.0 / 5040.0
        p = p * r + 1.0 / 720.0
        p = p * r + 1.0 / 120.0
        p = p * r + 1.0 / 24.0
        p = p * r + 1.0 / 6.0
        p = p * r + 0.5
        p = p * r + 1.0
        out[i] = p * r + 1.0
    for i in range(x.shape[0]):
        bits[i] += shifted[i] << 52


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})
def log_posterior(
    u: Floats,
    w: Floats,
    alpha: float,
    members: Ints,
    starts: Ints,
    y: Floats,
    n: float,
    gu: Floats,
    gw: Floats,
    work: Floats,
    valued: bool,
) -> tuple[float, float]:
    """Log posterior of (u, w) given alpha (0 unless ``valued``), and rho; its gradient goes into gu and gw.

    History i has the lists members[starts[i]:starts[i + 1]] and y[i] people.
    """
    k, classes = u.shape
    odds, lam = work[0:k], work[k : 2 * k]
    none, share, part, stick, scratch = work[2 * k], work[2 * k + 1], work[2 * k + 2], work[2 * k + 3], work[2 * k + 4]
    exponentials(u.ravel(), odds.ravel(), lam.ravel())
    exponentials(w, stick[: classes - 1], scratch[: classes - 1])
    none[:] = 1.0
    for j in range(k):
        for c in range(classes):
            off = 1.0 / (1.0 + odds[j, c])
            lam[j, c] = odds[j, c] * off
            none[c] *= off
    value = 0.0
    if valued:
        for j in range(k):
            for c in range(classes):
                value += u[j, c]
        for c in range(classes):
            value += 2.0 * np.log(none[c])
        for c in range(classes - 1):
            softplus = max(w[c], 0.0) + np.log1p(np.exp(-abs(w[c])))
            value += (w[c] - softplus) - alpha * softplus
    left = 1.0
    for c in range(classes - 1):
        stay = 1.0 / (1.0 + stick[c])
        stick[c] *= stay
        none[c] *= left * stick[c]
        left *= stay
    none[classes - 1] *= left
    rho = 0.0
    for c in range(classes):
        rho += none[c]
    seen = 1.0 - rho
    if not seen > 1e-12:
        return -np.inf, rho
    if valued:
        value -= n * np.log(seen)
    for c in range(classes):
        share[c] = n / seen * none[c]
    gu[:] = 0.0
    for i in range(y.shape[0]):
        first, last = starts[i], starts[i + 1]
        j = members[first]
        for c in range(classes):
            part[c] = none[c] * odds[j, c]
        for at in range(first + 1, last):
            j = members[at]
            for c in range(classes):
                part[c] *= odds[j, c]
        total = 0.0
        for c in range(classes):
            total += part[c]
        if valued:
            value += y[i] * np.log(total)
        factor = y[i] / total
        for c in range(classes):
            part[c] *= factor
            share[c] += part[c]
        for at in range(first, last):
            j = members[at]
            for c in range(classes):
                gu[j, c] += part[c]
    for j in range(k):
        for c in range(classes):
            gu[j, c] += 1.0 - lam[j, c] * (share[c] + 2.0)
    after = share[classes - 1]
    for c in range(classes - 2, -1, -1):
        gw[c] = (1.0 - stick[c]) * (1.0 + share[c]) - stick[c] * (alpha + after)
        after += share[c]
    return value, rho
