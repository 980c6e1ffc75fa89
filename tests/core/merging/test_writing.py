"""Two workers, or a worker and a phone that comes home late, never overwrite each other; a person chooses."""

from __future__ import annotations

import pytest
from django.utils import timezone

from lygte.core.consent import gate
from lygte.core.consent.ledger import Said, record_consent
from lygte.core.consent.models import GlassBreak, Person, Seat
from lygte.core.consent.persons import make_person
from lygte.core.merging.models import Competing, Earlier
from lygte.core.merging.writing import choose, undecided, write_merging
from lygte.core.models import Member
from lygte.core.problems import Problem

pytestmark = pytest.mark.usefixtures("everywhere")


@pytest.fixture(autouse=True)
def _two_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the simplest locked record a second field."""
    more = {**GlassBreak.PERSONAL, "other": GlassBreak.PERSONAL["reason"]}
    monkeypatch.setattr(GlassBreak, "PERSONAL", more)


@pytest.fixture
def person(key_holders: tuple[Member, Member]) -> Person:
    amina, bogdan = key_holders
    person = make_person(member=amina)
    Seat.objects.create(person=person, member=bogdan, since=timezone.localdate())
    record_consent(member=amina, person=person, purpose="support", groups=["notes"], said=Said("da"))
    return person


@pytest.fixture
def record(person: Person, key_holders: tuple[Member, Member]) -> GlassBreak:
    amina, now = key_holders[0], timezone.now()
    made = GlassBreak(organisation=person.organisation, person=person, member=amina, at=now, until=now)
    gate.write(member=amina, record=made, values={"reason": "first", "other": "first"})
    return made


def read(member: Member, record: GlassBreak) -> dict[str, str]:
    fresh = GlassBreak.objects.select_related("person").get(pk=record.pk)
    return dict(gate.read(member=member, records=[fresh]).get(fresh))


def test_different_fields_are_both_kept(record: GlassBreak, key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    write_merging(member=amina, record=record, values={"reason": "amina", "other": "first"}, based_on=1)
    _, waits = write_merging(member=bogdan, record=record, values={"reason": "first", "other": "bogdan"}, based_on=1)
    assert waits is None
    assert read(amina, record) == {"reason": "amina", "other": "bogdan"}
    assert list(Earlier.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(("take", "stands"), [(True, "bogdan"), (False, "amina")])
def test_the_same_field_waits_until_a_person_chooses(
    record: GlassBreak, key_holders: tuple[Member, Member], take: bool, stands: str
) -> None:
    amina, bogdan = key_holders
    write_merging(member=amina, record=record, values={"reason": "amina", "other": "first"}, based_on=1)
    _, waits = write_merging(member=bogdan, record=record, values={"reason": "bogdan", "other": "new"}, based_on=1)
    assert waits is not None and undecided(record.person) == [waits]
    assert read(amina, record) == {"reason": "amina", "other": "new"}
    assert b"bogdan" not in bytes(waits.locked or b"")
    choose(member=amina, beside=waits, take={"reason": take})
    assert read(amina, record) == {"reason": stands, "other": "new"}
    assert undecided(record.person) == []
    with pytest.raises(Problem, match=r"409\.11"):
        choose(member=bogdan, beside=waits, take={"reason": True})


def test_an_edit_on_a_version_that_nobody_kept_overwrites_nothing(
    record: GlassBreak, key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    gate.write(member=amina, record=record, values={"reason": "amina", "other": "amina"}, based_on=1)
    Earlier.objects.all().delete()
    write_merging(member=bogdan, record=record, values={"reason": "bogdan", "other": "amina"}, based_on=1)
    assert read(amina, record) == {"reason": "amina", "other": "amina"}
    assert Competing.objects.filter(decided_at=None).count() == 1


def test_who_is_not_on_the_team_cannot_choose(record: GlassBreak, key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    write_merging(member=amina, record=record, values={"reason": "amina", "other": "first"}, based_on=1)
    _, waits = write_merging(member=amina, record=record, values={"reason": "late", "other": "first"}, based_on=1)
    assert waits is not None
    Seat.objects.filter(member=bogdan).update(until=timezone.localdate())
    with pytest.raises(Problem, match=r"403\.11"):
        choose(member=bogdan, beside=waits, take={"reason": True})
