"""Measures what the README names, prints ratios and counts; run alone on a quiet machine.

Usage: python benchmarks/speed.py [threads]
The R timings are those of the reference runs (see tests/data/reference.json, cpu_s), on the machine named there.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import darkfigure as dk

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE.parent / "tests" / "data" / "reference.json").read_text())


def clock(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def r_cpu(dataset, name):
    return next(e for e in REFERENCE if e["dataset"] == dataset and e["name"] == name)


def cold_process(code):
    """CPU seconds of a fresh interpreter that runs the code: other work on the machine does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main(threads):
    empty = min(cold_process("pass") for _ in range(3))
    light = min(cold_process("import darkfigure") for _ in range(3))
    print(f"import darkfigure: {light - empty:.3f} CPU s above an empty interpreter ({light:.3f} s in all)")
    first = "import darkfigure as d; d.select(d.example('uk_2013_5')); d.fit(d.example('uk_2013_5'), '[12,3,4,5]')"
    cold_process(first)
    print(
        f"first estimate of a fresh process, compilation cached: {min(cold_process(first) for _ in range(3)):.2f} CPU s"
    )

    uk = dk.example("uk_2013_5")
    dk.bootstrap(uk, replicates=8, threads=threads)
    result, wall, cpu = clock(lambda: dk.bootstrap(uk, replicates=1000, seed=1, threads=threads))
    shortlist = r_cpu("uk_2013_5", "bic_boot_maxorder2_top60")["cpu_s"]
    r_all = shortlist / 60 * 6893
    print(
        f"uk_2013_5, 1000 replicates, all 6893 models in each, BCa: {wall:.2f} s wall, {cpu:.2f} CPU s, {threads} "
        f"threads; {result.n_fits / 1000:.0f} fits per replicate; R (60 models: {shortlist:.0f} CPU s, so 6893: "
        f"{r_all:.0f}) is {r_all / cpu:,.0f} times slower"
    )
    for name in ("uk_2013_6", "netherlands_6"):
        table = dk.example(name)
        dk.select(table)
        found, wall, cpu = clock(lambda table=table: dk.select(table))
        print(f"{name}, all {found.n_models:,} models: {wall:.3f} s, {found.n_fits:,} fits, best {found.best.model}")
    result, wall, cpu = clock(lambda: dk.bootstrap(dk.example("uk_2013_6"), replicates=1000, seed=1, threads=threads))
    print(f"uk_2013_6, 1000 replicates, all 7,785,061 models in each, BCa: {wall:.1f} s wall, {cpu:.1f} CPU s")
    eight, wall, cpu = clock(lambda: dk.select(dk.example("new_orleans_8"), max_order=2))
    print(f"new_orleans_8, all {eight.n_models:,} pairwise models: {wall:.3f} s wall, {eight.n_fits:,} fits")
    latent()


def latent():
    """Effective draws per CPU second of four chains, ours and R's by the same two formulas, then ours strictly."""
    for name in ("korea_3", "kosovo_4", "new_orleans_5", "western_us_5", "uk_2013_5", "netherlands_5"):
        table = dk.example(name)
        dk.latent_class(table, chains=2, draws=4, warmup=4, threads=1, tempering="never")
        entry = r_cpu(name, "K10")
        theirs = entry["results"]["chains"]
        run, _, cpu = clock(
            lambda table=table: dk.latent_class(table, chains=4, draws=20_000, seed=1, threads=1, tempering="never")
        )
        ours = [{"mean": c.mean(), "sd": c.std(ddof=1), "ess_batch": _batch_means_ess(c)} for c in run.dark]
        inside, across = (
            [total / seconds for total, seconds in ((of(ours), cpu), (of(theirs), entry["cpu_s"]))]
            for of in (lambda chains: sum(chain["ess_batch"] for chain in chains), _across)
        )
        strict = min(run.bulk_ess, run.tail_ess) / cpu
        print(
            f"| {name} | {run.r_hat:.3f} | {cpu:.1f} | {across[0]:,.1f} | {across[1]:,.1f} | "
            f"{across[0] / across[1]:,.1f} | {inside[0]:,.0f} | {inside[1]:,.0f} | {inside[0] / inside[1]:,.1f} | "
            f"{strict:,.1f} | {strict / across[1]:,.1f} |"
        )


def _across(chains):
    """Effective draws of the R chains together, from their means and standard deviations: what disagreement leaves."""
    means, sds = (np.array([chain[key] for chain in chains]) for key in ("mean", "sd"))
    size = sum(chain["ess_batch"] for chain in chains)
    total = float((sds**2).mean() + means.var(ddof=1))
    return min(size, len(chains) * total / means.var(ddof=1))


def _batch_means_ess(chain):
    """Batches of sqrt(n) draws, as for the reference runs: what one chain says of itself, blind to other modes."""
    size = int(np.sqrt(len(chain)))
    batches = chain[: len(chain) // size * size].reshape(-1, size).mean(axis=1)
    return min(len(chain) * chain.var(ddof=1) / (size * batches.var(ddof=1)), len(chain))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
