"""The living style page: every part of the look, with the words to write it. Shown only where LYGTE_STYLE_PAGE is set."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lygte.core.access import public

PLACES = [("clinic", _("Clinic")), ("street", _("Street")), ("online", _("Online"))]


class EveryField(forms.Form):
    """One field of each kind, so that each can be looked at with and without an error."""

    search = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    name = forms.CharField(label=_("Name of the place"), help_text=_("As the team calls it. No one's name."))
    people = forms.IntegerField(label=_("People spoken to"), min_value=0)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("Kind of place"), choices=[("", _("All")), *PLACES])
    outcome = forms.ChoiceField(
        label=_("How it went"),
        choices=[("met", _("We met people")), ("nobody", _("Nobody was there")), ("refused", _("They said no"))],
        widget=forms.RadioSelect,
        help_text=_("A no is an answer too."),
    )
    items = forms.MultipleChoiceField(
        label=_("What was handed out"),
        choices=[("condoms", _("Condoms")), ("leaflet", _("Leaflets")), ("test", _("Tests"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False, help_text=_("No names, no numbers.")
    )
    file = forms.FileField(label=_("Workbook"), required=False)
    sure = forms.BooleanField(label=_("An interpreter helped"), required=False, help_text=_("In person or by phone."))


COLOURS = ["paper", "surface", "sunk", "ink", "muted", "line", "teal", "lamp", "amber", "red", "green", "blue"]
ROWS = [
    (_("Havnegade (invented)"), _("Clinic"), dt.date(2026, 11, 19), 12, 7),
    (_("Nørrevold (invented)"), _("Street"), dt.date(2026, 11, 18), 4, 3),
    (_("Kanalstraat (invented)"), _("Online"), dt.date(2026, 11, 12), 128, 96),
]


@require_safe
@public
def look(request: HttpRequest) -> HttpResponse:
    wrong = EveryField({"people": "many"})
    wrong.is_valid()
    context = {
        "form": EveryField(auto_id="blank_%s"),
        "filters": EveryField(request.GET or None, auto_id="filter_%s"),
        "wrong": wrong,
        "colours": COLOURS,
        "rows": ROWS,
        "page": Paginator(range(100), 10).get_page(request.GET.get("page", 2)),
    }
    return render(request, "site/look.html", context)
