"""What the app hands over is taken in by the server: published there, filled in here, answered with 201."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django_scopes import scope
from PIL import Image

from lygte.care.intake.actions import publish_form
from lygte.care.intake.models import Attachment, Submission
from lygte.core.models import Member
from tests.care.intake.conftest import Phone, phone  # noqa: F401 (Amina's phone)

from .conftest import Hand
from .test_alike import HTCDS, NESTED
from .test_kinds import every_type

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]

# What a form may not ask of a phone here is left out: the server refuses to publish it.
EVERY = "\n".join(
    line for line in every_type().split("\n") if "| username |" not in line and "| deviceid |" not in line
)


@pytest.mark.parametrize("form", [HTCDS, NESTED, EVERY], ids=["HTCDS", "nested", "every type"])
def test_published_there_filled_in_here_and_taken_in(
    form: Path | str,
    hand: Callable[..., Hand],
    bogdan: Member,
    phone: Phone,  # noqa: F811
) -> None:
    if isinstance(form, Path) and not form.exists():
        pytest.skip("the form of the data standard is not here")
    workbook = form.read_bytes() if isinstance(form, Path) else form.encode()
    with scope(organisation=bogdan.organisation):
        version = publish_form(
            member=bogdan, workbook=workbook, filename="form.xlsx" if isinstance(form, Path) else "form.md"
        )
    app = hand().open(bytes(version.xform).decode())
    if form == EVERY:
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "#1f6b3a").save(picture, "PNG")
        with app.page.expect_file_chooser() as chooser:
            app.question("/data/all/photo").get_by_role("button", name="Choose a picture").click()
        chooser.value.set_files([{"name": "x.png", "mimeType": "image/png", "buffer": picture.getvalue()}])
        app.question("/data/all/photo").locator(".q-shown img").wait_for()
        app.question("/data/all/words").locator("input").fill("Ærø")
        app.next()
    else:
        app.page.evaluate("() => tests.fill(400)")
    xml = app.send().encode()
    files = [(one["name"], base64.b64decode(one["base64"])) for one in app.page.evaluate("() => tests.files()")]
    assert phone.send(xml, *files).status_code == 201
    stored = Submission.objects.get()
    assert stored.form_version_id == version.pk
    assert sorted(Attachment.objects.values_list("name", flat=True)) == sorted(name for name, _ in files)
    assert len(files) == (1 if form == EVERY else 0)
