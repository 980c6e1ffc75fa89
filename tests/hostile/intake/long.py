"""Throws a hundred thousand things at intake and tells what came back: `python -m tests.hostile.intake.long`.

Each process throws its own share with its own seeds, so a finding can be made again with `--first SEED --count 1`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from random import Random
from typing import Any

SLOW = 5.0  # seconds


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=100_000)
    words.add_argument("--first", type=int, default=0, help="the first seed")
    asked = words.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    found = run(asked.first, asked.count)
    print(json.dumps(found, indent=2))
    sys.exit(1 if found["findings"] else 0)


def run(first: int, count: int) -> dict[str, Any]:
    """Throw so many things at a database of this process's own."""
    import logging
    import shutil

    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    logging.disable(logging.CRITICAL)
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        return _throw(first, count)
    finally:
        teardown_databases(databases, verbosity=0)
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def _throw(first: int, count: int) -> dict[str, Any]:
    from lygte.care.intake import xlsform
    from tests.conftest import make_member

    xlsform.UNDECLARED = ""  # a form of before there were grades: what is thrown at it is stored as it came
    from . import forge
    from .conftest import range_for

    target = range_for(make_member("bogdan"), make_member("amina"))
    statuses: dict[str, Counter[int]] = defaultdict(Counter)
    slowest: dict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    findings: list[dict[str, Any]] = []
    begun, at_the_start, processor = time.monotonic(), memory(), time.process_time()
    halfway = 0
    for number, seed in enumerate(range(first, first + count)):
        thing = forge.thing(Random(seed))
        before = time.process_time()
        answer = target.throw(thing)
        worked = time.process_time() - before
        statuses[thing.kind][answer.status] += 1
        slowest[thing.kind] = max(slowest[thing.kind], (round(answer.seconds, 3), seed))
        if answer.bad or answer.seconds > SLOW:
            findings.append({"seed": seed, "kind": thing.kind, "status": answer.status, "seconds": answer.seconds, "processor_seconds": worked,
                             "path": thing.path, "query": thing.query[:300], "traceback": answer.traceback[-1500:]})  # fmt: skip
        if number == count // 2:
            halfway = memory()
    return {
        "thrown": count,
        "first_seed": first,
        "by_kind": {kind: dict(sorted(found.items())) for kind, found in statuses.items()},
        "slowest_seconds_and_seed": dict(slowest),
        "seconds": round(time.monotonic() - begun, 1),
        "processor_seconds": round(time.process_time() - processor, 1),
        "memory_mb": {
            "start": at_the_start,
            "halfway": halfway,
            "end": memory(),
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
        "findings": findings,
    }


def memory() -> int:
    """Return the megabytes that this process holds now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1_000_000


if __name__ == "__main__":
    main()
