"""The invented people of the demo: they show refusals as well as goals, and every one of them is marked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.support.cases.models import Case, Deadline, Name, Step
from lygte.core.consent import gate
from lygte.core.consent.models import Consent
from lygte.core.models import Member
from lygte.core.personal_signs import signs
from lygte.demo.cases import PEOPLE
from lygte.demo.cast import MARK, account
from lygte.demo.keys import open_keyrings
from lygte.demo.seed import seed


@pytest.fixture(autouse=True)
def _everywhere() -> Iterator[None]:
    with scopes_disabled():
        yield


@pytest.mark.django_db
def test_a_dozen_people_of_four_organisations_with_steps_around_today() -> None:
    seed(visits=60)
    assert Case.objects.count() == len(PEOPLE) == 12
    assert Case.objects.values("organisation").distinct().count() == 4
    today = timezone.localdate()
    days = [(step.due - today).days for step in Step.objects.filter(state="open", due__isnull=False)]
    assert min(days) < 0 <= max(days) and 0 in days
    assert Deadline.objects.filter(ended_on=None).count() == 2
    assert Consent.objects.filter(kind="declined").exists()
    worker = Member.objects.select_related("organisation").get(user__email=account("worker").email)
    open_keyrings([worker])
    names = list(Name.objects.filter(organisation=worker.organisation).select_related("person"))
    opened = gate.read(member=worker, records=names)
    assert names and all(str(values["called"]).endswith(MARK) for values in opened.values.values())


def test_nobody_invented_has_a_number_of_somebody_real() -> None:
    """Numbers in what they told are of ranges that look invented; none stands in free text."""
    for one in PEOPLE:
        for text in (one.asked, *(words for _ago, words in one.notes), *(wish.words for wish in one.wishes)):
            assert not signs(text)
        phone = one.reach.get("phone", "")
        assert not phone or "0000" in phone.replace(" ", "")
