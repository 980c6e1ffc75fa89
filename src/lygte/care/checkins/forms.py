"""What a worker fills in before she goes in alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Member

from . import reads

MINUTES = (15, 30, 45, 60, 90, 120, 180)


class StartForm(forms.Form):
    """A timer."""

    colleague = forms.ChoiceField(label=_("Colleague who is told"))
    minutes = forms.TypedChoiceField(
        label=_("Back within"),
        coerce=int,
        initial=45,
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.ref, one.user.name) for one in reads.colleagues(member)]
        # Put together here and not in the class, where they would be English for everybody.
        minutes = self.fields["minutes"]
        assert isinstance(minutes, forms.TypedChoiceField)
        minutes.choices = [(count, gettext("%(count)s minutes") % {"count": count}) for count in MINUTES]
