"""Nothing of one organisation stands in any answer to another, and no form takes what it does not ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from lygte.core.models import Member
from lygte.core.people import PasswordLink
from tests.conftest import keep_open, open_vaults
from tests.every_url.examples import EXAMPLES, SHARED_PREFIXES, other_half
from tests.every_url.walk import addresses

SHARED = {"core.Member", "services.Service"}  # colleagues' names stand in plans, services are for everybody to find
LONG_ENOUGH = 6  # shorter words stand on many pages by chance


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return keep_open(client, member) if hasattr(member, "keyring") else client


def lygte_models() -> Iterator[type[models.Model]]:
    yield from (model for model in apps.get_models() if model.__module__.startswith("lygte."))


def rows_of(organisation_id: int) -> Iterator[models.Model]:
    for model in lygte_models():
        if any(field.name == "organisation" for field in model._meta.fields) and model._meta.label not in SHARED:
            yield from model._base_manager.filter(organisation=organisation_id)


def words_of(organisation_id: int) -> set[str]:
    """Return references and names that only one organisation has: they must stand in no answer to another."""
    found = set()
    for row in rows_of(organisation_id):
        for field in row._meta.fields:
            value = getattr(row, field.attname)
            named = field.name in {"ref", "code_name", "short_code", "code", "instance_id", "label", "username"}
            if named and isinstance(value, str) and len(value) >= LONG_ENOUGH:
                found.add(value)
    return found


def make_everything(owner: Member) -> None:
    """Make an example of everything that has an address, for one organisation."""
    for address in addresses():
        if address.parameters and not address.name.startswith(SHARED_PREFIXES):
            EXAMPLES[address.name](owner)


def questions(words: Iterable[str]) -> Iterator[str]:
    """Yield each page without a parameter, alone and with each word as a search."""
    some = sorted(words)[:4]
    for address in addresses():
        if not address.parameters:
            yield reverse(address.name)
            yield from (f"{reverse(address.name)}?q={word}" for word in some)


def test_no_answer_names_anything_of_another_organisation(everyone: dict[str, Member]) -> None:
    open_vaults(everyone)
    with scopes_disabled():
        make_everything(everyone["chika"])
        make_everything(everyone["bogdan"])
        words = words_of(everyone["chika"].organisation_id) - words_of(everyone["bogdan"].organisation_id)
    assert len(words) > 10
    count = 0
    for name, member in everyone.items():
        if member.organisation_id == everyone["chika"].organisation_id:
            continue
        client = client_of(member)
        for url in questions(words):
            response = client.get(url)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            text = body.decode(errors="replace")
            asked = url.partition("?q=")[2]
            leaked = [word for word in words if word in text and word != asked]
            assert not leaked, f"{url} shows {name} {leaked[:3]}"
            count += 1
    print(f"{len(words)} words of theirs in {count} answers: 0")
    assert count > 300


def test_the_owner_does_see_them(everyone: dict[str, Member]) -> None:
    """The same search finds plenty for who may: so the test above looks in the right places."""
    open_vaults(everyone)
    with scopes_disabled():
        make_everything(everyone["chika"])
        words = words_of(everyone["chika"].organisation_id)
    client = client_of(everyone["chika"])
    pages = " ".join(client.get(url).content.decode(errors="replace") for url in questions([]))
    seen = {word for word in words if word in pages}
    assert len(seen) > 5


def extra_fields(other: Member) -> dict[str, Any]:
    """Return a value for every column of every table: what somebody could add to a form by hand."""
    fields: dict[str, Any] = {}
    for model in lygte_models():
        for field in model._meta.concrete_fields:
            fields.setdefault(field.name, "zzzzzzzzzzzzzzzzzzzzzzzzzz")
            fields.setdefault(field.attname, "999999")
    return {
        **fields,
        "organisation": other.organisation_id,
        "organisation_id": other.organisation_id,
        "member": other.ref,
        "recorded_by": other.pk,
    }


def identities() -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return of every row what no form may ever set: its reference, its organisation, its secrets."""
    found = {}
    for model in lygte_models():
        names = {field.name: field.attname for field in model._meta.concrete_fields}
        columns = [names[n] for n in ("ref", "organisation", "token_hash", "sha256") if n in names]
        for row in model._base_manager.all():
            found[(model._meta.label, row.pk)] = tuple(getattr(row, column) for column in columns)
    return found


@pytest.mark.parametrize("name", ["bogdan", "dorte", "hugo"])
def test_no_form_takes_what_it_does_not_ask_for(everyone: dict[str, Member], name: str) -> None:
    open_vaults(everyone)
    member, other = everyone[name], everyone["chika"]
    client = client_of(member)
    planted = extra_fields(other)
    count = 0
    with scopes_disabled():
        for address in addresses():
            kwargs = EXAMPLES[address.name](other_half(member, everyone)) if address.parameters else {}
            before = identities()
            theirs = {key for key, row in before.items() if other.organisation_id in row}
            with transaction.atomic():
                client.post(reverse(address.name, kwargs=kwargs), planted)
                after = identities()
                transaction.set_rollback(True)
            changed = [
                key
                for key, row in before.items()
                if key in after and after[key] != row and key[0] != PasswordLink._meta.label
            ]
            assert not changed, f"{address.name} let a form set {changed[:3]}"
            planted_there = [k for k, row in after.items() if k not in before and other.organisation_id in row]
            assert not planted_there, f"{address.name} made {planted_there[:3]} in another organisation"
            assert theirs <= set(after), f"{address.name} removed something of another organisation"
            count += 1
            client = client_of(member)  # whatever the post ended or shut, the next one begins anew
    print(f"{count} addresses, {len(planted)} fields added to each: nothing was set")
    assert count > 50
