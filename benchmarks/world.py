"""Makes the world that is measured, in a process of its own: `python -m benchmarks.world 1000000`.

It prints one JSON object a line: how many visits are in, and at last what the measuring needs to know.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any


def say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def make(visits: int) -> None:
    """Migrate and fill an empty database, then tell which pages and which phone to use."""
    import django

    django.setup()
    from django.conf import settings

    from lygte.cli.operate import prepare
    from lygte.demo import sending
    from lygte.demo.seed import seed

    start = time.monotonic()
    prepare()
    prepared = time.monotonic()
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        say(visits=done)

    seed(visits=visits, advance=advance)
    filled = time.monotonic()
    open_cases()
    opened = time.monotonic()
    letters = [letter.xml for letter in sending.waiting_letters(settings.DATA_DIR) if letter.team == "road"]
    say(
        seconds={
            "migrate": round(prepared - start, 2),
            "fill": round(filled - prepared, 2),
            "cases": round(opened - filled, 2),
        },
        pages=pages(),
        letters=letters[:-2],  # the last two name a place that nobody knows
        phone=phone(),
        database=version(),
        size=size(),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


CASES = 10_000


def open_cases() -> None:
    """Put in many cases of the worker and the coordinator who look at the measured pages."""
    from django.db import connection

    from lygte.core.models import Member
    from lygte.demo.cast import account

    from .cases import open_many

    members = Member.objects.select_related("organisation")
    worker, colleague = (members.get(user__email=account(login).email) for login in ("worker", "coordinator"))
    open_many(worker, colleague, CASES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages() -> dict[str, tuple[str, str]]:
    """Return the measured pages: who asks (nobody: empty), and the address."""
    from django.db.models import Count
    from django.urls import reverse
    from django_scopes import scopes_disabled

    from lygte.care.outreach.models import Place
    from lygte.demo.cast import AS_AT, DK_PLAN, PARTIES
    from lygte.knowledge.programme.models import StatusReport

    with scopes_disabled():
        places = Place.objects.filter(organisation__name=PARTIES[0].name, state="active")
        busiest = places.annotate(n=Count("visits")).order_by("-n").first()
        report = StatusReport.objects.get(initiative__plan__key=DK_PLAN, initiative__number=3, as_at=AS_AT)
    assert busiest
    place_list, visit_list = reverse("outreach:place_list"), reverse("outreach:visit_list")
    return {
        "front page": ("", "/"),
        "today": ("worker", reverse("site:today")),
        "places": ("worker", place_list),
        "places, longest unvisited first": ("worker", f"{place_list}?order=visit"),
        "places, not visited for 30 days": ("worker", f"{place_list}?unvisited=30"),
        "a place": ("worker", reverse("outreach:place", args=[busiest.ref])),
        "visits": ("worker", visit_list),
        "visits, filtered by kind": ("worker", f"{visit_list}?kind=clinic"),
        "visits, filtered by area and outcome": ("worker", f"{visit_list}?area=DK-461&outcome=refused"),
        "visits, filtered by a month long ago": ("worker", f"{visit_list}?since=2016-11-01&until=2016-11-30"),
        "visits, recorded by me": ("worker", f"{visit_list}?mine=on"),
        "rounds, this season": ("worker", reverse("rounds:season")),
        "places of a region, never visited": ("worker", reverse("rounds:region") + "?waiting=never"),
        "plan a round": ("worker", reverse("rounds:plan")),
        "coverage": ("worker", reverse("rounds:coverage") + "?months=12"),
        "cases, 10,000 of them": ("worker", reverse("cases:case_list")),
        "cases, all of the organisation": ("coordinator", f"{reverse('cases:case_list')}?all=on"),
        "cases, what is late": ("coordinator", f"{reverse('cases:case_list')}?all=on&due=overdue"),
        "cases, found by a name": ("worker", f"{reverse('cases:case_list')}?q=Mali+Suk"),
        "a case": ("worker", reverse("cases:case", args=[some_case()])),
        "my day": ("worker", reverse("cases:my_day")),
        "initiative, computed live": ("officer", reverse("programme:initiative", args=[report.initiative.ref])),
        "status report": ("officer", reverse("programme:report", args=[report.ref])),
        "status report, PDF": ("officer", reverse("programme:report_paper", args=[report.ref, "en"])),
    }


def some_case() -> str:
    """Return the reference of a case of the worker's."""
    from django_scopes import scopes_disabled

    from lygte.care.support.cases.models import Case
    from lygte.demo.cast import account

    with scopes_disabled():
        mine = Case.objects.filter(opened_by__user__email=account("worker").email).order_by("-pk")
        return str(mine.values_list("ref", flat=True)[0])


def phone() -> dict[str, str]:
    """Publish a form with a photo, add a phone for a worker, and return the ways in which it logs in."""
    from django_scopes import scope, scopes_disabled

    from lygte.care.intake.actions import add_device, publish_form
    from lygte.care.intake.openrosa import base_address
    from lygte.core.models import Member
    from lygte.demo.cast import account

    from .submissions import PHOTO_FORM

    with scopes_disabled():
        members = Member.objects.select_related("organisation")
        worker, coordinator = (members.get(user__email=account(who).email) for who in ("worker", "coordinator"))
    with scope(organisation=worker.organisation):
        publish_form(member=coordinator, workbook=PHOTO_FORM.encode(), filename="photo.md")
        new = add_device(member=worker, label="Measuring (invented)")
    return {
        "token_path": base_address("", new.token),
        "login_path": base_address(""),
        "username": new.username,
        "password": new.password,
    }


def version() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        return f"{connection.display_name} {cursor.fetchone()[0].split()[0]}"


def size() -> int:
    """Return the bytes of the database."""
    from pathlib import Path

    from django.db import connection

    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return sum(path.with_name(path.name + tail).stat().st_size for tail in ("", "-wal") if _there(path, tail))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _there(path: Any, tail: str) -> bool:
    return bool(path.with_name(path.name + tail).exists())


def count() -> None:
    """Tell how many visits there are and how many facts they gave, to see that what was sent was stored once."""
    import django

    django.setup()
    from django_scopes import scopes_disabled

    from lygte.care.intake.models import SealedSubmission, Submission
    from lygte.care.outreach.models import Visit
    from lygte.core.consent.models import Seen

    with scopes_disabled():
        submissions = Submission.objects.count() + SealedSubmission.objects.count()
        say(visits=Visit.objects.count(), submissions=submissions, seen=Seen.objects.count())


if __name__ == "__main__":
    count() if sys.argv[1] == "count" else make(int(sys.argv[1]))
