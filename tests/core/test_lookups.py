"""A look-up asks what its queryset would ask, and opens no other organisation."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from lygte.care.outreach.actions import create_place
from lygte.care.outreach.models import Place, Visit
from lygte.core.lookups import Lookup
from lygte.core.models import Member
from tests.conftest import make_member

PLACES = Lookup(
    lambda **named: Place.objects.filter(state="active", **named).select_related("organisation").order_by("code_name"),
    organisation=(-1, -2),
    kind=("a?", "b?"),
)
EVERYWHERE = Lookup(lambda **named: Place.objects.filter(**named), kind=("a?", "b?"))
UNTOLD = Lookup(lambda **named: Place.objects.filter(**named).only("kind"), kind=("a?", "b?"))
ON_A_DAY = Lookup(lambda **named: Visit.objects.filter(**named), day=(date(1, 1, 1), date(1, 1, 2)))


@pytest.fixture
def bogdan(db: None) -> Member:
    return make_member("bogdan")


def place(member: Member, name: str, *, kind: str = "clinic", state: str = "active") -> Place:
    with scope(organisation=member.organisation):
        new = create_place(member=member, code_name=name, kind=kind, area="DK-607", languages=["th"])
        Place.objects.filter(pk=new.pk).update(state=state)
        return new


def test_it_finds_what_the_queryset_finds(bogdan: Member) -> None:
    for name, kind, state in (
        ("heron", "clinic", "active"),
        ("egret", "clinic", "active"),
        ("stork", "street", "active"),
    ):
        place(bogdan, name, kind=kind, state=state)
    place(bogdan, "crane", state="closed")
    for _once_more in range(2):  # the second time the SQL is there already
        with scope(organisation=bogdan.organisation), CaptureQueriesContext(connection) as asked:
            found = PLACES.rows(organisation=bogdan.organisation_id, kind="clinic")
            assert [one.code_name for one in found] == ["egret", "heron"]
            assert found[0].organisation.name == bogdan.organisation.name
            assert found == list(Place.objects.filter(state="active", kind="clinic").order_by("code_name"))
        assert len(asked) == 2
    with scope(organisation=bogdan.organisation):
        assert PLACES.one(organisation=bogdan.organisation_id, kind="street") == Place.objects.get(code_name="stork")
        assert PLACES.one(organisation=bogdan.organisation_id, kind="massage") is None
        assert ON_A_DAY.rows(day=date(2026, 11, 29)) == []


@pytest.mark.parametrize("hostile", ["a?", "b?", "clinic' OR 1=1 --", "%s", "%%", ""])
def test_a_value_stays_a_value(bogdan: Member, hostile: str) -> None:
    place(bogdan, "heron")
    with scope(organisation=bogdan.organisation):
        assert PLACES.rows(organisation=bogdan.organisation_id, kind=hostile) == []


def test_a_look_up_that_leaves_the_organisation_open_opens_none(bogdan: Member) -> None:
    chika = make_member("chika")
    assert chika.organisation_id != bogdan.organisation_id
    place(bogdan, "heron")
    place(chika, "egret")
    with scope(organisation=bogdan.organisation):
        assert [one.code_name for one in EVERYWHERE.rows(kind="clinic")] == ["heron"]
        assert PLACES.rows(organisation=chika.organisation_id, kind="clinic") == []
        with pytest.raises(TypeError, match="fetch the organisation"):
            UNTOLD.rows(kind="clinic")
    with pytest.raises(ScopeError):
        EVERYWHERE.rows(kind="clinic")
    with scopes_disabled():
        assert len(EVERYWHERE.rows(kind="clinic")) == 2


def test_a_look_up_is_asked_with_its_own_names(bogdan: Member) -> None:
    with scope(organisation=bogdan.organisation):
        with pytest.raises(TypeError, match="was asked with"):
            PLACES.rows(kind="clinic")
        with pytest.raises(TypeError, match="is no value"):
            Lookup(lambda **named: Place.objects.filter(kind="clinic"), area=("a", "b")).rows(area="x")
        with pytest.raises(TypeError, match="changes with"):
            Lookup(lambda **named: Place.objects.order_by(*named.values()), by=("kind", "area")).rows(by="kind")
