"""Did the chains agree, and how many independent draws are they worth? (Vehtari et al. 2021)"""

from __future__ import annotations

import math

import numpy as np

from darkfigure.engine import Floats
from darkfigure.special import normal_quantile


def split_r_hat(draws: Floats) -> float:
    """Rank-normalised split R-hat of one quantity.

    Args:
        draws: shape (chains, draws per chain).

    Example:
        >>> good = np.random.Generator(np.random.Philox(1)).normal(size=(4, 500))
        >>> split_r_hat(good) < 1.01, split_r_hat(good + [[0], [0], [0], [3]]) > 1.2
        (True, True)
    """
    folded = np.abs(draws - np.median(draws))
    return max(_r_hat(_ranked(_halves(draws))), _r_hat(_ranked(_halves(folded))))


def bulk_ess(draws: Floats) -> float:
    """Effective number of draws for the centre of the distribution; draws of shape (chains, draws per chain).

    Example:
        >>> good = np.random.Generator(np.random.Philox(1)).normal(size=(4, 500))
        >>> 1500 < bulk_ess(good) < 2600
        True
    """
    return _ess(_ranked(_halves(draws)))


def tail_ess(draws: Floats) -> float:
    """Effective number of draws for the 5 % and 95 % quantiles, the smaller of both.

    Example:
        >>> good = np.random.Generator(np.random.Philox(1)).normal(size=(4, 500))
        >>> 1000 < tail_ess(good) < 3000
        True
    """
    return min(_ess(_halves((draws <= np.quantile(draws, p)).astype(np.float64))) for p in (0.05, 0.95))


def _halves(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _ranked(draws: Floats) -> Floats:
    flat = draws.ravel()
    _, inverse, counts = np.unique(flat, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    scores = np.array([normal_quantile((rank - 0.375) / (flat.size + 0.25)) for rank in mean_rank])
    return np.asarray(scores[inverse].reshape(draws.shape))


def _r_hat(draws: Floats) -> float:
    size = draws.shape[1]
    if size < 2:
        return math.inf
    within = float(draws.var(axis=1, ddof=1).mean())
    between = size * float(draws.mean(axis=1).var(ddof=1))
    if within == 0.0:
        return 1.0 if between == 0.0 else math.inf
    return math.sqrt((size - 1) / size + between / within / size)


def _ess(draws: Floats) -> float:
    chains, size = draws.shape
    if size < 2:
        return 0.0
    within = float(draws.var(axis=1, ddof=1).mean())
    if within == 0.0:
        return float(chains * size)
    variance = within * (size - 1) / size + float(draws.mean(axis=1).var(ddof=1))
    covariance = np.mean([_autocovariance(chain) for chain in draws], axis=0)
    rho = 1.0 - (within - covariance) / variance
    total, previous = 0.0, math.inf
    for lag in range(0, size - 1, 2):
        pair = float(rho[lag] + rho[lag + 1])
        if pair < 0.0:
            break
        pair = min(pair, previous)
        previous = pair
        total += pair
    time = max(2.0 * total - 1.0, 1.0 / math.log10(chains * size))
    return float(chains * size / time)


def _autocovariance(chain: Floats) -> Floats:
    size = len(chain)
    centred = chain - chain.mean()
    spectrum = np.fft.rfft(centred, 2 * size)
    return np.asarray(np.fft.irfft(spectrum * np.conj(spectrum))[:size] / (size - 1))
