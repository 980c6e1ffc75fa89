"""What is filled in about files. Nothing that leaves or is kept is ticked beforehand."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lygte.care.support.cases.handover import RECORDS
from lygte.core.consent.codes import Group, Manner
from lygte.core.consent.ledger import Said
from lygte.core.consent.texts import OWN_NAMES
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import LENGTH, new_ref
from lygte.directory.areas import area_choices
from lygte.directory.languages import LANGUAGES
from lygte.directory.services.models import Service

from .boxes import LARGEST, require_size
from .bringing_in import Given
from .models import FORMATS
from .reads import Offer


class ServiceForm(forms.Form):
    """For whom a file is."""

    service = forms.ChoiceField(label=_("For which service"))

    def __init__(self, services: Iterable[Service], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["service"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("Choose a service")), *((one.ref, one.name) for one in services)]


class PeopleForm(ServiceForm):
    """Several people, and for whom a file of them is."""

    people = forms.MultipleChoiceField(
        label=_("Of whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Between 2 and 50. Who did not agree to a file for this service is not in it."),
        error_messages={"required": _("Tick at least two.")},
    )

    def __init__(self, services: Iterable[Service], people: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(services, *args, **kwargs)
        choice = self.fields["people"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = list(people.items())
        self.order_fields(["service", "people"])

    def clean_people(self) -> list[str]:
        chosen = list(self.cleaned_data["people"])
        if not 2 <= len(chosen) <= 50:
            raise forms.ValidationError(_("Tick between 2 and 50. For one person, begin on the page of their case."))
        return chosen


class FieldsForm(forms.Form):
    """Which fields leave, one by one, and how the file is written."""

    fields_out = forms.MultipleChoiceField(
        label=_("What is in the file"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick only what this service needs."),
        error_messages={"required": _("Tick at least one field: nothing would leave otherwise.")},
    )
    format = forms.ChoiceField(label=_("Kind of file"), choices=FORMATS, initial="csv", widget=forms.RadioSelect)

    def __init__(self, offers: Collection[Offer], *args: Any, people: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["fields_out"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(offer.name, _label(offer, people)) for offer in offers]


def _label(offer: Offer, people: int) -> str:
    said = _("agreed: %(of)s of %(people)s") % {"of": offer.of, "people": people} if people else offer.said
    return format_html(
        '{}: <strong class="exchange-value">{}</strong> <span class="ly-muted ly-small exchange-code">{}</span>',
        offer.filled.label,
        said,
        offer.name if people else offer.written,
    )


class UploadForm(forms.Form):
    """A file from a device."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The file that a person took away (.zip), or a table by HTCDS 2.0 (.csv, .xlsx, .json). At most 3 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.csv,.xlsx,.json"}),
        allow_empty_file=False,
    )

    def content(self) -> bytes:
        """Return the bytes. Raises Problem 413.610 for too many."""
        file = self.cleaned_data["file"]
        require_size(file.size)
        found: bytes = file.read()
        return found


class _ComingForm(forms.Form):
    """The file itself, carried in the page from the look at it to the yes: it is stored nowhere in between."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST * 4 // 3 + 8)
    token = forms.RegexField(f"^[a-z2-7]{{{LENGTH}}}$", widget=forms.HiddenInput)
    said_in = forms.ChoiceField(label=_("Language in which they were asked"), choices=list(OWN_NAMES.items()))
    manner = forms.ChoiceField(
        label=_("How did they say it?"),
        choices=[(Manner.SPOKEN.value, Manner.SPOKEN.label), (Manner.WRITTEN.value, Manner.WRITTEN.label)],
        widget=forms.RadioSelect,
        initial=Manner.SPOKEN.value,
    )
    language = forms.ChoiceField(label=_("Language you speak together"))
    area = forms.ChoiceField(label=_("Municipality"))
    way_in = forms.ChoiceField(label=_("How they came to us"))

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Any = RECORDS["case"]
        way_in = case._meta.get_field("way_in")
        self._choose("language", [("", _("Choose a language")), *LANGUAGES.items()])
        self._choose("area", [("", _("Choose a municipality")), *area_choices(member.organisation.country)])
        self._choose("way_in", list(way_in.choices))
        self.fields["said_in"].initial = (get_language() or "en")[:2]

    def _choose(self, name: str, choices: list[Any]) -> None:
        choice = self.fields[name]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = choices

    @staticmethod
    def carry(content: bytes) -> dict[str, str]:
        """Return the first values of a form about a file that was just sent."""
        return {"content": base64.b64encode(content).decode(), "token": new_ref(), "way_in": "organisation"}

    def given(self) -> Given:
        """Return what the worker said."""
        data = self.cleaned_data
        return Given(Said(data["said_in"], data["manner"]), data["area"], data["way_in"], data["language"])


def carried_in(text: str) -> bytes:
    """Return the bytes of the file that a page carried. Raises Problem 422.610 for anything else, 413.610 for too many."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("422.610") from None
    require_size(len(content))
    return content


class TableForm(_ComingForm):
    """What a table does not say."""

    asked = forms.BooleanField(
        label=_("Each of these people was asked and said yes to a record here. I answer for it with my name."),
    )
    leave_out = forms.BooleanField(label=_("I have looked: the columns named above stay out."), required=False)

    def __init__(self, member: Member, *args: Any, something_left: bool = False, **kwargs: Any) -> None:
        super().__init__(member, *args, **kwargs)
        if something_left:
            self.fields["leave_out"].required = True
        else:
            del self.fields["leave_out"]


class OwnFileForm(_ComingForm):
    """What the person says yes to here, now."""

    groups = forms.MultipleChoiceField(
        label=_("What may we keep of it?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what they said yes to. Everything left empty stays in their file, and a no changes no help."),
        error_messages={"required": _("Nothing is ticked. Without a yes nothing can be kept.")},
    )
    here = forms.BooleanField(label=_("The person is here and wants this."))

    def __init__(self, member: Member, counts: Mapping[str, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(member, *args, **kwargs)
        self._choose("groups", [(code, f"{Group(code).label} ({count})") for code, count in counts.items()])
        self.order_fields(["content", "token", "groups", "here", "said_in", "manner", "language", "area", "way_in"])
