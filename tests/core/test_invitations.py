"""Invitations: answered by the person alone, once, and telling nobody whether an address has an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.core.invitations import Invited, add_member, forget_invitations, found_organisation
from lygte.core.models import AuditEntry, Invitation, Kind, Member, Organisation, Role, User
from lygte.core.problems import Problem

SignedIn = Callable[[Member], Client]
GOOD = "lanterns hang over quiet water"
WITH_PASSWORD = {"answer": "password", "password": GOOD, "again": GOOD}


def invite(member: Member, email: str, role: str = "worker") -> Invited:
    return add_member(member=member, email=email, name="Nadia", role=role)


def address(invited: Invited) -> str:
    return reverse("core:invitation", args=[invited.token])


def without_what_differs(response: Any) -> str:
    """Return a page without tokens and times, which differ in any case."""
    page = re.sub(r"[\w-]{43,}", "TOKEN", response.content.decode())
    return re.sub(r"\d\d:\d\d", "TIME", page)


def details_of(organisation: Organisation) -> list[Any]:
    entries = AuditEntry.objects.filter(chain=organisation.ref).order_by("sequence")
    return [(entry.verb, bool(entry.member_ref), entry.details) for entry in entries]


def test_somebody_of_another_organisation_accepts_with_their_own_account(
    bogdan: Member, chika: Member, signed_in: SignedIn
) -> None:
    invited = invite(bogdan, chika.user.email.upper())
    theirs = signed_in(chika)
    page = theirs.get(address(invited)).content.decode()
    assert bogdan.organisation.name in page and "Outreach or health worker" in page and "Accept" in page
    assert not Member.objects.filter(user=chika.user, organisation=bogdan.organisation).exists()
    assert theirs.post(address(invited), {"answer": "accept"}).status_code == 302
    joined = Member.objects.get(user=chika.user, organisation=bogdan.organisation)
    assert joined.active and joined.role == Role.WORKER
    assert bogdan.organisation.name in theirs.get(reverse("site:today")).content.decode()
    assert theirs.get(address(invited)).status_code == 404 and not Invitation.objects.exists()
    assert details_of(bogdan.organisation) == [
        ("member.add", True, {"invited": True, "role": "worker"}),
        ("member.add", True, {"invitation": "accepted", "role": "worker"}),
    ]
    assert details_of(chika.organisation) == []  # the other organisation does not hear of it


def test_nobody_else_can_accept_or_decline_for_them(bogdan: Member, chika: Member, signed_in: SignedIn) -> None:
    invited = invite(bogdan, chika.user.email)
    client = signed_in(bogdan)
    assert "signed in with another account" in client.get(address(invited)).content.decode()
    assert client.post(address(invited), {"answer": "accept"}).status_code == 403
    client.post(address(invited), {"answer": "decline"})
    client.post(address(invited), WITH_PASSWORD)
    client.post(address(invite(bogdan, "nobody@example.org")), WITH_PASSWORD)
    assert not User.objects.filter(email="nobody@example.org").exists()
    Invitation.objects.filter(email="nobody@example.org").delete()
    assert Client().post(address(invited), {"answer": "accept"}).status_code == 200
    assert Invitation.objects.count() == 1 and Member.objects.filter(user=chika.user).count() == 1


def test_who_invites_sees_the_same_for_an_account_and_for_none(
    bogdan: Member, chika: Member, signed_in: SignedIn
) -> None:
    client = signed_in(bogdan)
    pages = []
    for email in (chika.user.email, "nobody@example.org"):
        Invitation.objects.all().delete()
        answer = client.post(reverse("core:member_add"), {"name": "Nadia", "email": email, "role": "worker"})
        url = re.search(r"/organisation/invitation/[\w-]+/", answer.content.decode())
        assert answer.status_code == 200 and url
        stranger = without_what_differs(Client().get(url[0])).replace(email, "EMAIL")
        listed = without_what_differs(client.get(reverse("core:member_list"))).replace(email, "EMAIL")
        pages.append([without_what_differs(answer), re.sub(r'value="\w{20,}"', "", stranger), listed])
    strip = [[re.sub(r"[a-z2-7]{26}", "REF", page) for page in some] for some in pages]
    strip = [[re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page) for page in some] for some in strip]
    assert strip[0] == strip[1]


def test_declining_leaves_no_name_behind(bogdan: Member) -> None:
    invited = invite(bogdan, "nadia@example.org")
    assert "You have declined" in Client().post(address(invited), {"answer": "decline"}).content.decode()
    assert not Invitation.objects.exists() and not User.objects.filter(email="nadia@example.org").exists()
    assert details_of(bogdan.organisation)[-1] == ("member.add", False, {"invitation": "declined"})
    assert "nadia" not in str(list(AuditEntry.objects.values())).lower()


def test_an_invitation_ends_when_replaced_withdrawn_or_old_and_is_forgotten(
    bogdan: Member, signed_in: SignedIn
) -> None:
    client = signed_in(bogdan)
    first, second = invite(bogdan, "nadia@example.org"), invite(bogdan, "nadia@example.org", "coordinator")
    assert Client().get(address(first)).status_code == 404
    assert Client().get(address(second)).status_code == 200
    assert not Invitation.objects.filter(token_hash=second.token).exists()
    assert client.post(reverse("core:invitation_withdraw", args=[second.ref])).status_code == 302
    assert Client().get(address(second)).status_code == 404
    old, fresh = invite(bogdan, "old@example.org"), invite(bogdan, "fresh@example.org")
    Invitation.objects.filter(ref=old.ref).update(expires_at=timezone.now() - timedelta(seconds=1))
    for answer in ({"answer": "decline"}, WITH_PASSWORD):
        assert Client().post(address(old), answer).status_code == 404
    assert not User.objects.filter(email="old@example.org").exists()
    forget_invitations()
    assert [i.ref for i in Invitation.objects.all()] == [fresh.ref]


def test_a_coordinator_of_another_organisation_cannot_withdraw(
    bogdan: Member, chika: Member, amina: Member, signed_in: SignedIn
) -> None:
    url = reverse("core:invitation_withdraw", args=[invite(bogdan, "nadia@example.org").ref])
    assert signed_in(chika).post(url).status_code == 404
    assert signed_in(amina).post(url).status_code == 403
    assert Invitation.objects.count() == 1


def test_a_former_member_comes_back_by_accepting(bogdan: Member, amina: Member, signed_in: SignedIn) -> None:
    with pytest.raises(Problem, match=r"409\.1"):
        invite(bogdan, amina.user.email)
    Member.objects.filter(pk=amina.pk).update(active=False)
    invited = invite(bogdan, amina.user.email, "coordinator")
    client = Client()
    client.force_login(amina.user)
    assert client.post(address(invited), {"answer": "accept"}).status_code == 302
    amina.refresh_from_db()
    assert amina.active and amina.role == Role.COORDINATOR


def test_signing_in_leads_back_to_the_invitation(bogdan: Member, chika: Member) -> None:
    invited, client = invite(bogdan, chika.user.email), Client()
    link = re.search(r'href="(/account/login/\?next=[^"]+)"', client.get(address(invited)).content.decode())
    assert link
    page = client.post(link[1], {"login": chika.user.email, "password": "four unrelated quiet words"})
    assert page.status_code == 302 and page["Location"] == address(invited)


def test_an_organisation_that_nobody_joined_can_be_added_again(henk: Member, signed_in: SignedIn) -> None:
    what = {"name": "Ny (invented)", "kind": Kind.OUTREACH, "country": "DK", "language": "en", "coordinator": "C"}
    first = found_organisation(member=henk, email="c@example.org", **what)
    host = signed_in(henk)
    again = host.post(reverse("core:organisations"), {**what, "email": "c2@example.org"})
    assert again.status_code == 200 and Organisation.objects.filter(name=what["name"]).count() == 1
    assert Client().get(address(first)).status_code == 404
    url = re.search(r"/organisation/invitation/[\w-]+/", again.content.decode())
    assert url and Client().post(url[0], WITH_PASSWORD).status_code == 302
    joined = Member.objects.get(organisation__name=what["name"])
    assert joined.role == Role.COORDINATOR and joined.user.email == "c2@example.org"
    assert host.post(reverse("core:organisations"), {**what, "email": "c3@example.org"}).status_code == 400
