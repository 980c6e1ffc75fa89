"""Filled forms by the million, listed, filtered and taken out: `LYGTE_DATABASE_URL=… python -m benchmarks.received 1000000`.

It takes one form in the product's own way, lets the database copy it under other names (a twentieth of them, then all),
asks for the list and every export each time, in one process, and tells the greatest memory while that went on. What is
made from forms (files, feeds) leaves as a stream: memory that grows with their number would be a fault.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .pages import milliseconds

TIMES, PHONES = 20, 8
FORM = """\
| survey |
|        | type            | name   | label           |
|        | integer         | people | How many people |
|        | text            | note   | Note            |
|        | begin_repeat    | item   | Item            |
|        | select_one kind | kind   | Kind            |
|        | end_repeat      |        |                 |
| choices |
|        | list_name | name | label |
|        | kind      | a    | Apple |
|        | kind      | b    | Pear  |
| settings |
|        | form_title            | form_id | version | lygte_grade |
|        | Basic (for measuring) | basic   | 1       | open        |
"""
FILLED = """\
<data xmlns:orx="http://openrosa.org/xforms" id="basic" version="1"><people>3</people><item><kind>a</kind></item>
<item><kind>b</kind></item><orx:meta><orx:instanceID>uuid:0</orx:instanceID></orx:meta></data>"""


def measure(count: int, formats: list[str]) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from lygte.cli.operate import prepare

    settings.ALLOWED_HOSTS = ["*"]
    prepare()
    user, first, phones = _begin()
    found: dict[str, Any] = {"database": connection.vendor, "forms": count}
    few = count // 20
    for name, begin, end in (("a twentieth", 1, few), ("all", few + 1, count)):
        start = time.monotonic()
        _copy(first, phones, begin, end)
        found[name] = {
            "forms": end,
            "fill_seconds": round(time.monotonic() - start, 1),
            **_looked_at(user, first, formats),
        }
    found["memory, all / a twentieth"] = {
        kind: round(found["all"][kind]["peak_mb"] / found["a twentieth"][kind]["peak_mb"], 2)
        for kind in found["all"]
        if isinstance(found["all"][kind], dict) and "peak_mb" in found["all"][kind]
    }
    return found


def _begin() -> tuple[Any, Any, list[int]]:
    from django_scopes import scope

    from lygte.care.intake.actions import add_device, publish_form, receive
    from lygte.core.models import Kind, Member, Organisation, Role, User

    organisation = Organisation.objects.create(name="Bench (invented)", kind=Kind.OUTREACH, country="DK", language="en")
    user = User.objects.create_user("bench@example.org", "four unrelated quiet words", name="Bench (invented)")
    member = Member.objects.create(user=user, organisation=organisation, role=Role.COORDINATOR)
    with scope(organisation=organisation):
        publish_form(member=member, workbook=FORM.encode(), filename="basic.md")
        phones = [add_device(member=member, label=f"phone {number}").device for number in range(PHONES)]
        first = receive(member=member, device=phones[0], xml=FILLED.encode(), files={})
    return user, first, [phone.pk for phone in phones]


def _copy(first: Any, phones: list[int], begin: int, end: int) -> None:
    """Have the database copy a filled form: another name, another phone, half a minute earlier each."""
    from django.db import connection

    postgresql = connection.vendor == "postgresql"
    earlier = (
        "received_at - (n * interval '31 seconds')"
        if postgresql
        else "strftime('%Y-%m-%d %H:%M:%S', received_at, '-' || (n * 31) || ' seconds')"
    )
    other = {
        "ref": _ref("lpad(n::text, 26, 'a')" if postgresql else "substr('aaaaaaaaaaaaaaaaaaaaaaaaaa' || n, -26)"),
        "instance_id": "'uuid:' || n",
        "received_at": earlier,
        "review": "case when n % 1000 = 0 then 'rejected' else review end",
        "device_id": f"{phones[0]} + n % {len(phones)}",
    }
    columns = [field.column for field in first._meta.concrete_fields if field.column != "id"]
    numbers = (
        f"generate_series({begin}, {end}) n"
        if postgresql
        else f"(with recursive c(n) as (select {begin} union all select n + 1 from c where n < {end}) select n from c)"
    )
    written = ", ".join(other.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into intake_submission ({names}) select {written} from intake_submission, {numbers} "
            f"where intake_submission.id = {first.pk}"
        )
        cursor.execute("analyze")


def _ref(padded: str) -> str:
    """A reference has no 0, 1, 8 and 9."""
    for digit, letter in zip("0189", "mnop", strict=True):
        padded = f"replace({padded}, '{digit}', '{letter}')"
    return padded


def _looked_at(user: Any, first: Any, formats: list[str]) -> dict[str, Any]:
    from django.test import Client
    from django.urls import reverse
    from django_scopes import scopes_disabled

    from lygte.care.intake.models import Submission

    client = Client()
    client.force_login(user)
    with scopes_disabled():
        form, total = first.form.ref, Submission.objects.count()
        deep = Submission.objects.order_by("-received_at").values_list("ref", "received_at")[total * 9 // 10]
    day = deep[1].date().isoformat()
    lists = {
        "newest": "",
        "nine tenths down": f"?after={deep[0]}",
        "rejected": "?review=rejected",
        "a form and a review": f"?form={form}&review=rejected",
        "a day": f"?since={day}&until={day}",
        "in the trash": "?state=trash",
    }
    found: dict[str, Any] = {"list": {"peak_mb": 0}}
    for name, query in lists.items():
        with _Peak() as peak:
            seconds = list(_asked(client, reverse("intake:submission_list") + query))
        found["list"][name] = milliseconds(seconds)
        found["list"]["peak_mb"] = max(found["list"]["peak_mb"], peak.megabytes)
    for kind in formats:
        with _Peak() as peak:
            begun = time.monotonic()
            response: Any = client.get(reverse("exports:download", args=[form]), {"format": kind})
            if response.status_code != 200:
                raise RuntimeError(f"{kind} was answered with {response.status_code}")
            size = sum(len(piece) for piece in response.streaming_content)
        found[kind] = {
            "seconds": round(time.monotonic() - begun, 1),
            "megabytes": round(size / 1_000_000, 1),
            "peak_mb": peak.megabytes,
        }
    return found


def _asked(client: Any, path: str) -> Iterator[float]:
    for number in range(TIMES + 2):
        begun = time.perf_counter()
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} was answered with {response.status_code}")
        if number >= 2:
            yield time.perf_counter() - begun


class _Peak:
    """The greatest resident memory of this process while something went on (Linux)."""

    megabytes = 0

    def __enter__(self) -> _Peak:
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        return self

    def __exit__(self, *_error: object) -> None:
        lines = Path("/proc/self/status").read_text().splitlines()
        self.megabytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), sys.argv[2:] or ["csv", "parquet", "xlsx"]), indent=2))
