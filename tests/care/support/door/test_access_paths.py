"""Every way to a person's record leaves one line that she can read. The ways come from the resolver: a new one is walked unasked.

What counts as seeing is noticed where boxes are opened (`ciphers.unlock`), not where a page says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, include, path, reverse
from django.utils import timezone
from django.utils.html import escape
from django_scopes import scopes_disabled

from lygte.care.support.cases.handover import RECORDS
from lygte.care.support.cases.models import Case, Note
from lygte.care.support.door.record import records_of
from lygte.care.support.door.seen import in_words, together
from lygte.care.support.door.slips import Slip
from lygte.core.access import Verb, may, page
from lygte.core.consent import gate
from lygte.core.consent.codes import Via
from lygte.core.consent.models import LockedModel, Person, Seen
from lygte.core.consent.persons import make_person
from lygte.core.models import Member
from lygte.core.vault import ciphers
from tests.conftest import keep_open
from tests.every_url.walk import Address, addresses

from .conftest import Worker, come_in

pytestmark = pytest.mark.django_db
Notices = list[str]
PREFIXES = ("case.", "record.", "referral.", "today.")  # places, forms and keys know no person: contracts hold that


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Notices:
    """The references of the persons of whom a box was opened since the list was last emptied."""
    found: Notices = []
    unlock = ciphers.unlock

    def noticing(key: bytes, box: bytes | memoryview, bound_to: bytes) -> bytes:
        content = unlock(key, box, bound_to)
        parts = bound_to.decode().split("|")
        if len(parts) == 5:  # table, column, row, person, version
            found.append(parts[3])
        return content

    monkeypatch.setattr(ciphers, "unlock", noticing)
    return found


@pytest.fixture
def full(person: Person, key_holders: Worker) -> Person:
    """The person has a case and one record of every kind that this member may open."""
    amina, _ = key_holders
    today = timezone.localdate()
    with scopes_disabled():
        case = Case(
            organisation=person.organisation, person=person, area="DK-461", way_in="visit", language="en",
            asked_on=today, opened_on=today, opened_by=amina,
        )  # fmt: skip
        key = amina.keyring.person_key(person.ref)
        gate.put(case, {"asked": "sentinel-one asked"}, key)
        own = {
            "goal": ({"set_on": today}, {"words": "sentinel-one goal"}),
            "step": ({"set_on": today}, {"what": "sentinel-one step"}),
            "situation": ({}, {"home": "sentinel-one home"}),
            "health": ({}, {"needs": "sentinel-one needs"}),
            "reach": ({}, {"phone": "sentinel-one phone"}),
            "measure": ({"day": today, "member": amina}, {"instrument": "who5", "answers": {}}),
        }
        for kind, (columns, values) in own.items():
            record = RECORDS[kind](organisation=person.organisation, person=person, **columns)
            gate.put(record, values, key)
    return person


@dataclass
class Walk:
    """What a walk met: how many requests, how many of them opened something, and what was wrong."""

    requests: int = 0
    openings: int = 0
    wrong: list[str] = field(default_factory=list)
    ways: set[str] = field(default_factory=set)


def to_walk(member: Member) -> list[Address]:
    """Return every address that the member may ask for and that can lead to a record."""
    return [
        address
        for address in addresses()
        if not address.public and may(member, address.view.verb) and str(address.view.verb).startswith(PREFIXES)
    ]


def asked_for(address: Address, person: Person, records: list[LockedModel]) -> Iterator[str]:
    """Yield the address with every reference of the person in it, each record under its own kind; lists also as a search."""
    names = {model: kind for kind, model in RECORDS.items()}
    found = [(person.ref, "support")] + [(record.ref, names.get(type(record), "note")) for record in records]
    found += [(records[0].ref, kind) for kind in RECORDS]  # a new record of each kind, on the page of the case
    seen = set()
    for ref, kind in found:
        words = {"kind": kind, "subject": kind, "language": "da", "name": "dpia"}
        try:
            url = reverse(address.name, kwargs={name: words.get(name, ref) for name in address.parameters})
        except NoReverseMatch:
            continue
        if url not in seen:
            seen.add(url)
            yield url
    if not address.parameters:
        yield f"{url}?q={person.code}"


def walk(client: Client, member: Member, person: Person, opened: Notices, only: str = "") -> Walk:
    """Ask for everything there is of a person, by GET and by an empty POST, each undone afterwards."""
    with scopes_disabled():
        records = records_of([person])  # the case comes first
    met = Walk()
    client.raise_request_exception = False
    for address in to_walk(member):
        if only and address.name != only:
            continue
        for url in asked_for(address, person, records):
            for method in ("get", "post"):
                look(met, client, method, url, address.name, opened)
    return met


def look(met: Walk, client: Client, method: str, url: str, name: str, opened: Notices) -> None:
    opened.clear()
    cookies = client.cookies.copy()
    with transaction.atomic():
        before = Seen.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        response = getattr(client, method)(url, {"sent": "empty"} if method == "post" else None)
        b"".join(response.streaming_content) if response.streaming else response.content
        rows = list(Seen.objects.filter(pk__gt=before))
        transaction.set_rollback(True)
    client.cookies = cookies  # one of the addresses locks the session, another signs out
    met.requests += 1
    persons = set(opened)
    met.openings += bool(persons)
    if persons:
        met.ways.add(name)
    told = {row.person for row in rows}
    met.wrong += [f"{method} {url} opened {ref} and left no line" for ref in persons - told]
    for ref in told:  # one line for each way, as she reads it
        lines = Counter(str(line.what) for line in together(in_words(r for r in rows if r.person == ref)))
        met.wrong += [f"{method} {url} left {count} lines: {what}" for what, count in lines.items() if count > 1]


@pytest.fixture
def team(key_holders: Worker, signed_in: Callable[[Member], Client]) -> Client:
    return keep_open(signed_in(key_holders[0]), key_holders[0])


def test_every_way_to_a_record_leaves_exactly_one_line(
    full: Person, team: Client, key_holders: Worker, opened: Notices, capsys: pytest.CaptureFixture[str]
) -> None:
    met = walk(team, key_holders[0], full, opened)
    with capsys.disabled():
        print(
            f"\n{met.requests} requests, {met.openings} opened something, by {len(met.ways)} addresses: {sorted(met.ways)}"
        )
    assert not met.wrong, "\n".join(met.wrong)
    assert met.requests > 100 and len(met.ways) >= 5


@page(Verb.CASE_READ)
def quiet_look(request: HttpRequest, ref: str) -> HttpResponse:
    """A page as somebody might write it who goes round the gate."""
    member = request.member  # type: ignore[attr-defined]
    with scopes_disabled():
        note = Note.objects.select_related("person").filter(person__ref=ref).first()
    return HttpResponse(str(gate.open_record(note, member.keyring.person_key(ref))) if note else "")


@page(Verb.CASE_READ)
def look_for_another(request: HttpRequest, ref: str) -> HttpResponse:
    """A page that leaves its line with somebody else."""
    with scopes_disabled():
        note = Note.objects.select_related("person").filter(person__ref=ref).first()
        if note is None:
            return HttpResponse("")
        other = make_person(member=request.member)  # type: ignore[attr-defined]
        gate.note_seen(member=request.member, seen={other: ["notes"]}, via="page")  # type: ignore[attr-defined]
    return HttpResponse(str(gate.open_record(note, request.member.keyring.person_key(ref))))  # type: ignore[attr-defined]


@pytest.mark.parametrize("view", [quiet_look, look_for_another])
def test_the_walk_finds_a_planted_way_round(
    view: Callable[..., HttpResponse],
    full: Person,
    team: Client,
    key_holders: Worker,
    opened: Notices,
    settings: object,
) -> None:
    planted = ModuleType("planted_urls")
    planted.urlpatterns = [path("quiet/<ref:ref>/", view, name="quiet"), path("", include("lygte.site.urls"))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = planted  # type: ignore[attr-defined]
    met = walk(team, key_holders[0], full, opened, only="quiet")
    assert met.openings >= 1 and len(met.wrong) == met.openings


def test_what_the_walk_left_behind_is_on_her_page_at_once(
    full: Person, slip: Slip, team: Client, key_holders: Worker
) -> None:
    with scopes_disabled():
        notes = list(Note.objects.select_related("person").filter(person=full))
        gate.read(member=key_holders[0], records=notes, via="export")
    page_of_hers = come_in(" ".join(slip.words)).get(reverse("door:seen")).content.decode()
    assert "Taken out in a file" in page_of_hers and "Amina" in page_of_hers


@pytest.mark.parametrize(
    "via",
    ["page", "list", "search", "export", "api", "phone", "referral", "authority", "glass", "change", "team", "review"],
)
def test_every_kind_of_line_is_told_in_words(via: str, full: Person, slip: Slip, key_holders: Worker) -> None:
    her = come_in(" ".join(slip.words))
    label = escape(str(Via(via).label))
    shown = her.get(reverse("door:seen")).content.decode().count(label)
    with scopes_disabled():
        gate.note_seen(member=key_holders[0], seen={full: ["notes"]}, via=via, recipient="service:" + "a" * 26)
    html = her.get(reverse("door:seen")).content.decode()
    assert html.count(label) == shown + 1
    assert "a" * 26 not in html


def test_no_kind_of_line_was_forgotten() -> None:
    mark = next(m for m in test_every_kind_of_line_is_told_in_words.pytestmark if m.name == "parametrize")  # type: ignore[attr-defined]
    assert {*mark.args[1], "slip"} == set(Via.values)
