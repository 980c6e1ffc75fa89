"""What people decide about lists: which of two values stands, who sees what, what is deleted and comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem

from ..models import Conflict, Contest, Entity, EntityList, EntityVersion, Switch
from ..phones import csv_of
from ..provided import PROVIDED
from ..reading import LABEL
from .feeding import touch

STANDS = ""


def _locked(entity: Entity) -> tuple[EntityList, Entity]:
    """Lock a list and one of its entities, in the order in which filled forms do."""
    into = EntityList.objects.select_for_update().get(pk=entity.list_id)
    now = Entity.objects.select_for_update(of=("self",)).filter(pk=entity.pk).first()
    if now is None:
        raise Problem("404.1")
    now.list = into
    return into, now


@action(Verb.ENTITY_DECIDE, details=lambda entity: {"version": entity.version})
def decide(*, member: Member, entity: Entity, based_on: int, choices: Mapping[str, str]) -> Entity:
    """End a conflict. `choices` gives, by field, the reference of the contest that is taken, or "" for what stands.

    Raises Problem 409.441 where the entity has changed since it was shown, or a field is left without an answer.
    """
    into, now = _locked(entity)
    open_ones = list(Contest.objects.filter(entity=now, decided_at=None))
    if now.version != based_on or now.conflict == Conflict.NONE or not {c.field for c in open_ones} <= set(choices):
        raise Problem("409.441")
    values = dict(now.values)
    for contest in open_ones:
        contest.taken = choices[contest.field] == contest.ref
        contest.decided_at, contest.decided_by = timezone.now(), member
        if contest.taken:
            values[contest.field] = contest.wanted
    Contest.objects.bulk_update(open_ones, ["taken", "decided_at", "decided_by"])
    now.conflict = Conflict.NONE
    _new_version(member, now, {name: value for name, value in values.items() if value or name == LABEL})
    touch(into)
    return now


def _new_version(member: Member, entity: Entity, values: dict[str, str]) -> None:
    """Write the decision down as a version of its own, where it changes what stands."""
    before = entity.version
    if values != entity.values:
        entity.version += 1
        entity.values, entity.label, entity.changed_at = values, values[LABEL], timezone.now()
        EntityVersion.objects.create(
            organisation=entity.organisation,
            entity=entity,
            number=entity.version,
            values=values,
            seen=values,
            base=before,
            member=member,
            at=entity.changed_at,
        )
    entity.save()


@action(Verb.ENTITY_DELETE)
def delete_entity(*, member: Member, entity: Entity) -> Entity:
    """Take an entity off the list and off every phone at its next contact. It can be brought back."""
    into, now = _locked(entity)
    if now.deleted_at is None:
        now.deleted_at, now.deleted_by = timezone.now(), member
        now.save(update_fields=["deleted_at", "deleted_by"])
        touch(into)
    return now


@action(Verb.ENTITY_DELETE, details=lambda entity: {"restored": True})
def restore_entity(*, member: Member, entity: Entity) -> Entity:
    """Bring a deleted entity back, with all its versions."""
    into, now = _locked(entity)
    if now.deleted_at is not None:
        now.deleted_at = now.deleted_by = None
        now.save(update_fields=["deleted_at", "deleted_by"])
        touch(into)
    return now


@action(Verb.ENTITY_ASSIGN)
def assign(*, member: Member, entity: Entity, to: Sequence[Member]) -> Entity:
    """Say for whom an entity is; in a list by assignment it goes to their phones."""
    into, now = _locked(entity)
    now.assigned.set([one for one in to if one.organisation_id == now.organisation_id])
    touch(into)
    return now


@action(Verb.ENTITY_LIST_CHANGE, details=lambda changed: {"sees": changed.sees, "approval": changed.approval})
def change_list(*, member: Member, changed: EntityList, holds: str, sees: str, approval: bool) -> EntityList:
    """Declare what a list holds, whose phones it goes to, and whether new entries wait for approval."""
    now = EntityList.objects.select_for_update().get(pk=changed.pk)
    now.holds, now.sees, now.approval = EntityList.Holds(holds), EntityList.Sees(sees), approval
    now.stamp += 1
    now.save(update_fields=["holds", "sees", "approval", "stamp"])
    return now


@action(Verb.ENTITY_READ, details=lambda exported: {"file": True})
def export_list(*, member: Member, exported: EntityList) -> Any:
    """Return a list as a file, of what the member may see; the log says who took it."""
    return Exported(exported.ref, csv_of(member, exported))


class Exported:
    """A list as a file, and whose it is, for the log."""

    def __init__(self, ref: str, content: bytes) -> None:
        self.ref, self.content = ref, content


@action(Verb.ENTITY_LIST_CHANGE, details=lambda switched: {"list": switched.name, "on": switched.on})
def switch(*, member: Member, name: str, on: bool) -> Switch:
    """Switch a provided list on or off for the organisation."""
    if name not in PROVIDED or not PROVIDED[name].switched:
        raise Problem("404.457", name=name)
    made, _new = Switch.objects.update_or_create(
        organisation=member.organisation, name=name, defaults={"on": on, "changed_by": member}
    )
    return made
