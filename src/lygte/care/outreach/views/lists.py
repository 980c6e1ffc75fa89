"""What the two lists share: filters as chips that are part of the address."""

from __future__ import annotations

from django import forms

from lygte.core.asking import Request

from ..forms import shown_filters

Chip = tuple[str, str]


def chips_of(request: Request, form: forms.Form) -> list[Chip]:
    """Return every filter in use with the address that does without it."""
    return [(label, address_without(request, name)) for name, label in shown_filters(form).items()]


def address_without(request: Request, *names: str) -> str:
    """Return this list's address without some of its filters, from its first page."""
    parameters = request.GET.copy()
    for name in (*names, "after", "page"):
        parameters.pop(name, None)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path
