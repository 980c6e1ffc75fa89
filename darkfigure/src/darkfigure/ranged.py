"""What lists support when some counts are ranges ("<5"): the verdict must stand whatever the counts are inside them."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from darkfigure.assessing import Assessment, Verdict, assess
from darkfigure.table import OverlapTable


def assess_ranged(table: OverlapTable, replicates: int = 200, seed: int = 0, threads: int | None = None) -> Assessment:
    """Assess the corners of a table with ranges, and let the worst of them speak.

    Args:
        table: 2 to 16 lists, some counts ranges. replicates, seed, threads: as for ``assess``.

    Counts of one list and counts of overlaps pull the estimate in opposite directions, so four tables are assessed:
    each of the two groups at its smallest and at its largest. The verdict is supported only if all four are; its range
    holds theirs. Estimates, pairs and diagnostics are those of the table with every count in the middle of its range.

    Returns:
        Assessment: of the middle table, with the verdict over all; sizes in people.

    Raises:
        Nothing beyond what ``assess`` raises.

    Source: own.

    Example:
        >>> table = OverlapTable([0, 40, 30, 1, 20, 7, 1, 1], "ABC", upper=[0, 40, 30, 4, 20, 7, 4, 4])
        >>> print(assess_ranged(table, replicates=30).verdict.headline)
        These lists cannot support an estimate.
    """
    assert table.upper is not None
    middle = assess(_filled(table, (table.counts + table.upper) // 2), replicates, seed, threads)
    corners = {
        said: assess(_filled(table, counts), replicates, seed, threads).verdict for said, counts in _corners(table)
    }
    return dataclasses.replace(middle, table=table, verdict=_worst(middle.verdict, corners))


def _filled(table: OverlapTable, counts: np.ndarray) -> OverlapTable:
    return OverlapTable(counts, table.lists)


def _corners(table: OverlapTable) -> list[tuple[str, np.ndarray]]:
    assert table.upper is not None
    single = np.array([bin(cell).count("1") == 1 for cell in range(2**table.k)])
    found: list[tuple[str, np.ndarray]] = []
    for singles, small_singles in ((table.counts, True), (table.upper, False)):
        for overlaps, small_overlaps in ((table.counts, True), (table.upper, False)):
            counts = np.where(single, singles, overlaps)
            if not any(np.array_equal(counts, other) for _said, other in found):
                words = {True: "smallest", False: "largest"}
                said = f"overlaps at their {words[small_overlaps]}, single lists at their {words[small_singles]}"
                found.append((said, counts))
    return found


def _worst(middle: Verdict, corners: dict[str, Verdict]) -> Verdict:
    every = [middle, *corners.values()]
    told = f"Some counts are ranges. The verdict is the worst over {len(corners)} tables with them at their ends."
    refused = [f"With {said}: {reason}" for said, one in corners.items() if not one.supported for reason in one.reasons]
    if not all(one.supported for one in every):
        return Verdict(False, math.nan, math.nan, (told, *(refused or middle.reasons)), middle.cautions)
    return Verdict(
        True,
        min(one.lower for one in every),
        max(one.upper for one in every),
        (told, *middle.reasons),
        middle.cautions,
        all(one.interval_supported for one in every),
    )
