"""Whatever writes is an action: one line in the log, in the same transaction, and none when nothing was done."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import FunctionType

import pytest

import lygte
from lygte.core.access import Verb
from lygte.core.actions import ACTIONS, action
from lygte.core.audit import AuditEntry
from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem

# Public functions of modules named `actions` that are no actions themselves; each for a reason.
REVIEWED = {
    "lygte.core.actions.action",  # makes them
    # Parts of actions, called inside them: they ask, lock rows or write through the gate, which leaves the line.
    "lygte.care.support.cases.actions.shared.put_changed",
    "lygte.care.support.cases.actions.shared.put_new",
    "lygte.care.support.cases.actions.shared.require_agreed",
    "lygte.care.support.cases.actions.shared.require_seat",
    "lygte.care.support.referrals.actions.sending.require_seat",
    "lygte.care.support.referrals.actions.disclosures.look_at",  # writes the line of an access by itself
    # What comes from phones and files: received by an action, kept under the name of the phone's owner.
    "lygte.care.intake.actions.filled.receive",
    "lygte.care.intake.actions.filled.submit_answers",
    "lygte.care.intake.actions.forms.publish_form",
    # They look first, and hand what is whole to an action of their module, which leaves the line.
    "lygte.care.intake.actions.arriving.receive_envelope",
    "lygte.care.intake.actions.drafts.upload_draft",
    "lygte.care.intake.actions.form_keys.encrypt_form",
    "lygte.care.intake.actions.sealed.seal_on_arrival",
    "lygte.care.intake.actions.filled.version_named",  # reads which version a form is of
    "lygte.care.intake.actions.sealed.the_key",  # reads the public key of the organisation
    "lygte.care.intake.entities.actions.feeding.reviewed",  # called inside the review, whose line it is
    "lygte.care.outreach.actions.check_answers",  # writes nothing
}


def action_modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(lygte.__path__, "lygte."):
        if "actions" in found.name.split("."):
            yield found.name


def plain_functions() -> list[str]:
    """Return the public functions of modules of actions that are not actions."""
    found = []
    for name in action_modules():
        module = importlib.import_module(name)
        for attribute, thing in vars(module).items():
            own = isinstance(thing, FunctionType) and thing.__module__ == name
            if own and not attribute.startswith("_") and f"{name}.{attribute}" not in ACTIONS:
                found.append(f"{name}.{attribute}")
    return found


def test_every_public_function_of_an_actions_module_is_an_action() -> None:
    plain = set(plain_functions()) - REVIEWED
    takes_member = {name for name in plain if "member" in _parameters(name)}
    print(f"{len(ACTIONS)} actions in {len(list(action_modules()))} modules")
    assert not takes_member, f"these take a member but leave no line in the log: {sorted(takes_member)}"


def _parameters(path: str) -> set[str]:
    module, _dot, name = path.rpartition(".")
    return set(inspect.signature(getattr(importlib.import_module(module), name)).parameters)


@action(Verb.MEMBER_LIST)
def _rename(*, member: Member, name: str, fail: bool = False) -> Organisation:
    Organisation.objects.filter(pk=member.organisation_id).update(name=name)
    if fail:
        raise Problem("400.1")
    return member.organisation


def test_an_action_and_its_line_stand_or_fall_together(bogdan: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    before = AuditEntry.objects.count()
    _rename(member=bogdan, name="Changed (invented)")
    assert AuditEntry.objects.count() == before + 1
    with pytest.raises(Problem):
        _rename(member=bogdan, name="Never (invented)", fail=True)
    assert AuditEntry.objects.count() == before + 1
    monkeypatch.setattr("lygte.core.actions.write_entry", _no_disk)
    with pytest.raises(OSError):
        _rename(member=bogdan, name="Never (invented)")
    assert Organisation.objects.get(pk=bogdan.organisation_id).name == "Changed (invented)"


def _no_disk(**entry: object) -> None:
    raise OSError("no space left")
