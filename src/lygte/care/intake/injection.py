"""Putting a key into a form, so that phones encrypt what is filled in; with a version of its own, so that they fetch it."""

from __future__ import annotations

import hashlib

from lxml import etree

from .grades import LOCKED, SEALED
from .outline import XF, outline_of
from .xlsform import Converted


def suffix_of(public_key: str) -> str:
    return f"-locked-{hashlib.sha256(public_key.encode()).hexdigest()[:8]}"


def with_key(form: Converted, version: str, public_key: str) -> Converted:
    """Return the form with the key in it. `version` is the version without any key."""
    root = etree.fromstring(form.xform, etree.XMLParser(resolve_entities=False, no_network=True))
    model = root.find(f".//{XF}model")
    model.find(f"{XF}instance")[0].set("version", version + suffix_of(public_key))
    submission = model.find(f"{XF}submission")
    if submission is None:
        submission = etree.SubElement(model, f"{XF}submission", method="post")
    submission.set("base64RsaPublicKey", public_key)
    changed = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    outline = {**form.outline, **outline_of(changed), "version_without_key": version}
    return Converted(changed, outline, form.warnings)


def reason_against(form: Converted, taken_in: bool) -> str:
    """Return why phones must not encrypt this form, as a key of NOT_WITH_ENCRYPTION, or ""."""
    if taken_in:
        return "taken_in"
    if form.grade in (LOCKED, SEALED):
        return "sealed"
    if b"jr://instance/last-saved" in form.xform:
        return "last_saved"
    if b"entities-version" in form.xform:
        return "entities"
    return ""
