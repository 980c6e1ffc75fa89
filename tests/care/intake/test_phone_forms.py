"""A phone fetches forms: the list, the form, the files beside it, as OpenRosa clients need them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from lygte.care.intake import receivers
from lygte.care.intake.actions import change_form_state, publish_form
from lygte.care.intake.models import Form, FormVersion
from lygte.core.models import Member, Organisation

from .conftest import Phone, basic_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


def listed(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/xml")
    assert response["X-OpenRosa-Version"] == "1.0"
    root = etree.fromstring(response.content)
    assert root.tag == f"{LIST}xforms"
    return [{child.tag.removeprefix(LIST): child.text or "" for child in xform} for xform in root]


def fetched(phone: Phone, url: str) -> Any:
    """Fetch an absolute address as a phone does: with its device id added."""
    parts = urlsplit(url)
    assert parts.scheme == "http" and parts.netloc == "testserver"
    response = phone.client.get(f"{parts.path}?deviceID=collect%3A1")
    assert response["X-OpenRosa-Version"] == "1.0"
    return response


@pytest.fixture
def places() -> Iterator[None]:
    """Have the server make a file of places for the basic form."""

    def made(organisation: Organisation) -> bytes:
        return f"name,label\n1,{organisation.name}\n".encode()

    receivers.provide_media("basic", "places.csv", made)
    receivers.provide_media("basic", "empty.csv", lambda organisation: b"")
    yield
    del receivers.MEDIA["basic"]


def test_the_list_names_each_form_with_version_hash_and_absolute_address(phone: Phone, basic: FormVersion) -> None:
    (item,) = listed(phone.get("formList?deviceID=collect:1"))
    assert item.keys() == {"formID", "name", "version", "hash", "downloadUrl"}
    assert (item["formID"], item["name"], item["version"]) == ("basic", "Basic form", "1")
    response = fetched(phone, item["downloadUrl"])
    assert item["hash"] == "md5:" + hashlib.md5(response.content, usedforsecurity=False).hexdigest()
    assert response.content == bytes(basic.xform)


def test_an_empty_list_is_a_list(phone: Phone) -> None:
    assert listed(phone.get("formList")) == []


def test_the_newest_version_is_listed_and_all_on_request(phone: Phone, basic: FormVersion, bogdan: Member) -> None:
    publish_form(member=bogdan, workbook=basic_workbook("2"), filename="basic.md")
    assert [item["version"] for item in listed(phone.get("formList"))] == ["2"]
    assert [item["version"] for item in listed(phone.get("formList?listAllVersions=true"))] == ["2", "1"]


def test_one_form_can_be_asked_for_and_described(phone: Phone, basic: FormVersion) -> None:
    assert len(listed(phone.get("formList?formID=basic"))) == 1
    assert listed(phone.get("formList?formID=other")) == []
    assert listed(phone.get("formList?formID=%00")) == []
    assert "descriptionText" in listed(phone.get("formList?verbose=true"))[0]


def test_a_closed_form_is_not_listed(phone: Phone, basic: FormVersion, bogdan: Member) -> None:
    change_form_state(member=bogdan, form=basic.form, state=Form.State.CLOSED)
    assert listed(phone.get("formList")) == []


def test_a_form_of_another_organisation_is_neither_listed_nor_fetched(
    phone: Phone, basic: FormVersion, chika: Member
) -> None:
    theirs = publish_form(member=chika, workbook=basic_workbook(), filename="basic.md")
    assert len(listed(phone.get("formList"))) == 1
    for path in ("forms/{}.xml", "forms/{}/manifest", "forms/{}/media/places.csv"):
        response = phone.get(path.format(theirs.ref))
        assert response.status_code == 404
        assert "404.160" in response.content.decode()


def test_a_form_that_has_not_changed_is_not_sent_again(phone: Phone, basic: FormVersion) -> None:
    path = f"forms/{basic.ref}.xml"
    tag = phone.get(path)["ETag"]
    again = phone.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.content == b""
    assert "private" in again["Cache-Control"]


def test_a_manifest_is_named_only_where_there_is_a_file(phone: Phone, basic: FormVersion, places: None) -> None:
    (item,) = listed(phone.get("formList"))
    root = etree.fromstring(fetched(phone, item["manifestUrl"]).content)
    assert root.tag == f"{MANIFEST}manifest"
    (file,) = root
    found = {child.tag.removeprefix(MANIFEST): child.text for child in file}
    assert found.keys() == {"filename", "hash", "downloadUrl"}
    assert found["filename"] == "places.csv"
    content = fetched(phone, found["downloadUrl"])
    assert content["Content-Type"].startswith("text/csv")
    assert content.content == b"name,label\n1,Lanternen (invented)\n"
    assert found["hash"] == "md5:" + hashlib.md5(content.content, usedforsecurity=False).hexdigest()


def test_a_file_that_nobody_makes_is_absent(phone: Phone, basic: FormVersion, places: None) -> None:
    for name in ("empty.csv", "other.csv", "..%2Fplaces.csv"):
        assert phone.get(f"forms/{basic.ref}/media/{name}").status_code == 404


def test_each_organisation_gets_its_own_file(phone: Phone, basic: FormVersion, chika: Member, places: None) -> None:
    publish_form(member=chika, workbook=basic_workbook(), filename="basic.md")
    assert b"De Lantaarn" not in phone.get(f"forms/{basic.ref}/media/places.csv").content
