"""What people fill in on the pages of lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb, may
from lygte.core.models import Member

from .models import EntityList


class SearchForm(forms.Form):
    """What to show of a list; the choice is part of the address."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("conflict", _("To decide")), ("deleted", _("Deleted"))],
    )

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name, "")).replace("\0", "") if self.is_valid() else ""


class ListForm(forms.Form):
    """What a list declares."""

    holds = forms.ChoiceField(
        label=_("What the list holds"),
        choices=EntityList.Holds.choices,
        widget=forms.RadioSelect,
        help_text=_("Never people. A case stands in a list by its code alone."),
    )
    sees = forms.ChoiceField(
        label=_("Whose phones it goes to"), choices=EntityList.Sees.choices, widget=forms.RadioSelect
    )
    approval = forms.BooleanField(
        label=_("A new entry waits until somebody has approved the form it came with"), required=False
    )


class ColleaguesField(forms.ModelMultipleChoiceField):
    """Colleagues, by the names they chose."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user.name)


class AssignForm(forms.Form):
    """For whom an entry is."""

    to = ColleaguesField(
        label=_("For whom it is"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Member.objects.filter(organisation=member.organisation, active=True).select_related(
            "user", "organisation"
        )
        able = [one.pk for one in colleagues if may(one, Verb.SUBMISSION_RECEIVE)]
        field = self.fields["to"]
        assert isinstance(field, ColleaguesField)
        field.queryset = colleagues.filter(pk__in=able)
