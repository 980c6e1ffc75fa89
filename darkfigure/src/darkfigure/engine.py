"""Compiled kernels: zeta transforms and the Newton fit of a log-linear model, without any design matrix.

Cells and effects are bit masks, arrays have one entry per mask. Every kernel works on one table and one model,
holds no state and releases the interpreter lock: a batch is a loop over (table, model) pairs, wherever it runs.

Formulas: Poisson log-linear likelihood of the observed cells; score_e = t_e - m_e, information H_ef = m_(e|f),
with m the superset sums of the fitted values (methods in Baillargeon & Rivest 2007, Chan et al. 2021).
A lower bound on the deviance comes from weak duality: with the Newton direction d, m = mu (1 + A'd) meets all
margins exactly, so if it is non-negative no parameter value can give a larger log-likelihood than sum m log m - m.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

CONVERGED, PRUNED, NO_MLE, NOT_IDENTIFIED, FAILED = 0, 4, 1, 2, 8
MAX_ITERATIONS = 120

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def superset_sums_of(z: Floats, k: int) -> None:
    """In place: z[s] becomes the sum of z over all supersets of s."""
    size = 1 << k
    for j in range(k):
        bit = 1 << j
        for low in range(0, size, bit << 1):
            for s in range(low, low + bit):
                z[s] += z[s + bit]


@njit(cache=True, nogil=True)
def subset_sums_of(z: Floats, k: int) -> None:
    """In place: z[s] becomes the sum of z over all subsets of s."""
    size = 1 << k
    for j in range(k):
        bit = 1 << j
        for low in range(0, size, bit << 1):
            for s in range(low, low + bit):
                z[s + bit] += z[s]


@njit(cache=True, nogil=True)
def solve_information(m: Floats, effects: Ints, p: int, L: Floats, rhs: Floats, out: Floats) -> int:
    """Solve H out = rhs with H_ef = m[e|f]; returns the number of dependent parameters (their out is 0)."""
    dependent = 0
    for i in range(p):
        ei = effects[i]
        for j in range(i + 1):
            total = m[ei | effects[j]]
            for c in range(j):
                total -= L[i, c] * L[j, c]
            if i == j:
                if total <= 1e-13 * m[ei]:
                    L[i, i] = 0.0
                    dependent += 1
                else:
                    L[i, i] = np.sqrt(total)
            elif L[j, j] == 0.0:
                L[i, j] = 0.0
            else:
                L[i, j] = total / L[j, j]
    for i in range(p):
        total = rhs[i]
        for c in range(i):
            total -= L[i, c] * out[c]
        out[i] = total / L[i, i] if L[i, i] > 0.0 else 0.0
    for i in range(p - 1, -1, -1):
        total = out[i]
        for c in range(i + 1, p):
            total -= L[c, i] * out[c]
        out[i] = total / L[i, i] if L[i, i] > 0.0 else 0.0
    return dependent


@njit(cache=True, nogil=True)
def fit_kernel(
    k: int,
    y: Floats,
    keep: NDArray[np.bool_],
    effects: Ints,
    p: int,
    target: float,
    gap_wanted: float,
    cells: Floats,
    L: Floats,
    par: Floats,
    out: Floats,
) -> int:
    """Maximum likelihood of one hierarchical model on one table.

    Args:
        k: number of lists. y: counts by mask, shape (2^k,). keep: cells in the likelihood, shape (2^k,).
        effects: bit masks of the p parameters with positive margins, entry 0 the intercept.
        target: stop as soon as the deviance is proven to reach it (PRUNED).
        gap_wanted: stop once the deviance is known to this accuracy; 0 for full convergence.
        cells: work space (6, 2^k); on return row 0 holds log fitted values, row 1 fitted values.
        L: work space (>= p, >= p); on return the Cholesky factor of the information.
        par: work space (4, >= p); on return row 0 holds the parameters.
        out: on return (deviance, lower bound of the deviance, log-likelihood without log y! terms, iterations,
            largest remaining step).

    Returns:
        CONVERGED, PRUNED, NO_MLE (a parameter drifts away), NOT_IDENTIFIED or FAILED.
    """
    size = 1 << k
    eta, mu, m, step, trial, t = cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]
    beta, grad, delta, old = par[0], par[1], par[2], par[3]
    saturated = 0.0
    for s in range(size):
        if keep[s]:
            t[s] = y[s]
            start = y[s] + 0.1
            m[s] = start
            trial[s] = start * np.log(start) + y[s] - start
            if y[s] > 0.0:
                saturated += y[s] * np.log(y[s]) - y[s]
        else:
            t[s] = 0.0
            m[s] = 0.0
            trial[s] = 0.0
    superset_sums_of(t, k)
    superset_sums_of(m, k)
    superset_sums_of(trial, k)
    for i in range(p):
        grad[i] = trial[effects[i]]
    solve_information(m, effects, p, L, grad, beta)
    best_bound = 0.0
    loglik = -np.inf
    tries = 0
    extra = 0
    status = FAILED
    largest = np.inf
    dependent = 0
    iteration = 0
    for iteration in range(1, MAX_ITERATIONS + 1):  # noqa: B007
        for s in range(size):
            eta[s] = 0.0
        for i in range(p):
            eta[effects[i]] = beta[i]
        subset_sums_of(eta, k)
        now = 0.0
        for s in range(size):
            if keep[s]:
                e = eta[s]
                mu[s] = np.exp(e) if e < 700.0 else np.inf
                now += y[s] * e - mu[s]
            else:
                mu[s] = 0.0
        if not (now >= loglik - 1e-9 * (1.0 + abs(loglik))) and tries < 30:
            tries += 1
            for i in range(p):
                beta[i] = 0.5 * (beta[i] + old[i])
            continue
        tries = 0
        loglik = now
        for s in range(size):
            m[s] = mu[s]
        superset_sums_of(m, k)
        for i in range(p):
            grad[i] = t[effects[i]] - m[effects[i]]
        dependent = solve_information(m, effects, p, L, grad, delta)
        decrement = 0.0
        for s in range(size):
            step[s] = 0.0
        for i in range(p):
            decrement += grad[i] * delta[i]
            step[effects[i]] = delta[i]
        subset_sums_of(step, k)
        largest = 0.0
        dual = 0.0
        feasible = True
        for s in range(size):
            if keep[s]:
                d = step[s]
                largest = max(largest, abs(d))
                if d > -1.0:
                    if feasible:
                        dual += mu[s] * (1.0 + d) * (eta[s] + np.log1p(d) - 1.0)
                elif d < -1.0 - 1e-9:
                    feasible = False
        if feasible and largest < 1e6:
            bound = 2.0 * (saturated - dual)
            best_bound = max(best_bound, bound)
        deviance = 2.0 * (saturated - loglik)
        if best_bound >= target:
            status = PRUNED
            break
        if gap_wanted > 0.0 and feasible and deviance - best_bound < gap_wanted:
            status = CONVERGED
            break
        small = decrement < 1e-12 * (1.0 + abs(loglik))
        if small:
            if largest < 1e-6:
                status = CONVERGED
            extra += 1
            if extra > 12 and largest > 0.05:
                status = NO_MLE
        scale = 1.0
        if largest > 3.0:
            scale = 3.0 / largest
        for i in range(p):
            old[i] = beta[i]
            beta[i] += scale * delta[i]
        if status != FAILED:
            break
    if status == CONVERGED and gap_wanted == 0.0:
        # the last step was taken after the fitted values were made: bring them along, and the likelihood with them
        loglik = 0.0
        for s in range(size):
            if keep[s]:
                eta[s] += step[s]
                mu[s] = np.exp(eta[s])
                loglik += y[s] * eta[s] - mu[s]
    if status == CONVERGED and dependent > 0:
        status = NOT_IDENTIFIED
    out[0] = 2.0 * (saturated - loglik)
    out[1] = min(best_bound, out[0])
    out[2] = loglik
    out[3] = iteration
    out[4] = largest
    return status


@njit(cache=True, nogil=True)
def extended_effects(k: int, t: Floats, effects: Ints, p: int, kept: Ints, keep: NDArray[np.bool_]) -> int:
    """Split a model by zero overlaps: kept effects go to ``kept``, cells that stay in the likelihood to ``keep``.

    An effect e with t[e] = 0 has its parameter at minus infinity, and every cell above e leaves the likelihood.
    Returns the number of kept effects.
    """
    size = 1 << k
    for s in range(1, size):
        keep[s] = True
    keep[0] = False
    q = 0
    for i in range(p):
        e = effects[i]
        if t[e] > 0.0:
            kept[q] = e
            q += 1
        else:
            for s in range(1, size):
                if s & e == e:
                    keep[s] = False
    return q


@njit(cache=True, nogil=True)
def fit_many(k: int, y: Floats, t: Floats, models: Ints, sizes: Ints, results: Floats, statuses: Ints) -> None:
    """Fit many models to one table.

    Args:
        k, y: as for fit_kernel; t: superset sums of y, shape (2^k,).
        models: (count, most parameters) effects of each model; sizes: (count,) numbers of parameters.
        results: (count, 3): on return deviance, log-likelihood without log y! terms, log dark figure.
        statuses: (count,): on return the status of each fit.
    """
    size = 1 << k
    most = models.shape[1]
    cells = np.empty((6, size))
    L = np.empty((most, most))
    par = np.empty((4, most))
    out = np.empty(5)
    kept = np.empty(most, dtype=np.int64)
    keep = np.empty(size, dtype=np.bool_)
    for i in range(models.shape[0]):
        q = extended_effects(k, t, models[i], sizes[i], kept, keep)
        statuses[i] = fit_kernel(k, y, keep, kept, q, np.inf, 0.0, cells, L, par, out)
        results[i, 0] = out[0]
        results[i, 1] = out[2]
        results[i, 2] = par[0, 0]
