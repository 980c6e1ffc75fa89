"""Online outreach of the invented world: a message in three languages, and batches as counts. No number of anybody, invented or not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from lygte.care.netreach.handover import bulk_batches, bulk_message
from lygte.care.netreach.rules import short_name
from lygte.core.models import Member

from .cast import Party, Team, parties_with_team

SEASON = 120  # days up to today, as for visits
TITLES = {"da": "Præsentation og tilbud", "nl": "Kennismaking en aanbod"}
TEXTS = {
    "da": "{name} skriver til dig.\nGratis test og råd om rettigheder, uden navn. Svar STOP, så skriver vi ikke igen.",
    "nl": "{name} schrijft je.\nGratis testen en advies over rechten, zonder naam. Antwoord STOP en we schrijven niet meer.",
    "en": "{name} writes to you.\nFree tests and advice on rights, without a name. Answer STOP and we will not write again.",
}
CHANNELS = {"sms": 5, "messenger": 4, "platform": 3, "forum": 1}
METHODS = {"introduction": 4, "health": 3, "rights": 2, "reminder": 1}


def fill_netreach(members: Mapping[str, list[Member]], *, visits: int, seed: int, today: date) -> dict[str, int]:
    """Give each team a message and some batches; return how many by team."""
    stored = {}
    for party, team in parties_with_team():
        organisation = members[party.key][0].organisation
        texts = {code: text.format(name=short_name(organisation.name)) for code, text in TEXTS.items()}
        message = bulk_message(organisation, TITLES[party.language], texts, dict.fromkeys(texts, "STOP"))
        count = max(20, round(visits * team.current / 12))
        rows = _rows(random.Random(f"{seed}|netreach|{party.key}"), party, team, members[party.key], count, today)  # noqa: S311
        stored[party.key] = bulk_batches(organisation, message, rows)
    return stored


def _rows(
    dice: random.Random, party: Party, team: Team, members: list[Member], count: int, today: date
) -> Iterator[dict[str, Any]]:
    workers = [one for one in members if one.role == "worker"] or members
    for _number in range(count):
        channel = _one_of(dice, CHANNELS)
        yield {
            "channel": channel,
            "method": "presence" if channel == "forum" else _one_of(dice, METHODS),
            "language": dice.choice([party.language, "en", "en"]),
            "area": _one_of(dice, team.areas),
            "day": today - timedelta(days=dice.randrange(3, SEASON)),
            "recorded_by": dice.choice(workers),
            **(_to_everybody(dice) if channel == "forum" else _to_persons(dice)),
        }


def _one_of(dice: random.Random, weighted: Mapping[str, float]) -> str:
    return dice.choices(list(weighted), weights=list(weighted.values()))[0]


def _some(dice: random.Random, among: int, share: float) -> int:
    return sum(dice.random() < share for _one in range(among))


def _to_persons(dice: random.Random) -> dict[str, int]:
    """Draw what came of messages to persons; about one in seven answers, as surveys among advertisers found."""
    cleared = dice.randint(8, 40)
    sent = cleared - _some(dice, cleared, 0.05)
    delivered = _some(dice, sent, 0.88)
    answered = _some(dice, delivered, 0.16)
    return {"cleared": cleared, "withheld": _some(dice, cleared, 0.1), "sent": sent, "delivered": delivered} | _after(
        dice, answered, delivered
    )


def _to_everybody(dice: random.Random) -> dict[str, int]:
    return {"sent": 1} | _after(dice, dice.randint(0, 6), 30)


def _after(dice: random.Random, answered: int, reached: int) -> dict[str, int]:
    conversations = _some(dice, answered, 0.5)
    return {
        "answered": answered,
        "conversations": conversations,
        "meetings": _some(dice, conversations, 0.25),
        "referrals": _some(dice, conversations, 0.3),
        "opted_out": _some(dice, answered, 0.2),
        "hostile": _some(dice, answered, 0.08),
        "noticed": _some(dice, reached, 0.004),
        "wrong_reader": _some(dice, reached, 0.008),
        "complaints": _some(dice, reached, 0.01),
        "distress": _some(dice, 1, 0.05),
    }
