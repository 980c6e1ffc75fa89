"""Goals, steps, notes and the rest: written on the team with consent, changed without loss, removed for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases import actions, pages
from lygte.care.support.cases.models import Case, Goal, Name, Note, Reach, Situation, Step
from lygte.core.consent import gate
from lygte.core.consent.ledger import Said, withdraw_consent
from lygte.core.consent.models import Seat
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import make_case

Clients = Callable[[Member], Client]


def refused(number: str, do: Callable[[], object]) -> None:
    with pytest.raises(Problem) as problem:
        do()
    assert problem.value.number == number


def test_goals_stand_in_the_persons_words_and_steps_under_them(amina: Member, a_case: Case) -> None:
    goal = actions.add_goal(member=amina, person=a_case.person, words="My own key", life_area="home")
    actions.add_step(member=amina, person=a_case.person, what="Call together", goal=goal, doer="together")
    actions.add_step(member=amina, person=a_case.person, what="Find an interpreter")
    hub = pages.hub(amina, a_case)
    assert [(g.words, [s.what for s in g.steps]) for g in hub.goals] == [("My own key", ["Call together"])]
    assert [s.what for s in hub.loose] == ["Find an interpreter"]
    assert hub.asked == "A room of my own" and hub.frame.title == "Mali"


def test_what_was_said_stands_nowhere_in_the_open(amina: Member, a_case: Case) -> None:
    goal = actions.add_goal(member=amina, person=a_case.person, words="Harbour", life_area="papers")
    row = Goal.objects.filter(pk=goal.pk).values().get()
    assert "Harbour" not in str(row) and "papers" not in str(row)


def test_a_goal_is_reached_and_worked_on_again(amina: Member, a_case: Case) -> None:
    goal = actions.add_goal(member=amina, person=a_case.person, words="My own key")
    actions.set_goal_state(member=amina, goal=goal, state="reached")
    goal.refresh_from_db()
    assert goal.state == "reached" and goal.ended_on == timezone.localdate()
    actions.set_goal_state(member=amina, goal=goal, state="open")
    goal.refresh_from_db()
    assert goal.ended_on is None
    refused("422.500", lambda: actions.set_goal_state(member=amina, goal=goal, state="failed"))


def test_a_colleague_off_the_team_writes_nothing(amina: Member, bogdan: Member, a_case: Case) -> None:
    goal = actions.add_goal(member=amina, person=a_case.person, words="My own key")
    refused("403.11", lambda: actions.add_note(member=bogdan, person=a_case.person, text="x"))
    refused("403.11", lambda: actions.set_goal_state(member=bogdan, goal=goal, state="reached"))
    refused("403.11", lambda: actions.add_step(member=bogdan, person=a_case.person, what="x"))
    refused("403.11", lambda: actions.change_goal(member=bogdan, goal=goal, words="x"))
    refused("403.11", lambda: actions.remove_record(member=bogdan, record=goal))


def test_another_organisations_member_gets_404(chika: Member, a_case: Case) -> None:
    refused("404.1", lambda: actions.add_note(member=chika, person=a_case.person, text="x"))
    refused("404.1", lambda: actions.close_case(member=chika, case=a_case, ending="moved"))


def test_without_consent_to_a_group_nothing_of_it_is_written(amina: Member) -> None:
    person = make_case(amina, ["goals"]).person
    today = timezone.localdate()
    refused("403.10", lambda: actions.add_note(member=amina, person=person, text="x"))
    refused("403.10", lambda: actions.write_about(member=amina, person=person, kind=Name, values={"called": "x"}))
    refused(
        "403.10", lambda: actions.add_deadline(member=amina, person=person, kind="appeal", starts_on=today, due=today)
    )
    refused(
        "403.10",
        lambda: actions.add_measure(member=amina, person=person, instrument="who5", answers={"calm": 1}),
    )


def test_after_a_withdrawal_a_goal_can_neither_be_read_nor_moved(amina: Member, a_case: Case) -> None:
    goal = actions.add_goal(member=amina, person=a_case.person, words="My own key")
    withdraw_consent(member=amina, person=a_case.person, said=Said("en"), groups=["goals"])
    refused("403.10", lambda: actions.set_goal_state(member=amina, goal=goal, state="reached"))
    hub = pages.hub(amina, a_case)
    assert hub.asked == "" and all(g.shut and not g.words for g in hub.goals)


def test_a_closed_case_takes_nothing_new_until_it_is_opened_again(amina: Member, a_case: Case) -> None:
    actions.close_case(member=amina, case=a_case, ending="moved")
    refused("409.500", lambda: actions.add_note(member=amina, person=a_case.person, text="x"))
    refused("409.500", lambda: actions.close_case(member=amina, case=a_case, ending="moved"))
    actions.reopen_case(member=amina, case=a_case)
    assert actions.add_note(member=amina, person=a_case.person, text="x").pk
    refused("409.501", lambda: actions.reopen_case(member=amina, case=a_case))


def test_a_second_look_is_anothers_and_a_coordinators(amina: Member, bogdan: Member, a_case: Case) -> None:
    refused("409.501", lambda: actions.look_at_closing(member=bogdan, case=a_case))
    actions.close_case(member=amina, case=a_case, ending="goals")
    refused("403.500", lambda: actions.look_at_closing(member=amina, case=a_case))
    assert actions.look_at_closing(member=bogdan, case=a_case).looked_at_by == bogdan
    refused("409.502", lambda: actions.look_at_closing(member=bogdan, case=a_case))


def test_a_step_is_for_somebody_of_the_team(amina: Member, bogdan: Member, a_case: Case) -> None:
    refused("422.500", lambda: actions.add_step(member=amina, person=a_case.person, what="x", colleague=bogdan))
    Seat.objects.create(person=a_case.person, member=bogdan, since=timezone.localdate())
    step = actions.add_step(member=amina, person=a_case.person, what="x", colleague=bogdan)
    assert step.member == bogdan


def test_the_first_step_done_is_remembered_for_the_waiting_days(amina: Member, a_case: Case) -> None:
    step = actions.add_step(member=amina, person=a_case.person, what="First talk")
    actions.set_step_state(member=amina, step=step, state="done")
    a_case.refresh_from_db()
    assert a_case.first_step_on == timezone.localdate()
    actions.set_step_state(member=amina, step=step, state="open")
    a_case.refresh_from_db()
    assert a_case.first_step_on is None


def test_a_personal_number_is_kept_nowhere(amina: Member, a_case: Case) -> None:
    for do in (
        lambda: actions.add_note(member=amina, person=a_case.person, text="cpr 010190-1234"),
        lambda: actions.add_goal(member=amina, person=a_case.person, words="BSN 123456782"),
        lambda: actions.write_about(member=amina, person=a_case.person, kind=Situation, values={"home": "010190-1234"}),
    ):
        refused("422.10", do)


def test_a_telephone_number_has_its_place(amina: Member, a_case: Case) -> None:
    reach = actions.write_about(member=amina, person=a_case.person, kind=Reach, values={"phone": "+31 6 12345678"})
    assert gate.read(member=amina, records=[reach]).get(reach) == {"phone": "+31 6 12345678"}


def test_what_is_removed_is_gone_and_a_case_cannot_be(amina: Member, a_case: Case) -> None:
    note = actions.add_note(member=amina, person=a_case.person, text="x")
    actions.remove_record(member=amina, record=note)
    assert not Note.objects.exists()
    refused("404.1", lambda: actions.remove_record(member=amina, record=a_case))


def test_three_phases_of_equal_length_one_after_the_other(amina: Member, a_case: Case) -> None:
    from datetime import date

    from lygte.care.support.cases.models import Phase
    from lygte.care.support.cases.rules import phases_of

    assert phases_of(date(2026, 1, 31)) == [
        (date(2026, 1, 31), date(2026, 4, 29)),
        (date(2026, 4, 30), date(2026, 7, 30)),
        (date(2026, 7, 31), date(2026, 10, 30)),
    ]
    actions.start_phases(member=amina, person=a_case.person, starts_on=timezone.localdate())
    first = Phase.objects.select_related("person").get(number=1)
    changed = actions.change_phase(
        member=amina, phase=first, plan="Often", handover="Her sister", starts_on=first.starts_on, ends_on=first.ends_on
    )
    assert gate.read(member=amina, records=[changed]).get(changed) == {"plan": "Often", "handover": "Her sister"}
    refused(
        "422.501",
        lambda: actions.change_phase(
            member=amina, phase=first, plan="", handover="", starts_on=first.starts_on, ends_on=first.starts_on
        ),
    )


# Two people at once -------------------------------------------------------------------------------------------------------
def test_who_was_slower_is_told_and_nothing_is_written_over(amina: Member, a_case: Case) -> None:
    note = actions.add_note(member=amina, person=a_case.person, text="first")
    before = note.version
    actions.change_note(member=amina, note=note, text="quicker", day=note.day, based_on=before)
    refused(
        "409.11", lambda: actions.change_note(member=amina, note=note, text="slower", day=note.day, based_on=before)
    )
    now = Note.objects.select_related("person").get()
    assert gate.read(member=amina, records=[now]).get(now) == {"text": "quicker"}


def test_the_page_shows_both_versions_and_keeps_what_is_chosen(amina: Member, a_case: Case, client_of: Clients) -> None:
    note = actions.add_note(member=amina, person=a_case.person, text="first")
    client, url = client_of(amina), reverse("cases:record", args=["note", note.ref])
    day, based_on = note.day.isoformat(), note.version
    actions.change_note(member=amina, note=note, text="quicker", day=note.day)
    mine = {"text": "slower", "day": day, "based_on": based_on}
    both = client.post(url, mine)
    page = both.content.decode()
    assert both.status_code == 409 and "quicker" in page and "slower" in page and "409.11" in page
    assert 'name="pick_text"' in page and 'name="pick_day"' not in page
    current = Note.objects.select_related("person").get()

    def text() -> str:
        now = Note.objects.select_related("person").get()
        return str(gate.read(member=amina, records=[now]).get(now)["text"])

    chosen = {"text": "slower", "day": day, "based_on": current.version, "pick_text": "now"}
    assert client.post(url, chosen).status_code == 302 and text() == "quicker"
    chosen = {"text": "slower", "day": day, "based_on": current.version + 1, "pick_text": "mine"}
    assert client.post(url, chosen).status_code == 302 and text() == "slower"


TODAY = timezone.localdate().isoformat()
LATER = (timezone.localdate() + timedelta(days=25)).isoformat()


# Pages ------------------------------------------------------------------------------------------------------------------
NEW = {
    "goal": {"words": "My own key", "life_area": "home"},
    "step": {"what": "Call", "doer": "worker", "due": "", "goal": "", "colleague": ""},
    "note": {"text": "Tea", "day": TODAY},
    "measure": {"day": TODAY, "spirits": "3"},
    "phase": {"starts_on": TODAY, "months": "9"},
    "deadline": {"kind": "reflection_dk", "starts_on": TODAY, "due": "", "about": ""},
    "identification": {"state": "declined", "day": TODAY, "by": "", "remark": ""},
    "situation": {"home": "A room at work"},
    "health": {"needs": "A dentist"},
}


@pytest.mark.parametrize("kind", NEW)
def test_each_kind_is_added_and_changed_on_its_page(kind: str, amina: Member, client_of: Clients) -> None:
    from lygte.care.support.cases.kinds import KINDS

    case, client = make_case(amina), client_of(amina)
    url = reverse("cases:new", args=[case.ref, kind])
    assert client.get(url).status_code == 200
    assert client.post(url, NEW[kind]).status_code == 302
    record = KINDS[kind].model._default_manager.filter(person=case.person).order_by("pk").first()
    change = reverse("cases:record", args=[kind, record.ref])
    assert client.get(change).status_code == 200
    again = {**NEW[kind], "based_on": record.version}
    if kind == "phase":
        again |= {"plan": "Often", "handover": "", "ends_on": LATER}
    if kind == "deadline":
        again |= {"due": LATER}
    answer = client.post(change, again)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    record.refresh_from_db()
    assert record.version >= 1


@pytest.mark.parametrize("tab", ["case", "notes", "about", "measures", "dates"])
def test_a_page_of_which_nothing_was_agreed_is_calm(tab: str, amina: Member, client_of: Clients) -> None:
    case = make_case(amina, ["account"])
    page = client_of(amina).get(reverse(f"cases:{tab}", args=[case.ref]))
    assert page.status_code == 200 and "Not agreed" in page.content.decode()


def test_a_form_that_could_not_be_kept_is_not_offered(amina: Member, client_of: Clients) -> None:
    case, client = make_case(amina, ["notes"]), client_of(amina)
    assert client.get(reverse("cases:new", args=[case.ref, "goal"])).status_code == 403
    assert client.get(reverse("cases:new", args=[case.ref, "note"])).status_code == 200
    assert client.get(reverse("cases:new", args=[case.ref, "nonsense"])).status_code == 404


def test_a_colleague_off_the_team_sees_a_code_and_nothing_else(
    amina: Member, bogdan: Member, a_case: Case, client_of: Clients
) -> None:
    actions.add_note(member=amina, person=a_case.person, text="Tea by the harbour")
    day = timezone.localdate() + timedelta(days=3)
    actions.add_step(member=amina, person=a_case.person, what="Call", due=day)
    actions.add_deadline(member=amina, person=a_case.person, kind="appeal", starts_on=day, due=day)
    for tab in ("case", "notes", "about", "measures", "dates"):
        page = client_of(bogdan).get(reverse(f"cases:{tab}", args=[a_case.ref])).content.decode()
        assert a_case.person.code in page and "You are not on the team" in page
        assert "Mali" not in page and "harbour" not in page and "A room of my own" not in page
        assert "Only the team sees this" in page and day.strftime("%A") not in page and "What is due" not in page


def test_while_the_session_is_locked_the_case_says_how_to_open_it(
    amina: Member, a_case: Case, signed_in: Clients
) -> None:
    assert signed_in(amina).get(reverse("cases:case", args=[a_case.ref])).status_code == 423


def test_a_step_done_by_mistake_is_undone_by_its_message(amina: Member, a_case: Case, client_of: Clients) -> None:
    step = actions.add_step(member=amina, person=a_case.person, what="Call")
    client = client_of(amina)
    url = reverse("cases:step_state", args=[step.ref])
    answer = client.post(url, {"state": "done"}, follow=True)
    assert f"{url}?state=open" in answer.content.decode()
    client.post(f"{url}?state=open")
    assert Step.objects.get().state == "open"


def test_one_look_at_a_page_is_one_line_for_the_person(amina: Member, a_case: Case, client_of: Clients) -> None:
    from lygte.core.consent.models import Seen

    for number in range(4):
        actions.add_note(
            member=amina, person=a_case.person, text=f"{number}", day=timezone.localdate() - timedelta(number)
        )
    before = Seen.objects.filter(person=a_case.person.ref).count()
    client_of(amina).get(reverse("cases:case", args=[a_case.ref]))
    assert Seen.objects.filter(person=a_case.person.ref).count() == before + 1
    line = Seen.objects.filter(person=a_case.person.ref).first()
    assert line is not None and line.member == amina and set(line.groups) == {"identity", "goals", "notes", "contact"}


def test_two_who_write_down_a_name_at_once_see_both_and_neither_is_written_over(
    amina: Member, client_of: Callable[[Member], Client]
) -> None:
    case, client = make_case(amina), client_of(amina)
    url = reverse("cases:new", args=[case.ref, "name"])
    assert client.post(url, {"called": "Mali"}).status_code == 302
    late = client.post(url, {"called": "Malee"})
    assert late.status_code == 409 and "Malee" in late.content.decode() and "Mali" in late.content.decode()
    name = Name.objects.select_related("person").get(person=case.person)
    assert gate.read(member=amina, records=[name]).get(name)["called"] == "Mali"
