"""Measures how often intervals and the range of the verdict hold a known truth (docs/simulation.md).

Usage: python benchmarks/interval_coverage.py measure FILE [tables] [part] [parts]
       python benchmarks/interval_coverage.py summarise FILE...
The first writes one line of JSON per table, the second prints Markdown and writes data/measured_coverage.csv.
"""

from __future__ import annotations

import csv
import json
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path

import darkfigure as dk
from darkfigure.assessing import FEWEST_ON_TWO_LISTS, SMALL_OVERLAP
from darkfigure.simulating import SCENARIOS, simulate
from darkfigure.standing import BOOTSTRAP, RANGE, RANGE_LOWER, Standing, looks_of

CSV = Path(__file__).parent.parent / "src" / "darkfigure" / "data" / "measured_coverage.csv"


def measure(path, tables=100, part=0, parts=1):
    with Path(path).open("w") as out:
        for replicate in range(part, tables, parts):
            for name, scenario in SCENARIOS.items():
                table = simulate(scenario, 1, replicate)
                found = dk.assess(table, replicates=200, seed=replicate, threads=1)
                rows = [(e.method, e.estimate, e.lower, e.upper, e.status) for e in found.estimates]
                inside = dk.estimate(table, "stepwise", bootstrap_replicates=200, seed=replicate, threads=1)
                rows.append(("stepwise, BCa bootstrap", inside.estimate, inside.lower, inside.upper, inside.status))
                if found.boot is not None:
                    limits = found.boot.interval()
                    rows.append((BOOTSTRAP, found.boot.estimate, limits.lower, limits.upper, 0))
                document = {
                    "scenario": name,
                    "truth": scenario.population,
                    "freq": table.frequencies.tolist(),
                    "overlap": [pair.overlap for pair in found.pairs],
                    "model": found.selection.best.model.name,
                    "est": rows,
                    "supported": found.verdict.supported,
                    "lower": found.verdict.lower,
                    "upper": found.verdict.upper,
                }
                out.write(json.dumps(document) + "\n")
                out.flush()


def looks(row):
    small = sum(overlap < SMALL_OVERLAP for overlap in row["overlap"])
    sparse = sum(row["freq"][2:]) < FEWEST_ON_TWO_LISTS or 2 * small >= len(row["overlap"])
    return looks_of(sparse, [] if row["model"] == "[1,2,3,4]" else [3])


def summarise(paths):
    rows = [json.loads(line) for path in paths for line in Path(path).read_text().splitlines()]
    cells, drawn = defaultdict(list), defaultdict(list)
    for row in rows:
        drawn[row["scenario"]].append(row)
        for method, value, lower, upper, status in row["est"]:
            if status == 0 and not math.isnan(value) and not math.isnan(upper):
                cells[method, row["scenario"], looks(row)].append(
                    (lower <= row["truth"] <= upper, value / row["truth"], upper / lower)
                )
        if row["supported"]:
            held = row["lower"] <= row["truth"] <= row["upper"]
            cells[RANGE, row["scenario"], looks(row)].append((held, 1.0, row["upper"] / row["lower"]))
            low = row["lower"] / row["truth"]
            cells[RANGE_LOWER, row["scenario"], looks(row)].append((low <= 1.0, low, 1.0))
    names = [name for name in SCENARIOS if name in drawn]
    methods = list(dict.fromkeys(method for method, *_ in cells))
    with CSV.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["population", "looks", "method", "tables", "covered"])
        for name in names:
            for kind in ("sparse", "independent", "dependent"):
                for method in methods:
                    found = cells.get((method, name, kind), [])
                    if found:
                        out.writerow([name, kind, method, len(found), sum(held for held, *_ in found)])
    print("| interval | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for method in methods:
        line = []
        for name in names:
            found = [
                one for kind in ("sparse", "independent", "dependent") for one in cells.get((method, name, kind), [])
            ]
            if not found:
                line.append("none")
                continue
            share = sum(held for held, *_ in found) / len(found)
            text = f"{100 * share:.0f}"
            if not Standing(method, "all", share, name, len(found)).supported:
                text = f"**{text}**"
            few = f"; {len(found)} of {len(drawn[name])}" if len(found) < len(drawn[name]) else ""
            ratio, width = (statistics.median(one[at] for one in found) for at in (1, 2))
            shown = {RANGE: f"{width:.1f}", RANGE_LOWER: f"{ratio:.2f}"}.get(method, f"{ratio:.2f}; {width:.2f}")
            line.append(f"{text} ({shown}{few})")
        print(f"| {method} | " + " | ".join(line) + " |")
    print("\n| looks | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for kind in ("sparse", "independent", "dependent"):
        print(f"| {kind} | " + " | ".join(str(sum(looks(row) == kind for row in drawn[name])) for name in names) + " |")
    refused = [f"{sum(not row['supported'] for row in drawn[name])} of {len(drawn[name])}" for name in names]
    print("| refused | " + " | ".join(refused) + " |")


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "measure":
        measure(rest[0], *map(int, rest[1:]))
    else:
        summarise(rest)
