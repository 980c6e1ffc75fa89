"""Outside an organisation's scope no question to a table of theirs is answered."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django_scopes import get_scope, scopes_disabled
from django_scopes.exceptions import ScopeError

# Tables that name an organisation but are read before anybody's scope is known, or belong to several at once. Each line
# is a decision: who signs in, keys, the log and its lines, facts (numbers), plans (shared by those who deliver), services (help is for everybody to find).
REVIEWED = {
    "core.Invitation",
    "core.Member",
    "programme.Delivery",
    "services.Service",
    "trials.Part",
    "vault.OrganisationKey",
    "vault.SearchToken",
    "consent.Seen",
    "consent.Erasure",
    "facts.Record",
    "facts.Total",
}


def tenant_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("lygte.") and any(f.name == "organisation" for f in model._meta.fields)
    ]


def unguarded() -> list[str]:
    """Return the models of one organisation that answer without a scope."""
    found = []
    assert not get_scope()
    for model in tenant_models():
        try:
            model._default_manager.all()
        except ScopeError:
            continue
        found.append(model._meta.label)
    return found


def test_every_table_of_an_organisation_fails_outside_its_scope() -> None:
    answering = set(unguarded())
    print(f"{len(tenant_models())} tables of organisations, {len(answering)} reviewed exceptions")
    assert len(tenant_models()) > 8
    assert answering <= REVIEWED, f"give them objects = ScopedManager(organisation=...): {sorted(answering - REVIEWED)}"


def test_a_table_without_a_scope_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    model = next(m for m in tenant_models() if m._meta.label == "outreach.Place")
    with scopes_disabled():
        plain = model._default_manager.all()
    monkeypatch.setattr(type(model._default_manager), "all", lambda self: plain)
    assert "outreach.Place" in unguarded()
