"""People are found by blind tokens that several share: in their own organisation, and only as long as they are there."""

from __future__ import annotations

import pytest

from lygte.core.problems import Problem
from lygte.core.vault import index, wraps
from tests.conftest import make_member

from .world import house

pytestmark = pytest.mark.django_db

SAME = [
    ("Katarzyna Nowak", "Catarzina  NOWAK"), ("Søren Ågård", "Soren Aagaard"), ("Schäfer", "Shafer"),
    ("Nguyễn Thị", "Nguyen Ti"), ("Jean-Philippe", "Jean Filip"), ("Mihaela", "Mihaella"), ("Марија", "МАРИЈА"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_in_two_spellings_is_found(one: str, other: str) -> None:
    assert index.name_and_year(one, 1990) == index.name_and_year(other, 1990)


def test_phones_are_the_same_with_and_without_country_code() -> None:
    numbers = ("+45 12 34 56 78", "12345678", "0045-12345678", "(+45) 12.34.56.78", "١٢٣٤٥٦٧٨")
    assert {index.phone(one) for one in numbers} == {"12345678"}
    assert index.phone("") == ""


def test_a_person_is_found_by_name_and_about_the_year_and_by_phone_in_their_own_organisation_only() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 6)
    els, _chika, theirs = house("chika", "els", 6)
    for member, known in ((amina, people), (els, theirs)):
        for number, one in enumerate(known):
            values = {
                "name": index.name_and_year(f"Name{number} Petrović", 1990 + number),
                "phone": [f"1234567{number}"],
            }
            index.put_tokens(member=member, person=one.person.ref, values=values)
    wanted = people[3].person.ref
    assert wanted in index.find(member=amina, field="name", values=index.near_years("petrovic", 1992))
    assert wanted in index.find(member=amina, field="phone", values=[index.phone("+45 1234 5673")])
    mine = {one.person.ref for one in people}
    assert set(index.find(member=amina, field="name", values=index.near_years("Petrovic", 1993))) <= mine
    assert amina.keyring.index_key() != els.keyring.index_key()
    wraps.destroy_keys([wanted])
    assert wanted not in index.find(member=amina, field="phone", values=[index.phone("12345673")])
    with pytest.raises(ValueError, match="not indexed"):
        index.put_tokens(member=amina, person=wanted, values={"gender": ["f"]})
    with pytest.raises(Problem, match=r"423\.1"):
        index.find(member=make_member("bogdan"), field="phone", values=["12345673"])


def test_so_many_people_share_a_token_that_it_names_nobody_and_so_few_that_it_helps() -> None:
    counts = []
    for people in (10, 100, 1_000, 10_000, 100_000, 1_000_000):
        shared = people / 2 ** index.bits_for(people)
        assert 2 <= shared < max(people**0.5, 2.6), people
        counts.append(f"{people:,}: {index.bits_for(people)} bits, {shared:.1f} share")
    print("; ".join(counts))
    assert index.bits_for(3) == 0


def test_tokens_of_early_days_are_still_found_and_telling_ones_are_cut_when_people_are_fewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    amina, _bogdan, people = house("bogdan", "amina", 3)
    sizes = [10, 100_000, 1_000]
    for size, one in zip(sizes, people, strict=True):
        monkeypatch.setattr(index, "_people", lambda _organisation, size=size: size)
        index.put_tokens(member=amina, person=one.person.ref, values={"phone": ["12345678"]})
    everybody = sorted(one.person.ref for one in people)
    assert index.find(member=amina, field="phone", values=["12345678"]) == everybody
    assert index.shorten(amina.organisation_id) == 1  # among 1,000, the token made among 100,000 says too much
    assert index.find(member=amina, field="phone", values=["12345678"]) == everybody
    alike = index.alike(organisation_id=amina.organisation_id, person=people[1].person.ref)
    assert alike == [people[2].person.ref]
    assert index.drop_tokens([everybody[0]]) == 1
