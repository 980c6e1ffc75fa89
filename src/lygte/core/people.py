"""People who log in. They are staff, volunteers and organisers; never the people whom Lygte is for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisations import Kind, Organisation
from .refs import RefField


class Role(models.TextChoices):
    """What a member does in their organisation; `access.RULES` says what each may."""

    WORKER = "worker", _("Outreach or health worker")
    COORDINATOR = "coordinator", _("Coordinator")
    PROGRAMME_OFFICER = "programme_officer", _("Programme officer")
    CONTACT = "contact", _("Contact person of an authority")
    RESEARCHER = "researcher", _("Researcher")
    ORGANISER = "organiser", _("Organiser")
    ADVISER = "adviser", _("Legal adviser")
    HOST = "host", _("Host")


ROLES_OF_KIND: dict[str, frozenset[str]] = {
    Kind.OUTREACH: frozenset({Role.WORKER, Role.COORDINATOR}),
    Kind.HEALTH: frozenset({Role.WORKER, Role.COORDINATOR}),
    Kind.LEGAL: frozenset({Role.ADVISER, Role.COORDINATOR}),
    Kind.SELF_ORGANISATION: frozenset({Role.ORGANISER, Role.COORDINATOR}),
    Kind.AUTHORITY: frozenset({Role.CONTACT, Role.COORDINATOR}),
    Kind.FUNDER: frozenset({Role.PROGRAMME_OFFICER, Role.COORDINATOR}),
    Kind.KNOWLEDGE: frozenset({Role.RESEARCHER, Role.COORDINATOR}),
    Kind.HOST: frozenset({Role.HOST}),
}


class UserAccounts(BaseUserManager["User"]):
    """Makes accounts; there is no superuser to make."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. It can do nothing by itself: only a membership gives verbs."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name or alias"), max_length=80)
    language = models.CharField(max_length=5, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserAccounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """One person's role in one organisation."""

    ref = RefField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20, choices=Role.choices)
    active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user.name}, {self.organisation.name}"


class PasswordLink(models.Model):
    """A one-time way to choose a password, handed over by a coordinator; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "password link"

    def is_open(self) -> bool:
        return self.used_at is None and self.expires_at > timezone.now()


class Invitation(models.Model):
    """An offer of a role, open until it is answered, withdrawn or too old; then it is deleted.

    It stands beside accounts and does not point to one: it tells nobody whether the address has an account.
    """

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=20, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "email"], name="one_invitation_per_address"),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.organisation.name}"

    def is_open(self) -> bool:
        return self.expires_at > timezone.now()
