"""The true world: which places there are, of what kind and where, and how many people work in each, month by month.

Nobody in it is a person: people exist only as counts. It is the same for the same seed, size and day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lygte.care.outreach.rules import SHORT_CODE_DIGITS, SHORT_CODE_LETTERS

from .cast import Party, Team, parties_with_team
from .words import CODE_WORDS

EARLIER = (date(2016, 7, 1), date(2017, 6, 30))  # the first year of the addendum's outreach, up to its mid-term status
CURRENT_DAYS = 120
MOST_PLACES = 2500
MOVE = 0.4  # of those who come to a place, so many come from another place of the same region

# How many work in a place of each kind, about; what share of them leaves in a month.
WORKING = {"clinic": 2.7, "escort": 1.8, "private": 1.3, "street": 6.0, "hotel": 1.6, "workplace": 9.0, "online": 4.0}
LEAVING = {"clinic": 0.2, "escort": 0.3, "private": 0.1, "street": 0.2, "hotel": 0.6, "workplace": 0.1, "online": 0.4}

# Where those who work in a place come from: groups as the visit form has them, with the languages spoken.
BACKGROUNDS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "southeast_asia": (("th", 0.86), ("vi", 0.06), ("tl", 0.08)),
    "eu_east": (("ro", 0.5), ("hu", 0.14), ("bg", 0.14), ("pl", 0.12), ("lt", 0.1)),
    "latin_america": (("es", 0.72), ("pt", 0.28)),
    "west_africa": (("en", 0.6), ("pcm", 0.4)),
    "eu_other": (("es", 0.5), ("it", 0.2), ("en", 0.3)),
    "europe_other": (("uk", 0.5), ("ru", 0.2), ("sq", 0.3)),
    "asia_other": (("zh", 1.0),),
    "denmark": (("da", 1.0),),
    "netherlands": (("nl", 1.0),),
}
MIXES = {
    ("DK", "clinic"): {"southeast_asia": 56, "eu_east": 18, "denmark": 14, "latin_america": 9, "asia_other": 3},
    ("DK", "street"): {"west_africa": 52, "eu_east": 34, "denmark": 14},
    ("DK", "workplace"): {"eu_east": 66, "europe_other": 20, "asia_other": 14},
    ("DK", "other"): {"eu_east": 38, "latin_america": 26, "denmark": 20, "west_africa": 8, "eu_other": 8},
    ("NL", "clinic"): {"eu_east": 38, "southeast_asia": 18, "netherlands": 22, "asia_other": 14, "latin_america": 8},
    ("NL", "street"): {"eu_east": 58, "netherlands": 30, "latin_america": 12},
    ("NL", "workplace"): {"eu_east": 78, "europe_other": 22},
    ("NL", "other"): {"eu_east": 36, "netherlands": 26, "latin_america": 26, "eu_other": 7, "west_africa": 5},
}


@dataclass(frozen=True, slots=True)
class TruePlace:
    """A place as it is. `working` says how many work there in each month; `arrived` how many were new to the region."""

    party: str
    code_name: str
    short_code: str
    kind: str
    area: str
    source: str
    opened: date
    closed: date | None
    background: str
    mixed: str  # a second background, of about a quarter of the people
    working: Mapping[str, int]
    arrived: Mapping[str, int]

    def languages(self) -> list[str]:
        """Return what is mostly spoken there: what a team would write down about the place."""
        return sorted({BACKGROUNDS[self.background][0][0], BACKGROUNDS[self.mixed][0][0]})


@dataclass(frozen=True)
class World:
    """Everything that is true, and the days on which it was visited."""

    seed: int
    today: date
    visits: int
    places: Mapping[str, tuple[TruePlace, ...]]

    @property
    def seasons(self) -> dict[str, tuple[date, date]]:
        return {"earlier": EARLIER, "current": (self.today - timedelta(days=CURRENT_DAYS - 1), self.today)}

    def open_places(self, party: str, season: str) -> list[TruePlace]:
        """Return the places of a team that are open at some time of a season."""
        first, last = self.seasons[season]
        return [p for p in self.places[party] if p.opened <= last and (p.closed is None or p.closed >= first)]


def make_world(*, visits: int, seed: int, today: date) -> World:
    """Make the world in which so many visits will be made."""
    places = {party.key: _places(party, team, visits, seed, today) for party, team in parties_with_team()}
    return World(seed=seed, today=today, visits=visits, places=places)


def months_between(first: date, last: date) -> list[str]:
    """Return the months from one day to another, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02}" for n in range(count)]


def how_many_places(team: Team, visits: int) -> int:
    """Return the number of places of a team: more in a bigger world, but not in step with the visits."""
    return min(MOST_PLACES, max(3, round(team.most_places * (visits / 200) ** 0.55)))


def _places(party: Party, team: Team, visits: int, seed: int, today: date) -> tuple[TruePlace, ...]:
    rng = Random(f"{seed} places {party.key}")  # noqa: S311
    count = how_many_places(team, visits)
    names, codes = _code_names(rng, party.language, count), _short_codes(rng, count)
    kinds = sorted(team.kinds, key=lambda kind: -team.kinds[kind])
    found = []
    for number in range(count):
        kind = kinds[number] if number < len(kinds) else _pick(rng, team.kinds)  # at least one of each
        area = _pick(rng, team.areas)
        opened, closed = _life(rng, team, today, whole=number < 2)
        mix = MIXES.get((party.country, kind), MIXES[(party.country, "other")])
        working, arrived = _people(rng, kind, opened, closed, today)
        found.append(
            TruePlace(
                party=party.key,
                code_name=names[number],
                short_code=codes[number],
                kind=kind,
                area=area,
                source=_pick(rng, {"ad": 70, "tip": 14, "repeat": 12, "other": 4}),
                opened=opened,
                closed=closed,
                background=_pick(rng, mix),
                mixed=_pick(rng, mix),
                working=working,
                arrived=arrived,
            )
        )
    return tuple(found)


def _pick(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _code_names(rng: Random, language: str, count: int) -> list[str]:
    first, second = CODE_WORDS[language]
    numbers = rng.sample(range(len(first) * len(second)), count)
    return [f"{first[n // len(second)]} {second[n % len(second)]}" for n in numbers]


def _short_codes(rng: Random, count: int) -> list[str]:
    letters, digits = SHORT_CODE_LETTERS, SHORT_CODE_DIGITS
    pairs = [a + b for a in letters for b in digits]
    return [pairs[n // len(pairs)] + pairs[n % len(pairs)] for n in rng.sample(range(len(pairs) ** 2), count)]


def _life(rng: Random, team: Team, today: date, *, whole: bool) -> tuple[date, date | None]:
    """Return when a place opened and closed: the first two were always there, most others in one season."""
    lot = rng.random()
    before = EARLIER[0] - timedelta(days=rng.randrange(30, 700))
    lately = today - timedelta(days=rng.randrange(CURRENT_DAYS + 1, CURRENT_DAYS + 700))
    if not team.earlier:
        return lately, None
    if whole or lot < 0.25:
        return before, None
    if lot < 0.6:
        return before, EARLIER[1] + timedelta(days=rng.randrange(1, 900))
    return lately, None


def _people(
    rng: Random, kind: str, opened: date, closed: date | None, today: date
) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many work there each month of the seasons, and how many of the arrivals were new to the region."""
    working: dict[str, int] = {}
    arrived: dict[str, int] = {}
    for first, last in (EARLIER, (today - timedelta(days=CURRENT_DAYS - 1), today)):
        if opened > last or (closed is not None and closed < first):
            continue
        present = 1 + _poisson(rng, WORKING[kind] - 1)
        new = present
        for month in months_between(first, last):
            working[month], arrived[month] = present, new
            left = sum(rng.random() < LEAVING[kind] for _ in range(present))
            came = _poisson(rng, WORKING[kind] * LEAVING[kind])
            new = sum(rng.random() >= MOVE for _ in range(came))
            present = present - left + came
    return working, arrived


def _poisson(rng: Random, mean: float) -> int:
    """Draw from a Poisson distribution of a small mean."""
    limit, product, count = 2.718281828459045**-mean, rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
