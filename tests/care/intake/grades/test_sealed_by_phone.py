"""The wire of our own app: what a phone sealed arrives once, open forms at once, locked ones as boxes."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client

from lygte.care.intake.actions import revoke_device
from lygte.care.intake.models import FormVersion, SealedFile, SealedSubmission, Submission
from lygte.core.models import Member
from lygte.core.vault import arrivals, envelopes
from tests.care.intake.conftest import Phone
from tests.care.intake.grades.conftest import OurApp, answered, graded
from tests.conftest import keep_open

pytestmark = pytest.mark.usefixtures("everywhere")


@pytest.fixture
def opened(publish: object) -> FormVersion:
    return publish(graded("open"))  # type: ignore[operator, no-any-return]


def test_a_phone_learns_the_keys_and_what_each_form_is_sealed_for(app: OurApp, locked: FormVersion) -> None:
    told = app.keys().json()
    assert told["state"] == "connected" and told["format"] == 1
    assert told["organisation"]["ref"] == locked.organisation.ref
    assert told["intake"] == {
        "id": arrivals.intake_key().id,
        "public": arrivals.intake_key().public.hex(),
        "fingerprint": arrivals.intake_key().fingerprint,
    }
    assert told["organisation_key"]["id"] == told["organisation_key"]["fingerprint"].replace(" ", "")
    assert told["forms"] == [
        {"form": "graded", "version": "1", "grade": "locked", "sealed_for": "organisation", "grid": 0.01}
    ]


def test_a_revoked_phone_is_told_to_wipe_and_a_strange_one_is_not(
    app: OurApp, phone: Phone, bogdan: Member, opened: FormVersion
) -> None:
    xml = answered("")
    sealed, _none = app.seal(xml, sealed_for="intake")
    revoke_device(member=bogdan, device=phone.device.device)
    for answer in (app.keys(), app.send(sealed)):
        assert answer.status_code == 403 and answer.json()["state"] == "cut_off"
    strange = Client().get(f"/-/{'x' * 43}/keys")
    assert strange.status_code == 403 and strange.json()["state"] == "unknown"
    assert not Submission.objects.exists()


def test_an_open_form_is_opened_on_arrival_and_stored_once(
    app: OurApp, opened: FormVersion, receiver: list[object]
) -> None:
    xml = answered("")
    sealed, _none = app.seal(xml, sealed_for="intake")
    again, _none = app.seal(xml, sealed_for="intake")
    for envelope in (sealed, sealed, again):
        answer = app.send(envelope)
        assert (answer.status_code, answer.json()) == (201, {"state": "stored"})
    assert bytes(Submission.objects.get().xml) == xml and not SealedSubmission.objects.exists()
    other, _none = app.seal(answered("", instance=envelopes.unpack(sealed).header.instance).replace(b">3<", b">4<"),
                            sealed_for="intake")  # fmt: skip
    assert app.send(other).json()["number"] == "409.149"


def test_what_is_sealed_to_an_old_intake_key_still_opens_and_to_a_lost_one_stays_on_the_phone(
    app: OurApp, opened: FormVersion
) -> None:
    sealed, _none = app.seal(answered(""), sealed_for="intake")
    arrivals.renew_intake_key(now=True)
    assert app.keys().json()["intake"]["id"] != envelopes.unpack(sealed).header.key
    assert app.send(sealed).status_code == 201
    from lygte.core.vault import ciphers

    public, _private = ciphers.new_pair()
    said = envelopes.unpack(sealed).header
    lost, _none = envelopes.seal_envelope(
        public, sealed_for="intake", organisation=said.organisation, form="graded", version="1",
        instance=f"uuid:{uuid.uuid4()}", content=answered(""),
    )  # fmt: skip
    assert app.send(lost).json()["number"] == "410.476"
    assert Submission.objects.count() == 1


def test_a_locked_form_is_kept_as_it_came_once_and_opens_in_a_session_with_the_key(
    app: OurApp, locked: FormVersion, key_holders: tuple[Member, Member], bogdan: Member
) -> None:
    xml = answered("<said>kept quiet</said><photo>a b.csv</photo><where>55.67612345 12.5683 7 4</where>")
    sealed, boxes = app.seal(xml, ("a b.csv", b"first,line\n"))
    assert app.send(sealed).status_code == 201
    for _ in range(2):
        assert app.send(sealed, boxes).status_code == 201
    kept = SealedSubmission.objects.get()
    assert kept.state == "waits" and SealedFile.objects.count() == 1 == kept.file_count
    assert not Submission.objects.exists()
    other, _none = app.seal(xml)
    assert app.send(other).json()["number"] == "409.149"
    client = Client()
    client.force_login(bogdan.user)
    shut = client.get(f"/intake/sealed/{kept.ref}/")
    assert shut.status_code == 423 and "kept quiet" not in shut.content.decode()
    keep_open(client, key_holders[1])
    page = client.get(f"/intake/sealed/{kept.ref}/")
    assert page.status_code == 200, page.content.decode()[-800:]
    text = page.content.decode()
    assert "kept quiet" in text and "a b.csv" in text and "55.675 12.565 0 0" in text and "55.67612345" not in text
    file = client.get(f"/intake/sealed/files/{SealedFile.objects.get().ref}")
    assert file.content == b"first,line\n" and file["Content-Disposition"].startswith("attachment")
    kept.refresh_from_db()
    assert kept.state == "opened"


def test_what_is_forged_is_refused_by_number_and_nothing_is_stored(app: OurApp, locked: FormVersion) -> None:
    xml = answered("<said>x</said>")
    sealed, _none = app.seal(xml)
    header = envelopes.unpack(sealed).raw_header
    elsewhere = header.replace(json.loads(header)["organisation"].encode(), b"a" * 26)
    wrong = {
        "400.474": [b"", b"LYG", sealed[:40], b"X" + sealed[1:], sealed.replace(b'"files":0', b'"files":x')],
        "409.475": [sealed.replace(header, elsewhere)],
        "404.147": [sealed.replace(b'"version":"1"', b'"version":"9"')],
        "410.476": [sealed.replace(b'"key":"', b'"key":"0', 1).replace(b'","id"', b'","id"')],
    }
    wrong["410.476"] = [sealed.replace(json.loads(header)["key"].encode(), b"0" * 24)]
    for number, tries in wrong.items():
        for one in tries:
            assert app.send(one).json()["number"] == number, one[:60]
    mixed, _none = app.seal(answered(""), sealed_for="intake", instance=f"uuid:{uuid.uuid4()}")
    assert app.send(mixed).json()["number"] == "422.477"
    assert not SealedSubmission.objects.exists() and not Submission.objects.exists()
    missing = app.client.post(app.phone.url("sealed"), data=b"", content_type="multipart/form-data; boundary=x")
    assert missing.json()["number"].startswith("4")
    assert app.client.get(app.phone.url("sealed")).status_code == 405


def test_another_organisations_sealed_form_is_404(
    app: OurApp, locked: FormVersion, chika: Member, signed_in: object
) -> None:
    app.send(app.seal(answered("<said>x</said>"))[0])
    kept = SealedSubmission.objects.get()
    client = signed_in(chika)  # type: ignore[operator]
    assert client.get(f"/intake/sealed/{kept.ref}/").status_code == 404
    assert client.post(f"/intake/sealed/{kept.ref}/take-in/").status_code == 404
