"""Members: added by a coordinator, given a link once, gone at once when removed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.core.invitations import add_member
from lygte.core.members import make_password_link, renew_password_link
from lygte.core.models import AuditEntry, Member, PasswordLink, User
from tests.conftest import PASSWORD

SignedIn = Callable[[Member], Client]

NEW = {"name": "Nadia", "email": "nadia@example.org", "role": "worker"}
GOOD = "lanterns hang over quiet water"


def token_in(text: str) -> str:
    found = re.search(r"/organisation/invitation/([\w-]+)/", text)
    assert found
    return found[1]


def test_a_coordinator_adds_a_colleague_who_then_chooses_a_password_and_signs_in(
    bogdan: Member, signed_in: SignedIn
) -> None:
    page = signed_in(bogdan).post(reverse("core:member_add"), NEW)
    url = reverse("core:invitation", args=[token_in(page.content.decode())])
    stranger, answer = Client(), {"answer": "password"}
    assert stranger.post(url, {**answer, "password": GOOD, "again": "something else entirely"}).status_code == 400
    assert stranger.post(url, {**answer, "password": "short", "again": "short"}).status_code == 400
    assert stranger.post(url, {**answer, "password": NEW["email"], "again": NEW["email"]}).status_code == 400
    assert not User.objects.filter(email=NEW["email"]).exists()
    assert stranger.post(url, {**answer, "password": GOOD, "again": GOOD}).status_code == 302
    login = stranger.post(reverse("account_login"), {"login": NEW["email"], "password": GOOD})
    assert login.status_code == 302
    assert stranger.get(reverse("site:today")).status_code == 200
    assert stranger.get(url).status_code == 404


def test_a_link_stops_working_when_used_too_old_or_replaced(bogdan: Member, amina: Member) -> None:
    welcome = renew_password_link(member=bogdan, other=amina)
    user = welcome.member.user
    PasswordLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(reverse("core:password", args=[welcome.token])).status_code == 404
    first, second = make_password_link(user), make_password_link(user)
    assert Client().get(reverse("core:password", args=[first])).status_code == 404
    assert Client().get(reverse("core:password", args=[second])).status_code == 200
    assert not PasswordLink.objects.filter(token_hash__in=[first, second]).exists()


def test_a_worker_cannot_see_or_add_members(amina: Member, signed_in: SignedIn) -> None:
    client = signed_in(amina)
    assert client.get(reverse("core:member_list")).status_code == 403
    assert client.post(reverse("core:member_add"), NEW).status_code == 403
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_coordinator_of_another_organisation_gets_404(amina: Member, chika: Member, signed_in: SignedIn) -> None:
    client = signed_in(chika)
    for name in ("core:member_link", "core:member_remove"):
        assert client.post(reverse(name, args=[amina.ref])).status_code == 404
    amina.refresh_from_db()
    assert amina.active


def test_a_removed_member_is_out_at_the_next_request(amina: Member, bogdan: Member, signed_in: SignedIn) -> None:
    theirs = signed_in(amina)
    assert theirs.get(reverse("site:today")).status_code == 200
    assert signed_in(bogdan).post(reverse("core:member_remove", args=[amina.ref])).status_code == 302
    assert theirs.get(reverse("site:today")).status_code == 403


def test_the_last_coordinator_stays(bogdan: Member, signed_in: SignedIn) -> None:
    page = signed_in(bogdan).post(reverse("core:member_remove", args=[bogdan.ref]))
    assert page.status_code == 409
    assert b"409.2" in page.content


def test_nobody_signs_up_by_themselves() -> None:
    assert Client().get("/account/signup/").status_code == 404


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(amina: Member) -> None:
    def answer(email: str) -> str:
        page = Client().post(reverse("account_login"), {"login": email, "password": "wrong wrong wrong"})
        assert page.status_code in (200, 400)
        return re.sub(r'value="[^"]*"', "", page.content.decode())

    assert answer(amina.user.email) == answer("nobody@example.org")


def test_a_session_left_alone_is_closed(amina: Member, signed_in: SignedIn, settings: object) -> None:
    client = signed_in(amina)
    assert client.get(reverse("site:today")).status_code == 200
    session = client.session
    session["seen"] = session["seen"] - 16 * 60
    session.save()
    assert client.get(reverse("site:today")).status_code == 302


def test_a_person_in_two_organisations_switches_between_them(amina: Member, chika: Member, signed_in: SignedIn) -> None:
    other = Member.objects.create(user=amina.user, organisation=chika.organisation, role="coordinator")
    client = signed_in(amina)
    assert client.get(reverse("core:member_list")).status_code == 403
    assert client.post(reverse("core:switch"), {"member": other.ref}).status_code == 302
    assert client.get(reverse("core:member_list")).status_code == 200
    assert client.post(reverse("core:switch"), {"member": chika.ref}).status_code == 404


def test_the_log_shows_what_was_done_and_can_be_verified(bogdan: Member, signed_in: SignedIn) -> None:
    add_member(member=bogdan, **NEW)
    client = signed_in(bogdan)
    assert b"member.add" in client.get(reverse("core:log")).content
    page = client.post(reverse("core:log_verify"), follow=True)
    assert "The log is whole: 1 entries" in page.content.decode()
    assert AuditEntry.objects.count() == 1


def test_an_account_of_another_organisation_cannot_be_taken_over(
    bogdan: Member, chika: Member, henk: Member, signed_in: SignedIn
) -> None:
    """Whoever holds the password link holds the account: so nobody gets one for somebody else's member."""
    client = signed_in(bogdan)
    for somebody in (chika, henk):
        page = client.post(reverse("core:member_add"), {**NEW, "email": somebody.user.email})
        url = reverse("core:invitation", args=[token_in(page.content.decode())])
        taken = Client().post(url, {"answer": "password", "password": GOOD, "again": GOOD})
        assert taken.status_code == 409 and b"409.4" in taken.content
        assert client.post(url, {"answer": "accept"}).status_code == 403
        assert Member.objects.filter(user=somebody.user).count() == 1
        somebody.user.refresh_from_db()
        assert somebody.user.check_password(PASSWORD)
    shared = Member.objects.create(user=chika.user, organisation=bogdan.organisation, role="worker")
    assert client.post(reverse("core:member_link", args=[shared.ref])).status_code == 409
    assert not PasswordLink.objects.exists()
