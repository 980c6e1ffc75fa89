"""What pages about consent show, and what waits for somebody. Nothing locked is opened here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..access import Verb, fetch, may
from ..people import Member, Role
from ..today import Need, needs
from . import glass, team
from .codes import OWN, Group, Purpose
from .gate import events_of
from .models import Consent, Person
from .recipients import name_of
from .rules import DECLINED, GRANT, Event, live_grants
from .texts import OWN_NAMES

SOME = 3  # how many codes Today names


def person_of(member: Member, ref: str) -> Person:
    """Return a person of the member's organisation, or Problem 404.1."""
    found = fetch(member, Person, ref)
    return Person.objects.select_related("organisation").get(pk=found.pk)


@dataclass(frozen=True)
class Standing:
    """Something that the person agrees to now."""

    purpose: str
    recipient: str
    recipient_name: str
    groups: list[str]
    until: date | None
    since: date


@dataclass(frozen=True)
class Line:
    """One line of the history, in words."""

    at: object
    kind: str
    said: str
    purpose: str
    recipient_name: str
    groups: list[str]
    until: date | None
    language: str
    manner: str
    who: str
    version: str


@dataclass(frozen=True)
class Subject:
    """One purpose as it stands: what is agreed to, and whether they were asked and said no."""

    purpose: str
    label: str
    standing: list[Standing] = field(default_factory=list)
    declined_on: date | None = None


def labels(groups: frozenset[str] | list[str]) -> list[str]:
    """Return the names of groups in the order in which they are always shown."""
    return [str(group.label) for group in Group if group.value in groups]


def subjects(member: Member, person: Person) -> list[Subject]:
    """Return every purpose in its order, with what stands today."""
    events = events_of([person])[person.pk]
    live = live_grants(events, timezone.localdate())
    return [
        Subject(
            purpose.value,
            str(purpose.label),
            _standing(member, [event for event in live if event.purpose == purpose]),
            _declined(events, purpose),
        )
        for purpose in Purpose
    ]


def _standing(member: Member, grants: list[Event]) -> list[Standing]:
    return [
        Standing(
            one.purpose,
            one.recipient,
            name_of(one.recipient),
            labels(one.groups),
            one.until,
            timezone.localtime(one.at).date(),
        )
        for one in grants
    ]


def _declined(events: list[Event], purpose: str) -> date | None:
    """Return the day on which the person last said no, unless they said yes afterwards."""
    answers = [event for event in events if event.purpose == purpose and event.kind in (GRANT, DECLINED)]
    if not answers or answers[-1].kind == GRANT:
        return None
    return timezone.localtime(answers[-1].at).date()


def history(member: Member, person: Person) -> list[Line]:
    """Return every line of the ledger, the newest first."""
    lines = Consent.objects.filter(person=person).select_related("member__user").order_by("-pk")
    return [
        Line(
            line.at,
            line.kind,
            line.get_kind_display(),
            line.get_purpose_display() if line.purpose else _("Everything"),
            name_of(line.recipient) if line.recipient not in ("", OWN) else "",
            labels(line.groups),
            line.until,
            OWN_NAMES.get(line.language, line.language),
            line.get_manner_display(),
            line.member.user.name if line.member else _("The person, with the slip"),
            line.text_version,
        )
        for line in lines
    ]


# Where a room shows a person; the first that knows them is linked to.
PersonPage = Callable[[Person], str]
PERSON_PAGES: list[PersonPage] = []


def person_page(page: PersonPage) -> PersonPage:
    """Register the address under which a room shows a person (or an empty word), to lead back to it."""
    if page not in PERSON_PAGES:
        PERSON_PAGES.append(page)
    return page


def page_of(person: Person) -> str:
    """Return the address of the person's record, or nothing where no room shows one."""
    return next((url for page in PERSON_PAGES if (url := page(person))), "")


Speaks = Callable[[Person], str]
LANGUAGES_OF: list[Speaks] = []


def speaks(tell: Speaks) -> Speaks:
    """Register how a room knows which language a person wants to be asked in (or an empty word)."""
    if tell not in LANGUAGES_OF:
        LANGUAGES_OF.append(tell)
    return tell


def language_of(person: Person) -> str:
    """Return the person's own language, or nothing where no room knows it."""
    return next((found for tell in LANGUAGES_OF if (found := tell(person))), "")


@needs
def emergency_openings_to_look_at(member: Member) -> list[Need]:
    if not may(member, Verb.GLASS_REVIEW):
        return []
    waiting = [one for one in glass.unreviewed(member) if one.member_id != member.pk]
    if not waiting:
        return []
    last = timezone.localtime(glass.due(waiting[0])).date()
    return [
        Need(
            title=ngettext("An emergency opening to look at", "%(count)s emergency openings to look at", len(waiting))
            % {"count": len(waiting)},
            detail=_codes([one.person for one in waiting]),
            url=_address("consent:reviews"),
            due=last,
            urgent=True,
            count=len(waiting),
        )
    ]


@needs
def persons_with_whom_nobody_works(member: Member) -> list[Need]:
    if not (may(member, Verb.CASE_TEAM) and member.role == Role.COORDINATOR):
        return []
    alone = list(team.nobody_with(member).order_by("made_on")[:100])
    if not alone:
        return []
    return [
        Need(
            title=ngettext(
                "A person has nobody on their team", "%(count)s people have nobody on their team", len(alone)
            )
            % {"count": len(alone)},
            detail=_codes(alone),
            url=_address("consent:alone"),
            count=len(alone),
        )
    ]


def _codes(persons: list[Person]) -> str:
    named = ", ".join(dict.fromkeys(person.code for person in persons[:SOME]))
    return f"{named} …" if len(persons) > SOME else named


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
