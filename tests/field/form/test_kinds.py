"""Every type of question: asked, answered by hand, kept as it should be; and what cannot be done is said on the screen."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from playwright.sync_api import FilePayload

from .conftest import ROOT, Hand, xform

# One row for each: type, name, appearance, parameters. Everything on one screen, so that it is quick.
ROWS = [
    ("text", "words", "", ""), ("text", "lines", "multiline", ""), ("text", "phone", "numbers", ""),
    ("text", "address", "url", ""), ("text", "secret", "masked", ""), ("text", "elsewhere", "ex:org.example.app", ""),
    ("text", "paper", "printer:label", ""),
    ("integer", "whole", "", ""), ("integer", "counted", "counter", ""), ("integer", "thousands", "thousands-sep", ""),
    ("decimal", "broken", "", ""), ("decimal", "degrees", "bearing", ""),
    ("range", "slider", "", "start=0 end=10 step=2"), ("range", "stars", "rating", "start=1 end=5 step=1"),
    ("range", "picked", "picker", "start=1 end=3 step=0.5"),
    ("select_one fruit", "one", "", ""), ("select_one fruit", "likert", "likert", ""),
    ("select_one fruit", "columns", "columns", ""), ("select_one fruit", "map", "map", ""),
    ("select_one fruit", "image_map", "image-map", ""), ("select_multiple fruit", "many", "", ""), ("rank fruit", "order", "", ""),
    ("note", "words_only", "", ""), ("acknowledge", "read", "", ""),
    ("date", "day", "", ""), ("date", "month", "month-year", ""), ("date", "year", "year", ""),
    ("date", "ethiopian", "ethiopian", ""), ("date", "nepali", "bikram-sambat", ""), ("time", "clock", "", ""),
    ("datetime", "moment", "", ""),
    ("geopoint", "point", "", ""), ("geopoint", "on_map", "placement-map", ""), ("geotrace", "way", "", ""),
    ("geoshape", "area", "", ""),
    ("image", "photo", "", ""), ("image", "signed", "signature", ""), ("image", "drawn", "draw", ""),
    ("image", "marked", "annotate", ""), ("audio", "sound", "", ""), ("video", "film", "", ""), ("file", "paper_file", "", ""),
    ("barcode", "code", "", ""),
]  # fmt: skip


def every_type() -> str:
    lines = ["| survey |", "| | type | name | label | appearance | parameters | calculation |"]
    lines.append("| | begin_group | all | All of them | field-list | | |")
    lines += [f"| | {kind} | {name} | Q {name} | {look} | {more} | |" for kind, name, look, more in ROWS]
    lines += ["| | end_group | | | | | |", "| | calculate | sum | | | | ${whole} + 1 |", "| | username | who | | | | |"]
    lines += ["| | deviceid | device | | | | |", "| | start | begun | | | | |"]
    lines += ["| choices |", "| | list_name | name | label |"]
    lines += [f"| | fruit | {value} | {label} |" for value, label in (("a", "Apple"), ("p", "Pear"), ("c", "Cherry"))]
    lines += ["| settings |", "| | form_id | version |", "| | every | 1 |"]
    return "\n".join(lines)


def photo_with_place() -> bytes:
    """A photo in which a camera wrote where it was and who made it."""
    picture = Image.new("RGB", (3000, 1500), "#84a59d")
    exif = Image.Exif()
    exif[0x010F] = "Maker-of-phones"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 12.0), 3: "E", 4: (12.0, 34.0, 1.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    assert b"Maker-of-phones" in out.getvalue()
    return out.getvalue()


def give(phone: Hand, name: str, button: str, content: FilePayload) -> None:
    with phone.page.expect_file_chooser() as chooser:
        phone.question(f"/data/all/{name}").get_by_role("button", name=button, exact=True).click()
    chooser.value.set_files([content])
    phone.question(f"/data/all/{name}").locator(".q-told", has_text="Kept").wait_for()


@pytest.fixture
def filled(hand: Callable[..., Hand]) -> tuple[Hand, dict[str, str | None]]:
    """Every type of question answered by hand, and what was handed over."""
    phone = hand(
        permissions=["geolocation", "microphone"],
        geolocation={"latitude": 55.676111, "longitude": 12.568333, "accuracy": 4},
        timezone_id="Europe/Copenhagen",
    ).open(xform(every_type()))
    page = phone.page

    def type_in(name: str, text: str) -> None:
        phone.question(f"/data/all/{name}").locator(".q-input").first.fill(text)

    for name, text in {
        "words": "Ærø & <b>", "lines": "one\ntwo", "phone": "+4512345678", "address": "https://example.org/?a=1&b",
        "secret": "hush", "elsewhere": "typed", "paper": "label", "whole": "12", "thousands": "1234567", "broken": "3,25",
        "degrees": "270", "day": "2026-02-28", "ethiopian": "2026-09-11", "nepali": "2026-01-02", "clock": "23:59", "code": "0401",
    }.items():  # fmt: skip
        type_in(name, text)
    phone.question("/data/all/counted").get_by_role("button", name="Q counted: 5").click()
    phone.question("/data/all/counted").get_by_role("button", name="One more").click()
    phone.question("/data/all/slider").get_by_role("button", name="One more").click()
    phone.question("/data/all/slider").get_by_role("button", name="One more").click()
    phone.question("/data/all/stars").get_by_label("Q stars: 4").check(force=True)
    phone.question("/data/all/picked").locator("select").select_option("2.5")
    for name in ("one", "likert", "columns", "map", "image_map"):
        phone.question(f"/data/all/{name}").locator("label", has_text="Pear").click()
    for fruit in ("Apple", "Cherry"):
        phone.question("/data/all/many").locator("label", has_text=fruit).click()
    phone.question("/data/all/order").get_by_role("button", name="Move up: Cherry").click()
    phone.question("/data/all/read").locator("label", has_text="OK").click()
    phone.question("/data/all/month").locator("select").select_option("05")
    type_in("year", "1999")
    phone.question("/data/all/month").locator("input").fill("2024")
    phone.question("/data/all/moment").locator("input[type=date]").fill("2026-07-01")
    phone.question("/data/all/moment").locator("input[type=time]").fill("08:05")
    phone.question("/data/all/point").get_by_role("button", name="Take the position").click()
    phone.question("/data/all/point").locator(".q-told", has_text="55.68, 12.57").wait_for()
    for name, points in (("on_map", ["1,5 -3"]), ("way", ["1 2", "1 3"]), ("area", ["1 2", "1 3", "2 3"])):
        question = phone.question(f"/data/all/{name}")
        question.locator("summary").click()
        for point in points:
            for label, text in zip(("Latitude", "Longitude"), point.split(), strict=True):
                question.get_by_label(label).fill(text)
                question.get_by_label(label).dispatch_event("change")
    give(
        phone,
        "photo",
        "Choose a picture",
        {"name": "IMG_Amina.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()},
    )
    give(phone, "sound", "Choose a sound file", {"name": "me.m4a", "mimeType": "audio/mp4", "buffer": b"sound"})
    give(phone, "film", "Choose a video", {"name": "me.mp4", "mimeType": "video/mp4", "buffer": b"film"})
    # A photo under another name is drawn anew all the same.
    odd: FilePayload = {"name": "scan.bin", "mimeType": "application/octet-stream", "buffer": photo_with_place()}
    give(phone, "paper_file", "Choose a file", odd)
    phone.question("/data/all/paper_file").locator(".q-told", has_text=".jpg").wait_for()
    give(phone, "paper_file", "Choose a file", {"name": "Amina.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    give(phone, "marked", "Choose a picture", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()})
    for name in ("drawn", "marked"):
        canvas = phone.question(f"/data/all/{name}").locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        page.mouse.move(box["x"] + 20, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
        page.mouse.up()
        phone.question(f"/data/all/{name}").locator(".q-told", has_text="Kept").wait_for()
    phone.question("/data/all/signed").get_by_label("type the name").fill("Amina")
    phone.question("/data/all/signed").get_by_role("button", name="Put it in the picture").click()
    phone.question("/data/all/signed").locator(".q-told", has_text="Kept").wait_for()
    phone.next()
    assert phone.heading() == "Check the answers", page.locator(".q-faults").inner_text()
    xml = phone.send()
    return phone, {one.tag.rsplit("}")[-1]: one.text for one in ET.fromstring(xml).iter() if not len(one)}


def test_every_type_is_asked_answered_and_kept(filled: tuple[Hand, dict[str, str | None]]) -> None:
    phone, sent = filled
    wanted = {
        "words": "Ærø & <b>", "lines": "one\ntwo", "phone": "+4512345678", "address": "https://example.org/?a=1&b",
        "secret": "hush", "elsewhere": "typed", "paper": "label", "whole": "12", "counted": "6", "thousands": "1234567",
        "broken": "3.25", "degrees": "270.0", "slider": "2", "stars": "4", "picked": "2.5", "one": "p", "likert": "p",
        "columns": "p", "map": "p", "image_map": "p", "many": "a c", "order": "a c p", "read": "OK", "day": "2026-02-28",
        "month": "2024-05-01", "year": "1999-01-01", "ethiopian": "2026-09-11", "nepali": "2026-01-02",
        "clock": sent["clock"], "moment": "2026-07-01T08:05:00.000+02:00", "point": "55.676111 12.568333 0.0 4.0",
        "on_map": "1.5 -3.0 0.0 0.0", "way": "1.0 2.0 0.0 0.0;1.0 3.0 0.0 0.0", "area": "1.0 2.0 0.0 0.0;1.0 3.0 0.0 0.0;2.0 3.0 0.0 0.0;1.0 2.0 0.0 0.0", "code": "0401", "sum": "13",
        "who": None, "device": None,
    }  # fmt: skip
    assert {name: sent[name] and sent[name].replace("; ", ";") for name in wanted} == wanted
    assert re.fullmatch(r"23:59:00\.000\+0[12]:00", sent["clock"] or "")
    assert sent["begun"]
    assert not phone.errors

    files = {one["name"]: base64.b64decode(one["base64"]) for one in phone.page.evaluate("() => tests.files()")}
    named = {name: sent[name] for name in ("photo", "signed", "drawn", "marked", "sound", "film", "paper_file")}
    assert set(named.values()) == set(files)
    for name, file in named.items():
        assert file and re.fullmatch(rf"{name}-[0-9a-f]{{16}}\.(jpg|m4a|mp4|pdf)", file)
        if file.endswith(".jpg"):
            picture = Image.open(io.BytesIO(files[file]))
            assert not picture.getexif() and b"Maker" not in files[file]
            assert max(picture.size) <= 1920
            assert len(
                {picture.getpixel((x, y)) for x in range(0, picture.width, 3) for y in range(0, picture.height, 3)}
            ) > (0 if name == "photo" else 2)
    assert files[str(named["paper_file"])] == b"%PDF"


def test_the_screen_says_what_it_cannot_do(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(every_type()))
    said = {
        "elsewhere": "needs ODK Collect: it opens another app (org.example.app)", "paper": "Printing needs ODK Collect",
        "degrees": "does not read the compass", "map": "No map is shown", "image_map": "cannot be tapped here",
        "nepali": "cannot be shown here", "on_map": "a map would tell others", "film": "A video keeps what the phone wrote",
        "paper_file": "kept as it is", "photo": "taken out of the picture",
    }  # fmt: skip
    for name, words in said.items():
        assert words in phone.question(f"/data/all/{name}").inner_text(), name


def test_the_table_of_types_names_every_type_that_a_workbook_may_use() -> None:
    """The list that the documentation shows is also what is tried here."""
    kinds = json.loads((ROOT / "field/src/form/kinds.json").read_text())
    tried = {kind.split()[0].replace("datetime", "dateTime") for kind, *_ in ROWS}
    assert tried <= {kind["type"] for kind in kinds}
    assert {kind["asked"] for kind in kinds} == {"yes", "partly", "no"}


def test_what_is_typed_and_does_not_fit_stays_and_is_said(hand: Callable[..., Hand]) -> None:
    form = """
        | survey |
        | | type | name | label |
        | | begin_group | all | All |
        | | integer | whole | Whole |
        | | decimal | broken | Broken |
        | | date | day | Day |
        | | integer | long | Long |
        | | end_group | | |
    """
    phone = hand().open(xform(form))
    phone.question("/data/all/whole").locator("input").fill("3.5")
    phone.next()
    assert "whole number" in phone.question("/data/all/whole").locator(".q-error").inner_text()
    assert phone.question("/data/all/whole").locator("input").input_value() == "3.5"
    phone.question("/data/all/whole").locator("input").fill("3")
    phone.next()
    phone.question("/data/all/broken").locator("input").fill("two")
    phone.next()
    assert "not a number" in phone.question("/data/all/broken").locator(".q-error").inner_text()
    phone.question("/data/all/broken").locator("input").fill("2")
    phone.next()
    day = phone.question("/data/all/day").locator("input")
    day.focus()
    phone.page.keyboard.type("02")  # a month, no day
    phone.next()
    assert "not complete" in phone.question("/data/all/day").locator(".q-error").inner_text()
    day.focus()
    phone.page.keyboard.type("02282026")  # the whole day, on the keyboard
    phone.next()
    phone.question("/data/all/long").locator("input").fill("4512345678")
    phone.next()
    assert "too long" in phone.question("/data/all/long").locator(".q-error").inner_text()
    phone.question("/data/all/long").locator("input").fill("")
    phone.next()
    sent = phone.send()
    assert "<day>2026-02-28</day>" in sent and "<whole>3</whole>" in sent and "<broken>2.0</broken>" in sent
