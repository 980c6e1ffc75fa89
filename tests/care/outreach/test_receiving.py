"""From a filled form to a visit: every fault on the server with its number, and phones see only their own places."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from django_scopes import scope

from lygte.care.intake.handover import Received, problem_of, submit_answers
from lygte.care.outreach.actions import close_place, receive_visit, record_visit
from lygte.care.outreach.handover import bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.care.outreach.reads import places_csv
from lygte.care.outreach.xlsforms.visit_form import FORM_ID, VERSION, nest
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.facts.models import Entry

from .conftest import spoke


def received(member: Member, answers: dict[str, Any], today: date) -> Received:
    return Received(
        ref=new_ref(),
        organisation=member.organisation,
        form_id=FORM_ID,
        version=VERSION,
        instance_id="uuid:1",
        answers=nest(answers),
        day=today,
        member=member,
    )


def test_a_filled_form_becomes_a_visit_with_its_counts(
    amina: Member, heron: Place, today: date, everywhere: None
) -> None:
    sent = received(amina, spoke(heron), today)
    receive_visit(sent)
    visit = Visit.objects.get()
    assert (visit.submission, visit.place, visit.recorded_by) == (sent.ref, heron, amina)
    assert (visit.day, visit.outcome, visit.part_of_day, visit.interpreter) == (today, "spoke", "evening", "phone")
    assert (visit.present, visit.spoken_to, visit.new, visit.refused) == (4, 3, 1, 1)
    assert (visit.minutes, visit.team_size, visit.announced) == (35, 2, False)
    assert visit.counts == {
        "gender": {"woman": 2, "trans": 1},
        "nationality_group": {"southeast_asia": 2},
        "language": {"th": 2, "en": 3},
        "health_item": {"condoms": 40, "sti_offered": 3, "sti_taken": 2},
        "leaflet": {"th": 2},
    }
    assert AuditEntry.objects.filter(verb="visit.record", subject=visit.ref).count() == 1


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"place": "ZZZ9"}, "422.201"),
        ({"place": ""}, "422.214"),
        ({"day": "last week"}, "422.202"),
        ({"day": "2999-01-01"}, "422.203"),
        ({"day": "1999-01-01"}, "422.204"),
        ({"minutes": "a while"}, "422.205"),
        ({"outcome": "raid"}, "422.206"),
        ({"present": "2"}, "422.207"),
        ({"new": "4"}, "422.208"),
        ({"gender_man": "1"}, "422.209"),
        ({"nationality_other": "2"}, "422.209"),
        ({"language_ro": "4"}, "422.210"),
        ({"health_sti_taken": "4"}, "422.211"),
        ({"spoken_to": "0", "new": "0"}, "422.213"),
    ],
)
def test_a_fault_is_numbered_and_nothing_is_recorded(
    amina: Member, heron: Place, today: date, everywhere: None, changed: dict[str, str], number: str
) -> None:
    logged = AuditEntry.objects.count()
    with pytest.raises(Problem) as refused:
        receive_visit(received(amina, spoke(heron, **changed), today))
    assert refused.value.number == number
    assert refused.value.sentence
    assert refused.value.next_step
    assert refused.value.at
    assert (Visit.objects.count(), Entry.objects.count(), AuditEntry.objects.count()) == (0, 0, logged)
    receive_visit(received(amina, spoke(heron), today))
    assert Visit.objects.count() == 1


def test_counts_without_a_conversation_are_refused_one_by_one(
    amina: Member, heron: Place, today: date, everywhere: None
) -> None:
    with pytest.raises(Problem) as refused:
        receive_visit(received(amina, spoke(heron, outcome="not_opened"), today))
    assert refused.value.number == "422.200"
    assert {part.number for part in refused.value.parts} == {"422.212"}
    assert len(refused.value.parts) == 8


def test_a_place_of_another_organisation_or_a_closed_one_takes_no_visit(
    amina: Member, heron: Place, otter: Place, today: date, everywhere: None
) -> None:
    with pytest.raises(Problem) as refused:
        receive_visit(received(amina, spoke(otter), today))
    assert refused.value.number == "422.201"
    receive_visit(received(amina, spoke(heron), today))
    close_place(member=amina, place=heron)
    with pytest.raises(Problem) as refused:
        receive_visit(received(amina, spoke(heron), today))
    assert refused.value.number == "422.201"


def test_who_does_no_field_work_cannot_have_a_visit_recorded(
    amina: Member, dorte: Member, heron: Place, everywhere: None
) -> None:
    with pytest.raises(Problem) as refused:
        record_visit(member=dorte, answers=spoke(heron))
    assert refused.value.number == "403.1"
    assert record_visit(member=amina, answers=spoke(heron)).place == heron


def test_how_old_a_visit_may_be_is_a_setting(
    amina: Member, heron: Place, today: date, settings: Any, everywhere: None
) -> None:
    old = spoke(heron, day=today - timedelta(days=500))
    with pytest.raises(Problem) as refused:
        record_visit(member=amina, answers=old)
    assert (refused.value.number, refused.value.details["days"]) == ("422.204", 400)
    settings.LYGTE_OLDEST_VISIT_DAYS = 500
    assert record_visit(member=amina, answers=old).day == today - timedelta(days=500)


def test_a_form_filled_in_goes_through_intake_and_its_fault_waits_for_a_person(
    amina: Member, heron: Place, form_published: None, everywhere: None
) -> None:
    right = submit_answers(member=amina, form_id=FORM_ID, answers=nest(spoke(heron)))
    assert Visit.objects.get().submission == right.ref
    wrong = submit_answers(member=amina, form_id=FORM_ID, answers=nest(spoke(heron, new="4")))
    assert (wrong.state, wrong.problem_number) == ("needs_look", "422.208")
    assert Visit.objects.count() == 1


# places.csv -----------------------------------------------------------------------------------------------------------
def listed(member: Member) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(places_csv(member.organisation).decode())))


def test_phones_get_the_active_places_of_their_own_organisation(
    amina: Member, chika: Member, heron: Place, otter: Place, visit_to: Callable[..., Visit]
) -> None:
    [shut] = bulk_places(
        amina.organisation, [{"code_name": "Grey Seal", "kind": "hotel", "area": "DK-101", "state": "closed"}]
    )
    assert listed(amina) == [{"name": heron.short_code, "label": f"Blue Heron · {heron.short_code} · Fredericia"}]
    assert listed(chika) == [{"name": otter.short_code, "label": f"Quiet Otter · {otter.short_code} · Den Haag"}]
    with scope(organisation=amina.organisation):
        Place.objects.filter(ref=shut.ref).update(state="active")
    assert [row["label"].split(" ·")[0] for row in listed(amina)] == ["Blue Heron", "Grey Seal"]


def test_an_organisation_without_places_gets_the_head_alone(amina: Member) -> None:
    assert places_csv(amina.organisation) == b"name,label\n"


def test_what_keeps_a_form_waiting_is_told_in_the_language_of_whoever_looks(
    amina: Member, heron: Place, form_published: None, today: date
) -> None:
    """Sent by a phone set to Dutch, looked at in Danish and English."""
    with scope(organisation=amina.organisation):
        with translation.override("nl"):
            sent = submit_answers(member=amina, form_id=FORM_ID, answers=nest(spoke(heron) | {"place": "Z9Z9"}))
        told = {}
        for language in ("da", "en"):
            with translation.override(language):
                problem = problem_of(sent)
                assert problem is not None
                told[language] = str(problem.at)
    assert told == {"da": "Sted", "en": "Place"}
