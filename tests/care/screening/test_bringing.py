"""An organisation's own instrument: a workbook and a scoring file, both refused with the name and the line of what is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from openpyxl import Workbook

from lygte.care.screening import bringing, health, reads
from lygte.care.screening.models import OwnInstrument
from lygte.care.screening.scoring import score
from lygte.core.models import Member
from lygte.core.problems import Problem

SignedIn = Callable[[Member], Client]
SCORING = """lygte_scoring: 1
title: {en: Rest and pay, da: Hvile og løn}
version: 1
rule: present/1
answers: known
groups: [adult]
licence: facts
source: Made for a test
sections:
  work: {en: Work, da: Arbejde, nl: Werk}
indicators:
  no_rest: {section: work}
  no_pay: {section: work}
"""


def workbook(*names: str) -> bytes:
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label::English (en)", "label::Dansk (da)"])
    for name in names:
        survey.append(["select_one known", name, f"Is it {name}?", f"Er det {name}?"])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", "label::English (en)", "label::Dansk (da)"])
    for code in ("seen", "no"):
        choices.append(["known", code, code, code])
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "default_language"])
    settings.append(["Rest and pay", "rest_and_pay", "English (en)"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def book() -> bytes:
    return workbook("no_rest", "no_pay")


def bring(client: Client, book: bytes, scoring: str) -> object:
    files = {
        "workbook": SimpleUploadedFile("rest.xlsx", book),
        "scoring": SimpleUploadedFile("rest.yaml", scoring.encode()),
    }
    return client.post(reverse("screening:bring"), files, follow=True)


def test_an_own_instrument_stands_in_the_library_of_its_organisation_only(
    signed_in: SignedIn, bogdan: Member, amina: Member, chika: Member, book: bytes
) -> None:
    page = bring(signed_in(bogdan), book, SCORING)
    assert page.status_code == 200 and "Is it no_rest?" in page.content.decode()  # type: ignore[attr-defined]
    with scopes_disabled():
        own = OwnInstrument.objects.get()
    address = reverse("screening:reading", args=[own.ref])
    said = {"work__no_rest": "seen", "work__no_pay": "no"}
    result = signed_in(amina).post(address, said).content.decode()
    assert "Is it no_rest? (Seen by us)" in result and "Is it no_pay? (" not in result
    assert signed_in(chika).get(address).status_code == 404
    assert "Rest and pay" not in signed_in(chika).get(reverse("screening:library")).content.decode()
    assert signed_in(amina).get(reverse("screening:workbook", args=[own.ref])).content == book
    again = bring(signed_in(bogdan), book, SCORING)
    assert again.status_code == 409  # type: ignore[attr-defined]
    with scope(organisation=bogdan.organisation):
        built = reads.instrument(bogdan, own.ref)
    assert score(built, {"work/no_rest": "seen"}).present == (("work/no_rest", "seen"),)
    assert built.items[0].words == {"en": "Is it no_rest?", "da": "Er det no_rest?", "nl": "Is it no_rest?"}


WRONG = {
    "an unknown indicator": ("no_pay: {", "no_food: {", "422.703", "13"),
    "a section that is not there": ("no_pay: {section: work}", "no_pay: {section: home}", "422.706", "13"),
    "a weight that is not known": ("no_pay: {section: work}", "no_pay: {section: work, adult: huge}", "422.706", "13"),
    "a rule that is not known": ("present/1", "sum/9", "422.704", "4"),
    "an answer scale that is not known": ("known", "stars", "422.704", "5"),
    "a word nobody knows": ("licence:", "licens:", "422.704", "7"),
    "no version": ("version: 1", "version: one", "422.705", "3"),
    "no YAML": ("groups: [adult]", "groups: [adult", "422.702", ""),
    "an anchor": ("title: {", "title: &x {", "422.702", "2"),
    "another kind of file": ("lygte_scoring: 1", "lygte_scoring: 2", "422.702", "1"),
    "a rule that lacks what it looks at": ("present/1", "signs/1", "422.707", "4"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_scoring_file_with_a_fault_is_refused_with_its_line(
    what: str, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [{"path": f"/data/{name}", "label": {"English (en)": name}} for name in ("no_rest", "no_pay")]
    monkeypatch.setattr(bringing, "outline_of_workbook", lambda workbook, name: {"questions": questions})
    before, after, number, line = WRONG[what]
    assert before in SCORING
    assert bringing.understood(book, "rest.xlsx", SCORING.encode())["items"]
    with pytest.raises(Problem) as found:
        bringing.understood(book, "rest.xlsx", SCORING.replace(before, after, 1).encode())
    assert found.value.number == number
    assert not line or str(found.value.at) == line
    if number == "422.703":
        assert "no_food" in found.value.sentence


def test_an_unknown_indicator_is_told_on_the_page_and_nothing_is_kept(
    signed_in: SignedIn, bogdan: Member, book: bytes
) -> None:
    page = bring(signed_in(bogdan), book, SCORING.replace("no_pay", "no_food"))
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert "names the indicator “no_food”, which is no question" in page.content.decode()  # type: ignore[attr-defined]
    with scopes_disabled():
        assert not OwnInstrument.objects.exists()


def test_only_a_coordinator_brings_one(signed_in: SignedIn, amina: Member, book: bytes) -> None:
    assert bring(signed_in(amina), book, SCORING).status_code == 403  # type: ignore[attr-defined]


def test_the_health_outreach_form_is_a_whole_form_in_three_languages_with_slots_for_audio() -> None:
    from lygte.care.intake.handover import outline_of_workbook

    outline = outline_of_workbook(health.workbook(), "lygte_health_outreach.xlsx")
    questions = {str(one["path"]).rpartition("/")[2]: one for one in outline["questions"]}
    assert {"agrees", "sti_test", "condoms", "violence_told", "refer"} <= set(questions)
    assert all(len(questions[name]["label"]) == 3 for name in ("sti_test", "refer"))
    names = {name for name in questions if any(word in name for word in ("name", "phone", "born", "diagnos"))}
    assert not names
