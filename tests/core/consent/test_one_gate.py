"""There is one gate. No module but those named here opens what is locked; no table keeps what a person said in the open."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CharField, EmailField, Field, JSONField, Model, TextField, URLField

import lygte
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.protection import every_field_of_a_person_has_a_reason, everything_kept, locked_models
from lygte.core.consent.retention import day_column, keep_of
from lygte.core.refs import RefField

ROOT = Path(lygte.__file__).parent
# What opens or locks content, or holds the key to it.
WAYS = {"locked", "open_values", "lock_values", "open_record", "put", "person_key", "person_keys", "new_person_key"}
BY_NAME = {"getattr", "values", "values_list"}

# Module: what it may touch. Reviewed: a line here is a second door, and says why it must be there.
REVIEWED: dict[str, set[str]] = {
    "core/consent/gate.py": WAYS,  # the gate itself
    "core/consent/glass.py": {"put", "open_record", "person_key"},  # the reason of an emergency, for who checks it
    "core/consent/persons.py": {"new_person_key"},  # a new person needs a key before there is anything to open
    "core/vault/keyring.py": {"person_keys"},  # where keys come from
    "core/merging/history.py": {"locked"},  # keeps an earlier box as it is; it is opened through the gate
    "care/support/door/accounts.py": {"put"},  # the person's own words, by the key on their slip
    "care/support/door/record.py": {"locked", "open_record"},  # the person's own door: their slip opens all of it
    "care/support/door/slips.py": {"person_keys"},  # wraps the person's key for the paper in their hand
    # Two people answer for what goes to an authority; the person's consent or a court's order is asked at each step.
    "care/support/referrals/actions/disclosures.py": {"locked", "open_record", "person_key", "put"},
    # What has left the house has a key of its own, which goes when the person withdraws.
    "care/support/referrals/packages.py": {"locked", "lock_values", "open_values"},
}


def touched(source: str) -> set[str]:
    """Return which of the ways a module uses, as attribute, name or import."""
    found: set[str] = set()
    tree = ast.parse(source)
    only_asked = {
        id(node.left)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
    }  # whether something is there at all opens nothing
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            other_put = node.attr == "put" and getattr(node.value, "id", "") != "gate"
            found |= {node.attr} - ({"locked"} if id(node) in only_asked else set()) - ({"put"} if other_put else set())
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in BY_NAME:
            found |= {str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)}
    return found & WAYS


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" not in name:
            yield name, path.read_text("utf-8")


def test_nothing_is_opened_but_through_the_gate_and_the_named_doors() -> None:
    second_doors = {name: extra for name, source in modules() if (extra := touched(source) - REVIEWED.get(name, set()))}
    assert second_doors == {}, "read through gate.read and write through gate.write"


def test_no_named_door_has_been_closed_and_forgotten() -> None:
    sources = dict(modules())
    stale = {
        name: ways - touched(sources.get(name, "")) for name, ways in REVIEWED.items() if name != "core/consent/gate.py"
    }
    assert not any(stale.values()), {name: ways for name, ways in stale.items() if ways}


@pytest.mark.parametrize(
    "planted",
    [
        "def page(record, key): return fields.open_values(key, record.box, b'', '')",
        "from lygte.core.consent.gate import open_record",
        "def page(note): return bytes(note.locked)",
        "def page(note): return getattr(note, 'locked')",
        "key = keyring_of(member).person_key(ref)",
    ],
)
def test_a_view_that_goes_around_the_gate_is_found(planted: str) -> None:
    assert touched(planted)


# Text in the open -----------------------------------------------------------------------------------------------------
# Codes, names of services and the like: reviewed one by one. What a person said never stands here.
OPEN_TEXT = Path(__file__).with_name("open_text.txt")
ROOMS = ("lygte.care.support", "lygte.core.consent", "lygte.core.merging")


def free_text(model: type[Model]) -> Iterator[Field]:
    """Yield columns that could hold words: no reference, no closed list of codes."""
    for field in model._meta.concrete_fields:
        wordy = isinstance(field, CharField | TextField | EmailField | URLField | JSONField)
        if wordy and not isinstance(field, RefField) and not field.choices and not field.is_relation:
            yield field


def about_persons(model: type[Model]) -> bool:
    module = model.__module__
    near = any(field.related_model is Person for field in model._meta.concrete_fields if field.is_relation)
    return issubclass(model, LockedModel) or near or module.startswith(ROOMS)


def open_text() -> list[str]:
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if about_persons(model)
        for field in free_text(model)
    )


def test_text_in_the_open_is_reviewed_column_by_column() -> None:
    assert open_text() == OPEN_TEXT.read_text().split(), (
        "lock it, give it choices, or review tests/core/consent/open_text.txt"
    )


# Everything has a reason and an end -----------------------------------------------------------------------------------
def test_every_table_that_names_a_person_says_why_it_keeps_what() -> None:
    declared = {model for model, _fields in everything_kept()}
    undeclared = [
        model._meta.label
        for model in apps.get_models()
        if model is not Person and about_persons(model) and model not in declared and _names_a_person(model)
    ]
    assert undeclared == []
    assert every_field_of_a_person_has_a_reason() == []


def _names_a_person(model: type[Model]) -> bool:
    return any(
        field.related_model is Person
        or (isinstance(field.related_model, type) and issubclass(field.related_model, LockedModel))
        for field in model._meta.concrete_fields
        if field.is_relation
    )


def test_every_locked_record_has_one_time_and_a_day_from_which_it_runs() -> None:
    found = {model._meta.label: (keep_of(model), day_column(model)) for model in locked_models()}
    assert len(found) > 5
