"""Keys at rest, every one of them wrapped. Whoever holds these tables and nothing else opens nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ..organisations import Organisation
from ..people import Member
from ..refs import LENGTH, RefField


class MemberKey(models.Model):
    """A member's pair; the private half is locked under a key stretched from the member's passphrase."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="key")
    public = models.BinaryField()
    salt = models.BinaryField()
    passes = models.PositiveSmallIntegerField()
    memory = models.PositiveIntegerField()
    box = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"key of {self.member_id}"


class OrganisationKey(models.Model):
    """One generation of an organisation's pair. A new generation is made when somebody who held the key has left."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="keys")
    generation = models.PositiveIntegerField(default=1)
    public = models.BinaryField()
    index_box = models.BinaryField()  # the key of search tokens, sealed to `public`; the same in every generation
    recovery_public = models.BinaryField()
    recovery_box = models.BinaryField()
    recovery_tested_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    holder_left_at = models.DateTimeField(null=True)  # somebody who held it was shut out or left: renew it
    retired_at = models.DateTimeField(null=True)
    late_box = models.BinaryField(default=bytes)  # the private half of a retired pair, sealed to the current one, for a
    # while: a phone without a signal may still bring forms sealed to it

    class Meta:
        ordering = ["organisation", "generation"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "generation"], name="vault_generation_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(retired_at__isnull=True), name="vault_one_current_key"
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.generation} of organisation {self.organisation_id}"


class KeyGrant(models.Model):
    """The organisation's private key, sealed to one member. Letting in adds a row, shutting out deletes it."""

    organisation_key = models.ForeignKey(OrganisationKey, on_delete=models.PROTECT, related_name="grants")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="key_grants")
    box = models.BinaryField()
    granted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_key", "member"], name="vault_one_grant_a_member"),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Wrapped(models.Model):
    """A key of a person, of a sealed form, or of a package that leaves the house: wrapped inside for whoever may open it, outside by the epoch.

    `about` is the reference of the person, form or package. `holder` says for whom: an organisation's key, or a code on
    paper (then `lookup` finds the row without telling the code). Erasing deletes the rows; the next epoch makes
    every copy of them, in write-ahead logs and backups, unreadable.
    """

    PERSON, SLIP, PACKAGE, FORM = "person", "slip", "package", "form"

    ref = RefField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in (PERSON, SLIP, PACKAGE, FORM)])
    about = models.CharField(max_length=LENGTH, db_index=True)
    organisation_key = models.ForeignKey(OrganisationKey, on_delete=models.PROTECT, null=True, related_name="wrapped")
    lookup = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (absent, where no code opens it)
    epoch = models.PositiveIntegerField(db_index=True)
    box = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "organisation_key"],
                condition=Q(organisation_key__isnull=False),
                name="vault_one_wrap_an_organisation_key",
            ),
            models.CheckConstraint(
                condition=Q(organisation_key__isnull=False) ^ Q(lookup__isnull=False), name="vault_one_way_to_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key {self.ref}"


class SearchToken(models.Model):
    """A blind token: finds a person inside one organisation by an exact word, and is shared by several on purpose."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=LENGTH, db_index=True)
    field = models.CharField(max_length=20)
    token = models.CharField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["organisation", "field", "token"], name="vault_search")]
        constraints = [models.UniqueConstraint(fields=["person", "field", "token"], name="vault_one_token_once")]

    def __str__(self) -> str:
        return f"token of {self.field}"


class SealedCopy(models.Model):
    """One line about a sealed copy of an epoch's key on a removable medium: who made it, and who saw it destroyed.

    A copy of an ended epoch that still exists undoes the erasures of that epoch: hence a log, and two names each time.
    """

    epoch = models.PositiveIntegerField()
    where = models.CharField(max_length=120)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=80)
    made_before = models.CharField(max_length=80)
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.CharField(max_length=80, blank=True)
    destroyed_before = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"copy {self.pk} of epoch {self.epoch}"
