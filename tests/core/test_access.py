"""Verbs: closed by default, and the firewall is a type."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.checks import run_checks

from lygte.core import access, checks
from lygte.core.access import CARE_PREFIXES, RULES, Rule, Verb, may
from lygte.core.invitations import accept_with_password, add_member, found_organisation
from lygte.core.members import role_fits
from lygte.core.models import Kind, Member, Organisation, Role
from lygte.core.problems import Problem

ENFORCEMENT_CANNOT = [verb for verb in Verb if verb.startswith(CARE_PREFIXES)]


def test_nobody_may_anything_without_membership() -> None:
    assert not any(may(None, verb) for verb in Verb)


def test_a_member_who_left_may_nothing(bogdan: Member) -> None:
    bogdan.active = False
    assert not any(may(bogdan, verb) for verb in Verb)


def test_an_unknown_verb_is_an_error_and_a_verb_without_rule_is_closed(
    bogdan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match=r"no\.such"):
        may(bogdan, "no.such")
    monkeypatch.delitem(RULES, Verb.PLACE_LIST)
    assert not may(bogdan, Verb.PLACE_LIST)


@pytest.mark.parametrize(
    ("kind", "role"), list(product([Kind.AUTHORITY, Kind.FUNDER, Kind.KNOWLEDGE, Kind.HOST], Role))
)
def test_no_role_in_an_authority_or_funder_reaches_places_or_people(kind: Kind, role: Role) -> None:
    member = Member(role=role, active=True, organisation=Organisation(kind=kind))
    assert [verb for verb in ENFORCEMENT_CANNOT if may(member, verb)] == []
    assert len(ENFORCEMENT_CANNOT) > 15


def test_the_site_refuses_to_start_when_a_rule_opens_care_to_an_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Rule(frozenset({Role.CONTACT}), frozenset({Kind.AUTHORITY}))
    monkeypatch.setitem(RULES, Verb.PLACE_READ, opened)
    assert [e.id for e in checks.care_stays_with_field_organisations()] == ["lygte.E003"]


def test_the_site_refuses_to_start_when_a_verb_has_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.every_verb_has_a_rule() == []
    monkeypatch.delitem(RULES, Verb.VISIT_READ)
    assert [e.id for e in checks.every_verb_has_a_rule()] == ["lygte.E002"]


def test_the_site_refuses_to_start_when_a_view_is_open(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [e for e in run_checks() if e.id == "lygte.E001"] == []
    monkeypatch.setattr(checks, "every_pattern", lambda: [("open/", "open", lambda request: None)])
    assert [e.id for e in checks.every_view_is_closed_or_public()] == ["lygte.E001"]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CONTACT, Role.COORDINATOR)])
def test_an_authority_cannot_give_a_field_role(role: Role) -> None:
    assert not role_fits(Kind.AUTHORITY, role)


def test_a_coordinator_cannot_add_a_role_that_the_organisation_cannot_have(bogdan: Member) -> None:
    with pytest.raises(Problem) as problem:
        add_member(member=bogdan, email="x@example.org", name="X", role=Role.HOST)
    assert problem.value.number == "422.1"


def test_a_new_authority_gets_a_coordinator_who_sees_no_place(henk: Member) -> None:
    invited = found_organisation(
        member=henk, name="Police (invented)", kind=Kind.AUTHORITY, country="DK", language="da",
        email="p@example.org", coordinator="P",
    )  # fmt: skip
    user = accept_with_password(token=invited.token, password="lanterns hang over quiet water")
    assert [verb for verb in ENFORCEMENT_CANNOT if may(user.memberships.get(), verb)] == []


def test_the_host_may_do_nothing_inside_an_organisation(henk: Member) -> None:
    assert {verb for verb in Verb if may(henk, verb)} == {Verb.TODAY, Verb.HOST_ORGANISATIONS}
    assert access.RULES[Verb.HOST_ORGANISATIONS].kinds == {Kind.HOST}
