"""Puts the invented world into an empty database, the way the product itself would: forms, places, visits, plans.

A part of the visits is left out here and written to `demo-to-send.json`: it goes in later, over the real OpenRosa
endpoint (see `sending.py`). The same seed, size and day give the same world on every machine and database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.intake.handover import publish_shipped
from lygte.care.outreach.handover import bulk_places, bulk_visits
from lygte.care.outreach.rules import VisitAnswers
from lygte.core.access import Verb
from lygte.core.audit import write_entry
from lygte.core.models import Member, Organisation, User
from lygte.core.transactions import writing
from lygte.directory.industries import DIVISIONS
from lygte.knowledge import programme
from lygte.knowledge.programme import actions as plans
from lygte.knowledge.programme.models import Initiative

from .cases import open_cases
from .cast import (
    ACCOUNTS,
    AS_AT,
    DK_PLAN,
    HOST,
    MARK,
    NL_PLAN,
    PARTIES,
    PASSWORD,
    Account,
    Party,
    Team,
    parties_with_team,
)
from .concern import note_signs
from .keys import give_keys, mark_folder
from .netreach import fill_netreach
from .referrals import make_referrals
from .rounds import make_rounds
from .sending import Letter, letter_of, letters_nobody_can_place, write_letters
from .trials import make_trials
from .truth import Tally, write_truth
from .visits import DrawnVisit, kept_for_sending, share_out, visits_of
from .world import TruePlace, World, make_world

FIELDS = [field.name for field in fields(VisitAnswers)]
OPEN_AT = {  # parts of the day in which a place of each kind is usually open
    "clinic": ["afternoon", "evening"],
    "escort": ["evening"],
    "private": ["afternoon", "evening"],
    "street": ["evening", "night"],
    "hotel": ["evening", "night"],
    "workplace": ["morning", "afternoon"],
    "online": [],
}
STEP = 500  # visits between two looks at the progress bar

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Seeded:
    """What was put in: visits recorded directly, letters that wait to be sent, and where the truth is written."""

    visits: int
    letters: int
    truth: Path


def is_empty() -> bool:
    """Tell whether nobody uses this database yet."""
    return not Organisation.objects.exists() and not User.objects.exists()


def is_demo() -> bool:
    """Tell whether everything here is invented: then, and only then, it may be thrown away."""
    return Organisation.objects.exists() and not Organisation.objects.exclude(name__endswith=MARK).exists()


def is_finished() -> bool:
    """Tell whether the world was made to its end; the host comes last."""
    return Organisation.objects.filter(name=HOST.name).exists()


def seed(
    *,
    visits: int = 200,
    seed: int = 2026,
    today: date | None = None,
    advance: Advance = lambda count: None,
    results: bool = False,
) -> Seeded:
    """Put a world of so many visits into an empty database; `advance` hears of every few hundred.

    `results`: work the finished method trial out too, which takes some seconds of statistics.
    """
    if not is_empty():
        raise ValueError("the database is not empty")
    world = make_world(visits=visits, seed=seed, today=today or timezone.localdate())
    with scopes_disabled():
        members = _found_organisations()
        mark_folder()
        for colleagues in members.values():
            give_keys(colleagues)
        letters, in_bulk, over_openrosa = _fill_field(world, members, advance)
        note_signs(members)
        _fill_netreach(world, members)
        make_rounds(members, world.today)
        open_cases(members)
        make_referrals(members)
        _fill_programme(world, members)
        make_trials(members, world.today, results=results)
        truth = write_truth(settings.DATA_DIR, world, in_bulk=in_bulk, over_openrosa=over_openrosa)
        write_letters(settings.DATA_DIR, letters)
        with writing():
            _found(HOST, {})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # so that the database knows what it now holds when it plans a query
    direct = sum(row["visits"] for row in in_bulk.rows())
    return Seeded(visits=direct, letters=len(letters), truth=truth)


# Organisations and people -----------------------------------------------------------------------------------------------
Members = dict[str, list[Member]]


def _found_organisations() -> Members:
    members: Members = {}
    with writing():
        for party in PARTIES:
            _found(party, members)
    return members


def _found(party: Party, members: Members) -> None:
    """Make an organisation with those who sign in, and the rest of its team, who do not."""
    organisation = Organisation.objects.create(
        name=party.name, kind=party.kind, country=party.country, language=party.language
    )
    write_entry(organisation=organisation, member=None, verb=Verb.HOST_ORGANISATIONS, subject=organisation.ref)
    shown = [account for account in ACCOUNTS if account.party == party.key]
    known = {account.plain_name for account in shown}
    others = [name for name in (party.team.workers if party.team else ()) if name not in known]
    accounts = [*shown, *(Account(name.lower(), name, party.key, "worker", "", shown=False) for name in others)]
    if party.team and not any(account.role == "coordinator" for account in accounts):
        accounts.append(Account(f"coordinator.{party.key}", "Vera", party.key, "coordinator", "", shown=False))
    members[party.key] = [_join(organisation, account) for account in accounts]


@cache
def _hashed_password() -> str:
    """Hash the one password once: it is printed anyway, and hashing is slow by design."""
    return make_password(PASSWORD)


def _join(organisation: Organisation, account: Account) -> Member:
    user = User(email=account.email, name=account.name)
    user.password = _hashed_password() if account.shown else make_password(None)
    user.save()
    return Member.objects.create(user=user, organisation=organisation, role=account.role)


def _worker(party: Party, members: Members, number: int) -> Member:
    assert party.team
    name = party.team.workers[number] + MARK
    return next(member for member in members[party.key] if member.user.name == name)


def _member_in_role(members: Members, party: str, role: str) -> Member:
    return next(member for member in members[party] if member.role == role)


# Field work -------------------------------------------------------------------------------------------------------------
def _fill_field(world: World, members: Members, advance: Advance) -> tuple[list[Letter], Tally, Tally]:
    """Publish the forms, add the places and record the visits of every team; return what is left to be sent."""
    letters: list[Letter] = []
    in_bulk, over_openrosa = Tally(), Tally()
    counts = share_out(world.visits)
    for party, team in parties_with_team():
        organisation = members[party.key][0].organisation
        version = publish_shipped(organisation)[0]
        _add_places(world, organisation, world.places[party.key])
        kept: list[DrawnVisit] = []
        drawn = _drawn(world, party, team, counts, kept)
        rows = _rows(drawn, [_worker(party, members, n) for n in range(len(team.workers))], in_bulk, advance)
        stored = bulk_visits(organisation, rows)
        _note(organisation, Verb.VISIT_RECORD, visits=stored)
        for number, visit in enumerate(kept):
            over_openrosa.add(visit)
            letters.append(letter_of(world.seed, visit, number, version, team))
        letters.extend(letters_nobody_can_place(world, party, version, kept))
        advance(len(kept))
    return letters, in_bulk, over_openrosa


def _add_places(world: World, organisation: Organisation, places: Iterable[TruePlace]) -> None:
    cards = bulk_places(organisation, [_place_row(place, world.today) for place in places])
    _note(organisation, Verb.PLACE_CREATE, places=len(cards))


def _place_row(place: TruePlace, today: date) -> dict[str, Any]:
    return {
        "code_name": place.code_name,
        "short_code": place.short_code,
        "kind": place.kind,
        "industry": _industry(place) if place.kind == "workplace" else "",
        "area": place.area,
        "source": place.source,
        "languages": place.languages(),
        "open_at": OPEN_AT[place.kind],
        "created_on": place.opened,
        "state": "closed" if place.closed is not None and place.closed <= today else "active",
    }


def _industry(place: TruePlace) -> str:
    """Give a workplace an industry by its code, so that the same world has the same ones; one in six stays unknown."""
    known = [*DIVISIONS, *[""] * (len(DIVISIONS) // 5)]
    return known[sum(place.short_code.encode()) % len(known)]


def _note(organisation: Organisation, verb: Verb, **counts: int) -> None:
    """Write the one line in the log that a bulk load leaves."""
    with writing():
        write_entry(organisation=organisation, member=None, verb=verb, details={"loaded": True, **counts})


def _fill_netreach(world: World, members: Members) -> None:
    for key, count in fill_netreach(members, visits=world.visits, seed=world.seed, today=world.today).items():
        _note(members[key][0].organisation, Verb.NETREACH_COMPOSE, batches=count)


def _drawn(
    world: World, party: Party, team: Team, counts: dict[tuple[str, str], int], kept: list[DrawnVisit]
) -> Iterator[DrawnVisit]:
    """Yield the visits to record directly; the newest few go to `kept`."""
    if earlier := counts.get((party.key, "earlier"), 0):
        yield from visits_of(world, party, team, "earlier", earlier)
    current = counts[(party.key, "current")]
    newest = visits_of(world, party, team, "current", current)
    yield from islice(newest, current - kept_for_sending(party.key, current))
    kept.extend(newest)


def _rows(
    drawn: Iterable[DrawnVisit], workers: list[Member], tally: Tally, advance: Advance
) -> Iterator[dict[str, Any]]:
    """Yield the visits as the bulk load wants them, counting them on the way."""
    count = 0
    for visit in drawn:
        tally.add(visit)
        row = {name: getattr(visit.answers, name) for name in FIELDS}
        yield {**row, "recorded_by": workers[visit.worker]}
        count += 1
        if count % STEP == 0:
            advance(STEP)
    advance(count % STEP)


# Programme ---------------------------------------------------------------------------------------------------------------
def _fill_programme(world: World, members: Members) -> None:
    """Import the plans, say who delivers what, and issue two of the three reports of June 2017."""
    danish = _member_in_role(members, "funder", "programme_officer")
    dutch = _member_in_role(members, "city", "programme_officer")
    for member, plan in ((danish, DK_PLAN), (dutch, NL_PLAN)):
        _import(member, plan)
        _deliver(member, plan, members)
    for number in (1, 2, 3):
        report = plans.start_report(member=danish, initiative=_initiative(DK_PLAN, number), as_at=AS_AT)
        if number != 3:
            plans.issue_report(member=danish, report=report)
    for number in (1, 2):
        plans.start_report(member=dutch, initiative=_initiative(NL_PLAN, number), as_at=f"{world.today:%Y-%m}")


def _import(member: Member, plan: str) -> None:
    folder = Path(programme.__file__).parent / "plans"
    with scope(organisation=member.organisation):
        plans.import_plan(member=member, content=(folder / f"{plan}.yaml").read_bytes())


def _initiative(plan: str, number: int) -> Initiative:
    return Initiative.objects.select_related("plan").get(plan__key=plan, number=number)


def _deliver(member: Member, plan: str, members: Members) -> None:
    for party in PARTIES:
        for delivery in party.deliveries:
            if delivery.plan == plan:
                plans.add_delivery(
                    member=member,
                    initiative=_initiative(plan, delivery.initiative),
                    organisation=members[party.key][0].organisation,
                    areas=delivery.areas,
                    from_month=delivery.from_month,
                )
