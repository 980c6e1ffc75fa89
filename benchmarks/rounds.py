"""How long the pages of rounds take on a big book: `LYGTE_DATABASE_URL=… python -m benchmarks.rounds 1000000`.

It fills an empty database with one organisation, 2,000 places of one country and so many visits to them, the product's own
way, then asks for each page again and again, signed in, in one process, and prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from .pages import milliseconds

PLACES, DAYS, TIMES, ROUNDS = 2_000, 600, 40, 200


def measure(visits: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from lygte.cli.operate import prepare

    settings.ALLOWED_HOSTS = ["*"]
    prepare()
    start = time.monotonic()
    user = _fill(visits)
    filled = round(time.monotonic() - start, 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(user)
    found: dict[str, Any] = {}
    for name, query in (
        *(("season", ""), ("plan", "?region=DK-83"), ("region", "?region=DK-83"), ("coverage", "?region=DK-83")),
        *(("region", "?region=DK-83&waiting=never"), ("region", "?region=DK-83&kind=clinic&waiting=8")),
        *(("coverage", "?region=DK-83&months=12"), ("controls", "")),
    ):
        seconds = []
        for number in range(TIMES + 3):
            begun = time.perf_counter()
            response = client.get(reverse(f"rounds:{name}") + query)
            if response.status_code != 200:
                raise RuntimeError(f"{name} was answered with {response.status_code}")
            if number >= 3:
                seconds.append(time.perf_counter() - begun)
        found[name + query] = milliseconds(seconds)
    return {"database": connection.vendor, "visits": visits, "places": PLACES, "fill_seconds": filled, "pages": found}


def _fill(visits: int) -> Any:
    from lygte.care.outreach.handover import PLACE_KINDS, bulk_places, bulk_visits
    from lygte.care.rounds.handover import load_round
    from lygte.core.models import Kind, Member, Organisation, Role, User
    from lygte.directory.areas import areas_within

    rng = Random("rounds")  # noqa: S311
    organisation = Organisation.objects.create(name="Bench (invented)", kind=Kind.OUTREACH, country="DK", language="en")
    user = User.objects.create_user("bench@example.org", "four unrelated quiet words", name="Bench (invented)")
    member = Member.objects.create(user=user, organisation=organisation, role=Role.COORDINATOR)
    areas, kinds = sorted(areas_within("DK")), list(PLACE_KINDS)
    today = date.today()
    letters = "abcdefghijklmnopqrst"
    rows = [
        {
            "code_name": f"Heron {''.join(letters[number // 20**place % 20] for place in range(3))}",
            "kind": kinds[number % len(kinds)],
            "area": areas[rng.randrange(len(areas))],
            "created_on": today - timedelta(days=DAYS),
        }
        for number in range(PLACES)
    ]
    places = bulk_places(organisation, rows)
    visited = places[: PLACES * 19 // 20]  # the others were never visited

    def drawn() -> Iterator[dict[str, Any]]:
        for _number in range(visits):
            place = (
                visited[min(int(rng.paretovariate(1.2) * 40), len(visited)) - 1]
                if rng.random() < 0.3
                else rng.choice(visited)
            )
            day = today - timedelta(days=rng.randrange(DAYS))
            yield {"place": place.short_code, "day": day, "outcome": "not_opened", "recorded_by": member}

    bulk_visits(organisation, drawn())
    here = [place for place in places if place.area in areas_within("DK-83")]
    for number in range(ROUNDS):
        chosen = [place.ref for place in rng.sample(here, 8)]
        load_round(
            organisation, region="DK-83", day=today - timedelta(days=number // 3), members=[member], places=chosen,
            state="done" if number > 3 else "planned",
        )  # fmt: skip
    return user


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1])), indent=2))
