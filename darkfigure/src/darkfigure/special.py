"""A few special functions, so that no call has to wait for a large library to load."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

_NORMAL = NormalDist()


def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution, 0 < p < 1.

    Example:
        >>> round(normal_quantile(0.975), 6)
        1.959964
    """
    return _NORMAL.inv_cdf(p)


def normal_cdf(z: float) -> float:
    """Distribution function of the standard normal.

    Example:
        >>> normal_cdf(0.0)
        0.5
    """
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def chi2_quantile_1df(p: float) -> float:
    """Quantile of the chi-square distribution with one degree of freedom.

    Example:
        >>> round(chi2_quantile_1df(0.95), 6)
        3.841459
    """
    return normal_quantile(0.5 + p / 2.0) ** 2


def digamma(x: float) -> float:
    """Derivative of log Gamma for x > 0 (recurrence to 10, then the asymptotic series; error below 1e-14).

    Example:
        >>> round(digamma(1.0), 10)
        -0.5772156649
    """
    total = 0.0
    while x < 10.0:
        total -= 1.0 / x
        x += 1.0
    f = 1.0 / (x * x)
    series = f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f * (1 / 132 - f * 691 / 32760)))))
    return total + math.log(x) - 0.5 / x - series


def poisson_tails(count: int, mean: float) -> tuple[float, float]:
    """P(X <= count) and P(X >= count) for X ~ Poisson(mean), summed term by term.

    Example:
        >>> [round(tail, 6) for tail in poisson_tails(2, 1.0)]
        [0.919699, 0.264241]
    """
    if mean <= 0.0:
        return 1.0, 1.0 if count == 0 else 0.0
    at = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    below, term = at, at
    for i in range(count, 0, -1):
        term *= i / mean
        below += term
        if i < mean and term < 1e-18 * below:
            break
    above, term, i = at, at, count + 1
    while True:
        term *= mean / i
        above += term
        if i > mean and term <= 1e-18 * above:
            break
        i += 1
    return min(below, 1.0), min(above, 1.0)


def bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Root between two points of different sign (Illinois false position, then to full double accuracy).

    Example:
        >>> round(bisect(lambda x: x * x - 2.0, 0.0, 2.0), 12)
        1.414213562373
    """
    at_low, at_high = function(low), function(high)
    if at_low == 0.0:
        return low
    if at_high == 0.0:
        return high
    for step in range(200):
        middle = high - at_high * (high - low) / (at_high - at_low)
        if step % 4 == 3 or not low < middle < high:
            middle = 0.5 * (low + high)
        value = function(middle)
        if value == 0.0 or high - low < 1e-12 * (1.0 + abs(middle)):
            return middle
        if (value > 0) == (at_high > 0):
            high, at_high = middle, value
            at_low *= 0.5
        else:
            low, at_low = middle, value
            at_high *= 0.5
    return 0.5 * (low + high)


def quantile(sample: ArrayLike, p: float) -> float:
    """Sample quantile of type 8 (Hyndman & Fan 1996: nearly median-unbiased); NaN for an empty sample.

    Example:
        >>> quantile([1, 2, 3, 4], 0.5)
        2.5
    """
    values = np.sort(np.asarray(sample, dtype=np.float64).ravel())
    if values.size == 0:
        return math.nan
    at = min(max((values.size + 1 / 3) * p + 1 / 3, 1.0), float(values.size))
    low = math.floor(at + 4e-16)
    part = at - low
    upper = values[min(low, values.size - 1)]
    return float(values[low - 1] + part * (upper - values[low - 1])) if part > 0 else float(values[low - 1])


def log_sum_exp(values: NDArray[np.float64]) -> float:
    """log(sum(exp(values))) without overflow.

    Example:
        >>> round(log_sum_exp(np.array([1000.0, 1000.0])), 6)
        1000.693147
    """
    top = float(values.max())
    return top + math.log(float(np.exp(values - top).sum())) if top > -math.inf else -math.inf
