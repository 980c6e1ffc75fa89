"""What leaves in a file: what each person agreed to for that service, chosen field by field, by two people where several are in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope

from lygte.care.support.exchange import mapping, standard, taking_out
from lygte.care.support.exchange.models import Taken, Takeout
from lygte.care.support.exchange.recipients import recipient_of
from lygte.care.support.exchange.taking_out import (
    ask_takeout,
    confirm_takeout,
    make_takeout,
    refuse_takeout,
    take_out,
)
from lygte.core.access import Verb
from lygte.core.audit import AuditEntry
from lygte.core.consent.codes import EVERY_GROUP, Group, Purpose, Via
from lygte.core.consent.erasure import erase_person
from lygte.core.consent.ledger import record_consent, withdraw_consent
from lygte.core.consent.models import Person, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.services.models import Service
from tests.care.support.cases.conftest import make_case

from .conftest import SPOKEN, in_days, say_yes, table_of, whole_life

ALL = tuple(mapping.FILLED)


def taken(
    member: Member, person: Person, service: Service, fields: tuple[str, ...] = ALL, form: str = "csv"
) -> dict[str, str]:
    """Return the one row of a file as the service reads it."""
    file = take_out(member=member, person=person, service=service, fields=fields, form=form)
    return table_of(file.content)[0]


def number_of(do: object, **given: object) -> str:
    with pytest.raises(Problem) as caught, transaction.atomic():
        do(**given)  # type: ignore[operator]
    return caught.value.number


# The rows --------------------------------------------------------------------------------------------------------------------
def test_a_file_holds_what_was_agreed_to_in_the_codes_of_the_standard(
    amina: Member, mali: Person, shelter: Service
) -> None:
    say_yes(amina, mali, shelter)
    row = taken(amina, mali, shelter)
    filled = {name: text for name, text in row.items() if text and not name.startswith("lyg_")}
    assert filled.pop("spl_PlannedEndDate") > str(in_days(200))
    assert filled == {
        "con_Consent": "TRUE",
        "prs_FirstName": "Mali Ann",
        "prs_SecondName": "Suksai",
        "prs_Birthdate": "1996-05-04",
        "prs_Gender": "Feminine",
        "prs_Email": "mali@example.org",
        "prs_MobilePhone": "+45 20 00 00 01",
        "prs_Citizenship": "TH;DK",
        "prs_PrimaryLanguage": "tha",
        "cas_Status": "Active",
        "cas_CaseOwner": "Amina",
        "spl_Objectives": "The key to my own room\n+45 is my code\nRead my letters",
        "spl_ActionPlan": "Call the housing office\nBring the letters",
        "cco_CaseComment": f'{in_days(-5)}: She laughed, "finally"; it rained\n\n{in_days(-4)}: @home, she said\tand stayed',
        "vic_TraffickingStatus": "ActualVictimOfTrafficking",
        "vic_TraffickingStatusDecisionMakingOrg": "Police",
    }
    assert all(standard.fault_of(name, text) == "" for name, text in filled.items())
    assert set(standard.CORE) <= set(row)


def test_every_row_says_who_took_it_out_when_for_whom_and_until_when(
    amina: Member, mali: Person, shelter: Service
) -> None:
    say_yes(amina, mali, shelter)
    row = taken(amina, mali, shelter, ("prs_FirstName",))
    assert row["lyg_TakenOutBy"] == "Amina, Lanternen (invented)"
    assert row["lyg_TakenOutFor"] == "Night shelter (invented)" and row["lyg_UseUntil"] == str(in_days(30))
    assert row["lyg_TakenOutAt"][:10] == f"{timezone.now():%Y-%m-%d}" and len(row["lyg_File"]) == 26
    file = take_out(member=amina, person=mali, service=shelter, fields=["cas_Status"], form="json")
    said = json.loads(file.content)
    assert said["cases"][0]["cas_Status"] == "Active" and said["taken_out"]["TakenOutBy"] == row["lyg_TakenOutBy"]


def test_health_measures_dates_and_the_persons_own_words_are_in_no_file(
    amina: Member, mali: Person, shelter: Service
) -> None:
    say_yes(amina, mali, shelter)
    for form in ("csv", "json"):
        content = take_out(member=amina, person=mali, service=shelter, fields=ALL, form=form).content.decode()
        assert "Suksai" in content
        assert not [
            word for word in ("sentinel-health", "sentinel-deadline", "who5", mali.code, mali.ref) if word in content
        ]


# Consent ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("group", [group.value for group in Group])
def test_only_the_groups_agreed_to_for_the_service_leave(
    amina: Member, mali: Person, shelter: Service, group: str
) -> None:
    say_yes(amina, mali, shelter, [group])
    mine = {name for name, one in mapping.FILLED.items() if one.group == group}
    if not mine or group == Group.REFERRALS:
        assert number_of(take_out, member=amina, person=mali, service=shelter, fields=ALL, form="csv") == "422.617"
        return
    row = taken(amina, mali, shelter)
    filled = {name for name, text in row.items() if text and not name.startswith("lyg_")} - {"con_Consent"}
    assert filled and filled <= mine


def test_only_chosen_fields_leave_and_only_their_groups_are_noted_as_seen(
    amina: Member, mali: Person, shelter: Service
) -> None:
    say_yes(amina, mali, shelter)
    row = taken(amina, mali, shelter, ("prs_FirstName",))
    assert row["prs_SecondName"] == row["prs_MobilePhone"] == "" and row["prs_FirstName"] == "Mali Ann"
    line = Seen.objects.get(person=mali.ref, via=Via.EXPORT)
    assert (line.via, line.groups, line.purpose, line.recipient) == (
        Via.EXPORT, ["identity"], Purpose.REFERRAL, recipient_of(shelter),
    )  # fmt: skip
    assert line.member == amina


def test_a_yes_to_a_referral_to_another_service_or_without_an_end_is_no_yes_to_a_file(
    amina: Member, mali: Person, shelter: Service, other_shelter: Service
) -> None:
    say_yes(amina, mali, other_shelter)
    say_yes(amina, mali, shelter, days=None)
    record_consent(
        member=amina, person=mali, purpose=Purpose.REFERRAL, groups=EVERY_GROUP, said=SPOKEN,
        recipient=shelter.recipient, until=in_days(30),
    )  # fmt: skip
    assert number_of(take_out, member=amina, person=mali, service=shelter, fields=ALL, form="csv") == "403.611"


def test_of_two_answers_only_the_one_with_a_last_day_counts(amina: Member, mali: Person, shelter: Service) -> None:
    say_yes(amina, mali, shelter, ["identity"])
    say_yes(amina, mali, shelter, ["contact"], days=None)
    row = taken(amina, mali, shelter)
    assert row["prs_SecondName"] == "Suksai" and row["prs_Email"] == row["prs_MobilePhone"] == ""


def test_after_a_withdrawal_or_the_last_day_nothing_leaves(amina: Member, mali: Person, shelter: Service) -> None:
    say_yes(amina, mali, shelter)
    assert taken(amina, mali, shelter)["prs_FirstName"]
    withdraw_consent(member=amina, person=mali, said=SPOKEN, recipient=recipient_of(shelter), groups=["identity"])
    assert taken(amina, mali, shelter)["prs_FirstName"] == ""
    withdraw_consent(member=amina, person=mali, said=SPOKEN, recipient=recipient_of(shelter))
    assert number_of(take_out, member=amina, person=mali, service=shelter, fields=ALL, form="csv") == "403.611"


# Who, and for whom --------------------------------------------------------------------------------------------------------------
def test_who_is_not_on_the_team_makes_no_file_and_a_stranger_finds_nobody(
    amina: Member, bogdan: Member, mali: Person, shelter: Service, chika_at_home: tuple[Member, Member]
) -> None:
    say_yes(amina, mali, shelter)
    given = {"person": mali, "service": shelter, "fields": ALL, "form": "csv"}
    assert number_of(take_out, member=bogdan, **given) == "403.11"
    with scope(organisation=chika_at_home[0].organisation):
        assert number_of(take_out, member=chika_at_home[0], **given) == "404.1"


def test_no_file_is_made_for_an_authority_whatever_was_agreed(amina: Member, mali: Person, police: Service) -> None:
    say_yes(amina, mali, police)
    record_consent(
        member=amina, person=mali, purpose=Purpose.AUTHORITY, groups=EVERY_GROUP, said=SPOKEN,
        recipient=recipient_of(police), until=in_days(9),
    )  # fmt: skip
    assert number_of(take_out, member=amina, person=mali, service=police, fields=ALL, form="csv") == "403.610"
    two = [mali, whole_life(amina)]
    assert number_of(ask_takeout, member=amina, people=two, service=police, fields=ALL, form="csv") == "403.610"
    with pytest.raises(IntegrityError), transaction.atomic():
        taking_out._noted(amina, police, list(ALL), "csv", 1)


def test_a_closed_service_gets_no_file(amina: Member, mali: Person, shelter: Service) -> None:
    say_yes(amina, mali, shelter)
    Service.objects.filter(pk=shelter.pk).update(state="closed")
    assert number_of(take_out, member=amina, person=mali, service=shelter, fields=ALL, form="csv") == "409.611"


@pytest.mark.parametrize("fields", [(), ("prs_IdentityNumber",), ("prs_FirstName", "health")])
def test_fields_that_lygte_does_not_pass_on_are_refused(
    amina: Member, mali: Person, shelter: Service, fields: tuple[str, ...]
) -> None:
    say_yes(amina, mali, shelter)
    assert number_of(take_out, member=amina, person=mali, service=shelter, fields=fields, form="csv") == "422.617"


# Several people -----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def three(amina: Member, mali: Person, shelter: Service) -> list[Person]:
    """Three people: who agreed to everything, to contact only, to nothing."""
    second, third = whole_life(amina), whole_life(amina)
    say_yes(amina, mali, shelter)
    say_yes(amina, second, shelter, ["contact"])
    return [mali, second, third]


def asked_for(member: Member, people: list[Person], service: Service) -> Takeout:
    made: Takeout = ask_takeout(member=member, people=people, service=service, fields=ALL, form="csv")
    return made


def test_several_people_leave_only_after_a_second_person_each_by_their_own_yes(
    amina: Member, bogdan: Member, three: list[Person], shelter: Service
) -> None:
    asked = asked_for(amina, three, shelter)
    assert number_of(make_takeout, member=amina, takeout=asked) == "409.612"
    assert number_of(confirm_takeout, member=amina, takeout=asked) == "403.13"
    confirm_takeout(member=bogdan, takeout=asked)
    assert number_of(make_takeout, member=bogdan, takeout=asked) == "404.1"
    rows = table_of(make_takeout(member=amina, takeout=asked).content)
    assert [(row["prs_SecondName"], row["prs_Email"]) for row in rows] == [
        ("Suksai", "mali@example.org"),
        ("", "mali@example.org"),
    ]
    assert number_of(make_takeout, member=amina, takeout=asked) == "409.612"
    assert Taken.objects.filter(takeout=asked, inside=True).count() == 2
    assert {line.person for line in Seen.objects.filter(via=Via.EXPORT)} == {three[0].ref, three[1].ref}


def test_who_changes_their_mind_before_the_file_is_made_is_not_in_it(
    amina: Member, bogdan: Member, three: list[Person], shelter: Service
) -> None:
    asked = asked_for(amina, three, shelter)
    confirm_takeout(member=bogdan, takeout=asked)
    withdraw_consent(member=amina, person=three[0], said=SPOKEN, recipient=recipient_of(shelter))
    erase_person(person=three[2])
    rows = table_of(make_takeout(member=amina, takeout=asked).content)
    assert len(rows) == 1 and rows[0]["prs_SecondName"] == ""


def test_a_refused_or_old_file_is_never_made(
    amina: Member, bogdan: Member, three: list[Person], shelter: Service
) -> None:
    refused = asked_for(amina, three, shelter)
    refuse_takeout(member=bogdan, takeout=refused)
    assert number_of(confirm_takeout, member=bogdan, takeout=refused) == "409.612"
    old = asked_for(amina, three, shelter)
    confirm_takeout(member=bogdan, takeout=old)
    Takeout.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timedelta(hours=25))
    assert number_of(make_takeout, member=amina, takeout=old) == "409.613"


def test_the_database_itself_wants_two_people_for_several(amina: Member, three: list[Person], shelter: Service) -> None:
    asked = asked_for(amina, three, shelter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Takeout.objects.filter(pk=asked.pk).update(state="made")
    with pytest.raises(IntegrityError), transaction.atomic():
        Takeout.objects.filter(pk=asked.pk).update(state="confirmed", decided_by=amina)


def test_one_fifty_one_and_somebody_elses_people_are_refused(
    amina: Member, bogdan: Member, three: list[Person], shelter: Service
) -> None:
    given = {"service": shelter, "fields": ALL, "form": "csv"}
    assert number_of(ask_takeout, member=amina, people=[three[0], three[0]], **given) == "422.619"
    assert number_of(ask_takeout, member=bogdan, people=three, **given) == "403.11"
    assert number_of(ask_takeout, member=amina, people=[three[2], whole_life(amina)], **given) == "403.611"
    many = [make_case(amina, ["goals"]).person for _number in range(taking_out.MOST_PEOPLE + 1)]
    assert number_of(ask_takeout, member=amina, people=many, **given) == "422.619"


# How much --------------------------------------------------------------------------------------------------------------------
def test_one_member_alone_makes_only_so_many_files_a_day(amina: Member, mali: Person, shelter: Service) -> None:
    say_yes(amina, mali, shelter)
    for _number in range(taking_out.ALONE_A_DAY):
        taken(amina, mali, shelter)
    given = {"member": amina, "person": mali, "service": shelter, "fields": ALL, "form": "csv"}
    assert number_of(take_out, **given) == "429.610"
    Takeout.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert take_out(**given).content


def test_an_organisation_passes_on_only_so_many_people_a_day(
    amina: Member, bogdan: Member, three: list[Person], shelter: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_out, "PEOPLE_A_DAY", 4)
    first, second = asked_for(amina, three, shelter), asked_for(amina, three, shelter)
    for asked in (first, second):
        confirm_takeout(member=bogdan, takeout=asked)
    make_takeout(member=amina, takeout=first)
    assert number_of(make_takeout, member=amina, takeout=second) == "429.610"


def test_a_file_leaves_one_line_in_the_log_with_counts_and_no_content(
    amina: Member, mali: Person, shelter: Service
) -> None:
    say_yes(amina, mali, shelter)
    taken(amina, mali, shelter, ("prs_FirstName", "prs_Email"))
    entry = AuditEntry.objects.filter(verb=Verb.CASE_EXPORT).latest("sequence")
    assert entry.details == {"persons": 1, "fields": 2, "service": shelter.ref, "state": "made"}
