"""Over all addresses of the resolver: looking changes nothing, and nothing is changed without the form's token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lygte.core.access import Verb, may, page, public
from lygte.core.models import Member
from tests.conftest import keep_open, open_vaults
from tests.every_url.examples import EXAMPLES, other_half
from tests.every_url.walk import Address, addresses

# They are asked by programs with a key of their own, never by a browser with a cookie; each was looked at.
WITHOUT_TOKEN = (
    "intake:phone_", "intake:login_", "intake:field_send", "entities:phone_", "entities:login_",
    "checkins:phone_", "exports:service", "exports:metadata", "exports:resource",
    # What whoever holds the secret link of a draft asks; the pages about a draft are not among them.
    "intake:draft_form", "intake:draft_manifest", "intake:draft_media", "intake:draft_submission", "intake:draft_unknown",
    "intake:draft_nothing",
)  # fmt: skip
# Looking may note that somebody looked, and keep a session going. Nothing else.
MAY_NOTE = ("django_session", "lygte_cache", "core_auditentry", "core_audithead", "consent_seen")


@pytest.fixture
def cast(everyone: dict[str, Member]) -> dict[str, Member]:
    return open_vaults(everyone)


def who_may(address: Address, cast: dict[str, Member]) -> Member:
    """Return somebody to whom the address is open, so that nothing else than the method or token stands in the way."""
    return next((one for one in cast.values() if not address.public and may(one, address.view.verb)), cast["amina"])


def client_for(member: Member, **kind: bool) -> Client:
    client = Client(**kind)
    client.force_login(member.user)
    return keep_open(client, member) if hasattr(member, "keyring") else client


def url_of(address: Address, member: Member, cast: dict[str, Member]) -> str:
    kwargs = EXAMPLES[address.name](other_half(member, cast)) if address.parameters else {}
    return reverse(address.name, kwargs=kwargs)


def takes_post(client: Client, url: str) -> bool:
    """Tell whether an address takes a POST, by asking it with a wrong method that no view reads."""
    answer = client.options(url)
    allowed = answer.headers.get("Allow", "")
    return "POST" in allowed if allowed else True


def without_token(cast: dict[str, Member]) -> Iterator[tuple[str, int, bool]]:
    """Yield (name, status, whether it takes a POST) of a POST without token to every address that a browser uses."""
    for address in addresses():
        if address.name.startswith(WITHOUT_TOKEN):
            continue
        cache.clear()
        member = who_may(address, cast)
        client = client_for(member, enforce_csrf_checks=True)
        url = url_of(address, member, cast)
        if takes_post(client, url):
            yield address.name, client.post(url).status_code, True
        else:
            yield address.name, client.post(url).status_code, False


def writes_of_a_look(cast: dict[str, Member]) -> Iterator[tuple[str, list[str]]]:
    """Yield (name, what was written) of a GET of every address."""
    for address in addresses():
        cache.clear()
        member = who_may(address, cast)
        url = url_of(address, member, cast)
        client = client_for(member)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(url)
        yield address.name, [one["sql"][:120] for one in seen if is_a_write(one["sql"])]


def is_a_write(sql: str) -> bool:
    word, _, rest = sql.strip().partition(" ")
    return word.upper() in {"INSERT", "UPDATE", "DELETE"} and not any(table in rest for table in MAY_NOTE)


def test_a_post_without_the_token_is_refused_everywhere(cast: dict[str, Member]) -> None:
    found = list(without_token(cast))
    open_to_post = [name for name, _status, takes in found if takes]
    let_through = [(name, status) for name, status, takes in found if status not in ((403,) if takes else (403, 405))]
    assert let_through == []
    assert len(open_to_post) > 25
    print(f"{len(found)} addresses asked by POST without the token, {len(open_to_post)} of which take one: all refused")


def test_what_only_takes_post_refuses_a_look(cast: dict[str, Member]) -> None:
    refused = 0
    for address in addresses():
        cache.clear()
        member = who_may(address, cast)
        url = url_of(address, member, cast)
        allowed = client_for(member).options(url).headers.get("Allow", "")
        if "POST" in allowed and "GET" not in allowed:
            assert client_for(member).get(url).status_code == 405, address.name
            refused += 1
    assert refused > 10
    print(f"{refused} addresses that only take POST: all refuse GET with 405")


def test_looking_changes_nothing(cast: dict[str, Member]) -> None:
    found = dict(writes_of_a_look(cast))
    assert {name: sql for name, sql in found.items() if sql} == {}
    assert len(found) > 60
    print(f"{len(found)} addresses looked at: nothing written but that somebody looked")


def test_the_doors_without_token_do_nothing_for_a_cookie(cast: dict[str, Member]) -> None:
    """A browser that is signed in cannot be made to act through the doors of phones: they do not look at cookies."""
    asked = 0
    for address in addresses():
        if address.name.startswith(WITHOUT_TOKEN):
            client = client_for(cast["bogdan"], enforce_csrf_checks=True)
            answer = client.post(url_of(address, cast["bogdan"], cast), b"", content_type="text/xml")
            assert answer.status_code in (401, 403, 404, 405), (address.name, answer.status_code)
            asked += 1
    assert asked >= 10
    print(f"{asked} doors for phones asked with a cookie: all refused")


# Planted faults --------------------------------------------------------------------------------------------------------
@csrf_exempt
@require_POST
@public
def planted_without_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@page(Verb.TODAY)
def planted_write(request: HttpRequest) -> HttpResponse:
    Member.objects.filter(pk=request.member.pk).update(active=True)  # type: ignore[attr-defined]
    return HttpResponse("done")


def planted(name: str, view: Callable[..., HttpResponse]) -> ModuleType:
    module = ModuleType("planted_urls")
    module.urlpatterns = [path("planted/", view, name=name), path("", include("lygte.site.urls"))]  # type: ignore[attr-defined]
    return module


def test_an_address_that_forgets_the_token_is_found(cast: dict[str, Member], settings) -> None:
    settings.ROOT_URLCONF = planted("forgotten", planted_without_token)
    found = {name for name, status, takes in without_token(cast) if takes and status != 403}
    assert found == {"forgotten"}


def test_an_address_that_acts_on_a_look_is_found(cast: dict[str, Member], settings) -> None:
    settings.ROOT_URLCONF = planted("acting", planted_write)
    assert {name for name, sql in writes_of_a_look(cast) if sql} == {"acting"}
