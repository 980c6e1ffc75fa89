"""The one paper that is given to an authority by hand. Nothing electronic is sent, and the paper is not kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .actions.disclosures import Paper
from .models import TOLD, Disclosure
from .rules import said

TEMPLATE = Path(__file__).with_name("paper.typ")


def words_of(paper: Paper) -> dict[str, Any]:
    """Return everything that stands on the paper."""
    disclosure, values = paper.disclosure, paper.values
    order = [
        (Disclosure.PERSONAL[code].label, values[code])
        for code in ("court", "order_number", "order_day")
        if code in values
    ]
    facts = [
        (_("From"), disclosure.organisation.name),
        (_("To"), disclosure.service.name),
        (_("Date"), date_format(timezone.localdate(), "DATE_FORMAT")),
        (_("Ground"), disclosure.get_ground_display()),
        *order,
    ]
    return {
        "language": (get_language() or "en")[:2],
        "title": _("Information handed over"),
        "organisation": disclosure.organisation.name,
        "facts": [[str(name), str(value)] for name, value in facts],
        "pieces_title": _("What is told"),
        "pieces": [[str(Disclosure.PERSONAL[c].label), said(c, str(values[c]))] for c in TOLD if c in values],
        "lines": [
            _("This is all. Nothing else is told with it, and it may be used for nothing but the ground above."),
            _("The person has been told what stands here, to whom it was given, and on which ground."),
        ],
        "signatures": [_("First person"), _("Second person"), _("Received by")],
    }


def pdf_of(paper: Paper) -> bytes:
    """Set the paper as an accessible PDF, in memory; nothing is written anywhere."""
    said_on_it = words_of(paper)
    try:
        return _set(said_on_it, own_fonts_only=True)
    except typst.TypstError:
        return _set(said_on_it, own_fonts_only=False)


def _set(words: dict[str, Any], *, own_fonts_only: bool) -> bytes:
    inputs = {"said": json.dumps(words)}
    return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=own_fonts_only, pdf_standards=["ua-1"]))
