"""What people fill in about keys: a password that is tried with care, names on papers, words from papers."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .papers import Papers


def _password_input(kind: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": kind})


class TryForm(forms.Form):
    """A form in which somebody tries a password: only so many times an hour, before anything slow is done."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        if not self.is_bound or self._may_try():
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.add_error(None, _now("Too many tries. Wait an hour, or ask a colleague who holds the key."))
        return None

    def _may_try(self) -> bool:
        if not hasattr(self, "_allowed"):
            self._allowed = bool(ratelimit.consume(self.request, action="unlock", user=self.request.user))
        return self._allowed


def forget_tries(request: HttpRequest) -> None:
    """Begin to count anew, after the right passphrase."""
    ratelimit.clear(request, action="unlock", user=request.user)


class UnlockForm(TryForm):
    """The passphrase of one's key."""

    passphrase = forms.CharField(
        label=_("Password"),
        widget=_password_input("current-password"),
        help_text=_("The password you sign in with."),
        strip=False,
    )


def _right_password(request: HttpRequest, password: str) -> str:
    if not request.user.check_password(password):
        raise forms.ValidationError(_now("That is not the password you sign in with."))
    return password


class KeyForm(TryForm):
    """The passphrase of a new key: the sign-in password, or a new one for who has none (passkey, single sign-on)."""

    passphrase = forms.CharField(widget=_password_input("current-password"), strip=False)
    again = forms.CharField(
        label=_("The same password again"), widget=_password_input("new-password"), strip=False, required=True
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        field = self.fields["passphrase"]
        if request.user.has_usable_password():  # type: ignore[union-attr]
            del self.fields["again"]
            field.label = _("Your password")
            field.help_text = _("The one you sign in with. It will open your key as well.")
        else:
            field.label = _("A password for your key")
            field.widget = _password_input("new-password")
            field.help_text = _("At least 12 characters. Four or five unrelated words are easy to keep.")

    def clean_passphrase(self) -> str:
        given = str(self.cleaned_data["passphrase"])
        if "again" not in self.fields:
            return _right_password(self.request, given)
        validate_password(given, self.request.user)  # type: ignore[arg-type]
        return given

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "again" in self.fields and data.get("passphrase") and data["passphrase"] != data.get("again"):
            self.add_error("again", _now("The two passwords differ. Write the same one twice."))
        return data


class FormerForm(KeyForm):
    """The passphrase that the key still has, and the one it is to have: the sign-in password, where there is one."""

    old = forms.CharField(
        label=_("The password you had before"),
        widget=_password_input("off"),
        strip=False,
        help_text=_("The one your key was made with."),
    )
    field_order = ["old", "passphrase", "again"]


class KeepersForm(forms.Form):
    """Who will keep the two papers. Printed on them, stored nowhere."""

    first = forms.CharField(
        label=_("Who keeps the first paper"),
        max_length=80,
        help_text=_("Two people who can be reached in five years, such as the chair and the treasurer."),
    )
    second = forms.CharField(label=_("Who keeps the second paper"), max_length=80)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = (str(data.get(name, "")).strip().casefold() for name in ("first", "second"))
        if first and first == second:
            self.add_error("second", _now("Two people, or the halving is for nothing. Name somebody else."))
        return data


class SetUpForm(KeyForm, KeepersForm):
    """Everything that making the organisation's key asks for."""

    field_order = ["first", "second", "passphrase", "again"]


class WordsForm(forms.Form):
    """A few words of each paper, read from the paper itself."""

    def __init__(self, papers: Papers, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.papers = papers
        for paper, asked in enumerate(papers.asked, 1):
            for place in asked:
                self.fields[f"paper{paper}_word{place}"] = forms.CharField(
                    label=_now("Paper %(paper)s, word %(place)s") % {"paper": paper, "place": place},
                    max_length=20,
                    widget=forms.TextInput(
                        attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
                    ),
                )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for paper, asked in enumerate(self.papers.asked, 1):
            words = self.papers.words(paper)
            for place in asked:
                name = f"paper{paper}_word{place}"
                if name in data and str(data[name]).strip().lower() != words[place - 1]:
                    self.add_error(name, _now("That is not the word on the paper. Read it once more."))
        return data


class HalvesForm(forms.Form):
    """Both papers, typed whole."""

    first = forms.CharField(
        label=_("The 24 words of the first paper"), widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})
    )
    second = forms.CharField(
        label=_("The 24 words of the second paper"), widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})
    )


class RecoverForm(KeyForm, HalvesForm):
    """Both papers, and the passphrase of the new key of whoever is let in by them."""

    field_order = ["first", "second", "passphrase", "again"]
