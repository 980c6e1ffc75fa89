"""Turning the epoch: a new key, everything wrapped anew, the old key destroyed. Killed anywhere, it goes on where it stopped.

Turning is what makes erasure true: copies of thrown-away keys in write-ahead logs and backups are under the old epoch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..problems import Problem
from ..transactions import writing
from . import epochs
from .models import SealedCopy, SearchToken, Wrapped
from .passing import destroying, lasting
from .wraps import unwrap_outside, wrap_outside

BATCH = 200


@dataclass(frozen=True)
class Turned:
    """What a turn did."""

    epoch: int
    ended: tuple[int, ...]  # epochs whose keys are destroyed now
    rewrapped: int
    copies_to_destroy: int  # sealed copies of ended epochs that nobody has noted as destroyed


def is_due() -> bool:
    """Tell whether the epoch has lasted its 30 days, or an earlier turn was broken off."""
    existing = epochs.numbers()
    if not existing:
        return False
    try:
        began = epochs.began_at(existing[-1])
    except Problem:  # the key is there and damaged: the report and the start say so, and no turn can be made
        return False
    return len(existing) > 1 or timezone.now() - began >= timedelta(days=epochs.LENGTH_DAYS)


def turn_epoch(*, give_up_damaged: bool = False) -> Turned:
    """Begin a new epoch and end the one before; a turn that was broken off is finished instead of beginning another.

    Raises Problem 503.1 without the keys, and 422.23 where a wrapped key is damaged: then everything else is under the
    new key, and the old one is kept, unless `give_up_damaged`.
    """
    now = epochs.current()
    if len(epochs.numbers()) == 1:
        now += 1
        epochs.begin(now)
    old = tuple(number for number in epochs.numbers() if number < now)
    with writing():
        Wrapped.objects.filter(until__lte=timezone.now()).delete()
    count, ended = 0, False
    while not ended:
        count += sum(_rewrap(batch, now) for batch in _batches(old))
        ended = _end(old, give_up_damaged)
    epochs.forget_destroyed()
    return Turned(now, old, count, copies_to_destroy().count())


def copies_to_destroy() -> QuerySet[SealedCopy]:
    """Return the sealed copies of ended epochs of which nobody has noted the destruction."""
    return SealedCopy.objects.filter(destroyed_at=None).exclude(epoch__in=epochs.numbers())


def _batches(old: Sequence[int]) -> Iterator[list[int]]:
    """Yield primary keys of what is under an old epoch, in one walk from the first to the last."""
    last = 0
    while True:
        rows = Wrapped.objects.filter(epoch__in=old, pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


def _rewrap(batch: Sequence[int], epoch: int) -> int:
    """Wrap a batch anew in one transaction; damaged rows stay as they are."""
    done = []
    with lasting():
        for row in Wrapped.objects.select_for_update().filter(pk__in=batch, epoch__lt=epoch).order_by("pk"):
            if (inner := _inner_box(row)) is not None:
                wrap_outside(row, inner, epoch)
                done.append(row)
        Wrapped.objects.bulk_update(done, ["epoch", "box"])
    return len(done)


def _inner_box(row: Wrapped) -> bytes | None:
    try:
        return unwrap_outside(row)
    except Problem as problem:
        if problem.number == "422.20":
            return None
        raise


def _end(old: Sequence[int], give_up_damaged: bool) -> bool:
    """Destroy the old keys if nothing is left under them; False where somebody wrapped something meanwhile."""
    with destroying():
        left = list(Wrapped.objects.filter(epoch__in=old))
        damaged = [row for row in left if _inner_box(row) is None]
        if len(damaged) < len(left):
            return False
        if damaged and not give_up_damaged:
            raise Problem("422.23", count=len(damaged))
        for number in old:
            epochs.destroy(number)
    return True


def replay() -> int:
    """Throw away again what was thrown away in this epoch: after a restored backup, before the site opens."""
    noted = epochs.noted_destroyed()
    somebody = [ref for _epoch, ref, kind in noted if kind == epochs.ABOUT]
    rows = [ref for _epoch, ref, kind in noted if kind == epochs.ROW]
    with writing():
        SearchToken.objects.filter(person__in=somebody).delete()
        return Wrapped.objects.filter(Q(about__in=somebody) | Q(ref__in=rows)).delete()[0]


@dataclass(frozen=True)
class Report:
    """How the keys stand on this machine, for people."""

    epoch: int | None
    began_at: str
    days_left: int
    turn_is_due: bool
    wrapped: int
    under_old_epochs: int
    under_lost_epochs: int
    destroyed_in_this_epoch: int  # still in backups of this epoch, until it turns
    copies_of_this_epoch: int
    copies_to_destroy: int
    intake_keys: int  # pairs to which phones seal open forms: the newest, and older ones for phones long without signal
    problems: tuple[str, ...]


def report() -> Report:
    """Look at files and rows, and open nothing."""
    existing = epochs.numbers()
    now = existing[-1] if existing else None
    problems, began = [], None
    try:
        began = epochs.began_at(now) if now is not None else None
        epochs.key(now) if now is not None else None
    except Problem as problem:
        problems.append(str(problem))
    lost = Wrapped.objects.exclude(epoch__in=existing).count()
    if lost and (now is None or Wrapped.objects.filter(epoch__gt=now).exists()):
        problems.append(str(epochs.missing()))
    elif lost:
        problems.append(str(Problem("410.1", days=epochs.LENGTH_DAYS)))
    problems += [str(one) for one in epochs.faults_of_folder()]
    until = began + timedelta(days=epochs.LENGTH_DAYS) if began else None
    return Report(
        epoch=now,
        began_at=began.date().isoformat() if began else "",
        days_left=max(0, (until - timezone.now()).days) if until else 0,
        turn_is_due=not problems and is_due(),
        wrapped=Wrapped.objects.count(),
        under_old_epochs=Wrapped.objects.filter(epoch__in=existing[:-1]).count(),
        under_lost_epochs=lost,
        destroyed_in_this_epoch=len(epochs.noted_destroyed()),
        copies_of_this_epoch=SealedCopy.objects.filter(epoch=now or 0, destroyed_at=None).count(),
        copies_to_destroy=copies_to_destroy().count(),
        intake_keys=sum(1 for _ in epochs.folder().glob("intake-*")),
        problems=tuple(problems),
    )
