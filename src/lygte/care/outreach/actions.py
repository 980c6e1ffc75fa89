"""What can be done with places and visits; each action is one transaction and leaves one line in the log.

A visit and its facts are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_scopes import scope

from lygte.care.intake.handover import Received
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS
from lygte.directory.industries import DIVISIONS
from lygte.directory.languages import LANGUAGES
from lygte.facts.ledger import record_facts, remove_facts

from . import codes, reads, words
from .facts import facts_of, source_of
from .listening import refused, tell_of
from .models import Place, Visit
from .rules import Fault, VisitAnswers, code_name_is_safe, flatten, make_short_code, read_answers

OLDEST_VISIT_DAYS = 400  # catches last year's date typed in January; LYGTE_OLDEST_VISIT_DAYS in the settings changes it


# Places ---------------------------------------------------------------------------------------------------------------
@action(Verb.PLACE_CREATE)
def create_place(
    *,
    member: Member,
    code_name: str,
    kind: str,
    area: str,
    source: str = "ad",
    languages: list[str] | None = None,
    industry: str = "",
    open_at: list[str] | None = None,
) -> Place:
    """Add a place under a code name. It gets a short code, by which phones know it."""
    new = Place(organisation=member.organisation, short_code=_free_short_code(member), created_on=timezone.localdate())
    _describe(
        new, code_name=code_name, kind=kind, area=area, source=source, languages=languages or [], industry=industry
    )
    _say_when_open(new, open_at or [])
    new.save()
    return new


@action(Verb.PLACE_CHANGE)
def change_place(
    *,
    member: Member,
    place: Place,
    code_name: str,
    kind: str,
    area: str,
    source: str,
    languages: list[str],
    industry: str = "",
    open_at: list[str] | None = None,
) -> Place:
    """Describe a place anew. Visits keep the kind that it had on their day; with visits it keeps its municipality."""
    if area != place.area and Visit.objects.filter(place=place).exists():
        raise Problem("409.233")
    _describe(place, code_name=code_name, kind=kind, area=area, source=source, languages=languages, industry=industry)
    if open_at is not None:
        _say_when_open(place, open_at)
    place.save()
    return place


@action(Verb.PLACE_CHANGE, details=lambda place: {"state": place.state})
def close_place(*, member: Member, place: Place) -> Place:
    """Take a place off the lists and the phones; its visits stay."""
    if place.state == "closed":
        raise Problem("409.231")
    place.state = "closed"
    place.save(update_fields=["state"])
    return place


@action(Verb.PLACE_CHANGE, details=lambda place: {"state": place.state})
def reopen_place(*, member: Member, place: Place) -> Place:
    """Put a closed place back on the lists and the phones."""
    if place.state == "active":
        raise Problem("409.232")
    place.state = "active"
    place.save(update_fields=["state"])
    return place


def _describe(
    place: Place, *, code_name: str, kind: str, area: str, source: str, languages: list[str], industry: str
) -> None:
    """Check what is said of a place and write it on the object, without saving."""
    code_name = " ".join(code_name.split())
    if not code_name_is_safe(code_name):
        raise Problem("422.230", at=words.label("code_name"))
    if kind not in codes.PLACE_KINDS:
        raise Problem("422.231", at=words.label("kind"))
    if area not in AREAS or AREAS[area].level != "municipality":
        raise Problem("422.231", at=words.label("area"))
    if source not in codes.SOURCES:
        raise Problem("422.231", at=words.label("source"))
    if not set(languages) <= set(LANGUAGES):
        raise Problem("422.231", at=words.label("languages"))
    if industry and (industry not in DIVISIONS or kind != "workplace"):
        raise Problem("422.690", at=words.label("industry"))
    namesake = Place.objects.filter(organisation=place.organisation, code_name__iexact=code_name).exclude(pk=place.pk)
    if namesake.exists():
        raise Problem("409.230", at=words.label("code_name"), name=code_name)
    place.code_name, place.kind, place.area, place.source = code_name, kind, area, source
    place.languages, place.industry = sorted(set(languages)), industry


def _say_when_open(place: Place, open_at: list[str]) -> None:
    if not set(open_at) <= set(codes.PARTS_OF_DAY):
        raise Problem("422.231", at=words.label("open_at"))
    place.open_at = [part for part in codes.PARTS_OF_DAY if part in open_at]


def _free_short_code(member: Member) -> str:
    for _attempt in range(100):
        code = make_short_code()
        if not Place.objects.filter(organisation=member.organisation, short_code=code).exists():
            return code
    raise Problem("500.201")


# Visits ---------------------------------------------------------------------------------------------------------------
def receive_visit(received: Received) -> None:
    """Make a visit of a submission of the visit form."""
    with scope(organisation=received.organisation):
        record_visit(member=received.member, answers=received.answers, submission=received.ref)


@action(Verb.VISIT_RECORD)
def record_visit(*, member: Member, answers: Mapping[str, Any], submission: str = "") -> Visit:
    """Check the answers of the visit form and record the visit with its facts.

    Raises the one problem there is, or 422.200 with all of them.
    """
    read, place = _checked(member, answers)
    new = visit_of(read, place)
    new.organisation = member.organisation  # the place's, and already read
    new.recorded_by = member
    new.submission = submission
    new.save()
    record_facts(source=source_of(new), facts=facts_of(new))
    tell_of(new)
    return new


def _checked(member: Member, answers: Mapping[str, Any], *, known: Place | None = None) -> tuple[VisitAnswers, Place]:
    """Return the answers typed and their place, or raise the one problem there is, or 422.200 with all of them."""
    read, place, faults = check_answers(member, flatten(answers), known=known)
    if read is None or place is None:
        problems = [problem_of(fault) for fault in faults]
        raise problems[0] if len(problems) == 1 else Problem("422.200", parts=problems)
    return read, place


@action(Verb.VISIT_RECORD, details=lambda visit: {"replaced": True})
def replace_visit(*, member: Member, visit: Visit, answers: Mapping[str, Any], submission: str) -> Visit:
    """Put new answers in the place of those that a visit was recorded with; its facts follow.

    A visit that somebody withdrew stays withdrawn; one that was taken away with its filled form counts again.
    """
    _lock(visit)
    read, place = _checked(member, answers, known=visit.place)
    before = Visit(organisation=visit.organisation, place=visit.place, day=visit.day)
    new = visit_of(read, place)
    if place == visit.place:
        new.place_kind, new.industry, new.area = visit.place_kind, visit.industry, visit.area
    for name in ("place", "place_kind", "industry", "area", *_OF_ANSWERS):
        setattr(visit, name, getattr(new, name))
    visit.submission = submission
    if visit.withdrawn_reason == codes.WITH_ITS_FORM:
        visit.withdrawn_at, visit.withdrawn_reason = None, ""
    visit.save()
    remove_facts(source_of(visit))
    record_facts(source=source_of(visit), facts=facts_of(visit))
    tell_of(before)
    tell_of(visit)
    return visit


@action(Verb.VISIT_WITHDRAW, details=lambda visit: {"reason": visit.withdrawn_reason})
def withdraw_with_its_form(*, member: Member, visit: Visit) -> Visit:
    """Take back a visit whose filled form counts no more."""
    _withdraw(visit, codes.WITH_ITS_FORM)
    return visit


@action(Verb.VISIT_WITHDRAW, details=lambda visit: {"restored": True})
def restore_with_its_form(*, member: Member, visit: Visit) -> Visit:
    """Let a visit count again together with its filled form."""
    _restore(visit)
    return visit


def check_answers(
    member: Member, answers: Mapping[str, str], *, today: date | None = None, known: Place | None = None
) -> tuple[VisitAnswers | None, Place | None, list[Fault]]:
    """Check flat answers against the rules and the organisation's places; nothing is written.

    The place must be active, or `known`: the one that the visit was recorded at, which may have closed since.
    """
    today = today or timezone.localdate()
    oldest_days = getattr(settings, "LYGTE_OLDEST_VISIT_DAYS", OLDEST_VISIT_DAYS)
    read, faults = read_answers(answers, today=today, oldest_days=oldest_days)
    short_code = answers.get("place", "").upper()
    place = reads.active_place(member.organisation, short_code) if short_code else None
    if place is None and known is not None and known.short_code == short_code:
        place = known
    if short_code and place is None:
        faults.insert(0, Fault("422.201", "place", {"code": short_code[:8] if short_code.isalnum() else "?"}))
    if read is not None and place is not None and not faults:
        faults.extend(refused(member.organisation, place.ref, read.day))
    return (None if faults else read), place, faults


def visit_of(read: VisitAnswers, place: Place) -> Visit:
    """Return the visit that checked answers describe, unsaved."""
    return Visit(
        organisation_id=place.organisation_id,
        place=place,
        place_kind=place.kind,
        industry=place.industry,
        area=place.area,
        **{name: getattr(read, name) for name in _OF_ANSWERS},
    )


_OF_ANSWERS = (
    *("day", "outcome", "part_of_day", "minutes", "team_size", "announced", "interpreter"),
    *("present", "spoken_to", "new", "refused", "counts"),
)


def problem_of(fault: Fault) -> Problem:
    """Put a fault into words."""
    label = words.label(fault.question)
    return Problem(fault.number, at=label, field=label, **fault.details)


@action(Verb.VISIT_WITHDRAW, details=lambda visit: {"reason": visit.withdrawn_reason})
def withdraw_visit(*, member: Member, visit: Visit, reason: str) -> Visit:
    """Take a visit back: it stays to be seen, but counts for nothing any more."""
    if reason not in codes.WITHDRAWAL_REASONS:
        raise Problem("422.231", at=words.label("reason"))
    _withdraw(visit, reason)
    return visit


def _withdraw(visit: Visit, reason: str) -> None:
    _lock(visit)
    if visit.withdrawn:
        raise Problem("409.240")
    visit.withdrawn_at = timezone.now()
    visit.withdrawn_reason = reason
    visit.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    remove_facts(source_of(visit))
    tell_of(visit)


@action(Verb.VISIT_WITHDRAW, details=lambda visit: {"restored": True})
def restore_visit(*, member: Member, visit: Visit) -> Visit:
    """Undo a withdrawal: the visit gives the same facts as before."""
    if visit.withdrawn_reason == codes.WITH_ITS_FORM:
        raise Problem("409.242")
    _restore(visit)
    return visit


def _restore(visit: Visit) -> None:
    _lock(visit)
    if not visit.withdrawn:
        raise Problem("409.241")
    for fault in refused(visit.organisation, visit.place.ref, visit.day):
        raise problem_of(fault)
    visit.withdrawn_at = None
    visit.withdrawn_reason = ""
    visit.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record_facts(source=source_of(visit), facts=facts_of(visit))
    tell_of(visit)


def _lock(visit: Visit) -> None:
    """Read the visit again under a lock, so that two clicks on one button do it once."""
    visit.refresh_from_db(from_queryset=Visit.objects.select_for_update())
