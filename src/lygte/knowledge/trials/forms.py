"""What people fill in: a plan, an invitation, an amendment, the reason for stopping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Organisation
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.directory.areas import area_choices
from lygte.facts.register import KINDS
from lygte.knowledge.programme import formats

from . import reads
from .models import Trial
from .plan import ALPHAS, BETTER, DESIGNS, SILENT, UNITS, Outcome, Plan, measure_of

MOST_CODES = 12  # longer lists, of languages say, make no outcome and would bury the others
OTHERS = (2, 3, 4)
_percent = lazy(lambda share: formats.percent(share, get_language() or "en"), str)


def counts() -> Iterator[tuple[str, Any]]:
    """Return everything that can be an outcome, by kind of fact: all of it, or one code of one dimension."""
    for kind in sorted(KINDS.values(), key=lambda kind: str(kind.label).lower()):
        choices = [(kind.name, kind.label)]
        for dimension in kind.dimensions:
            if len(dimension.values) <= MOST_CODES:
                choices += [
                    (f"{kind.name}:{dimension.name}={code}", f"{kind.label}: {label}")
                    for code, label in dimension.values.items()
                ]
        yield str(kind.label), choices


def main_counts() -> Iterator[tuple[str, Any]]:
    """Return what can decide. A draft may leave it open."""
    yield "", _("Choose …")
    yield from counts()


def other_counts() -> Iterator[tuple[str, Any]]:
    """Return what can stand beside it, or nothing more."""
    yield "", _("No other outcome here")
    yield from counts()


def pers() -> Iterator[tuple[str, Any]]:
    """Return what an outcome can be counted per: messages answered per message sent, say."""
    yield "", _("Period (each counts the same)")
    yield from counts()


class LookedForm(forms.Form):
    """A form in which somebody writes freely: it asks to look again only where a text seems to lead to a person."""

    FREE: tuple[str, ...] = ()

    checked = forms.BooleanField(
        required=False,
        label=_("I have looked: nothing in the text tells who or where somebody is"),
        help_text=_(
            "The plan is read by other organisations. Tick this only if what was found above is no such thing."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.FREE:
            try:
                refuse_signs(data.get(name) or "", looked=bool(data.get("checked")))
            except Problem as problem:
                self.asks = self.asks or problem.number == "422.11"
                self.add_error(name, f"{problem.sentence} {problem.next_step}")
        return data


class OutcomeFields(LookedForm):
    """The outcomes of a plan: the first decides, the others are told beside it."""

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in (1, *OTHERS):
            given = plan.outcomes[number - 1] if len(plan.outcomes) >= number else None
            self._add(number, given)

    def _add(self, number: int, given: Outcome | None) -> None:
        main = number == 1
        label = _("Main outcome: what is counted and decides") if main else _("Another outcome")
        self.fields[f"count_{number}"] = forms.ChoiceField(
            label=label,
            choices=_with(main_counts if main else other_counts, given.measure.code if given else ""),
            required=False,
        )
        self.fields[f"per_{number}"] = forms.ChoiceField(
            label=_("Counted per"), choices=_with(pers, given.per.code if given and given.per else ""), required=False
        )
        self.fields[f"better_{number}"] = forms.ChoiceField(
            label=_("Which way is good"), choices=list(BETTER.items()), initial="more"
        )
        if given:
            self.initial.setdefault(f"count_{number}", given.measure.code)
            self.initial.setdefault(f"per_{number}", given.per.code if given.per else "")
            self.initial.setdefault(f"better_{number}", given.better)

    def outcome_groups(self) -> list[list[Any]]:
        """Return the fields of each outcome, for the page."""
        return [[self[f"{name}_{number}"] for name in ("count", "per", "better")] for number in (1, *OTHERS)]

    def outcomes(self) -> tuple[Outcome, ...]:
        data, found = self.cleaned_data, []
        for number in (1, *OTHERS):
            if count := data.get(f"count_{number}"):
                per = data.get(f"per_{number}")
                better = data.get(f"better_{number}") or "more"
                found.append(Outcome(measure_of(count), measure_of(per) if per else None, better))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("count_1") and any(data.get(f"count_{number}") for number in OTHERS):
            self.add_error("count_1", _("Choose which of them decides. The others are told beside it."))
        chosen = [(data.get(f"count_{n}"), data.get(f"per_{n}")) for n in (1, *OTHERS) if data.get(f"count_{n}")]
        if len(set(chosen)) < len(chosen):
            self.add_error("count_2", _("The same outcome stands here twice."))
        return data


def _with(choices: Any, known: str) -> Any:
    """Keep a choice that a plan made before, even where the list does not offer it."""

    def offered() -> Iterator[tuple[Any, Any]]:
        yield from choices()
        flat = {code for _label, group in choices() if isinstance(group, list) for code, _name in group}
        flat |= {code for code, group in choices() if not isinstance(group, list)}
        if known and known not in flat:
            yield known, measure_of(known).label()

    return offered


class PlanForm(OutcomeFields):
    """A plan. Everything but the title can be left for later; registering asks for the rest."""

    FREE = ("title", "question", "arms")

    title = forms.CharField(label=_("Name of the trial"), max_length=120)
    question = forms.CharField(
        label=_("The question, in plain words"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For instance: do more people answer when the first line says who we are?"),
    )
    arms = forms.CharField(
        label=_("Methods, one on each line"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The first is the usual one, with which the others are compared. Two to four."),
    )
    design = forms.ChoiceField(
        label=_("How methods are drawn"), choices=list(DESIGNS.items()), widget=forms.RadioSelect, initial="parallel"
    )
    unit = forms.ChoiceField(
        label=_("What a method is drawn for"),
        choices=list(UNITS.items()),
        widget=forms.RadioSelect,
        initial="area_week",
        help_text=_("Never a person, and never one place: single places do not leave the team that visits them."),
    )
    first_day = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("It must lie ahead. Weeks begin on a Monday."),
    )
    periods = forms.IntegerField(label=_("How many weeks or working days"), min_value=1, max_value=400, initial=12)
    turn = forms.IntegerField(
        label=_("Length of a turn or step, in weeks or days"),
        min_value=1,
        max_value=26,
        initial=1,
        help_text=_("For turns and the stepped wedge only."),
    )
    washout = forms.IntegerField(
        label=_("Left out after each change"),
        min_value=0,
        max_value=25,
        initial=0,
        help_text=_("Weeks or days in which the method before may still be at work. They are visited but not counted."),
    )
    alpha = forms.TypedChoiceField(
        label=_("How sure the intervals are"),
        choices=[(alpha, _percent(1 - alpha)) for alpha in ALPHAS],
        coerce=float,
        initial=ALPHAS[0],
    )
    silent = forms.ChoiceField(
        label=_("How weeks or days count in which a site recorded nothing"),
        choices=list(SILENT.items()),
        initial="nought",
    )

    def __init__(self, title: str, plan: Plan, *args: Any, **kwargs: Any) -> None:
        initial = {**plan.as_json(), "title": title, "arms": "\n".join(plan.arms), "first_day": plan.first_day}
        super().__init__(plan, *args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        arms = self.arm_names()
        if len(arms) > 4:
            self.add_error("arms", _("Four methods are the most that can be compared at once."))
        if any(len(arm) > 60 for arm in arms):
            self.add_error("arms", _("Keep the name of a method under 60 letters."))
        return data

    def arm_names(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data.get("arms", "").splitlines() if line.strip())

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            question=data["question"].strip(),
            arms=self.arm_names(),
            design=data["design"],
            unit=data["unit"],
            first_day=data["first_day"],
            periods=data["periods"],
            turn=data["turn"],
            washout=data["washout"],
            outcomes=self.outcomes(),
            alpha=data["alpha"],
            silent=data["silent"],
        )


class AmendForm(OutcomeFields):
    """What of a registered plan can still change, and why."""

    FREE = ("question", "reason")

    question = forms.CharField(
        label=_("The question, in plain words"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label=_("Why the plan changes"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the result, with the day, for everybody who reads it."),
    )

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(plan, *args, initial={"question": plan.question}, **kwargs)

    def plan(self) -> Plan:
        return Plan(question=self.cleaned_data["question"].strip(), outcomes=self.outcomes())


class StopForm(LookedForm):
    FREE = ("reason",)

    reason = forms.CharField(
        label=_("Why the trial stops early"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the result, with the day, for everybody who reads it."),
    )


class InviteForm(forms.Form):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        to_field_name="ref",
        label=_("Organisation"),
        empty_label=_("Choose …"),
    )
    areas = forms.MultipleChoiceField(
        label=_("Municipalities"), required=False, widget=forms.SelectMultiple(attrs={"size": 12})
    )

    def __init__(self, trial: Trial, unit: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["organisation"].queryset = reads.possible_parties(trial)  # type: ignore[attr-defined]
        if unit == "area_week":
            self.fields["areas"].choices = area_choices(trial.country)  # type: ignore[attr-defined]
            self.fields["areas"].help_text = _("Choose several by holding Ctrl or Cmd. Each is a site of the trial.")
        else:
            del self.fields["areas"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.unit == "area_week" and not data.get("areas") and "areas" not in self.errors:
            self.add_error("areas", _("Choose at least one municipality: each is a site of the trial."))
        return data
