"""The statistics in a process of their own: JSON in, JSON out, nothing kept. `python -m lygte.knowledge.trials.engine`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from .allocation import ALGORITHM, allocate, frame_of
from .effects import CannotTell, carry_over, effects
from .power import smallest_effect
from .shuffle import shuffled

LIMIT = 120  # seconds
# The request decides how many threads there are; numerical libraries would otherwise start one per core.
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class EngineFailed(Exception):
    """The process did not answer in time, or not with numbers."""


class EngineBusy(Exception):
    """Another calculation is under way: pressing a button again and again must not take all of the machine."""


_at_work = threading.Lock()


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Answer a request in a process of its own, which knows no settings and no secrets; one at a time."""
    if not _at_work.acquire(blocking=False):
        raise EngineBusy
    try:
        return _ask(request)
    finally:
        _at_work.release()


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": path, **SINGLE}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lygte.knowledge.trials.engine"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=LIMIT,
            env=environment,
            check=True,
        )
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError) as error:
        raise EngineFailed(str(error)[:200]) from error


def answer(request: dict[str, Any], advance: Callable[[int], None] = lambda count: None) -> dict[str, Any]:
    """Answer a request here: {"do": "analyse" or "power", "frame", "seed", "alpha", …}."""
    return _power(request, advance) if request["do"] == "power" else _analysis(request)


def _analysis(request: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    frame, seed, alpha = frame_of(request["frame"]), request["seed"], request["alpha"]
    schedule = allocate(frame, seed)
    outcomes = []
    for one in request["outcomes"]:
        y, e = np.array(one["y"], dtype=float), np.array(one["e"], dtype=float)
        try:
            found = {
                "effects": [effect.as_json() for effect in effects(frame, schedule, y, e, alpha=alpha)],
                "carry_over": [effect.as_json() for effect in carry_over(frame, schedule, y, e, alpha=alpha)],
                "shuffled": shuffled(frame, seed, y, e),
                "cannot": "",
            }
        except CannotTell as reason:
            found = {"effects": [], "carry_over": [], "shuffled": [], "cannot": str(reason)}
        outcomes.append(found)
    return {"outcomes": outcomes, "made_with": {name: version(name) for name in ("statsmodels", "scipy", "numpy")}}


def _power(request: dict[str, Any], advance: Callable[[int], None]) -> dict[str, Any]:
    import numpy as np

    frame = frame_of(request["frame"])
    past_y, past_e = np.array(request["y"], dtype=float), np.array(request["e"], dtype=float)
    try:
        found = smallest_effect(frame, past_y, past_e, seed=request["seed"], alpha=request["alpha"], advance=advance)
    except CannotTell as reason:
        return {"cannot": str(reason)}
    return {**found, "cannot": "", "algorithm": ALGORITHM}
