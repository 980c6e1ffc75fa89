"""Lists on phones: only what that worker may see, a token that changes with it, and what is gone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.intake.actions import add_device
from lygte.care.intake.entities import provided
from lygte.care.intake.entities.actions import assign, delete_entity, switch
from lygte.care.intake.entities.models import EntityList
from lygte.care.intake.entities.provided import Listed, provide_entities
from lygte.care.intake.handover import member_who_may
from lygte.care.outreach.models import Place
from lygte.core.models import Member
from tests.care.intake.conftest import Phone

from .conftest import TREES, Trees, new_uuid, publish, tree_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def bogdans(bogdan: Member) -> Phone:
    with scope(organisation=bogdan.organisation):
        return Phone(add_device(member=bogdan, label="red phone"), Client())


def entries(phone: Phone, trees: Trees) -> list[dict[str, str]]:
    """The files of the manifest, each as its elements and its type."""
    listed = phone.get("formList").content.decode()
    assert "<manifestUrl>" in listed
    text = phone.get(f"forms/{trees.version.ref}/manifest").content.decode()
    found = []
    for kind, inside in re.findall(r"<mediaFile(?: type=\"(\w+)\")?>(.*?)</mediaFile>", text):
        found.append({"type": kind, **dict(re.findall(r"<(\w+)>(.*?)</\1>", inside))})
    return found


def rows(phone: Phone, entry: dict[str, str]) -> list[list[str]]:
    response = phone.client.get(entry["downloadUrl"] + "?deviceID=collect%3Ax")
    assert response.status_code == 200
    assert response["ETag"] == f'"{entry["hash"].removeprefix("md5:")}"'
    return list(csv.reader(io.StringIO(response.content.decode())))


@pytest.fixture
def two(trees: Trees, bogdan: Member) -> dict[str, str]:
    """Amina's oak and Bogdan's elm."""
    elm = new_uuid()
    with scope(organisation=bogdan.organisation):
        trees.create(state="well, so far")
        trees.send(tree_form(elm, create=True, label="Elm", species="elm"), bogdan)
    return {"oak": trees.uuid, "elm": elm}


def test_the_manifest_names_the_list_its_token_and_where_to_ask_what_is_gone(
    trees: Trees, phone: Phone, two: dict[str, str]
) -> None:
    (entry,) = entries(phone, trees)
    assert (entry["type"], entry["filename"]) == ("entityList", "trees.csv")
    assert re.fullmatch(r"md5:[0-9a-f]{32}", entry["hash"])
    assert entry["downloadUrl"].startswith("http://testserver/-/") and entry["integrityUrl"].endswith("/integrity")
    assert rows(phone, entry) == [
        ["name", "label", "__version", "species", "state"],
        [two["oak"], "Oak", "1", "oak", "well, so far"],
        [two["elm"], "Elm", "1", "elm", ""],
    ]


def test_the_token_changes_with_the_list_and_only_then(trees: Trees, phone: Phone, two: dict[str, str]) -> None:
    before = entries(phone, trees)[0]["hash"]
    assert entries(phone, trees)[0]["hash"] == before
    with scope(organisation=trees.member.organisation):
        trees.update(base=1, state="sick")
    after = entries(phone, trees)[0]
    assert after["hash"] != before
    assert rows(phone, after)[1][2] == "2"


def test_the_integrity_document_tells_what_is_gone(
    trees: Trees, phone: Phone, bogdan: Member, two: dict[str, str]
) -> None:
    url = entries(phone, trees)[0]["integrityUrl"]
    with scope(organisation=bogdan.organisation):
        delete_entity(member=bogdan, entity=trees.entity)
    response = phone.client.get(f"{url}?id={two['oak']},{two['elm']},{new_uuid()}&deviceID=x")
    assert response["X-OpenRosa-Version"] == "1.0" and response["Content-Type"].startswith("text/xml")
    found = dict(re.findall(r'<entity id="([^"]+)"><deleted>(\w+)</deleted></entity>', response.content.decode()))
    assert found == {two["oak"]: "true", two["elm"]: "false"}
    assert [row[1] for row in rows(phone, entries(phone, trees)[0])[1:]] == ["Elm"]


def test_a_list_that_needs_approval_says_so(trees: Trees, phone: Phone, rule: Any) -> None:
    rule(approval=True)
    assert entries(phone, trees)[0]["type"] == "approvalEntityList"


def test_each_worker_gets_what_the_rule_lets_them_see(
    trees: Trees, phone: Phone, bogdans: Phone, bogdan: Member, two: dict[str, str], rule: Any
) -> None:
    def seen(by: Phone) -> tuple[set[str], str]:
        entry = entries(by, trees)[0]
        return {row[1] for row in rows(by, entry)[1:]}, entry["hash"]

    assert seen(phone) == seen(bogdans)
    rule(sees="creator")
    assert seen(phone)[0] == {"Oak"} and seen(bogdans)[0] == {"Elm"}
    assert seen(phone)[1] != seen(bogdans)[1]
    rule(sees="assigned")
    assert seen(bogdans)[0] == {"Elm"}
    with scope(organisation=bogdan.organisation):
        assign(member=bogdan, entity=trees.entity, to=[bogdan])
    assert seen(bogdans)[0] == {"Oak", "Elm"} and seen(phone)[0] == {"Oak"}
    url = entries(phone, trees)[0]["integrityUrl"]
    told = phone.client.get(f"{url}?id={two['elm']}").content.decode()
    assert "<deleted>true</deleted>" in told  # not theirs to see any more: off the phone


def test_another_organisation_sees_nothing_of_it(trees: Trees, chika: Member, two: dict[str, str]) -> None:
    with scope(organisation=chika.organisation):
        strange = Phone(add_device(member=chika, label="other phone"), Client())
        own = publish(member_who_may(chika.organisation, "form.publish"), TREES) if _publishes(chika) else None
    answer = strange.get(f"lists/trees.csv/integrity?id={two['oak']}")
    assert answer.status_code == 404 if own is None else "<entity " not in answer.content.decode()
    assert strange.get(f"forms/{trees.version.ref}/manifest").status_code == 404


def _publishes(member: Member) -> bool:
    from lygte.core.problems import Problem

    try:
        return member_who_may(member.organisation, "form.publish") is not None  # type: ignore[arg-type]
    except Problem:
        return False


READS = """\
| survey |
|        | type                           | name | label |
|        | select_one_from_file {name}.csv | one  | Which |
| settings |
|          | form_id | version |
|          | reads   | 1       |
"""


@pytest.fixture
def made_up() -> Iterator[None]:
    """A list that a room above makes: of each worker their own row."""
    provide_entities(
        "boats", lambda member: [Listed("b1", member.user.name, {"length": "3"})], title="Boats", says="", switched=True
    )
    yield
    provided.PROVIDED.pop("boats")


@pytest.mark.usefixtures("made_up")
def test_a_provided_list_goes_out_when_it_is_switched_on_and_to_each_their_own(
    phone: Phone, bogdans: Phone, bogdan: Member
) -> None:
    version = publish(bogdan, READS.format(name="boats"))
    url = f"forms/{version.ref}/manifest"
    assert b"boats" not in phone.get(url).content
    with scope(organisation=bogdan.organisation):
        switch(member=bogdan, name="boats", on=True)
    assert b"boats.csv" in phone.get(url).content and b"entityList" not in phone.get(url).content
    got = [by.get(f"forms/{version.ref}/media/boats.csv").content.decode() for by in (phone, bogdans)]
    assert got[0].startswith("name,label,length\nb1,") and got[0] != got[1]
    with scope(organisation=bogdan.organisation):
        switch(member=bogdan, name="boats", on=False)
    assert phone.get(f"forms/{version.ref}/media/boats.csv").status_code == 404


def test_places_go_out_under_their_code_name_and_nothing_else(phone: Phone, bogdan: Member) -> None:
    version = publish(bogdan, READS.format(name="places"))
    with scope(organisation=bogdan.organisation):
        Place.objects.create(
            organisation=bogdan.organisation, kind="brothel", area="DK-101", code_name="Heron", short_code="HERO1",
            created_on="2026-01-01",
        )  # fmt: skip
    assert phone.get(f"forms/{version.ref}/media/places.csv").content == b"name,label\nHERO1,Heron\n"


def test_cases_are_off_and_then_only_codes_of_ones_own_people(phone: Phone, bogdan: Member) -> None:
    assert provided.PROVIDED["cases"].switched
    version = publish(bogdan, READS.format(name="cases"))
    assert phone.get(f"forms/{version.ref}/media/cases.csv").status_code == 404
    with scope(organisation=bogdan.organisation):
        switch(member=bogdan, name="cases", on=True)
    assert phone.get(f"forms/{version.ref}/media/cases.csv").content == b"name,label\n"
    assert not EntityList.objects.exists()
