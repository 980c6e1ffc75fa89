"""Counting: which part of the ledger belongs to an initiative, and what it says about a declared indicator.

What comes out of here is not protected yet; `figures` decides what of it may be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lygte.facts import reads
from lygte.facts.register import Kind

from .months import Months, month_before, months_between, next_month, overlap
from .planfile.schema import Indicator

BY_MONTH = "month"

Constraints = tuple[tuple[str, tuple[str, ...]], ...]
Ask = Callable[[str, Constraints, str | None], Counter[str]]


@dataclass(frozen=True)
class Segment:
    """A stretch of months in which the same organisations deliver in the same municipalities."""

    months: Months
    areas: frozenset[str]
    organisations: frozenset[int]


@dataclass(frozen=True)
class Scope:
    """What of the ledger counts for an initiative up to a month."""

    months: Months
    segments: tuple[Segment, ...]
    place_kinds: tuple[str, ...]
    organisations: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """Who delivered where, from when to when: a delivery, cut to the initiative."""

    organisation_id: int
    areas: frozenset[str]
    months: Months


@dataclass(frozen=True)
class Counted:
    """What the ledger said about one indicator, nothing hidden yet. Only `figures` and the tests may have it."""

    indicator: Indicator
    kind: Kind
    where: Constraints
    total: int
    base_where: Constraints = ()
    base: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    reporters: Mapping[int, int] = field(default_factory=dict)


def segments_of(delivered: Iterable[Delivered]) -> tuple[Segment, ...]:
    """Cut deliveries into stretches that never overlap, so that no visit counts twice."""
    delivered = list(delivered)
    edges = sorted({d.months[0] for d in delivered} | {next_month(d.months[1]) for d in delivered})
    grouped: dict[tuple[Months, frozenset[str]], set[int]] = {}
    for first, following in pairwise(edges):
        stretch = (first, month_before(following))
        for organisation in sorted({d.organisation_id for d in delivered}):
            areas = frozenset[str]().union(
                *(d.areas for d in delivered if d.organisation_id == organisation and overlap(d.months, stretch))
            )
            if areas:
                grouped.setdefault((stretch, areas), set()).add(organisation)
    return tuple(Segment(months, areas, frozenset(who)) for (months, areas), who in grouped.items())


def asking(scope: Scope) -> Ask:
    """Return a way to ask the ledger within a scope that remembers its answers: reports ask for much of it twice."""
    known: dict[tuple[str, Constraints, str | None], Counter[str]] = {}

    def ask(kind: str, where: Constraints, by: str | None) -> Counter[str]:
        question = (kind, where, by)
        if question not in known:
            known[question] = _summed(kind, where, by, scope)
        return known[question]

    return ask


def count(indicator: Indicator, scope: Scope, ask: Ask) -> Counted:
    """Ask the ledger for one indicator. All organisations of the scope together make the total."""
    kind = reads.kind_named(indicator.fact)
    base_where = _narrowed({}, kind, scope)
    where = _narrowed(indicator.where, kind, scope)
    share = indicator.aggregation == "share"
    reporters = ask(kind.name, base_where if share else where, "organisation")
    reported = sum(reporters.values())
    return Counted(
        indicator=indicator,
        kind=kind,
        where=where,
        total=sum(ask(kind.name, where, None).values()) if share else reported,
        base_where=base_where,
        base=reported if share else None,
        rows=_rows(indicator, kind, where, scope, ask),
        reporters={pk: reporters.get(str(pk), 0) for pk in scope.organisations},
    )


def _narrowed(where: Mapping[str, Sequence[str]], kind: Kind, scope: Scope) -> Constraints:
    """Add the initiative's kinds of place to a filter, in one canonical form."""
    full = {name: set(codes) for name, codes in where.items()}
    if scope.place_kinds and any(d.name == "place_kind" for d in kind.dimensions):
        full["place_kind"] = full.get("place_kind", set(scope.place_kinds)) & set(scope.place_kinds)
    return tuple((name, tuple(sorted(codes))) for name, codes in sorted(full.items()))


def _summed(kind: str, where: Constraints, by: str | None, scope: Scope) -> Counter[str]:
    found: Counter[str] = Counter()
    for segment in scope.segments:
        part = reads.totals(
            kind,
            months=segment.months,
            areas=segment.areas,
            organisations=segment.organisations,
            where=dict(where),
            by=by,
        )
        found.update({str(code): value for code, value in part.items()})
    return found


def _rows(indicator: Indicator, kind: Kind, where: Constraints, scope: Scope, ask: Ask) -> dict[str, int]:
    """Return a count for every code the dimension has, within the filter, zeros too."""
    if indicator.by is None:
        return {}
    found = ask(kind.name, where, indicator.by)
    if indicator.by == BY_MONTH:
        codes: Iterable[str] = months_between(scope.months)
    else:
        allowed = dict(where).get(indicator.by)
        codes = [code for code in kind.dimension(indicator.by).values if allowed is None or code in allowed]
    return {code: found.get(code, 0) for code in codes}
