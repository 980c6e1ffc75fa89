"""Places of other industries go the same way as all places; facts know the section only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django_scopes import scope, scopes_disabled

from lygte.care.outreach.actions import change_place, create_place
from lygte.care.outreach.facts import facts_of
from lygte.care.outreach.models import Place, Visit
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.industries import DIVISIONS, FILE, SECTIONS, read_industries
from lygte.facts.projection import fingerprint, rebuild

At = Callable[..., Visit]


@pytest.fixture
def kitchen(amina: Member) -> Place:
    with scope(organisation=amina.organisation):
        return create_place(member=amina, code_name="Red Kettle", kind="workplace", area="DK-607", industry="56")


def sector(visit: Visit) -> dict[str, tuple[str, int]]:
    return {
        fact.kind: (fact.dimensions["industry"], fact.value)
        for fact in facts_of(visit)
        if "industry" in fact.dimensions
    }


def test_a_visit_to_a_workplace_counts_for_its_section_and_keeps_what_the_place_was(
    amina: Member, kitchen: Place, heron: Place, visit_to: At
) -> None:
    visit = visit_to(amina, kitchen)
    assert sector(visit) == {"sector_visit": ("I", 1), "sector_spoken_to": ("I", 3)}
    assert sector(visit_to(amina, heron)) == {}
    with scope(organisation=amina.organisation):
        change_place(
            member=amina, place=kitchen, code_name="Red Kettle", kind="workplace", area="DK-607", source="ad",
            languages=[], industry="81",
        )  # fmt: skip
        assert sector(Visit.objects.get(pk=visit.pk)) == {"sector_visit": ("I", 1), "sector_spoken_to": ("I", 3)}
    assert sector(visit_to(amina, kitchen))["sector_visit"] == ("N", 1)
    before = fingerprint()
    rebuild()
    assert fingerprint() == before


@pytest.mark.parametrize(("kind", "industry"), [("clinic", "56"), ("workplace", "69"), ("workplace", "I")])
def test_only_a_workplace_has_an_industry_and_only_one_of_the_list(amina: Member, kind: str, industry: str) -> None:
    with scope(organisation=amina.organisation), pytest.raises(Problem, match=r"422\.690"):
        create_place(member=amina, code_name="Red Kettle", kind=kind, area="DK-607", industry=industry)


def test_the_database_refuses_an_industry_of_another_kind_of_place(heron: Place) -> None:
    with scopes_disabled(), pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=heron.pk).update(industry="96")


def test_the_list_is_narrowed_by_industry_and_the_page_leads_to_rights_at_work(
    amina: Member, kitchen: Place, heron: Place, signed_in: Callable[[Member], Client]
) -> None:
    client = signed_in(amina)
    html = client.get("/places/?industry=56").content.decode()
    assert "Red Kettle" in html and "Blue Heron" not in html
    page = client.get(f"/places/{kitchen.ref}/").content.decode()
    assert "Restaurants, kitchens, bars" in page and "/rights-at-work/dk/en/" in page
    said = {"code_name": "Grey Kettle", "kind": "clinic", "area": "DK-607", "source": "ad", "industry": "56"}
    refused = client.post("/places/new/", said)
    assert refused.status_code == 400 and "Only a workplace has an industry" in refused.content.decode()


def test_every_division_has_a_section_and_words_in_three_languages() -> None:
    assert set(SECTIONS) == set("ACFGHINQST") and len(DIVISIONS) == 21
    head = FILE.read_text().split("code,")[0]
    assert "ISIC" in head or "Revision 4" in head
    assert "read November 2026" in head


def test_a_division_without_a_section_is_refused(tmp_path: object) -> None:
    file = tmp_path / "industries.csv"  # type: ignore[operator]
    file.write_text("code,section,en,da,nl\n01,A,Farming,Landbrug,Landbouw\n")
    with pytest.raises(ValueError, match="industry 01"):
        read_industries(file)
