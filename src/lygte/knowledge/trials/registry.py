"""What was registered, read back with distrust: every fingerprint is reckoned again before anything is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lygte.core.problems import Problem

from .engine.allocation import ALGORITHM, Frame, Schedule, allocate, counted, fingerprint
from .models import Trial, Version
from .periods import Span
from .plan import Outcome, Plan, Site, frame_for, hash_of, plan_of, site_of


@dataclass(frozen=True)
class Registered:
    """A trial as it was registered, with its amendments."""

    versions: tuple[Version, ...]

    @cached_property
    def content(self) -> dict[str, Any]:
        return dict(self.versions[0].content)

    @cached_property
    def plan(self) -> Plan:
        """The plan of the first version: what was promised before anything was seen."""
        return plan_of(self.content["plan"])

    @cached_property
    def latest(self) -> Plan:
        return plan_of(self.versions[-1].content["plan"])

    @cached_property
    def sites(self) -> list[Site]:
        return [site_of(key) for key in self.content["sites"]]

    @property
    def seed(self) -> str:
        return str(self.content["seed"])

    @cached_property
    def frame(self) -> Frame:
        return frame_for(self.plan, self.sites)

    @cached_property
    def schedule(self) -> Schedule:
        return allocate(self.frame, self.seed)

    @cached_property
    def counted(self) -> list[list[bool]]:
        return counted(self.frame, self.schedule)

    @cached_property
    def spans(self) -> list[Span]:
        return self.plan.spans()

    @property
    def changed_after_start(self) -> bool:
        return any(version.after_start for version in self.versions)

    def period_at(self, day: date) -> int | None:
        """Return the number of the period that a day lies in."""
        for number, (first, last) in enumerate(self.spans):
            if first <= day <= last:
                return number
        return None


@dataclass(frozen=True)
class Asked:
    """An outcome of the first or of a later version, and since when it is or is no longer one."""

    outcome: Outcome
    main: bool
    status: str  # "registered", "added", "dropped"
    on: str = ""
    after_start: bool = False


def registered(trial: Trial) -> Registered:
    """Return what was registered, or Problem 409.714 or 409.715 where it is no longer what it was."""
    found = Registered(tuple(trial.versions.order_by("number")))
    if not found.versions:
        raise Problem("409.716")
    for version in found.versions:
        if hash_of(version.content) != version.content_hash:
            raise Problem("409.714", version=version.number)
    if found.content["algorithm"] != ALGORITHM or fingerprint(found.schedule) != found.content["schedule"]:
        raise Problem("409.715")
    return found


def asked(found: Registered) -> list[Asked]:
    """Return every outcome that was ever planned: the registered ones first, each with what became of it."""
    first = list(found.plan.outcomes)
    now = {one.key for one in found.latest.outcomes}
    rows = []
    for place, outcome in enumerate(first):
        gone = (
            next((v for v in found.versions if outcome.key not in _keys(v)), None) if outcome.key not in now else None
        )
        rows.append(
            Asked(outcome, place == 0, "dropped", _day(gone), gone.after_start)
            if gone
            else Asked(outcome, place == 0, "registered")
        )
    known = {one.key for one in first}
    for version in found.versions[1:]:
        for outcome in plan_of(version.content["plan"]).outcomes:
            if outcome.key not in known:
                known.add(outcome.key)
                rows.append(Asked(outcome, False, "added", _day(version), version.after_start))
    return rows


def _keys(version: Version) -> set[str]:
    return {one.key for one in plan_of(version.content["plan"]).outcomes}


def _day(version: Version | None) -> str:
    return version.made_at.date().isoformat() if version else ""
