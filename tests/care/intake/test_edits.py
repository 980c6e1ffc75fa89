"""Edits take the place of what they change; a trashed form stays away; the room above follows every change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from lygte.care.intake import receivers
from lygte.care.intake.actions import (
    publish_form,
    put_in_trash,
    resolve_submission,
    review_submission,
    take_out_of_trash,
    undo_review,
)
from lygte.care.intake.answers import changes_of, missing_files
from lygte.care.intake.models import FormVersion, Review, ReviewState, Submission
from lygte.care.intake.storage import path_of
from lygte.core.models import AuditEntry, Member
from lygte.core.problems import Problem

from .conftest import Phone, basic_workbook, edit_of, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def number(response: Any) -> str:
    return str(response.content.decode().partition('nature="error">')[2].partition(":")[0])


def raised(do: Any, **arguments: Any) -> str:
    with pytest.raises(Problem) as caught:
        do(**arguments)
    return caught.value.number


def one(instance_id: str) -> Submission:
    return Submission.objects.get(instance_id=instance_id)


@pytest.fixture
def told(receiver: list[receivers.Received]) -> Iterator[list[tuple[str, ...]]]:
    """What the room above hears later of the forms that it took in."""
    heard: list[tuple[str, ...]] = []

    def replace(earlier: str, received: receivers.Received) -> None:
        if received.answers["people"] == "99":
            raise Problem("422.170", form_id="basic", name="people")
        heard.append(("replace", earlier, received.ref))

    receivers.on_change(
        "basic",
        replace=replace,
        remove=lambda member, ref: heard.append(("remove", ref)),
        restore=lambda member, ref: heard.append(("restore", ref)),
    )
    yield heard


# Rules 4 and 5 of the protocol ---------------------------------------------------------------------------------------
def test_an_edit_takes_the_place_of_the_form_it_changes(phone: Phone, basic: FormVersion) -> None:
    first = filled(instance_id="uuid:1", people=1)
    assert phone.send(first).status_code == 201
    second = edit_of("uuid:1", instance_id="uuid:2", people=2)
    assert phone.send(second).status_code == 201
    assert (bytes(one("uuid:1").xml), bytes(one("uuid:2").xml)) == (first, second)
    assert one("uuid:1").replaced_by == one("uuid:2") and one("uuid:2").earlier == one("uuid:1")
    assert [s.instance_id for s in Submission.objects.standing()] == ["uuid:2"]
    assert one("uuid:2").review == ReviewState.EDITED


def test_an_edit_sent_again_changes_nothing_and_the_first_form_too(phone: Phone, basic: FormVersion) -> None:
    first, second = filled(instance_id="uuid:1"), edit_of("uuid:1", instance_id="uuid:2", people=2)
    assert [phone.send(xml).status_code for xml in (first, second, second, first, second)] == [201] * 5
    assert Submission.objects.count() == 2
    assert AuditEntry.objects.filter(verb="submission.receive").count() == 2


@pytest.mark.parametrize(
    "edit, status, expected",
    [
        (edit_of("uuid:none", instance_id="uuid:9"), 404, "404.410"),
        (edit_of("uuid:1", instance_id="uuid:9"), 409, "409.401"),  # already replaced by uuid:2
        (edit_of("uuid:2", instance_id="uuid:1"), 409, "409.149"),  # the new name is taken
        (edit_of("uuid:2", instance_id="uuid:2"), 409, "409.149"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_and_changes_nothing(
    phone: Phone, basic: FormVersion, edit: bytes, status: int, expected: str
) -> None:
    phone.send(filled(instance_id="uuid:1"))
    phone.send(edit_of("uuid:1", instance_id="uuid:2"))
    before = list(Submission.objects.order_by("pk").values_list())
    response = phone.send(edit)
    assert (response.status_code, number(response)) == (status, expected)
    assert list(Submission.objects.order_by("pk").values_list()) == before


def test_an_edit_of_another_form_with_the_same_instance_id_touches_only_its_own(
    phone: Phone, basic: FormVersion, bogdan: Member
) -> None:
    other = basic_workbook().replace(b"| basic   |", b"| other   |")
    publish_form(member=bogdan, workbook=other, filename="other.md")
    phone.send(filled(instance_id="uuid:1"))
    response = phone.send(edit_of("uuid:1", form_id="other", instance_id="uuid:2"))
    assert number(response) == "404.410"


def test_files_that_an_edit_names_and_does_not_bring_are_carried_forward(
    phone: Phone, basic: FormVersion, django_capture_on_commit_callbacks: Any
) -> None:
    photo, other = "<photo>p.jpg</photo>", "<photo>late.jpg</photo>"
    phone.send(filled(instance_id="uuid:1", extra=photo), ("p.jpg", b"picture"))
    phone.send(edit_of("uuid:1", instance_id="uuid:2", extra=photo))
    (old,), (new,) = one("uuid:1").attachments.all(), one("uuid:2").attachments.all()
    assert path_of(new.stored_as).read_bytes() == b"picture" and new.stored_as != old.stored_as
    # The next edit brings another picture; the ones before keep theirs, also after the second one replaces its own.
    phone.send(edit_of("uuid:2", instance_id="uuid:3", extra=photo), ("p.jpg", b"new"))
    with django_capture_on_commit_callbacks(execute=True):
        phone.send(edit_of("uuid:1", instance_id="uuid:2", extra=photo), ("p.jpg", b"again"))
    kept = [path_of(one(f"uuid:{n}").attachments.get().stored_as).read_bytes() for n in (1, 2, 3)]
    assert kept == [b"picture", b"again", b"new"]
    # A file that comes late for a form which has been edited already reaches the edit as well.
    late = filled(instance_id="uuid:7", extra=other)
    phone.send(late, incomplete=True)
    phone.send(edit_of("uuid:7", instance_id="uuid:8", extra=other))
    assert missing_files(one("uuid:8")) == ["late.jpg"]
    phone.send(late, ("late.jpg", b"late"))
    assert missing_files(one("uuid:8")) == []


def test_a_form_in_the_trash_cannot_be_sent_again_nor_edited_until_it_is_taken_out(
    phone: Phone, basic: FormVersion, bogdan: Member
) -> None:
    first = filled(instance_id="uuid:1")
    phone.send(first)
    edit = edit_of("uuid:1", instance_id="uuid:2")
    put_in_trash(member=bogdan, submission=one("uuid:1"))
    for xml in (first, filled(instance_id="uuid:1", people=5), edit):
        response = phone.send(xml)
        assert (response.status_code, number(response)) == (409, "409.402")
    assert Submission.objects.count() == 1 and not Submission.objects.standing().exists()
    take_out_of_trash(member=bogdan, submission=one("uuid:1"))
    assert phone.send(first).status_code == phone.send(edit).status_code == 201
    # The whole line goes to the trash with its newest form.
    put_in_trash(member=bogdan, submission=one("uuid:2"))
    assert {phone.send(xml).status_code for xml in (first, edit)} == {409}
    assert raised(put_in_trash, member=bogdan, submission=one("uuid:1")) == "409.403"
    assert raised(review_submission, member=bogdan, submission=one("uuid:2"), state=ReviewState.APPROVED) == "409.407"


def test_a_worker_cannot_review_or_trash(phone: Phone, basic: FormVersion, amina: Member) -> None:
    phone.send(filled(instance_id="uuid:1"))
    assert raised(put_in_trash, member=amina, submission=one("uuid:1")) == "403.1"
    assert raised(review_submission, member=amina, submission=one("uuid:1"), state=ReviewState.APPROVED) == "403.1"


# The room above ------------------------------------------------------------------------------------------------------
def test_the_room_above_hears_of_edits_trash_and_rejection(
    phone: Phone, basic: FormVersion, told: list[tuple[str, ...]], bogdan: Member
) -> None:
    phone.send(filled(instance_id="uuid:1"))
    phone.send(edit_of("uuid:1", instance_id="uuid:2"))
    first, second = one("uuid:1").ref, one("uuid:2").ref
    assert told == [("replace", first, second)]
    del told[:]
    put_in_trash(member=bogdan, submission=one("uuid:2"))
    take_out_of_trash(member=bogdan, submission=one("uuid:2"))
    reject = {"member": bogdan, "state": ReviewState.REJECTED, "comment": "twice"}
    review_submission(submission=one("uuid:2"), **reject)
    review_submission(member=bogdan, submission=one("uuid:2"), state=ReviewState.APPROVED)
    assert told == [("remove", second), ("restore", second)] * 2


def test_an_edit_that_the_room_cannot_take_waits_and_later_replaces_what_was_taken_first(
    phone: Phone, basic: FormVersion, told: list[tuple[str, ...]], bogdan: Member
) -> None:
    phone.send(filled(instance_id="uuid:1"))
    assert phone.send(edit_of("uuid:1", instance_id="uuid:2", people=99)).status_code == 201
    waiting = one("uuid:2")
    assert (waiting.state, waiting.problem_number, told) == (Submission.State.NEEDS_LOOK, "422.170", [])
    # In the trash, it is what the room took in that goes.
    put_in_trash(member=bogdan, submission=waiting)
    take_out_of_trash(member=bogdan, submission=waiting)
    first = one("uuid:1").ref
    assert told == [("remove", first), ("restore", first)]
    resolve_submission(member=bogdan, submission=waiting, corrections={"people": "4"})
    assert told[2:] == [("replace", first, waiting.ref)]
    # Once replaced, a form that needed a look needs none.
    phone.send(edit_of("uuid:2", instance_id="uuid:3"))
    assert told[3:] == [("replace", waiting.ref, one("uuid:3").ref)]
    assert raised(resolve_submission, member=bogdan, submission=one("uuid:2"), corrections={}) == "409.403"


def test_a_room_that_cannot_follow_leaves_the_edit_to_a_person(
    phone: Phone, basic: FormVersion, receiver: list[Any]
) -> None:
    phone.send(filled(instance_id="uuid:1"))
    assert phone.send(edit_of("uuid:1", instance_id="uuid:2")).status_code == 201
    assert one("uuid:2").problem_number == "422.408" and len(receiver) == 1


# Reviews -------------------------------------------------------------------------------------------------------------
def test_each_step_of_a_review_is_kept_with_who_and_why_and_the_newest_can_be_undone(
    phone: Phone, basic: FormVersion, bogdan: Member
) -> None:
    phone.send(filled(instance_id="uuid:1"))
    form = one("uuid:1")
    assert form.review == ReviewState.RECEIVED
    assert raised(review_submission, member=bogdan, submission=form, state=ReviewState.HAS_ISSUES) == "422.404"
    review_submission(member=bogdan, submission=form, state=ReviewState.HAS_ISSUES, comment="the day is missing")
    review_submission(member=bogdan, submission=form, state=ReviewState.APPROVED)
    first, second = form.reviews.all()
    assert raised(undo_review, member=bogdan, submission=form, review=first.ref) == "409.405"
    undo_review(member=bogdan, submission=form, review=second.ref)
    assert one("uuid:1").review == ReviewState.HAS_ISSUES
    assert raised(undo_review, member=bogdan, submission=form, review=second.ref) == "409.405"
    steps = list(Review.objects.values_list("before", "state", "comment", "member", "undoes"))
    assert steps == [
        ("received", "has_issues", "the day is missing", bogdan.pk, None),
        ("has_issues", "approved", "", bogdan.pk, None),
        ("approved", "has_issues", "", bogdan.pk, second.pk),
    ]


@pytest.mark.parametrize(
    "comment, looked, expected", [("call +45 20 12 34 56", False, "422.11"), ("born 010180-1234", True, "422.10")]
)
def test_a_comment_that_points_at_a_person_is_asked_about_and_a_personal_number_refused(
    phone: Phone, basic: FormVersion, bogdan: Member, comment: str, looked: bool, expected: str
) -> None:
    phone.send(filled(instance_id="uuid:1"))
    words = {"state": ReviewState.REJECTED, "comment": comment, "looked": looked}
    assert raised(review_submission, member=bogdan, submission=one("uuid:1"), **words) == expected
    assert one("uuid:1").review == ReviewState.RECEIVED and not Review.objects.exists()


def test_what_an_edit_changed_is_told_question_by_question(phone: Phone, basic: FormVersion) -> None:
    item = "<item><kind>{}</kind></item>"
    phone.send(filled(instance_id="uuid:1", people=1, extra=item.format("a")))
    phone.send(edit_of("uuid:1", instance_id="uuid:2", people=2, extra=item.format("a") + item.format("b")))
    found = [(c.label, c.before, c.after) for c in changes_of(one("uuid:2")).changes]
    assert found == [("How many people", "1", "2"), ("Kind", "", "Pear")]
    assert changes_of(one("uuid:1")).changes == []


def test_a_failed_edit_leaves_no_second_name_of_a_file_behind(
    phone: Phone, basic: FormVersion, monkeypatch: Any
) -> None:
    photo = "<photo>p.jpg</photo>"
    phone.send(filled(instance_id="uuid:1", extra=photo), ("p.jpg", b"picture"))
    before = {p for p in settings.ATTACHMENTS_DIR.rglob("*") if p.is_file()}

    def fail(*arguments: Any, **named: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("lygte.care.intake.actions.filled.hand_over", fail)
    assert phone.send(edit_of("uuid:1", instance_id="uuid:2", extra=photo)).status_code == 503
    assert {p for p in settings.ATTACHMENTS_DIR.rglob("*") if p.is_file()} == before
    assert one("uuid:1").replaced_by is None
