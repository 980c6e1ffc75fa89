"""Recording a visit in the browser: the same rules and the same way as from a phone, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lygte.care.intake.models import Submission
from lygte.care.outreach.forms import MOST_PLACES_TO_CHOOSE
from lygte.care.outreach.handover import bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.core.models import Member

from .conftest import spoke

SignedIn = Callable[[Member], Client]
RECORD = reverse("outreach:visit_record")


def test_the_page_asks_for_counts_with_today_and_the_place_filled_in(
    amina: Member, heron: Place, otter: Place, signed_in: SignedIn, today: Any
) -> None:
    response = signed_in(amina).get(RECORD, {"place": heron.short_code.lower()})
    html = response.content.decode()
    assert response.status_code == 200
    assert f'value="{heron.short_code}" selected' in html
    assert f'value="{today.isoformat()}"' in html
    assert "Quiet Otter" not in html
    assert "<textarea" not in html
    assert "style=" not in html.partition("<main")[2]


@pytest.mark.parametrize("outsider", ["dorte", "emil", "freja", "gitte", "hugo", "henk"])
def test_who_does_no_field_work_records_nothing(
    everyone: dict[str, Member],
    outsider: str,
    heron: Place,
    form_published: None,
    signed_in: SignedIn,
    everywhere: None,
) -> None:
    assert signed_in(everyone[outsider]).post(RECORD, spoke(heron)).status_code == 403
    assert Visit.objects.count() == 0
    assert signed_in(everyone["amina"]).post(RECORD, spoke(heron)).status_code == 302
    assert Visit.objects.count() == 1


def test_a_visit_goes_through_intake_and_can_be_undone(
    amina: Member, heron: Place, form_published: None, signed_in: SignedIn, everywhere: None
) -> None:
    client = signed_in(amina)
    response = client.post(RECORD, spoke(heron), follow=True)
    visit, submission = Visit.objects.get(), Submission.objects.get()
    assert visit.submission == submission.ref
    assert submission.state == Submission.State.TAKEN
    assert b"<language_page><languages>en th</languages>" in bytes(submission.xml)
    assert (visit.spoken_to, visit.counts["language"]) == (3, {"th": 2, "en": 3})
    undo = reverse("outreach:visit_withdraw", args=[visit.ref]) + "?reason=mistake"
    assert undo in response.content.decode()
    assert client.post(undo).status_code == 302
    visit.refresh_from_db()
    assert visit.withdrawn_reason == "mistake"


def test_a_door_that_stayed_shut_is_four_answers(
    amina: Member, heron: Place, form_published: None, signed_in: SignedIn, today: Any, everywhere: None
) -> None:
    answers = {"place": heron.short_code, "day": today.isoformat(), "outcome": "not_opened", "part_of_day": "night"}
    assert signed_in(amina).post(RECORD, answers).status_code == 302
    assert Visit.objects.get().outcome == "not_opened"


def test_zeros_in_counters_are_nothing_counted(
    amina: Member, heron: Place, form_published: None, signed_in: SignedIn, everywhere: None
) -> None:
    zeros = {"gender_man": "0", "language_ro": "0", "health_referral": "0", "leaflet_ro": "0", "new": "0"}
    assert signed_in(amina).post(RECORD, spoke(heron, **zeros)).status_code == 302
    assert "man" not in Visit.objects.get().counts["gender"]


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"spoken_to": "5"}, "spoken_to", "More people were spoken to (5) than were present (4)."),
        ({"gender_man": "3"}, "gender_woman", "Gender: the counts add up to 6"),
        ({"place": ""}, "place", "“Place” has no answer."),
        ({"outcome": ""}, "outcome", "“What happened?” has no answer."),
        ({"day": "2999-01-01"}, "day", "has not come yet"),
        ({"minutes": "soon"}, "minutes", "Minutes on site: a whole number from 0 to 720 is needed."),
        ({"language_zh": "4"}, "language_zh", "Languages: Chinese: 4 people speak it"),
        ({"place": "\x00'--"}, "place", "No active place of your organisation has the short code ?."),
        ({"place": "ZZZ9"}, "place", "No active place of your organisation has the short code ZZZ9."),
    ],
)
def test_a_fault_is_told_beside_its_question_and_nothing_is_lost(
    amina: Member,
    heron: Place,
    form_published: None,
    signed_in: SignedIn,
    everywhere: None,
    changed: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    client = signed_in(amina)
    answers = spoke(heron, **changed)
    response = client.post(RECORD, answers)
    assert response.status_code == 400
    assert any(sentence in error for error in response.context["form"].errors[field])
    html = response.content.decode()
    kept = {name: value for name, value in answers.items() if name.startswith(("health_", "leaflet_")) or name == "new"}
    for name, value in kept.items():
        assert f'name="{name}" value="{value}"' in html
    assert (Visit.objects.count(), Submission.objects.count()) == (0, 0)
    assert client.post(RECORD, spoke(heron)).status_code == 302


def test_the_languages_of_the_place_come_before_more_languages(
    amina: Member, heron: Place, signed_in: SignedIn, everywhere: None
) -> None:
    Place.objects.update(languages=["vi"])
    client = signed_in(amina)
    chosen = client.get(RECORD, {"place": heron.short_code}).context["form"]
    assert "language_vi" in {field.name for field in chosen.languages_near()}
    other = client.get(RECORD).context["form"]
    assert "language_vi" in {field.name for field in other.languages_far()}
    for form in (chosen, other):
        assert len(form.languages_near()) + len(form.languages_far()) == len(form.leaflets_near() + form.leaflets_far())


def test_with_very_many_places_the_short_code_is_typed(
    amina: Member, heron: Place, form_published: None, signed_in: SignedIn, everywhere: None
) -> None:
    names = (f"Bird {a}{b}{c}" for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh")
    rows = [{"code_name": next(names), "kind": "street", "area": "DK-101"} for _ in range(MOST_PLACES_TO_CHOOSE)]
    bulk_places(amina.organisation, rows)
    client = signed_in(amina)
    html = client.get(RECORD).content.decode()
    assert "<option" not in html.partition('name="place"')[2][:200]
    assert client.post(RECORD, spoke(heron, place=heron.short_code.lower())).status_code == 302
    assert Visit.objects.get().place == heron


def test_without_a_place_the_page_says_what_to_do_first(amina: Member, signed_in: SignedIn) -> None:
    assert reverse("outreach:place_create") in signed_in(amina).get(RECORD).content.decode().partition("<main")[2]


def test_without_the_form_the_page_says_so_and_nothing_is_recorded(
    amina: Member, heron: Place, signed_in: SignedIn, everywhere: None
) -> None:
    response = signed_in(amina).post(RECORD, spoke(heron))
    assert response.status_code == 404
    assert Visit.objects.count() == 0
