"""The same few people in every test: two colleagues, a stranger, and one of every other role; and both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from django_scopes import scopes_disabled

from lygte.core.models import Kind, Member, Organisation, Role, User
from lygte.core.vault.keys import let_in, make_member_key, set_up
from lygte.site.messages import compile_all
from tests.browser import browser, open_page, opened_vault  # noqa: F401 (one browser for all tests of a process)

compile_all()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test begins in English, whatever language the last request was answered in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def grade_of_forms_that_declare_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that are not about grades publish forms as they were before there were grades (see tests/care/intake/grades)."""
    monkeypatch.setattr("lygte.care.intake.xlsform.UNDECLARED", "")


CAST = {
    # name: (organisation, kind, country, role)
    "amina": ("Lanternen (invented)", Kind.OUTREACH, "DK", Role.WORKER),
    "bogdan": ("Lanternen (invented)", Kind.OUTREACH, "DK", Role.COORDINATOR),
    "chika": ("De Lantaarn (invented)", Kind.OUTREACH, "NL", Role.COORDINATOR),
    "dorte": ("Puljekontoret (invented)", Kind.FUNDER, "DK", Role.PROGRAMME_OFFICER),
    "emil": ("Myndigheden (invented)", Kind.AUTHORITY, "DK", Role.CONTACT),
    "freja": ("Vidensinstituttet (invented)", Kind.KNOWLEDGE, "DK", Role.RESEARCHER),
    "gitte": ("Egen Stemme (invented)", Kind.SELF_ORGANISATION, "DK", Role.ORGANISER),
    "hugo": ("Rechtswinkel (invented)", Kind.LEGAL, "NL", Role.ADVISER),
    "henk": ("Host (invented)", Kind.HOST, "NL", Role.HOST),
}
PASSWORD = "four unrelated quiet words"
# Second key-holders of the organisations that have only one of the cast.
SECONDS = {"chika": ("iris", Role.WORKER), "hugo": ("jan", Role.COORDINATOR)}


_empty_tables = TransactionTestCase._fixture_teardown


def _empty_guarded_tables(self: TransactionTestCase) -> None:
    """Let SQLite empty its tables after a test with a live server: guards of append-only tables step aside for that."""
    if connection.vendor != "sqlite":
        return _empty_tables(self)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        _empty_tables(self)
        for _name, sql in guards:
            cursor.execute(sql)
    return None


TransactionTestCase._fixture_teardown = _empty_guarded_tables


@pytest.fixture(scope="session", autouse=True)
def _data_folder() -> Iterator[None]:
    yield
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
    shutil.rmtree(settings.LYGTE_KEYS_DIR, ignore_errors=True)


def make_member(name: str) -> Member:
    """Return one of the cast, with their organisation, making what is missing."""
    organisation_name, kind, country, role = CAST[name]
    organisation, _ = Organisation.objects.get_or_create(
        name=organisation_name, defaults={"kind": kind, "country": country, "language": "en"}
    )
    email = f"{name}@example.org"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=name.title())
    member, _ = Member.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    return member


def _person(name: str) -> Callable[..., Member]:
    @pytest.fixture(name=name)
    def person(db: None) -> Member:
        return make_member(name)

    return person


amina, bogdan, chika = _person("amina"), _person("bogdan"), _person("chika")
dorte, emil, freja = _person("dorte"), _person("emil"), _person("freja")
gitte, hugo, henk = _person("gitte"), _person("hugo"), _person("henk")


@pytest.fixture
def everyone(db: None) -> dict[str, Member]:
    """All of the cast by name."""
    return {name: make_member(name) for name in CAST}


@pytest.fixture
def signed_in(db: None) -> Callable[[Member], Client]:
    """Return a browser-like client in which a member is signed in."""

    def client_of(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return client_of


PASSPHRASE = PASSWORD


@pytest.fixture
def key_holders(db: None) -> tuple[Member, Member]:
    """Amina and Bogdan hold their organisation's key, and their sessions have it open."""
    return open_vault(make_member("bogdan"), make_member("amina"))


def open_vault(first: Member, second: Member) -> tuple[Member, Member]:
    """Set up the locked part of an organisation for two members; return (second, first), both with a keyring."""
    first.keyring = set_up(member=first, passphrase=PASSPHRASE).keyring
    second.keyring = make_member_key(member=second, passphrase=PASSPHRASE)
    let_in(member=first, other=second)
    return second, first


def open_vaults(everyone: dict[str, Member]) -> dict[str, Member]:
    """Open the locked part of every organisation of the cast that helps people, each with two key-holders."""
    open_vault(everyone["bogdan"], everyone["amina"])
    for name, (second, role) in SECONDS.items():
        user = User.objects.create_user(f"{second}@example.org", PASSWORD, name=second.title())
        other = Member.objects.create(user=user, organisation=everyone[name].organisation, role=role)
        open_vault(*sorted((everyone[name], other), key=lambda m: m.role != Role.COORDINATOR))
    return everyone


def keep_open(client: Client, member: Member) -> Client:
    """Open the locked part in a signed-in client."""
    for name, value in opened_vault(client, member).items():
        client.cookies[name] = value
    return client


@pytest.fixture
def everywhere() -> Iterator[None]:
    """Lift the scope, for tests that look at the tables themselves."""
    with scopes_disabled():
        yield
