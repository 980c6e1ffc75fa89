"""Named questions about cases. Each takes the member first and stays within their organisation.

Lists are made of days, codes and municipalities. There is no list by what somebody told: by health, nationality, papers,
a result or an identification; a test holds that. What is locked is opened for the rows of one page only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from lygte.core.access import fetch
from lygte.core.consent import gate
from lygte.core.consent.codes import Via
from lygte.core.consent.erasure import family as everybody_merged
from lygte.core.consent.models import LockedModel, Person, Seat
from lygte.core.models import Member, Role
from lygte.core.problems import Problem
from lygte.directory.areas import areas_within

from .finding import found
from .models import Case, Deadline, Name, Phase, Step

PAGE = 50
SOON = 7  # days that count as this week
DATES_AHEAD = 30  # a date that must not pass is shown this many days before
PHASE_AHEAD = 14
MOST_OF_DAY = 100  # a page for a person to read: the oldest come first


# One case ---------------------------------------------------------------------------------------------------------------
def case(member: Member, ref: str) -> Case:
    """Return one case with its person, or Problem 404.1."""
    if not ref.isalnum():  # it may come from behind a question mark, where anything can stand
        raise Problem("404.1")
    return fetch(member, Case, ref)


def case_of(member: Member, person: Person) -> Case | None:
    """Return the case of a person of the member's organisation, if there is one."""
    return Case.objects.filter(organisation=member.organisation, person=person).select_related("person").first()


def family(person: Person) -> list[Person]:
    """Return the person and whoever was found to be the same and merged into them."""
    return [person, *(one for one in everybody_merged(person) if one.pk != person.pk)]


def on_team(member: Member, person: Person) -> bool:
    """Tell whether a member has a seat on the team of a person."""
    return Seat.objects.filter(person=person, member=member, until=None).exists()


def team(person: Person) -> list[Seat]:
    """Return who works with a person, first the one they turn to."""
    return list(
        Seat.objects.filter(person=person, until=None).select_related("member__user").order_by("-first", "since", "pk")
    )


def vault_is_open(member: Member) -> bool:
    """Tell whether the member's session holds the keys, so that a list may show names."""
    return getattr(member, "keyring", None) is not None


# The list ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CaseFilter:
    """What the list of cases is asked for; empty means everything that is open, of the member's own people.

    These are all the ways in which cases can be listed.
    """

    q: str = ""
    state: str = "open"
    area: str = ""
    worker: str = ""
    due: str = ""
    all: bool = False


@dataclass(frozen=True)
class Row:
    """One case in the list: the code, a name where it may be shown, and the next day on which something is due."""

    case: Case
    called: str
    due: date | None
    first: str
    mine: bool


@dataclass(frozen=True)
class Slice:
    """One page of the list, newest first; `older` is where to go on from, `newer` says that this is not the start."""

    rows: list[Row] = field(default_factory=list)
    older: str = ""
    newer: bool = False


def may_see_all(member: Member) -> bool:
    """Tell whether the member may list the codes of cases that are not their own: only coordinators."""
    return member.role == Role.COORDINATOR


def code_of(words: str) -> str:
    """Return a code as it is stored, if that is what somebody typed; codes have eight signs."""
    signs = "".join(sign for sign in words.upper() if sign.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == 8 else ""


def cases(member: Member, wanted: CaseFilter, *, after: str = "", size: int = PAGE) -> Slice:
    """Return a page of cases, newest first, starting after the case whose reference is given."""
    rows = matching(member, wanted)
    if after:
        last = case(member, after)
        rows = rows.filter(opened_on__lte=last.opened_on)
        rows = rows.filter(Q(opened_on__lt=last.opened_on) | Q(opened_on=last.opened_on, id__lt=last.pk))
    page = list(rows.select_related("person", "organisation").order_by("-opened_on", "-id")[: size + 1])
    more, page = len(page) > size, page[:size]
    return Slice(rows_of(member, page), older=page[-1].ref if more else "", newer=bool(after))


def matching(member: Member, wanted: CaseFilter) -> QuerySet[Case]:
    """Return the cases that a filter asks for; without `all`, those of the member's own people."""
    rows = Case.objects.filter(organisation=member.organisation, person__merged_into=None)
    if wanted.q:
        return rows.filter(_by_words(member, wanted.q))
    if not (wanted.all and may_see_all(member)):
        rows = rows.filter(_seat_of(member))
    elif wanted.worker:
        rows = rows.filter(_seat_of(fetch(member, Member, wanted.worker)))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.area:
        rows = rows.filter(area__in=areas_within(wanted.area))
    if wanted.due:
        rows = rows.filter(_due_until(wanted.due))
    return rows


def _seat_of(member: Member) -> Exists:
    return Exists(Seat.objects.filter(person=OuterRef("person"), member=member, until=None))


def _by_words(member: Member, words: str) -> Q:
    """Find by code in the whole organisation, so that a colleague can stand in; by name or number one's own people."""
    by_code = Q(person__code=code_of(words))
    return by_code if code_of(words) and Case.objects.filter(by_code).exists() else Q(person__in=found(member, words))


def _due_until(due: str) -> Q:
    today = timezone.localdate()
    last = today - timedelta(days=1) if due == "overdue" else today + timedelta(days=SOON)
    steps = Step.objects.filter(person=OuterRef("person"), state="open", due__lte=last)
    dates = Deadline.objects.filter(person=OuterRef("person"), ended_on=None, due__lte=last)
    return Q(Exists(steps)) | Q(Exists(dates))


def rows_of(member: Member, page: Sequence[Case]) -> list[Row]:
    """Return the rows of a page: three questions to the database however many rows, names through the gate."""
    persons = [one.person_id for one in page]
    due = next_days(persons)
    seats = Seat.objects.filter(person__in=persons, until=None).select_related("member__user")
    first: dict[int, str] = {}
    mine: set[int] = set()
    for seat in seats:
        if seat.first:
            first[seat.person_id] = seat.member.user.name
        if seat.member_id == member.pk:
            mine.add(seat.person_id)
    called = called_of(member, [one.person for one in page if one.person_id in mine])
    return [
        Row(
            one,
            called.get(one.person_id, ""),
            due.get(one.person_id),
            first.get(one.person_id, ""),
            one.person_id in mine,
        )
        for one in page
    ]


def next_days(persons: Iterable[int]) -> dict[int, date]:
    """Return for persons, by primary key, the next day on which a step or a date of theirs is due."""
    people = list(persons)
    found: dict[int, date] = {}
    steps = Step.objects.filter(person__in=people, state="open", due__isnull=False)
    dates = Deadline.objects.filter(person__in=people, ended_on=None)
    for rows in (steps, dates):
        for person, day in rows.order_by().values_list("person").annotate(Min("due")):
            found[person] = min(day, found.get(person, day))
    return found


def called_of(member: Member, persons: Iterable[Person], via: str = Via.LIST) -> dict[int, str]:
    """Return what persons want to be called, where they agreed to that and the member is on their team."""
    if not vault_is_open(member):
        return {}
    names = list(Name.objects.filter(person__in=[p.pk for p in persons]).select_related("person"))
    opened = gate.read(member=member, records=names, via=via)
    return {name.person_id: called_in(opened.get(name)) for name in names}


def called_in(values: Mapping[str, Any]) -> str:
    return str(values.get("called") or values.get("name") or "")


def areas_in_use(member: Member) -> list[str]:
    """Return the municipalities where the organisation has cases."""
    rows = Case.objects.filter(organisation=member.organisation).order_by().values_list("area", flat=True)
    return list(rows.distinct())


def colleagues(member: Member) -> QuerySet[Member]:
    """Return the active members of the organisation, by name."""
    return Member.objects.filter(organisation=member.organisation, active=True).select_related("user")


# My day -----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Due:
    """One thing that is due: a step, a date that must not pass, or the end of a phase."""

    kind: str
    record: LockedModel
    case: Case
    day: date
    late: bool
    called: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)


def my_steps(member: Member) -> QuerySet[Step]:
    """Return the open steps that are the member's to do, of open cases."""
    return Step.objects.filter(
        organisation=member.organisation, member=member, state="open", person__case__state="open"
    ).filter(_seat_of(member))


def my_dates(member: Member) -> QuerySet[Deadline]:
    """Return the dates that still run, of the people with whom the member works."""
    return Deadline.objects.filter(organisation=member.organisation, ended_on=None, person__case__state="open").filter(
        _seat_of(member)
    )


def my_phases(member: Member) -> QuerySet[Phase]:
    """Return the phases that end soon, of the people with whom the member works."""
    today = timezone.localdate()
    return Phase.objects.filter(
        organisation=member.organisation,
        starts_on__lte=today,
        ends_on__gte=today - timedelta(days=SOON),
        ends_on__lte=today + timedelta(days=PHASE_AHEAD),
        person__case__state="open",
    ).filter(_seat_of(member))


def my_day(member: Member, *, days: int = SOON) -> list[Due]:
    """Return what is due until in so many days, the oldest first; opened in one go, where the session is open."""
    today = timezone.localdate()
    related = ("person", "person__case")
    steps = my_steps(member).filter(due__lte=today + timedelta(days=days)).order_by("due", "pk")
    dates = my_dates(member).filter(due__lte=today + timedelta(days=DATES_AHEAD)).order_by("due", "pk")
    records: list[tuple[str, Any, date]] = [
        *(("step", step, step.due or today) for step in steps.select_related(*related)[:MOST_OF_DAY]),
        *(("date", one, one.due) for one in dates.select_related(*related)[:MOST_OF_DAY]),
        *(("phase", one, one.ends_on) for one in my_phases(member).select_related(*related)[:MOST_OF_DAY]),
    ]
    return _opened(member, records, today)


def without_a_day(member: Member) -> list[Due]:
    """Return the member's open steps that have no day."""
    steps = my_steps(member).filter(due=None).select_related("person", "person__case")[:PAGE]
    today = timezone.localdate()
    return _opened(member, [("step", step, today + timedelta(days=1)) for step in steps], today)


def _opened(member: Member, records: Sequence[tuple[str, Any, date]], today: date) -> list[Due]:
    persons = {record.person_id: record.person for _kind, record, _day in records}
    names = {n.person_id: n for n in Name.objects.filter(person__in=list(persons)).select_related("person")}
    opened = gate.Opened()
    if vault_is_open(member) and records:
        wanted: list[LockedModel] = [record for _kind, record, _day in records]
        opened = gate.read(member=member, records=[*wanted, *names.values()], via=Via.LIST)
    found = []
    for kind, record, day in records:
        name = names.get(record.person_id)
        called = called_in(opened.get(name)) if name else ""
        found.append(Due(kind, record, record.person.case, day, day < today, called, opened.get(record)))
    return sorted(found, key=lambda due: (due.day, due.kind, due.record.pk))


def counts_of_day(member: Member) -> tuple[int, int, date | None]:
    """Return how many things are late, how many are due today, and the earliest day; nothing is opened for it."""
    today = timezone.localdate()
    steps = my_steps(member).filter(due__lte=today).values_list("due", flat=True)
    dates = my_dates(member).filter(due__lte=today).values_list("due", flat=True)
    days = [day for day in (*steps, *dates) if day is not None]
    late = sum(day < today for day in days)
    return late, len(days) - late, min(days, default=None)


# The board of dates -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BoardRow:
    """One date on the board: a code and a day. Which date it is stands on the page of the case."""

    deadline: Deadline
    case: Case
    days: int


def board(member: Member, *, all_of_them: bool = False, over: bool = False, size: int = PAGE * 4) -> list[BoardRow]:
    """Return dates that must not pass, the nearest first: of one's own people, or for coordinators of all."""
    found = Deadline.objects.filter(
        organisation=member.organisation,
        ended_on__isnull=not over,
        person__case__isnull=False,
        person__merged_into=None,
    )
    if not (all_of_them and may_see_all(member)):
        found = found.filter(_seat_of(member))
    today = timezone.localdate()
    order = ("-due", "-pk") if over else ("due", "pk")
    rows = found.select_related("person", "person__case").order_by(*order)[:size]
    return [BoardRow(row, row.person.case, (row.due - today).days) for row in rows]


# The calendar -------------------------------------------------------------------------------------------------------------
def days_with_something(member: Member) -> list[date]:
    """Return the days from a month ago on, on which something of the member's is due: the days and nothing else."""
    since = timezone.localdate() - timedelta(days=30)
    days = {
        *my_steps(member).filter(due__gte=since).values_list("due", flat=True),
        *my_dates(member).filter(due__gte=since).values_list("due", flat=True),
    }
    return sorted(day for day in days if day is not None)
