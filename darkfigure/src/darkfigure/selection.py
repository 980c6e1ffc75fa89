"""Choosing a model: exhaustive search, stepwise rules, downhill search, and the table of all good models."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from darkfigure import engine, search
from darkfigure.engine import Floats, Ints
from darkfigure.errors import OptionError, TableError
from darkfigure.fitting import Fit, fit
from darkfigure.models import Model, all_models, main_effects, model_of, neighbours, number_of_models
from darkfigure.special import normal_cdf, poisson_tails
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

GOOD_MODELS_MOST = 200_000


@dataclass(frozen=True, eq=False)
class Selection:
    """The outcome of a model search.

    Attributes:
        best: the chosen model, fitted.
        method: "bic", "aic", "stepwise", "aic-stepwise", "downhill" or "main".
        criterion_name: "BIC" or "AIC", the scale of ``criterion``.
        models: the models looked at and kept, best first (for exhaustive search: every admissible model within
            ``slack`` of the best); shape (m,).
        criterion: their BIC or AIC; shape (m,). estimates: their population sizes; shape (m,).
        n_models: how many models the search covers, None when that number is not known.
        n_fits: how many fits that took.
        steps: what a stepwise rule did, in order.

    Example:
        >>> from darkfigure import example
        >>> print(select(example("kosovo_4")))
        BIC over 113 models: [123,14,34], 10,357 people; 3 models within 4.0 of the best span 10,357 to 18,393
    """

    best: Fit
    method: str
    criterion_name: str
    models: tuple[Model, ...]
    criterion: Floats
    estimates: Floats
    n_models: int | None
    n_fits: int
    slack: float
    steps: tuple[str, ...] = field(default=())

    @property
    def estimate(self) -> float:
        """Population size under the chosen model."""
        return self.best.estimate

    @property
    def weights(self) -> Floats:
        """Weight exp(-difference/2) of each kept model, summing to 1; shape (m,)."""
        raw = np.exp(-0.5 * (self.criterion - self.criterion.min()))
        return np.asarray(raw / raw.sum())

    @property
    def average(self) -> float:
        """Population size averaged over the kept models with their weights."""
        return float(self.weights @ self.estimates)

    @property
    def spread(self) -> tuple[float, float]:
        """Smallest and largest population size among the kept models: often the real message."""
        return float(self.estimates.min()), float(self.estimates.max())

    def to_frame(self) -> pd.DataFrame:
        """One row per kept model: model, parameters, criterion, difference, weight, estimate; needs pandas.

        Returns:
            One row per kept model; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> select(example("kosovo_4")).to_frame()["model"].tolist()
            ['[123,14,34]', '[123,134]', '[134,12,23]']
        """
        from darkfigure.frames import frame_of

        return frame_of(
            {
                "model": [model.name for model in self.models],
                "parameters": [model.size for model in self.models],
                self.criterion_name: self.criterion,
                "difference": self.criterion - self.criterion.min(),
                "weight": self.weights,
                "estimate": self.estimates,
            }
        )

    def plot(self) -> object:
        """Estimates of the kept models against their criterion (matplotlib Figure).

        Returns:
            A matplotlib figure.

        Raises:
            OptionError: 405 without matplotlib.

        Source: own.

        Example:
            >>> from darkfigure import example
            >>> len(select(example("korea_3")).plot().axes)
            1
        """
        from darkfigure.plots import plot_models

        return plot_models(self)

    def __str__(self) -> str:
        covered = f"{self.n_models:,} models" if self.n_models else "all models"
        low, high = self.spread
        text = f"{self.criterion_name} over {covered}: {self.best.model.name}, {self.estimate:,.0f} people"
        if self.method not in ("bic", "aic"):
            return f"{self.method}: {self.best.model.name}, {self.estimate:,.0f} people"
        return f"{text}; {len(self.models)} models within {self.slack} of the best span {low:,.0f} to {high:,.0f}"


def select(
    table: OverlapTable,
    method: str = "bic",
    max_order: int | None = None,
    slack: float = 4.0,
    threshold: float = 0.02,
) -> Selection:
    """Choose a model.

    Args:
        table: overlap table of k lists.
        method: "bic" or "aic" (exhaustive over all admissible hierarchical models, exact), "downhill" (local search
            by BIC), "stepwise" (Chan, Silverman & Vincent 2021), "aic-stepwise" (Bales, Hesketh & Silverman 2015),
            "main" (no search).
        max_order: largest number of lists in an interaction (default k - 1; "bic" and "aic" need it above 6 lists,
            "downhill" takes 2 there).
        slack: keep every model whose criterion is at most this much above the best ("bic" and "aic").
        threshold: p-value below which "stepwise" adds a pair (0 adds none).

    Returns:
        Selection: the best model, and all good ones with estimates in people.

    Raises:
        OptionError: 401 unknown method, 402 too many lists, 403 wrong max_order. TableError: 216 for censored cells.

    Source: Chan, Silverman & Vincent 2021; Bales, Hesketh & Silverman 2015.

    Example:
        >>> from darkfigure import example
        >>> select(example("uk_2013_5")).best.model.name
        '[123,25,34]'
    """
    if table.is_censored:
        raise TableError(216)
    if method in ("bic", "aic"):
        return _exhaustive(table, method, max_order, slack)
    rules: dict[str, Callable[[], tuple[Model, list[str], int]]] = {
        "downhill": lambda: downhill(table, max_order if max_order is not None or table.k <= 6 else 2),
        "stepwise": lambda: stepwise(table, threshold),
        "aic-stepwise": lambda: aic_stepwise(table),
        "main": lambda: (main_effects(table.k), [], 1),
    }
    if method not in rules:
        raise OptionError(401, method=method, methods=", ".join(["bic", "aic", *rules]))
    model, steps, fits = rules[method]()
    best = fit(table, model)
    return Selection(
        best,
        method,
        "BIC",
        (model,),
        np.array([best.bic]),
        np.array([best.estimate]),
        fits,
        fits,
        0.0,
        tuple(steps),
    )


def check_exhaustive(k: int, max_order: int | None) -> None:
    """Refuse a search whose interactions do not fit into one machine word.

    Raises:
        OptionError: 402 for too many interactions, 403 for a wrong max_order.

    Example:
        >>> check_exhaustive(6, None)
    """
    if k > 2:
        top = k - 1 if max_order is None else max_order
        count = sum(math.comb(k, order) for order in range(2, top + 1))
        if count > search.MAX_FREE:
            need = "at most 62 interactions (k <= 6, or k = 7 with max_order 3, or k <= 11 with max_order 2)"
            raise OptionError(402, method="Exhaustive selection", need=need, have=f"{k} lists")
        search.lattice(k, max_order)


def models_covered(k: int, max_order: int | None) -> int | None:
    """How many models an exhaustive search covers, or None when nobody has counted them.

    Example:
        >>> models_covered(5, None)
        6893
    """
    try:
        return number_of_models(k, max_order)
    except OptionError as error:
        if error.number == 402:
            return None
        raise


def penalty_per_parameter(method: str, n: int) -> float:
    """log n for "bic", 2 for "aic".

    Example:
        >>> penalty_per_parameter("aic", 100)
        2.0
    """
    return math.log(n) if method == "bic" else 2.0


def model_of_family(k: int, interactions: Ints, family: int) -> Model:
    """Model from a bit set over the interactions of a lattice.

    Example:
        >>> model_of_family(3, np.array([3, 5, 6]), 0b101).name
        '[12,23]'
    """
    return model_of(k, [int(e) for i, e in enumerate(interactions) if family >> i & 1])


def _exhaustive(table: OverlapTable, method: str, max_order: int | None, slack: float) -> Selection:
    check_exhaustive(table.k, max_order)
    inter, below, above = search.lattice(table.k, max_order)
    y = table.counts.astype(np.float64)
    cost = penalty_per_parameter(method, table.n)
    first = np.array([family_of(model, inter) for model in (downhill(table, max_order)[0],)], dtype=np.int64)
    families = np.empty(GOOD_MODELS_MOST, dtype=np.int64)
    scores = np.empty((GOOD_MODELS_MOST, 2))
    counts = np.zeros(3, dtype=np.int64)
    found = search.search_kernel(table.k, y, cost, slack, inter, below, above, first, families, scores, counts)
    if found < 0:
        raise OptionError(403, option="slack", value=slack, need="smaller: too many models are that good")
    if found == 0:
        best = fit(table, main_effects(table.k))
        nothing = (best.model,), np.array([best.bic]), np.array([best.estimate])
        return Selection(best, method, method.upper(), *nothing, models_covered(table.k, max_order), 1, slack)
    order = np.argsort(scores[:found, 0], kind="stable")
    limit = scores[order[0], 0] + slack
    order = order[scores[order, 0] <= limit + 1e-9]
    models = tuple(model_of_family(table.k, inter, int(families[i])) for i in order)
    best = fit(table, models[0])
    constant = (best.bic if method == "bic" else best.aic) - scores[order[0], 0]
    return Selection(
        best=best,
        method=method,
        criterion_name=method.upper(),
        models=models,
        criterion=scores[order, 0] + constant,
        estimates=table.n + np.exp(scores[order, 1]),
        n_models=models_covered(table.k, max_order),
        n_fits=int(counts[0]),
        slack=slack,
    )


def family_of(model: Model, interactions: Ints) -> int:
    """Bit set of a model over the interactions of a lattice.

    Example:
        >>> from darkfigure import parse_model
        >>> family_of(parse_model("[12,23]", 3), np.array([3, 5, 6]))
        5
    """
    inside = set(model.effects)
    return sum(1 << i for i, e in enumerate(interactions) if int(e) in inside)


def downhill(table: OverlapTable, max_order: int | None = None) -> tuple[Model, list[str], int]:
    """From independence, always to the best neighbour by BIC among admissible models, until none is better.

    Returns:
        The local optimum, one line per step, and the number of fits.

    Example:
        >>> from darkfigure import example
        >>> downhill(example("uk_2013_5"))[0].name
        '[12,13,25,35,45]'
    """
    here = main_effects(table.k)
    bic = fit(table, here).bic
    steps, fits = [f"{here.name}: BIC {bic:.3f}"], 1
    while True:
        around = neighbours(here, max_order) if table.k > 2 else []
        scored = score_models(table, around)
        fits += len(around)
        candidates = [(score, i) for i, score in enumerate(scored) if score < bic - 1e-9]
        if not candidates:
            return here, steps, fits
        bic, chosen = min(candidates)
        here = around[chosen]
        steps.append(f"{here.name}: BIC {bic:.3f}")


def score_models(table: OverlapTable, models: list[Model]) -> Floats:
    """BIC of many models at once, infinite where no admissible estimate exists; shape (number of models,).

    Example:
        >>> from darkfigure import example, all_models
        >>> float(score_models(example("korea_3"), list(all_models(3))).min().round(4))
        57.1408
    """
    results, statuses = fit_batch(table, models)
    constant = 2.0 * sum(math.lgamma(value + 1.0) for value in table.counts)
    sizes = np.array([model.size for model in models])
    bic = sizes * math.log(table.n) - 2.0 * results[:, 1] + constant
    return np.where(statuses == engine.CONVERGED, bic, np.inf)


def fit_batch(table: OverlapTable, models: list[Model]) -> tuple[Floats, Ints]:
    """Fit many models to one table: (deviance, log-likelihood without log y! terms, log dark figure) and status.

    Returns:
        Arrays of shape (m, 3) and (m,).

    Example:
        >>> from darkfigure import example, all_models
        >>> fit_batch(example("korea_3"), list(all_models(3)))[0].shape
        (8, 3)
    """
    most = max((model.size for model in models), default=1)
    effects = np.zeros((len(models), most), dtype=np.int64)
    for row, model in zip(effects, models, strict=True):
        row[: model.size] = model.effects
    sizes = np.array([model.size for model in models], dtype=np.int64)
    results, statuses = np.empty((len(models), 3)), np.empty(len(models), dtype=np.int64)
    overlaps = table.overlaps.astype(np.float64)
    engine.fit_many(table.k, table.counts.astype(np.float64), overlaps, effects, sizes, results, statuses)
    return results, statuses


@dataclass(frozen=True, eq=False)
class ModelTable:
    """Every hierarchical model with its fit.

    Attributes:
        models: in the order of ``all_models``; m of them. bic, aic, deviance, estimates: shape (m,); NaN estimates
            where not admissible. admissible: shape (m,), whether a unique estimate exists.

    Example:
        >>> from darkfigure import example
        >>> int(fit_all(example("korea_3")).admissible.sum())
        6
    """

    models: tuple[Model, ...]
    bic: Floats
    aic: Floats
    deviance: Floats
    estimates: Floats
    admissible: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def to_frame(self) -> pd.DataFrame:
        """One row per model, sorted by BIC, admissible ones first; needs pandas.

        Returns:
            One row per model; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> fit_all(example("korea_3")).to_frame().shape
            (8, 6)
        """
        from darkfigure.frames import frame_of

        order = np.lexsort((self.bic, ~self.admissible))
        return frame_of(
            {
                "model": [self.models[i].name for i in order],
                "admissible": self.admissible[order],
                "estimate": self.estimates[order],
                "BIC": self.bic[order],
                "AIC": self.aic[order],
                "deviance": self.deviance[order],
            }
        )


def fit_all(table: OverlapTable, max_order: int | None = None) -> ModelTable:
    """Fit every hierarchical model (at most 5 lists, or pairs only up to 6 lists).

    Args:
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        ModelTable: every model, estimates in people.

    Raises:
        OptionError: 402, 403 for too many lists or a wrong max_order. TableError: 216 for censored cells.

    Source: Chan, Silverman & Vincent 2021.

    Example:
        >>> from darkfigure import example
        >>> len(fit_all(example("kosovo_4")).models)
        113
    """
    if table.is_censored:
        raise TableError(216)
    models = all_models(table.k, max_order)
    results, statuses = fit_batch(table, list(models))
    admissible = statuses == engine.CONVERGED
    loglik = results[:, 1] - sum(math.lgamma(value + 1.0) for value in table.counts)
    sizes = np.array([model.size for model in models])
    estimates = np.where(admissible, table.n + np.exp(np.minimum(results[:, 2], 700.0)), np.nan)
    bic, aic = sizes * math.log(table.n) - 2 * loglik, 2.0 * sizes - 2 * loglik
    return ModelTable(models, bic, aic, results[:, 0], estimates, admissible)


def stepwise(table: OverlapTable, threshold: float = 0.02) -> tuple[Model, list[str], int]:
    """Add the pair whose overlap is most surprising under the current fit, while its p-value is below the threshold.

    The p-value of a pair is the smaller Poisson tail of its overlap at the fitted overlap; a pair without an
    admissible estimate has p-value 1 (Chan, Silverman & Vincent 2021).

    Example:
        >>> from darkfigure import example
        >>> stepwise(example("uk_2013_5"))[0].name
        '[12,13,24,25,35,45]'
    """
    k = table.k
    pairs = [1 << i | 1 << j for i in range(k) for j in range(i + 1, k)] if k > 2 else []
    here = main_effects(k)
    steps: list[str] = []
    fits = 1
    while True:
        current = fit(table, here)
        fitted = current.fitted.copy()
        fitted[0] = 0.0
        engine.superset_sums_of(fitted, k)
        p_values = []
        outside = [pair for pair in pairs if pair not in here]
        extended = [model_of(k, [*here.interactions, pair]) for pair in outside]
        admissible = fit_batch(table, extended)[1] == engine.CONVERGED if extended else []
        fits += len(extended)
        for pair, good in zip(outside, admissible, strict=True):
            tails = poisson_tails(int(table.overlaps[pair]), float(fitted[pair]))
            p_values.append(min(tails) if good else 1.0)
        if not p_values or min(p_values) >= threshold:
            return here, steps, fits
        at = p_values.index(min(p_values))
        here = extended[at]
        steps.append(f"+{current.effect_name(outside[at])}: p = {p_values[at]:.3g}")


def aic_stepwise(table: OverlapTable, threshold: float = 0.05) -> tuple[Model, list[str], int]:
    """Add the pair that lowers AIC most; stop when AIC does not fall or the new term's Wald p-value is above 0.05.

    Source: Bales, Hesketh & Silverman 2015. Inadmissible models are passed over.

    Example:
        >>> from darkfigure import example
        >>> aic_stepwise(example("kosovo_4"))[0].name
        '[12,13,14,23,34]'
    """
    k = table.k
    pairs = [1 << i | 1 << j for i in range(k) for j in range(i + 1, k)] if k > 2 else []
    here = fit(table, main_effects(k))
    steps: list[str] = []
    fits = 1
    while True:
        tried = [model_of(k, [*here.model.interactions, pair]) for pair in pairs if pair not in here.model]
        if not tried:
            return here.model, steps, fits
        fits += len(tried)
        results, statuses = fit_batch(table, tried)
        logliks = np.where(statuses == engine.CONVERGED, results[:, 1], -np.inf)
        at = int(np.argmax(logliks))
        best = fit(table, tried[at]) if logliks[at] > -np.inf else None
        if best is None or best.status != 0 or best.aic >= here.aic:
            return here.model, steps, fits
        added = next(e for e in best.model.effects if e not in here.model)
        if wald_p_value(best, added) > threshold:
            return here.model, steps, fits
        steps.append(f"+{best.effect_name(added)}: AIC {best.aic:.3f}")
        here = best


def wald_p_value(fitted: Fit, effect: int) -> float:
    """Two-sided p-value of one parameter from its estimate and asymptotic standard error (1 above empty overlaps).

    Example:
        >>> from darkfigure import example
        >>> round(wald_p_value(fit(example("kosovo_4"), "[12,3,4]"), 3), 4)
        0.54
    """
    kept = [e for e in fitted.model.effects if fitted.parameters[e] > -math.inf]
    if effect not in kept:
        return 1.0
    cells = fitted.fitted.copy()
    cells[0] = 0.0
    engine.superset_sums_of(cells, fitted.table.k)
    information = np.array([[cells[e | f] for f in kept] for e in kept])
    at = kept.index(effect)
    variance = float(np.linalg.inv(information)[at, at])
    return 2.0 * normal_cdf(-abs(fitted.parameters[effect]) / math.sqrt(variance))
