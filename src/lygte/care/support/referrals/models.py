"""What leaves the house, what came of it, and what was told to an authority.

A Package is known to two organisations and names no person; a Referral, of the sending organisation alone, says whose
it is. So nobody who receives can find out more than was packed.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member, Organisation
from lygte.core.refs import LENGTH, RefField
from lygte.directory.services.codes import ASKS, AUTHORITY_KINDS, HELP_KINDS
from lygte.directory.services.models import Service

from . import codes


class Package(models.Model):
    """A sealed package and its answer. Its key is its own: ending it makes the content unreadable for everybody."""

    ref = RefField()
    code = models.CharField(max_length=9, unique=True)  # to be said on the phone by both sides
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=codes.choices(HELP_KINDS))
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=list)  # codes of what is inside
    sent_at = models.DateTimeField()
    until = models.DateField()
    locked = models.BinaryField(null=True)
    lookup = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (absent, where no words open it)
    seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=codes.choices(codes.ANSWERS), blank=True, default="")
    refusal = models.CharField(max_length=10, choices=codes.choices(codes.REFUSALS), blank=True, default="")
    answered_at = models.DateTimeField(null=True)  # the first answer: what waiting days are counted to
    changed_at = models.DateTimeField(null=True)  # the latest answer
    noted_at = models.DateTimeField(null=True)  # when the sender took note of the latest answer
    reply_ref = models.CharField(max_length=LENGTH, blank=True, default="")
    reply = models.BinaryField(null=True)  # a few words with the answer, under a key of their own for the sender
    end = models.CharField(max_length=8, choices=codes.choices(codes.ENDS), blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Default deny, also in the database: a package for an authority cannot be stored.
            models.CheckConstraint(condition=Q(kind__in=list(HELP_KINDS)), name="referrals_package_helps"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) ^ Q(lookup__isnull=False), name="referrals_package_one_way"
            ),
            models.CheckConstraint(condition=Q(end="") | Q(locked=None), name="referrals_package_ended_is_empty"),
        ]
        indexes = [
            models.Index(fields=["recipient", "end", "answer", "-sent_at"], name="referrals_inbox"),
            models.Index(fields=["sender", "-sent_at"], name="referrals_outbox"),
            models.Index(fields=["end", "until"], name="referrals_until"),
        ]

    def __str__(self) -> str:
        return f"package {self.ref}"

    @property
    def state(self) -> str:
        """How it stands, as one code."""
        return self.end or self.answer or ("seen" if self.seen_at else "sent")

    @property
    def state_label(self) -> codes.Text:
        return codes.STATES[self.state]

    @property
    def tone(self) -> str:
        return codes.TONES[self.state]

    @property
    def live(self) -> bool:
        """Whether its content can still be opened."""
        return self.locked is not None

    @property
    def way(self) -> str:
        return "house" if self.recipient_id else "link"

    @property
    def waits_for_deletion(self) -> bool:
        """Whether somebody saw what was called back and has not confirmed that they deleted it."""
        return bool(self.end) and self.seen_at is not None and self.acknowledged_at is None

    @property
    def has_news(self) -> bool:
        """Whether there is an answer of which the sender has not taken note."""
        return self.changed_at is not None and (self.noted_at is None or self.noted_at < self.changed_at)

    def is_over(self, today: date) -> bool:
        return self.until < today


_to_see = _("So that the person and their worker can see what left the house")
_to_follow = _("To follow the referral, remind, and call it back")
REFERRAL = {
    **{code: PersonalField(ask.label, _to_see, special=ask.group == Group.HEALTH) for code, ask in ASKS.items()},
    "answer_note": PersonalField(_("What the service answered"), _("To go on from the answer"), special=True),
    "package": PersonalField(_("Package"), _to_follow, "account", "account", Tier.OPEN),
    "area": PersonalField(_("Municipality"), _("To count referrals, where the person agrees"), tier=Tier.OPEN),
    "sent_by": PersonalField(_("Sent by"), _to_follow, "account", "account", Tier.OPEN),
    "sent_on": PersonalField(_("Sent on"), _to_follow, "account", "account", Tier.OPEN),
}


class Referral(LockedModel):
    """Whose package it is, and in the locked box what was packed. Without consent to keep a copy, the box stays empty."""

    GROUP = Group.REFERRALS
    PERSONAL = REFERRAL

    package = models.OneToOneField(Package, on_delete=models.PROTECT, related_name="referral")
    area = models.CharField(max_length=12, blank=True, default="")
    sent_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("referral")
        indexes = [models.Index(fields=["person", "-sent_on"], name="referrals_of_person")]


class AuthorityRequest(models.Model):
    """One line of the register of what authorities wanted and what became of it. It names nobody."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=12, choices=codes.choices(AUTHORITY_KINDS))
    received_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=codes.choices(codes.REQUEST_OUTCOMES), blank=True, default="")
    ground = models.CharField(max_length=8, choices=codes.choices(codes.GROUNDS), blank=True, default="")
    refusal = models.CharField(max_length=14, choices=codes.choices(codes.NOT_HANDED_OVER), blank=True, default="")
    decided_on = models.DateField(null=True)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(decided_on__isnull=False), name="referrals_decided_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="handed_over") | ~Q(ground=""), name="referrals_handed_over_has_a_ground"
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.ref}"


_to_answer_for = _("So that the person can see what was told to whom, and on which ground")
_told = {
    "full_name": PersonalField(_("Name as it was told"), _to_answer_for, "legal"),
    **{code: PersonalField(ask.label, _to_answer_for, "legal", special=ask.group == Group.HEALTH)
       for code, ask in ASKS.items()},
    "statement": PersonalField(_("What else was told"), _to_answer_for, "legal", special=True),
}  # fmt: skip
TOLD: tuple[str, ...] = tuple(_told)


class Disclosure(LockedModel):
    """Something told to an authority about one person: chosen piece by piece, on a named ground, by two people."""

    GROUP = Group.REFERRALS
    PERSONAL = {
        **_told,
        "court": PersonalField(_("Court"), _to_answer_for, "legal"),
        "order_number": PersonalField(_("Reference number of the order"), _to_answer_for, "legal"),
        "order_day": PersonalField(_("Date of the order"), _to_answer_for, "legal"),
        "request": PersonalField(_("Line of the register"), _to_answer_for, "account", "account", Tier.OPEN),
        "service": PersonalField(_("Authority"), _to_answer_for, "account", "account", Tier.OPEN),
        "fields": PersonalField(_("What it is about"), _to_answer_for, "account", "account", Tier.OPEN),
        "ground": PersonalField(_("Legal ground"), _to_answer_for, "account", "account", Tier.OPEN),
        "state": PersonalField(_("State"), _to_answer_for, "account", "account", Tier.OPEN),
        "asked_by": PersonalField(_("First person"), _to_answer_for, "account", "account", Tier.OPEN),
        "asked_at": PersonalField(_("Asked at"), _to_answer_for, "account", "account", Tier.OPEN),
        "confirmed_by": PersonalField(_("Second person"), _to_answer_for, "account", "account", Tier.OPEN),
        "confirmed_at": PersonalField(_("Confirmed at"), _to_answer_for, "account", "account", Tier.OPEN),
        "handed_over_at": PersonalField(_("Handed over at"), _to_answer_for, "account", "account", Tier.OPEN),
    }

    request = models.OneToOneField(AuthorityRequest, on_delete=models.PROTECT, related_name="disclosure")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    ground = models.CharField(max_length=8, choices=codes.choices(codes.GROUNDS))
    state = models.CharField(max_length=12, choices=codes.choices(codes.DISCLOSURE_STATES), default="asked")
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("disclosure to an authority")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked") | Q(state="refused") | ~Q(confirmed_by=models.F("asked_by")),
                name="referrals_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused"]) | Q(confirmed_by__isnull=False),
                name="referrals_second_person",
            ),
        ]
