"""Publishing a form, closing it, opening it again."""

from __future__ import annotations

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member

from ..models import Form, FormVersion
from ..publishing import published_already, read_workbook, store_version
from ..xlsform import Converted


def publish_form(*, member: Member, workbook: bytes, filename: str, grade: str = "") -> FormVersion:
    """Publish a workbook as a new version. The same workbook again gives the version that exists.

    A grade makes the form at least so strict, whatever the workbook declares. Raises Problem 423.479 where a form must
    be sealed and the organisation has no key.
    """
    converted = read_workbook(member.organisation, workbook, filename, grade)
    existing = published_already(member.organisation, converted)
    return existing or _publish(member=member, converted=converted, workbook=workbook, filename=filename)


@action(Verb.FORM_PUBLISH, details=lambda version: {"version": version.version})
def _publish(*, member: Member, converted: Converted, workbook: bytes, filename: str) -> FormVersion:
    return store_version(member, converted, workbook, filename)


@action(Verb.FORM_RETIRE)
def change_form_state(*, member: Member, form: Form, state: Form.State) -> Form:
    """Close a form, or open it again. Phones see a closed form no more, and it takes nothing in."""
    form.state = state
    form.save(update_fields=["state"])
    return form
