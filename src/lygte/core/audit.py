"""The log of what was done: append-only, one hash chain per organisation, written in the action's transaction.

It says who did which verb to which record, when; never what the record contains.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import connection, models
from django.utils import timezone

if TYPE_CHECKING:
    from .organisations import Organisation
    from .people import Member

GENESIS = "0" * 64


class AppendOnly(models.QuerySet["AuditEntry"]):
    """Refuses to change or remove what is written."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the log is append-only")

    def delete(self) -> NoReturn:
        raise TypeError("the log is append-only")


class AuditHead(models.Model):
    """The end of one chain; its row lock puts the writers of a chain in line."""

    chain = models.CharField(max_length=26, unique=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class AuditEntry(models.Model):
    """One thing that one member did."""

    chain = models.CharField(max_length=26)
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    member_ref = models.CharField(max_length=26, blank=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="one_entry_per_link")]
        indexes = [models.Index(fields=["chain", "-sequence"], name="audit_latest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


def digest_of(entry: AuditEntry) -> str:
    """Return the SHA-256 that binds an entry's contents to the entry before it."""
    content = [
        entry.chain,
        entry.sequence,
        entry.at.isoformat(timespec="microseconds"),
        entry.member_ref,
        entry.verb,
        entry.subject,
        entry.details,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def chain_of(organisation: Organisation | None) -> str:
    return organisation.ref if organisation else "host"


def write_entry(
    *,
    organisation: Organisation | None,
    member: Member | None,
    verb: str,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry to the organisation's chain. Call it inside the transaction of what it tells about."""
    chain = chain_of(organisation)
    sequence, previous = _next_link(chain)
    entry = AuditEntry(
        chain=chain,
        sequence=sequence,
        at=timezone.now(),
        member_ref=member.ref if member else "",
        verb=str(verb),
        subject=subject,
        details=dict(details or {}),
        previous=previous,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {HEADS} SET digest = %s WHERE chain = %s", [entry.digest, chain])
    return entry


HEADS = AuditHead._meta.db_table


def _next_link(chain: str) -> tuple[int, str]:
    """Lock the end of a chain and return the next number and the digest to bind to.

    Written as SQL: every action passes here, and one UPDATE both counts on and takes the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {HEADS} SET sequence = sequence + 1 WHERE chain = %s RETURNING sequence, digest", [chain]
        )
        found = cursor.fetchone()
    if found is None:
        AuditHead.objects.get_or_create(chain=chain)
        return _next_link(chain)
    return found[0], found[1]


@dataclass(frozen=True)
class Verdict:
    """What verifying one chain found. `broken_at` is the first sequence number that does not fit."""

    chain: str
    entries: int
    head: str
    broken_at: int | None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def verify_chain(chain: str) -> Verdict:
    """Walk one chain from its beginning; a changed, missing, swapped or cut-off entry is found."""
    previous, expected = GENESIS, 1
    entries = AuditEntry.objects.filter(chain=chain).order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        fits = entry.sequence == expected and entry.previous == previous and digest_of(entry) == entry.digest
        if not fits:
            return Verdict(chain, expected - 1, previous, expected)
        previous, expected = entry.digest, expected + 1
    head = AuditHead.objects.filter(chain=chain).first()
    ends_well = (head is None and expected == 1) or (head is not None and head.digest == previous)
    return Verdict(chain, expected - 1, previous, None if ends_well else expected)


def chains() -> list[str]:
    """Return the names of all chains there are, also of those whose head or entries are gone."""
    heads = set(AuditHead.objects.values_list("chain", flat=True))
    return sorted(heads | set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct()))
