"""A phone sends filled forms: stored once, byte for byte, however it is sent."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from lygte.care.intake import receivers
from lygte.care.intake.actions import change_form_state, publish_form, revoke_device
from lygte.care.intake.models import Attachment, Device, Form, FormVersion, Submission
from lygte.care.intake.storage import path_of
from lygte.core.models import AuditEntry, Member, User
from lygte.core.problems import Problem

from .conftest import BOUNDARY, Phone, basic_workbook, body, filled

pytestmark = pytest.mark.django_db
SHARED_FORM = Path(__file__).resolve().parents[4] / "shared" / "forms" / "htcds_xlsform.xlsx"


def stored() -> list[Submission]:
    return list(Submission.objects.order_by("pk"))


def message_of(response: Any) -> tuple[str, str]:
    """Return (nature, text) of an OpenRosaResponse, and check what every answer must carry."""
    assert response["X-OpenRosa-Version"] == "1.0"
    assert int(response["X-OpenRosa-Accept-Content-Length"]) >= 10_000_000
    assert response["Content-Type"].startswith("text/xml")
    found = re.fullmatch(
        r'<OpenRosaResponse xmlns="http://openrosa.org/http/response" items="0">'
        r'<message nature="(\w+)">(.*)</message></OpenRosaResponse>',
        response.content.decode(),
        re.S,
    )
    assert found
    return found[1], found[2]


@pytest.mark.usefixtures("everywhere")
def test_a_filled_form_is_stored_byte_for_byte_and_answered_with_201(phone: Phone, basic: FormVersion) -> None:
    xml = filled(people=4)
    response = phone.send(xml)
    assert response.status_code == 201
    assert message_of(response)[0] == "submit_success"
    (submission,) = stored()
    assert bytes(submission.xml) == xml
    assert submission.form_version == basic
    assert submission.state == Submission.State.RECEIVED


@pytest.mark.usefixtures("everywhere")
def test_the_same_form_sent_again_is_answered_with_201_and_stored_once(phone: Phone, basic: FormVersion) -> None:
    xml = filled()
    assert [phone.send(xml).status_code for _ in range(5)] == [201] * 5
    assert len(stored()) == 1


@pytest.mark.usefixtures("everywhere")
def test_one_line_in_the_log_for_one_form_however_often_it_is_sent(phone: Phone, basic: FormVersion) -> None:
    xml = filled()
    for _ in range(3):
        phone.send(xml)
    (submission,) = stored()
    assert AuditEntry.objects.filter(verb="submission.receive", subject=submission.ref).count() == 1


@pytest.mark.usefixtures("everywhere")
def test_the_same_instance_with_other_contents_is_refused_and_the_first_is_kept(
    phone: Phone, basic: FormVersion
) -> None:
    first = filled(instance_id="uuid:1", people=1)
    phone.send(first)
    response = phone.send(filled(instance_id="uuid:1", people=2))
    assert response.status_code == 409
    nature, text = message_of(response)
    assert nature == "error" and text.startswith("409.149")
    assert [bytes(s.xml) for s in stored()] == [first]


@pytest.mark.usefixtures("everywhere")
def test_head_says_204_with_the_length_it_accepts_and_works_with_a_device_id(phone: Phone) -> None:
    response = phone.client.head(phone.url("submission") + "?deviceID=collect%3Aabc")
    assert response.status_code == 204
    assert response["X-OpenRosa-Accept-Content-Length"] == "100000000"
    assert response["X-OpenRosa-Version"] == "1.0"


@pytest.mark.usefixtures("everywhere")
def test_neither_the_device_id_nor_the_name_of_the_app_is_stored(phone: Phone, basic: FormVersion) -> None:
    response = phone.client.post(
        phone.url("submission") + "?deviceID=collect:SENTINEL-device",
        data=body([("xml_submission_file", "a.xml", filled())]),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"User-Agent": "SENTINEL-agent"},
    )
    assert response.status_code == 201
    for model in (Submission, Device, AuditEntry):
        assert not any("SENTINEL" in str(value) for row in model.objects.values_list() for value in row)


@pytest.mark.usefixtures("everywhere")
def test_the_phone_is_noted_by_day_only(phone: Phone, basic: FormVersion) -> None:
    phone.send(filled())
    device = Device.objects.get()
    assert device.last_seen is not None and not hasattr(device.last_seen, "hour")


@pytest.mark.parametrize("path", ["submission", "formList", "forms/" + "a" * 26 + ".xml", "anything"])
def test_a_wrong_token_is_answered_with_403_and_told(path: str) -> None:
    client = Client()
    call = client.post if path == "submission" else client.get
    response = call(f"/-/not-a-token/{path}")
    assert response.status_code == 403
    assert message_of(response)[1].startswith("403.156")


@pytest.mark.usefixtures("everywhere")
def test_a_revoked_phone_and_the_phone_of_a_member_who_left_are_shut_out(phone: Phone, amina: Member) -> None:
    assert phone.get("formList").status_code == 200
    amina.active = False
    amina.save()
    assert phone.get("formList").status_code == 403
    amina.active = True
    amina.save()
    assert phone.get("formList").status_code == 200
    User.objects.filter(pk=amina.user.pk).update(is_active=False)
    assert phone.get("formList").status_code == 403
    User.objects.filter(pk=amina.user.pk).update(is_active=True)
    revoke_device(member=amina, device=phone.device.device)
    assert phone.get("formList").status_code == 403


def basic_header(username: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


@pytest.mark.usefixtures("everywhere")
def test_a_client_that_logs_in_is_asked_to_and_then_served(phone: Phone, basic: FormVersion) -> None:
    client, device = Client(), phone.device
    response = client.get("/openrosa/formList")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Digest ") and 'Basic realm="Lygte"' in response["WWW-Authenticate"]
    assert message_of(response)[1].startswith("401.157")
    good = basic_header(device.username, device.password)
    response = client.get("/openrosa/formList", headers=good)
    assert response.status_code == 200
    assert b"http://testserver/openrosa/forms/" in response.content
    sent = client.post(
        "/openrosa/submission",
        data=body([("xml_submission_file", "a.xml", filled())]),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers=good,
    )
    assert sent.status_code == 201
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff:x").decode(), "Bearer x", "Basic AAAA", "Basic AA=="],
)
def test_a_strange_login_is_a_wrong_login(header: str) -> None:
    assert Client().get("/openrosa/formList", headers={"Authorization": header}).status_code == 401


def test_the_wrong_password_of_a_right_user_is_refused(phone: Phone) -> None:
    header = basic_header(phone.device.username, phone.device.password[:-1])
    assert Client().get("/openrosa/formList", headers=header).status_code == 401


@pytest.mark.usefixtures("everywhere")
def test_the_secrets_of_a_phone_are_not_kept(phone: Phone) -> None:
    row = " ".join(str(value) for value in Device.objects.values_list()[0])
    assert phone.device.token not in row
    assert phone.device.password not in row


@pytest.mark.usefixtures("everywhere")
def test_a_form_of_another_organisation_does_not_exist(phone: Phone, chika: Member) -> None:
    publish_form(member=chika, workbook=basic_workbook(), filename="basic.md")
    response = phone.send(filled())
    assert response.status_code == 404
    assert message_of(response)[1].startswith("404.146")
    assert stored() == []


@pytest.mark.usefixtures("everywhere")
def test_every_version_ever_published_is_taken_in_and_others_are_not(
    phone: Phone, basic: FormVersion, bogdan: Member
) -> None:
    newer = publish_form(member=bogdan, workbook=basic_workbook("2"), filename="basic.md")
    assert phone.send(filled(version="1")).status_code == 201
    assert phone.send(filled(version="2")).status_code == 201
    response = phone.send(filled(version="3"))
    assert response.status_code == 404
    assert message_of(response)[1].startswith("404.147")
    assert [s.form_version for s in stored()] == [basic, newer]


@pytest.mark.usefixtures("everywhere")
def test_a_closed_form_takes_nothing_new_but_confirms_what_it_has(
    phone: Phone, basic: FormVersion, bogdan: Member
) -> None:
    early = filled()
    phone.send(early)
    change_form_state(member=bogdan, form=basic.form, state=Form.State.CLOSED)
    assert phone.send(early).status_code == 201
    response = phone.send(filled())
    assert response.status_code == 409
    assert message_of(response)[1].startswith("409.148")
    assert len(stored()) == 1


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("everywhere")
def test_files_come_in_several_requests_and_under_names_in_utf_8(phone: Phone, basic: FormVersion) -> None:
    xml = filled(extra="<photo>blåbær 北.jpg</photo>")
    assert phone.send(xml, incomplete=True).status_code == 201
    assert phone.send(xml, ("blåbær 北.jpg", b"\xff\xd8picture\r\n--not the end")).status_code == 201
    (file,) = Attachment.objects.all()
    assert file.name == "blåbær 北.jpg"
    assert path_of(file.stored_as).read_bytes() == b"\xff\xd8picture\r\n--not the end"
    assert "bl" not in file.stored_as or len(file.stored_as) == 26
    assert len(stored()) == 1


@pytest.mark.usefixtures("everywhere")
def test_a_file_sent_again_replaces_the_one_before(
    phone: Phone, basic: FormVersion, django_capture_on_commit_callbacks: Any
) -> None:
    xml = filled(extra="<photo>p.jpg</photo>")
    phone.send(xml, ("p.jpg", b"first"))
    before = path_of(Attachment.objects.get().stored_as)
    with django_capture_on_commit_callbacks(execute=True):
        phone.send(xml, ("p.jpg", b"second"))
    (file,) = Attachment.objects.all()
    assert path_of(file.stored_as).read_bytes() == b"second"
    assert not before.exists()


@pytest.mark.usefixtures("everywhere")
def test_files_that_the_form_does_not_name_are_ignored(phone: Phone, basic: FormVersion) -> None:
    assert phone.send(filled(), ("../../etc/passwd", b"x"), ("other.jpg", b"y")).status_code == 201
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("everywhere")
def test_a_hundred_files_and_the_form_come_in_one_request(phone: Phone, basic: FormVersion) -> None:
    """Django's own limit would be a hundred parts with files; phones send a hundred and the form."""
    files = [(f"{n}.jpg", b"x") for n in range(100)]
    assert phone.send(filled(), *files).status_code == 201


@pytest.mark.usefixtures("everywhere")
def test_a_refused_form_leaves_no_file_behind(phone: Phone, basic: FormVersion, monkeypatch: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("lygte.care.intake.actions.filled.store_submission", fail)
    folder = Path(settings.ATTACHMENTS_DIR)
    before = set(folder.rglob("*")) if folder.exists() else set()
    response = phone.send(filled(extra="<photo>p.jpg</photo>"), ("p.jpg", b"first"))
    assert response.status_code == 503
    assert message_of(response)[1].startswith("503.161")
    assert {p for p in folder.rglob("*") if p.is_file()} == {p for p in before if p.is_file()}


# Handing over --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("everywhere")
def test_a_room_gets_the_answers_nested_and_repeats_as_lists(
    phone: Phone, basic: FormVersion, receiver: list[receivers.Received], amina: Member
) -> None:
    phone.send(filled(instance_id="uuid:1", people=7, extra="<item><kind>a</kind></item>"))
    (received,) = receiver
    assert received.answers == {"people": "7", "note": "Blåbærgrød", "item": [{"kind": "a"}]}
    assert (received.form_id, received.version, received.instance_id) == ("basic", "1", "uuid:1")
    assert received.member == amina and received.organisation == amina.organisation
    assert stored()[0].state == Submission.State.TAKEN


@pytest.mark.usefixtures("everywhere")
def test_a_room_gets_a_form_once_however_often_it_is_sent(
    phone: Phone, basic: FormVersion, receiver: list[receivers.Received]
) -> None:
    xml = filled()
    for _ in range(3):
        phone.send(xml)
    assert len(receiver) == 1


@pytest.mark.parametrize(
    "error, number", [(Problem("422.170", form_id="basic", name="x"), "422.170"), (KeyError("x"), "422.171")]
)
@pytest.mark.usefixtures("everywhere")
def test_what_a_room_cannot_take_is_stored_acknowledged_and_waits(
    phone: Phone, basic: FormVersion, receiver: list[Any], error: Exception, number: str
) -> None:
    def refuse(received: receivers.Received) -> None:
        Form.objects.create(organisation=received.organisation, form_id="half-written", title="half-written")
        raise error

    receivers.on_submission("basic", refuse)
    assert phone.send(filled()).status_code == 201
    (submission,) = stored()
    assert (submission.state, submission.problem_number) == (Submission.State.NEEDS_LOOK, number)
    assert not Form.objects.filter(form_id="half-written").exists()


@pytest.mark.usefixtures("everywhere")
def test_a_submission_costs_few_queries(phone: Phone, basic: FormVersion, receiver: list[Any]) -> None:
    phone.send(filled())
    with CaptureQueriesContext(connection) as queries:
        assert phone.send(filled()).status_code == 201
    assert len(queries) <= 11


@pytest.mark.usefixtures("everywhere")
def test_the_scope_of_the_phone_is_open_and_no_other(phone: Phone, basic: FormVersion, chika: Member) -> None:
    with scope(organisation=chika.organisation):
        assert phone.send(filled()).status_code == 201


@pytest.mark.skipif(not SHARED_FORM.exists(), reason="the form of others lies beside the repository only")
@pytest.mark.usefixtures("everywhere")
def test_a_real_form_written_by_others_is_filled_in_and_stored_once(phone: Phone, bogdan: Member) -> None:
    version = publish_form(member=bogdan, workbook=SHARED_FORM.read_bytes(), filename=SHARED_FORM.name)
    xml = filled(form_id=version.form.form_id, version=version.version)
    assert [phone.send(xml).status_code for _ in range(3)] == [201] * 3
    assert [bytes(s.xml) for s in stored()] == [xml]
