"""Which interactions the model of several strata holds, and which effects vary between them: chosen by BIC or AIC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError
from darkfigure.models import Model, interactions_up_to, model_of
from darkfigure.selection import select
from darkfigure.strata import STRATUM, StratifiedTable
from darkfigure.stratified import StratifiedFit, Terms, fit_terms

if TYPE_CHECKING:
    import pandas as pd

MOST_ATTRIBUTES = 4


@dataclass(frozen=True, eq=False)
class StratifiedSelection:
    """The outcome of a search over models of several strata.

    Attributes:
        best: the chosen model, fitted. criterion_name: "BIC" or "AIC".
        fits: every model looked at within ``slack`` of the best, best first. criterion: theirs; shape (m,).
        n_fits: models fitted. The search is local (from several starts), not exhaustive.

    Example:
        >>> from darkfigure import example
        >>> strata = StratifiedTable({"a": example("korea_3"), "b": example("korea_3")})
        >>> select_strata(strata).best.name
        '[12,23], all effects common'
    """

    best: StratifiedFit
    criterion_name: str
    fits: tuple[StratifiedFit, ...]
    criterion: Floats
    n_fits: int
    slack: float

    @property
    def estimate(self) -> float:
        """Population size under the chosen model."""
        return self.best.estimate

    @property
    def spread(self) -> tuple[float, float]:
        """Smallest and largest population size among the models kept."""
        values = [one.estimate for one in self.fits]
        return min(values), max(values)

    def to_frame(self) -> pd.DataFrame:
        """One row per model kept: model, parameters, criterion, difference, estimate; needs pandas.

        Returns:
            One row per fit; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> strata = StratifiedTable({"a": example("korea_3"), "b": example("korea_3")})
            >>> list(select_strata(strata).to_frame())
            ['model', 'parameters', 'BIC', 'difference', 'estimate']
        """
        from darkfigure.frames import frame_of

        return frame_of(
            {
                "model": [one.name for one in self.fits],
                "parameters": [one.parameters for one in self.fits],
                self.criterion_name: self.criterion,
                "difference": self.criterion - self.criterion[0],
                "estimate": [one.estimate for one in self.fits],
            }
        )

    def __str__(self) -> str:
        low, high = self.spread
        return (
            f"{self.criterion_name}, {self.n_fits} models tried: {self.best.name}, {self.estimate:,.0f} people; "
            f"{len(self.fits)} within {self.slack:g} of the best span {low:,.0f} to {high:,.0f}"
        )


def select_strata(
    strata: StratifiedTable, criterion: str = "bic", max_order: int = 2, slack: float = 4.0
) -> StratifiedSelection:
    """Choose interactions and what varies between strata.

    From four starts (no interaction, or the best model of the merged table; list effects common, or by stratum) the
    search moves to the best neighbour until none is better: one effect varies by more or by less, an interaction
    enters or leaves, all list effects change together. Hierarchical: an effect varies by at least what the
    interactions above it vary by.

    Args:
        criterion: "bic" or "aic". max_order: largest number of lists in an interaction.
        slack: keep models whose criterion is at most this much above the best.

    Returns:
        StratifiedSelection: the best joint fit, estimates in people.

    Raises:
        OptionError: 401 for another criterion, 402 for more than 4 attributes, 403 for a wrong max_order.

    Source: own (BIC over what varies by stratum).

    Example:
        >>> from darkfigure import example
        >>> strata = StratifiedTable({"a": example("korea_3"), "b": example("spina_bifida_3").counts}, "bcd")
        >>> select_strata(strata).best.terms[1]
        ('stratum',)
    """
    if criterion not in ("bic", "aic"):
        raise OptionError(401, method=criterion, methods="bic, aic")
    if len(strata.attributes) > MOST_ATTRIBUTES:
        have = f"{len(strata.attributes)} attributes"
        raise OptionError(402, method="Selection over strata", need=f"at most {MOST_ATTRIBUTES} attributes", have=have)
    found = _Search(strata, criterion, max_order)
    for start in found.starts():
        found.descend(start)
    good = sorted((one for one in found.known.values() if one.status == 0), key=found.score)
    if not good:
        good = [found.fitted({1 << j: () for j in range(strata.k)})]
    best = fit_terms(strata, good[0].model, good[0].terms)
    kept = [one for one in good if found.score(one) <= found.score(good[0]) + slack]
    return StratifiedSelection(
        best=best,
        criterion_name=criterion.upper(),
        fits=tuple(kept),
        criterion=np.array([found.score(one) for one in kept]),
        n_fits=len(found.known),
        slack=slack,
    )


class _Search:
    def __init__(self, strata: StratifiedTable, criterion: str, max_order: int) -> None:
        self.strata, self.criterion = strata, criterion
        self.lists = [1 << j for j in range(strata.k)]
        self.interactions = interactions_up_to(strata.k, max_order) if strata.k > 2 else ()
        self.choices = _choices(strata)
        self.known: dict[tuple[tuple[int, tuple[str, ...]], ...], StratifiedFit] = {}

    def fitted(self, terms: Terms) -> StratifiedFit:
        key = tuple(sorted(terms.items()))
        if key not in self.known:
            model = model_of(self.strata.k, [e for e in terms if e.bit_count() > 1])
            self.known[key] = fit_terms(self.strata, model, terms, prove=False)
        return self.known[key]

    def score(self, one: StratifiedFit) -> float:
        if one.status != 0:
            return float("inf")
        return one.bic if self.criterion == "bic" else one.aic

    def starts(self) -> Iterator[Terms]:
        common: Terms = dict.fromkeys(self.lists, ())
        merged = _merged_best(self.strata, self.criterion).interactions
        for varies in ((), (STRATUM,)) if len(self.strata) > 1 else ((),):
            yield {**common, **dict.fromkeys(self.lists, varies)}
            within = {e: () for e in merged if e in self.interactions}
            if within:
                yield {**dict.fromkeys(self.lists, varies), **within}

    def descend(self, terms: Terms) -> None:
        here = self.score(self.fitted(terms))
        while True:
            around = list(self.around(terms))
            scored = [(self.score(self.fitted(one)), at) for at, one in enumerate(around)]
            best, at = min(scored, default=(here, -1))
            if at < 0 or not best < here - 1e-9:
                return
            here, terms = best, around[at]

    def around(self, terms: Terms) -> Iterator[Terms]:
        for varies in self.choices:
            changed = {**terms, **dict.fromkeys(self.lists, varies)}
            if changed != terms and self._hierarchical(changed):
                yield changed
        for effect, now in terms.items():
            for varies in self.choices:
                changed = {**terms, effect: varies}
                if varies != now and self._hierarchical(changed):
                    yield changed
            if effect.bit_count() > 1 and not any(e != effect and e & effect == effect for e in terms):
                yield {e: varies for e, varies in terms.items() if e != effect}
        for effect in self.interactions:
            below = [e for e in (*self.lists, *self.interactions) if e != effect and e & effect == e]
            if effect not in terms and all(e in terms for e in below):
                yield {**terms, effect: ()}

    def _hierarchical(self, terms: Terms) -> bool:
        return all(
            _covers(terms[below], varies)
            for effect, varies in terms.items()
            for below in terms
            if below != effect and below & effect == below
        )


def _covers(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return STRATUM in one or (STRATUM not in other and set(other) <= set(one))


def _choices(strata: StratifiedTable) -> list[tuple[str, ...]]:
    """What an effect can vary by; attributes that tell every stratum apart are left to "stratum"."""
    if len(strata) == 1:
        return [()]
    names = sorted(strata.attributes)
    subsets = [tuple(name for at, name in enumerate(names) if bits >> at & 1) for bits in range(1, 1 << len(names))]
    useful = [varies for varies in subsets if np.linalg.matrix_rank(strata.columns(varies)) < len(strata)]
    return [(), *useful, (STRATUM,)]


def _merged_best(strata: StratifiedTable, criterion: str) -> Model:
    if strata.k <= 6:
        return select(strata.merged(), criterion, max_order=2 if strata.k > 3 else None, slack=0.0).best.model
    return select(strata.merged(), "stepwise").best.model
