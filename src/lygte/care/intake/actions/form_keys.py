"""Encrypting a form: a key pair of its own, whose private half only a passphrase opens."""

from __future__ import annotations

from django.utils import timezone

from lygte.core.access import Verb, require
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.core.vault.odk import new_rsa_pair
from lygte.core.vault.small import lock_under_passphrase

from ..injection import reason_against, with_key
from ..models import Form, FormKey, FormVersion
from ..problems import NOT_WITH_ENCRYPTION
from ..publishing import store_version
from ..receivers import RECEIVERS
from ..xlsform import Converted

LEAST = 12


def encrypt_form(*, member: Member, form: Form, passphrase: str) -> FormVersion:
    """Make a key pair for a form and publish its newest version with it. The passphrase is kept nowhere."""
    require(member, Verb.FORM_PUBLISH)
    if len(passphrase) < LEAST:
        raise Problem("422.419", least=LEAST)
    newest = FormVersion.objects.filter(form=form).first()
    if newest is None:
        raise Problem("404.160")
    unkeyed = Converted(bytes(newest.xform), {"grade": newest.grade, **newest.outline}, newest.warnings)
    if reason := reason_against(unkeyed, form.form_id in RECEIVERS):
        raise Problem("422.423", form_id=form.form_id, reason=NOT_WITH_ENCRYPTION[reason])
    public_key, private = new_rsa_pair()
    ref = new_ref()
    kept = lock_under_passphrase(passphrase, private, "form key", ref)  # slow on purpose: outside the transaction
    key = FormKey(
        ref=ref,
        organisation=member.organisation,
        form=form,
        public_key=public_key,
        box=kept.box,
        salt=kept.salt,
        passes=kept.passes,
        memory=kept.memory,
        made_at=timezone.now(),
        made_by=member,
    )
    return _encrypt(member=member, key=key, newest=newest)


@action(Verb.FORM_PUBLISH, details=lambda version: {"version": version.version, "encrypted": True})
def _encrypt(*, member: Member, key: FormKey, newest: FormVersion) -> FormVersion:
    key.save(force_insert=True)
    version = newest.outline.get("version_without_key", newest.version)
    unkeyed = Converted(bytes(newest.xform), {"grade": newest.grade, **newest.outline}, newest.warnings)
    converted = with_key(unkeyed, version, key.public_key)
    return store_version(member, converted, bytes(newest.workbook), newest.workbook_name)
