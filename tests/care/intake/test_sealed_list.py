"""The list of sealed forms: page by page without counting, each state by its index, and no box is read for it."""

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

from lygte.care.intake.lists_sealed import sealed_of
from lygte.care.intake.models import FormVersion, SealedSubmission
from lygte.care.intake.views import sealed as views
from lygte.core.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
LIST = "/intake/sealed/"
STATES = ["waits", "taken", "opened", "opened", "taken", "needs_look", "taken", "waits", "waits"]


@pytest.fixture
def sealed(basic: FormVersion, bogdan: Member, monkeypatch: pytest.MonkeyPatch) -> list[SealedSubmission]:
    """Nine sealed forms in every state, several of one day; two to a page. The newest come last."""
    monkeypatch.setattr(views, "PER_PAGE", 2)
    day = timezone.localdate()
    one = {"organisation": bogdan.organisation, "form": basic.form, "form_version": basic, "member": bogdan}
    return [
        SealedSubmission.objects.create(
            **one,
            instance_id=f"uuid:{number}",
            day=day - timedelta(days=(len(STATES) - number) // 3),
            sealed="phone" if number % 2 else "arrival",
            header=b"h",
            box=b"b",
            digest=str(number),
            state=state,
        )
        for number, state in enumerate(STATES)
    ]


def refs_on(html: str) -> list[str]:
    return re.findall(r'href="/intake/sealed/(\w{26})/"', html)


def walk(client: Client, address: str) -> list[str]:
    """Return what the pages from `address` on list, and see that nothing is counted, passed over or read that is long."""
    seen: list[str] = []
    for _ in range(len(STATES) + 2):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address).content.decode()
        for query in asked.captured_queries:
            sql = query["sql"].upper()
            if 'FROM "INTAKE_SEALEDSUBMISSION"' in sql:
                assert "COUNT(" not in sql and "OFFSET" not in sql and '"BOX"' not in sql, sql
        seen += refs_on(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if not older:
            return seen
        address = LIST + older.group(1).replace("&amp;", "&")
    raise AssertionError("the list has no end")


def test_every_sealed_form_is_on_one_page_those_that_wait_first_and_none_is_counted(
    sealed: list[SealedSubmission], signed_in: Callable[[Member], Client], bogdan: Member
) -> None:
    client = signed_in(bogdan)
    newest_first = sealed[::-1]
    waiting = [one.ref for one in newest_first if one.state in ("waits", "needs_look")]
    done = [one.ref for one in newest_first if one.state in ("opened", "taken")]
    assert walk(client, LIST) == waiting[:2] + done  # of those that wait the first page, with the way to the others
    assert "Show all that wait" in client.get(LIST).content.decode()
    assert walk(client, LIST + "?state=waiting") == waiting
    last = client.get(f"{LIST}?after={done[1]}").content.decode()
    assert refs_on(last) == done[2:4] and "Newest" in last and f'href="{LIST}"' in last
    assert refs_on(client.get(LIST + "?after=nonsense%00").content.decode()) == waiting[:2] + done[:2]


def test_chips_narrow_the_sealed_forms_and_are_taken_away_one_by_one(
    sealed: list[SealedSubmission], signed_in: Callable[[Member], Client], bogdan: Member, chika: Member
) -> None:
    client, one = signed_in(bogdan), sealed[1]
    day = one.day.isoformat()
    chosen = {"form": one.form.ref, "state": "taken", "sealed": "phone", "since": day, "until": day}
    page = client.get(f"{LIST}?{urlencode(chosen)}").content.decode()
    assert refs_on(page) == [one.ref] and page.count("Remove filter:") == 5
    for name in chosen:
        left = urlencode({key: value for key, value in chosen.items() if key != name}).replace("&", "&amp;")
        assert f'href="{LIST}?{left}"' in page
    for field, value in (("sealed", "arrival"), ("until", "2020-01-01"), ("since", "2999-01-01"), ("state", "opened")):
        assert one.ref not in client.get(f"{LIST}?{urlencode({**chosen, field: value})}").content.decode(), field
    assert "Nothing fits" in client.get(f"{LIST}?until=2020-01-01").content.decode()
    for bad in ("since=yesterday", "sealed=x", "state=x&form=%00", "since=9999-12-31"):
        assert client.get(f"{LIST}?{bad}").status_code == 200, bad
    # The forms of others are neither shown nor a place to start from.
    other = signed_in(chika).get(f"{LIST}?after={one.ref}&form={one.form.ref}").content.decode()
    assert refs_on(other) == [] and "Basic form" not in other


def test_no_way_of_narrowing_reads_the_whole_table_of_sealed_forms(
    sealed: list[SealedSubmission], bogdan: Member
) -> None:
    day = timezone.localdate()
    ways: list[dict[str, Any]] = [{}, {"form": sealed[0].form.ref}, {"sealed": "phone"}, {"since": day, "until": day}]
    for way in ways:
        with scopes_disabled(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            plan = sealed_of(bogdan, "waits", **way)[:51].explain()
        assert "SCAN intake_sealedsubmission" not in plan and "Seq Scan on intake_sealed" not in plan, (way, plan)
