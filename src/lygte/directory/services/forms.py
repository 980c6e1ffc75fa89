"""What people fill in about a service, and the filters of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Member
from lygte.core.problems import Problem

from ..areas import AREAS, area_choices, area_name, regions_of
from ..languages import LANGUAGES
from . import codes, reads
from .actions import Entry
from .models import Service
from .reads import ServiceFilter

Choices = list[tuple[Any, Any]]
ANY: Choices = [("", _("All"))]


def _by_name(labels: codes.Labels) -> Choices:
    return sorted(codes.choices(labels), key=lambda choice: (choice[0] == "other", str(choice[1])))


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class ServiceFilterForm(forms.Form):
    """The filters of the list; the address holds them."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Open")), ("closed", _("Closed")), ("all", _("Open and closed"))],
    )
    mine = forms.BooleanField(label=_("Kept by us"), required=False)

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Choices = [
            (_("Help"), codes.choices(codes.HELP_KINDS)),
            (_("Authorities"), codes.choices(codes.AUTHORITY_KINDS)),
        ]
        _choose(self, "kind", ANY + groups)
        regions = [(region.code, region.name) for region in regions_of(member.organisation.country)]
        used = [(code, area_name(code)) for code in reads.areas_in_use() if AREAS[code].level == "municipality"]
        _choose(
            self, "area", ANY + [group for group in ((_("Regions"), regions), (_("Municipalities"), used)) if group[1]]
        )
        _choose(self, "language", ANY + _by_name(LANGUAGES))

    def wanted(self) -> ServiceFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}
        if given.get("state") == "all":
            given["state"] = ""
        return ServiceFilter(**given)

    def shown(self) -> dict[str, str]:
        """Return what each filter in use is called on its chip, by field."""
        self.is_valid()
        found = {}
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if value in ("", None, False):
                continue
            if isinstance(field, forms.BooleanField):
                found[name] = str(field.label)
            elif isinstance(field, forms.ChoiceField):
                found[name] = f"{field.label}: {_label(field.choices, str(value))}"
            else:
                found[name] = f"{field.label}: {value}"
        return found


def _label(options: Any, value: str) -> str:
    for code, label in options:
        if isinstance(label, (list, tuple)):
            if inner := dict(label).get(value):
                return str(inner)
        elif str(code) == value:
            return str(label)
    return value


class ServiceForm(forms.Form):
    """A service, new or changed. There is no field for an address."""

    name = forms.CharField(label=_("Name of the service"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"))
    run_by = forms.CharField(
        label=_("Run by"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty where your organisation runs it. Else the name of who does."),
    )
    what = forms.CharField(
        label=_("What they do"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    front_gate = forms.CharField(
        label=_("Front gate"),
        max_length=200,
        required=False,
        help_text=_("A telephone number or a page that everybody may know. Never the address of a shelter."),
    )
    opening = forms.CharField(
        label=_("When they are open"), max_length=200, required=False, help_text=_("In words: “Weekdays 10 to 15”.")
    )
    regions = forms.MultipleChoiceField(label=_("For people in"), required=False, widget=forms.CheckboxSelectMultiple)
    municipalities = forms.MultipleChoiceField(label=_("Or only in these municipalities"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages they speak"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = member.organisation.country
        groups = [
            ("", _("Choose a kind")),
            (_("Help"), codes.choices(codes.HELP_KINDS)),
            (_("Authorities: nothing can be referred to them"), codes.choices(codes.AUTHORITY_KINDS)),
        ]
        _choose(self, "kind", groups)
        whole = [(country, _("The whole country"))]
        _choose(self, "regions", whole + [(region.code, region.name) for region in regions_of(country)])
        _choose(self, "municipalities", area_choices(country))
        self.fields["municipalities"].widget.attrs["size"] = 8
        _choose(self, "languages", _by_name(LANGUAGES))
        for code, ask in codes.ASKS.items():
            self.fields[f"need_{code}"] = forms.BooleanField(label=ask.label, required=False)
            why = forms.CharField(label=_("Why"), required=False, max_length=160)
            why.widget.attrs["aria-label"] = _("Why they need it: %(what)s") % {"what": ask.label}
            self.fields[f"why_{code}"] = why

    def needs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return each thing that can be asked for, with the field for the reason."""
        return [(self[f"need_{code}"], self[f"why_{code}"]) for code in codes.ASKS]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for code in codes.ASKS:
            if data.get(f"need_{code}") and not str(data.get(f"why_{code}", "")).strip():
                self.add_error(f"why_{code}", Problem("422.452").sentence)
        if not self.errors and not data["regions"] and not data["municipalities"]:
            self.add_error("regions", _("Say where people come from: the whole country, or some of it."))
        return data

    def entry(self) -> Entry:
        """Return what was filled in."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("name", "kind", "run_by", "what", "front_gate", "opening", "languages")}
        needs = {code: data[f"why_{code}"] for code in codes.ASKS if data[f"need_{code}"]}
        return Entry(**plain, areas=[*data["regions"], *data["municipalities"]], needs=needs)

    def tell(self, problem: Problem) -> None:
        """Show a problem beside the question it is about, as far as it can be told."""
        field = {"409.450": "name", "409.451": "kind", "422.454": "run_by", "422.451": "front_gate"}.get(problem.number)
        self.add_error(field, f"{problem.sentence} {problem.next_step}")


def now_of(service: Service) -> dict[str, Any]:
    """Return what the form of a service begins with."""
    plain = {name: getattr(service, name) for name in ("name", "kind", "run_by", "what", "front_gate", "opening")}
    small = [code for code in service.areas if AREAS[code].level == "municipality"]
    return {
        **plain,
        "languages": service.languages,
        "municipalities": small,
        "regions": [code for code in service.areas if code not in small],
        **{f"need_{need.field}": True for need in service.needs.all()},
        **{f"why_{need.field}": need.why for need in service.needs.all()},
    }
