"""What people choose on the page of an export, and what a feed is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from ..models import Form, FormVersion, ReviewState, Submission
from .choosing import Choice
from .formats import FORMATS


class ExportForm(forms.Form):
    """Which filled forms, and as what. It is asked by GET, so that an address can be kept."""

    format = forms.ChoiceField(
        label=_("As"), choices=[(name, one.label) for name, one in FORMATS.items()], widget=forms.RadioSelect
    )
    since = forms.DateField(
        label=_("Received from"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Received until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    review = forms.ChoiceField(label=_("Review"), required=False, choices=[("", _("Any review")), *ReviewState.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any state")), *Submission.State.choices]
    )
    version = forms.ChoiceField(label=_("Version"), required=False)
    split = forms.BooleanField(
        label=_("Give each choice of a question with several choices a column of its own"), required=False
    )

    def __init__(self, form: Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = FormVersion.objects.filter(form=form).order_by("-pk").values_list("ref", "version")
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Every version")), *versions]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", _("Choose a day that is not before the first."))
        return data

    @property
    def choice(self) -> Choice:
        names = ("since", "until", "state", "review", "version")
        return Choice(**{name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)})


class FeedForm(forms.Form):
    """What a feed is for."""

    label = forms.CharField(
        label=_("What the feed is for"),
        max_length=60,
        help_text=_("For example “Figures of the board, Excel”. Not somebody's name."),
    )
    looked = forms.BooleanField(label=_("I have looked: save it anyway"), required=False)

    asks = False

    def clean(self) -> dict[str, Any]:
        """A label that seems to point at a person is asked about once, and refused where it is a personal number."""
        data = super().clean() or self.cleaned_data
        try:
            refuse_signs(data.get("label", ""), looked=bool(data.pop("looked", False)))
        except Problem as problem:
            self.asks = problem.number == "422.11"
            self.add_error("label", f"{problem.sentence} {problem.next_step}")
        return data
