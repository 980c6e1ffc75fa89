"""Figures are equal to a count by hand, and only what the deliveries cover is counted."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from lygte.facts.disclosure import Cell
from lygte.facts.intervals import wilson
from lygte.knowledge.programme.content import figures_for
from lygte.knowledge.programme.counting import Delivered, segments_of
from lygte.knowledge.programme.figures import Figure
from lygte.knowledge.programme.models import Initiative


def figures(initiative: Initiative, as_at: str = "2017-06") -> dict[str, Figure]:
    with scopes_disabled():
        return {figure.key: figure for figure in figures_for(initiative, as_at)}


def test_visits_are_those_of_the_deliverers_in_their_areas_months_and_kinds_of_place(season: Initiative) -> None:
    found = figures(season)["visits"]
    assert found.value == Cell(30)
    assert {row.code: row.cell for row in found.rows if row.cell != Cell(0)} == {
        "2016-03": Cell(20),
        "2016-09": Cell(10),
    }


def test_the_reporter_mix_stands_beside_every_figure(season: Initiative) -> None:
    mix = {row.label["en"]: row.cell for row in figures(season)["visits"].reporter_mix}
    assert mix == {"Lanternen (invented)": Cell(20), "Mobil sundhed (invented)": Cell(10)}


def test_shares_carry_their_numbers_and_a_wilson_interval(season: Initiative) -> None:
    found = figures(season)["interpreter-used"]
    assert (found.value, found.base) == (Cell(6), Cell(30))
    assert found.share == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.0951, 0.3731), abs=1e-4)


def test_wilson_agrees_with_newcombe_1998() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263 and 15 of 148 and 0 of 20 and 1 of 29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_people_are_added_up_over_visits(season: Initiative) -> None:
    found = figures(season)
    assert found["people-spoken-to"].value == Cell(40)
    assert found["people-new"].value == Cell(20)
    rows = {row.code: row.cell for row in found["nationality-groups"].rows}
    assert rows == {"southeast_asia": Cell(40)}


def test_nothing_after_the_month_of_the_report_counts(season: Initiative) -> None:
    assert figures(season, "2016-08")["visits"].value == Cell(20)


def test_there_are_no_figures_while_nobody_delivers(third: Initiative) -> None:
    assert figures(third) == {}


def test_overlapping_deliveries_of_one_organisation_count_a_visit_once() -> None:
    a = Delivered(1, frozenset({"DK-370", "DK-316"}), ("2016-01", "2016-12"))
    b = Delivered(1, frozenset({"DK-370"}), ("2016-06", "2017-06"))
    cut = segments_of([a, b])
    stretches = sorted((segment.months, sorted(segment.areas)) for segment in cut)
    assert stretches == [
        (("2016-01", "2016-05"), ["DK-316", "DK-370"]),
        (("2016-06", "2016-12"), ["DK-316", "DK-370"]),
        (("2017-01", "2017-06"), ["DK-370"]),
    ]


def test_organisations_with_the_same_areas_are_read_together() -> None:
    same = [Delivered(pk, frozenset({"DK-370"}), ("2016-01", "2016-12")) for pk in (1, 2, 3)]
    assert [segment.organisations for segment in segments_of(same)] == [frozenset({1, 2, 3})]
