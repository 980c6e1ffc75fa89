"""Measures how often intervals for strata hold the truth: merged, separate, joint, chosen, pooled (docs/simulation.md).

Usage: python benchmarks/strata_coverage.py [tables per scenario]; prints a Markdown table.
"""

from __future__ import annotations

import math
import sys

import numpy as np

import darkfigure as dk

SMALL = (60, 80, 100, 120, 150, 200, 250, 300)
LISTS = (0.3, 0.25, 0.2)
SCENARIOS = (
    dk.StrataScenario("alike", SMALL, LISTS),
    dk.StrataScenario("lists differ", SMALL, LISTS, between=0.5),
    dk.StrataScenario("lists differ much", SMALL, LISTS, between=1.0),
    dk.StrataScenario("reach differs", SMALL, LISTS, reach=0.6),
    dk.StrataScenario("large, reach differs", tuple(10 * size for size in SMALL), LISTS, reach=0.6),
)


def separate(tables):
    found = dk.fit_strata(tables, "[1]", "lists")
    return found.estimate, found.interval(), [found.stratum_interval(name) for name in tables.names]


def common(tables):
    found = dk.fit_strata(tables, "[1]")
    return found.estimate, found.interval(), [found.stratum_interval(name) for name in tables.names]


def chosen(tables):
    found = dk.select_strata(tables).best
    return found.estimate, found.interval(), [found.stratum_interval(name) for name in tables.names]


def pooled(tables):
    found = dk.pool_strata(tables)
    return found.estimate, found.interval(), [found.stratum_interval(name) for name in tables.names]


def merged(tables):
    found = dk.select(tables.merged()).best
    return found.estimate, found.interval(), None


WAYS = {
    "merged table, BIC": merged,
    "joint fit, nothing varies": common,
    "joint fit, lists by stratum": separate,
    "joint fit, chosen by BIC": chosen,
    "pooled": pooled,
}


def main(tables):
    print("| interval | " + " | ".join(s.name for s in SCENARIOS) + " |\n|---|" + "---|" * len(SCENARIOS), flush=True)
    drawn = {s.name: [dk.simulate_strata(s, 11, r) for r in range(tables)] for s in SCENARIOS}
    for name, way in WAYS.items():
        row = []
        for scenario in SCENARIOS:
            hits, ratios, widths, parts = [], [], [], []
            for table in drawn[scenario.name]:
                estimate, limits, strata = way(table)
                if not math.isfinite(estimate):
                    continue
                hits.append(limits.lower <= scenario.truth <= limits.upper)
                ratios.append(estimate / scenario.truth)
                widths.append(limits.upper / limits.lower)
                if strata:
                    parts += [p.lower <= n <= p.upper for p, n in zip(strata, scenario.populations, strict=True)]
            if not hits:
                row.append("none")
                continue
            some = f"; {len(hits)} of {tables} tables" if len(hits) < tables else ""
            each = f"; strata {100 * np.mean(parts):.0f}" if parts else ""
            row.append(f"{100 * np.mean(hits):.0f} ({np.median(ratios):.2f}; {np.median(widths):.2f}{each}{some})")
        print(f"| {name} | " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
