"""Log-linear models of several strata at once, in which list effects and interactions may vary between strata.

log mu_gs = sum over effects e inside s of x_ge b_e, with one intercept per stratum g (its dark figure is exp of it).
The columns x_ge say how effect e varies: common to all strata, along an attribute, or free in every stratum. This is
the log-linear model with categorical covariates (Fienberg 1972; Cormack 1989); a number makes a line in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError
from darkfigure.fitting import Interval, ProfileLikelihood
from darkfigure.heterogeneous import has_maximum
from darkfigure.models import Model, parse_model
from darkfigure.special import normal_quantile
from darkfigure.strata import STRATUM, StratifiedTable

if TYPE_CHECKING:
    import pandas as pd

Varies = str | tuple[str, ...]
Terms = dict[int, tuple[str, ...]]
"""For every effect (bit mask) but the intercept: the names it varies by."""

LARGEST_ETA = 700.0


@dataclass(frozen=True, eq=False)
class StratifiedFit:
    """A log-linear model fitted to all strata together.

    Attributes:
        strata, model: what was fitted. terms: for each effect, by what it varies.
        estimate: all strata together, in people; NaN when ``status`` is not 0. dark: dark figure of each stratum.
        loglik: Poisson log-likelihood of the observed cells. parameters: number of parameters, those at minus
            infinity (above overlaps that are empty) included.
        covariance: of the logs of the dark figures, shape (strata, strata). effects: every finite parameter, the
            intercepts of the strata first. fitted: expected counts of the cells that stay in the likelihood.
        status: 0, 1 (no estimate exists), 2 (not identified).

    Example:
        >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15]}, "AB")
        >>> print(fit_strata(strata, "[1,2]"))
        [1,2], all effects common: 195, 95 % profile 180 to 214 (status 0, 4 parameters)
    """

    strata: StratifiedTable
    model: Model
    terms: Terms
    estimate: float
    dark: Floats
    loglik: float
    parameters: int
    covariance: Floats
    effects: Floats
    fitted: Floats
    status: int

    @property
    def bic(self) -> float:
        """(parameters) log n - 2 loglik, n the people observed in all strata."""
        return self.parameters * math.log(self.strata.n) - 2.0 * self.loglik

    @property
    def aic(self) -> float:
        """2 (parameters) - 2 loglik."""
        return 2.0 * self.parameters - 2.0 * self.loglik

    @property
    def variance_of_log_dark(self) -> float:
        """Asymptotic variance of the log of the total dark figure (delta method)."""
        share = self.dark / self.dark.sum()
        return float(share @ self.covariance @ share)

    def interval(self, level: float = 0.95, method: str = "profile") -> Interval:
        """Interval for all strata together, from the joint fit.

        Args:
            method: "profile" (multinomial profile likelihood of the total, strata a trait of each person) or "log"
                (symmetric on the log of the dark figure, with the Poisson noise of the unseen).

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises:
            OptionError: 401 for an unknown method, 403 for a level outside (0, 1).

        Source: Cormack 1992 (profile).

        Example:
            >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15]}, "AB")
            >>> print(fit_strata(strata, "[1,2]").interval(0.9, "log"))
            184 to 213 (90 %, log)
        """
        if not 0.0 < level < 1.0:
            raise OptionError(403, option="level", value=level, need="between 0 and 1")
        if method not in ("profile", "log"):
            raise OptionError(401, method=method, methods="profile, log")
        if self.status != 0:
            return Interval(math.nan, math.nan, level, method)
        if method == "profile":
            return Interval(*self.profile.limits(level), level, method)
        lower, upper = _log_limits(self.strata.n, float(self.dark.sum()), self.variance_of_log_dark, level)
        return Interval(lower, upper, level, method)

    def stratum_interval(self, name: str, level: float = 0.95) -> Interval:
        """Interval for one stratum, symmetric on the log of its dark figure, with the Poisson noise of the unseen.

        Args:
            name: of the stratum.
            level: nominal coverage, between 0 and 1.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises: nothing.

        Source: own.

        Example:
            >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15]}, "AB")
            >>> print(fit_strata(strata, "[1,2]").stratum_interval("b"))
            39 to 53 (95 %, log)
        """
        at = self.strata.names.index(name)
        if self.status != 0:
            return Interval(math.nan, math.nan, level, "log")
        limits = _log_limits(int(self.strata.sizes[at]), float(self.dark[at]), float(self.covariance[at, at]), level)
        return Interval(*limits, level, "log")

    @cached_property
    def profile(self) -> ProfileLikelihood:
        """Profile likelihood of the total population size; how the unseen divide over strata is profiled out."""
        design = build_design(self.strata, self.terms)
        everything: Any = SimpleNamespace(counts=np.concatenate([[0.0], design.y]), n=self.strata.n)
        warm = {"beta": self.effects}

        def fitted(x: float) -> Floats:
            beta = _solve_given_total(design, x, warm["beta"])
            warm["beta"] = beta
            eta = np.minimum(design.x @ beta, LARGEST_ETA)
            unseen = float(np.exp(np.minimum(beta[: len(self.strata)], LARGEST_ETA)).sum())
            return np.concatenate([[unseen], np.exp(eta)])

        return ProfileLikelihood(everything, fitted)

    def to_frame(self) -> pd.DataFrame:
        """One row per stratum: people seen, estimate and limits; needs pandas.

        Returns:
            One row per stratum; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15]}, "AB")
            >>> fit_strata(strata, "[1,2]").to_frame()["seen"].tolist()
            [130, 37]
        """
        from darkfigure.frames import frame_of

        rows = []
        for at, name in enumerate(self.strata.names):
            limits = self.stratum_interval(name)
            seen = int(self.strata.sizes[at])
            rows.append(
                {"stratum": name, "seen": seen, "estimate": seen + self.dark[at], "lower": limits.lower,
                 "upper": limits.upper}
            )  # fmt: skip
        return frame_of(rows)

    @property
    def name(self) -> str:
        """The model in words, such as "[12,3]; by stratum: 1, 2"."""
        return name_of(self.model, self.terms)

    def __str__(self) -> str:
        if self.status != 0:
            return f"{self.name}: no estimate (status {self.status})"
        limits = self.interval()
        return (
            f"{self.name}: {self.estimate:,.0f}, 95 % profile {limits.lower:,.0f} to {limits.upper:,.0f} "
            f"(status {self.status}, {self.parameters} parameters)"
        )


def _log_limits(n: int, dark: float, variance: float, level: float) -> tuple[float, float]:
    half = normal_quantile(0.5 + level / 2) * math.sqrt(variance + 1.0 / dark)
    return n + dark * math.exp(-half), n + dark * math.exp(half)


def name_of(model: Model, terms: Terms) -> str:
    """The model and what varies in it, in words.

    Example:
        >>> from darkfigure import parse_model
        >>> name_of(parse_model("[12,3]", 3), {1: ("sex",), 2: ("stratum",), 3: (), 4: ("sex",)})
        '[12,3]; by sex: 1, 3; by stratum: 2'
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    joint = "." if model.k > 9 else ""
    for effect, varies in sorted(terms.items(), key=lambda item: (item[0].bit_count(), item[0])):
        if varies:
            label = joint.join(str(j + 1) for j in range(model.k) if effect >> j & 1)
            groups.setdefault(varies, []).append(label)
    if not groups:
        return f"{model.name}, all effects common"
    return "; ".join([model.name, *(f"by {' and '.join(by)}: {', '.join(who)}" for by, who in groups.items())])


def terms_of(strata: StratifiedTable, model: Model, vary: str | Mapping[str, Varies]) -> Terms:
    """Which effect varies by what.

    Args:
        vary: "none", "lists" (the list effects, by stratum), "all" (every effect, by stratum), or for single effects,
            by their list numbers or names joined by ":", what they vary by: {"1": "stratum", "police:shelter": "year"}.
            An effect varies by at least what the interactions above it vary by.

    Raises:
        OptionError: 401 for another word, 403 for an unknown effect or attribute.

    Example:
        >>> from darkfigure import parse_model
        >>> strata = StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1]}, "AB")
        >>> terms_of(strata, parse_model("[1,2]", 2), {"A": "stratum"})
        {1: ('stratum',), 2: ()}
    """
    effects = [e for e in model.effects if e]
    words = {"none": (), "lists": tuple(e for e in effects if e.bit_count() == 1), "all": tuple(effects)}
    if isinstance(vary, str):
        if vary not in words:
            raise OptionError(401, method=vary, methods=", ".join(words))
        return {e: (STRATUM,) if e in words[vary] else () for e in effects}
    terms: Terms = {e: () for e in effects}
    for name, by in vary.items():
        effect = _effect_of(strata, name)
        if effect not in terms:
            raise OptionError(403, option="vary", value=name, need=f"an effect of the model {model.name}")
        varies = (by,) if isinstance(by, str) else tuple(by)
        strata.columns(varies)
        for below in effects:
            if below & effect == below:
                terms[below] = joined(terms[below], varies)
    return terms


def _effect_of(strata: StratifiedTable, name: str) -> int:
    parts = name.split(":")
    if all(part in strata.lists for part in parts):
        return sum(1 << strata.lists.index(part) for part in parts)
    numbers = name.replace(".", " ").split() if "." in name else list(name)
    if all(part.isdigit() and 1 <= int(part) <= strata.k for part in numbers):
        return sum(1 << (int(part) - 1) for part in set(numbers))
    raise OptionError(403, option="vary", value=name, need="effects by list names (joined by ':') or list numbers")


def joined(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    """What varies by both; by stratum covers everything else.

    Example:
        >>> joined(("sex",), ("year",)), joined(("sex",), ("stratum",))
        (('sex', 'year'), ('stratum',))
    """
    if STRATUM in one or STRATUM in two:
        return (STRATUM,)
    return tuple(sorted({*one, *two}))


@dataclass(frozen=True, eq=False)
class Design:
    """Columns of a stratified model for the observable cells, parameters at minus infinity taken out.

    Attributes:
        x: shape (cells, parameters), the intercepts of the strata first. y: counts. parameters: with those taken out.
        owner: effect of each column (0 for intercepts). rows: for each cell its stratum and history.

    Example:
        >>> strata = StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1]}, "AB")
        >>> build_design(strata, {1: (), 2: ()}).x.shape
        (6, 4)
    """

    x: Floats
    y: Floats
    parameters: int
    owner: list[int]
    rows: list[tuple[int, int]]


def build_design(strata: StratifiedTable, terms: Terms) -> Design:
    """The design of a model; a column above an empty margin leaves with the cells it would send to zero.

    Example:
        >>> strata = StratifiedTable({"a": [0, 4, 3, 0], "b": [0, 1, 1, 1]}, "AB")
        >>> design = build_design(strata, {1: (), 2: (), 3: ("stratum",)})
        >>> design.parameters, design.x.shape
        (6, (5, 5))
    """
    groups, size = len(strata), 1 << strata.k
    blocks = [np.repeat(np.eye(groups), size - 1, axis=0)]
    owner = [0] * groups
    masks = np.tile(np.arange(1, size), groups)
    for effect in sorted(terms):
        inside = (masks & effect) == effect
        columns = np.repeat(strata.columns(terms[effect]), size - 1, axis=0)
        blocks.append(columns * inside[:, None])
        owner += [effect] * columns.shape[1]
    x = np.hstack(blocks)
    y = strata.counts[:, 1:].ravel().astype(np.float64)
    rows = [(g, s) for g in range(groups) for s in range(1, size)]
    count = x.shape[1]
    cells, kept = np.ones(len(y), dtype=bool), np.ones(count, dtype=bool)
    while True:
        inside = x[cells]
        empty = kept & (inside >= 0).all(axis=0) & (inside.T @ y[cells] == 0) & (inside > 0).any(axis=0)
        if not empty.any():
            break
        cells &= ~(x[:, empty] > 0).any(axis=1)
        kept &= ~empty
    kept &= (x[cells] != 0).any(axis=0)
    return Design(
        x[np.ix_(cells, kept)],
        y[cells],
        count,
        [effect for effect, keep in zip(owner, kept, strict=True) if keep],
        [row for row, keep in zip(rows, cells, strict=True) if keep],
    )


def newton(
    x: Floats, y: Floats, penalty: Floats | None = None, start: Floats | None = None
) -> tuple[Floats, Floats, float, bool]:
    """Poisson regression, with a quadratic penalty b' diag(penalty) b / 2 where one is given.

    Returns:
        Coefficients, information (with penalty), log-likelihood without log y! terms or penalty, whether it converged.

    Example:
        >>> beta, *_ = newton(np.ones((3, 1)), np.array([1.0, 2.0, 3.0]))
        >>> round(float(np.exp(beta[0])), 6)
        2.0
    """
    weights = np.zeros(x.shape[1]) if penalty is None else penalty
    if start is None:
        mu = y + 0.1
        information = x.T @ (mu[:, None] * x) + np.diag(weights + 1e-9)
        beta = np.linalg.lstsq(information, x.T @ (mu * np.log(mu) + y - mu), rcond=1e-12)[0]
    else:
        beta = start.copy()
    value, converged = -math.inf, False
    step = np.zeros_like(beta)
    information = np.eye(x.shape[1])
    loglik = -math.inf
    for _ in range(100):
        eta = np.minimum(x @ beta, LARGEST_ETA)
        mu = np.exp(eta)
        loglik = float(y @ eta - mu.sum())
        now = loglik - 0.5 * float(weights @ beta**2)
        if now < value - 1e-9 * (1 + abs(value)):
            step = step / 2
            beta = beta - step
            continue
        value = now
        information = x.T @ (mu[:, None] * x) + np.diag(weights)
        step = _solved(information, x.T @ (y - mu) - weights * beta)
        largest = float(np.abs(x @ step).max())
        if largest < 1e-9:
            converged = True
            break
        step = step * min(1.0, 3.0 / largest)
        beta = beta + step
    return np.asarray(beta), np.asarray(information), loglik, converged


def _solved(matrix: Floats, right: Floats) -> Floats:
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-13)[0])
    return np.asarray(np.linalg.solve(factor.T, np.linalg.solve(factor, right)))


def _solve_given_total(design: Design, total: float, start: Floats) -> Floats:
    """Parameters that maximise the likelihood when ``total`` people are on no list, in whatever stratum.

    The log-likelihood is sum y eta - sum mu - sum_g mu_g0 + total log sum_g mu_g0; at its maximum the curvature is
    that of the observed cells plus total a a', a the shares of the strata, which is what every step uses.
    """
    groups = design.owner.count(0)
    beta = start.copy()
    value, step = -math.inf, np.zeros_like(beta)
    for _ in range(200):
        eta = np.minimum(design.x @ beta, LARGEST_ETA)
        mu = np.exp(eta)
        unseen = np.exp(np.minimum(beta[:groups], LARGEST_ETA))
        share = unseen / unseen.sum()
        now = float(design.y @ eta - mu.sum() - unseen.sum()) + total * math.log(unseen.sum())
        if now < value - 1e-10 * (1 + abs(value)):
            step = step / 2
            beta = beta - step
            continue
        value = now
        gradient = design.x.T @ (design.y - mu)
        gradient[:groups] += total * share - unseen
        information = design.x.T @ (mu[:, None] * design.x)
        information[:groups, :groups] += total * np.outer(share, share) + np.diag(1e-12 * (1 + unseen))
        step = _solved(information, gradient)
        largest = float(np.abs(step).max())
        if largest < 1e-9:
            break
        step = step * min(1.0, 2.0 / largest)
        beta = beta + step
    return beta


def fit_strata(
    strata: StratifiedTable, model: str | Model = "[1]", vary: str | Mapping[str, Varies] = "none"
) -> StratifiedFit:
    """Fit one log-linear model to all strata together.

    Args:
        strata: tables by stratum. model: such as "[12,3]" (lists that are not named enter alone).
        vary: what may differ between strata, see ``terms_of``: "none" equals the merged table, "all" equals separate
            fits, anything between borrows strength.

    Estimand: the population, all strata together, if the model holds in every stratum.
    Source: Fienberg 1972; Cormack 1989; Sekar & Deming 1949 for why to stratify.

    Returns:
        StratifiedFit: estimates in people, one per stratum and in all.

    Raises:
        ModelError: 301 to 303. OptionError: 401, 403.

    Example:
        >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15]}, "AB", {"year": [2014, 2015]})
        >>> fit_strata(strata, "[1,2]", {"A": "year"}).name
        '[1,2]; by year: 1'
    """
    found = parse_model(model, strata.k)
    return fit_terms(strata, found, terms_of(strata, found, vary))


def _is_flat(information: Floats) -> bool:
    """Whether the likelihood has a direction without curvature: there a parameter drifts away."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    return bool(np.linalg.eigvalsh(information / np.outer(scale, scale))[0] < 1e-9)


def fit_terms(strata: StratifiedTable, model: Model, terms: Terms, prove: bool = True) -> StratifiedFit:
    """Fit a model given by its terms; without ``prove`` existence is judged by convergence alone.

    Example:
        >>> from darkfigure import parse_model
        >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15]}, "AB")
        >>> fit_terms(strata, parse_model("[1,2]", 2), {1: (), 2: ("stratum",)}).parameters
        5
    """
    design = build_design(strata, terms)
    beta, information, loglik, converged = newton(design.x, design.y)
    groups = len(strata)
    status = 0
    if np.linalg.matrix_rank(design.x) < design.x.shape[1]:
        status = 2
    elif not converged or _is_flat(information) or (prove and not has_maximum(design.x, design.y)):
        status = 1
    dark, covariance = np.full(groups, math.nan), np.full((groups, groups), math.nan)
    if status == 0:
        dark = np.exp(beta[:groups])
        covariance = np.linalg.inv(information)[:groups, :groups]
    return StratifiedFit(
        strata=strata,
        model=model,
        terms=terms,
        estimate=strata.n + float(dark.sum()),
        dark=dark,
        loglik=loglik - sum(math.lgamma(value + 1.0) for value in strata.counts.ravel()),
        parameters=design.parameters,
        covariance=covariance,
        effects=beta,
        fitted=np.exp(np.minimum(design.x @ beta, LARGEST_ETA)),
        status=status,
    )
