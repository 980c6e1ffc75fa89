"""Breaking the glass lifts the limit of the team for an hour, never consent; a second person looks, the person can read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lygte.core.consent import gate, glass
from lygte.core.consent.ledger import withdraw_consent
from lygte.core.consent.models import GlassBreak, Person, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.today import collect

from .conftest import SAID, agree, note

pytestmark = pytest.mark.usefixtures("everywhere")
WHY = "She called and cannot breathe; her worker is away."


@pytest.fixture
def broken(person: Person, key_holders: tuple[Member, Member]) -> GlassBreak:
    """Bogdan, who is not on the team, has opened the notes."""
    _, bogdan = key_holders
    return glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["notes"])


def aged(broken: GlassBreak, by: timedelta) -> None:
    GlassBreak.objects.filter(pk=broken.pk).update(at=broken.at - by, until=broken.until - by)


def test_an_hour_is_opened_and_the_person_reads_who_and_when(
    person: Person, key_holders: tuple[Member, Member], broken: GlassBreak
) -> None:
    amina, bogdan = key_holders
    record = note(amina, person, "sentinel")
    assert gate.read(member=bogdan, records=[record]).get(record) == {"reason": "sentinel"}
    assert (
        list(Seen.objects.filter(person=person.ref).exclude(via="change").values_list("via", "member"))
        == [("glass", bogdan.pk)] * 2
    )
    aged(broken, timedelta(minutes=61))
    assert gate.read(member=bogdan, records=[record]).refused == {record.ref: "403.11"}


def test_whoever_looks_at_it_is_told_how_often_it_was_used_from_the_first_moment(
    person: Person, key_holders: tuple[Member, Member], broken: GlassBreak
) -> None:
    amina, bogdan = key_holders
    record = note(amina, person, "sentinel")
    assert glass.used(broken) == 0
    gate.read(member=bogdan, records=[record])
    glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["notes"])
    assert glass.used(broken) == 1, "another opening is no look"
    assert glass.open_until(bogdan, person) is not None
    assert glass.open_until(amina, person) is None


def test_the_reason_is_locked(broken: GlassBreak) -> None:
    assert b"breathe" not in bytes(broken.locked or b"")


def test_consent_is_never_lifted(person: Person, key_holders: tuple[Member, Member], broken: GlassBreak) -> None:
    amina, bogdan = key_holders
    record = note(amina, person, "sentinel")
    withdraw_consent(member=amina, person=person, said=SAID)
    assert gate.read(member=bogdan, records=[record]).refused == {record.ref: "403.10"}
    with pytest.raises(Problem, match=r"403\.10"):
        glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["notes"])


def test_only_the_chosen_part_opens(person: Person, key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    agree(amina, person, "health")
    record = note(amina, person, "sentinel")
    glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["health"])
    assert gate.read(member=bogdan, records=[record]).refused == {record.ref: "403.11"}


@pytest.mark.parametrize("reason", ["", "urgent", "x" * 60, "a b c d"])
def test_a_reason_is_a_sentence(reason: str, person: Person, key_holders: tuple[Member, Member]) -> None:
    with pytest.raises(Problem, match=r"422\.32"):
        glass.break_glass(member=key_holders[1], person=person, reason=reason, groups=["notes"])


def test_the_team_needs_no_emergency(person: Person, key_holders: tuple[Member, Member]) -> None:
    with pytest.raises(Problem, match=r"409\.14"):
        glass.break_glass(member=key_holders[0], person=person, reason=WHY, groups=["notes"])


def test_a_second_person_looks_reads_the_reason_and_the_person_sees_that(
    person: Person, key_holders: tuple[Member, Member], broken: GlassBreak
) -> None:
    amina, bogdan = key_holders
    assert [need for need in collect(amina) if person.code in need.detail]
    assert not [need for need in collect(bogdan) if person.code in need.detail]
    assert glass.reason_of(amina, broken) == WHY
    with pytest.raises(Problem, match=r"403\.13"):
        glass.review_glass(member=bogdan, broken=broken, found="right")
    glass.review_glass(member=amina, broken=broken, found="wrong")
    assert Seen.objects.filter(person=person.ref, via="review").count() == 2
    assert not [need for need in collect(amina) if person.code in need.detail]
    with pytest.raises(Problem, match=r"409\.16"):
        glass.review_glass(member=amina, broken=broken, found="right")


def test_what_nobody_looked_at_in_72_hours_locks_the_right_until_somebody_does(
    person: Person, key_holders: tuple[Member, Member], broken: GlassBreak
) -> None:
    amina, bogdan = key_holders
    aged(broken, timedelta(hours=71, minutes=59))
    glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["notes"])
    aged(broken, timedelta(hours=72, minutes=1))
    with pytest.raises(Problem, match=r"403\.12"):
        glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["notes"])
    glass.review_glass(member=amina, broken=broken, found="right")
    assert glass.break_glass(member=bogdan, person=person, reason=WHY, groups=["notes"]).at <= timezone.now()
