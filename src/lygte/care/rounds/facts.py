"""Which facts a round and a joint control give. Pure. A round gives facts when it is done, a control while it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from lygte.care.outreach.handover import PLACE_KINDS
from lygte.facts.ledger import Fact
from lygte.facts.register import Dimension, Kind

from . import codes
from .models import JointControl, Round, Stop

_PLACE_KIND = Dimension("place_kind", _("Kind of place"), PLACE_KINDS)

# None of these records holds a person who could be erased, so the facts stay.
KINDS = (
    Kind(
        name="round",
        label=_("Rounds"),
        definition=_(
            "Every round that was done counts once, in the municipality of its first place. A round that was called off "
            "does not count."
        ),
        unit=_("rounds"),
        on_erasure="keep",
    ),
    Kind(
        name="round_place",
        label=_("Places on rounds"),
        definition=_(
            "Every place on a round that was done, by whether somebody who went along recorded a visit there on that day."
        ),
        unit=_("places"),
        dimensions=(_PLACE_KIND, Dimension("result", _("Result"), codes.RESULTS)),
        on_erasure="keep",
    ),
    Kind(
        name="joint_control",
        label=_("Joint controls"),
        definition=_(
            "Controls that an authority led and where somebody of the organisation was present. They are no outreach: they "
            "never count as a visit, and nobody met there counts as a contact."
        ),
        unit=_("controls"),
        dimensions=(_PLACE_KIND, Dimension("led_by", _("Led by"), codes.AUTHORITIES)),
        on_erasure="keep",
    ),
)

Source = tuple[str, list[Fact]]


def sources_of(one: Round, stops: Iterable[Stop]) -> list[Source]:
    """Return the facts of a round by the record that gives them: the round itself, and each place on it."""
    listed = list(stops)
    if one.state != codes.DONE or not listed:
        return [(f"round:{one.ref}", []), *((f"round_place:{stop.ref}", []) for stop in listed)]
    whole = Fact(kind="round", day=one.day, area=listed[0].area, organisation_id=one.organisation_id, value=1)
    return [(f"round:{one.ref}", [whole]), *((f"round_place:{stop.ref}", [_of_stop(one, stop)]) for stop in listed)]


def _of_stop(one: Round, stop: Stop) -> Fact:
    return Fact(
        kind="round_place",
        day=one.day,
        area=stop.area,
        organisation_id=one.organisation_id,
        value=1,
        dimensions={"place_kind": stop.kind, "result": "reached" if stop.visit else "not_reached"},
    )


def source_of_control(control: JointControl) -> str:
    return f"joint_control:{control.ref}"


def facts_of_control(control: JointControl) -> list[Fact]:
    if control.withdrawn:
        return []
    return [
        Fact(
            kind="joint_control",
            day=control.day,
            area=control.area,
            organisation_id=control.organisation_id,
            value=1,
            dimensions={"place_kind": control.kind, "led_by": control.led_by},
        )
    ]


def facts_of_all() -> Iterator[Source]:
    """Return the facts of every round and joint control there is, for the rebuild of the ledger."""
    with scopes_disabled():
        for one in Round.objects.filter(state=codes.DONE).order_by("pk").prefetch_related("stops").iterator(500):
            yield from sources_of(one, one.stops.all())
        for control in JointControl.objects.filter(withdrawn=False).order_by("pk").iterator(500):
            yield source_of_control(control), facts_of_control(control)
