"""From a sign to a place of concern and back, through the pages; and who never hears of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

import lygte
from lygte.care.concern import actions, jobs, reads
from lygte.care.concern.models import Contest, NotedSign, Telling
from lygte.care.concern.rules import State
from lygte.care.outreach.actions import create_place
from lygte.care.outreach.models import Place
from lygte.care.support.referrals.openness import public_table
from lygte.core.access import CARE_PREFIXES, RULES, Verb
from lygte.core.audit import AuditEntry
from lygte.core.models import Kind, Member
from lygte.core.problems import Problem
from lygte.core.today import collect
from lygte.facts.models import Entry

SignedIn = Callable[[Member], Client]


@pytest.fixture
def heron(amina: Member) -> Place:
    with scope(organisation=amina.organisation):
        return create_place(member=amina, code_name="Blue Heron", kind="clinic", area="DK-607")


def note(member: Member, place: Place, **more: object) -> NotedSign:
    said = {"sign": "papers_held", "known": "seen", "sure": "sure", "day": timezone.localdate(), **more}
    with scope(organisation=member.organisation):
        return actions.note_sign(member=member, place=place.ref, **said)


def state(member: Member, place: Place, day: date | None = None) -> State:
    with scope(organisation=member.organisation):
        return reads.standing(member, place.ref, day).state


def titles(member: Member) -> list[str]:
    with scope(organisation=member.organisation):
        return [need.title for need in collect(member)]


def test_a_second_person_makes_it_a_place_of_concern_and_time_ends_it_by_itself(
    amina: Member, bogdan: Member, heron: Place, signed_in: SignedIn
) -> None:
    noted = note(amina, heron)
    assert state(amina, heron) is State.WAITING
    assert "1 place waits for a second look" in titles(bogdan)
    assert not any("second look" in title for title in titles(amina))  # her own is not hers to confirm
    assert "Nothing is noted yet" not in signed_in(bogdan).get(f"/concern/places/{heron.ref}/").content.decode()
    page = signed_in(bogdan).get(f"/concern/signs/{noted.ref}/look/").content.decode()
    assert "Nothing is noted yet" in page and "Your second look" in page
    assert (
        re.search(r'value="papers_held"[^>]*checked', page) and "Amina" in page and "We saw or heard it there" in page
    )
    said = {"sign": "papers_held", "known": "told_there", "sure": "rather", "day": timezone.localdate().isoformat()}
    assert signed_in(bogdan).post(f"/concern/places/{heron.ref}/", said).status_code == 302
    assert state(amina, heron) is State.CONCERN
    assert "Place of concern" in signed_in(amina).get(f"/places/{heron.ref}/").content.decode()
    listed = signed_in(amina).get("/concern/").content.decode()
    assert "Blue Heron" in listed and "Somebody else keeps people&#x27;s passports or papers" in listed
    later = timezone.localdate() + timedelta(days=91)
    assert state(amina, heron, later) is State.NONE  # at reading, whether or not the worker ran


def test_what_has_ended_is_deleted_by_the_schedule(amina: Member, bogdan: Member, heron: Place) -> None:
    old, new = note(amina, heron), note(bogdan, heron, sign="threats")
    with scopes_disabled():
        NotedSign.objects.filter(pk=old.pk).update(day=timezone.localdate() - timedelta(days=91))
    assert jobs.forget() == 1 and jobs.forget() == 0
    with scopes_disabled():
        assert list(NotedSign.objects.all()) == [new]


def test_who_notes_a_sign_is_told_what_it_does(
    amina: Member, bogdan: Member, heron: Place, signed_in: SignedIn
) -> None:
    page = f"/concern/places/{heron.ref}/"
    said = {"sign": "papers_held", "known": "seen", "sure": "sure", "day": timezone.localdate().isoformat()}

    def told(member: Member, **more: str) -> str:
        return signed_in(member).post(page, {**said, **more}, follow=True).content.decode()

    assert "it does not count" in told(amina, known="told_elsewhere", sign="no_rest")
    assert "Somebody else has to take a second look" in told(amina)
    assert "Two people have noticed it now" in told(bogdan)


def test_taking_back_and_objecting_undo_a_concern_and_can_be_undone(
    amina: Member, bogdan: Member, heron: Place, signed_in: SignedIn
) -> None:
    mine, yours = note(amina, heron), note(bogdan, heron)
    post = lambda who, what, **said: signed_in(who).post(f"/concern/signs/{what}/", said)  # noqa: E731
    assert post(bogdan, f"{mine.ref}/withdraw").status_code == 403 and state(amina, heron) is State.CONCERN
    assert post(amina, f"{mine.ref}/withdraw").status_code == 302 and state(amina, heron) is State.WAITING
    assert (
        "Take it back" not in signed_in(bogdan).get(f"/concern/places/{heron.ref}/").content.decode().split("Bogdan")[0]
    )
    assert post(amina, f"{mine.ref}/restore").status_code == 302 and state(amina, heron) is State.CONCERN
    assert post(amina, f"{yours.ref}/contest", reason="people_there", note="They showed us").status_code == 302
    assert state(amina, heron) is State.WAITING
    page = signed_in(bogdan).get(f"/concern/places/{heron.ref}/").content.decode()
    assert "Amina objects: The people there say that it is not so" in page and "They showed us" in page
    assert post(amina, f"{yours.ref}/uncontest").status_code == 302 and state(amina, heron) is State.CONCERN
    assert post(amina, f"{mine.ref}/contest", reason="mistaken").status_code == 400  # one's own is taken back


def test_words_that_point_at_a_person_are_warned_of_and_a_personal_number_is_never_kept(
    amina: Member, bogdan: Member, heron: Place, signed_in: SignedIn
) -> None:
    path = f"/concern/signs/{note(bogdan, heron).ref}/contest/"
    said = {"reason": "not_there", "note": "Ask her on +45 20 12 34 56"}
    page = signed_in(amina).post(path, said)
    assert page.status_code == 400 and "a telephone number" in page.content.decode()
    assert 'type="checkbox" name="looked"' in page.content.decode()
    with scopes_disabled():
        assert not Contest.objects.exists()
    assert signed_in(amina).post(path, said | {"looked": "on"}).status_code == 302
    cpr = {"reason": "not_there", "note": "She is 010190-1234", "looked": "on"}
    assert signed_in(amina).post(path, cpr).status_code == 400


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("422.680", {"sign": "tattoo"}),
        ("422.680", {"known": "guessed"}),
        ("422.681", {"day": timezone.localdate() + timedelta(days=1)}),
        ("422.681", {"day": timezone.localdate() - timedelta(days=91)}),
    ],
)
def test_what_is_on_no_list_or_of_no_possible_day_is_refused(
    amina: Member, heron: Place, number: str, said: dict[str, object]
) -> None:
    with pytest.raises(Problem, match=number.replace(".", r"\.")):
        note(amina, heron, **said)


def test_the_same_sign_of_the_same_day_by_the_same_person_is_one(amina: Member, heron: Place) -> None:
    note(amina, heron)
    with pytest.raises(Problem, match=r"409\.681"):
        note(amina, heron)


def test_telling_an_authority_takes_two_people_and_is_counted_in_public(
    amina: Member, bogdan: Member, heron: Place, signed_in: SignedIn
) -> None:
    note(amina, heron), note(bogdan, heron)
    said = {
        "authority": "police", "ground": "asked_for", "people": "agree", "pieces": ["kind", "area", "signs"],
        "why": "They asked us to",
    }  # fmt: skip
    assert signed_in(amina).post(f"/concern/places/{heron.ref}/tell/", said).status_code == 302
    with scopes_disabled():
        path = f"/concern/decisions/{Telling.objects.get().ref}/"
    assert "A colleague wants to tell an authority about a place" in titles(bogdan)
    assert signed_in(amina).post(path, {"do": "told"}).status_code == 409
    assert signed_in(amina).post(path, {"do": "confirm"}).status_code == 403  # a worker, and the first person
    assert signed_in(bogdan).post(path, {"do": "confirm"}).status_code == 302
    page = signed_in(amina).get(path).content.decode()
    told = page[page.index("Exactly this") : page.index("It has been told")]
    assert "Massage clinic" in told and "Fredericia" in told and "Somebody else keeps people" in told
    assert "Blue Heron" not in told and heron.short_code not in told and "Amina" not in told
    before = public_table(timezone.localdate() + timedelta(days=120))
    assert before.open == 1
    assert signed_in(amina).post(path, {"do": "told"}).status_code == 302
    after = public_table(timezone.localdate() + timedelta(days=120))
    assert after.open == 0 and str(after.handed_over) != str(before.handed_over)
    assert signed_in(bogdan).post(path, {"do": "refuse"}).status_code == 409
    assert told.count("Somebody else keeps people") == 1  # two who noted the same on one day are told once
    verbs = list(AuditEntry.objects.filter(verb__startswith="concern.").values_list("verb", flat=True))
    assert verbs.count("concern.tell") == 2 and verbs.count("concern.confirm") == 1


@pytest.mark.parametrize(
    ("who", "state", "says", "not_said"),
    [
        ("bogdan", "refused", "Decided: nothing is told", "Taken back"),
        ("amina", "withdrawn", "Taken back by the one who asked", "Decided: nothing"),
    ],
)
def test_a_no_says_who_gave_it_and_ones_own_is_taken_back_not_refused(
    everyone: dict[str, Member], heron: Place, signed_in: SignedIn, who: str, state: str, says: str, not_said: str
) -> None:
    amina = everyone["amina"]
    asked = {"ground": "danger", "people": "not_safe", "pieces": ["area"], "why": "Now"}
    form = f"/concern/places/{heron.ref}/tell/"
    offered = signed_in(amina).get(form).context["form"]["authority"]
    assert offered.value() is None and next(iter(offered.field.choices))[0] == ""  # nobody is told by leaving it so
    assert signed_in(amina).post(form, asked | {"authority": ""}).status_code == 400
    assert signed_in(amina).post(form, asked | {"authority": "police"}).status_code == 302
    with scopes_disabled():
        made = Telling.objects.get()
    path = f"/concern/decisions/{made.ref}/"
    before = public_table(timezone.localdate() + timedelta(days=120)).refused
    assert signed_in(everyone[who]).post(path, {"do": "refuse"}).status_code == 302
    with scopes_disabled():
        made.refresh_from_db()
        assert (made.state, made.why, made.decided_by) == (state, "", everyone[who])
    page = signed_in(amina).get(path).content.decode()
    main = page[page.index("<main") :]
    assert "Telling an authority: Police" in main and says in main and not_said not in main
    row = main[main.index("Decided by" if state == "refused" else "Taken back by</") :]
    assert everyone[who].user.name in row.split("</dd>")[0]
    assert public_table(timezone.localdate() + timedelta(days=120)).refused == before + 1


def test_a_coordinator_cannot_confirm_their_own_wish(bogdan: Member, heron: Place) -> None:
    asked = {"authority": "police", "ground": "danger", "people": "not_safe", "pieces": ["area"], "why": "Now"}
    with scope(organisation=bogdan.organisation):
        made = actions.ask_telling(member=bogdan, place=heron.ref, **asked)
        with pytest.raises(Problem, match=r"403\.681"):
            actions.confirm_telling(member=bogdan, telling=made)
        for wrong, number in (
            ({"people": "no"}, r"422\.683"),
            ({"ground": "asked_for"}, r"422\.683"),
            ({"ground": "asked_for", "people": "agree"}, r"422\.684"),  # nobody confirmed a sign
            ({"why": " "}, r"422\.682"),
            ({"pieces": ["code_name"]}, r"422\.682"),
            ({"why": "Call +45 20 12 34 56"}, r"422\.11"),
        ):
            with pytest.raises(Problem, match=number):
                actions.ask_telling(member=bogdan, place=heron.ref, **(asked | wrong))
        actions.refuse_telling(member=bogdan, telling=made)
        assert Telling.objects.get(pk=made.pk).why == ""


def test_no_authority_no_funder_and_no_host_can_ever_read_it() -> None:
    ours = [verb for verb in Verb if verb.startswith("concern.")]
    assert len(ours) == 4 and all(verb.startswith(CARE_PREFIXES) for verb in ours)
    assert all(RULES[verb].kinds == {Kind.OUTREACH, Kind.HEALTH} for verb in ours)


def test_concern_is_no_fact_no_export_no_filter_and_on_no_phone(
    amina: Member, bogdan: Member, heron: Place, signed_in: SignedIn
) -> None:
    """What says concern stands on this room's own pages, on the page of the place and beside places of rounds, nowhere else."""
    before = Entry.objects.count()
    note(amina, heron), note(bogdan, heron)
    assert Entry.objects.count() == before
    plain, narrowed = (
        signed_in(amina).get(f"/places/{query}").content.decode() for query in ("", "?concern=1&order=concern")
    )
    assert "oncern" not in re.sub(r"(?s)<nav.*?</nav>|<dialog.*?</dialog>", "", plain)
    assert plain.count("Blue Heron") == narrowed.count("Blue Heron")
    words = re.compile(r"NotedSign|standings?\b|concern\.(handover|reads|models)")
    root = Path(lygte.__file__).parent
    reading = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if words.search(file.read_text()) and "concern" in file.read_text() and "care/concern" not in str(file)
    }
    rounds = {
        f"care/rounds/views/{name}.py" for name in ("planning", "regions", "rounds")
    }  # pages, and nothing that is sent
    assert reading <= {"care/support/referrals/openness.py", "demo/concern.py", *rounds}
