"""What is true and what was recorded, counted here on its own, so that figures can be checked against it.

It goes into `demo-truth.json` in the data folder. Nothing in it comes from the ledger of facts or from a report.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lygte.care.outreach.rules import VisitAnswers
from lygte.directory.areas import areas_within

from .cast import AS_AT, DK_PLAN, PARTIES
from .folder import TRUTH
from .visits import DrawnVisit
from .world import World, months_between

KINDS_OF = {1: ("escort", "private", "online"), 2: ("workplace",), 3: ("clinic",)}

Cell = tuple[str, str, str, str]  # team, month, area, kind of place


class Tally:
    """Counts visits as they pass by, by team, month, area and kind of place."""

    def __init__(self) -> None:
        self.cells: dict[Cell, Counter[str]] = {}

    def add(self, visit: DrawnVisit) -> None:
        answers, place = visit.answers, visit.place
        cell = (visit.party, answers.day.strftime("%Y-%m"), place.area, place.kind)
        self.cells.setdefault(cell, Counter()).update(counted(answers))

    def rows(self) -> list[dict[str, Any]]:
        names = ("team", "month", "area", "place_kind")
        return [{**dict(zip(names, cell, strict=True)), **self.cells[cell]} for cell in sorted(self.cells)]


def counted(answers: VisitAnswers) -> dict[str, int]:
    """Return everything that one visit adds to a count, under plain names such as “language th”."""
    found = {
        "visits": 1,
        f"outcome {answers.outcome}": 1,
        f"interpreter {answers.interpreter or 'not_known'}": 1,
        "present": answers.present,
        "spoken_to": answers.spoken_to,
        "new": answers.new,
        "minutes": answers.minutes or 0,
    }
    for dimension, codes in answers.counts.items():
        found.update({f"{dimension} {code}": number for code, number in codes.items()})
    return {name: number for name, number in found.items() if number}


def true_places(world: World) -> list[dict[str, Any]]:
    """Return how many places there are, by team, area and kind."""
    found = Counter((key, p.area, p.kind) for key, places in world.places.items() for p in places)
    return [{"team": t, "area": a, "place_kind": k, "places": n} for (t, a, k), n in sorted(found.items())]


def true_people(world: World) -> list[dict[str, Any]]:
    """Return how many people work in the places of each team, month by month: the same person once a place."""
    found: Counter[Cell] = Counter()
    for key, places in world.places.items():
        for place in places:
            for month, number in place.working.items():
                found[(key, month, place.area, place.kind)] += number
    names = ("team", "month", "area", "place_kind")
    return [{**dict(zip(names, cell, strict=True)), "working": number} for cell, number in sorted(found.items())]


def different_people(world: World) -> list[dict[str, Any]]:
    """Return how many different people worked in the places of a team in a season; those who moved count once."""
    found = []
    for key, places in world.places.items():
        for season, (first, last) in world.seasons.items():
            months = months_between(first, last)
            people = sum(place.arrived.get(month, 0) for place in places for month in months)
            if people:
                found.append({"team": key, "season": season, "different_people": people})
    return found


def status_by_hand(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return what the status of each initiative of the addendum must say as at June 2017: plain sums of the rows."""
    rows = list(rows)
    found: dict[str, dict[str, int]] = {}
    for number, kinds in KINDS_OF.items():
        total: Counter[str] = Counter()
        for row in rows:
            if row["place_kind"] in kinds and row["month"] <= AS_AT and _delivers(row, number):
                total.update({name: value for name, value in row.items() if isinstance(value, int)})
        found[f"initiative {number}"] = dict(sorted(total.items()))
    return found


def _delivers(row: Mapping[str, Any], number: int) -> bool:
    party = next(party for party in PARTIES if party.key == row["team"])
    return any(
        row["month"] >= delivery.from_month and any(row["area"] in areas_within(area) for area in delivery.areas)
        for delivery in party.deliveries
        if (delivery.plan, delivery.initiative) == (DK_PLAN, number)
    )


def write_truth(folder: Path, world: World, *, in_bulk: Tally, over_openrosa: Tally) -> Path:
    """Write the truth beside the data."""
    bulk = in_bulk.rows()
    truth = {
        "about": "An invented world. Teams are named as in lygte/demo/cast.py; nobody and nothing here is real.",
        "seed": world.seed,
        "today": world.today.isoformat(),
        "visits": world.visits,
        "teams": {party.key: party.name for party in PARTIES if party.team},
        "true": {
            "places": true_places(world),
            "people": true_people(world),
            "different_people": different_people(world),
        },
        "recorded": {"directly": bulk, "over_openrosa": over_openrosa.rows()},
        "status_by_hand": {"plan": DK_PLAN, "as_at": AS_AT, **status_by_hand(bulk)},
    }
    path = folder / TRUTH
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1))
    return path
