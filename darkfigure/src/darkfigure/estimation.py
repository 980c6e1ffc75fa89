"""One call for every method, with one shape of answer: what the command line prints and other programs read."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from darkfigure.errors import OptionError, check_seed
from darkfigure.fitting import Fit, Interval, fit
from darkfigure.graphical import average_graphs
from darkfigure.heterogeneous import HeterogeneityFit, heterogeneity
from darkfigure.latent import latent_class
from darkfigure.quick import Quick, chao, chapman, lincoln_petersen, sample_coverage, zelterman
from darkfigure.resampling import bootstrap
from darkfigure.selection import Selection, select
from darkfigure.table import OverlapTable
from darkfigure.thresholding import bayes_threshold

if TYPE_CHECKING:
    import pandas as pd

SEARCHES = ("main", "stepwise", "aic-stepwise", "downhill", "bic", "aic")
LOWER_BOUNDS = ("chao", "chao-mth")
NARROWEST = 0.5
"""People: an interval narrower than this claims to know the population, which no lists do."""


@dataclass(frozen=True)
class Estimate:
    """A population size from any method.

    Attributes:
        method: as asked. estimate, lower, upper: in people; NaN when there is none, upper may be infinite.
        level: nominal coverage of the interval. interval: how the interval was made.
        model: the chosen model such as "[12,3]", or the empty string. loglik, bic: of that model, or NaN.
        status: 0 fine, 1 no estimate exists, 2 not identified, 3 both, 4 chains disagree, 5 an interval without width
            (left out: see ``without_false_certainty``). reason: in words.
        n_models: models compared (None: not known). seconds: time it took. n, k, lists: the table.
        estimand: "population" or "lower bound". seed, version: to do it again. notes: what a reader must know.

    Example:
        >>> from darkfigure import example
        >>> estimate(example("korea_3"), "stepwise").model
        '[12,3]'
    """

    method: str
    estimate: float
    lower: float
    upper: float
    level: float
    interval: str
    model: str
    loglik: float
    bic: float
    status: int
    reason: str
    n_models: int | None
    seconds: float
    n: int
    k: int
    lists: tuple[str, ...]
    estimand: str
    seed: int
    version: str
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> str:
        """One JSON object; numbers that do not exist are null, an infinite upper limit is the string "inf".

        Returns:
            Text: one JSON object.

        Raises: nothing.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> json.loads(estimate(example("korea_3"), "main").to_json())["model"]
            '[1,2,3]'
        """
        return json.dumps({key: _plain(value) for key, value in asdict(self).items()}, ensure_ascii=False)

    def to_frame(self) -> pd.DataFrame:
        """One row with the main fields; needs pandas.

        Returns:
            A frame of one row; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> estimate(example("korea_3"), "main").to_frame().shape
            (1, 8)
        """
        from darkfigure.frames import frame_of

        names = ("method", "estimate", "lower", "upper", "level", "model", "status", "n_models")
        return frame_of([{name: getattr(self, name) for name in names}])

    def __str__(self) -> str:
        if not math.isfinite(self.estimate):
            return f"{self.method}: no estimate, {self.reason}"
        bound = "at least " if self.estimand == "lower bound" else ""
        model = f" {self.model}" if self.model else ""
        limits = Interval(self.lower, self.upper, self.level, self.interval)
        warning = f" [{self.reason}]" if self.status else ""
        return f"{self.method}{model}: {bound}{self.estimate:,.0f}, {limits}{warning}"


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return value


@dataclass
class _Answer:
    estimate: float
    limits: Interval
    model: str = ""
    loglik: float = math.nan
    bic: float = math.nan
    status: int = 0
    reason: str = "the estimate exists and is unique"
    n_models: int | None = 1
    estimand: str = "population"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Request:
    table: OverlapTable
    method: str
    level: float
    max_order: int | None
    replicates: int
    seed: int
    threads: int | None
    progress: bool


def estimate(
    table: OverlapTable,
    method: str = "bic",
    level: float = 0.95,
    max_order: int | None = None,
    bootstrap_replicates: int = 0,
    seed: int = 0,
    threads: int | None = None,
    progress: bool = False,
) -> Estimate:
    """Estimate the population size with one method.

    Args:
        method: one of ``methods()``, or a model such as "[12,3]".
        level: coverage of the interval, 0 to 1. max_order: largest interaction, for searches.
        bootstrap_replicates: for "bic", "aic", "stepwise", "main" and single models: BCa interval with selection
            inside every replicate; 0 gives the profile interval of the chosen model.
        table: an overlap table: counts of people, shape (2^k,).
        seed: of the counter-based generator, 0 to 2^63 - 1.
        threads: number of threads; None takes all cores.
        progress: whether to show a bar.

    Returns:
        Estimate: sizes in people.

    Raises:
        OptionError: 401 to 404. ModelError: 301 to 303. TableError: 216 for censored cells.

    Source: that of the method (docs/methods).

    Example:
        >>> from darkfigure import example
        >>> print(estimate(example("kosovo_4"), "bic"))
        bic [123,14,34]: 10,357, 8,994 to 12,110 (95 %, profile)
    """
    if not 0.0 < level < 1.0:
        raise OptionError(403, option="level", value=level, need="between 0 and 1")
    check_seed(seed)
    from darkfigure import __version__

    started = time.perf_counter()
    request = _Request(table, method, level, max_order, bootstrap_replicates, seed, threads, progress)
    answer = without_false_certainty(_answer(request))
    return Estimate(
        method=method,
        estimate=answer.estimate,
        lower=answer.limits.lower,
        upper=answer.limits.upper,
        level=level,
        interval=answer.limits.method,
        model=answer.model,
        loglik=answer.loglik,
        bic=answer.bic,
        status=answer.status,
        reason=answer.reason,
        n_models=answer.n_models,
        seconds=time.perf_counter() - started,
        n=table.n,
        k=table.k,
        lists=table.lists,
        estimand=answer.estimand,
        seed=seed,
        version=__version__,
        notes=answer.notes,
    )


def methods() -> tuple[str, ...]:
    """Names of all methods of ``estimate``.

    Returns:
        Names, in the order of docs/command.md.

    Raises: nothing.

    Source: own bookkeeping.

    Example:
        >>> "latent-class" in methods()
        True
    """
    return (*SEARCHES, *_OTHERS)


def without_false_certainty(answer: _Answer) -> _Answer:
    """Take away an interval narrower than half a person: no lists can say for certain how many people they missed.

    Args:
        answer: estimate and limits in people.

    Returns:
        The answer; with status 5, a reason and no limits where the interval had no width.

    Raises: nothing.
    Source: own definition.

    Example:
        >>> without_false_certainty(_Answer(50.0, Interval(50.0, 50.0, 0.95, "posterior"))).status
        5
    """
    if answer.status != 0 or not answer.limits.upper - answer.limits.lower < NARROWEST:
        return answer
    reason = "the interval has no width: the table holds nothing that varies, so it cannot say how far off this may be"
    nothing = Interval(math.nan, math.nan, answer.limits.level, "none")
    return replace(answer, limits=nothing, status=5, reason=reason)


def _answer(request: _Request) -> _Answer:
    method = request.method
    if method.startswith("["):
        fitted = fit(request.table, method)
        return _from_fit(request, fitted, 1, ("the interval takes the model as known beforehand",))
    if method in SEARCHES:
        return _from_selection(request, select(request.table, method, request.max_order))
    if method not in _OTHERS:
        raise OptionError(401, method=method, methods=", ".join(methods()))
    return _OTHERS[method](request)


def _from_selection(request: _Request, found: Selection) -> _Answer:
    notes: tuple[str, ...] = ()
    if len(found.models) > 1:
        low, high = found.spread
        notes = (
            f"{len(found.models)} models within {found.slack:g} {found.criterion_name} units give {low:,.0f} to "
            f"{high:,.0f}",
        )
    if request.method != "main" and not request.replicates:
        notes += ("the interval ignores that the model was chosen by the same data; use bootstrap replicates",)
    return _from_fit(request, found.best, found.n_models, notes)


def _from_fit(request: _Request, best: Fit, n_models: int | None, notes: tuple[str, ...]) -> _Answer:
    limits = best.interval(request.level)
    if request.replicates:
        how = best.model.name if request.method.startswith("[") else request.method
        boot = bootstrap(
            request.table,
            how,
            request.replicates,
            request.seed,
            request.max_order,
            threads=request.threads,
            progress=request.progress,
        )
        limits = boot.interval(request.level) if best.status == 0 else limits
        if boot.share_infinite > 0:
            notes += (f"{100 * boot.share_infinite:.1f} % of the bootstrap replicates have no estimate",)
    return _Answer(
        best.estimate,
        limits,
        best.model.name,
        best.loglik,
        best.bic,
        best.status,
        best.reason,
        n_models,
        notes=notes,
    )


def _from_quick(request: _Request, found: Quick) -> _Answer:
    good = math.isfinite(found.estimate)
    limits = found.interval(request.level, request.replicates or 400, request.seed)
    reason = "the estimate exists and is unique" if good else found.note
    value = found.estimate if good else math.nan
    notes = (found.note,) if good and "coverage" in found.note else ()
    return _Answer(value, limits, status=0 if good else 1, reason=reason, estimand=found.estimand, notes=notes)


def _from_columns(request: _Request, found: HeterogeneityFit) -> _Answer:
    status, reason = 0, "the estimate exists and is unique"
    if not found.converged:
        status, reason = 1, "no unique maximum of the likelihood"
    estimand = "lower bound" if found.kind == "chao" else "population"
    return _Answer(
        found.estimate,
        found.interval(request.level),
        "",
        found.loglik,
        found.bic,
        status,
        reason,
        estimand=estimand,
    )


def _nobody_is_shared(table: OverlapTable) -> bool:
    """Tell whether no two lists have anybody in common: then a posterior says what the prior said."""
    return not any(count for mask, count in enumerate(table.counts) if mask.bit_count() > 1)


def _prior_alone() -> _Answer:
    reason = "no two lists share anybody: the answer would be that of the prior alone"
    return _Answer(math.nan, Interval(math.nan, math.nan, math.nan, "none"), status=1, reason=reason)


def _bayes_threshold(request: _Request) -> _Answer:
    order = 3 if request.max_order == 3 else 2
    if _nobody_is_shared(request.table):
        return _prior_alone()
    found = bayes_threshold(request.table, max_order=order, seed=request.seed)
    notes = (f"near the threshold: {', '.join(found.close_calls)}",) if found.close_calls else ()
    reason = "the estimate exists and is unique" if found.status == 0 else found.reason
    limits = found.interval(request.level)
    return _Answer(found.estimate, limits, found.model.name, status=found.status, reason=reason, notes=notes)


def _latent_class(request: _Request) -> _Answer:
    if _nobody_is_shared(request.table):
        return _prior_alone()
    found = latent_class(request.table, seed=request.seed, threads=request.threads)
    status, reason = (0, "the chains agree") if found.converged else (4, "the chains disagree")
    note = f"R-hat {found.r_hat:.3f}, effective draws {found.bulk_ess:.0f} (tails {found.tail_ess:.0f})"
    return _Answer(found.estimate, found.interval(request.level), status=status, reason=reason, notes=(note,))


def _graphs(request: _Request) -> _Answer:
    if _nobody_is_shared(request.table):
        return _prior_alone()
    found = average_graphs(request.table)
    notes: tuple[str, ...] = (f"posterior mass in the last hundredth of the grid: {found.tail_mass:.2g}",)
    if found.without_complete is not None:
        notes += (
            f"the complete graph has probability {found.complete_graph:.2g}; without it the median is "
            f"{found.without_complete.estimate:,.0f}",
        )
    return _Answer(found.estimate, found.interval(request.level), found.graphs[0], n_models=found.n_graphs, notes=notes)


_OTHERS: dict[str, Callable[[_Request], _Answer]] = {
    "bayes-threshold": _bayes_threshold,
    "latent-class": _latent_class,
    "graphs": _graphs,
    "chao": lambda r: _from_quick(r, chao(r.table)),
    "chao-mth": lambda r: _from_columns(r, heterogeneity(r.table, "chao")),
    "zelterman": lambda r: _from_quick(r, zelterman(r.table)),
    "coverage": lambda r: _from_quick(r, sample_coverage(r.table)),
    "darroch": lambda r: _from_columns(r, heterogeneity(r.table, "darroch")),
    "poisson2": lambda r: _from_columns(r, heterogeneity(r.table, "poisson2")),
    "gamma3.5": lambda r: _from_columns(r, heterogeneity(r.table, "gamma3.5")),
    "lincoln-petersen": lambda r: _from_quick(r, lincoln_petersen(r.table)),
    "chapman": lambda r: _from_quick(r, chapman(r.table)),
}
