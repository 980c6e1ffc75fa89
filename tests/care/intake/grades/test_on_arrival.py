"""A locked form from any client is sealed before anything of it is written; open ones are made coarse before they are."""

from __future__ import annotations

import hashlib
import io
import struct
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from PIL import Image, PngImagePlugin

from lygte.care.intake import receivers
from lygte.care.intake.actions import submit_answers, take_in_sealed
from lygte.care.intake.coarsening import coarse_position, coarse_time
from lygte.care.intake.models import FormVersion, SealedFile, SealedSubmission, Submission
from lygte.care.intake.pictures import cleaned
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault.renewal import renew_organisation_key
from tests.care.intake.conftest import Phone
from tests.care.intake.grades.conftest import answered, graded
from tests.conftest import keep_open
from tests.hostile.thief.thief import Loot, Thief, dump, files_of_the_data_folder, files_of_the_database
from tests.secrets_in_logs import listen_for

pytestmark = pytest.mark.usefixtures("everywhere")

WORD = "zqlockedword"
listen_for(WORD)


def jpeg(size: tuple[int, int] = (64, 48)) -> bytes:
    """A photograph with everything hidden in it that phones and programs hide."""
    picture = Image.new("RGB", size, (200, 120, 40))
    exif = Image.Exif()
    exif[0x010F], exif[0x010E] = f"{WORD}maker", f"{WORD}description"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 34.0), 3: "E", 4: (12.0, 34.0, 6.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=f"{WORD}comment".encode(), icc_profile=f"{WORD}profile".encode(),
                 xmp=f"<x>{WORD}xmp</x>".encode())  # fmt: skip
    return out.getvalue()


def png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", f"{WORD}author")
    told.add_itxt("Title", f"{WORD}title", "en", "title")
    told.add_text("Comment", f"{WORD}zipped" * 20, zip=True)
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (1, 2, 3, 128)).save(out, "PNG", pnginfo=told, exif=exif_of_webp())
    return out.getvalue()


def exif_of_webp() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = f"{WORD}described"
    return exif


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "WEBP", exif=exif_of_webp(), xmp=f"<x>{WORD}</x>".encode())
    return out.getvalue()


PICTURES = {"a.jpg": jpeg, "a.png": png, "a.webp": webp}


@pytest.mark.parametrize("name", PICTURES)
def test_only_the_pixels_of_a_picture_are_left(name: str) -> None:
    before = PICTURES[name]()
    assert WORD.encode() in before, "the word was really there"
    after = cleaned(name, before)
    assert not after.quarantined and WORD.encode() not in after.content
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after.content)) as other:
        assert one.size == other.size and one.format == other.format
        assert not other.getexif() and not {"comment", "icc_profile", "xmp", "Author", "Title"} & set(other.info)


def test_a_picture_that_lies_on_its_side_is_turned_before_the_note_about_it_goes() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (60, 20)).save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(cleaned("a.jpg", out.getvalue()).content)) as turned:
        assert turned.size == (20, 60)


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"x" * 200


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.heic", HEIC, "format"), ("a.jpg", HEIC, "format"), ("a.jpg", b"no picture", "format"), ("a.jpg", b"", "format"),
     ("a.svg", b"<svg onload='alert(1)'/>", "format"), ("a.pdf", b"%PDF-1.7 x", "format"),
     ("a.jpg", jpeg((900, 900))[:2000], "damaged"), ("a.gif", b"GIF89a" + b"\0" * 40, "format")],
)  # fmt: skip
def test_what_cannot_be_cleaned_is_kept_and_quarantined(name: str, content: bytes, reason: str) -> None:
    kept = cleaned(name, content)
    assert (kept.content, kept.reason) == (content, reason)


def bomb(side: int) -> bytes:
    """The beginning of a PNG that says it has so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000)))


@pytest.mark.parametrize("side", [2_000, 9_000, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_without_unpacking_it(side: int) -> None:
    with pytest.raises(Problem, match=r"413\.481"):
        cleaned("bomb.png", bomb(side))


def test_positions_go_to_the_middle_of_their_square_and_times_to_the_hour() -> None:
    assert coarse_position("55.67612345 12.56839 7.5 4.2", 0.01) == "55.675 12.565 0 0"
    assert coarse_position("-55.67612345 -12.56839", 0.1) == "-55.65 -12.55 0 0"
    assert coarse_position("55.671 12.561;55.679 12.569;55.701 12.5", 0.01) == "55.675 12.565 0 0;55.705 12.505 0 0"
    for nothing in ("at home", "nan nan 0 0", "91 0", "inf 4", ""):
        assert coarse_position(nothing, 0.01) == ""
    assert coarse_time("2026-11-29T14:37:12.123+01:00") == "2026-11-29T14:00:00.000+01:00"
    assert coarse_time("14:37:12.000+01:00") == "14:00:00.000+01:00" and coarse_time("2026-11-29") == "2026-11-29"


def test_an_open_form_is_stored_coarse_and_the_same_bytes_again_are_the_same_form(
    publish: Callable[..., FormVersion], phone: Phone
) -> None:
    publish(graded("open", "start | begun |  ", "time | hour | When"))
    xml = answered("<begun>2026-11-29T14:37:12.123+01:00</begun><hour>14:37:00.000+01:00</hour>")
    for _ in range(2):
        assert phone.send(xml).status_code == 201
    stored = Submission.objects.get()
    kept = bytes(stored.xml)
    assert stored.sha256 not in (hashlib.sha256(xml).hexdigest(), hashlib.sha256(kept).hexdigest()), "a keyed hash"
    assert b"14:37" not in kept and b"2026-11-29T14:00:00.000+01:00" in kept and b">14:00:00.000+01:00<" in kept
    assert phone.send(xml.replace(b"14:37:12", b"14:37:13")).status_code == 409


def everything_on_the_disk(since: float) -> Loot:
    loot = Loot(rows=[dump()])
    temporary = (path for path in Path(tempfile.gettempdir()).glob("*") if path.is_file())
    fresh = [path for path in temporary if path.stat().st_mtime >= since and not path.name.startswith("pytest")]
    loot.take([*files_of_the_database(since), *files_of_the_data_folder(), *fresh])
    return loot


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_locked_form_lies_open_anywhere(
    locked: FormVersion, phone: Phone, bogdan: Member, key_holders: tuple[Member, Member]
) -> None:
    began = time.time() - 2
    xml = answered(
        f"<said>{WORD}said</said><photo>{WORD}.jpg</photo><where>75.67612345 112.56831274 7 4</where>",
        instance=f"uuid:{WORD}",
    )
    large = jpeg((2400, 1800)) + b"\0" * 1_500_000
    for files in ((), ((f"{WORD}.jpg", large),), ((f"{WORD}.jpg", large),)):
        assert phone.send(xml, *files).status_code == 201
    kept = SealedSubmission.objects.get()
    assert kept.file_count == 1 == SealedFile.objects.count() and not Submission.objects.exists()
    assert phone.send(xml.replace(b"3<", b"4<")).status_code == 409
    submit_answers(member=bogdan, form_id="graded", answers={"count": 1, "said": f"{WORD}typed"})
    client = keep_open(_signed_in(bogdan), key_holders[1])
    page = client.get(f"/intake/sealed/{kept.ref}/").content.decode()
    assert f"{WORD}said" in page and f"{WORD}.jpg" in page and "75.675 112.565 0 0" in page
    picture = client.get(f"/intake/sealed/files/{SealedFile.objects.get().ref}")
    assert picture.content[:2] == b"\xff\xd8" and WORD.encode() not in picture.content
    loot = everything_on_the_disk(began)
    # More digits than a time of day has seconds: one that was written at 12.568 s was once taken for the place.
    found = Thief(loot).plain([WORD, "75.67612", "112.56831"])
    print(f"{connection.vendor}: {len(loot.raw)} files, {sum(map(len, loot.raw.values())):,} bytes: {len(found)} words")
    assert not found
    assert not any(
        b"photo" in path.read_bytes()[:200] for path in Path(settings.ATTACHMENTS_DIR).rglob("*") if path.is_file()
    )
    kept.problem_number = WORD[:8]
    kept.save()
    assert Thief(everything_on_the_disk(began)).plain([WORD[:8]]), "a word left in the open would be found"


def _signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_a_quarantined_file_is_kept_and_told_by_number_and_never_shown(
    locked: FormVersion, phone: Phone, bogdan: Member, key_holders: tuple[Member, Member]
) -> None:
    assert phone.send(answered("<photo>a.heic</photo>"), ("a.heic", HEIC)).status_code == 201
    client = keep_open(_signed_in(bogdan), key_holders[1])
    answer = client.get(f"/intake/sealed/files/{SealedFile.objects.get().ref}")
    assert answer.status_code == 415 and b"415.482" in answer.content and b"heic" not in answer.content


def test_a_bomb_beside_a_locked_form_is_refused_and_nothing_is_stored(locked: FormVersion, phone: Phone) -> None:
    answer = phone.send(answered("<photo>b.png</photo>"), ("b.png", bomb(9_000)))
    assert answer.status_code == 413 and b"413.481" in answer.content
    assert not SealedSubmission.objects.exists()


def test_a_sealed_grade_takes_nothing_that_was_not_sealed_on_the_phone(
    publish: Callable[..., FormVersion], key_holders: tuple[Member, Member], phone: Phone
) -> None:
    publish(graded("sealed", "text | said | What was said"))
    answer = phone.send(answered("<said>x</said>"))
    assert answer.status_code == 403 and b"403.478" in answer.content
    assert not SealedSubmission.objects.exists() and not Submission.objects.exists()


@pytest.fixture
def received() -> Iterator[list[receivers.Received]]:
    got: list[receivers.Received] = []
    receivers.on_submission("graded", got.append)
    yield got
    receivers.RECEIVERS.pop("graded", None)


def test_a_sealed_form_becomes_a_record_when_a_key_holder_takes_it_in_and_stays_sealed_here(
    locked: FormVersion,
    phone: Phone,
    bogdan: Member,
    key_holders: tuple[Member, Member],
    received: list[receivers.Received],
) -> None:
    phone.send(answered("<said>quiet</said><where>55.67612345 12.5683 7 4</where>"))
    phone.send(answered("<said>second</said>"))
    assert received == []
    client = _signed_in(bogdan)
    assert client.post("/intake/sealed/take-in/").status_code == 423 and received == []
    keep_open(client, key_holders[1])
    assert client.post("/intake/sealed/take-in/").status_code == 302
    assert [one.answers["said"] for one in received] == ["quiet", "second"]
    assert received[0].answers["where"] == "55.675 12.565 0 0" and received[0].member == phone.device.device.member
    assert set(SealedSubmission.objects.values_list("state", flat=True)) == {"taken"}
    assert AuditEntry.objects.filter(verb="submission.resolve").count() == 2
    one = SealedSubmission.objects.first()
    assert client.post(f"/intake/sealed/{one.ref}/take-in/").status_code == 409


def test_what_a_room_refuses_waits_with_the_number_of_its_problem(
    locked: FormVersion, phone: Phone, key_holders: tuple[Member, Member], received: list[receivers.Received]
) -> None:
    def refuse(_one: receivers.Received) -> None:
        raise ValueError(WORD)

    receivers.on_submission("graded", refuse)
    phone.send(answered("<said>quiet</said>"))
    after = take_in_sealed(member=key_holders[1], submission=SealedSubmission.objects.get())
    assert (after.state, after.problem_number) == ("needs_look", "422.171")


def test_a_form_sealed_to_a_key_that_was_renewed_meanwhile_still_arrives_and_opens(
    locked: FormVersion, phone: Phone, bogdan: Member, key_holders: tuple[Member, Member]
) -> None:
    from tests.care.intake.grades.conftest import OurApp

    app = OurApp(phone)
    early, _none = app.seal(answered("<said>early</said>"))
    late, _none = app.seal(answered("<said>late</said>"))
    assert app.send(early).status_code == 201
    for _ in range(2):
        renew_organisation_key(member=key_holders[1])
    assert app.send(late).status_code == 201
    client = keep_open(_signed_in(bogdan), key_holders[1])
    pages = [
        client.get(f"/intake/sealed/{one.ref}/").content.decode() for one in SealedSubmission.objects.order_by("pk")
    ]
    assert "early" in pages[0] and "late" in pages[1]
    renew_organisation_key(member=key_holders[1])
    assert "late" in client.get(f"/intake/sealed/{SealedSubmission.objects.latest('pk').ref}/").content.decode()
