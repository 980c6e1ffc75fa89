"""What is filled in at the door, and by the team for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from .codes import LANGUAGES

QUIET = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
LONGEST = 10_000


def _without_personal_numbers(text: str) -> str:
    try:
        refuse_signs(text, looked=True)  # whose words they are may name whom they like, but for two numbers
    except Problem as problem:
        raise forms.ValidationError(f"{problem.sentence} {problem.next_step}") from None
    return text


class CodeForm(forms.Form):
    """The code of a slip, in any of its forms. Nothing in it is ever wrong by itself: it opens, or it does not."""

    code = forms.CharField(
        label=_("Your twelve words, or your five numbers"),
        help_text=_("As they stand on your paper, in the same order. Capital letters and spaces do not matter."),
        widget=forms.Textarea(attrs={"rows": 4, **QUIET}),
        max_length=2_000,
        strip=True,
    )


class OwnWordsForm(forms.Form):
    """What the person wants to say."""

    text = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        max_length=LONGEST,
        help_text=_("In any language. Leave out names of others if they could get into trouble."),
    )
    correct = forms.BooleanField(
        label=_("Please correct this"),
        help_text=_("Your team sees that you ask for it, and answers here."),
        required=False,
    )

    def clean_text(self) -> str:
        return _without_personal_numbers(str(self.cleaned_data["text"]))


class ErasureForm(forms.Form):
    """When, and that it is understood."""

    when = forms.ChoiceField(
        label=_("When?"),
        choices=[
            ("now", _("Now")),
            ("week", _("In seven days. Until then I can change my mind here")),
        ],
        widget=forms.RadioSelect,
    )
    understood = forms.BooleanField(
        label=_("I know that nobody can bring it back"),
        error_messages={"required": _("Tick this first. Nothing has been erased.")},
    )


class SlipForm(forms.Form):
    """How a slip is to be."""

    language = forms.ChoiceField(
        label=_("Language of the words"),
        choices=[(code, name) for code, (name, _list) in LANGUAGES.items()],
        help_text=_(
            "There are no lists of words in Danish, Dutch, Thai, Romanian, Ukrainian or Hungarian. "
            "Beside the words stand five numbers that say the same: they need no language."
        ),
    )
    lasts = forms.ChoiceField(
        label=_("How long it works"),
        choices=[
            ("year", _("A year")),
            ("month", _("A month")),
            ("always", _("Until the person or the team ends it")),
        ],
        initial="year",
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """What the team answers to a request."""

    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST)

    def clean_answer(self) -> str:
        return _without_personal_numbers(str(self.cleaned_data["answer"]))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = _("The person reads it on their own page, in these words.")
