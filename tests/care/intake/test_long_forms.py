"""A filled form with very many or very long answers: its page stays small, says so, and leads to the whole."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lygte.care.intake.answers import LONGEST_SHOWN, MOST_SHOWN, answers_shown
from lygte.care.intake.instance import MAX_DEPTH, MAX_NAME
from lygte.care.intake.models import FormVersion, Submission
from lygte.care.intake.views.submissions import MISSING_SHOWN
from lygte.core.models import Member

from .conftest import Phone, filled
from .test_pages import waiting  # noqa: F401 (a filled form that needs a look)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
SignedIn = Callable[[Member], Client]
MANY = 48_900


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def sent(phone: Phone, people: object, extra: str) -> Submission:
    assert phone.send(filled(people=people, extra=extra)).status_code == 201
    return Submission.objects.order_by("pk").last()  # type: ignore[return-value]


def test_a_form_of_49000_answers_makes_a_small_page_that_leads_to_the_whole(
    signed_in: SignedIn, bogdan: Member, phone: Phone, basic: FormVersion
) -> None:
    many = sent(phone, 3, "".join(f"<x{n}>{n}</x{n}>" for n in range(MANY)))
    client = signed_in(bogdan)
    client.get("/intake/submissions/")
    tracemalloc.start()
    response = client.get(f"/intake/submissions/{many.ref}/")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(response.content) < 300_000 and most < 100_000_000
    page = text(response)
    assert f"{MANY - MOST_SHOWN:,} answers are not shown here" in page
    assert page.count(f'href="/intake/submissions/{many.ref}/xml"') == 2
    assert client.get(f"/intake/submissions/{many.ref}/xml").content == bytes(many.xml)


def test_repeats_do_not_crowd_out_what_can_be_corrected(
    signed_in: SignedIn,
    bogdan: Member,
    phone: Phone,
    waiting: Submission,  # noqa: F811
) -> None:
    crowd = "<item><kind>b</kind></item>" * 2000
    many = sent(phone, 400, f"{crowd}<photo>p.jpg</photo>")
    shown = answers_shown(many)
    assert [a.path for a in shown.answers if a.correctable] == ["people", "note", "photo"]
    assert len(shown.answers) == 3 + MOST_SHOWN and shown.left_out == 2000 - MOST_SHOWN
    answer = signed_in(bogdan).post(f"/intake/submissions/{many.ref}/resolve/", {"answer:people": "4"})
    assert answer.status_code == 302
    assert Submission.objects.get(pk=many.pk).corrections == {"people": "4"}


def test_a_long_answer_is_shown_by_its_beginning_and_stays_as_it_is_unless_written_anew(
    signed_in: SignedIn,
    bogdan: Member,
    phone: Phone,
    waiting: Submission,  # noqa: F811
) -> None:
    story = "It was a long night. " * 5000
    long = sent(phone, 400, f"<photo>{story}</photo>")
    client, address = signed_in(bogdan), f"/intake/submissions/{long.ref}/"
    page = text(client.get(address))
    assert page.count("It was a long night.") < LONGEST_SHOWN / 10 and "shown by their beginning" in page
    assert client.post(f"{address}resolve/", {"answer:people": "4", "answer:photo": ""}).status_code == 302
    assert Submission.objects.get(pk=long.pk).corrections == {"people": "4"}


def test_an_answer_of_several_lines_is_not_changed_by_the_field_of_one_line(
    signed_in: SignedIn,
    bogdan: Member,
    phone: Phone,
    waiting: Submission,  # noqa: F811
) -> None:
    lines = sent(phone, 400, "<photo> first\nsecond </photo>")
    address = f"/intake/submissions/{lines.ref}/resolve/"
    answers = {"answer:people": "4", "answer:photo": " firstsecond "}
    assert signed_in(bogdan).post(address, answers).status_code == 302
    assert Submission.objects.get(pk=lines.pk).corrections == {"people": "4"}


def test_a_name_as_long_as_a_book_is_refused_before_every_path_repeats_it(phone: Phone, basic: FormVersion) -> None:
    name = "g" * (MAX_NAME + 1)
    refused = phone.send(filled(extra=f"<{name}>1</{name}>"))
    assert refused.status_code == 413 and "names of 250 characters" in text(refused)
    assert phone.send(filled(extra=f"<{name[1:]}>1</{name[1:]}>")).status_code == 201


def test_long_names_within_long_names_make_a_small_page(
    signed_in: SignedIn,
    bogdan: Member,
    phone: Phone,
    waiting: Submission,  # noqa: F811
) -> None:
    name = "g" * MAX_NAME
    inner = "".join(f"<x{n}>1</x{n}>" for n in range(400))
    long = sent(phone, 400, f"<{name}>" * (MAX_DEPTH - 3) + inner + f"</{name}>" * (MAX_DEPTH - 3))
    assert len(signed_in(bogdan).get(f"/intake/submissions/{long.ref}/").content) < 600_000


def test_of_many_missing_files_the_first_are_named(
    signed_in: SignedIn, bogdan: Member, phone: Phone, basic: FormVersion
) -> None:
    many = sent(phone, 3, "".join(f"<photo>{n}.jpg</photo>" for n in range(1000)))
    page = text(signed_in(bogdan).get(f"/intake/submissions/{many.ref}/"))
    assert page.count("Has not come") == MISSING_SHOWN and f"{1000 - MISSING_SHOWN} more have not come" in page
