"""Coverage: one rule, worked out by hand on a small book of places; seasons; the drawings say what the tables say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from lygte.care.outreach.actions import close_place
from lygte.care.outreach.handover import KnownPlace, bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.care.rounds.coverage import at_a_glance, of_regions, over_time
from lygte.care.rounds.covering import Cover, between, cover_of, difference, last_months
from lygte.care.rounds.models import Round
from lygte.care.rounds.pictures import TILES, percent, shade
from lygte.care.rounds.rules import Season, season_named, season_of
from lygte.care.rounds.views.coverage import gap_in_words
from lygte.core.models import Member
from lygte.directory.areas import AREAS
from lygte.directory.providers import STATEMENTS, providers_of

from .conftest import CAPITAL, SOUTH

MARCH = between("2026-01", "2026-03", date(2026, 11, 29))


def known(since: str, last: str | None, *, active: bool = True) -> KnownPlace:
    day = date.fromisoformat(last) if last else None
    return KnownPlace("r", "K7Q2", "Blue Heron", "clinic", "DK-607", (), (), date.fromisoformat(since), active, day)


@pytest.mark.parametrize(
    ("place", "cover"),
    [
        (known("2025-01-01", "2026-02-01"), Cover(known=1, visited=1, longest=58)),
        (known("2025-01-01", "2025-12-31"), Cover(known=1, longest=90)),
        (known("2026-03-01", None), Cover(known=1, never=1, longest=30)),
        (known("2026-04-01", None), Cover()),  # not known yet
        (known("2025-01-01", "2026-02-01", active=False), Cover(known=1, visited=1)),  # closed since
        (known("2025-01-01", "2025-12-31", active=False), Cover()),
    ],
)
def test_the_rule_for_one_place(place: KnownPlace, cover: Cover) -> None:
    assert cover_of(place, MARCH) == cover


def test_a_region_is_counted_by_the_rule_and_compared_with_the_rest(
    amina: Member, places: dict[str, Place], visit: Callable[..., Visit], today: date
) -> None:
    visit(amina, places["Blue Heron"], today)
    visit(amina, places["Blue Heron"], today)
    visit(amina, places["Grey Seal"], today.replace(day=1))
    with scope(organisation=amina.organisation):
        found = of_regions(amina, last_months(3, today))
        south = found.by_region[SOUTH]
        assert (south.known, south.visited, south.visits, south.never, south.longest) == (3, 2, 3, 1, 700)
        assert found.by_kind[(SOUTH, "clinic")].visited == 1
        assert found.by_cell[("DK-461", "clinic")] == Cover(known=1, never=1, longest=700)
        assert found.by_region[CAPITAL] == Cover(known=1, never=1, longest=700)
        assert found.whole.known == 4
        apart = difference(south, found.whole)
        assert apart is not None
        assert apart[0] == pytest.approx(2 / 3)
        assert apart[1][0] < 0 < apart[1][1], "three places against one: chance is enough"
        close_place(member=amina, place=places["Red Finch"])
        assert of_regions(amina, last_months(3, today)).by_region[SOUTH].known == 2
        shares = [cover.visited for _period, cover in over_time(amina, SOUTH, 3, today)]
        assert shares == [0, 0, 0, 2]


def test_a_season_at_a_glance_adds_up(
    amina: Member,
    places: dict[str, Place],
    plan: Callable[..., Round],
    visit: Callable[..., Visit],
    today: date,
    signed_in: Callable[[Member], Client],
) -> None:
    plan("Blue Heron", "Red Finch")
    plan("Grey Seal", day=today + timedelta(days=1))
    visit(amina, places["Blue Heron"], today)
    with scope(organisation=amina.organisation):
        Round.objects.filter(stops__place=places["Blue Heron"].ref).update(state="done")
        glance = at_a_glance(amina, season_of(today), today)
        assert (glance.states["done"], glance.planned, glance.reached, glance.visits) == (1, 2, 1, 1)
        assert (glance.cover.known, glance.cover.visited, glance.cover.never) == (4, 1, 3)
    page = signed_in(amina).get(reverse("rounds:season"))
    assert page.context["picture"]["says"].endswith(": 1 of 2.")
    assert page.context["next"]
    tile = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode().split("Known places visited", 1)[1][:900]))
    assert tile.startswith(" 25% (5–70%) 1 of 4; in brackets")
    empty = signed_in(amina).get(reverse("rounds:season"), {"season": "2016-summer"})
    assert empty.context["glance"].visits == 0
    assert "Next round" not in empty.content.decode() and "No round is planned" not in empty.content.decode()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, (0, "days")),
        (1, (1, "day")),
        (60, (60, "days")),
        (61, (2, "months")),
        (730, (23, "months")),
        (731, (2, "years")),
        (3472, (9, "years")),
    ],
)
def test_a_gap_is_said_in_a_unit_that_can_be_pictured(days: int, said: tuple[int, str]) -> None:
    assert gap_in_words(days) == said


def test_seasons_follow_each_other_and_winter_begins_in_december() -> None:
    assert season_of(date(2026, 11, 29)).days == (date(2026, 9, 1), date(2026, 11, 30))
    assert season_of(date(2026, 12, 1)) == season_of(date(2027, 2, 28)) == Season(2027, "winter")
    assert Season(2027, "winter").days == (date(2026, 12, 1), date(2027, 2, 28))
    assert Season(2026, "autumn").moved(1) == Season(2027, "winter")
    assert Season(2027, "winter").moved(-1).moved(1).code == "2027-winter"
    assert [season_named(code) for code in ("2026-castle", "x", "", "20260-autumn")] == [None] * 4


def test_the_drawings_never_round_some_to_none_or_all() -> None:
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0%", "1%", "50%", "99%", "100%"]
    assert [shade(share) for share in (None, 0, 0.2, 0.79, 1)] == ["none", "0", "1", "3", "4"]
    regions = {code for code, area in AREAS.items() if area.level == "region"}
    assert set(TILES) == regions
    for country in ("DK", "NL"):
        there = [place for code, place in TILES.items() if code.startswith(country)]
        assert len(set(there)) == len(there), "two regions in one square"


def test_coverage_asks_no_more_of_a_bigger_book_and_never_reads_the_visits_one_by_one(
    amina: Member,
    places: dict[str, Place],
    visit: Callable[..., Visit],
    today: date,
    signed_in: Callable[[Member], Client],
) -> None:
    client = signed_in(amina)
    pages = [reverse(f"rounds:{name}") for name in ("coverage", "season", "region", "plan")]

    def questions(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        seen = [query["sql"] for query in asked if "outreach_visit" in query["sql"]]
        assert all("LIMIT 1" in sql for sql in seen), seen
        return len(asked)

    visit(amina, places["Blue Heron"], today)
    before = [questions(page) for page in pages]
    names = ("Old Oak", "Green Ibis", "Still Water")
    bulk_places(amina.organisation, [{"code_name": name, "kind": "street", "area": "DK-561"} for name in names])
    for _more in range(4):
        visit(amina, places["Red Finch"], today)
    assert [questions(page) for page in pages] == before


def test_providers_are_dated_statements_with_a_source() -> None:
    assert len(STATEMENTS) > 10
    south = providers_of("DK-83", date(2026, 11, 29))
    assert [one.provider for one in south][:2] == ["Reden Odense", "AmiAmi"]
    assert {one.region for one in south} == {"DK-83", "DK"}
    assert [one.is_old(date(2026, 11, 29)) for one in south][:2] == [False, True]
    assert providers_of("castle", date(2026, 11, 29)) == []
