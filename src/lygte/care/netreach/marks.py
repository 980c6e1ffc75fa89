"""From what was typed to what may be kept: hashes, made at once. Nothing behind this file ever sees a number or a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lygte.core.vault.reach import contact_marks, opt_out_marks

from .handles import Handle
from .models import OptOut


@dataclass(frozen=True)
class Marks:
    """The hashes of one handle: under each contact key that lives, newest first, and the opt-out mark."""

    contact: dict[int, str]
    opt_out: str


def marks_of(handles: Sequence[Handle]) -> list[Marks]:
    """Return the marks of handles, in their order. Slow on purpose: call it before a transaction, not inside.

    Raises Problem 503.1 where opt-outs are kept whose key is missing: then nobody may be written to.
    """
    slow = opt_outs_of(handles)
    return [Marks(contact_marks(str(handle)), mark) for handle, mark in zip(handles, slow, strict=True)]


def opt_outs_of(handles: Sequence[Handle]) -> list[str]:
    return opt_out_marks([str(handle) for handle in handles], any_known=OptOut.objects.exists())
