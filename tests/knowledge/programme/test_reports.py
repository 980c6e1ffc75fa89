"""The report as page and paper: the same figures, in three languages, frozen when issued."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django_scopes import scopes_disabled
from pypdf import PdfReader

from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.knowledge.programme.actions import issue_report, start_report, write_narrative
from lygte.knowledge.programme.content import hash_of
from lygte.knowledge.programme.models import Initiative, StatusReport

from .conftest import NAESTVED, visit

SignIn = Callable[[Member], Client]
LANGUAGES = ("en", "da", "nl")
TITLES = {
    "en": "Outreach and systematic screening in massage clinics",
    "da": "Opsøgende indsats og systematisk screening på massageklinikker",
    "nl": "Veldwerk en systematische screening in massagesalons",
}
JUNE = {"en": "June 2017", "da": "juni 2017", "nl": "juni 2017"}


@pytest.fixture
def draft(season: Initiative, dorte: Member) -> StatusReport:
    return start_report(member=dorte, initiative=season, as_at="2017-06")


@pytest.fixture
def issued(draft: StatusReport, dorte: Member) -> StatusReport:
    write_narrative(member=dorte, report=draft, narrative={"done": "We went out."}, language="en")
    return issue_report(member=dorte, report=draft)


def text_of(paper: bytes) -> str:
    pages = PdfReader(io.BytesIO(paper)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages)).replace("ﬁ", "fi").replace("-­", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_count_by_hand_in_every_language(
    draft: StatusReport, dorte: Member, signed_in: SignIn, language: str
) -> None:
    page = signed_in(dorte).get(f"/programme/reports/{draft.ref}/?language={language}")
    html = page.content.decode()
    assert page.status_code == 200
    assert f'<article lang="{language}">' in html
    assert TITLES[language] in html
    assert JUNE[language] in html
    for value in ("30", "40", "20"):
        assert f'<span class="ly-figure__value">{value}</span>' in html
    shares = html.replace("\xa0", " ")
    assert ("10 % – 37 %" if language == "da" else "10% – 37%") in shares


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_shows_the_same_in_every_language(
    issued: StatusReport, dorte: Member, signed_in: SignIn, language: str
) -> None:
    answer = signed_in(dorte).get(f"/programme/reports/{issued.ref}/{language}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    paper = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = text_of(paper).replace("\xa0", " ")
    assert TITLES[language].split()[0] in text
    assert JUNE[language] in text
    assert "Lanternen (invented)" in text
    assert "418" in text and "356" in text and "36" in text
    assert ("20,900,000" if language == "en" else "20.900.000") in text
    assert issued.content_hash in text.replace(" ", "")
    reader = PdfReader(io.BytesIO(paper))
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert TITLES[language] in (reader.metadata.title or "")
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_every_chart_on_paper_has_an_alternative_text(issued: StatusReport, dorte: Member, signed_in: SignIn) -> None:
    paper = signed_in(dorte).get(f"/programme/reports/{issued.ref}/en.pdf").content
    alts = [str(one) for one in _alternative_texts(PdfReader(io.BytesIO(paper)))]
    assert len(alts) == len(issued.frozen["figures"])
    assert any("March 2016: 20" in alt for alt in alts)


def _alternative_texts(reader: PdfReader) -> list[object]:
    objects = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 400))
    return [one["/Alt"] for one in objects if isinstance(one, dict) and one.get("/S") == "/Figure" and "/Alt" in one]


def test_an_issued_report_stays_as_it_was_and_says_what_would_be_different_today(
    issued: StatusReport, dorte: Member, bogdan: Member, signed_in: SignIn
) -> None:
    from datetime import date

    for n in range(7):
        visit(500 + n, bogdan.organisation, date(2016, 4, n + 1), NAESTVED, spoken=2)
    html = signed_in(dorte).get(f"/programme/reports/{issued.ref}/").content.decode()
    assert '<span class="ly-figure__value">30</span>' in html
    assert re.search(r'<th scope="row">Visits</th><td class="num">30</td><td class="num">37</td>', html)


def test_a_change_of_a_few_is_not_told_in_numbers(
    issued: StatusReport, dorte: Member, bogdan: Member, signed_in: SignIn
) -> None:
    from datetime import date

    visit(500, bogdan.organisation, date(2016, 3, 1), NAESTVED, spoken=2)
    html = signed_in(dorte).get(f"/programme/reports/{issued.ref}/").content.decode()
    assert "changed by fewer than 5" in html
    assert ">31<" not in html and ">42<" not in html


def test_the_fingerprint_is_that_of_the_content(issued: StatusReport) -> None:
    issued.refresh_from_db()
    assert issued.content_hash == hash_of(issued.frozen)
    issued.frozen["figures"][0]["value"]["value"] += 1
    assert issued.content_hash != hash_of(issued.frozen)


def test_an_issued_report_cannot_be_changed_or_issued_again(issued: StatusReport, dorte: Member) -> None:
    with pytest.raises(Problem) as written:
        write_narrative(member=dorte, report=issued, narrative={"done": "Other words."}, language="en")
    with pytest.raises(Problem) as again:
        issue_report(member=dorte, report=issued)
    assert {written.value.number, again.value.number} == {"409.301"}


def test_a_report_without_figures_cannot_be_issued(third: Initiative, dorte: Member) -> None:
    report = start_report(member=dorte, initiative=third, as_at="2017-06")
    with pytest.raises(Problem) as found:
        issue_report(member=dorte, report=report)
    assert found.value.number == "409.302"


def test_a_draft_is_for_writers_and_deliverers_and_an_issued_report_for_all_who_follow(
    draft: StatusReport, everyone: dict[str, Member], signed_in: SignIn
) -> None:
    def answers() -> dict[str, int]:
        url = f"/programme/reports/{draft.ref}/"
        return {name: signed_in(member).get(url).status_code for name, member in everyone.items()}

    assert answers() == {
        "amina": 403,
        "bogdan": 200,
        "chika": 404,
        "dorte": 200,
        "emil": 404,
        "freja": 404,
        "gitte": 404,
        "hugo": 404,
        "henk": 403,
    }
    issue_report(member=everyone["dorte"], report=draft)
    assert {name for name, status in answers().items() if status == 200} == {
        "bogdan",
        "dorte",
        "emil",
        "freja",
        "gitte",
    }


def test_a_chart_is_a_picture_of_its_own(draft: StatusReport, dorte: Member, signed_in: SignIn) -> None:
    client = signed_in(dorte)
    for theme in ("light", "dark", "print"):
        chart = client.get(f"/programme/reports/{draft.ref}/charts/visits.{theme}.svg")
        assert chart["Content-Type"] == "image/svg+xml"
        assert chart.content.startswith(b"<svg")
        assert b"style=" not in chart.content and b"<style" not in chart.content
    assert client.get(f"/programme/reports/{draft.ref}/charts/visits.pink.svg").status_code == 404
    assert client.get(f"/programme/reports/{draft.ref}/charts/nothing.light.svg").status_code == 404


def test_the_live_chart_is_not_for_those_who_see_only_issued_figures(
    season: Initiative, emil: Member, dorte: Member, signed_in: SignIn
) -> None:
    url = f"/programme/initiatives/{season.ref}/charts/visits.light.svg"
    assert signed_in(dorte).get(url).status_code == 200
    assert signed_in(emil).get(url).status_code == 404


def test_words_that_seem_to_point_at_a_person_are_asked_about(
    draft: StatusReport, dorte: Member, signed_in: SignIn
) -> None:
    client = signed_in(dorte)
    url = f"/programme/reports/{draft.ref}/write/"
    asked = client.post(url, {"language": "en", "done": "Call +45 20 30 40 50."})
    assert asked.status_code == 400
    assert "telephone number" in asked.content.decode()
    assert client.post(url, {"language": "en", "done": "See 70 20 25 50.", "checked": "on"}).status_code == 302
    draft.refresh_from_db()
    assert draft.narrative == {"done": "See 70 20 25 50."}
    for number in ("010203-1234", "123456782"):  # invented
        refused = client.post(url, {"language": "en", "done": f"Her number is {number}.", "checked": "on"})
        assert refused.status_code == 400 and "personal number" in refused.content.decode()
        with pytest.raises(Problem, match=r"422\.10"):
            write_narrative(member=dorte, report=draft, narrative={"done": number}, language="en")
    draft.refresh_from_db()
    assert draft.narrative == {"done": "See 70 20 25 50."}


def test_letters_that_the_paper_has_no_font_for_do_not_break_it(
    draft: StatusReport, dorte: Member, signed_in: SignIn
) -> None:
    write_narrative(member=dorte, report=draft, narrative={"done": "ขอบคุณ 🙂 Дякую #strong[x] $x$ \x07"}, language="en")
    answer = signed_in(dorte).get(f"/programme/reports/{draft.ref}/en.pdf")
    assert answer.status_code == 200
    assert "#strong[x]" in text_of(answer.content)


def test_issuing_is_written_in_the_log_with_the_fingerprint(issued: StatusReport, dorte: Member) -> None:
    from lygte.core.audit import AuditEntry

    with scopes_disabled():
        entry = AuditEntry.objects.filter(verb="report.issue").get()
    assert entry.subject == issued.ref
    assert issued.content_hash in str(entry.details)


def test_another_funder_does_not_see_the_plan_at_all(season: Initiative, dorte: Member, signed_in: SignIn) -> None:
    from tests.conftest import make_member

    other = make_member("dorte")
    other_org = Organisation.objects.create(name="Anden pulje (invented)", kind="funder", country="DK", language="da")
    Member.objects.filter(pk=other.pk).update(organisation=other_org)
    assert signed_in(other).get(f"/programme/plans/{season.plan.ref}/").status_code == 404
    assert signed_in(other).get(f"/programme/initiatives/{season.ref}/").status_code == 404


def test_a_report_that_differs_by_a_few_from_an_issued_one_is_refused(
    season: Initiative, dorte: Member, bogdan: Member
) -> None:
    """Three visits in one month stay hidden, also from somebody who subtracts two reports."""

    def issue(as_at: str) -> StatusReport:
        with scopes_disabled():
            return issue_report(member=dorte, report=start_report(member=dorte, initiative=season, as_at=as_at))

    issue("2017-01")
    for n in range(3):
        visit(300 + n, bogdan.organisation, date(2017, 2, n + 1), NAESTVED, spoken=2)
    with pytest.raises(Problem) as refused:
        issue("2017-02")
    assert refused.value.number == "409.304"
    for n in range(3):
        visit(400 + n, bogdan.organisation, date(2017, 3, n + 1), NAESTVED, spoken=2)
    assert issue("2017-03").state == StatusReport.State.ISSUED
