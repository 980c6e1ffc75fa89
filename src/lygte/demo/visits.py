"""The visits that teams made to the true places: what they met, and what they wrote down of it.

They are drawn in the order of the days, one by one, so that a million of them need no more memory than a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from lygte.care.outreach.rules import VisitAnswers

from .cast import Party, Team, parties_with_team
from .world import BACKGROUNDS, TruePlace, World

EARLIER_SHARE = 0.6
OVER_OPENROSA = {"road": 7, "islands": 4, "night": 3, "round": 3, "harbour": 3}  # kept for sending, of the newest
MONTHS = (1.0, 1.0, 1.1, 1.05, 1.1, 1.0, 0.5, 0.9, 1.1, 1.1, 1.1, 0.7)  # fewer visits in July and December

# (nobody opened, did not want a visit), by kind of place
CLOSED = {
    "clinic": (0.15, 0.1), "private": (0.27, 0.15), "escort": (0.25, 0.13), "street": (0.03, 0.04),
    "hotel": (0.3, 0.1), "workplace": (0.08, 0.17), "online": (0.34, 0.12),
}  # fmt: skip
WOMEN, MEN = (("woman", 0.9), ("trans", 0.96), ("man", 0.995), ("other", 1.0)), (("man", 0.68), ("woman", 1.0))


@dataclass(frozen=True, slots=True)
class DrawnVisit:
    """One visit, with who made it (a number in the team) and where."""

    party: str
    place: TruePlace
    worker: int
    answers: VisitAnswers


def share_out(visits: int) -> dict[tuple[str, str], int]:
    """Return how many visits each team makes in each season; they add up exactly."""
    weights: dict[tuple[str, str], float] = {}
    for party, team in parties_with_team():
        if team.earlier:
            weights[(party.key, "earlier")] = team.earlier * EARLIER_SHARE
        weights[(party.key, "current")] = team.current * (1 - EARLIER_SHARE)
    whole = sum(weights.values())
    exact = {key: visits * weight / whole for key, weight in weights.items()}
    counts = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: (counts[key] - exact[key], key))
    for key in rest[: visits - sum(counts.values())]:
        counts[key] += 1
    return counts


def kept_for_sending(party: str, current: int) -> int:
    """Return how many of a team's newest visits go in over OpenRosa instead of directly."""
    return min(OVER_OPENROSA.get(party, 0), current // 2)


def visits_of(world: World, party: Party, team: Team, season: str, count: int) -> Iterator[DrawnVisit]:
    """Draw the visits of one team in one season, oldest first."""
    rng = Random(f"{world.seed} visits {party.key} {season}")  # noqa: S311
    first, last = world.seasons[season]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weights = [team.weekdays[day.weekday()] * MONTHS[day.month - 1] for day in days]
    order = _places_in_turn(rng, world.open_places(party.key, season))
    seen: set[str] = set()
    for number in sorted(rng.choices(range(len(days)), weights, k=count)):
        day = days[number]
        place = next(p for p in order if p.opened <= day and (p.closed is None or day <= p.closed))
        answers = _draw(rng, team, place, day, first_time=place.short_code not in seen)
        if answers.spoken_to:
            seen.add(place.short_code)
        yield DrawnVisit(party.key, place, rng.randrange(len(team.workers)), answers)


def _places_in_turn(rng: Random, places: list[TruePlace]) -> Iterator[TruePlace]:
    """Go round the places again and again, each time in another order; now and then go back to one just visited."""
    while True:
        rng.shuffle(places)
        for place in places:
            yield place
            if rng.random() < 0.1:
                yield place


def _some(rng: Random, count: int, chance: float) -> int:
    return sum(rng.random() < chance for _ in range(count))


def _draw(rng: Random, team: Team, place: TruePlace, day: date, *, first_time: bool) -> VisitAnswers:
    working = place.working.get(_month(day), 0)
    late = rng.random() < team.evenings
    part = rng.choice(("evening", "evening", "night")) if late else rng.choice(("morning", "afternoon", "afternoon"))
    shut, unwanted = CLOSED[place.kind]
    lot = rng.random()
    size = 2 if rng.random() < 0.6 else 1
    if not working or lot < shut:
        return VisitAnswers(
            place=place.short_code, day=day, outcome="not_opened", part_of_day=part, team_size=size,
            minutes=rng.choice((None, 5, 5, 10)),
        )  # fmt: skip
    if lot < shut + unwanted:
        return VisitAnswers(
            place=place.short_code, day=day, outcome="refused", part_of_day=part, team_size=size,
            minutes=rng.choice((5, 10)), refused=rng.choice((1, 1, 1, 2)),
        )  # fmt: skip
    present = max(1, _some(rng, working, 0.75))
    spoken_to = 1 + _some(rng, present - 1, 0.45)
    counts, foreign = _counts(rng, team, place, spoken_to)
    return VisitAnswers(
        place=place.short_code,
        day=day,
        outcome="spoke",
        part_of_day="" if rng.random() < 0.03 else part,
        minutes=5 * rng.randrange(3, 7) + 5 * spoken_to,
        team_size=size,
        announced=rng.random() < 0.15 if rng.random() < 0.9 else None,
        interpreter=_interpreter(rng, team, foreign),
        present=present,
        spoken_to=spoken_to,
        new=_some(rng, spoken_to, 0.8 if first_time else 0.2),
        refused=_some(rng, present - spoken_to, 0.2),
        counts=counts,
    )


@lru_cache(maxsize=4096)
def _month(day: date) -> str:
    return day.strftime("%Y-%m")


def _interpreter(rng: Random, team: Team, foreign: bool) -> str:
    lot = rng.random()
    if lot > 0.97:
        return ""  # not written down
    if not foreign or lot > team.interpreter * 1.25:
        return "none"
    return "phone" if rng.random() < 0.85 else "present"


def _of(rng: Random, cumulated: tuple[tuple[str, float], ...]) -> str:
    lot = rng.random()
    for code, up_to in cumulated:
        if lot < up_to:
            return code
    return cumulated[-1][0]


def _language(rng: Random, background: str) -> str:
    lot = rng.random()
    for code, share in BACKGROUNDS[background]:
        lot -= share
        if lot < 0:
            return code
    return BACKGROUNDS[background][0][0]


def _counts(rng: Random, team: Team, place: TruePlace, people: int) -> tuple[dict[str, dict[str, int]], bool]:
    """Return the counts of those spoken to, and whether somebody speaks none of the team's languages."""
    gender: Counter[str] = Counter()
    group: Counter[str] = Counter()
    language: Counter[str] = Counter()
    health: Counter[str] = Counter()
    leaflet: Counter[str] = Counter()
    chance, foreign = rng.random, False
    for _person in range(people):
        background = place.mixed if chance() < 0.25 else place.background
        speaks = _language(rng, background)
        if chance() < 0.97:
            gender[_of(rng, MEN if place.kind == "workplace" else WOMEN)] += 1
        if chance() < 0.86:
            group[background] += 1
        language[speaks] += 1
        if speaks not in ("en", "da", "nl"):
            foreign = foreign or chance() < 0.8
            if chance() < 0.25:
                language["en"] += 1
        if chance() < 0.55:
            leaflet[speaks] += 1
        if chance() < team.health:
            _offer(rng, health, met=place.kind not in ("online", "workplace"))
    counts = {"gender": gender, "nationality_group": group, "language": language, "health_item": health}
    return {name: dict(c) for name, c in {**counts, "leaflet": leaflet}.items() if c}, foreign


def _offer(rng: Random, health: Counter[str], *, met: bool) -> None:
    """Offer something of health to one person; online and at other workplaces that is at most a referral."""
    chance = rng.random
    if met:
        health["condoms"] += rng.choice((6, 10, 12, 20))
        if chance() < 0.5:
            health["sti_offered"] += 1
            if chance() < 0.55:
                health["sti_taken"] += 1
        for item, share in (("vaccination", 0.07), ("pregnancy_test", 0.06), ("wound_care", 0.03)):
            if chance() < share:
                health[item] += 1
    if chance() < 0.1:
        health["referral"] += 1
