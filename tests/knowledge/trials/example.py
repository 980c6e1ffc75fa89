"""A registered trial with a made-up result, for walks over every page: the figures are never worked out here."""

from __future__ import annotations

from datetime import date, datetime

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
    plan = Plan(
        question="Do more people talk with us when we begin with tea?",
        arms=("Leaflet first", "Tea first"),
        first_day=date(2025, 3, 3),
        periods=8,
        outcomes=(Outcome(measure_of("people_spoken_to"), measure_of("visit")),),
    )
    organisation = researcher.organisation
    trial = Trial.objects.create(
        organisation=organisation, country=organisation.country, title="Tea or leaflet", draft=plan.as_json()
    )
    team = make_member("bogdan").organisation
    Part.objects.create(trial=trial, organisation=team, areas=["DK-461"], state=Part.State.AGREED)
    freeze(trial, member=None, at=timezone.make_aware(datetime(2025, 3, 2, 12)), seed="0" * 32)
    nothing = {"effects": [], "carry_over": [], "shuffled": [], "cannot": "nothing"}
    content = compose(prepare(trial), {"outcomes": [nothing], "made_with": {"statsmodels": "0"}})
    return keep_result(trial, member=None, content=content, at=timezone.now())
