"""The pages of intake: forms, phones, filled forms; what each shows first, and what it never loses."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lygte.care.intake import receivers
from lygte.care.intake.models import Device, Form, FormVersion, Submission
from lygte.care.intake.qr import packed, qr_svg, settings_for_collect
from lygte.core.models import AuditEntry, Member
from lygte.core.problems import CATALOGUE, Problem, ProblemKind
from lygte.core.today import collect

from .conftest import Phone, basic_workbook, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
SignedIn = Callable[[Member], Client]
TOO_MANY = ProblemKind("There are {people} people.", "Correct the number.")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def uploaded(client: Client, data: bytes, name: str = "basic.md") -> Any:
    return client.post("/intake/forms/publish/", {"workbook": SimpleUploadedFile(name, data)})


# Forms ---------------------------------------------------------------------------------------------------------------


def test_with_no_form_the_list_says_what_to_do_first(signed_in: SignedIn, bogdan: Member, amina: Member) -> None:
    assert "Publish the first form" in text(signed_in(bogdan).get("/intake/forms/"))
    page = text(signed_in(amina).get("/intake/forms/"))
    assert "Ask the coordinator" in page and "/intake/forms/publish/" not in page


def test_a_workbook_becomes_a_form_with_its_page(signed_in: SignedIn, bogdan: Member) -> None:
    client = signed_in(bogdan)
    response = uploaded(client, basic_workbook())
    form = Form.objects.get()
    assert response.status_code == 302 and response["Location"] == f"/intake/forms/{form.ref}/"
    page = text(client.get(response["Location"]))
    assert "Basic form" in page and "English (en), Dansk (da)" in page
    assert "Basic form" in text(client.get("/intake/forms/"))


def test_every_fault_of_a_workbook_stands_in_a_table(signed_in: SignedIn, bogdan: Member) -> None:
    broken = basic_workbook().replace(b"integer ", b"integre ").replace(b"select_one kind", b"select_one kinds")
    response = uploaded(signed_in(bogdan), broken)
    assert response.status_code == 422
    page = text(response)
    assert "Things to mend: 2" in page
    assert "sheet survey, row 2, column type" in page and "sheet survey, row 6, column type" in page
    assert not Form.objects.exists()


@pytest.mark.parametrize("data, name", [(b"PK\x03\x04", "a.xlsx"), (b"", "a.xlsx"), (b"x", "a.exe")])
def test_a_file_that_is_no_workbook_is_told_on_the_same_page(
    signed_in: SignedIn, bogdan: Member, data: bytes, name: str
) -> None:
    response = uploaded(signed_in(bogdan), data, name)
    assert 400 <= response.status_code < 500
    assert 'name="workbook"' in text(response)


def test_no_file_at_all_is_told(signed_in: SignedIn, bogdan: Member) -> None:
    response = signed_in(bogdan).post("/intake/forms/publish/")
    assert response.status_code == 400
    assert "Choose the workbook of the form." in text(response)


def test_workbook_and_xform_can_be_downloaded_and_never_run(
    signed_in: SignedIn, amina: Member, basic: FormVersion
) -> None:
    client = signed_in(amina)
    workbook = client.get(f"/intake/versions/{basic.ref}/workbook")
    assert workbook.content == basic_workbook()
    xform = client.get(f"/intake/versions/{basic.ref}/xform")
    assert xform.content == bytes(basic.xform)
    for response in (workbook, xform):
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


def test_a_form_is_closed_and_opened_again(signed_in: SignedIn, bogdan: Member, basic: FormVersion) -> None:
    client = signed_in(bogdan)
    for state in ("closed", "open"):
        client.post(f"/intake/forms/{basic.form.ref}/state/", {"state": state})
        assert Form.objects.get().state == state
    assert client.post(f"/intake/forms/{basic.form.ref}/state/", {"state": "gone"}).status_code == 400


def test_a_worker_may_neither_publish_nor_close(signed_in: SignedIn, amina: Member, basic: FormVersion) -> None:
    client = signed_in(amina)
    assert uploaded(client, basic_workbook("2")).status_code == 403
    assert client.post(f"/intake/forms/{basic.form.ref}/state/", {"state": "closed"}).status_code == 403
    assert Form.objects.get().state == "open"


# Phones --------------------------------------------------------------------------------------------------------------


def test_a_new_phone_shows_its_code_once_and_the_code_works(
    signed_in: SignedIn, amina: Member, basic: FormVersion
) -> None:
    client = signed_in(amina)
    assert "Add the first phone" in text(client.get("/intake/phones/"))
    response = client.post("/intake/phones/add/", {"label": "red phone", "holder": amina.pk})
    page = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    token = re.search(r"http://testserver/-/([\w-]{43})<", page)
    assert token and "<svg" in page
    assert Client().get(f"/-/{token[1]}/formList").status_code == 200
    listed = text(client.get("/intake/phones/"))
    assert "red phone" in listed and token[1] not in listed


def test_the_code_holds_what_the_phone_app_needs_and_no_style() -> None:
    settings = settings_for_collect(server_url="https://x.example/-/t", project="Lanternen")
    assert json.loads(zlib.decompress(base64.b64decode(packed(settings)))) == settings
    assert settings["general"]["server_url"] == "https://x.example/-/t"
    assert settings["general"]["form_update_mode"] == "match_exactly"
    assert settings["general"]["analytics"] is False
    assert settings.keys() == {"general", "admin", "project"}
    drawn = qr_svg(packed(settings))
    assert drawn.startswith("<svg") and "style" not in drawn


def test_a_phone_can_only_be_given_to_a_colleague(signed_in: SignedIn, amina: Member, chika: Member) -> None:
    response = signed_in(amina).post("/intake/phones/add/", {"label": "red phone", "holder": chika.pk})
    assert response.status_code == 400
    assert not Device.objects.exists()


def test_a_revoked_phone_is_shown_as_such_and_cannot_be_revoked_twice(
    signed_in: SignedIn, amina: Member, phone: Phone
) -> None:
    client = signed_in(amina)
    address = f"/intake/phones/{phone.device.ref}/revoke/"
    assert client.post(address).status_code == 302
    assert "Revoked" in text(client.get("/intake/phones/"))
    assert client.post(address).status_code == 409
    assert phone.get("formList").status_code == 403


# Filled forms --------------------------------------------------------------------------------------------------------


def refuse_many(received: receivers.Received) -> None:
    if int(received.answers["people"]) > 50:
        part = Problem("422.199", at="people", people=received.answers["people"])
        raise Problem("422.199", at="people", parts=[part], people=received.answers["people"])


@pytest.fixture
def waiting(phone: Phone, basic: FormVersion, receiver: list[Any], monkeypatch: pytest.MonkeyPatch) -> Submission:
    """A filled form that the room above could not take in."""
    monkeypatch.setitem(CATALOGUE, "422.199", TOO_MANY)
    receivers.on_submission("basic", refuse_many)
    phone.send(filled(people=400, extra="<item><kind>b</kind></item><photo>p.jpg</photo>"))
    return Submission.objects.get()


def test_with_nothing_sent_the_list_says_so(signed_in: SignedIn, bogdan: Member) -> None:
    assert "Nothing has been sent yet" in text(signed_in(bogdan).get("/intake/submissions/"))


def test_those_that_need_a_look_come_first_and_the_rest_can_be_narrowed(
    signed_in: SignedIn, bogdan: Member, phone: Phone, waiting: Submission
) -> None:
    phone.send(filled(people=5))
    client = signed_in(bogdan)
    page = text(client.get("/intake/submissions/"))
    assert page.index("Needs a look") < page.index("Taken in</strong>")
    taken = text(client.get("/intake/submissions/?state=taken"))
    assert waiting.ref not in taken and "Taken in</strong>" in taken
    assert "Nothing fits" in text(client.get("/intake/submissions/?state=received"))
    assert client.get("/intake/submissions/?state=x&form=y&page=-3").status_code == 200


def test_the_page_of_a_filled_form_shows_labels_choices_and_missing_files(
    signed_in: SignedIn, bogdan: Member, waiting: Submission
) -> None:
    client = signed_in(bogdan)
    page = text(client.get(f"/intake/submissions/{waiting.ref}/"))
    assert "How many people" in page and "There are 400 people." in page
    assert "Pear" in page and "item[1]/kind" not in page
    assert "p.jpg" in page and "Has not come" in page
    assert "Hvor mange" in text(client.get(f"/intake/submissions/{waiting.ref}/", headers={"Accept-Language": "da"}))


def test_opening_a_filled_form_is_written_in_the_log(signed_in: SignedIn, bogdan: Member, waiting: Submission) -> None:
    signed_in(bogdan).get(f"/intake/submissions/{waiting.ref}/")
    assert AuditEntry.objects.filter(verb="submission.read", subject=waiting.ref, member_ref=bogdan.ref).count() == 1


def test_the_raw_form_is_downloaded_byte_for_byte(signed_in: SignedIn, bogdan: Member, waiting: Submission) -> None:
    response = signed_in(bogdan).get(f"/intake/submissions/{waiting.ref}/xml")
    assert response.content == bytes(waiting.xml)
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_is_downloaded_and_never_shown(
    signed_in: SignedIn, bogdan: Member, phone: Phone, basic: FormVersion
) -> None:
    phone.send(
        filled(extra="<photo>bl\u00e5 <b>.svg</photo>".replace("<b>", "&lt;b&gt;")), ("bl\u00e5 <b>.svg", b"<svg/>")
    )
    file = Submission.objects.get().attachments.get()
    response = signed_in(bogdan).get(f"/intake/files/{file.ref}")
    assert response.content == b"<svg/>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_answers_are_escaped(signed_in: SignedIn, bogdan: Member, phone: Phone, basic: FormVersion) -> None:
    phone.send(filled(people="&lt;script&gt;alert(1)&lt;/script&gt;"))
    page = signed_in(bogdan).get(f"/intake/submissions/{Submission.objects.get().ref}/").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_a_correction_takes_the_form_in_and_keeps_it_as_it_was(
    signed_in: SignedIn, bogdan: Member, waiting: Submission
) -> None:
    response = signed_in(bogdan).post(
        f"/intake/submissions/{waiting.ref}/resolve/",
        {"answer:people": "40", "answer:note": "Blåbærgrød", "answer:item[1]/kind": "a", "answer:other": "x"},
    )
    assert response.status_code == 302
    after = Submission.objects.get()
    assert after.state == Submission.State.TAKEN
    assert after.corrections == {"people": "40"}
    assert bytes(after.xml) == bytes(waiting.xml)
    assert AuditEntry.objects.filter(verb="submission.resolve", subject=waiting.ref).count() == 1


def test_a_correction_with_control_characters_is_kept_without_them(
    signed_in: SignedIn, bogdan: Member, waiting: Submission
) -> None:
    address = f"/intake/submissions/{waiting.ref}/resolve/"
    assert signed_in(bogdan).post(address, {"answer:people": "4\0\x01"}).status_code == 302
    assert Submission.objects.get().corrections == {"people": "4"}


def test_a_correction_that_does_not_help_is_told_and_nothing_is_kept(
    signed_in: SignedIn, bogdan: Member, waiting: Submission
) -> None:
    response = signed_in(bogdan).post(f"/intake/submissions/{waiting.ref}/resolve/", {"answer:people": "60"})
    assert response.status_code == 422
    assert "There are 60 people." in text(response)
    after = Submission.objects.get()
    assert (after.state, after.corrections) == (Submission.State.NEEDS_LOOK, {})


def test_what_has_been_taken_in_is_not_taken_in_again(signed_in: SignedIn, bogdan: Member, waiting: Submission) -> None:
    client = signed_in(bogdan)
    address = f"/intake/submissions/{waiting.ref}/resolve/"
    client.post(address, {"answer:people": "40"})
    assert client.post(address, {"answer:people": "41"}).status_code == 409
    assert Submission.objects.get().corrections == {"people": "40"}


def test_a_worker_sees_the_list_but_no_answers(signed_in: SignedIn, amina: Member, waiting: Submission) -> None:
    client = signed_in(amina)
    assert waiting.ref not in text(client.get("/intake/submissions/"))
    for path in ("", "xml"):
        assert client.get(f"/intake/submissions/{waiting.ref}/{path}").status_code == 403


def test_what_waits_is_on_the_list_of_today_for_those_who_can_mend_it(
    bogdan: Member, amina: Member, chika: Member, waiting: Submission
) -> None:
    (need,) = [n for n in collect(bogdan) if "state=needs_look" in n.url]
    assert need.count == 1 and need.urgent
    for other in (amina, chika):
        assert not [n for n in collect(other) if "state=needs_look" in n.url]


def test_another_organisation_gets_404_for_everything(
    signed_in: SignedIn, chika: Member, waiting: Submission, phone: Phone, basic: FormVersion
) -> None:
    client = signed_in(chika)
    for path in (
        f"/intake/forms/{basic.form.ref}/",
        f"/intake/versions/{basic.ref}/workbook",
        f"/intake/versions/{basic.ref}/xform",
        f"/intake/submissions/{waiting.ref}/",
        f"/intake/submissions/{waiting.ref}/xml",
    ):
        assert client.get(path).status_code == 404
    for path in (
        f"/intake/phones/{phone.device.ref}/revoke/",
        f"/intake/submissions/{waiting.ref}/resolve/",
        f"/intake/forms/{basic.form.ref}/state/",
    ):
        assert client.post(path, {"state": "closed"}).status_code == 404
    assert "Basic form" not in text(client.get("/intake/forms/"))
