"""Figures with matplotlib: overlaps (UpSet), estimates side by side, spread of good models, bootstrap replicates.

Each function returns a Figure and touches no global state; save it with ``figure.savefig(path)``.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from darkfigure.errors import OptionError
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    from darkfigure.assessing import Assessment
    from darkfigure.resampling import Bootstrap
    from darkfigure.selection import Selection

INK, SOFT, ACCENT = "#1d2a35", "#b7c0c8", "#1f6f8b"


def _figure(width: float, height: float) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise OptionError(405, what="A plot", package="matplotlib") from error
    return Figure(figsize=(width, height), layout="constrained")


def _clean(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _plain_people(axis: Any) -> None:
    """Ticks of a log axis at 1, 2 and 5 times powers of ten, written out."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_minor_formatter(NullFormatter())


def plot_overlaps(table: OverlapTable, most: int = 25) -> Any:
    """UpSet plot: the largest histories as bars over a grid of the lists they are on.

    Args:
        most: how many histories to show. Raises OptionError 405 without matplotlib.
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        A matplotlib figure.

    Raises:
        OptionError: 405 without matplotlib.

    Source: Lex et al. 2014 (UpSet).

    Example:
        >>> from darkfigure import example
        >>> len(plot_overlaps(example("korea_3")).axes)
        2
    """
    order = [s for s in np.argsort(-table.counts, kind="stable") if table.counts[s] > 0][:most]
    figure = _figure(max(5.0, 0.34 * len(order) + 2.2), 3.2 + 0.28 * table.k)
    bars, grid = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 0.5 + 0.35 * table.k]})
    places = np.arange(len(order))
    bars.bar(places, table.counts[order], color=ACCENT, width=0.7)
    for place, s in zip(places, order, strict=True):
        bars.annotate(f"{table.counts[s]}", (place, table.counts[s]), ha="center", va="bottom", fontsize=7)
    bars.set_ylabel("people")
    _clean(bars)
    for j in range(table.k):
        on = np.array([bool(s >> j & 1) for s in order])
        grid.scatter(places[~on], np.full((~on).sum(), j), color=SOFT, s=22)
        grid.scatter(places[on], np.full(on.sum(), j), color=INK, s=34)
    for place, s in zip(places, order, strict=True):
        members = [j for j in range(table.k) if s >> j & 1]
        grid.plot([place, place], [members[0], members[-1]], color=INK, lw=1.4)
    sizes = table.list_sizes
    grid.set_yticks(range(table.k), [f"{name} ({sizes[j]})" for j, name in enumerate(table.lists)])
    grid.set_xticks([])
    grid.invert_yaxis()
    for side in ("top", "right", "bottom", "left"):
        grid.spines[side].set_visible(False)
    return figure


def plot_estimates(assessment: Assessment) -> Any:
    """Every estimator with its interval, on a log scale; lower bounds as arrows.

    Example:
        >>> from darkfigure import example, assess
        >>> len(plot_estimates(assess(example("korea_3"), replicates=30)).axes)
        1
    """
    shown = [one for one in assessment.estimates if math.isfinite(one.estimate)]
    figure = _figure(7.0, 1.2 + 0.3 * len(shown))
    axes = figure.subplots()
    if assessment.verdict.supported:
        verdict = assessment.verdict
        axes.axvspan(
            verdict.lower, verdict.upper, color=ACCENT, alpha=0.12 if verdict.interval_supported else 0.05, lw=0
        )
        axes.axvline(verdict.lower, color=ACCENT, lw=1.2)
    for place, one in enumerate(shown):
        if math.isfinite(one.lower) and math.isfinite(one.upper):
            axes.plot([one.lower, one.upper], [place, place], color=SOFT, lw=3, solid_capstyle="butt")
        marker = ">" if one.estimand == "lower bound" else "o"
        axes.plot(one.estimate, place, marker, color=INK if one.status == 0 else SOFT, ms=5)
    axes.set_yticks(range(len(shown)), [one.method for one in shown])
    axes.invert_yaxis()
    axes.set_xscale("log")
    _plain_people(axes.xaxis)
    axes.axvline(assessment.table.n, color=INK, lw=0.8, ls=":")
    axes.set_xlabel("people (log scale); dotted: observed")
    axes.set_title(textwrap.fill(assessment.verdict.headline, 80), fontsize=9, loc="left")
    _clean(axes)
    return figure


def plot_models(selection: Selection) -> Any:
    """Population size of every kept model against its distance from the best.

    Example:
        >>> from darkfigure import example, select
        >>> len(plot_models(select(example("kosovo_4"))).axes)
        1
    """
    figure = _figure(6.5, 4.0)
    axes = figure.subplots()
    difference = selection.criterion - selection.criterion.min()
    axes.scatter(difference, selection.estimates, s=12 + 240 * selection.weights, color=ACCENT, alpha=0.75, lw=0)
    for at in range(min(6, len(selection.models))):
        axes.annotate(
            selection.models[at].name, (difference[at], selection.estimates[at]), fontsize=7, color=INK,
            xytext=(5, 3), textcoords="offset points",
        )  # fmt: skip
    axes.set_xlabel(f"{selection.criterion_name} above the best model (size: weight)")
    axes.set_ylabel("people")
    _clean(axes)
    return figure


def plot_bootstrap(result: Bootstrap) -> Any:
    """Histogram of the finite replicates with the BCa interval.

    Example:
        >>> from darkfigure import example, bootstrap
        >>> len(plot_bootstrap(bootstrap(example("korea_3"), replicates=40, threads=1)).axes)
        1
    """
    figure = _figure(6.5, 3.4)
    axes = figure.subplots()
    finite = result.replicates[np.isfinite(result.replicates)]
    limits = result.interval()
    axes.hist(finite, bins=60, color=SOFT)
    axes.axvline(result.estimate, color=INK, lw=1.5)
    for value in (limits.lower, limits.upper):
        if math.isfinite(value):
            axes.axvline(value, color=ACCENT, lw=1.2, ls="--")
    axes.set_xlabel("people; solid: estimate, dashed: BCa limits")
    axes.set_ylabel("replicates")
    _clean(axes)
    return figure
