"""Who is in the invented world: organisations, the people who sign in, and how each team works.

Every name carries the mark "(invented)": it is how a demo is told from an installation that somebody relies on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MARK = " (invented)"
PASSWORD = "lantern-by-the-road"  # noqa: S105 (the one password of all demo accounts, printed at the start)


@dataclass(frozen=True)
class Delivery:
    """Which initiative of which plan an organisation delivers, and where."""

    plan: str
    initiative: int
    areas: tuple[str, ...]
    from_month: str


@dataclass(frozen=True)
class Team:
    """How a field organisation works: where, in what kinds of places, how often, and what it meets."""

    earlier: float  # share of the visits of the season of the addendum
    current: float  # share of the visits of the season up to today
    most_places: int  # at 200 visits and up; grows with the world
    areas: Mapping[str, float]
    kinds: Mapping[str, float]
    weekdays: tuple[float, ...]  # Monday first
    evenings: float
    interpreter: float
    health: float  # how often something of health is offered to one who was spoken to
    workers: tuple[str, ...]


@dataclass(frozen=True)
class Party:
    """One organisation of the cast."""

    key: str
    plain_name: str
    kind: str
    country: str
    language: str
    team: Team | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def name(self) -> str:
        return self.plain_name + MARK


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in to look around."""

    login: str
    plain_name: str
    party: str
    role: str
    sees: str
    shown: bool = field(default=True)

    @property
    def email(self) -> str:
        return f"{self.login}@example.org"

    @property
    def name(self) -> str:
        return self.plain_name + MARK


AS_AT = "2017-06"  # the month of the addendum's mid-term status
DK_PLAN, NL_PLAN = "dk-addendum-2015-2018", "nl-invented-2026"

ROAD = Team(
    earlier=0.45,
    current=0.28,
    most_places=16,
    areas={
        "DK-607": 14,
        "DK-621": 13,
        "DK-630": 12,
        "DK-461": 17,
        "DK-561": 12,
        "DK-540": 7,
        "DK-510": 6,
        "DK-580": 5,
        "DK-479": 5,
        "DK-410": 3,
        "DK-575": 2,
        "DK-573": 2,
        "DK-550": 1,
        "DK-450": 1,
    },
    kinds={"clinic": 80, "private": 9, "escort": 8, "hotel": 3},
    weekdays=(1.0, 1.2, 1.2, 1.1, 0.7, 0.1, 0.05),
    evenings=0.35,
    interpreter=0.36,
    health=0.45,
    workers=("Amina", "Else", "Jonas"),
)
ISLANDS = Team(
    earlier=0.25,
    current=0.17,
    most_places=11,
    areas={
        "DK-370": 14,
        "DK-330": 13,
        "DK-265": 12,
        "DK-259": 9,
        "DK-316": 9,
        "DK-376": 7,
        "DK-390": 5,
        "DK-329": 5,
        "DK-253": 5,
        "DK-326": 3,
        "DK-320": 2,
    },
    kinds={"clinic": 86, "private": 8, "escort": 6},
    weekdays=(0.9, 1.1, 1.2, 1.2, 0.8, 0.2, 0.1),
    evenings=0.3,
    interpreter=0.42,
    health=0.55,
    workers=("Britta", "Kasper"),
)
NIGHT = Team(
    earlier=0.18,
    current=0.12,
    most_places=8,
    areas={"DK-101": 60, "DK-147": 14, "DK-159": 5, "DK-167": 6, "DK-217": 5, "DK-219": 4, "DK-151": 6},
    kinds={"escort": 34, "private": 30, "street": 18, "hotel": 10, "online": 8},
    weekdays=(0.6, 0.8, 1.0, 1.2, 1.5, 1.2, 0.5),
    evenings=0.8,
    interpreter=0.3,
    health=0.35,
    workers=("Cecilie", "Omar"),
)
ROUND = Team(
    earlier=0.12,
    current=0.11,
    most_places=8,
    areas={
        "DK-751": 26,
        "DK-851": 22,
        "DK-730": 9,
        "DK-791": 8,
        "DK-657": 8,
        "DK-615": 9,
        "DK-740": 7,
        "DK-860": 5,
        "DK-813": 6,
    },
    kinds={"clinic": 74, "workplace": 20, "private": 6},
    weekdays=(1.0, 1.2, 1.2, 1.0, 0.4, 0.0, 0.0),
    evenings=0.2,
    interpreter=0.4,
    health=0.85,
    workers=("Dagny", "Peter"),
)
HARBOUR = Team(
    earlier=0.0,
    current=0.18,
    most_places=9,
    areas={"NL-GM0518": 86, "NL-GM0503": 8, "NL-GM0637": 6},
    kinds={"private": 28, "clinic": 24, "escort": 14, "street": 12, "online": 16, "hotel": 6},
    weekdays=(0.8, 1.0, 1.1, 1.2, 1.2, 0.5, 0.2),
    evenings=0.7,
    interpreter=0.33,
    health=0.4,
    workers=("Fenna", "Milan"),
)
CANALS = Team(
    earlier=0.0,
    current=0.14,
    most_places=8,
    areas={"NL-GM0363": 84, "NL-GM0392": 9, "NL-GM0479": 7},
    kinds={"clinic": 26, "private": 26, "escort": 20, "hotel": 12, "online": 12, "workplace": 4},
    weekdays=(0.7, 0.9, 1.1, 1.2, 1.2, 0.6, 0.3),
    evenings=0.65,
    interpreter=0.28,
    health=0.5,
    workers=("Iris", "Ruben"),
)

PARTIES: tuple[Party, ...] = (
    Party(
        "road", "Vejlygten", "outreach", "DK", "da", ROAD,
        (Delivery(DK_PLAN, 3, ("DK-83",), "2016-01"), Delivery(DK_PLAN, 1, ("DK-83",), "2016-01")),
    ),
    Party("islands", "Havnelygten", "outreach", "DK", "da", ISLANDS, (Delivery(DK_PLAN, 3, ("DK-85",), "2016-07"),)),
    Party("night", "Natholdet", "outreach", "DK", "da", NIGHT, (Delivery(DK_PLAN, 1, ("DK-84",), "2016-01"),)),
    Party("round", "Sundhedsrunden", "health", "DK", "da", ROUND, (Delivery(DK_PLAN, 2, ("DK-81", "DK-82"), "2016-09"),)),
    Party(
        "harbour", "De Havenploeg", "outreach", "NL", "nl", HARBOUR,
        (Delivery(NL_PLAN, 1, ("NL-GM0518",), "2026-01"), Delivery(NL_PLAN, 2, ("NL-GM0518",), "2026-03")),
    ),
    Party("canals", "Grachtenlicht", "outreach", "NL", "nl", CANALS, (Delivery(NL_PLAN, 1, ("NL-GM0363",), "2026-01"),)),
    Party("law", "Rechtswinkel De Lantaarn", "legal", "NL", "nl"),
    Party("voice", "Egen Stemme", "self_organisation", "DK", "da"),
    Party("authority", "Myndighedsgruppen", "authority", "DK", "da"),
    Party("funder", "Puljekontoret", "funder", "DK", "da"),
    Party("city", "Gemeente Lantaarnstad", "funder", "NL", "nl"),
    Party("institute", "Vidensinstituttet", "knowledge", "DK", "da"),
)  # fmt: skip
# Put in last: a world without its host was interrupted while it was made.
HOST = Party("host", "Lygtens Vært", "host", "DK", "en")

ACCOUNTS: tuple[Account, ...] = (
    Account("worker", "Amina", "road", "worker", "the places and visits of her team"),
    Account("coordinator", "Bogdan", "road", "coordinator", "these, and forms, phones, colleagues, the log"),
    Account("officer", "Dorte", "funder", "programme_officer", "the Danish plan, its figures and reports"),
    Account("contact", "Emil", "authority", "contact", "issued reports and follow-up; never a place"),
    Account("researcher", "Freja", "institute", "researcher", "plans, definitions, issued reports"),
    Account("organiser", "Gitte", "voice", "organiser", "plans, definitions, issued reports"),
    Account("adviser", "Hugo", "law", "adviser", "the Dutch plan and issued reports"),
    Account("coordinator.law", "Willemijn", "law", "coordinator", "these, and colleagues, keys, the log"),
    Account("nurse", "Dagny", "round", "worker", "the places and visits of the health round"),
    Account(
        "coordinator.health", "Vera", "round", "coordinator", "these, and forms, phones, colleagues, keys, the log"
    ),
    Account("worker.nl", "Fenna", "harbour", "worker", "the places and visits of a team in The Hague"),
    Account("coordinator.nl", "Chika", "harbour", "coordinator", "these, and forms, phones, colleagues, the log"),
    Account("officer.nl", "Sanne", "city", "programme_officer", "the Dutch plan, with targets"),
    Account("host", "Henk", "host", "host", "the organisations; nothing they recorded"),
)


def parties_with_team() -> list[tuple[Party, Team]]:
    """Return the organisations that go out, each with how it works."""
    return [(party, party.team) for party in PARTIES if party.team]


def account(login: str) -> Account:
    return next(one for one in ACCOUNTS if one.login == login)
