"""What people fill in about their own organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from .organisations import Kind, Organisation
from .people import ROLES_OF_KIND, Role, User


class MemberForm(forms.Form):
    """A new colleague."""

    name = forms.CharField(label=_("Name or alias"), max_length=80, help_text=_("As colleagues should see it."))
    email = forms.EmailField(label=_("E-mail address"), help_text=_("Only used to sign in. Lygte sends no mail."))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = ROLES_OF_KIND[organisation.kind]
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in Role if role in roles]


class OrganisationForm(forms.Form):
    """A new organisation and its first coordinator."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in Kind if kind != Kind.HOST])
    country = forms.ChoiceField(label=_("Country"), choices=[("DK", _("Denmark")), ("NL", _("Netherlands"))])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    coordinator = forms.CharField(label=_("Name or alias of the first coordinator"), max_length=80)
    email = forms.EmailField(label=_("E-mail address of the first coordinator"))

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Organisation.objects.filter(name__iexact=name, members__isnull=False).exists():
            raise forms.ValidationError(_("There is an organisation of that name already. Choose another name."))
        return name


class PasswordForm(forms.Form):
    """A first or a new password."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Four or five unrelated words are easy to keep."),
    )
    again = forms.CharField(
        label=_("The same password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: User | None, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("password") and data.get("password") != data.get("again"):
            self.add_error("again", _("The two passwords differ. Write the same one twice."))
        return data
