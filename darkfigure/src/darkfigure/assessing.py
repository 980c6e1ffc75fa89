"""What can these lists support? Every estimator side by side, the diagnostics, and a verdict in plain words."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.diagnostics import (
    HiddenList,
    LinkTrial,
    PairDependence,
    Variant,
    hide_lists,
    leave_one_out,
    merge_pairs,
    pair_dependence,
    plant_link_errors,
    top_interaction_sensitivity,
)
from darkfigure.errors import DarkfigureError
from darkfigure.estimation import Estimate, _plain, estimate
from darkfigure.quick import coverage_parts
from darkfigure.resampling import Bootstrap, bootstrap
from darkfigure.selection import Selection, check_exhaustive, select
from darkfigure.standing import BOOTSTRAP, INDEPENDENT, RANGE, RANGE_LOWER, SPARSE, Standing, looks_of, standing_of
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ON_TWO_LISTS = 30
"""People on two or more lists below which no estimate is given: fewer tell next to nothing about dependence."""
SMALL_OVERLAP = 5
MOST_INFINITE = 0.025
WIDEST_INTERVAL = 10.0
WIDEST_SPREAD = 5.0
GOOD_MODELS = 4.0
TOP_INTERACTION = 0.5
"""How wrong the untestable assumption may be inside the supported range: the dark figure off by a factor e^0.5."""

SIDE_BY_SIDE = (
    "main", "stepwise", "aic-stepwise", "downhill", "bic", "bayes-threshold", "latent-class", "graphs",
    "chao", "chao-mth", "zelterman", "coverage", "darroch", "poisson2", "gamma3.5",
)  # fmt: skip
TWO_LISTS = ("lincoln-petersen", "chapman", "chao")


@dataclass(frozen=True)
class Verdict:
    """What the lists support.

    Attributes:
        supported: False when these lists cannot support an estimate. lower: the number of people there are at least.
            upper: a limit only where ``interval_supported``; otherwise the largest number under the assumption that the
            headline names. Both NaN when nothing is supported. reasons: why, one sentence each. cautions: what the
            critics say that applies. interval_supported: whether lower to upper may be called a 95 % interval, by what
            was measured on such tables: where that fails, the verdict refuses an upper limit.

    Example:
        >>> print(Verdict(False, math.nan, math.nan, ("Too few.",), ()).headline)
        These lists cannot support an estimate.
    """

    supported: bool
    lower: float
    upper: float
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    interval_supported: bool = False

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        if not self.supported:
            return "These lists cannot support an estimate."
        if self.interval_supported:
            return (
                f"These lists support a range of about {self.lower:,.0f} to {self.upper:,.0f} people, not one number."
            )
        return (
            f"These lists support at least about {self.lower:,.0f} people and no upper limit: {self.upper:,.0f} would "
            "be one only if nobody were nearly out of reach of every list."
        )

    def __str__(self) -> str:
        lines = [self.headline, *(f"- {reason}" for reason in self.reasons)]
        if self.cautions:
            lines += ["Read with it:", *(f"- {caution}" for caution in self.cautions)]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Assessment:
    """Everything assess() looked at.

    Attributes:
        verdict: the answer. estimates: every estimator, in the order of ``SIDE_BY_SIDE``. selection: the good models.
        boot: bootstrap with selection inside, None when the search is too large. pairs: dependence of list pairs.
        left_out, merged: the estimate with other lists. hidden: known lists estimated from the others.
        sensitivity: population size at top interactions of -1, -1/2, 0, 1/2, 1; shape (5,).
        links: linkage errors planted on purpose. looks: "sparse", "independent" or "dependent". standings: for every
            estimator, the bootstrap and the range, whether its 95 % interval is supported on tables that look so.

    Example:
        >>> from darkfigure import example
        >>> found = assess(example("new_orleans_5"), replicates=50)
        >>> found.verdict.supported
        False
    """

    table: OverlapTable
    verdict: Verdict
    estimates: tuple[Estimate, ...]
    selection: Selection | None
    boot: Bootstrap | None
    pairs: tuple[PairDependence, ...]
    left_out: tuple[Variant, ...]
    merged: tuple[Variant, ...]
    hidden: tuple[HiddenList, ...]
    sensitivity: tuple[float, ...]
    links: tuple[LinkTrial, ...] = ()
    looks: str = SPARSE
    standings: tuple[Standing, ...] = ()

    def standing(self, method: str) -> Standing:
        """What the interval of one method is worth here.

        Returns:
            Standing: share of tables, 0 to 1, whose interval held the truth at worst.

        Raises: nothing.

        Source: own measurement (docs/simulation.md).

        Example:
            >>> from darkfigure import example
            >>> assess(example("korea_3"), replicates=30).standing("bic").supported
            False
        """
        return next((one for one in self.standings if one.method == method), standing_of(method, self.looks))

    def to_frame(self) -> pd.DataFrame:
        """One row per estimator; needs pandas.

        Returns:
            One row per method; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> frame = assess(example("korea_3"), replicates=50).to_frame()
            >>> list(frame)[:3]
            ['method', 'estimate', 'lower']
        """
        from darkfigure.frames import frame_of

        names = ("method", "estimate", "lower", "upper", "estimand", "model", "status", "reason")
        rows = []
        for one in self.estimates:
            standing = self.standing(one.method)
            worth = {"interval_supported": standing.supported, "lowest_coverage": standing.lowest}
            rows.append({**{name: getattr(one, name) for name in names}, **worth})
        return frame_of(rows)

    def to_json(self) -> str:
        """One JSON object with the verdict, the estimates and the diagnostics.

        Returns:
            Text: one JSON object.

        Raises: nothing.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> json.loads(assess(example("korea_3"), replicates=50).to_json())["n"]
            123
        """
        document = {
            "n": self.table.n,
            "k": self.table.k,
            "lists": list(self.table.lists),
            "supported": self.verdict.supported,
            "lower": _plain(self.verdict.lower),
            "upper": _plain(self.verdict.upper),
            "headline": self.verdict.headline,
            "reasons": list(self.verdict.reasons),
            "cautions": list(self.verdict.cautions),
            "estimates": [json.loads(one.to_json()) for one in self.estimates],
            "pairs": [_clean(asdict(one)) for one in self.pairs],
            "left_out": [_clean(asdict(one)) for one in self.left_out],
            "merged": [_clean(asdict(one)) for one in self.merged],
            "hidden": [_clean(asdict(one)) for one in self.hidden],
            "sensitivity": [_plain(value) for value in self.sensitivity],
            "interval_supported": self.verdict.interval_supported,
            "looks": self.looks,
            "standings": [{**_clean(asdict(one)), "supported": one.supported} for one in self.standings],
            "links": [_clean(asdict(one)) for one in self.links],
        }
        return json.dumps(document, ensure_ascii=False)

    def plot(self) -> object:
        """The estimates side by side (matplotlib Figure).

        Returns:
            A matplotlib figure.

        Raises:
            OptionError: 405 without matplotlib.

        Source: own.

        Example:
            >>> from darkfigure import example
            >>> assess(example("korea_3"), replicates=20, threads=1).plot().axes  # doctest: +ELLIPSIS
            [<Axes: ...>]
        """
        from darkfigure.plots import plot_estimates

        return plot_estimates(self)

    def __str__(self) -> str:
        lines = [
            str(self.verdict),
            "",
            f"{'method':18}{'estimate':>12}{'lower':>12}{'upper':>12}  held the truth, at worst",
        ]
        for one in self.estimates:
            numbers = (_shown(value) for value in (one.estimate, one.lower, one.upper))
            lines.append(
                f"{one.method:18}" + "".join(f"{text:>12}" for text in numbers) + "  " + self._worth(one.method)
            )
        lines.append(
            "A 95 % interval is one that held the truth in 95 % of simulated tables that look like this one, at worst."
        )
        return "\n".join(lines)

    def _worth(self, method: str) -> str:
        standing = self.standing(method)
        if standing.looks == SPARSE or math.isnan(standing.lowest):
            return "not measured"
        return f"{100 * standing.lowest:.0f} % ({standing.population})"


def _clean(record: dict[str, object]) -> dict[str, object]:
    return {key: _plain(value) for key, value in record.items()}


def _shown(value: float) -> str:
    return f"{value:,.0f}" if math.isfinite(value) else ("-" if math.isnan(value) else "no limit")


def assess(table: OverlapTable, replicates: int = 200, seed: int = 0, threads: int | None = None) -> Assessment:
    """Run everything and say what these lists support.

    Args:
        table: overlap table of 2 to 16 lists; with ranges ("<5") the worst of the possible tables speaks.
        replicates: bootstrap replicates. seed, threads: as elsewhere.

    The verdict refuses when any of these holds: two lists only; fewer than 30 people on two or more lists; half or more
    of the pairs of lists share fewer than 5 people; no admissible estimate in more than 2.5 % of the bootstrap
    replicates; the bootstrap interval, the good models or the leave-one-list-out estimates spread by more than a factor
    of 10, 5 and 5; no known list can be recovered from the others. These limits were set beforehand, by judgement;
    docs/simulation.md shows what they do. Refused or not, no interval is called a 95 % interval unless it held the
    truth that often in every measured population whose tables look like this one (``Assessment.standings``); where the
    range did not, an upper limit is refused, and where its lower limit did not either, everything is.

    Returns:
        Assessment: verdict, estimates in people, diagnostics.

    Raises: nothing.

    Source: own; its parts name theirs.

    Example:
        >>> from darkfigure import example
        >>> print(assess(OverlapTable([0, 40, 30, 6], "AB"), replicates=50).verdict.headline)
        These lists cannot support an estimate.
    """
    if table.is_censored:
        from darkfigure.ranged import assess_ranged

        return assess_ranged(table, replicates, seed, threads)
    searchable = _searchable(table)
    max_order = searchable[1]
    methods: tuple[str, ...] = TWO_LISTS if table.k == 2 else SIDE_BY_SIDE
    if not searchable[0]:
        methods = tuple(method for method in methods if method != "bic")
    estimates = tuple(_all_estimates(table, methods, max_order, seed, threads))
    chosen = select(table, max_order=max_order, slack=GOOD_MODELS) if searchable[0] and table.k > 2 else None
    boot = None
    if chosen is not None and chosen.best.status == 0:
        boot = bootstrap(table, "bic", replicates, seed, max_order, threads=threads)
    dark = chosen.best.dark_figure if chosen is not None else math.nan
    left_out = tuple(leave_one_out(table))
    hidden = tuple(hide_lists(table))
    pairs = tuple(pair_dependence(table))
    links = tuple(plant_link_errors(chosen.best)) if chosen is not None else ()
    looks = _looks(table, pairs, chosen)
    standings = tuple(standing_of(method, looks) for method in (*methods, BOOTSTRAP, RANGE, RANGE_LOWER))
    return Assessment(
        table=table,
        verdict=_verdict(table, estimates, chosen, boot, pairs, left_out, hidden, standings, links),
        estimates=estimates,
        selection=chosen,
        boot=boot,
        pairs=pairs,
        left_out=left_out,
        merged=tuple(merge_pairs(table)),
        hidden=hidden,
        sensitivity=tuple(top_interaction_sensitivity(table.n, dark).tolist()),
        links=links,
        looks=looks,
        standings=standings,
    )


def _looks(table: OverlapTable, pairs: tuple[PairDependence, ...], chosen: Selection | None) -> str:
    if chosen is None or chosen.best.status != 0 or _scarcity(table, pairs):
        return SPARSE
    return looks_of(False, chosen.best.model.interactions)


def _searchable(table: OverlapTable) -> tuple[bool, int | None]:
    for max_order in (None, 2):
        try:
            check_exhaustive(table.k, max_order)
        except DarkfigureError:
            continue
        if table.k <= 6 or (max_order == 2 and table.k <= 8):
            return True, max_order
    return False, 2


def _all_estimates(
    table: OverlapTable, methods: tuple[str, ...], max_order: int | None, seed: int, threads: int | None
) -> list[Estimate]:
    found = []
    for method in methods:
        try:
            found.append(estimate(table, method, max_order=max_order, seed=seed, threads=threads))
        except DarkfigureError:
            continue
    return found


def _spread(values: list[float]) -> float:
    good = [value for value in values if math.isfinite(value)]
    return max(good) / min(good) if good else math.inf


def _verdict(
    table: OverlapTable,
    estimates: tuple[Estimate, ...],
    chosen: Selection | None,
    boot: Bootstrap | None,
    pairs: tuple[PairDependence, ...],
    left_out: tuple[Variant, ...],
    hidden: tuple[HiddenList, ...],
    standings: tuple[Standing, ...],
    links: tuple[LinkTrial, ...],
) -> Verdict:
    refusals = _refusals(table, chosen, boot, pairs, left_out, hidden)
    cautions = [*_cautions(table, estimates, chosen, boot, pairs, hidden), *_link_cautions(chosen, links)]
    if refusals or chosen is None or boot is None:
        refusals = refusals or ["The search over models is too large for these lists; omit or merge lists."]
        return Verdict(False, math.nan, math.nan, tuple(refusals), tuple(cautions))
    limits = boot.interval()
    lows, highs = [limits.lower], [limits.upper]
    for one in estimates:
        if one.method in ("latent-class", "graphs") and one.status == 0:
            lows.append(one.lower)
            highs.append(one.upper)
    low, high = chosen.spread
    inner = min([*lows, low]), max([*highs, high])
    outer = [
        table.n + (value - table.n) * math.exp(sign * TOP_INTERACTION)
        for value, sign in zip(inner, (-1, 1), strict=True)
    ]
    reasons = [
        f"Bootstrap with selection inside: {limits.lower:,.0f} to {limits.upper:,.0f}.",
        f"{len(chosen.models)} models within {GOOD_MODELS:g} BIC units of the best give {low:,.0f} to {high:,.0f}.",
        f"With the posteriors over latent classes and decomposable graphs, where they converged, that is "
        f"{inner[0]:,.0f} to {inner[1]:,.0f} if the untestable interaction of all lists is zero.",
        f"The range lets that interaction be -{TOP_INTERACTION:g} to {TOP_INTERACTION:g}: people who differ in how "
        "easily they are seen, or links that were missed, do that much without leaving a trace in the table.",
    ]
    worth = {one.method: one for one in standings}
    if not worth[RANGE_LOWER].supported:
        refusals = [f"Not even the lower limit of the range is supported: it is {worth[RANGE_LOWER].remark}."]
        return Verdict(False, math.nan, math.nan, tuple(refusals), tuple(cautions))
    reasons += _worth_of_intervals(worth[RANGE], worth[RANGE_LOWER], standings)
    lower, upper = _rounded(outer[0], down=True), _rounded(outer[1], down=False)
    return Verdict(True, max(lower, float(table.n)), upper, tuple(reasons), tuple(cautions), worth[RANGE].supported)


def _worth_of_intervals(worth: Standing, least: Standing, standings: tuple[Standing, ...]) -> list[str]:
    """What may be called a 95 % interval, and what not, by measurement."""
    found = []
    if not worth.supported:
        found.append(
            f"The range is {worth.remark}, where the truth lay above it; its lower limit {least.remark}. So only the "
            "lower limit is supported."
        )
    methods = [one for one in standings if one.method not in (RANGE, RANGE_LOWER)]
    good = [one.method for one in methods if one.supported]
    sort = "in which lists look independent" if worth.looks == INDEPENDENT else "in which lists look dependent"
    if not good:
        boot = next(one for one in methods if one.method == BOOTSTRAP)
        found.append(
            f"No interval of a single method is supported as a 95 % interval for tables {sort}: people who differ, "
            "people out of reach or wrong links give such tables too, and there every one of them fails (the bootstrap "
            f'held the truth in {100 * boot.lowest:.0f} % of the tables of "{boot.population}").'
        )
    else:
        found.append(f"Of the single methods only these held up in all measured populations: {', '.join(good)}.")
    return found


def _link_cautions(chosen: Selection | None, links: tuple[LinkTrial, ...]) -> list[str]:
    found = {one.kind: one.undone for one in links if one.share == 0.1}
    if chosen is None or len(found) < 2:
        return []
    return [
        f"If one link in ten was missed, {chosen.best.estimate:,.0f} would become about {found['missed']:,.0f}; if one "
        f"person in ten on a single list was linked wrongly, about {found['false']:,.0f}."
    ]


def _rounded(value: float, down: bool) -> float:
    if not math.isfinite(value) or value <= 0:
        return value
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return (math.floor(value / unit) if down else math.ceil(value / unit)) * unit


def _refusals(
    table: OverlapTable,
    chosen: Selection | None,
    boot: Bootstrap | None,
    pairs: tuple[PairDependence, ...],
    left_out: tuple[Variant, ...],
    hidden: tuple[HiddenList, ...],
) -> list[str]:
    found = []
    if table.k == 2:
        found.append("With two lists, dependence between them cannot be told apart from the size of the population.")
    found += _scarcity(table, pairs)
    if chosen is not None and chosen.best.status != 0:
        found.append(f"No model has an estimate: {chosen.best.reason}.")
    if boot is not None:
        limits = boot.interval()
        if boot.share_infinite > MOST_INFINITE:
            found.append(f"{100 * boot.share_infinite:.0f} % of the bootstrap replicates have no estimate at all.")
        elif limits.upper / limits.lower > WIDEST_INTERVAL:
            found.append(f"The bootstrap interval, {limits.lower:,.0f} to {limits.upper:,.0f}, is too wide to inform.")
    if chosen is not None and chosen.spread[1] / chosen.spread[0] > WIDEST_SPREAD:
        low, high = chosen.spread
        found.append(f"Models that fit equally well give {low:,.0f} to {high:,.0f}.")
    values = [one.estimate for one in left_out]
    if left_out and chosen is not None and _spread([*values, chosen.estimate]) > WIDEST_SPREAD:
        good = [value for value in values if math.isfinite(value)]
        if good:
            found.append(f"Leaving out one list moves the estimate between {min(good):,.0f} and {max(good):,.0f}.")
        else:
            found.append("No list can be left out: every smaller table has no estimate.")
    possible = [one for one in hidden if one.possible]
    if len(possible) >= 2 and not any(one.covered for one in possible):
        found.append("No list of known size can be recovered from the other lists.")
    return found


def _scarcity(table: OverlapTable, pairs: tuple[PairDependence, ...]) -> list[str]:
    found = []
    on_two = int(table.frequencies[2:].sum())
    if on_two < FEWEST_ON_TWO_LISTS:
        people = "1 person is" if on_two == 1 else f"{on_two} people are"
        found.append(f"Only {people} on two or more lists; at least {FEWEST_ON_TWO_LISTS} are needed.")
    small = [pair for pair in pairs if pair.overlap < SMALL_OVERLAP]
    if 2 * len(small) >= len(pairs):
        found.append(f"{len(small)} of {len(pairs)} pairs of lists share fewer than {SMALL_OVERLAP} people.")
    return found


def _cautions(
    table: OverlapTable,
    estimates: tuple[Estimate, ...],
    chosen: Selection | None,
    boot: Bootstrap | None,
    pairs: tuple[PairDependence, ...],
    hidden: tuple[HiddenList, ...],
) -> list[str]:
    found = [
        "The interaction of all lists can never be estimated; every number here assumes that it is zero (Link 2003).",
        "Every list must be able to reach every person, cover the same place, period and definition, and the links "
        "between lists must be right; the table cannot show whether that is so.",
    ]
    positive = [pair for pair in pairs if pair.odds_ratio > 2]
    negative = [pair for pair in pairs if pair.odds_ratio < 0.5]
    if positive:
        names = ", ".join(f"{pair.first} and {pair.second}" for pair in positive)
        found.append(f"Positive dependence (referrals) pulls estimates down: {names} (Jones et al. 2014).")
    if negative:
        names = ", ".join(f"{pair.first} and {pair.second}" for pair in negative)
        found.append(f"Negative dependence (competition, places apart) pushes estimates up: {names}.")
    if boot is not None and boot.wins and boot.wins[0][1] < 0.5 * boot.replicates.size:
        found.append(
            f"No model wins half of the bootstrap replicates ({len(boot.wins)} different models win); an interval that "
            "takes one model as known would be far too short."
        )
    found += _bound_cautions(estimates, chosen)
    missed = [one.name for one in hidden if one.possible and not one.covered]
    if missed:
        found.append(f"Known lists that the others fail to recover: {', '.join(missed)} (Binette & Steorts 2021).")
    if any(pair.overlap < SMALL_OVERLAP for pair in pairs):
        found.append("Some overlaps are below 5: one wrong link changes the estimate (Whitehead et al. 2019).")
    coverage = coverage_parts(table).coverage if table.k > 2 else math.nan
    if coverage < 0.55:
        found.append(
            f"Sample coverage is about {100 * coverage:.0f} %; below 55 % the overlaps say little about dependence "
            "(Chao & Tsay 1998)."
        )
    if table.n < 500:
        found.append("Fewer than 500 people were observed; selected models and estimates swing widely.")
    return found


def _bound_cautions(estimates: tuple[Estimate, ...], chosen: Selection | None) -> list[str]:
    by_name = {one.method: one for one in estimates}
    found = []
    bound = by_name.get("chao-mth")
    if bound is not None and chosen is not None and math.isfinite(bound.estimate) and bound.lower > chosen.estimate:
        found.append(
            f"The lower bound that allows people to differ ({bound.estimate:,.0f}) lies above the selected model: "
            "people differ in how easily they are seen, and the estimate is too low."
        )
    shapes = [by_name[name].estimate for name in ("darroch", "poisson2", "gamma3.5") if name in by_name]
    good = [value for value in shapes if math.isfinite(value)]
    if len(good) == 3 and np.ptp(good) > 0.5 * min(good):
        found.append(
            f"Shapes of difference between people that fit equally well give {min(good):,.0f} to {max(good):,.0f}."
        )
    latent = by_name.get("latent-class")
    if latent is not None and latent.status == 4:
        found.append("The chains of the latent class model disagree; its number is not to be used.")
    return found
