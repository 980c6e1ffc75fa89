"""Hostile and broken submissions: a numbered problem below 500, quickly, and nothing half-written."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lygte.care.intake.instance import MAX_DEPTH, MAX_ELEMENTS, Instance, answers_of, parse_instance
from lygte.care.intake.models import FormVersion, Submission
from lygte.core.problems import Problem

from .conftest import BOUNDARY, Phone, body, filled

pytestmark = pytest.mark.django_db
META = b'<m:meta xmlns:m="http://openrosa.org/xforms"><m:instanceID>uuid:1</m:instanceID></m:meta>'
LAUGHS = (
    b"<!DOCTYPE data ["
    + b'<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><data id="basic" version="1"><people>&a9;</people>'
    + META
    + b"</data>"
)
XXE = (
    b'<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="basic" version="1"><note>&x;</note>'
    + META
    + b"</data>"
)
REMOTE = b'<!DOCTYPE data SYSTEM "http://127.0.0.1:9/x.dtd"><data id="basic" version="1">' + META + b"</data>"
DEEP = b'<data id="basic" version="1">' + b"<a>" * 200_000 + b"</a>" * 200_000 + META + b"</data>"
UTF_7 = b'<?xml version="1.0" encoding="UTF-7"?><data id="basic" version="1">+ADw-script+AD4-' + META + b"</data>"
UTF_16 = '<?xml version="1.0" encoding="UTF-16"?><data id="basic" version="1"/>'.encode("utf-16")
WIDE = b'<data id="basic" version="1">' + b"<a/>" * (MAX_ELEMENTS + 1) + META + b"</data>"
HUGE_ATTRIBUTE = b'<data id="basic" version="1" x="' + b"x" * 20_000_000 + b'">' + META + b"</data>"
HOSTILE = {
    "billion laughs": (LAUGHS, "400.141"),
    "external entity": (XXE, "400.141"),
    "external document type": (REMOTE, "400.141"),
    "200,000 levels": (DEEP, "400.142"),
    "UTF-7": (UTF_7, "400.143"),
    "UTF-16": (UTF_16, "400.143"),
    "UTF-16 without a mark": (UTF_16[2:], "400.143"),
    "too many elements": (WIDE, "413.144"),
    "huge attribute": (HUGE_ATTRIBUTE, "413.144"),
    "NUL": (filled().replace(b"3</people>", b"3\0</people>"), "400.140"),
    "NUL as reference": (filled().replace(b"3</people>", b"3&#0;</people>"), "400.140"),
    "not UTF-8": (filled().replace(b"3</people>", b"\xff\xfe</people>"), "400.143"),
    "not XML": (b"hello", "400.140"),
    "nothing": (b"", "400.140"),
    "cut off": (filled()[:-20], "400.140"),
    "two roots": (filled() + b"<data/>", "400.140"),
    "undeclared entity": (filled().replace(b"3</people>", b"&x;</people>"), "400.140"),
    "undeclared prefix": (b'<data id="basic" version="1"><q:a/></data>', "400.140"),
    "no instanceID": (b'<data id="basic" version="1"><people>3</people></data>', "400.145"),
    "endless instanceID": (filled(instance_id="uuid:" + "1" * 300), "400.145"),
    "no form id": (b"<data>" + META + b"</data>", "404.146"),
}


@pytest.mark.usefixtures("everywhere", "basic")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_form_is_refused_in_a_second_with_its_number(name: str, phone: Phone) -> None:
    xml, number = HOSTILE[name]
    start = time.process_time()  # of this process, so that a busy machine does not fail the test
    response = phone.send(xml)
    assert time.process_time() - start < 1
    assert response.status_code == int(number.split(".")[0])
    assert number in response.content.decode()
    assert response["X-OpenRosa-Version"] == "1.0"
    assert not Submission.objects.exists()


def test_a_form_at_the_limits_is_read() -> None:
    deep = b"<a>" * (MAX_DEPTH - 2) + b"</a>" * (MAX_DEPTH - 2)
    assert parse_instance(b'<data id="basic" version="1">' + deep + META + b"</data>").instance_id == "uuid:1"


def test_the_instance_id_is_found_under_any_prefix_and_none() -> None:
    for meta in (
        "<meta><instanceID>uuid:1</instanceID></meta>",
        '<meta xmlns="http://openrosa.org/xforms"><instanceID> uuid:1 </instanceID></meta>',
        '<n0:meta xmlns:n0="http://openrosa.org/xforms"><n0:instanceID>uuid:1</n0:instanceID></n0:meta>',
    ):
        assert parse_instance(f'<x:data xmlns:x="urn:x" id="a">{meta}</x:data>'.encode()).instance_id == "uuid:1"


# The request around it -----------------------------------------------------------------------------------------------

GOOD = body([("xml_submission_file", "a.xml", filled())])
REQUESTS = {
    "no boundary": (GOOD, "multipart/form-data", 415),
    "urlencoded": (b"a=b", "application/x-www-form-urlencoded", 415),
    "bare xml": (filled(), "text/xml", 415),
    "next to nothing": (b"x", f"multipart/form-data; boundary={BOUNDARY}", 400),
    "other boundary": (GOOD, "multipart/form-data; boundary=another", 400),
    "cut off": (GOOD[:-30], f"multipart/form-data; boundary={BOUNDARY}", 400),
    "cut off at the last line": (GOOD[: GOOD.rindex(b"--")], f"multipart/form-data; boundary={BOUNDARY}", 400),
    "no form": (body([("other", "a.xml", filled())]), f"multipart/form-data; boundary={BOUNDARY}", 400),
    "two forms": (
        body([("xml_submission_file", "a.xml", filled())] * 2),
        f"multipart/form-data; boundary={BOUNDARY}",
        400,
    ),
    "too many parts": (
        body([("xml_submission_file", "a.xml", filled())] + [(f"{n}", f"{n}", b"") for n in range(300)]),
        f"multipart/form-data; boundary={BOUNDARY}",
        413,
    ),
    "endless name": (
        body([("xml_submission_file", "a.xml", filled()), ("n" * 300, "n" * 300, b"")]),
        f"multipart/form-data; boundary={BOUNDARY}",
        400,
    ),
    "endless headers": (
        GOOD.replace(b"Content-Disp", b"X: " + b"x" * 20_000 + b"\r\nContent-Disp"),
        f"multipart/form-data; boundary={BOUNDARY}",
        400,
    ),
    "base64 part": (
        GOOD.replace(b"Content-Disp", b"Content-Transfer-Encoding: base64\r\nContent-Disp"),
        f"multipart/form-data; boundary={BOUNDARY}",
        400,
    ),
    "names not in UTF-8": (
        GOOD.replace(b"a.xml", b"\xff.xml"),
        f"multipart/form-data; boundary={BOUNDARY}",
        400,
    ),
}


@pytest.mark.usefixtures("everywhere", "basic")
@pytest.mark.parametrize("name", REQUESTS)
def test_a_broken_request_is_refused_with_a_number(name: str, phone: Phone) -> None:
    data, content_type, status = REQUESTS[name]
    response = phone.send_raw(data, content_type=content_type)
    assert response.status_code == status
    assert f">{status}.1" in response.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.usefixtures("everywhere", "basic")
def test_a_request_that_announces_too_much_is_refused_unread(phone: Phone) -> None:
    response = phone.send_raw(GOOD, CONTENT_LENGTH="100000001")
    assert response.status_code == 413
    assert "413.154" in response.content.decode()


@pytest.mark.usefixtures("everywhere")
def test_a_large_request_is_read_from_a_file_and_stored_whole(phone: Phone, basic: FormVersion) -> None:
    photo = bytes(range(256)) * 20_000
    assert phone.send(filled(extra="<photo>p.jpg</photo>"), ("p.jpg", photo)).status_code == 201
    file = Submission.objects.get().attachments.get()
    assert file.size == len(photo)


@pytest.mark.usefixtures("everywhere")
def test_a_large_request_that_was_cut_off_is_refused(phone: Phone, basic: FormVersion) -> None:
    data = body([("xml_submission_file", "a.xml", filled()), ("p.jpg", "p.jpg", b"x" * 3_000_000)])
    assert phone.send_raw(data[:-50]).status_code == 400
    assert not Submission.objects.exists()


@pytest.mark.usefixtures("everywhere")
def test_other_kinds_of_request_are_told_so(phone: Phone, basic: FormVersion) -> None:
    assert phone.client.get(phone.url("submission")).status_code == 405
    assert phone.client.post(phone.url("formList")).status_code == 405
    response = phone.client.put(phone.url("no/such/thing"))
    assert response.status_code == 404
    assert "404.158" in response.content.decode()


# Whatever comes ------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["data", "people", "item", "meta", "instanceID", "a", "b", "photo"])
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


def _element(name: str, attributes: dict[str, str], inside: list[bytes]) -> bytes:
    from xml.sax.saxutils import quoteattr

    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>".encode() + b"".join(inside) + f"</{name}>".encode()


def _trees() -> st.SearchStrategy[bytes]:
    from xml.sax.saxutils import escape

    attributes = st.dictionaries(st.sampled_from(["id", "version", "x"]), TEXTS, max_size=3)
    return st.recursive(
        TEXTS.map(lambda text: escape(text).encode()),
        lambda inner: st.builds(_element, NAMES, attributes, st.lists(inner, max_size=5)),
        max_leaves=25,
    )


@settings(max_examples=400, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), _trees()), cut=st.integers(0, 40), noise=st.binary(max_size=3))
def test_whatever_is_read_is_an_instance_or_a_numbered_problem(data: bytes, cut: int, noise: bytes) -> None:
    for broken in (data, data[cut:], data[:cut] + noise + data[cut:]):
        try:
            instance = parse_instance(broken)
        except Problem as problem:
            assert 400 <= problem.status < 500
        else:
            assert isinstance(instance, Instance) and instance.instance_id
            assert isinstance(answers_of(instance, ["/data/item"]), dict)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(place=st.integers(0, len(GOOD)), noise=st.binary(max_size=6), drop=st.integers(0, 30))
def test_a_request_damaged_anywhere_is_answered_below_500(
    place: int, noise: bytes, drop: int, phone: Phone, basic: FormVersion
) -> None:
    response = phone.send_raw(GOOD[:place] + noise + GOOD[place + drop :])
    assert response.status_code < 500
    assert response["X-OpenRosa-Version"] == "1.0"
