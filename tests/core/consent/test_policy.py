"""Over random ledgers, readers and records: nothing outside a live grant is opened or shown, and what is inside one is.

The pages are taken from the resolver, so that a new view is walked without being named here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, include, path, reverse
from django.utils import timezone
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lygte.core.access import Verb, page
from lygte.core.consent import gate, rules
from lygte.core.consent.codes import EVERY_GROUP, OWN, Purpose
from lygte.core.consent.models import Consent, LockedModel, Person, Seen
from lygte.core.consent.persons import make_person
from lygte.core.models import Member
from lygte.core.vault.keyring import keyring_of
from tests.conftest import keep_open
from tests.every_url.walk import addresses

from .conftest import agree
from .sentinels import everything, kinds, make, refs_of, sentinels

pytestmark = pytest.mark.usefixtures("everywhere")
TODAY = date(2026, 11, 22)
RECIPIENTS = (OWN, "service:a", "service:b")
GROUPS = sorted(EVERY_GROUP)


@st.composite
def lines(draw: st.DrawFn, today: date = TODAY) -> list[rules.Event]:
    """Draw a ledger: grants with and without an end, withdrawals of one thing, of some groups, of everything, and noes."""
    drawn = []
    for number in range(draw(st.integers(0, 9))):
        kind = draw(st.sampled_from(["grant", "grant", "grant", "withdraw", "declined"]))
        any_word = [] if kind == "grant" else [""]
        groups = draw(st.sets(st.sampled_from(GROUPS), min_size=1 if kind == "grant" else 0, max_size=7))
        until = draw(st.one_of(st.none(), st.integers(-3, 3))) if kind == "grant" else None
        drawn.append(
            rules.Event(
                kind=kind,
                purpose=draw(st.sampled_from([*any_word, "support", "support", "referral", "statistics"])),
                recipient=draw(st.sampled_from([*any_word, OWN, OWN, "service:a"])),
                groups=frozenset() if kind == "declined" else frozenset(groups),
                until=None if until is None else today + timedelta(days=until),
                at=datetime(2026, 1, 1) + timedelta(minutes=number),
            )
        )
    return drawn


def agreed(events: list[rules.Event], purpose: str, recipient: str, group: str, today: date) -> bool:
    """The same policy told another way: one field group, line by line, from the first to the last."""
    open_ends: list[date | None] = []
    for one in events:
        about = one.purpose in ("", purpose) and one.recipient in ("", recipient)
        if one.kind == "grant" and (one.purpose, one.recipient) == (purpose, recipient) and group in one.groups:
            open_ends.append(one.until)
        elif one.kind == "withdraw" and about and (not one.groups or group in one.groups):
            open_ends.clear()
    return any(end is None or end >= today for end in open_ends)


@settings(max_examples=600, deadline=None)
@given(events=lines())
def test_the_policy_says_what_the_ledger_says_for_every_purpose_recipient_and_group(events: list[rules.Event]) -> None:
    for purpose, recipient in product(Purpose.values, RECIPIENTS):
        said = rules.groups_for(events, purpose=purpose, recipient=recipient, today=TODAY)
        assert said == {group for group in GROUPS if agreed(events, purpose, recipient, group, TODAY)}


@settings(max_examples=200, deadline=None)
@given(events=lines(), cut=st.integers(0, 9))
def test_after_everything_is_withdrawn_nothing_before_it_counts(events: list[rules.Event], cut: int) -> None:
    over = rules.Event("withdraw", "", "", frozenset(), None, datetime(2026, 2, 1))
    later = [one for one in events[cut:] if one.kind != "grant"]
    assert rules.live_grants([*events[:cut], over, *later], TODAY) == []


# The gate -------------------------------------------------------------------------------------------------------------
@dataclass
class House:
    """Everything of one person, and who might look."""

    person: Person
    records: list[LockedModel]
    readers: dict[str, Member]


@pytest.fixture
def house(key_holders: tuple[Member, Member]) -> House:
    amina, bogdan = key_holders
    person = make_person(member=amina)
    return House(person, everything(person, amina), {"team": amina, "colleague": bogdan})


def write_ledger(person: Person, events: list[rules.Event]) -> Person:
    """Give the house another person with this ledger, since no line of the first can be taken away."""
    Consent.objects.bulk_create(
        Consent(
            person=person,
            kind=one.kind,
            purpose=one.purpose,
            recipient=one.recipient,
            groups=sorted(one.groups),
            until=one.until,
            language="da",
            text_version="2026-11",
            manner="spoken",
            at=timezone.now(),
        )
        for one in events
    )
    return person


FEW = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=25, **FEW)
@given(events=lines(today=timezone.localdate()), data=st.data())
def test_the_gate_opens_exactly_what_is_agreed_to_for_the_team_and_nothing_for_others(
    key_holders: tuple[Member, Member], events: list[rules.Event], data: st.DataObject
) -> None:
    amina, bogdan = key_holders
    person = write_ledger(make_person(member=amina), events)
    records = [make(model, person, amina) for model in kinds()]
    purpose = data.draw(st.sampled_from(["support", "referral", "statistics"]))
    recipient = data.draw(st.sampled_from(["own", "service:a"]))
    for reader in (amina, bogdan):
        before = Seen.objects.filter(person=person.ref).count()
        opened = gate.read(member=reader, records=records, purpose=purpose, recipient=recipient)
        inside = {r.ref for r in records if agreed(events, purpose, recipient, r.group, timezone.localdate())}
        wanted = inside if reader == amina else set()
        assert set(opened.values) == wanted
        assert {r.ref for r in records} - wanted == set(opened.refused)
        lines_left = Seen.objects.filter(person=person.ref).count() - before
        assert lines_left == bool(wanted)
        shown = {group for line in Seen.objects.filter(person=person.ref)[:lines_left] for group in line.groups}
        assert shown == {r.group for r in records if r.ref in wanted}
        event(f"{'team' if reader == amina else 'colleague'}: {'something' if wanted else 'nothing'} opened")


# The pages ------------------------------------------------------------------------------------------------------------
PREFIXES = ("cases/", "people/", "referrals/", "same/", "keys/", "services/", "today")
NOT_WALKED = {"consent:erase"}  # tells how many rows there are; walked by its own tests


def urls(refs: list[str]) -> list[str]:
    """Return every closed address about people, with every reference that could stand in it."""
    found = []
    for address in addresses():
        if address.public or not address.route.startswith(PREFIXES) or address.name in NOT_WALKED:
            continue
        for kwargs in _fillings(address.parameters, refs):
            try:
                found.append(reverse(address.name, kwargs=kwargs))
            except NoReverseMatch:
                continue
    return found


KIND_WORDS = [
    "name",
    "reach",
    "situation",
    "health",
    "goal",
    "step",
    "phase",
    "note",
    "measure",
    "deadline",
    "identification",
    "case",
]
FILLS = {"kind": KIND_WORDS, "subject": Purpose.values, "name": ["dpia"]}


def _fillings(parameters: list[str], refs: list[str]) -> list[dict[str, str]]:
    options = [FILLS.get(name, refs[:1] if name in ("other", "service") else refs) for name in parameters]
    return [dict(zip(parameters, choice, strict=True)) for choice in product(*options)]


def words_by_group() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {group: set() for group in EVERY_GROUP}
    for model in kinds():
        found[str(model.GROUP)] |= set(sentinels(model).values())
    return found


@dataclass(frozen=True)
class Walked:
    """What one reader saw on all pages together."""

    words: frozenset[str]
    asked: int
    answered: list[str]


def walk(client: Client, addresses_: list[str]) -> Walked:
    every = {word for words in words_by_group().values() for word in words}
    seen: set[str] = set()
    answered = []
    for url in addresses_:
        response = client.get(url)
        assert response.status_code < 500, url
        text = response.content.decode(errors="replace") + repr(response.headers)
        seen |= {word for word in every if word in text}
        if response.status_code == 200:
            answered.append(url)
    return Walked(frozenset(seen), len(addresses_), answered)


@pytest.fixture
def client_of(signed_in: Callable[[Member], Client]) -> Callable[[Member], Client]:
    return lambda member: keep_open(signed_in(member), member)


def test_every_page_shows_the_team_what_is_agreed_to_and_nobody_anything_else(
    house: House, client_of: Callable[[Member], Client], key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    agree(amina, house.person)
    clients = {"team": client_of(amina), "colleague": client_of(bogdan)}
    refs = refs_of(house.person, house.records)
    full = walk(clients["team"], urls(refs))
    assert full.words, "no page shows anything"
    missing = {
        word for model in kinds() if model._meta.app_label == "cases" for word in sentinels(model).values()
    } - full.words
    assert missing == set(), "agreed to, and shown on no page"
    assert walk(clients["colleague"], urls(refs)).words == frozenset()
    asked = 2 * full.asked

    @settings(max_examples=6, **FEW)
    @given(events=lines(today=timezone.localdate()))
    def over_random_ledgers(events: list[rules.Event]) -> None:
        nonlocal asked
        with scopes_disabled():
            write_ledger(house.person, [_everything_over(), *events])
        today = timezone.localdate()
        live = {g for g in GROUPS if any(agreed(events, p, r, g, today) for p in Purpose.values for r in RECIPIENTS)}
        inside = {g for g in GROUPS if agreed(events, "support", OWN, g, today)}
        by_group = words_by_group()
        for who, client in clients.items():
            walked = walk(client, full.answered)
            asked += walked.asked
            allowed = {word for group in live for word in by_group[group]} if who == "team" else set()
            assert walked.words <= allowed, f"{who} sees {sorted(walked.words - allowed)}"
            if who == "team":
                expected = {word for group in inside for word in by_group[group]} & full.words
                assert expected <= walked.words, f"agreed to and not shown: {sorted(expected - walked.words)}"

    over_random_ledgers()
    print(f"{asked} requests to {len(urls(refs))} addresses, {len(full.answered)} pages, {len(full.words)} sentinels")


def _everything_over() -> rules.Event:
    return rules.Event("withdraw", "", "", frozenset(), None, datetime(2026, 1, 1))


# A planted view that goes around the gate ------------------------------------------------------------------------------
@page(Verb.CASE_READ)
def careless(request: Any, ref: str) -> HttpResponse:
    record = next(r for model in kinds() for r in model._base_manager.filter(ref=ref)) if ref else None
    opened = gate.open_record(record, keyring_of(request.member).person_key(record.person.ref)) if record else {}
    return HttpResponse(repr(opened))


urlpatterns = [path("cases/careless/<ref:ref>/", careless, name="careless"), path("", include("lygte.site.urls"))]


def test_the_walk_finds_a_view_that_goes_around_the_gate(
    house: House, client_of: Callable[[Member], Client], key_holders: tuple[Member, Member]
) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        refs = [record.ref for record in house.records]
        planted = [url for url in urls(refs) if "careless" in url]
        assert len(planted) == len(refs)
        assert walk(client_of(key_holders[1]), planted).words
