"""A visit follows its filled form through edits, rejection and trash, and the ledger follows the visit."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django_scopes import scopes_disabled

from lygte.care.intake.actions import (
    put_in_trash,
    receive,
    review_submission,
    submit_answers,
    take_out_of_trash,
)
from lygte.care.intake.models import ReviewState, Submission
from lygte.care.outreach.actions import close_place, restore_visit, withdraw_visit
from lygte.care.outreach.models import Place, Visit
from lygte.care.outreach.xlsforms.visit_form import FORM_ID, nest
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.facts.ledger import ledger_rows, total_rows
from lygte.facts.models import Entry
from lygte.facts.projection import fingerprint, rebuild

from .conftest import spoke

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere", "form_published")]


def send(member: Member, place: Place, **more: Any) -> Submission:
    return submit_answers(member=member, form_id=FORM_ID, answers=nest(spoke(place, **more)))


def edit(member: Member, form: Submission, number: int, **changed: str) -> Submission:
    """Send the form again as a phone does after somebody changed answers in it."""
    xml = bytes(form.xml).decode().replace(form.instance_id, f"uuid:{number}")
    xml = xml.replace("</orx:meta>", f"<orx:deprecatedID>{form.instance_id}</orx:deprecatedID></orx:meta>")
    for name, value in changed.items():
        xml, count = re.subn(rf"<{name}>[^<]*</{name}>", f"<{name}>{value}</{name}>", xml)
        assert count == 1
    return receive(member=member, device=None, xml=xml.encode(), files={})


def counted() -> tuple[list[Any], list[Any]]:
    """The ledger and its totals, which a rebuild from the records must give again."""
    before = list(ledger_rows()), list(total_rows()), fingerprint()
    with scopes_disabled():
        rebuild()
    assert (list(ledger_rows()), list(total_rows()), fingerprint()) == before
    return before[0], before[1]


def spoken_to() -> int:
    return sum(Entry.objects.filter(kind="people_spoken_to").values_list("value", flat=True))


def test_an_edit_replaces_the_visit_and_its_facts(amina: Member, heron: Place, today: date) -> None:
    first = send(amina, heron)
    visit = Visit.objects.get()
    assert (visit.spoken_to, spoken_to()) == (3, 3)
    second = edit(amina, first, 2, present="9", spoken_to="7", day=str(today - timedelta(days=40)))
    again = Visit.objects.get()
    assert (again.ref, again.submission, again.spoken_to, again.present) == (visit.ref, second.ref, 7, 9)
    assert again.recorded_by == amina and second.state == Submission.State.TAKEN
    assert spoken_to() == 7 and Entry.objects.filter(kind="visit").count() == 1
    ledger, _totals = counted()
    assert {row[1] for row in ledger} == {today - timedelta(days=40)}


def test_an_edit_that_cannot_be_a_visit_leaves_the_visit_as_it_was(amina: Member, heron: Place) -> None:
    form = send(amina, heron)
    refused = edit(amina, form, 2, spoken_to="50")
    assert refused.state == Submission.State.NEEDS_LOOK
    assert (Visit.objects.get().submission, spoken_to()) == (form.ref, 3)
    edit(amina, refused, 3, spoken_to="2", new="0", gender_woman="1", health_sti_taken="1", language_en="2",
         nationality_southeast_asia="1")  # fmt: skip
    assert spoken_to() == 2 and Visit.objects.count() == 1
    counted()


def test_a_rejected_or_trashed_form_takes_its_visit_out_of_every_figure(
    amina: Member, bogdan: Member, heron: Place
) -> None:
    form = send(amina, heron)
    review_submission(member=bogdan, submission=form, state=ReviewState.REJECTED, comment="another team's visit")
    assert spoken_to() == 0 and Visit.objects.get().withdrawn
    with pytest.raises(Problem) as caught:
        restore_visit(member=amina, visit=Visit.objects.get())
    assert caught.value.number == "409.242"
    put_in_trash(member=bogdan, submission=form)
    take_out_of_trash(member=bogdan, submission=form)
    assert spoken_to() == 0, "it is still rejected"
    review_submission(member=bogdan, submission=form, state=ReviewState.APPROVED)
    assert spoken_to() == 3
    put_in_trash(member=bogdan, submission=form)
    assert spoken_to() == 0
    counted()
    take_out_of_trash(member=bogdan, submission=form)
    assert spoken_to() == 3
    # An edit of a rejected form is a new word on it: it counts.
    review_submission(member=bogdan, submission=form, state=ReviewState.REJECTED, comment="wrong numbers")
    edit(amina, form, 2, present="5")
    assert spoken_to() == 3
    counted()


def test_a_visit_that_somebody_withdrew_stays_withdrawn_whatever_happens_to_its_form(
    amina: Member, bogdan: Member, heron: Place
) -> None:
    form = send(amina, heron)
    withdraw_visit(member=amina, visit=Visit.objects.get(), reason="asked")
    put_in_trash(member=bogdan, submission=form)
    take_out_of_trash(member=bogdan, submission=form)
    edit(amina, form, 2, present="5")
    visit = Visit.objects.get()
    assert (visit.withdrawn_reason, visit.present, spoken_to()) == ("asked", 5, 0)
    counted()


def test_an_edit_of_a_visit_to_a_place_that_closed_since_is_taken_with_the_kind_of_that_day(
    amina: Member, heron: Place
) -> None:
    form = send(amina, heron)
    Place.objects.filter(pk=heron.pk).update(kind="street")
    close_place(member=amina, place=Place.objects.get(pk=heron.pk))
    assert edit(amina, form, 2, present="5").state == Submission.State.TAKEN
    visit = Visit.objects.get()
    assert (visit.present, visit.place_kind) == (5, "clinic")
