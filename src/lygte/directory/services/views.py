"""The pages of services: the list, one service, and what its keeper can do with it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from ..areas import area_name
from ..languages import language_name
from . import codes, reads
from .actions import add_service, change_service, close_service, reopen_service
from .forms import ServiceFilterForm, ServiceForm, now_of


@require_safe
@page(Verb.SERVICE_LIST)
def service_list(request: Request) -> HttpResponse:
    form = ServiceFilterForm(request.member, request.GET)
    found = Paginator(reads.services(request.member, form.wanted()), reads.PAGE).get_page(request.GET.get("page"))
    rows = [
        (one, ", ".join(area_name(code) for code in one.areas[:3]), len(one.areas) > 3) for one in found.object_list
    ]
    chips = [(label, _address_without(request, name)) for name, label in form.shown().items()]
    return render(request, "services/service_list.html", {"form": form, "page": found, "rows": rows, "chips": chips})


def _address_without(request: Request, name: str) -> str:
    parameters = request.GET.copy()
    for gone in (name, "page"):
        parameters.pop(gone, None)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


@require_safe
@page(Verb.SERVICE_LIST)
def service(request: Request, ref: str) -> HttpResponse:
    found = reads.service(request.member, ref)
    context = {
        "service": found,
        "mine": found.organisation_id == request.member.organisation_id,
        "areas": ", ".join(area_name(code) for code in found.areas),
        "spoken": ", ".join(language_name(code) for code in found.languages),
        "needs": [(codes.ASKS[field], why) for field, why in reads.needs_of(found).items()],
    }
    return render(request, "services/service.html", context)


@require_http_methods(["GET", "POST"])
@page(Verb.SERVICE_CHANGE)
def service_add(request: Request) -> HttpResponse:
    form = ServiceForm(request.member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = add_service(member=request.member, entry=form.entry())
        except Problem as problem:
            form.tell(problem)
        else:
            undo = f"undo:{reverse('services:close', args=[new.ref])}"
            messages.success(request, _("%(name)s is in the list.") % {"name": new.name}, extra_tags=undo)
            return redirect("services:service", new.ref)
    return render(request, "services/service_add.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.SERVICE_CHANGE)
def service_change(request: Request, ref: str) -> HttpResponse:
    found = reads.own_service(request.member, ref)
    form = ServiceForm(request.member, request.POST or None, initial=now_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_service(member=request.member, service=found, entry=form.entry())
        except Problem as problem:
            form.tell(problem)
        else:
            messages.success(request, _("%(name)s is changed, and confirmed today.") % {"name": found.name})
            return redirect("services:service", ref)
    context = {"form": form, "service": found}
    return render(request, "services/service_change.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.SERVICE_CHANGE)
def service_close(request: Request, ref: str) -> HttpResponse:
    closed = close_service(member=request.member, service=reads.own_service(request.member, ref))
    undo = f"undo:{reverse('services:reopen', args=[ref])}"
    text = _("%(name)s is closed. Nothing can be referred to it.") % {"name": closed.name}
    messages.success(request, text, extra_tags=undo)
    return redirect("services:service", ref)


@require_POST
@page(Verb.SERVICE_CHANGE)
def service_reopen(request: Request, ref: str) -> HttpResponse:
    opened = reopen_service(member=request.member, service=reads.own_service(request.member, ref))
    undo = f"undo:{reverse('services:close', args=[ref])}"
    messages.success(request, _("%(name)s is open again.") % {"name": opened.name}, extra_tags=undo)
    return redirect("services:service", ref)
