"""Filled forms feed lists in the transaction that stores them, once; what is wrong is kept with the form, told, and mended."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from lygte.care.intake.actions import receive, review_submission
from lygte.care.intake.entities.actions import delete_entity, feed_again, restore_entity
from lygte.care.intake.entities.models import Entity, EntityVersion, Feed, Held
from lygte.care.intake.entities.reads import problem_of
from lygte.care.intake.models import ReviewState, Submission
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import Trees, new_uuid, publish, tree_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def test_a_form_makes_an_entity_and_another_changes_it(trees: Trees) -> None:
    made = trees.create(state="well")
    trees.update(base=1, state="sick")
    entity = trees.entity
    assert (entity.label, entity.version, entity.conflict) == ("Oak", 2, "")
    assert entity.values == {"label": "Oak", "species": "oak", "state": "sick"}  # a blank label keeps the old one
    assert entity.versions.get(number=1).submission == made
    assert entity.creator == trees.member


def test_the_same_form_again_feeds_nothing_again(trees: Trees) -> None:
    xml = tree_form(trees.uuid, create=True, label="Oak")
    for _ in range(3):
        trees.send(xml)
    assert EntityVersion.objects.count() == Feed.objects.count() == 1


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("422.430", {"uuid": "not-one", "create": True, "label": "Oak"}),
    ("422.430", {"uuid": "3f0e5a52-1c5c-11ee-be56-0242ac120002", "create": True, "label": "Oak"}),  # of version 1
    ("422.431", {"create": True}),
    ("422.432", {}),
    ("422.433", {"base": 1, "trunk": 1}),
    ("422.434", {"base": "one"}),
    ("422.434", {"base": 1, "trunk": "-1", "branch": new_uuid()}),
    ("422.435", {"base": 1, "branch": "branch"}),
    ("404.437", {"base": 1}),
    ("404.437", {"base": 7, "trunk": 7, "branch": new_uuid()}),
    ("422.441", {"create": True, "label": "Oak", "species": "CPR 010180-1234"}),
    ("422.442", {"create": True, "label": "Oak", "species": "ask +45 22 33 44 55"}),
    ("422.455", {"create": True, "label": "O" * 251}),
]


@pytest.mark.parametrize(("number", "sent"), WRONG)
def test_what_is_wrong_never_rejects_the_form(trees: Trees, number: str, sent: dict[str, Any]) -> None:
    submission = trees.send(tree_form(**{"uuid": trees.uuid, **sent}))
    assert Submission.objects.filter(pk=submission.pk).exists()
    assert trees.problem(submission) == number
    problem = problem_of(Feed.objects.get(submission=submission))
    assert problem is not None and problem.sentence and problem.next_step
    with override("nl"):
        told = problem_of(Feed.objects.get(submission=submission))
    assert told is not None and "telephone number" not in str(told.sentence)
    assert not Entity.objects.exists() and not Held.objects.exists()


def test_an_update_names_a_version_that_the_server_has(trees: Trees) -> None:
    trees.create()
    assert trees.problem(trees.update(base=2, state="sick")) == "404.438"
    assert trees.problem(trees.update(base=2, trunk=2, branch=new_uuid(), state="sick")) == "404.438"
    assert trees.problem(trees.create()) == "409.439"
    assert trees.entity.version == 1


def test_with_both_an_absent_entity_is_made_and_one_that_is_there_is_changed(trees: Trees) -> None:
    both = tree_form(trees.uuid, create=True, label="Oak", base=4).replace(b'create="1"', b'create="1" update="1"')
    trees.send(both)
    assert trees.entity.version == 1
    again = tree_form(trees.uuid, create=True, base=1, state="x").replace(b'create="1"', b'create="true" update="true"')
    trees.send(again)
    assert (trees.entity.version, trees.entity.values["state"]) == (2, "x")


def test_an_action_that_the_version_does_not_declare_is_an_error(bogdan: Member) -> None:
    only_make = """\
| survey |
|        | type             | name    | label   | save_to |
|        | select_one kinds | species | Species | species |
| choices |
|        | list_name | name | label |
|        | kinds     | oak  | Oak   |
| entities |
|          | list_name | label      |
|          | trees     | ${species} |
| settings |
|          | form_id | version | lygte_grade |
|          | trees   | 1       | open        |
"""
    trees = Trees(bogdan, publish(bogdan, only_make))
    assert trees.problem(trees.update(base=1, species="oak")) == "422.436"


BEDS = """\
| survey |
|        | type         | name | label | save_to     |
|        | select_one k | row  | Row   | rows#kind   |
|        | begin_repeat | bed  | Bed   |             |
|        | select_one k | soil | Soil  | beds#soil   |
|        | end_repeat   |      |       |             |
| choices |
|        | list_name | name | label |
|        | k         | sand | Sand  |
| entities |
|          | list_name | label   |
|          | rows      | ${row}  |
|          | beds      | ${soil} |
| settings |
|          | form_id | version | lygte_grade |
|          | garden  | 1       | open        |
"""


def _garden(*beds: tuple[str, str]) -> bytes:
    repeats = "".join(
        f'<bed><soil>{soil}</soil><meta><entity dataset="beds" id="{uuid}" create="1"><label>{soil}</label></entity>'
        f"</meta></bed>"
        for uuid, soil in beds
    )
    return (
        f'<data id="garden" version="1"><row>north</row>{repeats}<meta><entity dataset="rows" id="{new_uuid()}" '
        f'create="1"><label>north</label></entity><instanceID>uuid:{new_uuid()}</instanceID></meta></data>'
    ).encode()


def test_several_lists_and_repeats_are_written_together_or_not_at_all(bogdan: Member) -> None:
    publish(bogdan, BEDS)
    receive(member=bogdan, device=None, xml=_garden((new_uuid(), "sand"), (new_uuid(), "clay")), files={})
    found = Entity.objects.order_by("pk").values_list("list__name", "values__soil", "values__kind")
    assert set(found) == {("beds", "sand", None), ("beds", "clay", None), ("rows", None, "north")}
    bad = receive(member=bogdan, device=None, xml=_garden((new_uuid(), "peat"), ("bad", "loam")), files={})
    assert Entity.objects.count() == 3
    assert Feed.objects.get(submission=bad).problem_number == "422.430"


def test_an_entry_that_needs_a_look_is_written_when_somebody_has_looked(trees: Trees, bogdan: Member) -> None:
    submission = trees.create(species="ask +45 22 33 44 55")
    fed = Feed.objects.get(submission=submission)
    with pytest.raises(Problem, match=r"422\.442"):
        feed_again(member=bogdan, fed=fed)
    feed_again(member=bogdan, fed=fed, looked=True)
    assert trees.entity.version == 1
    with pytest.raises(Problem, match=r"409\.442"):
        feed_again(member=bogdan, fed=fed, looked=True)


def test_a_personal_number_gets_in_whoever_looked(trees: Trees, bogdan: Member) -> None:
    fed = Feed.objects.get(submission=trees.create(species="010180-1234"))
    with pytest.raises(Problem, match=r"422\.441"):
        feed_again(member=bogdan, fed=fed, looked=True)
    assert not Entity.objects.exists()


def test_a_list_of_cases_takes_codes_only(trees: Trees, rule: Any) -> None:
    rule(holds="cases")
    assert trees.problem(trees.create(label="Maria")) == "422.443"
    trees.create(label="K7-204")
    assert trees.entity.label == "K7-204"


def test_with_approval_an_entity_is_made_when_the_form_is_approved_and_its_updates_wait(
    trees: Trees, bogdan: Member, rule: Any
) -> None:
    rule(approval=True)
    made = trees.create()
    trees.update(base=1, branch=new_uuid(), state="sick")
    assert Feed.objects.get(submission=made).state == "waits"
    assert not Entity.objects.exists()
    review_submission(member=bogdan, submission=made, state=ReviewState.HAS_ISSUES, comment="look")
    assert not Entity.objects.exists()
    review_submission(member=bogdan, submission=made, state=ReviewState.APPROVED)
    assert (trees.entity.version, trees.entity.values["state"]) == (2, "sick")


def test_an_edit_of_a_form_that_fed_the_lists_does_not_feed_them_again(trees: Trees) -> None:
    first = trees.create()
    edit = tree_form(new_uuid(), create=True, label="Elm", deprecated=first.instance_id)
    trees.send(edit)
    assert Entity.objects.count() == 1
    bad = trees.send(tree_form("bad", create=True, label="Ash"))
    good = new_uuid()
    trees.send(tree_form(good, create=True, label="Ash", deprecated=bad.instance_id))
    assert Entity.objects.filter(uuid=good).exists()
    assert Feed.objects.get(submission=bad).state == "replaced"


def test_what_is_deleted_takes_no_update_and_comes_back_whole(trees: Trees, bogdan: Member) -> None:
    trees.create()
    delete_entity(member=bogdan, entity=trees.entity)
    late = trees.update(base=1, state="sick")
    assert trees.problem(late) == "409.440"
    restore_entity(member=bogdan, entity=trees.entity)
    feed_again(member=bogdan, fed=Feed.objects.get(submission=late))
    assert trees.entity.values["state"] == "sick"


def test_a_fault_in_the_lists_does_not_lose_the_form(trees: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lygte.care.intake.entities.actions.feeding.sent_in", lambda *_: 1 / 0)
    submission = trees.create()
    assert trees.problem(submission) == "422.444"


def test_lists_of_another_organisation_are_not_touched(trees: Trees, chika: Member) -> None:
    from lygte.care.intake.entities.models import EntityList

    trees.create()
    assert not EntityList.objects.filter(organisation=chika.organisation).exists()
