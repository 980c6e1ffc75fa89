"""Making a file: of one person by whoever works with them, of several by two people. Each person's own consent decides.

The consent is asked again at the moment in which the file is made; the file is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone

from lygte.care.support.cases.handover import family
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose, Via
from lygte.core.consent.models import Person
from lygte.core.consent.team import is_seated
from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of
from lygte.directory.services.models import Service

from . import cells, mapping, standard
from .lives import locked_of
from .models import FORMATS, Taken, Takeout
from .recipients import agreed_to, recipient_of, require_receiver

MOST_PEOPLE = 50
ALONE_A_DAY = 5  # files that one member makes without a second person within 24 hours
PEOPLE_A_DAY = 100  # people in files of one organisation within 24 hours
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
MARKS = tuple(cells.EXTRA + name for name in ("TakenOutBy", "TakenOutAt", "TakenOutFor", "UseUntil", "File"))


@dataclass(frozen=True)
class File:
    """A file as it leaves: made here, handed to the browser, kept nowhere."""

    takeout: Takeout
    content: bytes

    @property
    def ref(self) -> str:
        return self.takeout.ref

    @property
    def type(self) -> str:
        return TYPES[self.takeout.format]

    @property
    def name(self) -> str:
        return f"cases.{self.takeout.format}"  # says nothing about anybody


def _counted(made: Takeout) -> Mapping[str, object]:
    return {"persons": made.persons, "fields": len(made.fields), "service": made.service.ref, "state": made.state}


def _check(fields: Collection[str], form: str) -> list[str]:
    chosen = [name for name in mapping.FILLED if name in set(fields)]
    if not chosen or len(chosen) != len(set(fields)) or form not in dict(FORMATS):
        raise Problem("422.617")
    return chosen


def _require_measure(member: Member, people: int, *, alone: bool) -> None:
    """Raise Problem 429.610 when enough has left within 24 hours; two who ask at once are counted one after the other."""
    Organisation.objects.select_for_update().get(pk=member.organisation_id)
    lately = Takeout.objects.filter(
        organisation=member.organisation, state="made", made_at__gt=timezone.now() - timedelta(days=1)
    )
    own = lately.filter(asked_by=member, decided_by=None).count()
    total = lately.aggregate(total=Sum("persons"))["total"] or 0
    if (alone and own >= ALONE_A_DAY) or total + people > PEOPLE_A_DAY:
        raise Problem("429.610", most=ALONE_A_DAY, persons=PEOPLE_A_DAY)


@action(Verb.CASE_EXPORT, details=lambda file: _counted(file.takeout))
def take_out(*, member: Member, person: Person, service: Service, fields: Collection[str], form: str) -> File:
    """Make the file of one person for one service. Raises Problem 403.11 for who is not on the team, 403.611 without consent,
    403.610 for an authority, 409.611 for a closed service, 422.617 where nothing would leave, 429.610 after too many."""
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not is_seated(member, person):
        raise Problem("403.11")
    made = _noted(member, require_receiver(service), _check(fields, form), form, 1)
    _require_measure(member, 1, alone=True)
    Taken.objects.create(takeout=made, person=person)
    return _make(member, made)


@action(Verb.CASE_EXPORT, details=_counted)
def ask_takeout(
    *, member: Member, people: Sequence[Person], service: Service, fields: Collection[str], form: str
) -> Takeout:
    """Ask a second person for a file of several people; nothing leaves yet."""
    chosen = list({person.pk: person for person in people}.values())
    if not 2 <= len(chosen) <= MOST_PEOPLE:
        raise Problem("422.619", most=MOST_PEOPLE)
    if any(person.organisation_id != member.organisation_id for person in chosen):
        raise Problem("404.1")
    if not all(is_seated(member, person) for person in chosen):
        raise Problem("403.11")
    receiver = require_receiver(service)
    if not any(yes.groups for yes in agreed_to(chosen, receiver).values()):
        raise Problem("403.611")
    asked = _noted(member, receiver, _check(fields, form), form, len(chosen))
    Taken.objects.bulk_create(Taken(takeout=asked, person=person) for person in chosen)
    return asked


def _noted(member: Member, service: Service, fields: list[str], form: str, people: int) -> Takeout:
    return Takeout.objects.create(
        organisation=member.organisation,
        service=service,
        kind=service.kind,
        fields=fields,
        format=form,
        persons=people,
        state="asked",
        asked_by=member,
        asked_at=timezone.now(),
    )


def _held(member: Member, takeout: Takeout, state: str) -> Takeout:
    if takeout.organisation_id != member.organisation_id:
        raise Problem("404.1")
    found = Takeout.objects.select_for_update(of=("self",)).select_related("service").get(pk=takeout.pk)
    if found.state != state:
        raise Problem("409.612")
    return found


@action(Verb.CASE_EXPORT, details=_counted)
def confirm_takeout(*, member: Member, takeout: Takeout) -> Takeout:
    """Say yes as the second person. Raises Problem 403.13 for the first."""
    held = _held(member, takeout, "asked")
    if held.asked_by_id == member.pk:
        raise Problem("403.13")
    require_receiver(held.service)
    return _decided(member, held, "confirmed")


@action(Verb.CASE_EXPORT, details=_counted)
def refuse_takeout(*, member: Member, takeout: Takeout) -> Takeout:
    """Say no, as either of the two; one is enough for a no."""
    held = _held(member, takeout, takeout.state if takeout.state in ("asked", "confirmed") else "asked")
    return _decided(member, held, "refused")


def _decided(member: Member, held: Takeout, state: str) -> Takeout:
    held.state, held.decided_by, held.decided_at = state, member, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])
    return held


@action(Verb.CASE_EXPORT, details=lambda file: _counted(file.takeout))
def make_takeout(*, member: Member, takeout: Takeout) -> File:
    """Make the file that a second person confirmed: once, by who asked for it, of those who agree at this moment.

    Raises Problem 409.613 when a day has passed, 403.611 when nobody agrees any more.
    """
    held = _held(member, takeout, "confirmed")
    if held.asked_by_id != member.pk:
        raise Problem("404.1")
    if held.over(timezone.now()):
        raise Problem("409.613")
    require_receiver(held.service)
    _require_measure(member, held.persons, alone=False)
    return _make(member, held)


def _make(member: Member, takeout: Takeout) -> File:
    """Open what each person agrees to at this moment, of the kinds that were chosen, and write the file from it."""
    keyring_of(member)
    lines = list(takeout.people.select_related("person__organisation"))
    seated = [line for line in lines if is_seated(member, line.person)]
    everybody = [one for line in seated for one in family(line.person)]
    gate.hold_still([one.pk for one in everybody])
    said = agreed_to(everybody, takeout.service)
    kinds = mapping.kinds_for(takeout.fields)
    found = {
        line.pk: locked_of(line.person, kinds, said[line.person_id].groups)
        for line in seated
        if said[line.person_id].groups
    }
    opened = gate.read(
        member=member,
        records=[record for one in found.values() for record in one.records],
        via=Via.EXPORT,
        purpose=Purpose.REFERRAL,
        recipient=recipient_of(takeout.service),
    )
    inside: dict[int, dict[str, str]] = {}
    for line in seated:
        if line.pk in found and (row := mapping.row_of(found[line.pk].life(opened), takeout.fields)):
            inside[line.pk] = row | _marks(member, takeout, said[line.person_id].until)
    if not found:
        raise Problem("403.611")
    if not inside:
        raise Problem("422.617")
    Taken.objects.filter(pk__in=inside).update(inside=True)
    takeout.state, takeout.made_at, takeout.persons = "made", timezone.now(), len(inside)
    takeout.save(update_fields=["state", "made_at", "persons"])
    return File(takeout, _content(takeout, [{standard.CONSENT: "TRUE"} | row for row in inside.values()]))


def _marks(member: Member, takeout: Takeout, until: date | None) -> dict[str, str]:
    """Return what every row says about itself, for rows are copied apart: who took it out, when, for whom, until when."""
    said = (
        f"{member.user.name}, {member.organisation.name}",
        timezone.now().isoformat(timespec="seconds"),
        takeout.service.name,
        until.isoformat() if until else "",
        takeout.ref,
    )
    return dict(zip(MARKS, said, strict=True))


def _content(takeout: Takeout, rows: Sequence[Mapping[str, str]]) -> bytes:
    columns = [*mapping.COLUMNS, *MARKS]
    about = {name.removeprefix(cells.EXTRA): rows[0][name] for name in MARKS if name != MARKS[3]}
    if takeout.format == "json":
        return cells.json_of(columns, rows, about)
    if takeout.format == "xlsx":
        return cells.xlsx_of(columns, rows, "; ".join(about.values()))
    return cells.csv_of(columns, rows)
