"""Compiled chains of the latent class model: Hamiltonian moves with classes and people summed out, then a Gibbs sweep.

State: u (k, classes) logits of the list probabilities in each class, w (classes - 1) logits of the sticks, alpha. With
p(N) ~ 1/N and all memberships summed out, the likelihood is prod_s p_s^y_s / (1 - rho)^n, rho the probability of being
on no list.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from darkfigure.engine import Floats, Ints
from darkfigure.latent_density import log_posterior
from darkfigure.latent_gibbs import allocate_and_redraw

LONGEST_PATH = 60.0
PATH_IN_STEPS = 3.0


@njit(cache=True, nogil=True, error_model="numpy")
def scatter_start(members: Ints, starts: Ints, y: Floats, u: Floats, w: Floats) -> None:
    """A dispersed start: every class near the observed list shares, scaled at random."""
    k, classes = u.shape
    n = y.sum()
    for j in range(k):
        on = 0.5
        for i in range(y.shape[0]):
            for at in range(starts[i], starts[i + 1]):
                if members[at] == j:
                    on += y[i]
        for c in range(classes):
            share = on / (n + 1.0) * np.exp(np.random.normal() * 0.7) * 0.3
            u[j, c] = np.log(share / (1.0 + share)) + 0.5 * np.random.normal()
    for c in range(classes - 1):
        w[c] = np.random.normal() - 0.5


@njit(cache=True, nogil=True, error_model="numpy")
def kick(momentum: Floats, gradient: Floats, by: float) -> None:
    """momentum += by * gradient."""
    for i in range(momentum.shape[0]):
        momentum[i] += by * gradient[i]


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_once(
    u: Floats,
    w: Floats,
    alpha: float,
    members: Ints,
    starts: Ints,
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
    k, classes = u.shape
    size = step * (0.8 + 0.4 * np.random.random())
    leaps = 1 + int(np.random.random() * min(LONGEST_PATH, PATH_IN_STEPS / step))
    energy = -now
    for j in range(k):
        for c in range(classes):
            pu[j, c] = np.random.normal()
            energy += 0.5 * pu[j, c] ** 2
    for c in range(classes - 1):
        pw[c] = np.random.normal()
        energy += 0.5 * pw[c] ** 2
    nu[:] = u
    nw[:] = w
    new, new_rho = now, rho
    for leap in range(leaps):
        kick(pu.ravel(), gu.ravel(), 0.5 * size)
        kick(pw, gw, 0.5 * size)
        kick(nu.ravel(), pu.ravel(), size)
        kick(nw, pw, size)
        new, new_rho = log_posterior(nu, nw, alpha, members, starts, y, n, gu, gw, work, leap == leaps - 1)
        if not new > -1e300:
            break
        kick(pu.ravel(), gu.ravel(), 0.5 * size)
        kick(pw, gw, 0.5 * size)
    kinetic = 0.0
    for j in range(k):
        for c in range(classes):
            kinetic += 0.5 * pu[j, c] ** 2
    for c in range(classes - 1):
        kinetic += 0.5 * pw[c] ** 2
    ratio = energy + new - kinetic
    chance = 0.0
    if new > -1e300 and not np.isnan(ratio):
        chance = min(1.0, np.exp(min(ratio, 0.0)))
    if np.random.random() < chance:
        u[:] = nu
        w[:] = nw
        rho = new_rho
    allocate_and_redraw(u, w, alpha, members, starts, y, n, rho, work, none)
    left = 0.0
    for c in range(classes - 1):
        left += max(w[c], 0.0) + np.log1p(np.exp(-abs(w[c])))
    alpha = np.random.gamma(prior[0] + classes - 1.0) / (prior[1] + left)
    now, rho = log_posterior(u, w, alpha, members, starts, y, n, gu, gw, work, True)
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
        np.zeros((k, classes)),
        np.zeros(classes - 1),
        np.empty((k, classes)),
        np.empty(classes - 1),
        np.empty((k, classes)),
        np.empty(classes - 1),
        np.empty((2 * k + 5, classes)),
        np.empty(classes),
    )


@njit(cache=True, nogil=True, error_model="numpy")
def run_chain(
    seed: int,
    classes: int,
    k: int,
    members: Ints,
    starts: Ints,
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
    u, w = np.empty((k, classes)), np.empty(classes - 1)
    scatter_start(members, starts, y, u, w)
    room = room_for(classes, k)
    tuning = np.zeros(2)
    alpha, step = 1.0, 0.02
    accepted, mean_alpha, capped = 0.0, 0.0, 0.0
    now, rho = log_posterior(u, w, alpha, members, starts, y, n, room[0], room[1], room[6], True)
    for sweep in range(warmup + draws):
        alpha, now, rho, chance = sweep_once(
            u, w, alpha, members, starts, y, n, step, now, rho, (prior_shape, prior_rate), room
        )
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
    members: Ints,
    starts: Ints,
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
    u, w = np.empty((rungs, k, classes)), np.empty((rungs, classes - 1))
    alpha, step, tuning = np.ones(rungs), np.full(rungs, 0.02), np.zeros((rungs, 2))
    for t in range(rungs):
        sums[t] = tables[t].sum()
        scatter_start(members, starts, y, u[t], w[t])
    room = room_for(classes, k)
    gu, gw, work = room[0], room[1], room[6]
    refused, tried = np.zeros(rungs), np.zeros(rungs)
    all_refused, all_tried = 0.0, 0.0
    rhos = np.empty(rungs)
    accepted, mean_alpha, capped = 0.0, 0.0, 0.0
    respace_at = 50
    for sweep in range(warmup + draws):
        for t in range(rungs):
            now, rho = log_posterior(u[t], w[t], alpha[t], members, starts, tables[t], sums[t], gu, gw, work, True)
            alpha[t], now, rhos[t], chance = sweep_once(
                u[t],
                w[t],
                alpha[t],
                members,
                starts,
                tables[t],
                sums[t],
                step[t],
                now,
                rho,
                (prior_shape, prior_rate),
                room,
            )
            if sweep < warmup:
                step[t] = adapted_step(sweep + 1.0, chance, tuning[t])
                if sweep == warmup - 1:
                    step[t] = min(np.exp(tuning[t, 1]), 1.0)
            elif t == 0:
                accepted += chance
        for t in range(sweep % 2, rungs - 1, 2):
            own, _ = log_posterior(u[t], w[t], alpha[t], members, starts, tables[t], sums[t], gu, gw, work, True)
            other, _ = log_posterior(
                u[t + 1], w[t + 1], alpha[t + 1], members, starts, tables[t + 1], sums[t + 1], gu, gw, work, True
            )
            up, _ = log_posterior(
                u[t + 1], w[t + 1], alpha[t + 1], members, starts, tables[t], sums[t], gu, gw, work, True
            )
            down, _ = log_posterior(
                u[t], w[t], alpha[t], members, starts, tables[t + 1], sums[t + 1], gu, gw, work, True
            )
            chance = np.exp(min(up + down - own - other, 0.0))
            tried[t] += 1.0
            refused[t] += 1.0 - chance
            if np.random.random() < chance:
                for j in range(k):
                    for c in range(classes):
                        u[t, j, c], u[t + 1, j, c] = u[t + 1, j, c], u[t, j, c]
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
