"""A name of a phone or a correction that points at a person: asked about once, and never with a personal number."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lygte.care.intake.actions import add_device
from lygte.care.intake.models import Device, Submission
from lygte.core.models import Member
from lygte.core.problems import Problem

from .test_pages import waiting  # noqa: F401 (a filled form that needs a look)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
SignedIn = Callable[[Member], Client]
CPR = "010203-1234"  # invented
ANYWAY = 'name="looked"'


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_a_phone_named_after_a_number_is_asked_about_and_saved_anyway(bogdan: Member, signed_in: SignedIn) -> None:
    client, name = signed_in(bogdan), {"label": "Samsung 20 30 40 50", "holder": bogdan.pk}
    assert ANYWAY not in text(client.get("/intake/phones/add/"))
    asked = client.post("/intake/phones/add/", name)
    assert asked.status_code == 400 and "a telephone number" in text(asked) and ANYWAY in text(asked)
    assert not Device.objects.exists()
    assert client.post("/intake/phones/add/", {**name, "looked": "on"}).status_code == 200
    assert Device.objects.get().label == name["label"]


def test_a_phone_is_never_named_after_a_personal_number(bogdan: Member, signed_in: SignedIn) -> None:
    refused = signed_in(bogdan).post("/intake/phones/add/", {"label": f"of {CPR}", "holder": bogdan.pk, "looked": "on"})
    assert refused.status_code == 400 and "(CPR)" in text(refused) and ANYWAY not in text(refused)
    with pytest.raises(Problem, match=r"422\.10"):
        add_device(member=bogdan, label=f"of {CPR}")
    assert not Device.objects.exists()


def test_a_correction_with_a_number_plate_is_asked_about_shown_again_and_saved_anyway(
    bogdan: Member,
    signed_in: SignedIn,
    waiting: Submission,  # noqa: F811
) -> None:
    client, address = signed_in(bogdan), f"/intake/submissions/{waiting.ref}/resolve/"
    corrected = {"answer:people": "40", "answer:note": "the blue car AB 12 345"}
    asked = client.post(address, corrected)
    assert asked.status_code == 422 and "422.11" in text(asked) and ANYWAY in text(asked)
    assert 'value="the blue car AB 12 345"' in text(asked) and 'value="40"' in text(asked)
    assert Submission.objects.get().corrections == {}
    assert client.post(address, {**corrected, "looked": "1"}).status_code == 302
    assert Submission.objects.get().corrections == {"people": "40", "note": "the blue car AB 12 345"}


def test_a_correction_never_holds_a_personal_number(
    bogdan: Member,
    signed_in: SignedIn,
    waiting: Submission,  # noqa: F811
) -> None:
    address = f"/intake/submissions/{waiting.ref}/resolve/"
    refused = signed_in(bogdan).post(address, {"answer:people": "40", "answer:note": CPR, "looked": "1"})
    assert refused.status_code == 422 and "422.10" in text(refused) and ANYWAY not in text(refused)
    after = Submission.objects.get()
    assert (after.state, after.corrections) == (Submission.State.NEEDS_LOOK, {})
