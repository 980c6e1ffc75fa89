"""No hidden number can be worked out from a report: attacked by integer programming over what the report shows.

The attacker knows nothing of how numbers were chosen to be hidden. It reads the finished figures, writes down every
sum that a reader could write down, and asks for the least and the most each hidden number can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from lygte.facts.register import KINDS
from lygte.knowledge.programme.charts import chart_alt, chart_svg
from lygte.knowledge.programme.counting import Counted, Scope
from lygte.knowledge.programme.figures import Figure, protected
from lygte.knowledge.programme.hiding import Numbers, Table, hidden_numbers
from lygte.knowledge.programme.planfile.schema import Indicator

TEXT = {"en": "x", "da": "x", "nl": "x"}
ORGANISATIONS = {1: "One", 2: "Two", 3: "Three"}
GROUPS = ["denmark", "eu_east", "west_africa", "southeast_asia"]
SCOPE = Scope(("2016-01", "2016-04"), (), (), ORGANISATIONS)
MONTHS = ["2016-01", "2016-02", "2016-03", "2016-04"]

Visit = tuple[int, str, str, str]  # organisation, month, outcome, interpreter
Person = tuple[int, bool, str]  # organisation, new, nationality group or "" where not known


def indicator(key: str, fact: str, by: str | None, where: Mapping[str, list[str]] | None = None) -> Indicator:
    return Indicator.model_validate(
        {
            "key": key,
            "title": TEXT,
            "definition": TEXT,
            "fact": fact,
            "where": where or {},
            "by": by,
            "aggregation": "share" if where else "sum",
            "target": "none set in the source",
        }
    )


def counted(one: Indicator, records: list[Mapping[str, str]]) -> Counted:
    """Count records the way the ledger would."""
    kept = [r for r in records if all(r[name] in codes for name, codes in one.where.items())]
    share = one.aggregation == "share"
    by_reporter = records if share else kept
    codes = {"month": MONTHS, "nationality_group": GROUPS}.get(one.by or "", ["spoke", "refused", "not_opened"])
    return Counted(
        indicator=one,
        kind=KINDS[one.fact],
        where=tuple((name, tuple(codes)) for name, codes in one.where.items()),
        total=len(kept),
        base=len(records) if share else None,
        rows={code: sum(r[one.by] == code for r in kept) for code in codes} if one.by else {},
        reporters={pk: sum(r["organisation"] == str(pk) for r in by_reporter) for pk in ORGANISATIONS},
    )


def report_of(visits: list[Visit], people: list[Person]) -> tuple[list[Figure], list[Counted]]:
    """Return a report over these visits and people, and the truth behind it."""
    names = ("organisation", "month", "outcome", "interpreter")
    rows = [dict(zip(names, map(str, one), strict=True)) for one in visits]
    met = [{"organisation": str(org), "nationality_group": group} for org, _new, group in people]
    new = [one for one, (_org, is_new, _group) in zip(met, people, strict=True) if is_new]
    known = [one for one in met if one["nationality_group"]]
    truth = [
        counted(indicator("visits", "visit", "month"), rows),
        counted(indicator("outcomes", "visit", "outcome"), rows),
        counted(indicator("refused", "visit", None, {"outcome": ["refused"]}), rows),
        counted(indicator("interpreter", "visit", None, {"interpreter": ["phone"]}), rows),
        counted(indicator("spoken", "people_spoken_to", None), met),
        counted(indicator("new", "people_new", None), new),
        counted(indicator("groups", "people_by_nationality", "nationality_group"), known),
    ]
    return protected(truth, SCOPE, lambda _one: None), truth


# The attacker ---------------------------------------------------------------------------------------------------------

Shown = dict[str, int | None]


class Attacker:
    """Reads figures as they stand on the page; every number that means the same thing is one unknown."""

    def __init__(self, figures: list[Figure]) -> None:
        self.seen: Shown = {}
        self.sums: list[tuple[str, list[str]]] = []
        self.parts: list[tuple[str, str]] = []  # (whole, part of it)
        for figure in figures:
            self._read(figure)
        self.parts += [("spoken", "new"), ("spoken", "groups")]
        for organisation in ORGANISATIONS:
            self.parts += [
                (f"spoken@{organisation}", f"new@{organisation}"),
                (f"spoken@{organisation}", f"groups@{organisation}"),
            ]
        self.names = sorted(self.seen)

    def _see(self, name: str, value: int | None) -> None:
        assert self.seen.get(name, value) == value, f"{name} is shown in one place and hidden in another"
        self.seen[name] = value

    def _read(self, figure: Figure) -> None:
        family = "visits" if figure.key in ("visits", "outcomes", "refused", "interpreter") else figure.key
        whole = family
        if figure.base is not None:
            # A share of visits by outcome is the same number as the row of that outcome.
            name = "visits/refused" if figure.key == "refused" else "visits/phone"
            self._see(name, figure.value.value)
            self._see(whole, figure.base.value)
            self.parts.append((whole, name))
        else:
            self._see(whole, figure.value.value)
        for row in figure.rows:
            self._see(f"{family}/{row.code}", row.cell.value)
        if figure.rows:
            self.sums.append((whole, [f"{family}/{row.code}" for row in figure.rows]))
        for row in figure.reporter_mix:
            self._see(f"{family}@{row.code}", row.cell.value)
        self.sums.append((whole, [f"{family}@{row.code}" for row in figure.reporter_mix]))

    def _constraints(self) -> Iterator[LinearConstraint]:
        at = {name: position for position, name in enumerate(self.names)}
        for whole, parts in self.sums:
            row = np.zeros(len(self.names))
            row[at[whole]] += 1
            for part in parts:
                row[at[part]] -= 1
            yield LinearConstraint(row, 0, 0)
        for whole, part in self.parts:
            row = np.zeros(len(self.names))
            row[at[whole]], row[at[part]] = 1, -1
            yield LinearConstraint(row, 0, np.inf)

    def range_of(self, name: str) -> tuple[int, int]:
        """Return the least and the most a number can be. A hidden number is at least one: noughts are shown."""
        low = np.array([1 if self.seen[n] is None else self.seen[n] for n in self.names], dtype=float)
        high = np.array([5000 if self.seen[n] is None else self.seen[n] for n in self.names], dtype=float)
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(self.names))
            aim[self.names.index(name)] = sign
            result = milp(
                aim, constraints=list(self._constraints()), bounds=Bounds(low, high), integrality=np.ones(len(low))
            )
            assert result.success, result.message
            ends.append(round(sign * result.fun))
        return ends[0], ends[1]

    def hidden(self) -> list[str]:
        return [name for name in self.names if self.seen[name] is None]


organisations = st.sampled_from([1, 1, 1, 1, 2, 2, 3])
visits_of_a_season = st.lists(
    st.tuples(
        organisations,
        st.sampled_from([MONTHS[0], *MONTHS]),
        st.sampled_from(["spoke", "spoke", "spoke", "refused", "not_opened"]),
        st.sampled_from(["none", "none", "none", "phone"]),
    ),
    max_size=60,
)
people_of_a_season = st.lists(
    st.tuples(organisations, st.booleans(), st.sampled_from(["", "southeast_asia", "southeast_asia", *GROUPS])),
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(visits=visits_of_a_season, people=people_of_a_season)
def test_no_hidden_number_of_a_report_can_be_worked_out(visits: list[Visit], people: list[Person]) -> None:
    figures, _truth = report_of(visits, people)
    attacker = Attacker(figures)
    for name in attacker.hidden():
        low, high = attacker.range_of(name)
        assert low < high, f"{name} can only be {low}"


@settings(max_examples=150, deadline=None)
@given(visits=visits_of_a_season, people=people_of_a_season)
def test_no_small_number_is_shown_and_no_nought_is_hidden(visits: list[Visit], people: list[Person]) -> None:
    figures, truth = report_of(visits, people)
    for figure, one in zip(figures, truth, strict=True):
        pairs = [(row.cell, one.rows[row.code]) for row in figure.rows]
        pairs += [(row.cell, one.reporters[int(row.code)]) for row in figure.reporter_mix]
        pairs.append((figure.value, one.total))
        for cell, value in pairs:
            assert cell.value in (None, value)
            assert not (0 < value < 5 and not cell.hidden)
            assert not (value == 0 and cell.hidden)


@settings(max_examples=150, deadline=None)
@given(visits=visits_of_a_season, people=people_of_a_season)
def test_no_difference_of_two_numbers_of_the_same_people_is_small(visits: list[Visit], people: list[Person]) -> None:
    figures, _truth = report_of(visits, people)
    attacker = Attacker(figures)
    for whole, part in attacker.parts:
        ends = attacker.seen[whole], attacker.seen[part]
        if None not in ends:
            assert not 0 < ends[0] - ends[1] < 5, (whole, part)  # type: ignore[operator]


def test_the_attacker_finds_what_plain_hiding_gives_away() -> None:
    """The proof that the attack can succeed: hide only the small cells of a table, and it reads them."""
    figures, truth = report_of([(1, "2016-01", "spoke", "none")] * 20 + [(2, "2016-01", "refused", "none")] * 2, [])
    bare = [
        replace(
            figure,
            value=type(figure.value)(one.total),
            rows=tuple(
                replace(row, cell=type(row.cell)(None if 0 < n < 5 else n, 0 < n < 5))
                for row, n in ((row, one.rows[row.code]) for row in figure.rows)
            ),
        )
        for figure, one in zip(figures, truth, strict=True)
        if figure.key == "outcomes"
    ]
    assert Attacker.__dict__ and _solve(bare) == {"visits/refused": (2, 2)}


def _solve(figures: list[Figure]) -> dict[str, tuple[int, int]]:
    attacker = Attacker.__new__(Attacker)
    attacker.seen, attacker.sums, attacker.parts = {}, [], []
    for figure in figures:
        attacker._read(replace(figure, reporter_mix=()))
    attacker.sums = [(whole, parts) for whole, parts in attacker.sums if parts]
    attacker.names = sorted(attacker.seen)
    return {name: attacker.range_of(name) for name in attacker.hidden()}


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ({"a": 20, "b": 30}, set()),
        ({"a": 20, "b": 0}, set()),
        ({"a": 20, "b": 2}, {"a", "b"}),
        ({"a": 96, "b": 20, "c": 2, "d": 1}, {"b", "c", "d"}),  # together 3 would still be a small cell
        ({"a": 50, "b": 4, "c": 4}, {"a", "b", "c"}),  # a sum of 8 would say four and four
        (
            {"a": 50, **dict.fromkeys("bcdef", 1)},
            {"a", "b", "c", "d", "e", "f"},
        ),  # a sum of five ones would say one each
        ({"a": 3, "b": 0}, {"a", "t"}),
    ],
)
def test_one_table_hides_what_it_must(parts: dict[str, int], hidden: set[str]) -> None:
    numbers = Numbers(
        values={**parts, "t": sum(parts.values())},
        smallest=dict.fromkeys((*parts, "t"), 5),
        tables=[Table("t", tuple(parts))],
    )
    assert hidden_numbers(numbers) == hidden


def test_charts_draw_the_same_whatever_the_hidden_number_was() -> None:
    """Neither length, position, attribute nor alternative text of a chart tells anything of a hidden cell."""

    def drawn(small: int) -> list[str]:
        visits = [(1, "2016-01", "spoke", "none")] * 20 + [(1, "2016-02", "refused", "phone")] * 12
        visits += [(1, "2016-03", "not_opened", "none")] * small + [(1, "2016-04", "spoke", "none")] * (10 - small)
        figures, _truth = report_of(visits, [])
        chosen = [figure for figure in figures if figure.key == "visits"]
        assert [row.cell.value for row in chosen[0].rows] == [20, 12, None, None]
        return [chart_svg(f, "en", theme) + chart_alt(f, "en") for f in chosen for theme in ("light", "print")]

    assert drawn(2) == drawn(3) == drawn(4)


def test_hidden_rows_stand_last_so_that_their_place_tells_nothing() -> None:
    people: list[Person] = [(1, True, "denmark")] * 3 + [(1, True, "eu_east")] * 30 + [(1, True, "west_africa")] * 7
    figures, _truth = report_of([], people)
    groups = next(figure for figure in figures if figure.key == "groups")
    assert [row.cell.value for row in groups.rows] == [None, 30, None, 0]
    assert chart_alt(groups, "en").endswith("Hidden because small: Denmark, West Africa.")
