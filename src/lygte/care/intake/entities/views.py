"""Pages about lists, and the address at which phones ask what is gone from one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from ..models import Device
from ..openrosa import XML, openrosa
from ..views.forms import as_download
from . import reads
from .actions import (
    assign,
    change_list,
    decide,
    delete_entity,
    export_list,
    feed_again,
    restore_entity,
)
from .actions import switch as switch_list
from .forms import AssignForm, ListForm, SearchForm
from .models import EntityList, Feed
from .phones import integrity_of

FAILED_SHOWN = 100


@require_safe
@page(Verb.ENTITY_LIST)
def list_list(request: Request) -> HttpResponse:
    context = {
        "lists": reads.lists_of(request.member),
        "provided": reads.provided_to(request.member),
        "failed": reads.sees_all(request.member) and reads.failed(request.member).exists(),
    }
    return render(request, "entities/list_list.html", context)


@require_safe
@page(Verb.ENTITY_LIST)
def list_page(request: Request, ref: str) -> HttpResponse:
    one = reads.list_of(request.member, ref)
    filters = SearchForm(request.GET)
    q, state = filters.chosen("q"), filters.chosen("state")
    found = reads.entities(request.member, one, q=q, state=state, after=request.GET.get("after", ""))
    following = request.GET.copy()
    following["after"] = found.after
    context = {
        "list": one,
        "filters": filters,
        "narrowed": q or state,
        "page": found,
        "next": following.urlencode() if found.after else "",
    }
    return render(request, "entities/list_page.html", context)


@require_http_methods(["GET", "POST"])
@page(Verb.ENTITY_LIST_CHANGE)
def list_change(request: Request, ref: str) -> HttpResponse:
    one = reads.list_of(request.member, ref)
    initial = {"holds": one.holds, "sees": one.sees, "approval": one.approval}
    form = ListForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_list(member=request.member, changed=one, **form.cleaned_data)
        messages.success(request, _("Phones get the list anew at their next contact."))
        return redirect("entities:list", ref=ref)
    return render(request, "entities/list_change.html", {"list": one, "form": form}, status=400 if form.errors else 200)


@require_safe
@page(Verb.ENTITY_READ)
def list_csv(request: Request, ref: str) -> HttpResponse:
    one = reads.list_of(request.member, ref)
    exported = export_list(member=request.member, exported=one)
    return as_download(exported.content, f"{one.name}.csv", "text/csv; charset=utf-8")


@require_safe
@page(Verb.ENTITY_READ)
def entity_page(request: Request, ref: str) -> HttpResponse:
    return _show(request, ref)


def _show(request: Request, ref: str, problem: Problem | None = None) -> HttpResponse:
    entity = reads.entity_of(request.member, ref)
    assigned = list(entity.assigned.values_list("pk", flat=True))
    context = {
        "entity": entity,
        "list": entity.list,
        "problem": problem,
        "values": [(name, entity.values.get(name, "")) for name in entity.list.properties],
        "contested": reads.contested(entity) if entity.conflict else [],
        "history": reads.history(entity),
        "waiting": reads.waiting_for(entity),
        "assign": AssignForm(request.member, initial={"to": assigned}),
        "assigned": entity.list.sees == EntityList.Sees.ASSIGNED,
    }
    return render(request, "entities/entity_page.html", context, status=problem.status if problem else 200)


@require_POST
@page(Verb.ENTITY_DECIDE)
def entity_decide(request: Request, ref: str) -> HttpResponse:
    entity = reads.entity_of(request.member, ref)
    choices = {key.partition(":")[2]: request.POST[key] for key in request.POST if key.startswith("field:")}
    based_on = request.POST.get("version", "")
    try:
        decide(
            member=request.member,
            entity=entity,
            based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 10 else -1,
            choices={field: "" if value == "stands" else value for field, value in choices.items()},
        )
    except Problem as problem:
        return _show(request, ref, problem)
    messages.success(request, _("Decided. What was not chosen stays in the history."))
    return redirect("entities:entity", ref=ref)


@require_POST
@page(Verb.ENTITY_DELETE)
def entity_delete(request: Request, ref: str) -> HttpResponse:
    entity = delete_entity(member=request.member, entity=reads.entity_of(request.member, ref))
    undo = f"undo:{reverse('entities:entity_restore', args=[ref])}"
    messages.success(request, _("“%(label)s” is off the list.") % {"label": entity.label}, extra_tags=undo)
    return redirect("entities:entity", ref=ref)


@require_POST
@page(Verb.ENTITY_DELETE)
def entity_restore(request: Request, ref: str) -> HttpResponse:
    entity = restore_entity(member=request.member, entity=reads.entity_of(request.member, ref))
    messages.success(request, _("“%(label)s” is on the list again.") % {"label": entity.label})
    return redirect("entities:entity", ref=ref)


@require_POST
@page(Verb.ENTITY_ASSIGN)
def entity_assign(request: Request, ref: str) -> HttpResponse:
    entity = reads.entity_of(request.member, ref)
    form = AssignForm(request.member, request.POST)
    if not form.is_valid():
        raise Problem("400.1")
    assign(member=request.member, entity=entity, to=list(form.cleaned_data["to"]))
    messages.success(request, _("Saved. Their phones get it at the next contact."))
    return redirect("entities:entity", ref=ref)


@require_safe
@page(Verb.ENTITY_DECIDE)
def feed_list(request: Request) -> HttpResponse:
    found = [(fed, reads.problem_of(fed)) for fed in reads.failed(request.member)[:FAILED_SHOWN]]
    return render(request, "entities/feed_list.html", {"found": found})


@require_http_methods(["GET", "POST"])
@page(Verb.ENTITY_DECIDE)
def feed(request: Request, ref: str) -> HttpResponse:
    fed = fetch(request.member, Feed, ref)
    problem = reads.problem_of(fed)
    status = 200
    if request.method == "POST":
        try:
            feed_again(member=request.member, fed=fed, looked=bool(request.POST.get("looked")))
            messages.success(request, _("The filled form is written to the lists."))
            return redirect("entities:list_list")
        except Problem as again:
            problem, status = again, again.status
    context = {"fed": fed, "problem": problem, "asks": problem is not None and problem.number == "422.442"}
    return render(request, "entities/feed.html", context, status=status)


@require_POST
@page(Verb.ENTITY_LIST_CHANGE)
def provided_switch(request: Request, name: str) -> HttpResponse:
    on = request.POST.get("on") == "1"
    switch_list(member=request.member, name=name, on=on)
    messages.success(request, _("The list goes to phones.") if on else _("The list goes to no phone any more."))
    return redirect("entities:list_list")


@openrosa("GET", "HEAD")
def integrity(request: HttpRequest, device: Device, token: str, name: str) -> HttpResponse:
    one = EntityList.objects.filter(organisation=device.organisation, name=name.removesuffix(".csv")).first()
    if one is None:
        raise Problem("404.160")
    ids = [uuid for uuid in request.GET.get("id", "").split(",") if uuid]
    return HttpResponse(integrity_of(device.member, one, ids), content_type=XML)
