"""The list of filled forms: page by page without counting, narrowed by chips, and by an index each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.intake.lists import submissions_of
from lygte.care.intake.models import Submission
from lygte.care.intake.views import submissions as views
from lygte.core.models import Member
from tests.care.intake.conftest import Phone, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
LIST = "/intake/submissions/"


@pytest.fixture
def received(phone: Phone, basic: Any, monkeypatch: pytest.MonkeyPatch) -> list[Submission]:
    """Seven forms, two of them of the same moment, one rejected, one in the trash; two to a page."""
    monkeypatch.setattr(views, "PER_PAGE", 2)
    for _ in range(7):
        assert phone.send(filled()).status_code == 201
    found = list(Submission.objects.order_by("pk"))
    now = timezone.now()
    for number, one in enumerate(found):
        days = 0 if number in (5, 6) else 10 - number
        Submission.objects.filter(pk=one.pk).update(received_at=now - timedelta(days=days))
    Submission.objects.filter(pk=found[1].pk).update(review="rejected")
    Submission.objects.filter(pk=found[0].pk).update(trashed_at=now)
    return list(Submission.objects.order_by("pk"))


def refs_on(html: str) -> list[str]:
    return re.findall(r'href="/intake/submissions/(\w{26})/"', html)


def test_every_form_is_on_one_page_and_none_is_counted(
    received: list[Submission], signed_in: Callable[[Member], Client], bogdan: Member
) -> None:
    client, seen, address = signed_in(bogdan), [], LIST
    for _ in range(9):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(address).content.decode()
        for query in asked.captured_queries:
            sql = query["sql"].upper()
            if "INTAKE_SUBMISSION" in sql:
                assert "COUNT(" not in sql and "OFFSET" not in sql, sql
        seen += refs_on(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if not older:
            break
        address = LIST + older.group(1).replace("&amp;", "&")
    assert seen == [one.ref for one in reversed(received) if one.trashed_at is None]
    assert "Newest" in page and f'href="{LIST}"' in page
    assert refs_on(client.get(LIST + "?after=nonsense%00").content.decode()) == seen[:2]


def test_chips_narrow_and_are_taken_away_one_by_one(
    received: list[Submission], signed_in: Callable[[Member], Client], bogdan: Member, chika: Member
) -> None:
    client, one = signed_in(bogdan), received[1]
    day = timezone.localtime(one.received_at).date().isoformat()
    chosen = {"form": one.form.ref, "review": "rejected", "phone": one.device.ref, "since": day, "until": day}
    page = client.get(f"{LIST}?{urlencode(chosen)}").content.decode()
    assert refs_on(page) == [one.ref]
    assert page.count("Remove filter:") == 5 and "Phone: blue phone" in page
    for name in chosen:
        left = urlencode({key: value for key, value in chosen.items() if key != name}).replace("&", "&amp;")
        assert f'href="{LIST}?{left}"' in page
    assert refs_on(client.get(LIST + "?state=trash").content.decode()) == [received[0].ref]
    assert "Nothing fits" in client.get(f"{LIST}?since={day}&until=2020-01-01").content.decode()
    for bad in ("since=yesterday", "phone=nobody", "review=x&form=%00", "since=9999-12-31&until=9999-12-31"):
        assert client.get(f"{LIST}?{bad}").status_code == 200, bad
    # The forms of others are neither shown nor a place to start from.
    other = signed_in(chika).get(f"{LIST}?after={one.ref}&form={one.form.ref}")
    assert refs_on(other.content.decode()) == []


def test_no_way_of_narrowing_reads_the_whole_table(received: list[Submission], bogdan: Member) -> None:
    form, phone, day = received[0].form.ref, received[0].device.ref, timezone.localdate()
    ways: list[dict[str, Any]] = [
        {}, {"form": form}, {"phone": phone}, {"review": "rejected"}, {"since": day, "until": day},
        {"state": "needs_look"}, {"trashed": True}, {"form": form, "review": "rejected", "phone": phone},
    ]  # fmt: skip
    for way in ways:
        with scopes_disabled(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            plan = submissions_of(bogdan, **way).values_list("pk")[:51].explain()
        assert "SCAN intake_submission" not in plan and "Seq Scan on intake_submission" not in plan, (way, plan)
        # Its own index of what was replaced: nearly every form there is not.
        assert "autoindex" not in plan and "replaced_by_id" not in plan.split("Filter")[0], (way, plan)
