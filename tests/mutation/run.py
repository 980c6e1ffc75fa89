"""Plants wrongs in the rules, the consent policy and the vault, one at a time, and runs the tests that pass through them.

`./lygte mutants` runs all of them, `--sample 16` a fixed few. Tests are collected once; a first round notes which test
enters which function. Then the process forks for every wrong: the child plants it, runs those tests, the quickest
first, and stops at the first that fails. A wrong that no test notices is told, and stands in `explained.txt` with the reason
why it makes no difference, or the run fails.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import CodeType, FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from .mutants import Mutant, live, mutants_of, plant

MODULES = (
    "core.access", "core.consent.rules", "core.consent.gate", "core.consent.team", "core.consent.glass",
    "core.consent.ledger", "core.consent.holds", "core.vault.ciphers", "core.vault.epochs", "core.vault.fields",
    "core.vault.index", "core.vault.keyring", "core.vault.keys", "core.vault.recovery", "core.vault.renewal",
    "core.vault.sessions", "core.vault.turning", "core.vault.wraps",
)  # fmt: skip
TESTS = (
    "tests/core/test_access.py", "tests/core/consent", "tests/core/vault", "tests/hostile/sign_in/test_sessions.py",
    "tests/security/test_scope.py", "tests/core/test_members.py",
)  # fmt: skip
# Slow ones, and those that start processes or threads of their own: what they prove is proved there.
LEFT_OUT = (
    "test_at_once", "test_killed", "test_twin", "test_documents", "test_one_gate", "test_startup", "test_every_page_shows",
    "test_pages",
)  # fmt: skip
LONGEST = 200.0  # seconds while watched and beside other work, a tenth of it otherwise; a slower test
PATIENCE = 120  # seconds for one wrong: one that never ends is noticed, too
EXPLAINED = Path(__file__).with_name("explained.txt")


class Runner:
    """A plugin of pytest in place of its own loop over the tests."""

    def __init__(self, modules: Sequence[str], sample: int, first: int) -> None:
        self.modules, self.sample, self.first = modules, sample, first
        self.caught: list[Mutant] = []
        self.survived: list[Mutant] = []
        self.unreached: list[Mutant] = []
        self.seconds: dict[str, float] = {}
        self.entered: dict[str, set[CodeType]] = defaultdict(set)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if not any(word in item.nodeid for word in LEFT_OUT)]
        items = [item for item in items if "transactional_db" not in getattr(item, "fixturenames", ())]
        mutants = self._chosen()
        watched = self._watched(mutants)
        for number, item in enumerate(items):
            self._first_round(item, items[(number + 1) % len(items)], watched)
        for mutant in mutants:
            self._judge(mutant, items)
        return True

    def _chosen(self) -> list[Mutant]:
        found = [one for name in self.modules for one in mutants_of(importlib.import_module(f"lygte.{name}"))]
        if self.sample:
            found = Random(self.first).sample(found, self.sample)
        return found

    def _watched(self, mutants: Sequence[Mutant]) -> set[CodeType]:
        functions = {live(importlib.import_module(one.module), one.function) for one in mutants}
        return {function.__code__ for function in functions if function is not None}

    def _first_round(self, item: pytest.Item, following: pytest.Item, watched: set[CodeType]) -> None:
        entered = self.entered[item.nodeid]

        def note(frame: FrameType, event: str, _argument: Any) -> None:
            if event == "call" and frame.f_code in watched:
                entered.add(frame.f_code)

        start = time.monotonic()
        sys.setprofile(note)
        threading.setprofile(note)
        reports = runtestprotocol(item, nextitem=following, log=False)
        sys.setprofile(None)
        threading.setprofile(None)
        self.seconds[item.nodeid] = time.monotonic() - start
        if any(report.failed for report in reports):
            raise SystemExit(f"{item.nodeid} fails without a wrong; mend it first")

    def _judge(self, mutant: Mutant, items: Sequence[pytest.Item]) -> None:
        module = importlib.import_module(mutant.module)
        function = live(module, mutant.function)
        fitting = [] if function is None else [i for i in items if function.__code__ in self.entered[i.nodeid]]
        fitting = [item for item in fitting if self.seconds[item.nodeid] < LONGEST]
        if not fitting:
            self.unreached.append(mutant)
            print(f"no test     {mutant}", flush=True)
            return
        fitting.sort(key=lambda item: self.seconds[item.nodeid])
        child = os.fork()
        if child == 0:
            self._try(module, mutant, fitting)
        _pid, status = os.waitpid(child, 0)
        noticed = not (os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0)
        (self.caught if noticed else self.survived).append(mutant)
        print(f"{'noticed ' if noticed else 'SURVIVED'}    {mutant}", flush=True)

    def _try(self, module: Any, mutant: Mutant, items: Sequence[pytest.Item]) -> None:
        """In the child: plant the wrong, run, and leave by a status; nothing of pytest's own ending is wanted here."""
        signal.alarm(PATIENCE)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if not plant(module, mutant):
            os._exit(0)
        try:
            for number, item in enumerate(items):
                item._initrequest()  # type: ignore[attr-defined]  # the fixtures of the first round are spent
                reports = runtestprotocol(item, nextitem=items[(number + 1) % len(items)], log=False)
                if any(report.failed for report in reports):
                    os._exit(1)
        except BaseException:
            os._exit(1)
        os._exit(0)


def explained() -> dict[str, str]:
    """Return the wrongs that make no difference, with the reason: one a line, `module function: what | reason`."""
    lines = [line for line in EXPLAINED.read_text().splitlines() if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, _bar, reason in (line.partition("|") for line in lines)}


def name_of(mutant: Mutant) -> str:
    """Return a name that stays when lines move."""
    return f"{mutant.module} {mutant.function}: {mutant.what}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="a module, such as core.vault.keys")
    parser.add_argument("--tests", action="append", default=[])
    given = parser.parse_args()
    runner = Runner(given.only or MODULES, given.sample, given.seed)
    options = ["-q", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:timeout", "-s"]
    code = pytest.main([*options, *(given.tests or TESTS)], plugins=[runner])
    known = explained()
    left = [one for one in (*runner.survived, *runner.unreached) if name_of(one) not in known]
    tried = len(runner.caught) + len(runner.survived) + len(runner.unreached)
    print(f"{tried} wrongs planted, {len(runner.caught)} noticed, {tried - len(runner.caught) - len(left)} explained")
    for one in left:
        print(f"nobody noticed: {name_of(one)} (line {one.line})")
    counted = max(1, tried - (tried - len(runner.caught) - len(left)))
    print(f"noticed: {len(runner.caught) / counted:.1%} of those that make a difference")
    return 1 if left or not tried or code not in (0, 5) else 0


if __name__ == "__main__":
    raise SystemExit(main())
