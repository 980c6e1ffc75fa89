"""The invented referrals of the demo: every state there is, through real actions, and nothing that is not marked."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from lygte.care.support.referrals import codes
from lygte.care.support.referrals.models import AuthorityRequest, Disclosure, Package
from lygte.core.audit import chains, verify_chain
from lygte.demo.cast import MARK
from lygte.demo.seed import seed
from lygte.directory.services.models import Service
from lygte.facts.projection import fingerprint, rebuild


@pytest.mark.django_db
def test_the_demo_has_a_referral_in_every_state_and_a_register_with_refusals() -> None:
    with scopes_disabled():
        seed(visits=60)
        assert {package.state for package in Package.objects.all()} == set(codes.STATES)
        assert Package.objects.exclude(end="").exclude(seen_at=None).filter(acknowledged_at=None).count() == 1
        assert {package.way for package in Package.objects.all()} == set(codes.WAYS)
        assert AuthorityRequest.objects.filter(outcome="refused").count() == 3
        assert Disclosure.objects.get().state == "handed_over"
        assert all(service.runner.endswith(MARK) and service.name.endswith(MARK) for service in Service.objects.all())
        assert all(verify_chain(chain).whole for chain in chains())
        before = fingerprint()
        rebuild()
        assert fingerprint() == before
