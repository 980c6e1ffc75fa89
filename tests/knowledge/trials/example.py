"""A registered trial with a made-up result, for walks over every page: the figures are never worked out here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from lygte.core.models import Member
from lygte.knowledge.trials.content import compose, prepare
from lygte.knowledge.trials.freezing import freeze, keep_result
from lygte.knowledge.trials.models import Part, Result, Trial
from lygte.knowledge.trials.plan import Outcome, Plan, measure_of

from ...conftest import make_member


def issued_result(researcher: Member) -> Result:
    """Return a result in which nothing was counted, so that nothing had to be worked out."""
    found = Result.objects.filter(trial__title="Tea or leaflet").first()
    if found:
        return found
    trial = _registered(researcher, "Tea or leaflet", date(2025, 3, 3))
    nothing = {"effects": [], "carry_over": [], "shuffled": [], "cannot": "nothing"}
    content = compose(prepare(trial), {"outcomes": [nothing], "made_with": {"statsmodels": "0"}})
    return keep_result(trial, member=None, content=content, at=timezone.now())


def running_trial(owner: Member) -> Trial:
    """Return a trial of the member's organisation whose schedule teams follow today."""
    found = Trial.objects.filter(organisation=owner.organisation, title="Tea today").first()
    return found or _registered(owner, "Tea today", timezone.localdate() - timedelta(days=8))


def _registered(owner: Member, title: str, about: date) -> Trial:
    """Register a trial of eight weeks that begins on the Monday of a week."""
    first_day = about - timedelta(days=about.weekday())
    plan = Plan(
        question="Do more people talk with us when we begin with tea?",
        arms=("Leaflet first", "Tea first"),
        first_day=first_day,
        periods=8,
        outcomes=(Outcome(measure_of("people_spoken_to"), measure_of("visit")),),
    )
    organisation = owner.organisation
    trial = Trial.objects.create(
        organisation=organisation, country=organisation.country, title=title, draft=plan.as_json()
    )
    team = make_member("bogdan").organisation
    Part.objects.create(trial=trial, organisation=team, areas=["DK-461"], state=Part.State.AGREED)
    before = datetime.combine(first_day - timedelta(days=1), time(12))
    freeze(trial, member=None, at=timezone.make_aware(before), seed="0" * 32)
    return trial
