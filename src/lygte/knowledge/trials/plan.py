"""What a plan says, as data: question, methods, design, unit, period, outcomes, and what is fixed when it is registered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from lygte.facts.register import KINDS

from .engine.allocation import Frame
from .periods import Span, periods

DESIGNS = {
    "parallel": _("Drawn by period: in every block of periods each site tries every method once"),
    "alternation": _("Turns: every site changes to and fro, in turns of several periods"),
    "clusters": _("Whole sites: a site keeps one method all the time"),
    "stepped": _("Stepped wedge: all begin with the usual method and change one after the other"),
}
UNITS = {
    "area_week": _("A team in a municipality, by week"),
    "team_week": _("A team, by week"),
    "team_day": _("A team, by working day (a batch of messages, say)"),
}
BETTER = {
    "more": _("More of it is better"),
    "fewer": _("Fewer of it is better"),
    "neither": _("Neither is better by itself"),
}
SILENT = {
    "nought": _("as nought: nothing was recorded, so nothing was reached"),
    "missing": _("as not known: they are left out"),
}
ALPHAS = (0.05, 0.01)
MOST_UNITS = 1500


@dataclass(frozen=True)
class Measure:
    """Which facts are added up: a kind, and of its dimensions which codes."""

    fact: str
    where: Mapping[str, list[str]] = field(default_factory=dict)

    def known(self) -> bool:
        """Tell whether the register has this kind, its dimensions and codes."""
        kind = KINDS.get(self.fact)
        if kind is None:
            return False
        allowed = {dimension.name: set(dimension.values) for dimension in kind.dimensions}
        return all(name in allowed and set(codes) <= allowed[name] for name, codes in self.where.items())

    @property
    def code(self) -> str:
        """Write it as forms and addresses do: “visit”, or “visit:outcome=spoke”."""
        parts = [f"{name}={'+'.join(codes)}" for name, codes in sorted(self.where.items())]
        return ":".join([self.fact, *parts])

    def label(self) -> str:
        """Say it in the reader's language."""
        kind = KINDS.get(self.fact)
        if kind is None or not self.known():
            return self.code
        said = [[str(kind.dimension(name).values[code]) for code in many] for name, many in self.where.items()]
        one = ", ".join(codes[0] for codes in said if len(codes) == 1)
        several = [", ".join(codes) for codes in said if len(codes) > 1]
        if not one:  # what is one of several stands in brackets behind what is told apart
            return f"{kind.label}: {'; '.join(several)}" if several else str(kind.label)
        return " ".join([f"{kind.label}: {one}", *(f"({codes})" for codes in several)])


def measure_of(code: str) -> Measure:
    """Read “visit:outcome=spoke+refused”."""
    fact, *parts = code.split(":")
    pairs = (part.partition("=") for part in parts)
    return Measure(fact, {name: codes.split("+") for name, _sign, codes in pairs})


@dataclass(frozen=True)
class Outcome:
    """What is counted, per what (per period where nothing is said), and in which direction it is good."""

    measure: Measure
    per: Measure | None = None
    better: str = "more"

    @property
    def key(self) -> str:
        return f"{self.measure.code} / {self.per.code if self.per else '-'}"

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.measure.code,
            "per": self.per.code if self.per else "",
            "better": self.better,
        }


def outcome_of(said: Mapping[str, Any]) -> Outcome:
    per = said.get("per") or ""
    return Outcome(measure_of(said["count"]), measure_of(per) if per else None, said.get("better", "more"))


@dataclass(frozen=True)
class Plan:
    """A plan as it stands. The first outcome is the main one; the first method is the one compared with."""

    question: str = ""
    arms: tuple[str, ...] = ()
    design: str = "parallel"
    unit: str = "area_week"
    first_day: date | None = None
    periods: int = 12
    turn: int = 1
    washout: int = 0
    outcomes: tuple[Outcome, ...] = ()
    alpha: float = 0.05
    silent: str = "nought"

    def spans(self) -> list[Span]:
        return periods(self.unit, self.first_day, self.periods) if self.first_day else []

    @property
    def last_day(self) -> date | None:
        spans = self.spans()
        return spans[-1][1] if spans else None

    def as_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "arms": list(self.arms),
            "design": self.design,
            "unit": self.unit,
            "first_day": self.first_day.isoformat() if self.first_day else "",
            "periods": self.periods,
            "turn": self.turn,
            "washout": self.washout,
            "outcomes": [one.as_json() for one in self.outcomes],
            "alpha": self.alpha,
            "silent": self.silent,
        }


def plan_of(said: Mapping[str, Any]) -> Plan:
    """Read a plan from its JSON; what is missing has the value of an empty plan."""
    empty = Plan()
    first = said.get("first_day") or ""
    return Plan(
        question=said.get("question", ""),
        arms=tuple(said.get("arms", ())),
        design=said.get("design", empty.design),
        unit=said.get("unit", empty.unit),
        first_day=date.fromisoformat(first) if first else None,
        periods=said.get("periods", empty.periods),
        turn=said.get("turn", empty.turn),
        washout=said.get("washout", empty.washout),
        outcomes=tuple(outcome_of(one) for one in said.get("outcomes", ())),
        alpha=said.get("alpha", empty.alpha),
        silent=said.get("silent", empty.silent),
    )


@dataclass(frozen=True)
class Site:
    """Where methods are tried: a team in a municipality, or a team wherever it works (then `area` is empty)."""

    organisation: str
    area: str

    @property
    def key(self) -> str:
        return f"{self.organisation}:{self.area}"


def site_of(key: str) -> Site:
    organisation, _sign, area = key.partition(":")
    return Site(organisation, area)


def frame_for(plan: Plan, sites: list[Site]) -> Frame:
    """Return the shape of a trial, as the statistics need it. Organisations are the strata."""
    return Frame(
        design=plan.design,  # type: ignore[arg-type]
        arms=len(plan.arms),
        sites=tuple(site.key for site in sites),
        strata=tuple(site.organisation for site in sites),
        periods=plan.periods,
        turn=plan.turn if plan.design in ("stepped", "alternation") else 1,
        washout=plan.washout if plan.design != "parallel" else 0,
    )


def hash_of(content: Any) -> str:
    """Return the SHA-256 of something as canonical JSON."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()
