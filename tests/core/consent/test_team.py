"""Who works with a person is changed by the team or a coordinator, and the person can read each change."""

from __future__ import annotations

import pytest

from lygte.core.consent import gate, team
from lygte.core.consent.models import Person, Seat, Seen
from lygte.core.members import remove_member
from lygte.core.models import Member, Organisation, Role, User
from lygte.core.problems import Problem
from lygte.core.today import collect

from .conftest import note

pytestmark = pytest.mark.usefixtures("everywhere")


def colleague(organisation: Organisation, name: str, role: str = Role.WORKER) -> Member:
    user = User.objects.create_user(f"{name}@example.org", "four unrelated quiet words", name=name.title())
    return Member.objects.create(user=user, organisation=organisation, role=role)


def told(person: Person) -> list[tuple[str, str]]:
    found = Seen.objects.filter(person=person.ref, via="team").order_by("pk")
    return [(line.member.user.name, line.recipient.split(":")[0]) for line in found]


def test_whoever_is_on_the_team_can_invite_and_the_person_reads_it(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    record = note(amina, person, "sentinel")
    team.join_team(member=amina, person=person, other=bogdan)
    assert gate.read(member=bogdan, records=[record]).get(record) == {"reason": "sentinel"}
    assert told(person) == [("Amina", "joined")]


def test_a_colleague_who_is_not_on_the_team_cannot_let_themselves_in(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    worker = colleague(amina.organisation, "kirsten")
    with pytest.raises(Problem, match=r"403\.11"):
        team.join_team(member=worker, person=person, other=worker)
    assert told(person) == []


def test_a_coordinator_can_step_in_so_that_nobody_is_left_alone_and_the_person_reads_it(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    team.leave_team(member=amina, person=person, other=amina)
    assert [one.pk for one in team.nobody_with(bogdan)] == [person.pk]
    team.join_team(member=bogdan, person=person, other=bogdan)
    assert Seat.objects.get(person=person, until=None).first
    assert told(person) == [("Amina", "left"), ("Bogdan", "joined")]


def test_there_is_one_first_worker(person: Person, key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    team.join_team(member=amina, person=person, other=bogdan)
    team.make_first(member=amina, person=person, other=bogdan)
    assert [seat.member for seat in team.seats_of(person)] == [bogdan, amina]
    assert list(Seat.objects.filter(person=person, first=True).values_list("member", flat=True)) == [bogdan.pk]
    with pytest.raises(Problem, match=r"409\.15"):
        team.join_team(member=amina, person=person, other=bogdan)


def test_whoever_leaves_the_organisation_leaves_every_team_and_today_tells_the_coordinator(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    assert not [need for need in collect(bogdan) if person.code in need.detail]
    carla = colleague(amina.organisation, "carla", Role.COORDINATOR)
    remove_member(member=carla, other=amina)
    assert not Seat.objects.filter(member=amina, until=None).exists()
    assert told(person) == [("Carla", "left")]
    assert [need for need in collect(bogdan) if person.code in need.detail]


def test_nobody_of_another_organisation_joins(
    person: Person, key_holders: tuple[Member, Member], chika: Member, dorte: Member
) -> None:
    amina, bogdan = key_holders
    for acting, other in ((amina, chika), (chika, chika), (bogdan, dorte)):
        with pytest.raises(Problem, match=r"404\.1"):
            team.join_team(member=acting, person=person, other=other)
