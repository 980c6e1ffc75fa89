"""What looks like a way to one person is seen, what only resembles it is not, and personal numbers are refused.

Every number here is invented; those with a check digit were computed for the test.
"""

from __future__ import annotations

import pytest

from lygte.core.personal_signs import refuse_signs, signs
from lygte.core.problems import Problem

BSN, CPR, OLD_CPR = "123456782", "010203-1234", "0102031237"  # the last passes the test by eleven

SEEN = [
    ("phone", "+45 20 30 40 50"),
    ("phone", "+4520304050"),
    ("phone", "0045 20304050"),
    ("phone", "+31 6 12345678"),
    ("phone", "+31 (0)6 1234 5678"),
    ("phone", "+31612345678"),
    ("phone", "+40 721 234 567"),
    ("phone", "20304050"),
    ("phone", "20 30 40 50"),
    ("phone", "2030 4050"),
    ("phone", "20-30-40-50"),
    ("phone", "20\u00a030\u00a040\u00a050"),
    ("phone", "06-12345678"),
    ("phone", "06 12 34 56 78"),
    ("phone", "06 22 34 56 78"),
    ("phone", "0612345679"),
    ("phone", "020-1234567"),
    ("phone", "(020) 123 45 67"),
    ("phone", "0513-123456"),
    ("mail", "amina@example.org"),
    ("mail", "a.b+c@mail.example.dk"),
    ("cpr", CPR),
    ("cpr", "010203 1234"),
    ("cpr", "010203–1234"),
    ("cpr", "290204-1234"),
    ("cpr", "3112991234"),
    ("cpr", OLD_CPR),
    ("bsn", BSN),
    ("bsn", "1234.56.782"),
    ("bsn", "123 456 782"),
    ("plate", "AB 12 345"),
    ("plate", "AB12345"),
    ("plate", "ab12345"),
    ("plate", "AB-12-CD"),
    ("plate", "12-abc-3"),
    ("plate", "X-123-YZ"),
    ("plate", "XY123Z"),
    ("plate", "12 AB 34"),
    ("iban", "NL91 ABNA 0417 1643 00"),
    ("iban", "nl91abna0417164300"),
    ("iban", "DK50 0040 0440 1162 43"),
    ("profile", "https://www.facebook.com/somebody.invented"),
    ("profile", "t.me/invented"),
    ("profile", "https://ads.example.org/escort/invented-12"),
    ("profile", "forum.example.org/u/invented"),
    ("user_name", "@mali_88"),
    ("user_name", "@blue.heron"),
]

NOT_SEEN = [
    "We met on 31-12-2018 and 2018-12-31, at 10.30, in the years 2015-2018 and 2015 2018.",
    "On 20181231 and 31122018.",
    "01-02-2018 12:30",
    "The grant of 20 000 000 kr, 46.000.000 kr, 123.456.789 kr and € 1.250,50.",
    "Room 12, 3 people, 45 leaflets in th, ro and es; K7Q2; covid-19; 1-jan-18; B2B.",
    "123456789",  # fails the test by eleven
    "320203-1234",  # no such day
    "290203-1234 and 310403-1234",
    "1234567890123",
    "See https://www.sst.dk/reports/2018.pdf and https://example.org/",
    "Samsung A52, 1234 AB Amsterdam",
    "2 @ 50 kr, @ 14.30, @2, it is @x. She is @home, @SUM(A1)",
    "",
    "\0\0",
]


@pytest.mark.parametrize(("kind", "sign"), SEEN)
@pytest.mark.parametrize("text", ["{}", "She said {}, and left.", "æøå\n{}\nnext line 7"])
def test_a_way_to_one_person_is_seen_with_its_place(kind: str, sign: str, text: str) -> None:
    whole = text.format(sign)
    found = signs(whole)
    assert [(one.kind, whole[one.start : one.end]) for one in found] == [(kind, sign)]
    assert found[0].forbidden == (kind in ("cpr", "bsn"))


@pytest.mark.parametrize("text", NOT_SEEN)
def test_what_only_resembles_one_is_left_alone(text: str) -> None:
    assert signs(text) == []


def test_a_bank_account_number_with_a_wrong_digit_is_none() -> None:
    assert "iban" not in {one.kind for one in signs("NL91 ABNA 0417 1643 01")}


def test_several_are_told_in_the_order_of_the_text_and_once_each() -> None:
    text = f"{CPR}, 06 22 34 56 78, amina@example.org, {BSN} and +31 612345678"
    assert [one.kind for one in signs(text)] == ["cpr", "phone", "mail", "bsn", "phone"]


def test_a_text_with_the_mark_we_blot_with_hides_nothing() -> None:
    assert [one.kind for one in signs(f"\0{CPR}\0 t.me/inven\0ted")] == ["cpr", "profile"]


@pytest.mark.parametrize("number", [CPR, BSN])
def test_a_personal_number_is_refused_whatever_somebody_says(number: str) -> None:
    with pytest.raises(Problem) as refused:
        refuse_signs(f"her number is {number}", looked=True)
    assert refused.value.number == "422.10"
    assert number not in str(refused.value)


def test_other_signs_are_asked_about_once() -> None:
    with pytest.raises(Problem) as asked:
        refuse_signs("call 20 30 40 50 or amina@example.org", looked=False)
    assert asked.value.number == "422.11"
    assert "a telephone number, an e-mail address" in asked.value.sentence
    assert "20 30" not in str(asked.value)
    refuse_signs("call 20 30 40 50", looked=True)
    refuse_signs("nothing here", looked=False)
