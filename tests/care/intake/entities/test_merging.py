"""Changes made without a signal, in whatever order they come: one end, and nothing silently overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lygte.care.intake.entities.actions import decide
from lygte.care.intake.entities.backlog import force_backlog
from lygte.care.intake.entities.models import Contest, Entity, Held
from lygte.care.intake.entities.reads import contested, history
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import Trees, new_uuid, tree_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def chain(branch: str, steps: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """A create and its updates, made on one phone without a signal, in the order in which they were made."""
    made: list[dict[str, Any]] = [{"create": True, "label": "Oak", "species": "oak"}]
    for number, step in enumerate(steps, start=1):
        made.append({"base": number, "branch": branch, **step})
    return made


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_create_and_two_updates_end_alike_in_all_six_orders(trees: Trees, order: tuple[int, ...]) -> None:
    forms = chain(new_uuid(), [{"state": "sick"}, {"state": "felled", "label": "Old oak"}])
    for place in order:
        trees.send(tree_form(trees.uuid, **forms[place]))
    entity = trees.entity
    assert entity.values == {"label": "Old oak", "species": "oak", "state": "felled"}
    assert (entity.version, entity.conflict, entity.label) == (3, "", "Old oak")
    assert [version.values.get("state") for version in entity.versions.order_by("number")] == [None, "sick", "felled"]
    assert not Held.objects.exists()


class _Undo(Exception):
    """Ends an example; what it wrote is rolled back."""


STEP = st.dictionaries(st.sampled_from(["species", "state"]), st.sampled_from(["a", "b", "c"]), min_size=1)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_longer_chain_ends_alike_in_any_order(trees: Trees, data: st.DataObject) -> None:
    steps = data.draw(st.lists(STEP, min_size=2, max_size=5))
    forms = chain(new_uuid(), steps)
    with pytest.raises(_Undo), transaction.atomic():
        for form in data.draw(st.permutations(forms)):
            trees.send(tree_form(trees.uuid, **form))
        wanted = {"label": "Oak", "species": "oak"}
        for step in steps:
            wanted |= step
        entity = trees.entity
        assert (entity.values, entity.version, entity.conflict) == (wanted, len(forms), "")
        assert not Held.objects.exists()
        raise _Undo


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 3, 0, 1), (0, 2, 1, 3), (3, 1, 2, 0), (1, 0, 3, 2)])
def test_two_phones_that_change_different_things_both_get_in(
    trees: Trees, bogdan: Member, order: tuple[int, ...]
) -> None:
    trees.create()
    mine, other = new_uuid(), new_uuid()
    forms = [
        (trees.member, {"base": 1, "trunk": 1, "branch": mine, "state": "sick"}),
        (trees.member, {"base": 2, "trunk": 1, "branch": mine, "state": "felled"}),
        (bogdan, {"base": 1, "trunk": 1, "branch": other, "species": "elm"}),
        (bogdan, {"base": 2, "trunk": 1, "branch": other, "species": "ash"}),
    ]
    for place in order:
        by, form = forms[place]
        trees.update(by, **form)
    entity = trees.entity
    assert entity.values == {"label": "Oak", "species": "ash", "state": "felled"}
    assert (entity.version, entity.conflict) == (5, "soft")
    assert not Contest.objects.exists()


@pytest.mark.parametrize("bogdan_first", [True, False])
def test_two_who_change_the_same_are_both_kept_until_somebody_decides(
    trees: Trees, bogdan: Member, bogdan_first: bool
) -> None:
    trees.create()
    sent = [(trees.member, "sick"), (bogdan, "felled")]
    for by, state in reversed(sent) if bogdan_first else sent:
        trees.update(by, base=1, state=state)
    entity = trees.entity
    (met,) = contested(entity)
    assert entity.conflict == "hard"
    assert met.name == "state"
    assert {(value.value, value.by) for value in met.values} == {
        ("sick", trees.member.user.name),
        ("felled", bogdan.user.name),
    }
    assert met.values[0].value == entity.values["state"] == ("felled" if bogdan_first else "sick")

    with pytest.raises(Problem, match=r"409\.441"):
        decide(member=bogdan, entity=entity, based_on=entity.version, choices={})
    with pytest.raises(Problem, match=r"409\.441"):
        decide(member=bogdan, entity=entity, based_on=entity.version - 1, choices={"state": ""})
    decide(member=bogdan, entity=entity, based_on=entity.version, choices={"state": met.values[1].ref})
    entity = trees.entity
    assert entity.values["state"] == met.values[1].value
    assert (entity.conflict, entity.version, contested(entity)) == ("", 4, [])
    assert history(entity)[0].fields == [("state", met.values[0].value, met.values[1].value)]


def test_a_branch_still_conflicts_after_somebody_else_wrote_in_between(trees: Trees, bogdan: Member) -> None:
    trees.create()
    branch = new_uuid()
    trees.update(bogdan, base=1, species="elm")
    trees.update(base=1, trunk=1, branch=branch, state="sick")
    decide(member=bogdan, entity=trees.entity, based_on=3, choices={})
    trees.update(base=2, trunk=1, branch=branch, state="felled")
    assert trees.entity.conflict == "soft"
    assert trees.entity.values["state"] == "felled"


def test_what_a_form_repeats_unchanged_wins_over_nothing(trees: Trees, bogdan: Member) -> None:
    trees.create(state="well")
    trees.update(bogdan, base=1, state="sick")
    trees.update(base=1, state="well", species="elm")
    assert trees.entity.values == {"label": "Oak", "species": "elm", "state": "sick"}
    assert trees.entity.conflict == "soft"


def test_an_update_that_waits_too_long_is_written_and_its_beginning_becomes_a_conflict(trees: Trees) -> None:
    branch = new_uuid()
    trees.update(base=2, branch=branch, label="Old oak", state="felled")
    trees.update(base=3, branch=branch, state="gone")
    assert not Entity.objects.exists()
    assert force_backlog() == 0
    long_ago = timezone.now() - timedelta(days=settings.LYGTE_ENTITY_BACKLOG_DAYS, minutes=1)
    Held.objects.filter(base=2).update(held_at=long_ago)
    assert force_backlog() == 1
    assert not Held.objects.exists()  # its successor follows it
    assert trees.entity.values == {"label": "Old oak", "state": "gone"}

    trees.create()
    entity = trees.entity
    assert entity.conflict == "hard"
    assert entity.values == {"label": "Old oak", "species": "oak", "state": "gone"}
    assert [(met.name, met.values[1].value) for met in contested(entity)] == [("label", "Oak")]
    assert trees.problem(trees.create()) == "409.439"  # once


def test_an_update_that_comes_after_its_successor_was_forced_overwrites_nothing(trees: Trees) -> None:
    trees.create()
    branch = new_uuid()
    trees.update(base=2, branch=branch, state="felled")
    Held.objects.update(held_at=timezone.now() - timedelta(days=99))
    force_backlog()
    trees.update(base=1, branch=branch, state="sick", species="elm")
    assert trees.entity.values["state"] == "felled"
    assert {met.name: met.values[1].value for met in contested(trees.entity)} == {"state": "sick", "species": "elm"}
