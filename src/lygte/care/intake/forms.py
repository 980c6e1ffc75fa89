"""What people fill in on this room's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb, may
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.vault.forms import TryForm

from .actions.reviews import CHOSEN
from .models import Form, Grade, ReviewState, SealedSubmission, Submission


class PublishForm(forms.Form):
    """The workbook of a form."""

    workbook = forms.FileField(
        label=_("Workbook of the form"),
        help_text=_(
            "An XLSForm: a workbook (.xlsx or .xls) with the sheets “survey” and “choices”; .csv and .md work too."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.md"}),
        error_messages={
            "required": _("Choose the workbook of the form."),
            "empty": _("The file is empty. Choose another."),
        },
    )

    grade = forms.ChoiceField(
        label=_("How sensitive it is"),
        help_text=_("A stricter choice than the workbook's counts; a milder one does not. Without any, it is locked."),
        choices=[("", _("As the workbook says")), *Grade.choices],
        required=False,
    )


class ColleagueField(forms.ModelChoiceField):
    """A colleague, by the name they chose."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user.name)


class DeviceForm(forms.Form):
    """A new phone."""

    label = forms.CharField(
        label=_("Name of the phone"),
        max_length=60,
        help_text=_("So that you can tell it from the others, for example “blue Samsung”. Not somebody's name."),
    )
    holder = ColleagueField(label=_("Who carries it"), queryset=Member.objects.none())
    looked = forms.BooleanField(label=_("I have looked: save it anyway"), required=False)

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Member.objects.filter(organisation=member.organisation, active=True).select_related(
            "user", "organisation"
        )
        able = [colleague.pk for colleague in colleagues if may(colleague, Verb.SUBMISSION_RECEIVE)]
        field = self.fields["holder"]
        assert isinstance(field, ColleagueField)
        field.queryset = colleagues.filter(pk__in=able)
        field.initial = member.pk
        field.empty_label = None
        self.asks = False

    def clean(self) -> dict[str, Any]:
        """A name that seems to point at a person is asked about once, and refused where it is a personal number."""
        data = super().clean() or self.cleaned_data
        try:
            refuse_signs(data.get("label", ""), looked=bool(data.pop("looked", False)))
        except Problem as problem:
            self.asks = problem.number == "422.11"
            self.add_error("label", f"{problem.sentence} {problem.next_step}")
        return data


class ReviewForm(forms.Form):
    """What a coordinator says of a filled form."""

    state = forms.ChoiceField(
        label=_("Review"),
        choices=[(state.value, state.label) for state in CHOSEN],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you think of it.")},
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where something is wrong. Write about the form, never about a person."),
    )
    looked = forms.BooleanField(label=_("I have looked: save it anyway"), required=False)


class PassphraseForm(TryForm):
    """The passphrase of an encrypted form, tried only so many times an hour."""

    passphrase = forms.CharField(
        label=_("Passphrase of the form"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the passphrase.")},
    )


class EncryptForm(forms.Form):
    """A passphrase for a new key pair, typed twice."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; better several words that do not belong together."),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("passphrase") and data.get("again") and data["passphrase"] != data["again"]:
            self.add_error("again", _("The two are not the same."))
        return data


class FormFileForm(forms.Form):
    """A file that a form names."""

    name = forms.ChoiceField(label=_("Which file"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("At most 20 MB. Lists must be in UTF-8."),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty. Choose another.")},
    )

    def __init__(self, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in names]


class ListFilter(forms.Form):
    """What narrows a list; the choice is part of the address."""

    def offer(self, name: str, anything: Any, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", anything), *choices]

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, by field; what cannot be understood is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def chips(self) -> dict[str, str]:
        """Return what each filter in use is called on its chip, by field."""
        return {name: f"{self.fields[name].label}: {self._said(name, value)}" for name, value in self.chosen().items()}

    def _said(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))


class SubmissionFilter(ListFilter):
    """Which filled forms to list."""

    form = forms.ChoiceField(label=_("Form"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), *Submission.State.choices, ("trash", _("In the trash"))],
    )
    review = forms.ChoiceField(label=_("Review"), required=False, choices=[("", _("Any review")), *ReviewState.choices])
    phone = forms.ChoiceField(label=_("Phone"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, forms_there: Any, phones_there: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("form", _("Any form"), [(form.ref, form.title) for form in forms_there])
        self.offer("phone", _("Any phone"), [(phone.ref, phone.label) for phone in phones_there])


class SealedFilter(ListFilter):
    """Which sealed forms to list."""

    form = forms.ChoiceField(label=_("Form"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any state")),
            ("waiting", _("Waits or needs a look")),
            *SealedSubmission.State.choices,
        ],
    )
    sealed = forms.ChoiceField(
        label=_("Sealed"), required=False, choices=[("", _("Anywhere")), *SealedSubmission.By.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, forms_there: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("form", _("Any form"), [(form.ref, form.title) for form in forms_there])


def state_from(value: str) -> Form.State | None:
    return Form.State(value) if value in Form.State.values else None
