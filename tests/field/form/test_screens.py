"""The screens of a form: found by axe, by keyboard alone, at 320 pixels, in four languages; back and drafts lose nothing."""

from __future__ import annotations

import base64
import io
import re
import wave
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from .conftest import Hand, xform
from .test_kinds import every_type

SERIOUS = {"serious", "critical"}
FIRST_QUESTION = 500_000  # bytes, compressed, of everything loaded until the first question stands there

SMALL = """
| survey |
| | type | name | label::English (en) | label::Dansk (da) | label::Nederlands (nl) | label::العربية (ar) | hint::English (en) | guidance_hint::English (en) | media::audio::English (en) | media::image::English (en) | required | required_message::English (en) | constraint | constraint_message::English (en) | appearance | relevant |
| | begin_group | first | Beginning | Begyndelse | Begin | البداية | | | | | | | | | field-list | |
| | note | hello | **Hello** <script>alert(1)</script> | Hej | Hallo | مرحبا | | | hello.wav | dot.png | | | | | | |
| | integer | age | Age | Alder | Leeftijd | العمر | In years | Round down | | | yes | We need the age. | . < 120 | Less than 120. | | |
| | select_one yn | well | All well? | Godt? | Goed? | هل كل شيء بخير؟ | | | | | | | | | | |
| | end_group | | | | | | | | | | | | | | | |
| | text | more | Tell more | Fortæl mere | Vertel meer | أخبر المزيد | | | | | | | | | | ${well} = 'n' |
| | select_one yn | quick | Done? | Færdig? | Klaar? | انتهى؟ | | | | | | | | | quick | |
| | image | photo | Photo | Foto | Foto | صورة | | | | | | | | | | |
| choices |
| | list_name | name | label::English (en) | label::Dansk (da) | label::Nederlands (nl) | label::العربية (ar) |
| | yn | y | Yes | Ja | Ja | نعم |
| | yn | n | No | Nej | Nee | لا |
| settings |
| | form_id | version | default_language |
| | small | 1 | Dansk (da) |
"""


def tiny_media() -> dict[str, str]:
    sound, dot = io.BytesIO(), io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * 4000)
    Image.new("RGB", (4, 4), "#0f5257").save(dot, "PNG")
    return {
        "hello.wav": "base64:" + base64.b64encode(sound.getvalue()).decode(),
        "dot.png": "base64:" + base64.b64encode(dot.getvalue()).decode(),
    }


def faults(phone: Hand) -> list[str]:
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(phone.page).response["violations"]
        if one["impact"] in SERIOUS
    ]
    wide = phone.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return found + ([f"{wide} pixels too wide"] if wide > 0 else [])


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("da", "dark"), ("nl", "light"), ("ar", "dark")])
def test_nothing_serious_and_nothing_too_wide(hand: Callable[..., Hand], language: str, theme: str) -> None:
    phone = hand(width=320, theme=theme)
    phone.open(xform(every_type()), language=language)
    found = {"every type": faults(phone)}
    phone.page.locator(".q-icon").last.click()
    found["all answers, with what is missing"] = faults(phone)
    phone.open(xform(SMALL), tiny_media(), language=language)
    assert phone.page.locator(".q-form").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    phone.next()  # an error stands there
    found["an error"] = faults(phone)
    assert found == {name: [] for name in found}
    assert [error for error in phone.errors if "Content Security Policy" in error] == []


def test_the_first_question_comes_under_the_limit(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(SMALL), tiny_media())
    phone.page.locator(".q").first.wait_for()
    needed = {name: size for name, size in phone.loaded.items() if name != "engine_alone.js"}
    print(f"{sum(needed.values()) / 1000:.0f} KB to the first question: {needed}")
    assert 100_000 < sum(needed.values()) < FIRST_QUESTION


def test_by_keyboard_alone(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(SMALL), tiny_media())
    keys = phone.page.keyboard

    def to(selector: str) -> None:
        for _ in range(40):
            if phone.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            keys.press("Tab")
        raise AssertionError(f"{selector} is not reached with Tab")

    to(".q-number")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    to(".q-step:last-of-type")
    keys.press("Space")
    to("input[type=radio]")
    keys.press("Space")
    keys.press("ArrowDown")
    to(".q-next")
    keys.press("Enter")
    to("input[type=text]")
    keys.type("word")
    keys.press("Enter")  # in a field: on to the next screen
    to("input[type=radio]")
    keys.press("Space")  # quick: goes on by itself
    phone.question("/data/photo").wait_for()
    to(".q-next")
    keys.press("Enter")
    assert phone.heading() == "Check the answers"
    to(".q-next")
    keys.press("Enter")
    sent = phone.finished()
    assert (
        "<age>3</age>" in sent
        and "<well>n</well>" in sent
        and "<more>word</more>" in sent
        and "<quick>y</quick>" in sent
    )


def test_words_of_the_form_sounds_pictures_and_guidance(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(SMALL), tiny_media())
    page = phone.page
    note = phone.question("/data/first/hello")
    assert note.locator("strong").inner_text() == "Hello"
    assert page.locator("script").count() == 2  # ours: a form brings none
    picture = note.locator("img")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 4
    note.get_by_role("button", name="Listen").click()
    note.get_by_role("button", name="Stop").wait_for()
    age = phone.question("/data/first/age")
    assert "In years" in age.inner_text() and "Round down" not in age.inner_text()
    age.locator("summary").click()
    assert "Round down" in age.inner_text()
    phone.next()
    assert age.locator(".q-error").inner_text().endswith("We need the age.")
    age.locator("input").fill("130")
    phone.next()
    assert age.locator(".q-error").inner_text().endswith("Less than 120.")
    # Another language in the middle of it: the answer stays, the buttons follow, the page turns round.
    age.locator("input").fill("30")
    page.locator(".q-language").select_option("العربية (ar)")
    assert phone.question("/data/first/age").locator(".q-label-text").inner_text() == "العمر"
    assert phone.question("/data/first/age").locator("input").input_value() == "30"
    assert page.locator(".q-next").inner_text() == "التالي"
    assert page.locator(".q-form").get_attribute("dir") == "rtl"


def test_a_form_opens_in_its_own_default_where_it_does_not_speak_ours(hand: Callable[..., Hand]) -> None:
    without = SMALL.replace("English (en)", "Polski (pl)").replace("Nederlands (nl)", "Română (ro)")
    phone = hand().open(xform(without), tiny_media(), language="nl")
    assert phone.heading() == "Begyndelse"
    assert phone.page.locator(".q-next").inner_text() == "Videre"


def test_a_missing_file_is_said(hand: Callable[..., Hand]) -> None:
    form = "| survey |\n| | type | name | label |\n| | select_one_from_file places.csv | place | Place |"
    phone = hand().open(xform(form))
    assert "places.csv is not on this phone" in phone.page.locator(".q-warning").inner_text()
    phone.open("<nonsense/>")
    assert phone.page.locator("h1").inner_text() == "This form cannot be opened on this phone."
    phone.tap("Back")
    assert phone.page.evaluate("() => tests.told.left") == 1


def test_back_and_a_draft_lose_nothing(hand: Callable[..., Hand]) -> None:
    form, media = xform(SMALL), tiny_media()
    phone = hand().open(form, media)
    page = phone.page
    phone.question("/data/first/age").locator("input").fill("41")
    phone.choose("No")
    phone.next()
    phone.question("/data/more").locator("input").fill("Ærø")
    page.go_back()  # the phone's own button
    phone.question("/data/first/age").wait_for()
    assert phone.question("/data/first/age").locator("input").input_value() == "41"
    phone.next()
    assert phone.question("/data/more").locator("input").input_value() == "Ærø"
    phone.next()
    phone.choose("Yes")
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "#a4262c").save(picture, "PNG")
    with page.expect_file_chooser() as chooser:
        phone.tap("Choose a picture")
    chooser.value.set_files([{"name": "x.png", "mimeType": "image/png", "buffer": picture.getvalue()}])
    page.locator(".q-shown img").wait_for()
    page.evaluate("() => { tests.close(); tests.kept = tests.lastDraft() }")
    assert page.locator(".q-form").count() == 0
    phone.open(form, media, draft=True)
    phone.question("/data/photo").locator(".q-shown img").wait_for()
    phone.next()
    review = page.locator(".q-review").inner_text()
    assert "41" in review and "Ærø" in review and ".jpg" in review
    phone.tap("Change: Tell more")
    assert page.evaluate("() => document.activeElement.value") == "Ærø"
    phone.tap("Back to all answers")
    sent = phone.send()
    name = re.search(r"<photo>([^<]+)</photo>", sent)
    assert name and [one["name"] for one in page.evaluate("() => tests.files()")] == [name.group(1)]
    assert ET.fromstring(sent).findtext("first/age") == "41"


def test_nothing_is_handed_over_twice_or_with_a_fault(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(SMALL), tiny_media())
    phone.to_review()
    phone.next()
    assert phone.page.evaluate("() => tests.told.finished.length") == 0
    assert "1 to look at" in phone.page.locator(".q-faults").inner_text()
    phone.page.locator(".q-faults button").click()
    phone.question("/data/first/age").locator("input").fill("7")
    phone.tap("Back to all answers")
    phone.page.locator(".q-next").dblclick()
    phone.finished()
    assert phone.page.evaluate("() => tests.told.left") == 0
