"""A person with a whole life on record, services that may and may not have a file, and a yes to one: all invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lygte.care.support.cases import actions
from lygte.care.support.cases.actions.cases import Told
from lygte.care.support.cases.models import Health, Situation
from lygte.care.support.exchange.cells import restored
from lygte.care.support.exchange.recipients import recipient_of
from lygte.core.consent.codes import EVERY_GROUP, Purpose
from lygte.core.consent.ledger import Said, record_consent
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.directory.services.actions import Entry, add_service
from lygte.directory.services.models import Service
from tests.care.support.cases.conftest import make_case
from tests.conftest import keep_open, make_member, open_vault

SPOKEN = Said("th")


@pytest.fixture
def amina(key_holders: tuple[Member, Member]) -> Member:
    """Amina with her keyring open; she is on the team."""
    return key_holders[0]


@pytest.fixture
def bogdan(key_holders: tuple[Member, Member]) -> Member:
    return key_holders[1]


@pytest.fixture(autouse=True)
def _inside(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests of this room stand inside Lanternen, as a request of its members does."""
    if "key_holders" not in request.fixturenames:
        yield
        return
    amina, _bogdan = request.getfixturevalue("key_holders")
    with scope(organisation=amina.organisation):
        yield


@pytest.fixture
def chika_at_home(db: None) -> tuple[Member, Member]:
    """Two key-holders of another organisation, to which a person may carry their file."""
    from lygte.core.models import Role, User
    from tests.conftest import PASSWORD

    first = make_member("chika")
    user = User.objects.create_user("iris@example.org", PASSWORD, name="Iris")
    second = Member.objects.create(user=user, organisation=first.organisation, role=Role.WORKER)
    return open_vault(first, second)


@pytest.fixture
def shelter(bogdan: Member) -> Service:
    entry = Entry(
        name="Night shelter (invented)", kind="housing", run_by="A foundation (invented)", areas=("DK",),
        front_gate="Telephone 00 00 00 00", needs={"alias": "To call you by it"},
    )  # fmt: skip
    return add_service(member=bogdan, entry=entry)


@pytest.fixture
def other_shelter(bogdan: Member) -> Service:
    entry = Entry(name="Day house (invented)", kind="counselling", run_by="A parish (invented)", areas=("DK",))
    return add_service(member=bogdan, entry=entry)


@pytest.fixture
def police(bogdan: Member) -> Service:
    entry = Entry(name="Police district (invented)", kind="police", run_by="Police (invented)", areas=("DK",))
    return add_service(member=bogdan, entry=entry)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def whole_life(member: Member, groups: Collection[str] = EVERY_GROUP) -> Person:
    """Return a person with a record of every kind that a case can have."""
    told = Told("A room of my own", {"called": "Mali"}, {"phone": "+45 20 00 00 01", "mail": "mali@example.org"})
    case = make_case(member, groups, told=told, asked_on=in_days(-40), opened_on=in_days(-30))
    person = case.person
    actions.write_about(
        member=member, person=person, kind=type_of("name"), based_on=1,
        values={"called": "Mali", "name": "Mali Ann Suksai", "born": "04.05.1996", "gender": "Kvinde"},
    )  # fmt: skip
    actions.write_about(
        member=member, person=person, kind=Situation,
        values={"home": "=cmd|' /C calc'!A0", "citizenship": "TH, Denmark", "papers": "A permit until May"},
    )  # fmt: skip
    actions.write_about(member=member, person=person, kind=Health, values={"needs": "sentinel-health", "care": "None"})
    goal = actions.add_goal(
        member=member, person=person, words="The key to my own room\n+45 is my code", life_area="home"
    )
    done = actions.add_goal(member=member, person=person, words="Read my letters")
    actions.set_goal_state(member=member, goal=done, state="reached", on=in_days(-2))
    step = actions.add_step(member=member, person=person, what="Call the housing office", due=in_days(3), goal=goal)
    actions.add_step(member=member, person=person, what="Bring the letters", doer="person")
    actions.set_step_state(member=member, step=step, state="done", on=in_days(-1))
    first = actions.start_phases(member=member, person=person, starts_on=in_days(-10), months=9)
    actions.change_phase(
        member=member, phase=first, plan="Often together", handover="The shelter", starts_on=first.starts_on,
        ends_on=first.ends_on, based_on=1,
    )  # fmt: skip
    actions.add_note(member=member, person=person, text='She laughed, "finally"; it rained', day=in_days(-5))
    actions.add_note(member=member, person=person, text="@home, she said\tand stayed", day=in_days(-4))
    actions.add_measure(member=member, person=person, instrument="who5", answers=who5_answers(), day=in_days(-6))
    deadline = actions.add_deadline(
        member=member, person=person, kind="reflection_dk", starts_on=in_days(-20), about="sentinel-deadline"
    )
    actions.extend_deadline(member=member, deadline=deadline, due=deadline.due + timedelta(days=10))
    over = actions.add_deadline(member=member, person=person, kind="appeal", starts_on=in_days(-9), due=in_days(1))
    actions.end_deadline(member=member, deadline=over, outcome="declined")
    actions.add_identification(member=member, person=person, state="presumed", day=in_days(-25), by="Lanternen")
    actions.add_identification(
        member=member, person=person, state="assessed", day=in_days(-15), by="politi", remark="R"
    )
    return person


def who5_answers() -> dict[str, int]:
    from lygte.care.support.cases.measures import INSTRUMENTS

    return {item.key: 3 for item in INSTRUMENTS["who5"].items}


def type_of(kind: str) -> type:
    from lygte.care.support.cases.handover import RECORDS

    return RECORDS[kind]


@pytest.fixture
def mali(amina: Member) -> Person:
    return whole_life(amina)


def say_yes(
    member: Member, person: Person, service: Service, groups: Collection[str] = EVERY_GROUP, days: int | None = 30
) -> None:
    """Record that a person agrees to a file for a service."""
    record_consent(
        member=member, person=person, purpose=Purpose.REFERRAL, groups=groups, said=SPOKEN,
        recipient=recipient_of(service), until=in_days(days) if days is not None else None,
    )  # fmt: skip


def table_of(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file as its reader gets them, apostrophes taken away."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: restored(text) for name, text in row.items()} for row in rows]


@pytest.fixture
def client_of(signed_in: Callable[[Member], Client]) -> Callable[[Member], Client]:
    """Return a signed-in client with the locked part open."""
    return lambda member: keep_open(signed_in(member), member)
