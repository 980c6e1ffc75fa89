"""Inviting somebody into an organisation: a one-time link that the person opens, and answers for themselves.

Who has an account already accepts with it; who has none chooses a password. Whoever invites sees the same page either
way: whether an address has an account here is nobody else's business, for it may tell where a person works or goes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils import timezone

from .access import Verb
from .actions import action
from .audit import write_entry
from .members import belongs_elsewhere, check_role, hash_of_token
from .organisations import Organisation
from .people import Invitation, Member, Role, User
from .problems import Problem
from .schedule import periodic
from .transactions import writing

INVITATION_LASTS = timedelta(days=3)


@dataclass(frozen=True)
class Invited:
    """An invitation and its token, which is shown once."""

    invitation: Invitation
    token: str

    @property
    def ref(self) -> str:
        return self.invitation.ref


def _invite(organisation: Organisation, email: str, name: str, role: str) -> Invited:
    """Make an invitation; an earlier one of the same address to the same organisation stops working."""
    check_role(organisation, role)
    email = email.strip().lower()
    if Member.objects.filter(organisation=organisation, user__email=email, active=True).exists():
        raise Problem("409.1", email=email)
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(organisation=organisation, email=email).delete()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=name,
        role=role,
        token_hash=hash_of_token(token),
        expires_at=timezone.now() + INVITATION_LASTS,
    )
    return Invited(invitation, token)


@action(Verb.MEMBER_ADD, details=lambda invited: {"invited": True, "role": invited.invitation.role})
def add_member(*, member: Member, email: str, name: str, role: str) -> Invited:
    """Invite somebody into the acting member's organisation."""
    return _invite(member.organisation, email, name, role)


@action(Verb.MEMBER_REMOVE, details=lambda invitation: {"invitation": "withdrawn"})
def withdraw_invitation(*, member: Member, invitation: Invitation) -> Invitation:
    """Take an invitation back before it is answered."""
    Invitation.objects.filter(pk=invitation.pk).delete()
    return invitation


@action(Verb.HOST_ORGANISATIONS, details=lambda invited: {"kind": invited.invitation.organisation.kind})
def found_organisation(
    *, member: Member, name: str, kind: str, country: str, language: str, email: str, coordinator: str
) -> Invited:
    """Make an organisation, or find one that nobody has joined yet, and invite its first coordinator.

    The host cannot see into it afterwards.
    """
    nobody_yet = Organisation.objects.filter(name__iexact=name, members=None).exclude(kind="host")
    organisation = nobody_yet.first() or Organisation(name=name)
    organisation.kind, organisation.country, organisation.language = kind, country, language
    organisation.save()
    Invitation.objects.filter(organisation=organisation).delete()
    invited = _invite(organisation, email, coordinator, Role.COORDINATOR)
    write_entry(organisation=organisation, member=None, verb=Verb.HOST_ORGANISATIONS, subject=organisation.ref)
    return invited


def invitations_of(member: Member) -> QuerySet[Invitation]:
    """Return the invitations of the member's organisation that wait for an answer."""
    return Invitation.objects.filter(organisation=member.organisation, expires_at__gt=timezone.now())


def open_invitation(token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation of a token, or Problem 404.2 when it is answered, withdrawn, too old or unknown."""
    found = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    invitation = found.select_related("organisation").filter(token_hash=hash_of_token(token)).first()
    if invitation is None or not invitation.is_open():
        raise Problem("404.2")
    return invitation


# The answer -----------------------------------------------------------------------------------------------------------
def accept(*, token: str, user: User) -> Member:
    """Join with one's own account. Raises Problem 403.4 for any account but the one the invitation is for."""
    with writing():
        invitation = open_invitation(token, lock=True)
        if user.email != invitation.email:
            raise Problem("403.4")
        return _join(invitation, user)


def accept_with_password(*, token: str, password: str) -> User:
    """Join with a new account. Raises ValidationError for a weak password, Problem 409.4 where there is an account."""
    with writing():
        invitation = open_invitation(token, lock=True)
        user = User.objects.filter(email=invitation.email).first()
        if user is not None and (user.has_usable_password() or belongs_elsewhere(user, invitation.organisation)):
            raise Problem("409.4")
        user = user or User.objects.create_user(invitation.email, name=invitation.name)
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        _join(invitation, user)
    return user


def decline(*, token: str) -> None:
    """Say no; nothing of the invitation is kept but a line in the log, without a name."""
    with writing():
        invitation = open_invitation(token, lock=True)
        _note(invitation, None, {"invitation": "declined"})
        invitation.delete()


def _join(invitation: Invitation, user: User) -> Member:
    found = Member.objects.filter(user=user, organisation=invitation.organisation).first()
    member = found or Member(user=user, organisation=invitation.organisation)
    member.role, member.active = invitation.role, True
    member.save()
    _note(invitation, member, {"invitation": "accepted", "role": member.role})
    invitation.delete()
    return member


def _note(invitation: Invitation, member: Member | None, details: dict[str, str]) -> None:
    """Write the answer into the log of the organisation that invited; no other organisation hears of it."""
    write_entry(
        organisation=invitation.organisation,
        member=member,
        verb=Verb.MEMBER_ADD,
        subject=member.ref if member else invitation.ref,
        details=details,
    )


@periodic("core.forget_invitations", every=timedelta(hours=24))
def forget_invitations() -> int:
    """Delete invitations that nobody answered in time, with the name and address in them."""
    return Invitation.objects.filter(expires_at__lte=timezone.now()).delete()[0]
