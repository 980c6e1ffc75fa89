"""What the phone seals is as coarse as what the server makes of it: the same rounding, in two languages."""

from __future__ import annotations

import random
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from lygte.care.intake import coarsening
from lygte.care.intake.grades import GRIDS, LOCKED
from lygte.care.intake.outline import outline_of

from .conftest import Hand, xform

FORM = """
| survey |
| | type | name | label | calculation |
| | begin_repeat | stop | Stop | |
| | geopoint | point | Point | |
| | geotrace | way | Way | |
| | end_repeat | | | |
| | geoshape | area | Area | |
| | text | said | Said | |
| | calculate | again | | ${area} |
"""
ODD = [
    "55.67612345 12.5683 7 4", "-0.001 0", "0 -0.0001 0 0", "90 180", "-90 -180 1 1", "91 0", "0 180.01", "nan 1", "inf 1", "x y",
    "12", "", "  ", ";", "1 2;;1 2 ; 1.001 2.001", "1e1 -1E-3 4", "+3.5 .25", "0x10 2", "55.67 12.57; 55.6701 12.5701;56 13 0 0",
    " 55.67\t12.57\n", "0.285 0.295", "0.29 0.57", "-0.29 -0.58", "179.99 0", "89.999999 179.999999", "1.15 -2.3 0 0;4,5 6",
]  # fmt: skip


def point(chance: random.Random) -> str:
    latitude, longitude = chance.uniform(-91, 91), chance.uniform(-181, 181)
    return f"{latitude:.{chance.randint(0, 9)}f} {longitude:.{chance.randint(0, 9)}f} 3.5 4"


def positions() -> list[str]:
    chance = random.Random(20)
    edges = [f"{step / 100} {step / 100 + 90}" for step in range(-90, 91, 3)]
    return ODD + edges + ["; ".join(point(chance) for _ in range(chance.randint(1, 4))) for _ in range(150)]


def test_phone_and_server_round_alike(hand: Callable[..., Hand]) -> None:
    form, where = xform(FORM), positions()
    filled = []
    for at, value in enumerate(where):
        other = where[at - 1]
        filled.append(
            f'<data xmlns:orx="http://openrosa.org/xforms" id="f" version="1"><stop><point>{value}</point><way>{other}</way></stop>'
            f"<stop><point/><way>{value}</way></stop><area>{other}</area><said>{value} &lt;Ærø&gt;</said><orx:meta>"
            "<orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
        )
    outline = outline_of(form.encode())
    asked = "([filled, form, grid]) => filled.map((one) => tests.coarsened(one, form, grid))"
    said = hand().page.evaluate(asked, [filled, form, GRIDS[LOCKED]])
    for xml, phone in zip(filled, said, strict=True):
        server = coarsening.coarsened(xml.encode(), outline, LOCKED).decode()
        assert ET.canonicalize(phone) == ET.canonicalize(server), xml
        again = phone.encode()
        assert coarsening.coarsened(again, outline, LOCKED) == again, "what is coarse stays as it is"
    assert sum(phone != xml for xml, phone in zip(filled, said, strict=True)) > 200
    assert hand().page.evaluate(asked, [filled, form, None]) == filled  # no grid: letter for letter


@pytest.mark.parametrize("grid", [0.01, None])
def test_the_exact_spot_is_in_no_draft_and_no_calculation(hand: Callable[..., Hand], grid: float | None) -> None:
    phone = hand(
        permissions=["geolocation"], geolocation={"latitude": 55.67612345, "longitude": 12.56834567, "accuracy": 4}
    )
    phone.open(
        xform(
            "| survey |\n| | type | name | label | calculation |\n| | geopoint | spot | Spot | |\n"
            "| | calculate | again | | concat(${spot}, '') |"
        ),
        grid=grid,
    )
    phone.tap("Take the position")
    told = phone.question("/data/spot").locator(".q-told", has_text="Kept")
    told.wait_for()
    assert ("a square of about 1 km" in told.inner_text()) == bool(grid)
    phone.page.wait_for_timeout(400)  # until the draft was told
    phone.to_review()
    sent = phone.send()
    exact = "55.6761235 12.5683457"
    assert sent.count("55.675 12.565" if grid else exact) == 2 and (exact in sent) == (not grid)
    drafts = phone.page.evaluate("() => tests.told.drafts.map((one) => one.instanceXml).join()")
    assert (exact in drafts) == (not grid)
