"""Adding, changing and removing one record of a case, and what can be said of a goal, a step, a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose
from lygte.core.problems import Problem

from .. import actions, codes, reads
from ..forms import ExtendForm, OutcomeForm, RecordForm
from ..kinds import About, Kind, kind_named
from ..models import Case, Deadline, Goal, Step

HINTS = ("instrument", "goal")


def _page_of(kind: Kind, case: Case) -> str:
    return reverse(kind.tab, args=[case.ref])


def _case_of(request: Request, record: Any) -> Case:
    """Return the case on whose page a record is shown: the person's, or of whoever they were merged into."""
    person = record.person.merged_into or record.person
    found = reads.case_of(request.member, person)
    if found is None:
        raise Problem("404.1")
    return found


def _hints(request: Request) -> dict[str, str]:
    return {name: request.GET[name] for name in HINTS if name in request.GET}


# Adding ------------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@page(Verb.CASE_CHANGE)
def new(request: Request, ref: str, kind: str) -> HttpResponse:
    """Add a record. Whoever may not write it learns so before they write."""
    of, case = kind_named(kind), reads.case(request.member, ref)
    person = case.person
    _may_write(request, case, of)
    about = About(request.member, person, _hints(request), {})
    form = (of.new_form or of.form)(about, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = of.add(request.member, person, form)
        except Problem as problem:
            if problem.number == "409.11":  # there is one of these a person, and a colleague has just written it
                return _show_both(request, kind, of.model._default_manager.get(person=person).ref, form)
            _tell(form, problem)
        else:
            undo = f"undo:{reverse('cases:remove', args=[kind, record.ref])}" if kind in UNDONE_BY_REMOVING else ""
            messages.success(request, _("Saved."), extra_tags=undo)
            return redirect(_page_of(of, case))
    context = {
        "form": form, "kind": kind, "of": of, "case": case, "back": _page_of(of, case), "title": of.new,
        "action": request.get_full_path(),
    }  # fmt: skip
    return render(request, "cases/record.html", context, status=400 if form.errors else 200)


UNDONE_BY_REMOVING = frozenset({"goal", "step", "note", "measure", "deadline", "identification"})


def _may_write(request: Request, case: Case, of: Kind) -> None:
    if not case.open:
        raise Problem("409.500")
    if not reads.on_team(request.member, case.person):
        raise Problem(gate.NO_SEAT)
    if str(of.model.GROUP) not in gate.agreed_groups([case.person], purpose=Purpose.SUPPORT)[case.person_id]:
        raise Problem(gate.NO_CONSENT)


def _tell(form: RecordForm, problem: Problem) -> None:
    """Show what was refused beside the form, where something else can be chosen; all else is a page of its own."""
    if problem.status != 422:
        raise problem
    place = f"{problem.at}: " if problem.at else ""
    form.add_error(None, f"{place}{problem.sentence} {problem.next_step}")


# Changing ----------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@page(Verb.CASE_CHANGE)
def change(request: Request, kind: str, ref: str) -> HttpResponse:
    """Change a record. Where somebody else was quicker, both versions are shown and somebody chooses."""
    of = kind_named(kind)
    record = fetch(request.member, of.model, ref)
    case = _case_of(request, record)
    _may_write(request, case, of)
    about = _about(request, record)
    initial = of.initial(record, about.values) | _linked(record)
    if request.method != "POST":
        return _show(request, kind, record, case, of.form(about, initial=initial))
    form = of.form(about, _picked(request.POST, of.form(about, initial=initial)), initial=initial)
    if form.is_valid():
        try:
            of.save(request.member, record, form)
        except Problem as problem:
            if problem.number == "409.11":
                return _show_both(request, kind, ref, form)
            _tell(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(_page_of(of, case))
    return _show(request, kind, record, case, form)


def _linked(record: Any) -> dict[str, str]:
    """Return what a step points to, as its form wants it."""
    if not isinstance(record, Step):
        return {}
    return {
        "goal": record.goal.ref if record.goal else "",
        "colleague": record.member.ref if record.member else "",
    }


def _about(request: Request, record: Any) -> About:
    """Open a record for changing, or raise the problem why not."""
    opened = gate.read(member=request.member, records=[record])
    if record.ref in opened.refused:
        raise Problem(opened.refused[record.ref])
    return About(request.member, record.person, {}, opened.get(record))


def _show(request: Request, kind: str, record: Any, case: Case, form: RecordForm) -> HttpResponse:
    of = kind_named(kind)
    context = {
        "form": form, "kind": kind, "of": of, "case": case, "record": record, "back": _page_of(of, case),
        "title": of.change, "action": request.path,
    }  # fmt: skip
    return render(request, "cases/record.html", context, status=400 if form.errors else 200)


# Two versions ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Both:
    """A field that two people filled in differently."""

    name: str
    label: Any
    now: str
    mine: str


def _show_both(request: Request, kind: str, ref: str, form: RecordForm) -> HttpResponse:
    """Show field by field what stands there now and what was written meanwhile; nothing is written over."""
    of = kind_named(kind)
    record = fetch(request.member, of.model, ref)
    about = _about(request, record)
    now = of.form(about, initial=of.initial(record, about.values) | _linked(record))
    differing, same = [], []
    for field in form.visible_fields():
        if field.name == "looked":
            continue
        mine, theirs = _plain(field.value()), _plain(now[field.name].value())
        if mine == theirs:
            same.append((field.name, mine))
        else:
            differing.append(Both(field.name, field.label, _in_words(field, theirs), _in_words(field, mine)))
            same.append((field.name, mine))
    same += [(field.name, _plain(field.value())) for field in form.hidden_fields() if field.name != "based_on"]
    context = {
        "kind": kind, "of": of, "record": record, "differing": differing, "kept": same, "version": record.version,
        "problem": Problem("409.11"), "back": _page_of(of, _case_of(request, record)),
    }  # fmt: skip
    return render(request, "cases/both.html", context, status=409)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _in_words(field: forms.BoundField, value: str) -> str:
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(field.field, forms.DateField) and value:
        day = field.field.to_python(value)
        return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else value
    return value


def _picked(posted: QueryDict, now: RecordForm) -> QueryDict:
    """Return what was sent, with what stands there now in the fields where somebody chose that."""
    data = posted.copy()
    for name in now.fields:
        if posted.get(f"pick_{name}") == "now":
            data[name] = _plain(now[name].value())
    data["looked"] = "on" if any(name.startswith("pick_") for name in posted) else posted.get("looked", "")
    return data


# Removing, and what can be said of a record -------------------------------------------------------------------------------
@require_POST
@page(Verb.CASE_CHANGE)
def remove(request: Request, kind: str, ref: str) -> HttpResponse:
    of = kind_named(kind)
    record = fetch(request.member, of.model, ref)
    case = _case_of(request, record)
    if not of.removable:
        raise Problem("404.1")
    actions.remove_record(member=request.member, record=record)
    messages.success(request, _("Removed for good."))
    return redirect(_page_of(of, case))


def _state(request: Request, labels: codes.Labels) -> str:
    state = request.POST.get("state") or request.GET.get("state", "")
    if state not in labels:
        raise Problem("422.500", what=_("State"))
    return state


@require_POST
@page(Verb.CASE_CHANGE)
def goal_state(request: Request, ref: str) -> HttpResponse:
    goal = fetch(request.member, Goal, ref)
    before = goal.state
    actions.set_goal_state(member=request.member, goal=goal, state=_state(request, codes.GOAL_STATES))
    undo = f"undo:{reverse('cases:goal_state', args=[ref])}?state={before}"
    messages.success(request, _("Noted."), extra_tags=undo)
    return redirect("cases:case", _case_of(request, goal).ref)


@require_POST
@page(Verb.CASE_CHANGE)
def step_state(request: Request, ref: str) -> HttpResponse:
    step = fetch(request.member, Step, ref)
    before = step.state
    actions.set_step_state(member=request.member, step=step, state=_state(request, codes.STEP_STATES))
    undo = f"undo:{reverse('cases:step_state', args=[ref])}?state={before}"
    messages.success(request, _("Noted."), extra_tags=undo)
    if request.POST.get("from") == "my_day":
        return redirect("cases:my_day")
    return redirect("cases:case", _case_of(request, step).ref)


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_CHANGE)
def deadline_extend(request: Request, ref: str) -> HttpResponse:
    return _of_deadline(
        request, ref, ExtendForm, _("Extend it"),
        lambda deadline, data: actions.extend_deadline(member=request.member, deadline=deadline, **data),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_CHANGE)
def deadline_end(request: Request, ref: str) -> HttpResponse:
    return _of_deadline(
        request, ref, OutcomeForm, _("It is over"),
        lambda deadline, data: actions.end_deadline(member=request.member, deadline=deadline, **data),
        undo=True,
    )  # fmt: skip


def _of_deadline(
    request: Request, ref: str, make: type[forms.Form], title: str, do: Any, *, undo: bool = False
) -> HttpResponse:
    deadline = fetch(request.member, Deadline, ref)
    case = _case_of(request, deadline)
    _may_write(request, case, kind_named("deadline"))
    form = make(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            do(deadline, form.cleaned_data)
        except Problem as problem:
            if problem.status != 422:
                raise
            form.add_error(None, f"{problem.sentence} {problem.next_step}")
        else:
            back = f"undo:{reverse('cases:deadline_reopen', args=[ref])}" if undo else ""
            messages.success(request, _("Noted."), extra_tags=back)
            return redirect("cases:dates", case.ref)
    context = {
        "form": form, "case": case, "title": title, "back": reverse("cases:dates", args=[case.ref]),
        "deadline": deadline, "action": request.path,
    }  # fmt: skip
    return render(request, "cases/of_deadline.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.CASE_CHANGE)
def deadline_reopen(request: Request, ref: str) -> HttpResponse:
    deadline = fetch(request.member, Deadline, ref)
    actions.reopen_deadline(member=request.member, deadline=deadline)
    messages.success(request, _("It still runs."))
    return redirect("cases:dates", _case_of(request, deadline).ref)
