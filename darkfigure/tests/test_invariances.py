"""What must not change an estimate: the order of the lists, adding up strata, histories that nobody has."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import darkfigure as dk
from darkfigure.quick import coverage_parts

COUNTS = {k: st.lists(st.integers(0, 60), min_size=2**k - 1, max_size=2**k - 1) for k in (2, 3, 4)}
QUIET = settings(max_examples=25, deadline=None, database=None, derandomize=True)


@st.composite
def tables(draw, sizes=(3, 4)):
    k = draw(st.sampled_from(sizes))
    counts = np.array([0, *draw(COUNTS[k])])
    assume(all(counts[[s for s in range(2**k) if s >> j & 1]].sum() > 0 for j in range(k)))
    return dk.OverlapTable(counts, [f"L{j}" for j in range(k)])


@st.composite
def shuffled(draw):
    table = draw(tables())
    return table, table.reorder_lists(draw(st.permutations(table.lists)))


@QUIET
@given(shuffled())
def test_relabelling_lists_changes_no_estimate(pair):
    one, two = pair
    a, b = dk.select(one), dk.select(two)
    if a.best.status or b.best.status:
        assert a.best.status == b.best.status
    else:
        assert a.criterion[0] == pytest.approx(b.criterion[0], abs=1e-8)
    assert dk.chao(one).estimate == pytest.approx(dk.chao(two).estimate)
    assert coverage_parts(one).low == pytest.approx(coverage_parts(two).low, rel=1e-9, nan_ok=True)
    main = [dk.fit(t, dk.main_effects(t.k)) for t in pair]
    assert main[0].status == main[1].status
    if main[0].status == 0:
        assert main[0].estimate == pytest.approx(main[1].estimate, rel=1e-8)


@QUIET
@given(tables())
def test_every_certificate_verifies_and_agrees_with_the_fit(table):
    for name in ("[1]", "[12]", "[12,13]", "[12,13,23]"):
        found = dk.fit(table, name)
        assert found.certificate.verified
        assert found.certificate.status == found.status


@QUIET
@given(tables(sizes=(3,)), st.integers(2, 5))
def test_multiplying_every_count_multiplies_the_fit(table, times):
    one, many = dk.fit(table, "[12,3]"), dk.fit(table.with_counts(times * table.counts), "[12,3]")
    assert one.status == many.status
    if one.status == 0:
        assert many.dark_figure == pytest.approx(times * one.dark_figure, rel=1e-7)


@QUIET
@given(tables(sizes=(3,)))
def test_merging_strata_is_adding_counts(table):
    half = table.counts // 2
    assume(all(half[[s for s in range(8) if s >> j & 1]].sum() > 0 for j in range(3)))
    rest = table.counts - half
    merged = dk.sum_tables([table.with_counts(half), table.with_counts(rest)])
    assert merged == table


@QUIET
@given(tables(sizes=(3, 4)))
def test_writing_out_histories_that_nobody_has_changes_nothing(table):
    frame = table.to_frame()
    assert dk.from_frame(frame[frame["count"] > 0]) == dk.from_frame(frame)


@QUIET
@given(tables(sizes=(3,)))
def test_the_dark_figure_is_never_negative_and_the_deviance_neither(table):
    everything = dk.fit_all(table)
    good = everything.admissible
    assert (everything.estimates[good] >= table.n).all()
    assert (everything.deviance[good] > -1e-6).all()


@QUIET
@given(tables(sizes=(3, 4)))
def test_the_search_never_misses_a_better_model(table):
    everything = dk.fit_all(table)
    bic = np.where(everything.admissible, everything.bic, np.inf)
    found = dk.select(table)
    if np.isfinite(bic.min()):
        assert found.criterion[0] == pytest.approx(bic.min(), abs=1e-6)
    else:
        assert found.best.status != 0
