"""What can be asked about lists. The member comes first: they see their organisation, and of a list what its rule says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from lygte.core.access import Verb, fetch, may
from lygte.core.models import Member
from lygte.core.problems import CATALOGUE, Problem

from ..models import Submission
from .models import Conflict, Contest, Entity, EntityList, EntityVersion, Feed, Held, Switch
from .provided import PROVIDED, ProvidedList

PAGE = 50
MOST_VERSIONS = 100


def sees_all(member: Member) -> bool:
    """Tell whether a member sees every list whole: who decides about lists must."""
    return may(member, Verb.ENTITY_LIST_CHANGE)


def seen_by(member: Member, one: EntityList) -> QuerySet[Entity]:
    """Return the entities of a list that may go to a worker's phone, by the rule that the list declares."""
    found = Entity.objects.filter(organisation=member.organisation, list=one)
    if one.sees == EntityList.Sees.EVERYONE:
        return found
    if one.sees == EntityList.Sees.CREATOR:
        return found.filter(creator=member)
    assigned = Entity.assigned.through._base_manager.filter(member_id=member.pk).values("entity_id")
    return found.filter(Q(creator=member) | Q(pk__in=assigned))


def readable(member: Member, one: EntityList) -> QuerySet[Entity]:
    """Return the entities of a list that a member may look at on a page: coordinators all, others what is theirs."""
    if sees_all(member):
        return Entity.objects.filter(organisation=member.organisation, list=one)
    return seen_by(member, one)


def lists_of(member: Member) -> QuerySet[EntityList]:
    return EntityList.objects.filter(organisation=member.organisation)


def list_of(member: Member, ref: str) -> EntityList:
    return fetch(member, EntityList, ref)


def entity_of(member: Member, ref: str) -> Entity:
    """Return one entity, or Problem 404.1, the same for absent, of others, and not this worker's to see."""
    found = fetch(member, Entity, ref)
    if not readable(member, found.list).filter(pk=found.pk).exists():
        raise Problem("404.1")
    return found


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next begin. Nothing is counted."""

    rows: list[Entity]
    after: str


def entities(member: Member, one: EntityList, *, q: str = "", state: str = "", after: str = "") -> Page:
    """Return a page of a list, the newest first: searched by label or id, those in conflict, or what was deleted."""
    found = readable(member, one).order_by("-pk")
    found = found.filter(deleted_at__isnull=state != "deleted")
    if state == "conflict":
        found = found.exclude(conflict=Conflict.NONE)
    if q:
        found = found.filter(Q(label__icontains=q) | Q(uuid=q.strip().lower().removeprefix("uuid:")))
    if after.isalnum():
        last = found.model.objects.filter(organisation=member.organisation, ref=after).first()
        if last is not None:
            found = found.filter(pk__lt=last.pk)
    rows = list(found[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].ref if len(rows) > PAGE else "")


@dataclass(frozen=True)
class Value:
    """One of the values that two people gave one field, who gave it and when. `ref` is "" for the one that stands."""

    ref: str
    value: str
    by: str
    at: Any


@dataclass(frozen=True)
class Field:
    """A field in which two met: what stands and what others wanted."""

    name: str
    values: list[Value]


def contested(entity: Entity) -> list[Field]:
    """Return, field by field, what stands and what waits beside it, with authors and times."""
    waiting: dict[str, list[Contest]] = {}
    for contest in Contest.objects.filter(entity=entity, decided_at=None).select_related("version__member__user"):
        waiting.setdefault(contest.field, []).append(contest)
    versions = list(entity.versions.select_related("member__user").order_by("number"))
    return [
        Field(name, [_standing(entity, versions, name), *(_wanted(contest) for contest in contests)])
        for name, contests in sorted(waiting.items(), key=lambda item: (item[0] != "label", item[0]))
    ]


def _standing(entity: Entity, versions: list[EntityVersion], name: str) -> Value:
    """Return what stands, and who put it there: the first version since which it has been so."""
    now = entity.values.get(name, "")
    put = versions[-1]
    for version in reversed(versions):
        if version.values.get(name, "") != now:
            break
        put = version
    return Value("", now, put.member.user.name, put.at)


def _wanted(contest: Contest) -> Value:
    return Value(contest.ref, contest.wanted, contest.version.member.user.name, contest.version.at)


@dataclass(frozen=True)
class Change:
    """One version as the page shows it: who wrote it, and which fields it changed."""

    version: EntityVersion
    fields: list[tuple[str, str, str]]  # name, before, after


def history(entity: Entity) -> list[Change]:
    """Return the latest versions, the newest first, with what each changed."""
    found = list(
        entity.versions.select_related("member__user", "submission")
        .defer("submission__xml")
        .order_by("-number")[: MOST_VERSIONS + 1]
    )
    changes = []
    for version, before in zip(found, [*found[1:], None], strict=True):
        was = before.values if before is not None else {}
        names = sorted({*was, *version.values}, key=lambda name: (name != "label", name))
        fields = [
            (name, was.get(name, ""), version.values.get(name, ""))
            for name in names
            if was.get(name, "") != version.values.get(name, "")
        ]
        changes.append(Change(version, fields))
    return changes[:MOST_VERSIONS]


def waiting_for(entity: Entity) -> int:
    """Return how many updates of an entity wait for their predecessor."""
    return Held.objects.filter(list=entity.list, uuid=entity.uuid).count()


@dataclass(frozen=True)
class ProvidedShown:
    """A provided list as the page shows it."""

    list: ProvidedList
    on: bool


def provided_to(member: Member) -> list[ProvidedShown]:
    on = set(Switch.objects.filter(organisation=member.organisation, on=True).values_list("name", flat=True))
    return [ProvidedShown(one, not one.switched or name in on) for name, one in sorted(PROVIDED.items())]


def undecided(member: Member) -> int:
    found = Entity.objects.filter(organisation=member.organisation, deleted_at=None).exclude(conflict=Conflict.NONE)
    return found.aggregate(count=Count("pk"))["count"] or 0


def failed(member: Member) -> QuerySet[Feed]:
    """Return the filled forms that could not be written to a list, the newest first."""
    return (
        Feed.objects.filter(organisation=member.organisation, state=Feed.State.FAILED)
        .select_related("submission__form", "submission__member__user")
        .defer("submission__xml")
    )


def feed_of(submission: Submission) -> Feed | None:
    return Feed.objects.filter(submission=submission).first()


def problem_of(fed: Feed) -> Problem | None:
    """Return why a filled form was not written to the lists, in the reader's language."""
    if fed.problem_number not in CATALOGUE:
        return None
    details = fed.problem_details
    if "what" in details:  # signs of a person, kept in the words of whoever sent the form
        details = {**details, "what": ", ".join(gettext(one) for one in str(details["what"]).split(", "))}
    return Problem(fed.problem_number, at=_said(fed.problem_at), **details)


def _said(at: str) -> str:
    return gettext(at) if at else ""
