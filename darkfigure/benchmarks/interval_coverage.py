"""Measures the coverage of the intervals and what the verdict does on tables with known truth (docs/simulation.md).

Usage: python benchmarks/interval_coverage.py [tables per scenario] [tables for the verdict]; prints Markdown tables.
"""

from __future__ import annotations

import sys

import darkfigure as dk
from darkfigure.simulating import SCENARIOS, coverage_study, simulate

PLAIN = ("main", "stepwise", "downhill", "bic", "bayes-threshold", "graphs")
PLAIN += ("coverage", "chao-mth", "darroch", "latent-class")
INSIDE = ("stepwise", "bic")


def cell(study):
    if study.tables == 0:
        return "none"
    return f"{100 * study.covered:.0f} ({study.bias:.2f}; {study.width:.2f})"


def main(tables, verdicts):
    names = list(SCENARIOS)
    print("| interval | " + " | ".join(names) + " |\n|---|" + "---|" * len(names), flush=True)
    for method in PLAIN:
        few = max(10, tables // 5) if method == "latent-class" else tables
        row = [cell(coverage_study(SCENARIOS[name], [method], tables=few, seed=1)[0]) for name in names]
        print(f"| {method} ({few} tables) | " + " | ".join(row) + " |", flush=True)
    for method in INSIDE:
        row = [
            cell(coverage_study(SCENARIOS[name], [method], tables=tables, seed=1, bootstrap_replicates=200)[0])
            for name in names
        ]
        print(f"| {method}, BCa bootstrap ({tables} tables) | " + " | ".join(row) + " |", flush=True)
    print("\n| verdict | " + " | ".join(names) + " |\n|---|" + "---|" * len(names), flush=True)
    refused, covered, widths = [], [], []
    for name in names:
        found = [dk.assess(simulate(SCENARIOS[name], 1, r), replicates=100, threads=1).verdict for r in range(verdicts)]
        given = [v for v in found if v.supported]
        truth = SCENARIOS[name].population
        refused.append(f"{len(found) - len(given)} of {len(found)}")
        covered.append(f"{sum(v.lower <= truth <= v.upper for v in given)} of {len(given)}")
        widths.append(f"{sorted(v.upper / v.lower for v in given)[len(given) // 2]:.1f}" if given else "-")
    print("| refused | " + " | ".join(refused) + " |")
    print("| range holds the truth, where given | " + " | ".join(covered) + " |")
    print("| median upper / lower of the range | " + " | ".join(widths) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 25)
