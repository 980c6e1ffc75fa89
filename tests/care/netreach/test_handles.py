"""A number or a name is the same however it is written, and different ones stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lygte.care.netreach.handles import Handle, read, typed

DANISH, DUTCH, BELGIAN, FAROESE = "20304050", "12345678", "70123456", "212345"
SAME = {
    DANISH: [
        "20304050", "20 30 40 50", "2030 4050", "20-30-40-50", "20.30.40.50", "+4520304050", "+45 20 30 40 50",
        "004520304050", "00 45 20 30 40 50", "4520304050", "45 20304050", "(+45) 20 30 40 50", "+45 (0) 20304050",
        "tlf. 20 30 40 50", "Tel: +45 20304050", "tel:+4520304050", "https://wa.me/4520304050", "wa.me/4520304050",
        "２０３０４０５０", "＋４５ ２０３０４０５０", "٢٠٣٠٤٠٥٠", "२०३०४०५०", "2\u20090 30\u00a04050", "\u202a20304050\u202c",
        "2️⃣0️⃣3️⃣0️⃣4️⃣0️⃣5️⃣0️⃣", "20\u201030\u201340\u201450", "20/30/40/50", "20·30·40·50", "WhatsApp 20304050", "  20304050  ",
    ],
    DUTCH: [
        "0612345678", "06 12345678", "06-12345678", "06 12 34 56 78", "+31612345678", "+31 6 12345678",
        "0031612345678", "+31 (0)6 12345678", "+31(0)612345678", "0031 06 12345678", "31612345678", "612345678",
        "(06) 1234 5678", "06–12345678", "mob 06 12345678",
    ],
    BELGIAN: ["+32 470 12 34 56", "0032470123456", "0470 12 34 56", "0470/12.34.56", "32470123456"],
    FAROESE: ["+298 212345", "00298 21 23 45", "212345", "21 23 45"],
}  # fmt: skip
FORMATS = [(value, text) for value, texts in SAME.items() for text in texts]


@pytest.mark.parametrize(("value", "text"), FORMATS)
def test_every_way_of_writing_a_number_is_that_number(value: str, text: str) -> None:
    assert read(text) == Handle("phone", value)


NAMES = {
    "mali_88": ["mali_88", "@mali_88", "  @Mali_88 ", "t.me/mali_88", "https://t.me/mali_88?start=1", "ＭＡＬＩ_88"],
    "blå hejre": ["Blå  Hejre", "BLÅ HEJRE", "bla\u030a hejre"],
}
MAILS = ["ana.pop@example.org", "Ana.Pop@Example.ORG", "mailto:ana.pop@example.org"]
NONE = ["", " ", "@", "---", "https://ads.example/some/page/12", "www.example.org", "example.org/ad/7", "x" * 65, "..."]


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, texts in NAMES.items() for text in texts])
def test_every_way_of_writing_a_name_is_that_name(value: str, text: str) -> None:
    assert read(text) == Handle("name", value)


@pytest.mark.parametrize("text", MAILS)
def test_every_way_of_writing_a_mail_address_is_that_address(text: str) -> None:
    assert read(text) == Handle("mail", "ana.pop@example.org")


@pytest.mark.parametrize("text", NONE)
def test_an_address_of_a_page_and_nothing_at_all_are_no_way_to_write(text: str) -> None:
    assert read(text) is None


def test_lines_and_commas_part_what_is_typed_and_spaces_do_not() -> None:
    assert list(typed("20 30 40 50, mali\n\n ;+31 6 1\r\nx")) == [
        (1, "20 30 40 50"), (1, "mali"), (3, "+31 6 1"), (4, "x"),
    ]  # fmt: skip


SCRIPTS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙"]
GAPS = ["", " ", "-", ".", "\u00a0", "\u202f", "–", "/", "\u200b", " - "]
PLACES = {"45": 8, "31": 9, "32": 9, "49": 10, "40": 9, "66": 9, "234": 10, "36": 9, "44": 10}


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a country code and a number of that country as it is said after the code."""
    code = draw(st.sampled_from(sorted(PLACES)))
    rest = draw(st.text("0123456789", min_size=PLACES[code] - 1, max_size=PLACES[code] - 1))
    return code, draw(st.sampled_from("23456789")) + rest


@st.composite
def written(draw: st.DrawFn, number: tuple[str, str]) -> str:
    """Draw a way to write a number: from abroad or from home, in any script, with gaps anywhere."""
    code, rest = number
    head = draw(st.sampled_from([f"+{code}", f"00{code}", f"+{code}0", "0", code, ""]))
    if code == "45" and head in ("0", "+450"):
        head = "+45"  # Danish numbers have no leading nought
    script = draw(st.sampled_from(SCRIPTS))
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(rest), max_size=len(rest)))
    digits = (script[int(digit)] if digit.isdigit() else digit for digit in head + rest)
    together = "".join(digits)
    return together[: len(head)] + "".join(gap + digit for gap, digit in zip(gaps, together[len(head) :], strict=True))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_formatting_of_any_number_is_the_same_number(data: st.DataObject) -> None:
    number = data.draw(numbers())
    one, other = data.draw(written(number)), data.draw(written(number))
    assert read(one) == read(other) == Handle("phone", number[1][-8:])


@settings(max_examples=100, deadline=None)
@given(st.data(), numbers(), numbers())
def test_numbers_that_differ_in_their_last_eight_digits_stay_apart(
    data: st.DataObject, one: tuple[str, str], other: tuple[str, str]
) -> None:
    same = one[1][-8:] == other[1][-8:]
    assert (read(data.draw(written(one))) == read(data.draw(written(other)))) is same
