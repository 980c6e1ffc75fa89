"""Who has seen me: every line, in words, newest first. The same lines for the person and for whoever shows them to her."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scopes_disabled

from lygte.core.consent.codes import OWN, Group, Purpose, Via
from lygte.core.consent.models import Person, Seen
from lygte.core.consent.recipients import name_of

from . import marks

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_PAGE = 60
ARRIVED = gettext_lazy("Opened what was passed on")


@dataclass(frozen=True)
class Line:
    """One time that somebody saw, passed on, took or changed something, as the person reads it."""

    at: datetime
    what: StrOrPromise
    who: str
    role: StrOrPromise
    house: str
    to: str
    groups: tuple[StrOrPromise, ...]
    why: StrOrPromise
    own: bool  # the person did it
    emergency: bool


@dataclass(frozen=True)
class Day:
    """The lines of one day."""

    day: date
    lines: list[Line]


@dataclass(frozen=True)
class SeenPage:
    """One page of days, and the paginator's page for going on."""

    days: list[Day]
    page: Page[Seen]


def lines_about(people: Sequence[Person]) -> QuerySet[Seen]:
    """Return every line about a person; several, where records were found to be of the same person."""
    about = [one.ref for one in people]
    return Seen.objects.filter(person__in=about).select_related("member__user", "organisation").order_by("-at", "-pk")


def seen_page(people: Sequence[Person], number: str | None = None) -> SeenPage:
    """Return one page of the lines about a person, grouped by day."""
    page = Paginator(lines_about(people), A_PAGE).get_page(number)
    lines = together(in_words(page.object_list))
    by_day = groupby(lines, key=lambda line: timezone.localtime(line.at).date())
    return SeenPage([Day(day, list(of_day)) for day, of_day in by_day], page)


def in_words(rows: Iterable[Seen]) -> list[Line]:
    """Return lines as a person reads them."""
    found = list(rows)
    names = names_of([row.recipient for row in found])
    with scopes_disabled():  # of the lines' own people: only to tell their house from another
        homes = dict(Person.objects.filter(ref__in={row.person for row in found}).values_list("ref", "organisation"))
    return [_line(row, names, homes.get(row.person)) for row in found]


def together(lines: Iterable[Line]) -> list[Line]:
    """Return lines with what one member did in one way within one minute as one line, that names all its groups."""
    found: list[Line] = []
    for line in lines:
        last = found[-1] if found else None
        if last is not None and _same(last) == _same(line):
            groups = tuple(dict.fromkeys([*last.groups, *line.groups]))
            found[-1] = replace(last, groups=groups)
        else:
            found.append(line)
    return found


def _same(line: Line) -> tuple[object, ...]:
    minute = timezone.localtime(line.at).replace(second=0, microsecond=0)
    return minute, str(line.what), line.who, line.house, line.to, str(line.why), line.own


def _line(row: Seen, names: Mapping[str, str], home: int | None) -> Line:
    own = marks.by_the_person(row.recipient) or (row.via == Via.SLIP and row.member is None)
    to = names.get(row.recipient, "")
    by_words = (
        row.via == Via.REFERRAL and row.member is None
    )  # whoever had the twelve words: known by the service alone
    arrived = by_words or (row.via == Via.REFERRAL and home is not None and row.organisation_id != home)
    return Line(
        at=row.at,
        what=ARRIVED if arrived else marks.SENTENCES.get(row.recipient) or labels(Via, [row.via])[0],
        who=to if by_words else row.member.user.name if row.member else "",
        role=row.member.get_role_display() if row.member else "",
        house=row.organisation.name if row.organisation and not by_words else "",
        to=to,
        groups=labels(Group, row.groups),
        why=_why(row, own),
        own=own,
        emergency=row.via == Via.GLASS,
    )


def _why(row: Seen, own: bool) -> StrOrPromise:
    if own or row.recipient in marks.SENTENCES:
        return ""
    if row.via == Via.GLASS:
        return _("The reason that they gave stands among the notes in your record.")
    return labels(Purpose, [row.purpose])[0] if row.purpose else ""


def labels(words: type[Group] | type[Purpose] | type[Via], codes: Sequence[str]) -> tuple[StrOrPromise, ...]:
    """Return codes in words; one that is unknown here (made by a newer version) stays as it is."""
    known = dict(words.choices)
    return tuple(known.get(code, code) for code in codes)


def names_of(recipients: Iterable[str]) -> dict[str, str]:
    """Return in words to whom something was passed on; nothing stands for the organisation that keeps the record."""
    wanted = {recipient for recipient in recipients if recipient not in ("", OWN, *marks.SENTENCES)}
    return {recipient: str(name_of(recipient)) for recipient in wanted}
