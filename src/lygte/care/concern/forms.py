"""What is filled in about a place: a sign, an objection, a wish to tell an authority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import codes, words
from .rulefile import Rule

ADVICE = _("About the place only: no name, no number, nothing by which a person could be found.")


def choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class _Looked(forms.Form):
    """A form with words of one's own: what looks like a way to a person is pointed out once before it is saved."""

    looked = forms.BooleanField(
        label=_("I have looked at what was pointed out, and it should stay"), required=False, widget=forms.HiddenInput
    )

    def ask_to_look(self) -> None:
        """Show the box that says “it should stay”."""
        self.fields["looked"].widget = forms.CheckboxInput()


class SignForm(forms.Form):
    """One sign about a place. There is no field for words."""

    sign = forms.ChoiceField(label=words.SIGN, widget=forms.RadioSelect)
    known = forms.ChoiceField(label=words.KNOWN, choices=codes.choices(codes.KNOWN), widget=forms.RadioSelect)
    sure = forms.ChoiceField(label=words.SURE, choices=codes.choices(codes.SURE), widget=forms.RadioSelect)
    day = forms.DateField(label=words.DAY, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "sign", [(key, rule.sign(key)) for key in rule.signs])
        self.fields["day"].initial = timezone.localdate


class ContestForm(_Looked):
    """An objection to a sign."""

    reason = forms.ChoiceField(label=words.REASON, choices=codes.choices(codes.CONTESTS), widget=forms.RadioSelect)
    note = forms.CharField(
        label=words.NOTE, max_length=300, required=False, widget=forms.Textarea({"rows": 2}), help_text=ADVICE
    )


class TellForm(_Looked):
    """A wish to tell an authority something about a place."""

    authority = forms.ChoiceField(
        label=_("Authority"), choices=[("", _("Choose an authority")), *codes.choices(codes.AUTHORITIES)]
    )
    ground = forms.ChoiceField(label=_("Ground"), choices=codes.choices(codes.GROUNDS), widget=forms.RadioSelect)
    people = forms.ChoiceField(
        label=_("What do the people there say?"), choices=codes.choices(codes.PEOPLE), widget=forms.RadioSelect
    )
    pieces = forms.MultipleChoiceField(
        label=_("What would be told"), choices=codes.choices(codes.PIECES), widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=words.WHY, max_length=500, widget=forms.Textarea({"rows": 3}), help_text=ADVICE)
