"""How long the funnel and the list of batches take among many batches: `python -m benchmarks.netreach 100000`.

It fills the empty database of LYGTE_DATABASE_URL (or of LYGTE_DATA_DIR) with batches of six organisations over two years,
then asks for the pages as a signed-in worker would, through the whole of Django but the network, and prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lygte.site.settings")
TEAMS, DAYS, TIMES = 6, 730, 60
LANGUAGES = ("da", "en", "nl", "ro", "th", "es")
AREAS = ("DK-461", "DK-561", "DK-607", "DK-621", "DK-630", "DK-540", "DK-510", "DK-580")


def main(count: int) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.utils import timezone
    from django_scopes import scopes_disabled

    from lygte.care.netreach.handover import bulk_batches, bulk_message
    from lygte.care.netreach.models import Batch
    from lygte.cli.operate import prepare
    from lygte.core.models import Member, Organisation, User
    from lygte.demo.netreach import TEXTS, _after, _to_persons
    from lygte.facts.models import Total

    prepare()
    dice, today = random.Random(2026), timezone.localdate()  # noqa: S311

    def rows(own: random.Random, member: Member, many: int) -> Iterator[dict[str, Any]]:
        """A team writes in its own few municipalities and languages, and by some channels more than by others."""
        areas, languages = own.sample(AREAS, 5), own.sample(LANGUAGES, 4)
        kinds = [_to_persons(own) for _one in range(500)]  # drawing each one would take longer than storing it
        open_kinds = [{"sent": 1} | _after(own, own.randint(0, 6), 30) for _one in range(100)]
        for _one in range(many):
            channel = own.choices(("sms", "messenger", "platform", "mail", "forum", "own_ad"), (30, 30, 20, 8, 8, 4))[0]
            everybody = channel in ("forum", "own_ad")
            yield {
                "channel": channel,
                "method": "presence" if everybody else own.choice(("introduction", "health", "rights", "reminder")),
                "language": own.choice(languages),
                "area": own.choice(areas),
                "day": today - timedelta(days=own.randrange(DAYS)),
                "recorded_by": member,
                **own.choice(open_kinds if everybody else kinds),
            }

    began = time.monotonic()
    with scopes_disabled():
        for number in range(TEAMS):
            organisation = Organisation.objects.create(
                name=f"Team {number} (invented)", kind="outreach", country="DK", language="da"
            )
            user = User.objects.create_user(f"worker{number}@example.org", None, name=f"Worker {number} (invented)")
            member = Member.objects.create(user=user, organisation=organisation, role="worker")
            message = bulk_message(organisation, "Introduction", TEXTS, dict.fromkeys(TEXTS, "STOP"))
            bulk_batches(organisation, message, rows(random.Random(dice.random()), member, count // TEAMS))  # noqa: S311
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filled = time.monotonic() - began
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    with scopes_disabled():
        last = Batch.objects.filter(organisation=organisation, channel="sms").order_by("-day", "-id")[50].ref
    pages = {
        "funnel, six months": "/netreach/reach/",
        "funnel, five years": "/netreach/reach/?months=60",
        "funnel, five years, one channel and language": "/netreach/reach/?months=60&channel=sms&language=en",
        "funnel, five years, a region": "/netreach/reach/?months=60&area=DK-83",
        "batches": "/netreach/",
        "batches, by channel": "/netreach/?channel=sms",
        "batches, by channel, next page": f"/netreach/?channel=sms&after={last}",
        "batches, that wait": "/netreach/?waiting=on",
        "batches, by a method": "/netreach/?method=rights",
    }
    found = {name: _measure(client, path) for name, path in pages.items()}
    print(json.dumps({"database": connection.display_name, "batches": count, "totals": Total.objects.count(),
                      "fill_s": round(filled, 1), "pages": found}, indent=1))  # fmt: skip


def _measure(client: Any, path: str) -> dict[str, float]:
    from .pages import milliseconds

    seconds = []
    for number in range(TIMES + 3):
        start = time.perf_counter()
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}")
        if number >= 3:
            seconds.append(time.perf_counter() - start)
    return milliseconds(seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
