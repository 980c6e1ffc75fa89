"""The acceptance list: what a server must do for the phone app, check by check; each is counted."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from lygte.care.intake import digest
from lygte.care.intake.actions import (
    add_form_file,
    change_form_state,
    discard_draft,
    encrypt_form,
    publish_draft,
    publish_form,
    put_in_trash,
    token_of,
    upload_draft,
)
from lygte.care.intake.answers import filling_of, missing_files
from lygte.care.intake.models import (
    AuditEvent,
    Device,
    Form,
    FormFile,
    FormVersion,
    Submission,
    TestSubmission,
)
from lygte.care.intake.opening import open_encrypted
from lygte.care.intake.storage import path_of
from lygte.core.models import Member
from lygte.core.problems import Problem
from tests.care.intake.conftest import basic_workbook, edit_of, filled

from .client import Collect, told
from .encrypting import PHONES, SPECIFICATION, encrypted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
Check = Callable[[str, object], None]
PASSPHRASE = "quiet lantern over water"

CASCADE = """\
| survey |
|        | type                           | name | label | choice_filter |
|        | select_one_from_file towns.csv | town | Town  |               |
|        | image                          | p    | Photo |               |
| settings |
|        | form_title | form_id | version |
|        | Towns      | towns   | 1       |
"""
AUDITED = """\
| survey |
|        | type    | name   | label  | parameters         |
|        | audit   | audit  |        | track-changes=true |
|        | integer | people | People |                    |
|        | text    | note   | Note   |                    |
| settings |
|        | form_title | form_id | version |
|        | Audited    | audited | 1       |
"""


def one(instance_id: str) -> Submission:
    return Submission.objects.get(instance_id=instance_id)


def test_the_table_of_addresses(phone: Collect, basic: FormVersion, bogdan: Member, check: Check) -> None:
    (listed,) = phone.form_list()
    check("formList is XML with the header and complete items", (listed.form_id, listed.version) == ("basic", "1"))
    check(
        "the hash is of the exact bytes",
        hashlib.md5(phone.form(listed), usedforsecurity=False).hexdigest() == basic.md5,
    )
    check("no manifest where there is no file", listed.manifest == "")
    one_form = phone.ask("GET", f"{phone.base}/formList?formID=nothing")
    check("formID narrows the list", one_form.status_code == 200 and b"<xform>" not in one_form.content)
    head = phone.head()
    check("HEAD is 204 with a length", head.status_code == 204 and "X-OpenRosa-Accept-Content-Length" in head.headers)
    (sent,) = phone.send(filled(instance_id="uuid:1"))
    check("a filled form is 201 with a message", sent.status_code == 201 and told(sent))
    check("an unknown address is told as OpenRosa", "404.158" in told(phone.ask("GET", f"{phone.base}/x")))
    elsewhere = phone.base.rpartition("/")[0] + "/wrong"
    wrong = Collect(elsewhere, phone.http).ask("GET", f"{elsewhere}/formList")
    check("a wrong token is 403, not 401", wrong.status_code == 403)
    headers = [head, sent, wrong]
    check("every answer carries the version", all(r.headers["X-OpenRosa-Version"] == "1.0" for r in headers))


def test_files_of_a_form_and_lists_of_ten_thousand(phone: Collect, bogdan: Member, check: Check) -> None:
    version = publish_form(member=bogdan, workbook=CASCADE.encode(), filename="towns.md")
    rows = "name,label,county\n" + "".join(f"t{n},Town {n},c{n % 90}\n" for n in range(10_000))
    first = add_form_file(member=bogdan, to=version.form, name="towns.csv", content=rows.encode())
    (listed,) = phone.form_list()
    check("a manifest where a file has content", listed.manifest)
    check("10,000 rows come whole under their hash", phone.media(listed) == {"towns.csv": rows.encode()})
    check("an unchanged hash fetches nothing", phone.media(listed, {"towns.csv": f"md5:{first.md5}"}) == {})
    add_form_file(member=bogdan, to=version.form, name="towns.csv", content=b"name,label\na,A\n")
    check("a newer file has another hash", phone.media(listed, {"towns.csv": f"md5:{first.md5}"}) != {})
    check("the bytes before are kept", path_of(first.stored_as).read_bytes() == rows.encode())
    check("the version itself is unchanged", phone.form(listed) == bytes(version.xform))
    for name, content, number in (
        ("other.csv", b"x", "422.420"), ("towns.csv", b"", "422.422"), ("towns.csv", b"\xff\xfe", "422.104"),
    ):  # fmt: skip
        with pytest.raises(Problem) as caught:
            add_form_file(member=bogdan, to=version.form, name=name, content=content)
        check(f"a file that does not fit is {number}", caught.value.number == number)
    response = phone.ask("GET", f"{listed.download.removesuffix('.xml')}/media/none.csv")
    check("a file that is not there is 404", response.status_code == 404)


def test_the_eight_rules_of_sending(phone: Collect, basic: FormVersion, bogdan: Member, check: Check) -> None:
    name = "blåbær 北.jpg"
    xml = filled(instance_id="uuid:1", extra=f"<photo>{name}</photo>")
    (sent,) = phone.send(xml, {name: b"picture", "other.jpg": b"ignored"})
    check("1 an unknown instance is stored as received", sent.status_code == 201 and bytes(one("uuid:1").xml) == xml)
    files = list(one("uuid:1").attachments.values_list("name", flat=True))
    check("7 names in UTF-8; unknown files are ignored", files == [name])
    (again,) = phone.send(xml, {name: b"replaced"})
    stored = path_of(one("uuid:1").attachments.get().stored_as).read_bytes()
    check("2 the same again is 201 and replaces files", again.status_code == 201 and stored == b"replaced")
    (other,) = phone.send(filled(instance_id="uuid:1", people=9))
    check("3 other contents are 409 with a message", other.status_code == 409 and "409.149" in told(other))
    (edit,) = phone.send(edit_of("uuid:1", instance_id="uuid:2", extra=f"<photo>{name}</photo>"))
    check("4 an edit becomes current", edit.status_code == 201 and one("uuid:1").replaced_by == one("uuid:2"))
    check("4 its missing file is carried forward", not missing_files(one("uuid:2")))
    (stale,) = phone.send(edit_of("uuid:1", instance_id="uuid:3"))
    check("4 an edit of what is not current is 409", stale.status_code == 409)
    (unknown,) = phone.send(edit_of("uuid:none", instance_id="uuid:3"))
    check("4 an edit of nothing is 404", unknown.status_code == 404)
    put_in_trash(member=bogdan, submission=one("uuid:2"))
    (trashed,) = phone.send(edit_of("uuid:1", instance_id="uuid:2", extra=f"<photo>{name}</photo>"))
    check("5 what lies in the trash is 409", trashed.status_code == 409 and "409.402" in told(trashed))
    (no_version,) = phone.send(filled(version="7"))
    check("6 an unknown version is 404", no_version.status_code == 404 and told(no_version))
    change_form_state(member=bogdan, form=basic.form, state=Form.State.CLOSED)
    (closed,) = phone.send(filled())
    check("6 a closed form is 409", closed.status_code == 409)
    change_form_state(member=bogdan, form=basic.form, state=Form.State.OPEN)
    phone.send(filled(instance_id="uuid:4", extra="<photo>late.jpg</photo>"))
    check("7 a file that has not come is missing", missing_files(one("uuid:4")) == ["late.jpg"])
    Device.objects.update(revoked_at=basic.published_at)
    check("8 a phone without the right hears so, not 404", phone.head().status_code == 403)


def test_digest(login: Collect, basic: FormVersion, check: Check) -> None:
    (listed,) = login.form_list()
    check(
        "digest is asked for first, basic beside it",
        login.asked[0].startswith("Digest ") and "Basic " in login.asked[0],
    )
    check("one challenge serves many requests", login.form(listed) and len(login.asked) == 1)
    (sent,) = login.send(filled(instance_id="uuid:1"))
    check("a form goes out with digest", sent.status_code == 201)
    url = login.url(f"{login.base}/formList")

    def try_with(header: str, at: str = url) -> Any:
        return login.http.get(at, headers={"Authorization": header})

    used = login.credentials("GET", url)
    check("a fresh answer is taken", try_with(used).status_code == 200)
    replayed = try_with(used)
    check("a replayed count is refused as stale", replayed.status_code == 401 and "stale=true" in str(replayed.headers))
    forged = login.credentials("GET", url, nonce="A" * 48)
    check("a nonce of somebody else is refused", try_with(forged).status_code == 401)
    check("... and not called stale", "stale=true" not in str(try_with(forged).headers))
    check("another realm is refused", try_with(login.credentials("GET", url, realm="Other")).status_code == 401)
    check("no qop is refused", try_with(login.credentials("GET", url, qop="")).status_code == 401)
    check("another opaque is refused", try_with(login.credentials("GET", url, opaque="0" * 32)).status_code == 401)
    elsewhere = login.credentials("GET", login.url(f"{login.base}/submission"))
    check("an answer for another address is refused", try_with(elsewhere).status_code == 401)
    wrong = Collect(login.base, login.http, login.username, login.password + "x", challenge=login.challenge)
    check("a wrong password is refused", try_with(wrong.credentials("GET", url)).status_code == 401)
    for header in ("Digest", "Digest x", "Digest a=", 'Digest username="a"', "Digest " + "a=" * 500):
        check("what is no answer is a wrong login", try_with(header).status_code == 401)


def test_an_old_nonce_is_renewed_without_asking_anybody(
    login: Collect, basic: FormVersion, check: Check, monkeypatch: Any
) -> None:
    login.form_list()
    later = time.time() + digest.LIFE_SECONDS + 5
    monkeypatch.setattr(digest.time, "time", lambda: later)
    check("an old nonce is renewed", login.form_list() and "stale=true" in login.asked[-1])
    cache.clear()


def test_what_is_kept_for_digest_opens_nothing_without_the_pepper(login: Collect, check: Check) -> None:
    row = Device.objects.get()
    ha1 = hashlib.md5(f"{login.username}:Lygte:{login.password}".encode(), usedforsecurity=False).hexdigest()
    check("the digest of the password is not in the table", ha1.encode() not in bytes(row.digest_box or b""))
    other = digest.open_digest_box("another", row.digest_box)
    check("the box opens only in its own row", other is None and digest.open_digest_box(row.ref, row.digest_box))


def test_a_phone_from_before_digest_is_told_what_to_do(
    login: Collect, signed_in: Any, bogdan: Member, check: Check
) -> None:
    Device.objects.update(digest_box=None)
    refused = login.ask("GET", f"{login.base}/formList")
    check("the number and the next step are told", refused.status_code == 401 and "401.730" in refused.text)
    check(
        "basic goes on",
        login.http.get(f"{login.base}/formList", auth=(login.username, login.password)).status_code == 200,
    )
    page = signed_in(bogdan).get("/intake/phones/").content.decode()
    check("the page of phones says it", "Needs a new code" in page and "401.730" in page)
    Device.objects.update(revoked_at="2026-01-01T00:00Z")
    check("not for a revoked one", "Needs a new code" not in signed_in(bogdan).get("/intake/phones/").content.decode())


def test_the_life_of_a_draft(http: Any, phone: Collect, basic: FormVersion, bogdan: Member, check: Check) -> None:
    draft = upload_draft(member=bogdan, workbook=basic_workbook("2"), filename="basic.md")
    tester = Collect(f"http://testserver/-/test/{token_of(draft.ref)}", http)
    (listed,) = tester.form_list()
    check("a draft has a list of its own", (listed.form_id, listed.version) == ("basic", "2"))
    check("phones do not see it", [form.version for form in phone.form_list()] == ["1"])
    check("its form comes under its hash", tester.form(listed))
    change_form_state(member=bogdan, form=basic.form, state=Form.State.CLOSED)
    (sent,) = tester.send(filled(instance_id="uuid:1", version="never"))
    check("any version is taken, also when the form is closed", sent.status_code == 201)
    tester.send(filled(instance_id="uuid:1", version="never"))
    check("once", TestSubmission.objects.count() == 1)
    check("test forms never meet the real ones", not Submission.objects.exists())
    again = upload_draft(member=bogdan, workbook=basic_workbook("3"), filename="basic.md")
    check("a new draft removes the old test forms", again == draft and not TestSubmission.objects.exists())
    check("a wrong token is 404", Collect("http://testserver/-/test/x", http).head().status_code == 404)
    tester.send(filled(instance_id="uuid:2"))
    published = publish_draft(member=bogdan, draft=again)
    check("publishing kills the link and the test forms", tester.head().status_code == 404)
    check("what was tried is what is published", published.version == "3" and not TestSubmission.objects.exists())
    with_file = upload_draft(member=bogdan, workbook=CASCADE.encode(), filename="towns.md")
    add_form_file(member=bogdan, to=with_file, name="towns.csv", content=b"name,label\na,A\n")
    trier = Collect(f"http://testserver/-/test/{token_of(with_file.ref)}", http)
    check("a draft has its files", trier.media(trier.form_list()[0]) == {"towns.csv": b"name,label\na,A\n"})
    form = publish_draft(member=bogdan, draft=with_file).form
    check("the files are published with it", FormFile.objects.get(form=form).name == "towns.csv")
    gone = upload_draft(member=bogdan, workbook=basic_workbook("4"), filename="basic.md")
    discard_draft(member=bogdan, draft=gone)
    check(
        "a draft thrown away is gone", Collect(f"http://testserver/-/test/{token_of(gone.ref)}", http).head().is_error
    )


@pytest.mark.parametrize("namespace", [PHONES, SPECIFICATION])
def test_an_encrypted_form_opens_with_its_passphrase_only(
    phone: Collect, basic: FormVersion, bogdan: Member, check: Check, namespace: str
) -> None:
    version = encrypt_form(member=bogdan, form=basic.form, passphrase=PASSPHRASE)
    (listed,) = phone.form_list()
    public = version.outline["public_key"]
    check("the form carries the key under a version of its own", public.encode() in phone.form(listed))
    check("the version is another", listed.version == version.version != basic.version)
    xml = filled(instance_id="uuid:1", version=version.version, people=41, extra="<photo>p.jpg</photo>")
    media = {"p.jpg": b"picture" * 100, "q.jpg": b""}
    envelope, files = encrypted(public, "basic", version.version, "uuid:1", xml, media, namespace=namespace)
    (sent,) = phone.send(envelope, files)
    check("ciphertext is stored as it came", sent.status_code == 201 and bytes(one("uuid:1").xml) == envelope)
    opened = open_encrypted(one("uuid:1"), PASSPHRASE)
    check("the passphrase opens form and files", (opened.xml, opened.files) == (xml, media))
    check("what the phone noted fits", opened.checked is True)
    with pytest.raises(Problem) as caught:
        open_encrypted(one("uuid:1"), PASSPHRASE + "x")
    check("another passphrase opens nothing", caught.value.number == "422.416")
    (plain,) = phone.send(filled(instance_id="uuid:2", version=version.version))
    check("the form in the open is refused", plain.status_code == 422 and "422.412" in told(plain))
    (no_key,) = phone.send(encrypted(public, "basic", "1", "uuid:3", xml, {})[0])
    check("ciphertext for a version without key is refused", "422.413" in told(no_key))
    forged, parts = encrypted(public, "basic", version.version, "uuid:4", xml, {}, noted=b"other")
    phone.send(forged, parts)
    check("damage is noticed", open_encrypted(one("uuid:4"), PASSPHRASE).checked is False)
    cut, parts = encrypted(public, "basic", version.version, "uuid:5", xml, {})
    phone.send(cut, {"submission.xml.enc": parts["submission.xml.enc"][:-1]})
    with pytest.raises(Problem) as caught:
        open_encrypted(one("uuid:5"), PASSPHRASE)
    check("what is cut off is told", caught.value.number == "422.418")
    newer = publish_form(member=bogdan, workbook=basic_workbook("2"), filename="basic.md")
    check("the next version is encrypted as well", newer.outline["public_key"] == public)


def test_a_file_in_the_open_beside_an_encrypted_form_is_sealed_and_told(
    phone: Collect, basic: FormVersion, bogdan: Member, check: Check
) -> None:
    version = encrypt_form(member=bogdan, form=basic.form, passphrase=PASSPHRASE)
    public = version.outline["public_key"]
    xml = filled(instance_id="uuid:1", version=version.version, extra="<photo>p.jpg</photo>")
    envelope, files = encrypted(public, "basic", version.version, "uuid:1", xml, {"p.jpg": b"picture"})
    (sent,) = phone.send(envelope, {**files, "p.jpg": b"SENTINEL in the open"})
    form = one("uuid:1")
    check("it is acknowledged and waits for a person", (sent.status_code, form.problem_number) == (201, "422.415"))
    sealed = form.attachments.get(name="p.jpg")
    check("nothing of it lies readable", b"SENTINEL" not in path_of(sealed.stored_as).read_bytes())
    check("the passphrase opens it", open_encrypted(form, PASSPHRASE).in_the_open == {"p.jpg": b"SENTINEL in the open"})


def test_a_form_that_must_be_read_here_cannot_be_encrypted(
    basic: FormVersion, receiver: list[Any], bogdan: Member, check: Check
) -> None:
    with pytest.raises(Problem) as caught:
        encrypt_form(member=bogdan, form=basic.form, passphrase=PASSPHRASE)
    check("a form that a room takes in stays readable", caught.value.number == "422.423")
    with pytest.raises(Problem) as caught:
        encrypt_form(member=bogdan, form=basic.form, passphrase="short")
    check("a short passphrase is refused", caught.value.number == "422.419")


def test_the_record_of_filling_in_is_read_with_patience(phone: Collect, bogdan: Member, check: Check) -> None:
    publish_form(member=bogdan, workbook=AUDITED.encode(), filename="audited.md")
    xml = filled(form_id="audited", instance_id="uuid:1").replace(
        b"</orx:meta>", b"<orx:audit>audit.csv</orx:audit></orx:meta>"
    )
    audit = (
        b"event,node,start,end,latitude,longitude,accuracy,old-value,new-value,unheard-of\n"
        b"form start,,1000,,55.6,12.5,1,,,x\n"
        b"question,/data/people,1000,61000,55.6,12.5,1,2,3,x\n"
        b"question,/data/note,61000,121000,,,,,,\n"
        b"question,/data/people,121000,181000,,,,,,\n"
        b"an event of tomorrow,,not a time,,,,,,,\n"
    )
    (sent,) = phone.send(xml, {"audit.csv": audit})
    check("the record is taken", sent.status_code == 201 and AuditEvent.objects.count() == 5)
    filling = filling_of(one("uuid:1"))
    assert filling is not None
    check("minutes, questions, jumps back", (filling.minutes, filling.questions, filling.jumps_back) == (3, 3, 1))
    changed = [(change.label, change.before, change.after) for change in filling.changes]
    check("changes in plain words", changed == [("People", "2", "3")])
    kept = path_of(one("uuid:1").attachments.get().stored_as).read_bytes()
    check("places are not kept where the form does not ask", b"55.6" not in kept and b"unheard-of" in kept)
    for broken in (b"", b"\xff\xfe\x00", b"event\n" + b'"' * 5000, b"nothing,else\n1,2\n"):
        (sent,) = phone.send(xml, {"audit.csv": broken})
        check("a broken record loses nothing", sent.status_code == 201)


def test_more_than_a_hundred_files_come_in_several_requests(phone: Collect, bogdan: Member, check: Check) -> None:
    questions = "".join(f"|        | image | p{n} | Photo |\n" for n in range(130))
    book = f"| survey |\n|        | type  | name | label |\n{questions}| settings |\n|  | form_id | version |\n|  | many | 1 |\n"
    publish_form(member=bogdan, workbook=book.encode(), filename="many.md")
    answers = "".join(f"<p{n}>{n}.jpg</p{n}>" for n in range(130))
    xml = filled(form_id="many", instance_id="uuid:1").replace(b"<orx:meta>", answers.encode() + b"<orx:meta>")
    sent = phone.send(xml, {f"{n}.jpg": b"x" for n in range(130)})
    check("two requests", [response.status_code for response in sent] == [201, 201])
    check("all files, one form", one("uuid:1").attachments.count() == 130 and Submission.objects.count() == 1)
    big = Collect.groups(b"x", {str(uuid.uuid4()): bytes(400) for _ in range(5)}, 1000)
    check("files that do not fit go in another request", [len(group) for group, _last in big] == [2, 2, 1])
