"""What is filled in about consent, teams, emergencies and holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..people import Member
from .codes import Group, HoldGround, Manner, Purpose
from .models import Person
from .recipients import recipients_for
from .team import could_join

LEAVES_THE_HOUSE = frozenset({Purpose.REFERRAL, Purpose.AUTHORITY})
# What a purpose is about, where there is nothing to choose.
FIXED_GROUPS: dict[str, list[str]] = {
    Purpose.CONTACT: [Group.CONTACT],
    Purpose.FEEDBACK: [Group.CONTACT],
    Purpose.STATISTICS: [Group.SITUATION, Group.GOALS, Group.MEASURES, Group.IDENTIFICATION, Group.REFERRALS],
    Purpose.LINKAGE: [Group.IDENTITY],
}
USUAL_END = timedelta(days=90)  # of what leaves the house, unless the person says otherwise


class YesForm(forms.Form):
    """What exactly a person says yes to. Nothing is ticked beforehand."""

    recipient = forms.ChoiceField(label=_("To whom"))
    groups = forms.MultipleChoiceField(
        label=_("Which parts"), choices=Group.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    until = forms.DateField(
        label=_("Until when"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text=_("Leave it empty for as long as the text says."),
    )
    manner = forms.ChoiceField(
        label=_("How they answered"),
        choices=[(Manner.SPOKEN.value, Manner.SPOKEN.label), (Manner.WRITTEN.value, Manner.WRITTEN.label)],
        initial=Manner.SPOKEN.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, member: Member, purpose: str, *args: Any, answer: str = "yes", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.answer = purpose, answer
        if purpose in FIXED_GROUPS:
            del self.fields["groups"]
        if purpose in LEAVES_THE_HOUSE:
            choice = self.fields["recipient"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [("", _("Choose")), *recipients_for(member, purpose)]
            choice.required = answer == "yes"
            self.fields["until"].required = answer == "yes"
            self.fields["until"].help_text = _("After this day it can no longer be opened there.")
            self.fields["until"].initial = timezone.localdate() + USUAL_END
        else:
            del self.fields["recipient"]

    def clean_groups(self) -> list[str]:
        groups = list(self.cleaned_data["groups"])
        if self.answer == "yes" and not groups:
            raise forms.ValidationError(_("Tick what they said yes to."))
        return groups

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if self.answer == "yes" and until and until < timezone.localdate():
            raise forms.ValidationError(_("Choose a last day in the future."))
        return until

    @property
    def chosen(self) -> list[str]:
        """The groups that a yes is about."""
        return FIXED_GROUPS.get(self.purpose) or list(self.cleaned_data["groups"])


class JoinForm(forms.Form):
    """A colleague for the team."""

    other = forms.ChoiceField(label=_("Who"))

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {one.ref: one for one in could_join(person)}
        choice = self.fields["other"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(ref, one.user.name) for ref, one in self.colleagues.items()]

    def clean_other(self) -> Member:
        return self.colleagues[self.cleaned_data["other"]]


class GlassForm(forms.Form):
    """Why, and what, in an emergency."""

    reason = forms.CharField(
        label=_("Why now, and why you"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("A whole sentence. The person reads it, and a colleague who checks it."),
    )
    groups = forms.MultipleChoiceField(label=_("What you need to see"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, groups: list[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["groups"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = groups


class ReviewForm(forms.Form):
    """What a second person found."""

    found = forms.ChoiceField(
        label=_("Was it needed?"),
        choices=[("right", _("It was needed")), ("wrong", _("It was not needed"))],
        widget=forms.RadioSelect,
    )


class HoldForm(forms.Form):
    """Why a record must be kept, and until when."""

    ground = forms.ChoiceField(label=_("Ground"), choices=HoldGround.choices, widget=forms.RadioSelect)
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
