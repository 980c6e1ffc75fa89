"""A trial of two ways of beginning a talk: two teams in four towns, with visits that can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.models import Kind, Member, Organisation, Role, User
from lygte.facts.ledger import Fact, record_facts
from lygte.knowledge.trials import content, trying_out
from lygte.knowledge.trials.actions import answer, create_trial, invite
from lygte.knowledge.trials.engine.apart import answer as worked_out_here
from lygte.knowledge.trials.freezing import freeze
from lygte.knowledge.trials.models import Part, Trial
from lygte.knowledge.trials.plan import Outcome, Plan, measure_of
from lygte.knowledge.trials.registry import registered

MONDAY = date(2025, 3, 3)
SEED = "0123456789abcdef0123456789abcdef"
AREAS = {"amina": ["DK-461", "DK-607"], "health": ["DK-751", "DK-851"]}


def outcome(count: str, per: str = "", better: str = "more") -> Outcome:
    return Outcome(measure_of(count), measure_of(per) if per else None, better)


SPOKE = outcome("people_spoken_to", "visit")
REFUSED = outcome("visit:outcome=refused", better="fewer")


def plan_with(**said: Any) -> Plan:
    ordinary: dict[str, Any] = {
        "question": "Do more people talk with us when we begin with tea?",
        "arms": ("Leaflet first", "Tea first"),
        "design": "parallel",
        "unit": "area_week",
        "first_day": MONDAY,
        "periods": 8,
        "outcomes": (SPOKE, REFUSED),
    }
    return Plan(**{**ordinary, **said})


@pytest.fixture
def health(db: None) -> Member:
    """The coordinator of a second team."""
    team = Organisation.objects.create(name="Mobil sundhed (invented)", kind=Kind.HEALTH, country="DK", language="da")
    user = User.objects.create_user("else@example.org", "four unrelated quiet words", name="Else")
    return Member.objects.create(user=user, organisation=team, role=Role.COORDINATOR)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work figures out in this process, which has the libraries loaded already."""
    monkeypatch.setattr(content.work_out, "__defaults__", (worked_out_here,))
    monkeypatch.setattr(trying_out.smallest_of, "__kwdefaults__", {"answer": worked_out_here})


@pytest.fixture
def drafted(freja: Member, bogdan: Member, health: Member) -> Callable[..., Trial]:
    """Make a draft of the researcher to which both teams agreed."""

    def make(**said: Any) -> Trial:
        trial = create_trial(member=freja, title="Tea or leaflet", plan=plan_with(**said))
        for member, areas in ((bogdan, AREAS["amina"]), (health, AREAS["health"])):
            part = invite(member=freja, trial=trial, organisation=member.organisation, areas=areas)
            answer(member=member, part=part, agrees=True)
        return trial

    return make


@pytest.fixture
def frozen(drafted: Callable[..., Trial]) -> Callable[..., Trial]:
    """Register a draft as it would have been the day before it began."""

    def make(**said: Any) -> Trial:
        trial = drafted(**said)
        first = trial.draft["first_day"]
        before = timezone.make_aware(datetime.fromisoformat(first) - timedelta(hours=12))
        with scopes_disabled():
            freeze(trial, member=None, at=before, seed=SEED)
        return trial

    return make


@pytest.fixture
def in_scope_of_none() -> Iterator[None]:
    with scopes_disabled():
        yield


def visits(organisation: Organisation, area: str, day: date, spoken_to: int, name: str, spoke: str = "spoke") -> None:
    """Put one visit into the ledger."""
    common = {"day": day, "area": area, "organisation_id": organisation.pk}
    place = {"place_kind": "clinic"}
    record_facts(
        source=name,
        facts=[
            Fact(kind="visit", value=1, dimensions={**place, "outcome": spoke, "interpreter": "none"}, **common),
            Fact(kind="people_spoken_to", value=spoken_to, dimensions=place, **common),
        ],
    )


def live_through(trial: Trial, *, usual: int = 2, other: int = 4, refused: int = 0) -> None:
    """Two visits in every site and week, with so many spoken to at each; in the first weeks so many refuse too."""
    with scopes_disabled():
        found = registered(trial)
        teams = {one.ref: one for one in Organisation.objects.all()}
        for place, site in enumerate(found.sites):
            for period, (first, _last) in enumerate(found.spans):
                second = found.schedule[place][period] > 0
                # One of the two methods has one more in each block, now this, now that: the draw decides nothing.
                spoken = (usual, other)[second] + (place + period // 2 + second) % 2
                for number in range(2):
                    day = first + timedelta(days=number)
                    visits(
                        teams[site.organisation], site.area, day, spoken, f"visit:{trial.pk}{place}.{period}.{number}"
                    )
                if period < refused:
                    visits(
                        teams[site.organisation], site.area, first, 0, f"visit:{trial.pk}{place}.{period}.x", "refused"
                    )


def part_of(trial: Trial, member: Member) -> Part:
    return Part.objects.get(trial=trial, organisation=member.organisation)
