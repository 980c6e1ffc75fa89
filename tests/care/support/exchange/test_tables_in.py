"""A table by the standard becomes cases: with a consent each, all rows or none, and nothing lost without a word."""

from __future__ import annotations

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from lygte.care.support.cases.models import Case, Goal, Identification, Name, Note, Reach, Situation
from lygte.care.support.exchange import cells
from lygte.care.support.exchange.bringing_in import Arrived, Given, bring_table
from lygte.care.support.exchange.models import Brought
from lygte.care.support.exchange.plans import read_plan
from lygte.care.support.exchange.taking_out import take_out
from lygte.core.consent import gate
from lygte.core.consent.models import Consent, LockedModel, Person
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.directory.services.models import Service

from .conftest import SPOKEN, say_yes, table_of
from .test_taking_out import ALL

GIVEN = Given(SPOKEN, "DK-461", "organisation", "en")
FULL = {
    "con_Consent": "TRUE",
    "prs_FirstName": "Ana",
    "prs_MiddleName": "Maria",
    "prs_SecondName": "Popescu",
    "prs_Birthdate": "1990-02-03",
    "prs_Gender": "Feminine",
    "prs_Citizenship": "RO; Denmark",
    "prs_PrimaryLanguage": "rum",
    "prs_MobilePhone": "+40 700 000 000",
    "prs_HomePhone": "+40 210 000 000",
    "prs_Email": "ana@example.org",
    "vic_TraffickingStatus": "Possible victim of trafficking",
    "vic_TraffickingStatusDecisionMakingOrg": "NGO",
    "cas_Status": "ClosedReferred",
    "cas_ReferringOrganisation": "A help line (invented)",
    "cas_IncomingReferralDate": "2026-10-01",
    "cco_CaseComment": "=not a formula",
    "spl_Objectives": "A flat",
    "spl_ActionPlan": "Look for a flat",
}


def table(*rows: dict[str, str]) -> bytes:
    return cells.csv_of(list(dict.fromkeys(name for row in rows for name in row)), rows)


def bring(member: Member, content: bytes, **given: object) -> Arrived:
    arrived: Arrived = bring_table(member=member, **{"token": new_ref(), "content": content, "given": GIVEN, **given})
    return arrived


def values(member: Member, model: type[LockedModel]) -> list[dict[str, object]]:
    records = list(model._default_manager.select_related("person").order_by("pk"))
    opened = gate.read(member=member, records=records)
    return [dict(opened.get(record)) for record in records]


def test_a_row_becomes_a_case_with_everything_in_its_group(amina: Member) -> None:
    case = bring(amina, table(FULL)).cases[0]
    assert values(amina, Name) == [{"name": "Ana Maria Popescu", "born": "1990-02-03", "gender": "Feminine"}]
    assert values(amina, Reach) == [{"phone": "+40 700 000 000", "other": "+40 210 000 000", "mail": "ana@example.org"}]
    assert values(amina, Situation) == [{"citizenship": "RO;DK"}]
    assert values(amina, Goal)[0]["words"] == "A flat"
    notes = [note["text"] for note in values(amina, Note)]
    assert notes[0] == "=not a formula"
    assert notes[1] == "cas_ReferringOrganisation: A help line (invented)\ncas_IncomingReferralDate: 2026-10-01"
    state = values(amina, Identification)[0]
    assert (state["state"], state["by"]) == ("presumed", "NGO")
    case = Case.objects.get(pk=case.pk)
    assert (case.language, case.state, case.ending, case.area) == ("ro", "closed", "other_service", "DK-461")
    assert str(case.asked_on) == "2026-10-01"


def test_the_consent_of_each_row_is_recorded_for_what_the_row_holds_and_no_more(amina: Member) -> None:
    bring(
        amina, table({"con_Consent": "yes", "prs_FirstName": "Ana"}, {"con_Consent": "1", "prs_Email": "b@example.org"})
    )
    lines = [(line.kind, line.purpose, line.groups, line.member) for line in Consent.objects.all()]
    assert lines == [
        ("grant", "support", ["goals", "identity"], amina),
        ("grant", "support", ["contact", "goals"], amina),
    ]


@pytest.mark.parametrize("said", ["FALSE", "no", "", "perhaps"])
def test_a_row_without_consent_is_refused_and_with_it_the_file(amina: Member, said: str) -> None:
    content = table({"con_Consent": "TRUE", "prs_FirstName": "Ana"}, {"con_Consent": said, "prs_FirstName": "Bea"})
    with pytest.raises(Problem) as caught, transaction.atomic():
        bring(amina, content)
    assert caught.value.number == "422.622" and caught.value.parts[0].number in ("422.612", "422.613")
    assert caught.value.parts[0].at == "row 3, con_Consent"
    assert not Person.objects.exists() and not Brought.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("prs_Gender", "Whatever", "422.613"),
        ("prs_Birthdate", "3.2.1990", "422.614"),
        ("prs_Citizenship", "RO; Atlantis", "422.613"),
        ("spl_Objectives", "x" * 2001, "422.616"),
        ("cco_CaseComment", "Her number is 010190-1234", "422.10"),
        ("prs_SecondName", "111222333", "422.10"),
    ],
)
def test_every_problem_names_its_row_and_column(amina: Member, name: str, text: str, number: str) -> None:
    plan = read_plan(table({"con_Consent": "TRUE", "prs_FirstName": "Ana"}, {"con_Consent": "TRUE", name: text}))
    assert [(one.number, one.at) for one in plan.problems] == [(number, f"row 3, {name}")]
    with pytest.raises(Problem, match=r"422\.622"), transaction.atomic():
        bring(amina, table({"con_Consent": "TRUE", name: text}))
    assert not Person.objects.exists()


def test_all_problems_are_found_at_once() -> None:
    plan = read_plan(table({"con_Consent": "", "prs_Gender": "x"}, {"con_Consent": "TRUE", "prs_Birthdate": "y"}))
    assert [one.number for one in plan.problems] == ["422.612", "422.613", "422.614"]


def test_what_lygte_does_not_keep_is_named_and_stays_out_only_when_somebody_says_so(amina: Member) -> None:
    row = {"con_Consent": "TRUE", "prs_FirstName": "Ana", "prs_MailingStreet": "A street 1", "vic_MethodsOfControl":
           "DebtBondage", "prs_IdentityNumber": "1", "shoe size": "38", "prs_Title": ""}  # fmt: skip
    plan = read_plan(table(row))
    assert plan.left_out == {"prs_MailingStreet": 1, "vic_MethodsOfControl": 1, "prs_IdentityNumber": 1}
    assert plan.unknown == {"shoe size": 1} and not plan.problems
    assert set(FULL) | set(plan.left_out) <= set(plan.left_out) | set(FULL) and "cas_Status" in plan.absent
    with pytest.raises(Problem, match=r"422\.623"), transaction.atomic():
        bring(amina, table(row))
    assert not Person.objects.exists()
    assert len(bring(amina, table(row), leave_out=True).cases) == 1


def test_columns_named_as_the_standards_own_form_does_are_understood(amina: Member) -> None:
    bring(amina, b"con_Consent,prs_First_Name,prs_Second_Name\nTRUE,Ana,Popescu\n")
    assert values(amina, Name)[0]["name"] == "Ana Popescu"


@pytest.mark.parametrize("content", [b"prs_FirstName\nAna\n", b"something\nelse\n"])
def test_a_table_without_the_column_of_consent_is_refused(content: bytes) -> None:
    with pytest.raises(Problem, match=r"422\.611"):
        read_plan(content)


def test_an_empty_row_but_for_the_consent_is_a_problem() -> None:
    plan = read_plan(table({"con_Consent": "TRUE", "prs_Title": "Dr"}))
    assert [one.number for one in plan.problems] == ["422.621"]


def test_pressing_twice_brings_in_once(amina: Member) -> None:
    token = new_ref()
    bring(amina, table({"con_Consent": "TRUE", "prs_FirstName": "Ana"}), token=token)
    with pytest.raises(Problem, match=r"409\.610"), transaction.atomic():
        bring(amina, table({"con_Consent": "TRUE", "prs_FirstName": "Ana"}), token=token)
    assert Case.objects.count() == 1


def test_a_fault_in_the_last_row_while_writing_leaves_nothing(amina: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from lygte.care.support.exchange import bringing_in

    real, seen = bringing_in._case_of, []

    def breaks(member: Member, row: object, given: Given) -> object:
        seen.append(row)
        if len(seen) == 3:
            raise OSError("the disk is full")
        return real(member, row, given)  # type: ignore[arg-type]

    monkeypatch.setattr(bringing_in, "_case_of", breaks)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        bring(amina, table(*[{"con_Consent": "TRUE", "prs_FirstName": f"A{n}"} for n in range(3)]))
    with scopes_disabled():
        assert not Person.objects.exists() and not Name.objects.exists() and not Brought.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_leaves_comes_in_again_and_leaves_equal(amina: Member, mali: Person, shelter: Service, form: str) -> None:
    """But for the worker, who is whoever brings it in, and days that have no field: those are lines of a note."""
    say_yes(amina, mali, shelter)
    file = take_out(member=amina, person=mali, service=shelter, fields=ALL, form=form)
    plan = read_plan(file.content)
    assert not plan.problems and not plan.unknown and plan.left_out == {"cas_CaseOwner": 1}
    again = bring(amina, file.content, leave_out=True).cases[0].person
    say_yes(amina, again, shelter)
    rows = [
        table_of(take_out(member=amina, person=one, service=shelter, fields=ALL, form="csv").content)[0]
        for one in (mali, again)
    ]
    for row in rows:
        for name in [name for name in row if name.startswith("lyg_") or name == "spl_PlannedEndDate"]:
            del row[name]
    comments = [row.pop("cco_CaseComment") for row in rows]
    assert rows[0] == rows[1]
    assert comments[0].replace("\r\n", "\n") in comments[1]
