"""The whole path, by hand: a place, a phone, visits over OpenRosa, a plan, a report as page and as PDF, in three languages.

What the report says is compared with a count over what was sent.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lygte.care.intake.handover import publish_shipped
from lygte.core.models import Member
from lygte.facts import projection
from lygte.knowledge import programme
from lygte.knowledge.programme.models import StatusReport

from .phone import Phone

pytestmark = pytest.mark.browser
ADDENDUM = Path(programme.__file__).parent / "plans" / "dk-addendum-2015-2018.yaml"

# day, present, spoken to, new, women, interpreter, leaflets in Thai. Two full months, so that little must be hidden.
SENT = [
    *[(f"2016-09-{day:02}", 4, 3, 2, 3, "phone", 3) for day in range(5, 11)],
    *[(f"2017-02-{day:02}", 7, 6, 3, 6, "none", 2) for day in range(6, 13)],
    ("2017-07-02", 9, 9, 9, 9, "phone", 9),  # after the month of the report: must not count
]
COUNTED = [row for row in SENT if row[0] <= "2017-06-30"]


def add_place(page: Page, name: str, kind: str, municipality: str) -> str:
    """Add a place on its page and return its short code."""
    page.goto("/places/new/")
    page.locator("[name=code_name]").fill(name)
    page.locator("[name=kind]").select_option(kind) if page.locator("select[name=kind]").count() else page.locator(
        f"[name=kind][value={kind}]"
    ).check()
    page.locator("[name=area]").select_option(municipality)
    page.locator("form.ly-form button[type=submit]").last.click()
    expect(page.locator("h1")).to_have_text(name)
    found = re.search(r"\b[A-Z]\d[A-Z]\d\b", page.locator("main").inner_text())
    assert found
    return found[0]


def connect_phone(page: Page) -> Phone:
    """Add a phone on its page and read the server address off the page that shows its code."""
    page.goto("/intake/phones/add/")
    page.locator("[name=label]").fill("Blue phone")
    page.locator("main form button[type=submit]").click()
    for code in (0, 1):  # one for the app, one for ODK Collect
        expect(page.locator(".ly-qr svg").nth(code)).to_be_visible()
    found = re.search(r"http://[\w.:]+/-/[\w-]+", page.content())
    assert found
    return Phone(found[0])


def answers(place: str, row: tuple[Any, ...]) -> dict[str, object]:
    day, present, spoken, new, women, interpreter, thai = row
    filled = {
        "place": place, "day": day, "outcome": "spoke", "present": present, "spoken_to": spoken, "new": new,
        "gender_woman": women, "interpreter": interpreter, "minutes": 40, "team_size": 2,
    }  # fmt: skip
    return filled | ({"leaflets": "th", "leaflet_th": thai} if thai else {})


def paper(page: Page, url: str) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(page.request.get(url).body()))
    return reader, "\n".join(sheet.extract_text() for sheet in reader.pages)


def test_from_the_street_to_the_statistic(
    open_page: Any, live_server: Any, everyone: dict[str, Member], settings: Any
) -> None:
    settings.LYGTE_OLDEST_VISIT_DAYS = 36_500
    bogdan, dorte, emil = everyone["bogdan"], everyone["dorte"], everyone["emil"]
    publish_shipped(bogdan.organisation, bogdan)

    # The coordinator adds a place and connects a phone.
    desk = open_page(bogdan, width=1280)
    short_code = add_place(desk, "Quiet Heron", "clinic", "DK-370")
    phone = connect_phone(desk)

    # The phone fetches form and places, and sends each visit, some of them several times.
    form = phone.forms()["lygte_visit"]
    assert short_code.encode() in phone.media(form)["places.csv"]
    for number, row in enumerate(SENT):
        xml = phone.fill(form, answers(short_code, row))
        assert {phone.send(xml).status_code for _again in range(1 + number % 3)} == {201}
    lost = phone.send(phone.fill(form, answers("Z9Z9", SENT[0])))
    assert lost.status_code == 201

    # The coordinator sees the visits, and the one that names no known place waits for a look.
    desk.goto("/visits/")
    assert desk.locator("main").inner_text().count("Quiet Heron") >= len(SENT)
    desk.goto("/today/")
    expect(desk.locator("main")).to_contain_text("1 filled form needs a look")

    # The programme officer brings in the plan and says who delivers its third initiative.
    office = open_page(dorte, width=1280)
    office.goto("/programme/import/")
    office.locator("[name=file]").set_input_files(ADDENDUM)
    office.locator("main form button[type=submit]").click()
    office.locator("main a[href*='/programme/initiatives/']").nth(2).click()
    office.locator("main a[href$='/deliver/']").first.click()
    office.locator("[name=organisation]").select_option(label=bogdan.organisation.name)
    office.locator("[name=areas][value='DK-85']").check()
    office.locator("[name=from_month]").fill("2016-01")
    office.locator("main form button[type=submit]").click()
    office.locator("[name=as_at]").select_option("2017-06") if office.locator(
        "select[name=as_at]"
    ).count() else office.locator("[name=as_at]").fill("2017-06")
    office.locator("main form button[type=submit]").last.click()
    office.wait_for_url(re.compile("/programme/reports/"))
    report = StatusReport.objects.get()

    # The report says what a count by hand says, on the page and on paper, in three languages.
    by_hand = Counter(visits=len(COUNTED), spoken=sum(r[2] for r in COUNTED), new=sum(r[3] for r in COUNTED))
    by_hand["leaflets"] = sum(r[6] for r in COUNTED)
    assert by_hand == {"visits": 13, "spoken": 60, "new": 33, "leaflets": 32}
    words = {"en": ("visits", "leaflets"), "da": ("besøg", "foldere"), "nl": ("bezoeken", "folders")}
    for language, (visits, leaflets) in words.items():
        reader = open_page(dorte, language=language, width=1280)
        reader.goto(f"/programme/reports/{report.ref}/")
        shown = reader.locator("main").inner_text()
        pdf, printed = paper(reader, f"/programme/reports/{report.ref}/{language}.pdf")
        assert pdf.trailer["/Root"]["/Lang"].startswith(language)
        for text in (shown, printed):
            assert re.search(rf"\b{by_hand['visits']}\s+{visits}", text), text[:3000]
            assert re.search(rf"\b{by_hand['leaflets']}\s+{leaflets}", text)
            assert re.search(rf"\b{by_hand['spoken']}\s", text) and re.search(rf"\b{by_hand['new']}\s", text)
        assert reader.locator("main img[src*='.svg'], main svg").count() > 0

    # The authority's contact reads it only once it is issued, and never a place.
    contact = open_page(emil, width=1280)
    assert contact.request.get(f"/programme/reports/{report.ref}/").status == 404
    office.goto(f"/programme/reports/{report.ref}/")
    office.locator("form[action$='/issue/'] button").click()
    assert contact.request.get(f"/programme/reports/{report.ref}/").status == 200
    assert contact.request.get("/places/").status == 403

    # And the ledger is what the visits say.
    from django_scopes import scopes_disabled

    with scopes_disabled():
        before = projection.fingerprint()
        projection.rebuild()
        assert projection.fingerprint() == before
    assert configured.LYGTE_OLDEST_VISIT_DAYS == 36_500
