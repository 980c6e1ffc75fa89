"""Kill -9 of server and database while eight phones send: what was acknowledged is there, once, whole.

The suite runs a short one; the long one is `python -m tests.durability.soak sqlite|postgresql --forms 10000 --kills 10`
(see docs/rooms/intake.md). `--lose` turns `synchronous_commit` off under the running server, which must lose some.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from .house import LOOK, House, Postgresql, folder_for_all, house, prepare
from .phones import Notes, Phone, Shared, pile_of

TARGETS = {"sqlite": ["server"], "postgresql": ["both", "database", "server"]}


@dataclass
class Outcome:
    """What was found after all was sent."""

    database: str
    acknowledged: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    files_acknowledged: int = 0
    files_lost: int = 0
    files_left_over: int = 0
    visits_missing: int = 0
    log_is_whole: bool = False
    facts_as_rebuilt: bool = False
    answers: dict[int, int] = field(default_factory=dict)
    mishaps: dict[str, int] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)

    @property
    def nothing_lost(self) -> bool:
        faults = self.lost + self.doubled + self.changed + self.files_lost + self.visits_missing
        return faults == 0 and self.log_is_whole and self.facts_as_rebuilt and not self.odd


def soak(home: House, *, forms: int, kills: int, lose: bool = False, seed: int = 5) -> Outcome:
    """Have the phones send everything to a prepared house, killing on the way; look at what is there afterwards."""
    rng = Random(seed)
    home.start()
    notes, outcome = Notes(), Outcome(home.database.vendor)
    pile = Shared(pile_of(forms, home.prepared["place"], home.prepared["version"], date.today().isoformat(), rng))
    begun = time.monotonic()
    phones = [Phone(home.port, secrets, pile, notes, Random(rng.random())) for secrets in home.prepared["phones"]]
    for phone in phones:
        phone.start()
    _kill_on_the_way(home, phones, notes, outcome, forms=forms, kills=kills, lose=lose)
    for phone in phones:
        phone.join()
    outcome.seconds = round(time.monotonic() - begun, 1)
    home.kill()
    _compare(outcome, notes, home.run(LOOK))
    if outcome.odd:
        print(home.log.read_text()[-20_000:], file=sys.stderr)
    return outcome


def _kill_on_the_way(
    home: House, phones: list[Phone], notes: Notes, outcome: Outcome, *, forms: int, kills: int, lose: bool
) -> None:
    for number in range(1, kills + 1):
        target = "database" if lose else TARGETS[home.database.vendor][number % len(TARGETS[home.database.vendor])]
        if lose:
            _commit_unsafely(home, "off")
        while len(notes.forms) < number * forms / (kills + 1) and any(phone.is_alive() for phone in phones):
            time.sleep(0.005)
        if target in ("database", "both"):
            home.database.kill()
        if target in ("server", "both"):
            home.kill()
        outcome.kills[target] += 1
        time.sleep(0.1)  # a while in which nobody answers
        if target in ("database", "both"):
            home.database.start()
        if target in ("server", "both"):
            home.start()
    if lose:
        _commit_unsafely(home, "on")


def _commit_unsafely(home: House, value: str) -> None:
    """Change the setting under a server that runs already: it would not have started over it."""
    assert isinstance(home.database, Postgresql)
    home.database.set_everywhere("synchronous_commit", value)


def _compare(outcome: Outcome, notes: Notes, found: dict[str, Any]) -> None:
    times = Counter(instance for instance, _sha, _state in found["forms"])
    stored = {instance: sha for instance, sha, _state in found["forms"]}
    files = {(instance, name): sha for instance, name, sha in found["files"]}
    visits = sum(state == "taken" for _instance, _sha, state in found["forms"])
    outcome.acknowledged, outcome.files_acknowledged = len(notes.forms), len(notes.files)
    outcome.lost = sum(instance not in times for instance in notes.forms)
    outcome.doubled = sum(count > 1 for count in times.values())
    outcome.changed = sum(stored.get(instance, sha) != sha for instance, sha in notes.forms.items())
    outcome.files_lost = sum(files.get(key) != sha for key, sha in notes.files.items())
    outcome.files_left_over = found["left_over"]
    outcome.visits_missing = abs(visits - found["visits"])
    outcome.log_is_whole, outcome.facts_as_rebuilt = found["log_is_whole"], found["facts_as_rebuilt"]
    outcome.answers, outcome.mishaps, outcome.odd = dict(notes.answers), dict(notes.mishaps), notes.odd[:5]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("database", choices=["sqlite", "postgresql"])
    words.add_argument("--forms", type=int, default=10_000)
    words.add_argument("--kills", type=int, default=10)
    words.add_argument("--lose", action="store_true", help="synchronous_commit off: must lose some")
    asked = words.parse_args()
    folder = folder_for_all()
    try:
        prepare(asked.database, folder)
        with house(asked.database, folder, workers=2 if asked.database == "postgresql" else 1) as home:
            outcome = soak(home, forms=asked.forms, kills=asked.kills, lose=asked.lose)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({**vars(outcome), "nothing_lost": outcome.nothing_lost}, indent=2))
    sys.exit(0 if outcome.nothing_lost else 1)


if __name__ == "__main__":
    main()
