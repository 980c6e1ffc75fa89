"""Making records of a file: each person with a new key, a consent recorded here, and all of it or nothing.

A table goes through the same actions as a page. A person's own file keeps its days and states as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lygte.care.support.cases.handover import ENDINGS, RECORDS, Agreed, Told, actions, open_case
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Group
from lygte.core.consent.ledger import Said
from lygte.core.consent.models import LockedModel, Person
from lygte.core.models import Member
from lygte.core.problems import Problem

from .models import Brought, CameAlong
from .plans import Planned, Table, read_plan
from .portable import ONCE, Carried, Piece, read_carried

OLDEST = timedelta(days=366 * 5)  # of a day that a case may begin on
ORDER = ("name", "reach", "situation", "health", "goal", "step", "phase", "note", "measure", "deadline",
         "identification", "along")  # fmt: skip
HAS_MEMBER = frozenset({"note", "measure", "along"})


@dataclass(frozen=True)
class Given:
    """What a file does not say and a worker does: how the person was asked, where, in which language."""

    said: Said
    area: str
    way_in: str
    language: str


@dataclass(frozen=True)
class Arrived:
    """What became of a file."""

    brought: Brought
    cases: list[Any] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return self.brought.ref


def _count(arrived: Arrived) -> Mapping[str, object]:
    return {"brought": arrived.brought.kind, "cases": len(arrived.cases)}


def _note(member: Member, token: str, kind: str, cases: int) -> Brought:
    """Note that a file came in; a second press of the same button ends here."""
    if Brought.objects.filter(ref=token).exists():
        raise Problem("409.610")
    return Brought.objects.create(
        ref=token, organisation=member.organisation, member=member, at=timezone.now(), kind=kind, cases=cases
    )


def _usual(day: date | None) -> date | None:
    today = timezone.localdate()
    return day if day is not None and today - OLDEST < day <= today else None


# A table ------------------------------------------------------------------------------------------------------------------
def require_sound(table: Table) -> Table:
    """Raise Problem 422.622 with every problem of a table, if it has any."""
    if table.problems:
        raise Problem("422.622", count=len(table.problems), parts=table.problems)
    return table


@action(Verb.CASE_OPEN, details=_count)
def bring_table(*, member: Member, token: str, content: bytes, given: Given, leave_out: bool = False) -> Arrived:
    """Open a case for each row, with the consent that the row states recorded as of today.

    Raises Problem 422.622 with what is wrong, row by row, and 422.623 where something has no place and nobody said that
    it may stay out; then nothing is brought in at all.
    """
    table = require_sound(read_plan(content))
    if (table.left_out or table.unknown) and not leave_out:
        raise Problem("422.623")
    brought = _note(member, token, "table", len(table.rows))
    return Arrived(brought, [_case_of(member, row, given) for row in table.rows])


def _case_of(member: Member, row: Planned, given: Given) -> Any:
    case = open_case(
        member=member,
        said=given.said,
        agreed=Agreed(row.groups),
        area=given.area,
        way_in=given.way_in,
        language=row.language or given.language,
        asked_on=_usual(row.asked_on),
        told=Told("", row.name, row.reach),
    )
    person = case.person
    if row.citizenship:
        _about(member, person, "situation", {"citizenship": row.citizenship})
    if row.goal:
        actions.add_goal(member=member, person=person, words=row.goal)
    if row.step:
        actions.add_step(member=member, person=person, what=row.step)
    for text in row.notes:
        actions.add_note(member=member, person=person, text=text)
    if row.state:
        actions.add_identification(
            member=member, person=person, state=row.state, day=timezone.localdate(), by=row.by,
            remark=_("From a file. The day is the one on which it was brought in."),
        )  # fmt: skip
    return actions.close_case(member=member, case=case, ending=row.ending) if row.ending else case


def _about(member: Member, person: Person, kind: str, values: Mapping[str, Any]) -> LockedModel:
    """Write what a person tells about themselves, of which there is one record a kind."""
    model: Any = RECORDS[kind]
    written: LockedModel = actions.write_about(member=member, person=person, kind=model, values=values)
    return written


# A person's own file --------------------------------------------------------------------------------------------------------
@action(Verb.CASE_OPEN, details=_count)
def bring_person(*, member: Member, token: str, content: bytes, groups: Collection[str], given: Given) -> Arrived:
    """Keep what a person brought with them, in the groups to which they say yes here, under a key of their own.

    Raises Problem 422.620 for a file that no person took away from Lygte, 422.31 where they said yes to nothing.
    """
    carried = read_carried(content)
    brought = _note(member, token, "portable", 1)
    case = _open(member, carried, groups, given)
    kept = [piece for piece in carried.pieces if piece.group in groups]
    goals: dict[str, LockedModel] = {}
    for kind in ORDER:
        for piece in kept:
            if piece.kind == kind:
                record = _keep(member, case.person, piece, goals)
                if kind == "goal":
                    goals[piece.ref] = record
    for one in carried.words:
        if one.group in groups:
            _along(member, case.person, one.group, one.title, one.text)
    _keep_who(member, case.person, carried, kept)
    return Arrived(brought, [case])


def _open(member: Member, carried: Carried, groups: Collection[str], given: Given) -> Any:
    piece = carried.case
    columns: Mapping[str, Any] = piece.columns if piece and piece.group in groups else {}
    case = open_case(
        member=member,
        said=given.said,
        agreed=Agreed(groups),
        area=given.area,
        way_in=given.way_in,
        language=given.language,
        asked_on=_usual(columns.get("asked_on")),
        opened_on=_usual(columns.get("opened_on")),
        told=Told(str(piece.values.get("asked", "")) if piece and piece.group in groups else ""),
    )
    if columns.get("first_step_on"):
        case.first_step_on = columns["first_step_on"]
        case.save(update_fields=["first_step_on"])
    if said := _said_of(columns):
        _along(member, case.person, Group.GOALS, _("The case elsewhere"), said)
    return case


def _said_of(columns: Mapping[str, Any]) -> str:
    """Return what of the case elsewhere does not hold here: that it is closed, and days too long ago for a case."""
    lines = []
    if columns.get("state") == "closed":
        ended = columns.get("closed_on")
        lines.append(_("The support there ended: %(how)s") % {"how": ENDINGS.get(columns.get("ending", ""), "–")})
        lines += [date_format(ended, "DATE_FORMAT")] if ended else []
    for name, words in (("asked_on", _("Asked for help there on")), ("opened_on", _("Opened there on"))):
        day = columns.get(name)
        if day is not None and _usual(day) is None:
            lines.append(f"{words} {date_format(day, 'DATE_FORMAT')}")
    return "\n".join(lines)


def _keep(member: Member, person: Person, piece: Piece, goals: Mapping[str, LockedModel]) -> LockedModel:
    if piece.kind in ONCE:
        return _about(member, person, piece.kind, piece.values)
    model = RECORDS.get(piece.kind, CameAlong)
    columns = dict(piece.columns)
    if piece.kind in HAS_MEMBER:
        columns["member"] = member
    if piece.kind == "step":
        columns["goal"] = goals.get(piece.goal)
        columns["member"] = member if columns.get("doer") in ("worker", "together") else None
    if piece.kind == "along":
        columns["of_group"] = piece.group
    record = model(organisation=member.organisation, person=person, **columns)
    gate.write(member=member, record=record, values=piece.values)
    return record


def _along(member: Member, person: Person, group: str, title: str, text: str) -> None:
    record = CameAlong(
        organisation=member.organisation, person=person, of_group=group, day=timezone.localdate(), member=member
    )
    gate.write(member=member, record=record, values={"title": title, "text": text})


def _keep_who(member: Member, person: Person, carried: Carried, kept: Collection[Piece]) -> None:
    """Keep who wrote what elsewhere: here the records are under the name of who brought them in."""
    lines: dict[str, list[str]] = {}
    for piece in kept:
        if piece.who:
            model = RECORDS.get(piece.kind, CameAlong)
            day = next(
                (piece.columns[name] for name in ("day", "set_on", "opened_on") if piece.columns.get(name)), None
            )
            what = (
                f"{model._meta.verbose_name} {date_format(day, 'SHORT_DATE_FORMAT')}"
                if day
                else str(model._meta.verbose_name)
            )
            lines.setdefault(piece.group, []).append(f"{what}: {'; '.join(piece.who)}")
    for group, said in lines.items():
        _along(member, person, group, _("Who wrote it at %(house)s") % {"house": carried.house or "–"}, "\n".join(said))
