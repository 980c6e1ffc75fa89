"""What a visit may say and what a place may be called. Pure: the same answers give the same faults everywhere.

The phone checks the same things first; here they are checked again, for the sender may be old or another program.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from . import codes

LARGEST = {"present": 200, "spoken_to": 200, "new": 200, "refused": 200, "minutes": 720, "team_size": 20}
LARGEST_COUNT = {"health_item": 5000, "leaflet": 5000}
PREFIXES = {
    "gender": "gender_",
    "nationality_group": "nationality_",
    "language": "language_",
    "health_item": "health_",
    "leaflet": "leaflet_",
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the answers: the problem's number, the question it is about, the details named in it."""

    number: str
    question: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class VisitAnswers:
    """The answers of one visit, checked and typed. `place` is still the short code."""

    place: str
    day: date
    outcome: str
    part_of_day: str = ""
    minutes: int | None = None
    team_size: int | None = None
    announced: bool | None = None
    interpreter: str = ""
    present: int = 0
    spoken_to: int = 0
    new: int = 0
    refused: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def flatten(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the innermost answers by question, without their groups; the questions of the visit form are unique."""
    flat: dict[str, str] = {}
    for name, value in answers.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value))
        elif isinstance(value, (list, tuple)):
            flat[name] = " ".join(str(item) for item in value)
        elif value is not None:
            flat[name] = str(value).strip()
    return flat


class _Reader:
    """Reads answers one by one and keeps the faults it meets."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.faults: list[Fault] = []

    def fault(self, number: str, question: str, **details: Any) -> None:
        self.faults.append(Fault(number, question, details))

    def code(self, question: str, allowed: codes.Labels, *, required: bool = False) -> str:
        value = self.answers.get(question, "")
        if value == codes.NOT_KNOWN:
            value = ""
        if value and value not in allowed:
            self.fault("422.206", question)
            return ""
        if not value and required:
            self.fault("422.214", question)
        return value

    def number(self, question: str, largest: int, smallest: int = 0) -> int | None:
        value = self.answers.get(question, "")
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", value) or not smallest <= int(value) <= largest:
            self.fault("422.205", question, low=smallest, high=largest)
            return None
        return int(value)

    def day(self, today: date, oldest_days: int) -> date | None:
        try:
            day = date.fromisoformat(self.answers.get("day", ""))
        except ValueError:
            self.fault("422.202", "day")
            return None
        if day > today:
            self.fault("422.203", "day", day=day.isoformat())
        elif day < today - timedelta(days=oldest_days):
            self.fault("422.204", "day", day=day.isoformat(), days=oldest_days)
        return day

    def counts(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for dimension, allowed in codes.COUNTED.items():
            largest = LARGEST_COUNT.get(dimension, LARGEST["spoken_to"])
            for code in allowed:
                if number := self.number(PREFIXES[dimension] + code, largest):
                    found.setdefault(dimension, {})[code] = number
        return found


def read_answers(
    answers: Mapping[str, str], *, today: date, oldest_days: int
) -> tuple[VisitAnswers | None, list[Fault]]:
    """Check flat answers; return them typed, or None and everything that is wrong with them."""
    reader = _Reader(answers)
    place = answers.get("place", "").upper()
    if not place:
        reader.fault("422.214", "place")
    day = reader.day(today, oldest_days)
    outcome = reader.code("outcome", codes.OUTCOMES, required=True)
    announced = reader.code("announced", codes.YES_NO)
    read = VisitAnswers(
        place=place,
        day=day or today,
        outcome=outcome,
        part_of_day=reader.code("part_of_day", codes.PARTS_OF_DAY),
        minutes=reader.number("minutes", LARGEST["minutes"]),
        team_size=reader.number("team_size", LARGEST["team_size"], smallest=1),
        announced={"yes": True, "no": False}.get(announced),
        interpreter=reader.code("interpreter", codes.INTERPRETERS),
        **{name: reader.number(name, LARGEST[name]) or 0 for name in ("present", "spoken_to", "new", "refused")},
        counts=reader.counts(),
    )
    if not reader.faults:
        reader.faults.extend(faults_of(read))
    return (None if reader.faults else read), reader.faults


def faults_of(visit: VisitAnswers) -> Iterator[Fault]:
    """Find what does not agree inside one visit."""
    if visit.outcome == "spoke":
        yield from _faults_of_people(visit)
    else:
        yield from _faults_of_nobody(visit)


def _faults_of_people(visit: VisitAnswers) -> Iterator[Fault]:
    spoken_to = visit.spoken_to
    if not spoken_to:
        yield Fault("422.213", "spoken_to")
        return
    if spoken_to > visit.present:
        yield Fault("422.207", "spoken_to", {"spoken_to": spoken_to, "present": visit.present})
    if visit.new > spoken_to:
        yield Fault("422.208", "new", {"new": visit.new, "spoken_to": spoken_to})
    for dimension in ("gender", "nationality_group"):
        total = sum(visit.counts.get(dimension, {}).values())
        if total > spoken_to:
            yield Fault("422.209", dimension, {"total": total, "spoken_to": spoken_to})
    for code, count in visit.counts.get("language", {}).items():
        if count > spoken_to:
            yield Fault("422.210", f"language_{code}", {"count": count, "spoken_to": spoken_to})
    health = visit.counts.get("health_item", {})
    offered, taken = health.get("sti_offered", 0), health.get("sti_taken", 0)
    if taken > offered:
        yield Fault("422.211", "health_sti_taken", {"taken": taken, "offered": offered})


def _faults_of_nobody(visit: VisitAnswers) -> Iterator[Fault]:
    """Who met nobody can count nobody."""
    for name in ("present", "spoken_to", "new"):
        if getattr(visit, name):
            yield Fault("422.212", name)
    for dimension in visit.counts:
        yield Fault("422.212", dimension)


# Places ---------------------------------------------------------------------------------------------------------------
# Not 0, O, 1, I, L: a short code is read aloud in a car and typed with one thumb.
SHORT_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
SHORT_CODE_DIGITS = "23456789"

_STREET = re.compile(
    r"(vej|gade|stræde|allé|boulevard|plads|torv|straat|weg|laan|plein|gracht|kade|singel|dijk|street|road|avenue)\b",
    re.IGNORECASE,
)


def code_name_is_safe(name: str) -> bool:
    """Tell whether a code name is one to three plain words: no number, no contact, no word that ends like a street."""
    words = name.split()
    plain = all(re.fullmatch(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", word) for word in words)
    return 1 <= len(words) <= 3 and plain and 3 <= len(name) <= 40 and not _STREET.search(name)


def make_short_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a random short code such as K7Q2: letter, digit, letter, digit, so that it never spells a word."""
    return "".join(choose(part) for part in (SHORT_CODE_LETTERS, SHORT_CODE_DIGITS) * 2)
