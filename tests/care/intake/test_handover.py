"""What rooms and the command line do with intake: shipped forms, forms filled in on a page, phones from a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.intake import commands, receivers
from lygte.care.intake.handover import publish_shipped, ship_form, submit_answers
from lygte.care.intake.models import FormVersion, Submission
from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem

from .conftest import basic_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[Path]:
    """The basic form, as a room ships it, and no other."""
    before = dict(receivers.SHIPPED)
    receivers.SHIPPED.clear()
    path = tmp_path / "basic.md"
    path.write_bytes(basic_workbook())
    ship_form("basic", "Basic form", path)
    yield path
    receivers.SHIPPED.clear()
    receivers.SHIPPED.update(before)


def test_shipped_forms_are_published_once_for_each_organisation(bogdan: Member, chika: Member, shipped: Path) -> None:
    for _ in range(2):
        publish_shipped(bogdan.organisation)
        publish_shipped(chika.organisation, chika)
    assert {v.organisation for v in FormVersion.objects.all()} == {bogdan.organisation, chika.organisation}
    assert FormVersion.objects.count() == 2


def test_an_organisation_without_a_coordinator_cannot_be_given_forms(amina: Member, shipped: Path) -> None:
    with pytest.raises(Problem) as caught:
        publish_shipped(amina.organisation)
    assert caught.value.number == "404.174"


def test_a_form_filled_in_on_a_page_goes_the_way_of_all_others(
    amina: Member, basic: FormVersion, receiver: list[receivers.Received]
) -> None:
    answers = {"people": 4, "note": "<b> & Ærø \x01", "item": [{"kind": "a"}, {"kind": "b"}]}
    with scope(organisation=amina.organisation):
        submission = submit_answers(member=amina, form_id="basic", answers=answers)
    assert submission.state == Submission.State.TAKEN and submission.device is None
    (received,) = receiver
    assert received.answers == {"people": "4", "note": "<b> & Ærø", "item": [{"kind": "a"}, {"kind": "b"}]}
    assert received.instance_id.startswith("uuid:")


def test_an_answer_to_a_question_that_is_not_there_is_told(amina: Member, basic: FormVersion) -> None:
    for answers in ({"peeple": 1}, {"item": [{"colour": "red"}]}):
        with pytest.raises(Problem) as caught:
            submit_answers(member=amina, form_id="basic", answers=answers)
        assert caught.value.number == "422.170"


def test_a_form_that_was_not_published_is_told(amina: Member) -> None:
    with pytest.raises(Problem) as caught:
        submit_answers(member=amina, form_id="basic", answers={})
    assert caught.value.number == "404.175"


# The command line ----------------------------------------------------------------------------------------------------


def test_a_form_is_published_from_a_script_by_reference_name_or_neither(
    bogdan: Member, chika: Member, tmp_path: Path
) -> None:
    path = tmp_path / "basic.md"
    path.write_bytes(basic_workbook())
    theirs = chika.organisation
    assert commands.publish_form_file(path).organisation == bogdan.organisation
    assert commands.publish_form_file(str(path), theirs.ref).organisation == theirs
    assert commands.publish_form_file(path, theirs.name).organisation == theirs


def test_a_script_is_told_what_is_wrong(bogdan: Member, tmp_path: Path) -> None:
    for path, organisation, number in (
        (tmp_path / "absent.xlsx", None, "400.4"),
        (tmp_path / "absent.xlsx", "nobody", "400.3"),
    ):
        with pytest.raises(Problem) as caught:
            commands.publish_form_file(path, organisation)
        assert caught.value.number == number
    with pytest.raises(Problem) as caught:
        commands.add_device("nobody", "http://x")
    assert caught.value.number == "400.2"


def test_a_phone_from_a_script_works_both_ways(amina: Member, bogdan: Member) -> None:
    told = commands.add_device(None, "http://testserver/")
    assert told.keys() == {"server_url", "login_url", "username", "password", "device"}
    assert told["login_url"] == "http://testserver/openrosa"
    path = told["server_url"].removeprefix("http://testserver")
    assert Client().get(f"{path}/formList").status_code == 200
    assert told["device"] and len(told["password"]) == 64
    mine = commands.add_device(amina.ref, "http://testserver")
    assert mine["server_url"] != told["server_url"]


def test_with_no_outreach_organisation_a_script_is_told(db: None) -> None:
    assert not Organisation.objects.exists()
    for call in (lambda: commands.add_device(None, "http://x"), lambda: commands.publish_form_file("x.md")):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.number == "404.174"
