"""What is filled in on these pages: answers that are read and forgotten, and the figures of the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Member
from lygte.directory.areas import area_choices

from . import words
from .library import Instrument
from .scoring import SCALES, Answer


class ReadingForm(forms.Form):
    """One set of answers to an instrument. Nothing has to be answered."""

    def __init__(self, instrument: Instrument, group: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument, self.group = instrument, group
        choices = [(code, _label(instrument, code)) for code in SCALES[instrument.answers] if code != Answer.UNKNOWN]
        for item in instrument.items_for(group):
            self.fields[_name(item.path)] = forms.ChoiceField(
                label=words.in_words(item.words),
                choices=[*choices, (Answer.UNKNOWN, words.ANSWERS[Answer.UNKNOWN])],
                required=False,
                widget=forms.RadioSelect,
            )

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield each section's title with its fields."""
        for key in self.instrument.dimensions_for(self.group):
            items = self.instrument.in_dimension(key, self.group)
            yield words.in_words(self.instrument.sections[key]), [self[_name(item.path)] for item in items]

    def answers(self) -> dict[str, str]:
        """Return what was answered, by the path of the sign."""
        paths = {_name(item.path): item.path for item in self.instrument.items_for(self.group)}
        return {paths[name]: value for name, value in self.cleaned_data.items() if value}


def _name(path: str) -> str:
    return path.replace("/", "__")


def _label(instrument: Instrument, code: Answer) -> Any:
    return words.NOT_SEEN if instrument.answers == "known" and code == Answer.NO else words.ANSWERS[code]


class CountForm(forms.Form):
    """Where a screening is counted."""

    area = forms.ChoiceField(label=_("Municipality"))

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a municipality")), *area_choices(member.organisation.country)]


class BringForm(forms.Form):
    """An instrument of one's own: two files."""

    workbook = forms.FileField(label=_("Workbook with the questions (XLSForm, .xlsx)"))
    scoring = forms.FileField(label=_("Scoring file (.yaml)"))


def _percent(label: Any, help_text: Any) -> forms.FloatField:
    return forms.FloatField(label=label, help_text=help_text, min_value=0, max_value=100)


class ValueForm(forms.Form):
    """Three shares in per cent."""

    prevalence = _percent(
        _("How many of 100 are concerned?"), _("Your best guess among the people you ask. Try a low and a high one.")
    )
    sensitivity = _percent(_("Of 100 concerned, how many does it find?"), _("Called sensitivity."))
    specificity = _percent(_("Of 100 not concerned, how many does it leave alone?"), _("Called specificity."))
