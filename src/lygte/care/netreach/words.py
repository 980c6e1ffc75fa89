"""How the questions of this room are called: on its pages, and where a problem says what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from . import codes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

QUESTIONS: dict[str, StrOrPromise] = {
    "message": _("Message"),
    "channel": _("Where you write"),
    "method": _("What the message is for"),
    "language": _("Language of the message"),
    "area": _("Municipality"),
    "handles": _("Who you want to write to"),
    "note": _("Note for the team"),
    "title": _("Title"),
    "text": _("Text"),
    "stop_word": _("Word with which one gets no more messages"),
    **codes.COUNTS,
}


def label(question: str) -> StrOrPromise:
    return QUESTIONS.get(question, question)
