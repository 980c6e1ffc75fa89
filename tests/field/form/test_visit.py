"""The venue form with thumbs only: counted in taps, and what comes out is what the engine alone makes of the same answers."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from lygte.care.outreach.xlsforms import visit_form

from .conftest import Hand, xform

PLACES = "name,label\n" + "".join(f"P{number},P{number} Code {number}\n" for number in range(1, 41))
MOST_TAPS = 22  # at 2.5 seconds a tap, reading included, 55 seconds


def answers(xml: str) -> dict[str, str]:
    """Every answer of a filled form by its name; names are unique in this form."""
    return {one.tag.rsplit("}")[-1]: one.text for one in ET.fromstring(xml).iter() if one.text and not len(one)}


def test_a_visit_with_six_people_is_told_in_22_taps_without_a_keyboard(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(visit_form.FILE), {"places.csv": PLACES})
    phone.choose("P7 Code 7")
    phone.choose("Evening")
    phone.choose("We spoke with somebody")
    phone.next()
    for name, number in (("present", 6), ("spoken_to", 4), ("new", 1)):
        chips = phone.question(f"/data/people/{name}")
        if number == 6:  # 5 and one more
            chips.get_by_role("button", name="People present: 5").tap()
            chips.get_by_role("button", name="One more: People present").tap()
            phone.taps += 2
        else:
            chips.locator(".q-chip", has_text=str(number)).first.tap()
            phone.taps += 1
    phone.next()
    phone.question("/data/gender_group/gender_woman").locator(".q-chip", has_text="3").tap()
    phone.taps += 1
    phone.next()
    phone.choose("West Africa")
    phone.question("/data/nationality_page/nationality_west_africa").locator(".q-chip", has_text="2").tap()
    phone.taps += 1
    phone.next()
    phone.next()  # languages: none noted
    phone.choose("Condoms given")
    phone.question("/data/health_page/health_condoms").locator(".q-chip", has_text="20").tap()
    phone.taps += 1
    phone.next()
    phone.next()  # no leaflets
    phone.question("/data/work/minutes").locator(".q-chip", has_text="45").tap()
    phone.taps += 1
    phone.next()
    assert phone.heading() == "Check the answers"
    sent = answers(phone.send())
    print(f"{phone.taps} taps")
    assert phone.taps <= MOST_TAPS
    wanted = {
        "place": "P7", "part_of_day": "evening", "outcome": "spoke", "present": "6", "spoken_to": "4", "new": "1",
        "gender_woman": "3", "nationality_groups": "west_africa", "nationality_west_africa": "2", "interpreter": "none",
        "health_items": "condoms", "health_condoms": "20", "minutes": "45", "team_size": "1",
    }  # fmt: skip
    assert {name: sent.get(name) for name in wanted} == wanted
    assert not phone.errors


def test_a_visit_where_nobody_opened_is_six_taps(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(visit_form.FILE), {"places.csv": PLACES})
    phone.choose("P2 Code 2")
    phone.choose("Nobody opened")
    phone.next()
    phone.question("/data/work/minutes").locator(".q-chip", has_text="15").tap()
    phone.taps += 1
    phone.next()
    sent = answers(phone.send())
    assert phone.taps == 6
    assert (sent["place"], sent["outcome"], sent["minutes"]) == ("P2", "not_opened", "15")
    assert "present" not in sent


def test_what_does_not_fit_stops_at_once_with_the_forms_own_words(hand: Callable[..., Hand]) -> None:
    phone = hand().open(xform(visit_form.FILE), {"places.csv": PLACES}, language="da")
    phone.next()
    assert phone.page.locator(".q-faults").inner_text().startswith("Se på det her først")
    phone.choose("P2 Code 2")
    phone.choose("Vi talte med nogen")
    phone.next()
    phone.question("/data/people/present").locator(".q-chip", has_text="2").first.tap()
    phone.question("/data/people/spoken_to").locator("input").fill("3")
    phone.next()
    wrong = phone.question("/data/people/spoken_to").locator(".q-error")
    assert wrong.inner_text().endswith("Mindst 1, og ikke flere end der var til stede.")
    assert phone.heading() == "Mennesker"
    # A step never leads past what fits: plus stays at the number that were there.
    phone.question("/data/people/spoken_to").locator("input").fill("2")
    phone.question("/data/people/spoken_to").get_by_role("button", name="En mere").tap()
    assert phone.question("/data/people/spoken_to").locator("input").input_value() == "2"
