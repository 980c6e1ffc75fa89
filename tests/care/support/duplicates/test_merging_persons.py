"""Two codes become one and stand apart again, and nothing of either is lost or seen by who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases.actions.cases import Agreed, Told, open_case
from lygte.care.support.cases.handover import records_of
from lygte.care.support.cases.models import Case
from lygte.care.support.duplicates import reads
from lygte.care.support.duplicates.actions import merge_persons, part_persons, say_apart, take_back_apart
from lygte.core.consent import gate
from lygte.core.consent.ledger import Said, decline_consent, withdraw_consent
from lygte.core.consent.models import Person, Seat, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault import index
from tests.conftest import keep_open

pytestmark = pytest.mark.usefixtures("everywhere")

GROUPS = ("identity", "contact", "goals", "notes")


def case(member: Member, name: str, born: str, phone: str = "") -> Case:
    made = open_case(
        member=member,
        said=Said("en"),
        agreed=Agreed(GROUPS),
        area="DK-461",
        way_in="visit",
        language="en",
        told=Told(name={"name": name, "born": born}, reach={"phone": phone} if phone else {}),
    )
    index.put_tokens(
        member=member,
        person=made.person.ref,
        values={"name": index.name_and_year(name, int(born)), "phone": [index.phone(phone)] if phone else []},
    )
    return made


@pytest.fixture
def twins(key_holders: tuple[Member, Member]) -> tuple[Person, Person]:
    amina, _ = key_holders
    one = case(amina, "Katarzyna Quill (invented)", "1990")
    other = case(amina, "Catarzina Quill (invented)", "1990")
    case(amina, "Somebody Else (invented)", "1971", "20 30 40 50")
    return one.person, other.person


def contents(member: Member, *people: Person) -> dict[str, object]:
    """Return every value of some people by reference, whichever of them is asked for them."""
    records = [record for person in people for record in records_of(person)]
    return dict(gate.read(member=member, records=records).values)


def test_people_with_a_name_that_sounds_alike_are_proposed_and_others_are_not(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    assert [{pair.mine, pair.other} for pair in reads.candidates(amina)] == [set(twins)]
    assert reads.candidates(bogdan) == []


def test_who_was_said_to_be_two_people_is_not_proposed_again_until_that_is_taken_back(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    said = say_apart(member=amina, one=twins[1], other=twins[0])
    assert reads.candidates(amina) == []
    take_back_apart(member=amina, said=said)
    assert len(reads.candidates(amina)) == 1


def test_merging_and_parting_loses_nothing(twins: tuple[Person, Person], key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    kept, gone = twins
    Seat.objects.create(person=gone, member=bogdan, since=timezone.localdate())
    before = contents(amina, kept, gone)
    merged = merge_persons(member=amina, kept=kept, gone=gone)
    assert contents(amina, kept) == before
    assert contents(bogdan, kept) == before
    part_persons(member=amina, merge=merged)
    assert contents(amina, kept, gone) == before
    assert set(contents(bogdan, kept)) == set()
    assert Seat.objects.filter(person=gone, member=bogdan, until=None).exists()


def test_both_people_can_read_that_they_were_merged(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member]
) -> None:
    merge_persons(member=key_holders[0], kept=twins[0], gone=twins[1])
    assert Seen.objects.filter(person__in=[p.ref for p in twins], via="change", groups=["identity"]).count() >= 2


def test_nobody_merges_without_a_seat_at_both_or_twice(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    Seat.objects.create(person=twins[0], member=bogdan, since=timezone.localdate())
    with pytest.raises(Problem, match=r"403\.11"):
        merge_persons(member=bogdan, kept=twins[0], gone=twins[1])
    with pytest.raises(Problem, match=r"422\.600"):
        merge_persons(member=amina, kept=twins[0], gone=twins[0])
    merged = merge_persons(member=amina, kept=twins[0], gone=twins[1])
    with pytest.raises(Problem, match=r"409\.600"):
        merge_persons(member=amina, kept=twins[1], gone=twins[0])
    part_persons(member=amina, merge=merged)
    with pytest.raises(Problem, match=r"409\.601"):
        part_persons(member=amina, merge=merged)


def test_the_pages_lead_from_the_pair_to_the_merge_and_back(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member], signed_in: Callable[[Member], Client]
) -> None:
    amina, bogdan = key_holders
    client = keep_open(signed_in(amina), amina)
    listed = client.get(reverse("duplicates:list")).content.decode()
    assert twins[0].code in listed and twins[1].code in listed and "Quill" not in listed
    shown = client.get(reverse("duplicates:pair", args=[twins[0].ref, twins[1].ref])).content.decode()
    assert "Katarzyna Quill" in shown and "Catarzina Quill" in shown
    done = client.post(reverse("duplicates:merge", args=[twins[0].ref, twins[1].ref]), follow=True)
    assert done.status_code == 200
    stranger = keep_open(signed_in(bogdan), bogdan)
    theirs = stranger.get(reverse("duplicates:pair", args=[twins[0].ref, twins[1].ref])).content.decode()
    assert "Quill" not in theirs and "not on the team" in theirs


def test_what_is_taken_back_is_taken_back_for_both_codes(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    kept, gone = twins
    merge_persons(member=amina, kept=kept, gone=gone)
    withdraw_consent(member=amina, person=Person.objects.get(pk=kept.pk), said=Said("en"), groups=["identity"])
    names = [record for record in records_of(kept) if record.group == "identity"]
    assert len(names) == 2
    assert set(gate.read(member=amina, records=names).refused.values()) == {"403.10"}
    decline_consent(member=amina, person=Person.objects.get(pk=gone.pk), said=Said("en"), purpose="support")
    assert not contents(amina, kept)


def test_both_people_can_read_who_came_to_their_team_and_left_it(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    kept, gone = twins
    Seat.objects.create(person=kept, member=bogdan, since=timezone.localdate())
    merged = merge_persons(member=amina, kept=kept, gone=gone)
    part_persons(member=amina, merge=merged)
    lines = Seen.objects.filter(person=gone.ref, via="team").order_by("pk").values_list("recipient", flat=True)
    assert list(lines) == [f"joined:{bogdan.ref}", f"left:{bogdan.ref}"]
    assert not Seat.objects.filter(person=gone, member=bogdan, until=None).exists()


def test_a_sign_that_no_text_can_hold_is_a_numbered_problem(
    twins: tuple[Person, Person], key_holders: tuple[Member, Member], signed_in: Callable[[Member], Client]
) -> None:
    client = keep_open(signed_in(key_holders[0]), key_holders[0])
    url = reverse("duplicates:list")
    assert client.get(url, {"of": "\x00"}).status_code in (400, 404)
    assert client.get(url, {"of": twins[0].ref, "code": "\x00"}).status_code in (200, 400)


def test_a_colleague_s_person_reads_that_their_code_was_shown_once_a_day(key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    theirs = case(bogdan, "Katarzyna Quill (invented)", "1990", "20 30 40 50").person
    mine = case(amina, "Catarzina Quill (invented)", "1990", "20 30 40 50").person
    before = Seen.objects.filter(person=theirs.ref, member=amina).count()
    [pair] = reads.candidates(amina)
    assert (pair.mine, pair.other, pair.both) == (mine, theirs, False)
    reads.candidates(amina)
    lines = Seen.objects.filter(person=theirs.ref, member=amina, via="search")
    assert lines.count() == before + 1
    assert list(lines.values_list("groups", flat=True)) == [["identity"]]
