"""A few hundred of what `long.py` throws a hundred thousand of: never a traceback, never a status 500."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lygte.care.intake.models import Submission

from . import forge
from .range import UNFORESEEN, Range, converted

pytestmark = pytest.mark.django_db
NUMBER = 600 if connection.vendor == "sqlite" else 150
SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=NUMBER, **SETTINGS)
@given(rng=st.randoms(use_true_random=False))
def test_whatever_is_thrown_is_answered_below_500(rng: Random, target: Range) -> None:
    thing = forge.thing(rng)
    answer = target.throw(thing)
    assert not answer.bad, f"{thing.kind} {thing.method} {thing.path}?{thing.query}\n{answer.traceback}"


@settings(max_examples=150, **SETTINGS)
@given(rng=st.randoms(use_true_random=False))
def test_a_strange_workbook_is_a_form_or_a_list_of_faults(rng: Random) -> None:
    assert converted(forge.workbook(rng)) in (200, 413, 422, UNFORESEEN)


def test_much_of_what_is_thrown_gets_far(target: Range) -> None:
    """Noise proves little: some of it is stored, and some refused by every check on the way."""
    rng = Random(7)
    statuses = [target.throw(forge.submission(rng)).status for _ in range(150)]
    assert {201, 400} <= set(statuses)
    with scopes_disabled():
        assert Submission.objects.exists()


def test_strange_workbooks_are_truly_read() -> None:
    """A call of the converter that does not fit looks like a strange workbook, so some must become forms and some be told faults."""
    rng = Random(7)
    assert {200, 422} <= {converted(forge.workbook(rng)) for _ in range(60)}
