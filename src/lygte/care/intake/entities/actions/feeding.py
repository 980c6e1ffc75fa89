"""From a filled form to the lists, in the transaction that stores it. What goes wrong here never rejects the form.

All entities of a filled form are written, or none; each form is fed once. An update whose predecessor has not come waits
in the backlog. A list is locked while it is fed, so that a predecessor and its successor cannot miss each other.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.utils import timezone, translation

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem

from ...instance import Instance, parse_instance
from ...models import FormVersion, ReviewState, Submission
from ..models import Contest, Entity, EntityList, EntityVersion, Feed, Held, ListUse
from ..reading import Sent, look_for_people, sent_in
from ..rules import Next, base_of, first, follow, worse

log = logging.getLogger(__name__)


class WaitsForApproval(Exception):
    """A list wants a look before something new comes into it."""


def published(version: FormVersion) -> None:
    """Make the lists that a form writes to, with their properties, and remember which files it reads."""
    organisation = version.organisation
    declared = version.outline.get("entities", [])
    holds = version.outline.get("holds", {})
    for one in sorted(declared, key=lambda d: str(d["list"])):
        made, new = EntityList.objects.get_or_create(organisation=organisation, name=one["list"])
        held = EntityList.objects.select_for_update().get(pk=made.pk)
        held.properties += [name for name, *_rest in one["saves"] if name not in held.properties]
        if held.name in holds and new:
            held.holds = holds[held.name]
        held.stamp += 1
        held.save(update_fields=["properties", "holds", "stamp"])
    names = {name[:-4] for name in version.outline["media"] if name.endswith(".csv") and len(name) <= 250}
    ListUse.objects.bulk_create(
        ListUse(organisation=organisation, form_version=version, name=name) for name in sorted(names)
    )


def stored(submission: Submission, instance: Instance) -> None:
    """Feed the lists from a form that has just been stored; an edit feeds them only where what it edits did not."""
    if not submission.form_version.outline.get("entities"):
        return
    earlier = submission.earlier
    while earlier is not None:
        fed = Feed.objects.filter(submission=earlier).first()
        if fed is not None and fed.state == Feed.State.FED:
            return
        if fed is not None:
            fed.state = Feed.State.REPLACED
            fed.save(update_fields=["state"])
        earlier = earlier.earlier
    feed(submission, instance)


def reviewed(submission: Submission, member: Member) -> None:
    """Feed the lists from a form that waited for approval and has got it."""
    if submission.review != ReviewState.APPROVED or submission.replaced_by_id is not None:
        return
    waits = Feed.objects.filter(submission=submission, state=Feed.State.WAITS).exists()
    if waits:
        feed(submission, parse_instance(bytes(submission.xml)))


def feed(submission: Submission, instance: Instance, *, looked: bool = False) -> Feed | None:
    """Write what a filled form says into the lists, all of it or nothing; remember what became of it."""
    state, problem = Feed.State.FED, None
    try:
        with transaction.atomic():
            if not _write_all(submission, instance, looked=looked):
                return None
    except WaitsForApproval:
        state = Feed.State.WAITS
    except Problem as found:
        state, problem = Feed.State.FAILED, found
    except OperationalError:
        raise  # the database is busy: nothing is acknowledged, the phone sends again
    except Exception as error:  # a fault here must not lose what a worker wrote in the field
        log.exception("a filled form could not be written to the lists")
        state, problem = Feed.State.FAILED, Problem("422.444", kind=type(error).__name__)
    return _note(submission, state, problem)


def _note(submission: Submission, state: Feed.State, problem: Problem | None) -> Feed:
    with translation.override("en"):  # kept in the language of the code, told later in the reader's
        told = {
            "problem_number": problem.number if problem else "",
            "problem_at": str(problem.at)[:250] if problem else "",
            "problem_details": {k: str(v) for k, v in problem.details.items()} if problem else {},
        }
    kept, _new = Feed.objects.update_or_create(
        submission=submission,
        defaults={"organisation": submission.organisation, "state": state, "at": timezone.now(), **told},
    )
    return kept


def _write_all(submission: Submission, instance: Instance, *, looked: bool) -> bool:
    """Write every entity of a filled form; tell whether there was any."""
    declared = submission.form_version.outline["entities"]
    everything = sent_in(instance, declared)
    if not everything:
        return False
    lists = _locked_lists(submission, {sent.list for sent in everything})
    kinds = {(one["list"], name): kind for one in declared for name, _path, kind in one["saves"]}
    for sent in everything:
        feeding = Feeding(lists[sent.list], submission)
        own = {name: kind for (listed, name), kind in kinds.items() if listed == sent.list}
        look_for_people(sent, kinds=own, holds=feeding.into.holds, looked=looked)
        if not feeding.apply(sent):
            feeding.hold(sent)
        else:
            release(feeding.into, sent.uuid)
    return True


def _locked_lists(submission: Submission, names: set[str]) -> dict[str, EntityList]:
    """Lock the lists that are fed, always in the same order, and let every phone know that they changed."""
    found = EntityList.objects.select_for_update().filter(organisation=submission.organisation, name__in=names)
    lists = {one.name: one for one in found.order_by("pk")}
    for one in lists.values():
        touch(one)
    return lists


def touch(one: EntityList) -> None:
    """Give a list, which the caller has locked, a new token, so that phones fetch it again."""
    one.stamp += 1
    one.save(update_fields=["stamp"])


@dataclass(frozen=True)
class Feeding:
    """One filled form, and one list that it writes to. The caller has locked the list."""

    into: EntityList
    submission: Submission
    forced: bool = False

    def apply(self, sent: Sent) -> bool:
        """Write one entity; False where it must wait for its predecessor. Raises a Problem, or WaitsForApproval."""
        entity = Entity.objects.filter(list=self.into, uuid=sent.uuid).first()
        if entity is not None and entity.deleted_at is not None:
            raise Problem("409.440", at=self.into.name)
        if sent.update and not (sent.create and (sent.base is None or (entity is None and not sent.branch))):
            return self._update(sent, entity)
        if entity is None:
            return self._create(sent, forced=False)
        if not entity.forced:
            raise Problem("409.439", at=self.into.name)
        self._write(entity, follow(sent, None, _versions(entity)), sent, forced=False)
        return True

    def _update(self, sent: Sent, entity: Entity | None) -> bool:
        versions = _versions(entity) if entity is not None else []
        if entity is None and (not sent.branch or sent.trunk is not None):
            raise Problem("404.437", at=self.into.name)
        base = base_of(sent, versions)
        if base is None and not sent.branch:
            raise Problem("404.438", at=self.into.name, version=sent.base)
        if sent.trunk is not None and sent.trunk > len(versions):
            raise Problem("404.438", at=self.into.name, version=sent.trunk)
        if base is None and not self.forced:
            return False
        if entity is None:
            return self._create(sent, forced=True)
        self._write(entity, follow(sent, base, versions), sent, forced=entity.forced)
        return True

    def _create(self, sent: Sent, *, forced: bool) -> bool:
        if not sent.label:
            raise Problem("422.431", at=self.into.name)
        if self.into.approval and self.submission.review != ReviewState.APPROVED:
            raise WaitsForApproval
        now, by = self.submission.received_at, self.submission.member
        entity = Entity(
            organisation=self.into.organisation, list=self.into, uuid=sent.uuid, version=0, creator=by, made_at=now
        )
        self._write(entity, first(sent), sent, forced=forced)
        return True

    def _write(self, entity: Entity, following: Next, sent: Sent, *, forced: bool) -> None:
        entity.values = following.values
        entity.label = following.values["label"]
        entity.version += 1
        entity.conflict = worse(entity.conflict, following.conflict)
        entity.forced = forced
        entity.changed_at = self.submission.received_at
        entity.save()
        version = EntityVersion.objects.create(
            organisation=entity.organisation,
            entity=entity,
            number=entity.version,
            values=following.values,
            seen=following.seen,
            base=following.base,
            trunk=sent.trunk,
            branch=sent.branch,
            branch_base=sent.base if sent.branch else None,
            conflict=following.conflict,
            submission=self.submission,
            member=self.submission.member,
            at=self.submission.received_at,
        )
        Contest.objects.bulk_create(
            Contest(organisation=entity.organisation, entity=entity, version=version, field=field, wanted=wanted)
            for field, wanted in following.wanted.items()
        )

    def hold(self, sent: Sent) -> None:
        """Keep an update until its predecessor comes."""
        Held.objects.create(
            organisation=self.into.organisation,
            list=self.into,
            uuid=sent.uuid,
            base=sent.base or 0,
            submission=self.submission,
            position=sent.position,
            sent=sent.as_json(),
            held_at=timezone.now(),
        )


def _versions(entity: Entity) -> list[EntityVersion]:
    return list(entity.versions.order_by("number"))


def release(into: EntityList, uuid: str) -> None:
    """Write what waited for what has just been written, in order, as far as it goes. The caller has locked the list."""
    waiting = list(_waiting(into, uuid))
    while True:
        written = [held for held in waiting if _try(held, into)]
        waiting = [held for held in waiting if held not in written]
        if not written or not waiting:
            return


def _waiting(into: EntityList, uuid: str) -> Sequence[Held]:
    return (
        Held.objects.filter(list=into, uuid=uuid)
        .select_related("submission__member", "submission__organisation")
        .defer("submission__xml")
        .order_by("base", "pk")
    )


def _try(held: Held, into: EntityList, *, forced: bool = False) -> bool:
    """Write what was held; True where it is out of the backlog, written or with a problem on its form."""
    try:
        with transaction.atomic():
            if not Feeding(into, held.submission, forced).apply(Sent(**held.sent)):
                return False
    except WaitsForApproval:
        return False
    except Problem as problem:
        _note(held.submission, Feed.State.FAILED, problem)
    held.delete()
    return True


def force(into: EntityList, uuid: str) -> bool:
    """Write the first that waits for an entity on what stands, or as new; then all that waited for it."""
    for held in _waiting(into, uuid):
        if _try(held, into, forced=True):
            touch(into)
            release(into, uuid)
            return True
    return False


@action(Verb.ENTITY_DECIDE)
def feed_again(*, member: Member, fed: Feed, looked: bool = False) -> Feed:
    """Try once more to write a filled form to the lists; `looked` says that somebody saw that it names no person.

    Raises the Problem that still stands in the way, 409.442 where there is nothing to do any more.
    """
    now = Feed.objects.select_for_update().filter(pk=fed.pk, state=Feed.State.FAILED).first()
    if now is None or now.submission.replaced_by_id is not None:
        raise Problem("409.442")
    submission = now.submission
    if EntityVersion.objects.filter(submission=submission).exists():
        raise Problem("409.442")  # a part of it waited and failed; the rest is written, and a form feeds once
    again = feed(submission, parse_instance(bytes(submission.xml)), looked=looked)
    if again is not None and again.state == Feed.State.FAILED:
        raise Problem(again.problem_number, at=again.problem_at, **again.problem_details)
    return again or now
