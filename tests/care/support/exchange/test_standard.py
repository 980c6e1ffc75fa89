"""Our copy of the standard's names against the form that goes with the standard; our mapping against both."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from lygte.care.support.cases.codes import IDENTIFICATIONS
from lygte.care.support.exchange import mapping, plans, standard
from lygte.care.support.exchange.recipients import PREFIX
from lygte.directory.languages import LANGUAGES

FORM = Path(__file__).parents[5] / "shared" / "forms" / "htcds_xlsform.xlsx"
RENAMED = {"prs_Title"}  # the form calls this second name by mistake


@pytest.mark.skipif(not FORM.exists(), reason="the form of the standard is not here")
def test_every_question_and_choice_of_the_standards_form_is_known() -> None:
    book = load_workbook(FORM, read_only=True)
    questions = [(str(row[0]), str(row[1])) for row in book["survey"].iter_rows(min_row=2, values_only=True)]
    choices = [(str(row[0]), str(row[1]).strip()) for row in book["choices"].iter_rows(min_row=2, values_only=True)]
    asked = {name: kind for kind, name in questions if "_" in name[:4] and not name.startswith("__")}
    assert len(asked) == 31
    lists = {kind.split()[1]: name for name, kind in asked.items() if kind.startswith("select")}
    for name in asked:
        assert standard.field_named(name) in standard.CORE, name
    checked = 0
    for listed, code in choices:
        question = lists.get(listed)
        if question and listed != "consent":
            one = standard.FIELDS[standard.field_named(question)]
            assert standard.code_of(one, code) == code, (question, code)
            checked += 1
    assert checked > 320


def test_the_copy_says_whose_it_is_from_when_and_that_nobody_endorsed_it() -> None:
    about = standard.ABOUT
    assert about["licence"] == "CC BY 4.0" and "IOM" in about["by"] and about["taken_on"] == "2026-11-22"
    assert "not reviewed or endorsed" in about["changes"]
    assert len(standard.FIELDS) == 83 and len(standard.CORE) == 38 and len(standard.COUNTRIES) == 249


def test_what_is_mapped_is_of_the_standard_and_every_core_field_has_a_column() -> None:
    assert set(mapping.FILLED) <= set(standard.FIELDS)
    assert set(standard.CORE) <= set(mapping.COLUMNS)
    assert set(standard.FIELDS) >= plans.KEPT
    assert set(mapping.LANGUAGES) == set(LANGUAGES) - {"other"}
    assert all(mapping.language_of(code) == ours for ours, code in mapping.LANGUAGES.items())
    for states, name in ((mapping.IDENTIFICATIONS.values(), "vic_TraffickingStatus"),
                         (mapping.GENDERS.values(), "prs_Gender"),
                         (mapping.DECIDERS.values(), "vic_TraffickingStatusDecisionMakingOrg")):  # fmt: skip
        assert all(standard.code_of(standard.FIELDS[name], state) == state for state in states)


def test_who_said_no_to_being_assessed_gets_no_state_made_up() -> None:
    assert set(IDENTIFICATIONS) - set(mapping.IDENTIFICATIONS) == {"declined", "withdrew"}


def test_what_lygte_does_not_keep_has_no_way_into_a_file() -> None:
    never = {name for name in standard.FIELDS if name.startswith(("prs_Mailing", "org_", "per_", "hte_"))}
    never |= {"prs_IdentityNumber", "prs_Title", "prs_Salutation", "vic_MethodsOfControl", "vic_TypeOfExploitation",
              "vic_TypeOfSexExploitation", "vic_LocationOfExploitation", "vic_MethodOfRecruitment"}  # fmt: skip
    assert not never & set(mapping.FILLED)
    assert PREFIX == "file:"


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("prs_Gender", "Non-Conforming", ""),
        ("prs_Gender", "nonconforming", ""),
        ("prs_Gender", "Other", "422.613"),
        ("prs_Birthdate", "1996-05-04", ""),
        ("prs_Birthdate", "1996-13-04", "422.614"),
        ("prs_Birthdate", "4.5.1996", "422.614"),
        ("prs_Citizenship", "TH; Denmark", ""),
        ("prs_Citizenship", "Atlantis", "422.613"),
        ("prs_PrimaryLanguage", "tha", ""),
        ("prs_PrimaryLanguage", "Thai!", "422.613"),
        ("vic_MethodsOfControl", "DebtBondage FalsePromises", ""),
        ("vic_MethodsOfControl", "DebtBondage Nonsense", "422.613"),
        ("prs_FirstName", "x" * 301, "422.616"),
        ("con_Consent", "perhaps", "422.613"),
    ],
)
def test_cells_are_checked_by_the_lists_of_the_standard(name: str, text: str, fault: str) -> None:
    assert standard.fault_of(name, text) == fault
