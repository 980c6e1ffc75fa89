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
def scatter_start(k: int, masks: Ints, y: Floats, u: Floats, w: Floats) -> None:
    """A dispersed start: every class near the observed list shares, scaled at random."""
    classes = u.shape[0]
    n = y.sum()
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


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_once(
    u: Floats,
    w: Floats,
    alpha: float,
    masks: Ints,
    y: Floats,
    n: float,
    step: float,
    now: float,
    rho: float,
    prior: tuple[float, float],
    room: tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats],
) -> tuple[float, float, float, float]:
    """One Hamiltonian move and one Gibbs sweep, in place; the gradients of the state must lie in ``room``.

    Returns:
        New alpha, log posterior, rho, and the acceptance probability of the Hamiltonian move.
    """
    gu, gw, nu, nw, pu, pw, work, none = room
    classes, k = u.shape
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
        rho = new_rho
    allocate_and_redraw(u, w, alpha, masks, y, n, rho, work, none)
    left = 0.0
    for c in range(classes - 1):
        left += max(w[c], 0.0) + np.log1p(np.exp(-abs(w[c])))
    alpha = np.random.gamma(prior[0] + classes - 1.0) / (prior[1] + left)
    now, rho = log_posterior(u, w, alpha, masks, y, n, gu, gw, work)
    return alpha, now, rho, chance


@njit(cache=True, nogil=True, error_model="numpy")
def adapted_step(count: float, chance: float, state: Floats) -> float:
    """Dual averaging towards an acceptance of 0.8 (Hoffman & Gelman 2014); state: error, mean log step."""
    state[0] = (1.0 - 1.0 / (count + 10.0)) * state[0] + (0.8 - chance) / (count + 10.0)
    logged = np.log(0.1) - np.sqrt(count) / 0.05 * state[0]
    mix = count**-0.75
    state[1] = mix * logged + (1.0 - mix) * state[1]
    return float(min(np.exp(logged), 1.0))


@njit(cache=True, nogil=True, error_model="numpy")
def draw_unseen(n: float, rho: float, cap: float) -> tuple[float, float]:
    """A draw of the dark figure given rho, and 1 if it had to be redrawn for the cap."""
    tries = 0
    while True:
        x = float(np.random.poisson(np.random.gamma(n) * rho / (1.0 - rho)))
        if x <= cap or tries == 100:
            break
        tries += 1
    return min(x, cap), 1.0 if tries > 0 else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def room_for(classes: int, k: int) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    """Work space of a sweep: gradients, proposals, momenta, and two scratch arrays."""
    return (
        np.zeros((classes, k)),
        np.zeros(classes - 1),
        np.empty((classes, k)),
        np.empty(classes - 1),
        np.empty((classes, k)),
        np.empty(classes - 1),
        np.empty((6, classes * k)),
        np.empty(classes),
    )


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
    u, w = np.empty((classes, k)), np.empty(classes - 1)
    scatter_start(k, masks, y, u, w)
    room = room_for(classes, k)
    tuning = np.zeros(2)
    alpha, step = 1.0, 0.02
    accepted, mean_alpha, capped = 0.0, 0.0, 0.0
    now, rho = log_posterior(u, w, alpha, masks, y, n, room[0], room[1], room[6])
    for sweep in range(warmup + draws):
        alpha, now, rho, chance = sweep_once(u, w, alpha, masks, y, n, step, now, rho, (prior_shape, prior_rate), room)
        if sweep < warmup:
            step = adapted_step(sweep + 1.0, chance, tuning)
            if sweep == warmup - 1:
                step = min(np.exp(tuning[1]), 1.0)
        else:
            accepted += chance
            mean_alpha += alpha
            dark[sweep - warmup], again = draw_unseen(n, rho, cap)
            capped += again
    info[0] = accepted / draws
    info[1] = step
    info[2] = mean_alpha / draws
    info[3] = capped


@njit(cache=True, nogil=True)
def thinned(y: Floats, heat: float, result: Floats) -> None:
    """About ``heat`` times the counts, in whole numbers, rounding errors handed on from cell to cell."""
    rest = 0.5
    for i in range(y.shape[0]):
        rest += heat * y[i]
        result[i] = np.floor(rest)
        rest -= result[i]


@njit(cache=True, nogil=True)
def respaced(heats: Floats, refused: Floats) -> None:
    """Move the rungs so that every swap is refused about equally often (Syed, Bouchard-Cote, Deligiannidis & Doucet
    2022): equal steps of the running sum of refusals, interpolated on the log scale."""
    rungs = heats.shape[0]
    total = np.zeros(rungs)
    for t in range(rungs - 1):
        total[t + 1] = total[t] + max(refused[t], 0.01)
    logs = np.log(heats)
    at = 0
    for t in range(1, rungs - 1):
        wanted = total[rungs - 1] * t / (rungs - 1)
        while total[at + 1] < wanted:
            at += 1
        part = (wanted - total[at]) / (total[at + 1] - total[at])
        heats[t] = np.exp(logs[at] + part * (logs[at + 1] - logs[at]))


@njit(cache=True, nogil=True, error_model="numpy")
def run_tempered(
    seed: int,
    classes: int,
    k: int,
    masks: Ints,
    y: Floats,
    prior_shape: float,
    prior_rate: float,
    rungs: int,
    thinnest: float,
    warmup: int,
    draws: int,
    cap: float,
    dark: Floats,
    info: Floats,
) -> None:
    """One chain with helpers on thinner tables, which wander between modes and hand their states up.

    Rung t sees about heats[t] times the counts, in whole numbers, so every rung can use the exact Gibbs sweep too;
    neighbouring rungs swap states by Metropolis' rule, alternating between even and odd pairs. ``dark`` holds the
    draws of rung 0, which sees the table itself. info: as for run_chain, then the mean share of refused swaps.
    """
    np.random.seed(seed)
    cells = y.shape[0]
    heats = np.exp(np.linspace(0.0, np.log(thinnest), rungs))
    tables = np.empty((rungs, cells))
    for t in range(rungs):
        thinned(y, heats[t], tables[t])
    tables[0] = y
    sums = np.empty(rungs)
    u, w = np.empty((rungs, classes, k)), np.empty((rungs, classes - 1))
    alpha, step, tuning = np.ones(rungs), np.full(rungs, 0.02), np.zeros((rungs, 2))
    for t in range(rungs):
        sums[t] = tables[t].sum()
        scatter_start(k, masks, y, u[t], w[t])
    room = room_for(classes, k)
    gu, gw, work = room[0], room[1], room[6]
    refused, tried = np.zeros(rungs), np.zeros(rungs)
    all_refused, all_tried = 0.0, 0.0
    rhos = np.empty(rungs)
    accepted, mean_alpha, capped = 0.0, 0.0, 0.0
    respace_at = 50
    for sweep in range(warmup + draws):
        for t in range(rungs):
            now, rho = log_posterior(u[t], w[t], alpha[t], masks, tables[t], sums[t], gu, gw, work)
            alpha[t], now, rhos[t], chance = sweep_once(
                u[t], w[t], alpha[t], masks, tables[t], sums[t], step[t], now, rho, (prior_shape, prior_rate), room
            )
            if sweep < warmup:
                step[t] = adapted_step(sweep + 1.0, chance, tuning[t])
                if sweep == warmup - 1:
                    step[t] = min(np.exp(tuning[t, 1]), 1.0)
            elif t == 0:
                accepted += chance
        for t in range(sweep % 2, rungs - 1, 2):
            own, _ = log_posterior(u[t], w[t], alpha[t], masks, tables[t], sums[t], gu, gw, work)
            other, _ = log_posterior(u[t + 1], w[t + 1], alpha[t + 1], masks, tables[t + 1], sums[t + 1], gu, gw, work)
            up, _ = log_posterior(u[t + 1], w[t + 1], alpha[t + 1], masks, tables[t], sums[t], gu, gw, work)
            down, _ = log_posterior(u[t], w[t], alpha[t], masks, tables[t + 1], sums[t + 1], gu, gw, work)
            chance = np.exp(min(up + down - own - other, 0.0))
            tried[t] += 1.0
            refused[t] += 1.0 - chance
            if np.random.random() < chance:
                for c in range(classes):
                    for j in range(k):
                        u[t, c, j], u[t + 1, c, j] = u[t + 1, c, j], u[t, c, j]
                for c in range(classes - 1):
                    w[t, c], w[t + 1, c] = w[t + 1, c], w[t, c]
                alpha[t], alpha[t + 1] = alpha[t + 1], alpha[t]
                rhos[t], rhos[t + 1] = rhos[t + 1], rhos[t]
        if sweep < warmup:
            if sweep + 1 == respace_at and 2 * respace_at <= warmup:
                respaced(heats, refused / np.maximum(tried, 1.0))
                for t in range(1, rungs):
                    thinned(y, heats[t], tables[t])
                    sums[t] = tables[t].sum()
                refused[:] = 0.0
                tried[:] = 0.0
                respace_at *= 2
        else:
            mean_alpha += alpha[0]
            dark[sweep - warmup], again = draw_unseen(sums[0], rhos[0], cap)
            capped += again
    all_refused = refused.sum()
    all_tried = tried.sum()
    info[0] = accepted / draws
    info[1] = step[0]
    info[2] = mean_alpha / draws
    info[3] = capped
    info[4] = all_refused / max(all_tried, 1.0)
