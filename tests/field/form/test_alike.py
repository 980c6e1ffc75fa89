"""Forms written by others, and hard ones of our own: what the app hands over is what the engine alone makes of the same answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from .conftest import ROOT, Hand, xform

HTCDS = ROOT.parent / "shared" / "forms" / "htcds_xlsform.xlsx"


def steps_of(xml: str) -> list[dict[str, Any]]:
    """A filled form as steps for the engine alone: entries of lists first, then each answer by its path."""
    root = ET.fromstring(xml)
    adds: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []

    def walk(element: ET.Element, path: str) -> None:
        names = [child.tag.rsplit("}")[-1] for child in element]
        for index, child in enumerate(element):
            name = names[index]
            if name == "meta":
                continue
            number = f"[{names[:index].count(name) + 1}]" if names.count(name) > 1 or name.startswith("list") else ""
            here = f"{path}/{name}{number}"
            # The form brings one entry of each list along, but none inside an entry that was added.
            is_inside_added = bool(re.search(r"\[([2-9]|\d\d+)\]", path))
            if number and (names[:index].count(name) or is_inside_added):
                adds.append({"path": f"{path}/{name}", "add": 1})
            if len(child):
                walk(child, here)
            elif child.text:
                answers.append({"path": here, "value": child.text})

    walk(root, f"/{root.tag.rsplit('}')[-1]}")
    return adds + answers


def without_id(xml: str) -> str:
    """A filled form without what is new every time: its own id, and when it was begun and ended."""
    xml = re.sub(r"uuid:[0-9a-f-]{36}", "uuid:", xml)
    return re.sub(r"(<(?:start|end)>)[^<]*", r"\1", xml)


def sent_and_alone(phone: Hand, form: str, media: dict[str, str], asked: set[str]) -> tuple[str, str]:
    sent = phone.send()
    steps = [step for step in steps_of(sent) if step["path"].split("/")[-1].split("[")[0] in asked or "add" in step]
    alone = phone.page.evaluate("([form, media, steps]) => engineAlone(form, media, steps)", [form, media, steps])
    return without_id(sent), without_id(alone)


def asked_in(form: str) -> set[str]:
    """Names of the questions that have a control, so that calculated ones are left to the engine."""
    return {
        ref.split("/")[-1]
        for ref in re.findall(r'<(?:input|select1?|upload|range|trigger|odk:rank)\b[^>]*\bref="([^"]+)"', form)
    }


@pytest.mark.skipif(not HTCDS.exists(), reason="the form of the data standard is not here")
def test_the_form_of_the_case_data_standard_goes_through(hand: Callable[..., Hand]) -> None:
    form = xform(HTCDS)
    phone = hand().open(form)
    screens = phone.page.evaluate("() => tests.fill(400)")
    sent, alone = sent_and_alone(phone, form, {}, asked_in(form))
    filled = sum(1 for one in ET.fromstring(sent).iter() if one.text and not len(one))
    print(f"{screens} screens, {filled} answers")
    assert sent == alone
    assert filled > 30 and screens > 30
    assert not phone.errors


def big_form(questions: int) -> str:
    rows = ["| survey |", "| | type | name | label | relevant | calculation | constraint | required |"]
    for number in range(questions):
        if number % 20 == 0:
            rows.append(f"| | begin_group | g{number} | Part {number} | | | | |")
        kind = ["text", "integer", "decimal", "select_one yn", "date"][number % 5]
        relevant = f"${{q{number - 1}}} != ''" if number % 7 == 3 else ""
        constraint = ". >= 0" if kind in ("integer", "decimal") else ""
        rows.append(f"| | {kind} | q{number} | Question {number} | {relevant} | | {constraint} | yes |")
        rows.append(f"| | calculate | c{number} | | | string-length(${{q{number}}}) + 1 | | |")
        if number % 20 == 19:
            rows.append("| | end_group | | | | | | |")
    rows += ["| choices |", "| | list_name | name | label |", "| | yn | y | Yes |", "| | yn | n | No |"]
    rows += ["| settings |", "| | form_id | version |", "| | big | 1 |"]
    return "\n".join(rows)


def test_hundreds_of_binds(hand: Callable[..., Hand]) -> None:
    form = xform(big_form(300))
    phone = hand().open(form)
    assert form.count("<bind ") > 600
    phone.page.evaluate("() => tests.fill(400)")
    sent, alone = sent_and_alone(phone, form, {}, asked_in(form))
    assert sent == alone and sent.count("Ærø") == 60


NESTED = """
| survey |
| | type | name | label | relevant | calculation | constraint | appearance |
| | text | household | Household | | | | |
| | begin_repeat | list_person | Person | | | | |
| | begin_group | who | About the person | | | | field-list |
| | text | name | Name | | | | |
| | integer | age | Age | | | . < 120 | |
| | end_group | | | | | | |
| | begin_repeat | list_job | Job | ${age} > 15 | | | |
| | text | job | What job | | | | |
| | end_repeat | | | | | | |
| | calculate | jobs | | | count(${list_job}) | | |
| | end_repeat | | | | | | |
| | calculate | people | | | count(${list_person}) | | |
| | note | total | There are ${people} people | | | | |
| settings |
| | form_id | version |
| | nested | 1 |
"""


def test_lists_in_lists_with_a_removal_taken_back(hand: Callable[..., Hand]) -> None:
    form = xform(NESTED)
    phone = hand().open(form)
    page = phone.page
    phone.question("/data/household").locator("input").fill("Nørre")
    phone.next()
    for index, (name, age, jobs) in enumerate(
        [("Amina", "30", ["driver", "cook"]), ("Bo", "9", []), ("Chi", "41", ["nurse"])]
    ):
        page.locator("form[data-screen=list]").wait_for()
        if index == 0:
            phone.next()  # the first entry is there already: “Next” opens it
        else:
            phone.tap("+ Add another: Person")
        page.locator('.q[data-name$="/name"] input').fill(name)
        page.locator('.q[data-name$="/age"] input').fill(age)
        phone.next()
        for number, job in enumerate(jobs):
            # The first entry stands there from the start; in an added person the list begins empty.
            if (index, number) == (0, 0):
                phone.next()
            else:
                page.get_by_role("button", name=re.compile(r"^\+ Add")).click()
            page.locator('.q[data-name$="/job"] input').fill(job)
            phone.next()
        if jobs:
            phone.next()
    cards = page.locator(".q-card-text strong")
    assert cards.all_inner_texts() == ["Person 1", "Person 2", "Person 3"]
    phone.tap("Remove: Person 1")
    assert page.locator(".q-card-text span").first.inner_text().startswith("Bo")
    phone.tap("Undo")
    assert page.locator(".q-card-text span").first.inner_text() == "Amina · 30 · driver"
    phone.tap("Remove: Person 2")
    phone.next()
    assert phone.page.locator(".q-note").inner_text() == "There are 2 people"
    phone.next()
    sent, alone = sent_and_alone(phone, form, {}, asked_in(form))
    assert sent == alone
    root = ET.fromstring(sent)
    assert [one.text for one in root.iter("name")] == ["Amina", "Chi"]
    assert [one.text for one in root.iter("job")] == ["driver", "cook", "nurse"]
    assert [one.text for one in root.iter("jobs")] == ["2", "1"]


CASCADE = """
| survey |
| | type | name | label | choice_filter | appearance |
| | select_one_from_file regions.csv | region | Region | | minimal |
| | select_one_from_file towns.csv | town | Town | region=${region} | autocomplete |
| | select_multiple_from_file towns.csv | towns | Towns | region=${region} | |
| settings |
| | form_id | version |
| | cascade | 1 |
"""


def test_a_cascade_of_ten_thousand_rows(hand: Callable[..., Hand]) -> None:
    regions = "name,label\n" + "".join(f"r{number},Region {number}\n" for number in range(10))
    towns = "name,label,region\n" + "".join(f"t{number},Town Ø{number},r{number % 10}\n" for number in range(10_000))
    form, media = xform(CASCADE), {"regions.csv": regions, "towns.csv": towns}
    phone = hand().open(form, media)
    page = phone.page
    page.get_by_label("Search in: Region").fill("region 7")
    phone.choose("Region 7")
    phone.next()
    assert page.locator(".q-option").count() == 40
    page.get_by_label("Search in: Town").fill("o4567")  # without its accents
    assert page.locator(".q-select .q-aside").inner_text() == "1 found"
    phone.choose("Town Ø4567")
    assert page.locator(".q-chosen").inner_text() == "Chosen: Town Ø4567"
    phone.next()
    for town in ("Town Ø17", "Town Ø9997"):
        page.get_by_label("Search in: Towns").fill(town)
        phone.choose(town)
    phone.next()
    sent, alone = sent_and_alone(phone, form, media, asked_in(form))
    assert sent == alone
    assert re.search(r"<town>t4567</town>\s*<towns>t17 t9997</towns>", sent)


OLDER = """
| survey |
| | type | name | label | choice_filter | appearance |
| | select_one regions | region | Region | | |
| | select_one_external towns | town | Town | region=${region} | minimal |
| | select_one shops | shop | Shop | | minimal search('shops.csv', 'matches', 'town_key', ${town}) |
| | select_multiple shops | shops | Shops | | search('shops', 'contains', 'name, town_key', 'a b', 'open', 'yes') |
| | select_one shops | elsewhere | Elsewhere | | search(${region}) |
| choices |
| | list_name | name | label |
| | regions | r1 | One |
| | regions | r2 | Two |
| | shops | code | name, town_key |
| external_choices |
| | list_name | name | label | region |
| | towns | a | Aa | r1 |
| | towns | b | Bb | r2 |
| | others | c | Cc | r2 |
| settings |
| | form_id | version |
| | older | 1 |
"""


def test_lists_of_the_older_kinds_are_asked_and_what_cannot_be_is_told(hand: Callable[..., Hand]) -> None:
    """select_one_external would be a field for any words, search() one choice with the names of columns."""
    towns = (
        '"list_name","name","label","region"\n"towns","a","Aa","r1"\n"towns","b","Bb","r2"\n"others","c","Cc","r2"\n'
    )
    shops = "code,name,town_key,open\ns1,Bakery,a,yes\ns2,Kiosk a b,b,yes\ns3,Closed a b,b,no\n"
    media = {"itemsets.csv": towns, "shops.csv": shops}
    form = xform(OLDER)
    phone = hand().open(form, media)
    options = phone.page.locator(".q-option-text")
    told = phone.page.locator(".q-form .q-warning").first
    assert ": search()." in told.inner_text() and "ODK Collect" in told.inner_text()
    phone.choose("Two")
    phone.next()
    assert options.all_inner_texts() == ["Bb"]
    phone.choose("Bb")
    phone.next()
    assert options.all_inner_texts() == ["Kiosk a b, b", "Closed a b, b"]
    phone.choose("Closed")
    phone.next()
    assert options.all_inner_texts() == ["Kiosk a b, b"]
    phone.choose("Kiosk")
    phone.next()
    assert phone.question("/data/elsewhere").locator(".q-warning").inner_text().endswith("(search()).")
    phone.next()
    sent, alone = sent_and_alone(phone, form, media, {"region", "town"})
    chosen = re.compile(r"<(shops?)>[^<]*</\1>")
    assert [found.group() for found in chosen.finditer(sent)] == ["<shop>s3</shop>", "<shops>s2</shops>"]
    assert chosen.sub("", sent) == re.sub(r"<shops?/>", "", alone)
    assert "<town>b</town>" in sent and not phone.errors


QUICK = """
| survey |
| | type | name | label | relevant | appearance |
| | begin_repeat | list_place | Place | | |
| | select_one yn | more | More | | quick |
| | select_one towns | town | Town | ${more} = 'y' | |
| | end_repeat | | | | |
| | select_one yn | last | Last | | |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
| | towns | New Town | New |
| | towns | Old Town | Old |
| settings |
| | form_id | version |
| | quick | 1 |
"""


def test_one_tap_shows_what_it_asked_for_and_words_of_two_parts_come_back(hand: Callable[..., Hand]) -> None:
    """The answer that goes on by itself decides which question is next; a choice may be called by two words."""
    form = xform(QUICK)
    phone = hand().open(form)
    phone.next()
    phone.choose("Yes")
    phone.question("/data/list_place[1]/town").wait_for()
    phone.choose("Old")
    phone.next()
    phone.tap("Remove: Place 1")
    phone.tap("Undo")
    assert phone.page.locator(".q-card-text span").inner_text() == "Yes · Old"
    phone.next()
    phone.choose("No")
    phone.next()
    sent, alone = sent_and_alone(phone, form, {}, asked_in(form))
    assert sent == alone and "<town>Old Town</town>" in sent
