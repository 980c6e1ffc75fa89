"""Expressions of forms: what phones can read passes, everything else is told with the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lygte.care.intake.xpath import XPathError, check_xpath

GOOD = """
. >= 0 and . <= 120
regex(., '^[0-9+ ]{6,15}$')
not(selected(., 'none') and count-selected(.) > 1)
country=${country}
${country} != ''
count(${child})
concat(${a}, ' (', ${b}, ')')
instance('places')/root/item[name=${place}]/label
jr:choice-name(${x}, '${x}')
../a/b
/data/a * 2 div 3
-1
- -1
once(uuid())
current()/../x
${r}[position() = 1]/a
pulldata('f','a','b',${x})
true()
position(..)
@id='x'
string-length(.)<5
div div div
* * *
//item[@x]
child::a/text()
ancestor-or-self::node()/b
.
if(${a}='1',-1,2)
format-date(today(),'%Y')
. = 'it' or .="a'b"
${last-saved#a}
1.5 + .5 mod 2.
a|b
/
""".strip().splitlines()
BAD = {
    "": ("unfinished", 1),
    "${a} >": ("unfinished", 7),
    "${a} = = 1": ("unexpected", 8),
    "${a} == 1": ("unexpected", 7),
    "selected(${a}, 'x'": ("not_closed", 19),
    "(1": ("not_closed", 3),
    "1)": ("unexpected", 2),
    "selectd(${a},'b')": ("function", 1),
    "${a} and": ("unfinished", 9),
    "'abc": ("open_quote", 1),
    "“a”": ("curly_quote", 1),
    "1 2": ("unexpected", 3),
    "a b": ("unexpected", 3),
    "if(1,2)": ("arguments", 1),
    "[1]": ("unexpected", 1),
    "a[": ("unfinished", 3),
    "${a b}": ("character", 1),
    "a && b": ("character", 3),
    "a::b": ("unexpected", 1),
    "(" * 500: ("too_deep", 31),
}


@pytest.mark.parametrize("expression", GOOD)
def test_an_expression_that_phones_read_passes(expression: str) -> None:
    assert check_xpath(expression) == []


@pytest.mark.parametrize("expression", BAD)
def test_a_malformed_expression_is_told_with_its_place(expression: str) -> None:
    with pytest.raises(XPathError) as caught:
        check_xpath(expression)
    assert (caught.value.code, caught.value.position) == BAD[expression]


def test_a_misspelt_function_gets_a_suggestion() -> None:
    with pytest.raises(XPathError) as caught:
        check_xpath("selectd(., 'a')")
    assert caught.value.details["suggestion"] == "selected"


def test_a_function_nobody_knows_is_reported_and_not_refused() -> None:
    assert check_xpath("zzqy(., 'a')") == ["zzqy"]


@given(st.text(alphabet="ab${}()[]'\"/.,|*+-=<>! @:0and", max_size=40))
def test_any_text_passes_or_is_told_with_a_place_inside_it(expression: str) -> None:
    try:
        check_xpath(expression)
    except XPathError as error:
        assert 1 <= error.position <= len(expression) + 1
