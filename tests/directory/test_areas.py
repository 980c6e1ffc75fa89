"""The areas: official codes, every one inside something, and quick to ask."""

from __future__ import annotations

import pytest

from lygte.directory.areas import AREAS, FILE, area_choices, area_name, areas_within, region_of, regions_of


def test_denmark_has_five_regions_and_all_98_municipalities() -> None:
    assert len(regions_of("DK")) == 5
    assert len(areas_within("DK")) == 98


@pytest.mark.parametrize(
    ("region", "municipalities"),
    [("DK-81", 11), ("DK-82", 19), ("DK-83", 22), ("DK-84", 29), ("DK-85", 17)],
)
def test_each_danish_region_has_its_number_of_municipalities(region: str, municipalities: int) -> None:
    assert len(areas_within(region)) == municipalities


@pytest.mark.parametrize(
    ("province", "municipalities"),
    [
        *[("NL-DR", 12), ("NL-FL", 6), ("NL-FR", 18), ("NL-GE", 51), ("NL-GR", 10), ("NL-LI", 31)],
        *[("NL-NB", 56), ("NL-NH", 44), ("NL-OV", 25), ("NL-UT", 26), ("NL-ZE", 13), ("NL-ZH", 50)],
    ],
)
def test_each_dutch_province_has_its_number_of_municipalities(province: str, municipalities: int) -> None:
    assert len(areas_within(province)) == municipalities


def test_the_netherlands_has_twelve_provinces_and_342_municipalities() -> None:
    assert len(regions_of("NL")) == 12
    assert len(areas_within("NL")) == 342


@pytest.mark.parametrize(
    ("code", "name", "region"),
    [
        ("DK-101", "København", "Region Hovedstaden"),
        ("DK-607", "Fredericia", "Region Syddanmark"),
        ("DK-851", "Aalborg", "Region Nordjylland"),
        ("DK-400", "Bornholm", "Region Hovedstaden"),
        ("NL-GM0518", "Den Haag", "Zuid-Holland"),
        ("NL-GM0363", "Amsterdam", "Noord-Holland"),
        ("NL-GM0317", "Eemnes", "Utrecht"),
        ("NL-GM1992", "Voorne aan Zee", "Zuid-Holland"),
    ],
)
def test_a_municipality_is_known_by_its_official_code(code: str, name: str, region: str) -> None:
    assert area_name(code) == name
    around = region_of(code)
    assert around is not None
    assert around.name == region


def test_the_large_dutch_cities_are_all_there() -> None:
    # fmt: off
    cities = {
        "Amsterdam", "Rotterdam", "Utrecht", "Alkmaar", "Almelo", "Almere", "Amersfoort",
        "Apeldoorn", "Arnhem", "Assen", "Breda", "Delft", "Deventer", "Dordrecht", "Ede",
        "Eindhoven", "Emmen", "Enschede", "Gouda", "Groningen", "Haarlem", "Haarlemmermeer",
        "Heerlen", "Helmond", "Hengelo", "'s-Hertogenbosch", "Hilversum", "Hoorn", "Leeuwarden",
        "Leiden", "Lelystad", "Maastricht", "Middelburg", "Nijmegen", "Nissewaard", "Oss",
        "Roermond", "Roosendaal", "Schiedam", "Sittard-Geleen", "Tilburg", "Venlo", "Vlissingen",
        "Zaanstad", "Zoetermeer", "Zwolle",
    }
    # fmt: on
    cities |= {"Den Haag", "Den Helder", "Alphen aan den Rijn"}
    assert cities <= {AREAS[code].name for code in areas_within("NL")}


def test_every_area_but_a_country_lies_in_an_area_one_level_up_of_its_country() -> None:
    above = {"municipality": "region", "region": "country"}
    for area in AREAS.values():
        if area.level == "country":
            assert area.parent == ""
        else:
            assert AREAS[area.parent].level == above[area.level]
            assert area.code.startswith(AREAS[area.parent].country)


def test_a_municipality_holds_only_itself_and_an_unknown_code_nothing() -> None:
    assert areas_within("DK-101") == {"DK-101"}
    assert areas_within("DK-999") == frozenset()
    assert area_name("DK-999") == "DK-999"
    assert region_of("DK-84") is None


def test_the_choices_are_grouped_by_region_and_hold_each_municipality_once() -> None:
    groups = area_choices("DK")
    codes = [code for _, choices in groups for code, _ in choices]
    assert sorted(codes) == sorted(areas_within("DK"))
    assert [name for name, _ in groups] == sorted(name for name, _ in groups)
    for _, choices in groups:
        assert [name for _, name in choices] == sorted(name for _, name in choices)


def test_the_file_says_where_the_codes_come_from_and_when() -> None:
    head = "".join(line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    assert "Source" in head
    assert "Statistics Netherlands" in head
    assert "danmarksadresser.dk" in head
    assert "2025" in head
