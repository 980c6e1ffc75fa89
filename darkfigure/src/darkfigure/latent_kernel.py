"""Compiled sampler of the latent class model: Hamiltonian moves with classes, people and the unseen integrated out.

State: u (K, k) logits of the list probabilities in each class, w (K-1) logits of the sticks, alpha. With p(N) ~ 1/N and
all memberships summed out, the likelihood is prod_s p_s^y_s / (1 - rho)^n, rho the probability of being on no list.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from darkfigure.engine import Floats, Ints


@njit(cache=True, nogil=True, error_model="numpy")
def log_posterior(
    u: Floats, w: Floats, alpha: float, masks: Ints, y: Floats, n: float, gu: Floats, gw: Floats, work: Floats
) -> tuple[float, float]:
    """Log posterior of (u, w) given alpha, its gradient in gu and gw, and rho."""
    classes, k = u.shape
    lam, odds, none, share, weight = work[0], work[1], work[2], work[3], work[4]
    value = 0.0
    left = 0.0
    for c in range(classes):
        log_none = 0.0
        for j in range(k):
            e = np.exp(-abs(u[c, j]))
            p = 1.0 / (1.0 + e) if u[c, j] >= 0 else e / (1.0 + e)
            lam[c * k + j] = p
            odds[c * k + j] = np.exp(u[c, j])
            softplus = max(u[c, j], 0.0) + np.log1p(e)
            log_none -= softplus
            value += u[c, j] - 2.0 * softplus
            gu[c, j] = 1.0 - 2.0 * p
        if c < classes - 1:
            e = np.exp(-abs(w[c]))
            v = 1.0 / (1.0 + e) if w[c] >= 0 else e / (1.0 + e)
            softplus = max(w[c], 0.0) + np.log1p(e)
            value += (w[c] - softplus) - alpha * softplus
            none[c] = np.exp(left + w[c] - softplus + log_none)
            weight[c] = v
            left -= softplus
        else:
            none[c] = np.exp(left + log_none)
        share[c] = 0.0
    rho = 0.0
    for c in range(classes):
        rho += none[c]
    seen = 1.0 - rho
    if not seen > 1e-12:
        return -np.inf, rho
    value -= n * np.log(seen)
    for c in range(classes):
        share[c] = n * none[c] / seen
        for j in range(k):
            gu[c, j] -= share[c] * lam[c * k + j]
    part = work[5]
    for i in range(masks.shape[0]):
        total = 0.0
        for c in range(classes):
            p = none[c]
            for j in range(k):
                if masks[i] >> j & 1:
                    p *= odds[c * k + j]
            part[c] = p
            total += p
        value += y[i] * np.log(total)
        factor = y[i] / total
        for c in range(classes):
            r = factor * part[c]
            share[c] += r
            for j in range(k):
                gu[c, j] += r * ((masks[i] >> j & 1) - lam[c * k + j])
    after = 0.0
    for c in range(classes - 1, -1, -1):
        if c < classes - 1:
            v = weight[c]
            gw[c] = (1.0 - v) * (1.0 + share[c]) - v * (alpha + after)
        after += share[c]
    return value, rho


@njit(cache=True, nogil=True, error_model="numpy")
def allocate_and_redraw(
    u: Floats,
    w: Floats,
    alpha: float,
    masks: Ints,
    y: Floats,
    n: float,
    rho: float,
    work: Floats,
    none: Floats,
) -> None:
    """A Gibbs sweep: put people (the unseen too) into classes, then draw u and w given who is where.

    It refreshes classes that hold nobody exactly, which Hamiltonian moves do slowly.
    """
    classes, k = u.shape
    on, size = work[0], work[1]
    left = 0.0
    lam = work[2]
    for c in range(classes):
        log_none = 0.0
        for j in range(k):
            lam[c * k + j] = 1.0 / (1.0 + np.exp(-u[c, j]))
            log_none -= max(u[c, j], 0.0) + np.log1p(np.exp(-abs(u[c, j])))
            on[c * k + j] = 0.0
        if c < classes - 1:
            softplus = max(w[c], 0.0) + np.log1p(np.exp(-abs(w[c])))
            none[c] = np.exp(left + w[c] - softplus + log_none)
            left -= softplus
        else:
            none[c] = np.exp(left + log_none)
    rate = np.random.gamma(n) / (1.0 - rho)
    for c in range(classes):
        size[c] = np.random.poisson(rate * none[c])
    part = work[3]
    for i in range(masks.shape[0]):
        total = 0.0
        for c in range(classes):
            p = none[c]
            for j in range(k):
                if masks[i] >> j & 1:
                    p *= np.exp(u[c, j])
            part[c] = p
            total += p
        remaining = int(y[i])
        for c in range(classes):
            if remaining == 0:
                break
            share = 1.0 if c == classes - 1 or part[c] >= total else part[c] / total
            here = remaining if share >= 1.0 else np.random.binomial(remaining, share)
            total -= part[c]
            remaining -= here
            size[c] += here
            for j in range(k):
                if masks[i] >> j & 1:
                    on[c * k + j] += here
    after = 0.0
    for c in range(classes - 1, -1, -1):
        for j in range(k):
            yes = np.random.gamma(1.0 + on[c * k + j])
            no = np.random.gamma(1.0 + size[c] - on[c * k + j])
            u[c, j] = min(max(np.log(yes) - np.log(no), -60.0), 60.0)
        if c < classes - 1:
            # log of a Gamma(a) draw for small a, without underflow: Gamma(a) = Gamma(a + 1) U^(1/a)
            shape = alpha + after
            log_stay = np.log(np.random.gamma(1.0 + size[c]))
            log_go = np.log(np.random.gamma(shape + 1.0)) + np.log(np.random.random()) / shape
            w[c] = min(log_stay - log_go, 1e4)
        after += size[c]


@njit(cache=True, nogil=True, error_model="numpy")
def run_chain(
    seed: int,
    classes: int,
    k: int,
    masks: Ints,
    y: Floats,
    prior_shape: float,
    prior_rate: float,
    warmup: int,
    draws: int,
    cap: float,
    dark: Floats,
    info: Floats,
) -> None:
    """One chain: draws into ``dark`` (draws,); info: accepted share, step size, mean alpha, capped draws."""
    np.random.seed(seed)
    n = y.sum()
    u = np.empty((classes, k))
    w = np.empty(classes - 1)
    for c in range(classes):
        for j in range(k):
            on = 0.5
            for i in range(masks.shape[0]):
                if masks[i] >> j & 1:
                    on += y[i]
            share = on / (n + 1.0) * np.exp(np.random.normal() * 0.7) * 0.3
            u[c, j] = np.log(share / (1.0 + share)) + 0.5 * np.random.normal()
    for c in range(classes - 1):
        w[c] = np.random.normal() - 0.5
    alpha = 1.0
    gu, gw = np.zeros((classes, k)), np.zeros(classes - 1)
    nu, nw = np.empty((classes, k)), np.empty(classes - 1)
    pu, pw = np.empty((classes, k)), np.empty(classes - 1)
    work = np.empty((6, max(classes * k, classes)))
    none = np.empty(classes)
    step, mean_step, error = 0.02, 0.0, 0.0
    target_step = np.log(0.1)
    accepted = 0.0
    mean_alpha = 0.0
    capped = 0.0
    now, rho = log_posterior(u, w, alpha, masks, y, n, gu, gw, work)
    for sweep in range(warmup + draws):
        size = step * (0.8 + 0.4 * np.random.random())
        leaps = 4 + int(np.random.random() * min(40.0, 3.0 / step))
        energy = -now
        for c in range(classes):
            for j in range(k):
                pu[c, j] = np.random.normal()
                energy += 0.5 * pu[c, j] ** 2
                nu[c, j] = u[c, j]
        for c in range(classes - 1):
            pw[c] = np.random.normal()
            energy += 0.5 * pw[c] ** 2
            nw[c] = w[c]
        new, new_rho = now, rho
        for _leap in range(leaps):
            for c in range(classes):
                for j in range(k):
                    pu[c, j] += 0.5 * size * gu[c, j]
                    nu[c, j] += size * pu[c, j]
            for c in range(classes - 1):
                pw[c] += 0.5 * size * gw[c]
                nw[c] += size * pw[c]
            new, new_rho = log_posterior(nu, nw, alpha, masks, y, n, gu, gw, work)
            if not new > -1e300:
                break
            for c in range(classes):
                for j in range(k):
                    pu[c, j] += 0.5 * size * gu[c, j]
            for c in range(classes - 1):
                pw[c] += 0.5 * size * gw[c]
        kinetic = 0.0
        for c in range(classes):
            for j in range(k):
                kinetic += 0.5 * pu[c, j] ** 2
        for c in range(classes - 1):
            kinetic += 0.5 * pw[c] ** 2
        ratio = energy + new - kinetic
        chance = 0.0
        if new > -1e300 and not np.isnan(ratio):
            chance = min(1.0, np.exp(min(ratio, 0.0)))
        if np.random.random() < chance:
            for c in range(classes):
                for j in range(k):
                    u[c, j] = nu[c, j]
            for c in range(classes - 1):
                w[c] = nw[c]
            now, rho = new, new_rho
        allocate_and_redraw(u, w, alpha, masks, y, n, rho, work, none)
        left = 0.0
        for c in range(classes - 1):
            left += max(w[c], 0.0) + np.log1p(np.exp(-abs(w[c])))
        alpha = np.random.gamma(prior_shape + classes - 1.0) / (prior_rate + left)
        now, rho = log_posterior(u, w, alpha, masks, y, n, gu, gw, work)
        if sweep < warmup:
            count = sweep + 1.0
            error = (1.0 - 1.0 / (count + 10.0)) * error + (0.8 - chance) / (count + 10.0)
            logged = target_step - np.sqrt(count) / 0.05 * error
            mix = count**-0.75
            mean_step = mix * logged + (1.0 - mix) * mean_step
            step = min(np.exp(logged), 1.0)
            if sweep == warmup - 1:
                step = min(np.exp(mean_step), 1.0)
        else:
            at = sweep - warmup
            accepted += chance
            mean_alpha += alpha
            tries = 0
            while True:
                x = float(np.random.poisson(np.random.gamma(n) * rho / (1.0 - rho)))
                if x <= cap or tries == 100:
                    break
                tries += 1
            if tries > 0:
                capped += 1.0
            dark[at] = min(x, cap)
    info[0] = accepted / draws
    info[1] = step
    info[2] = mean_alpha / draws
    info[3] = capped
