"""Who delivers an initiative: added, ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..actions import add_delivery, end_delivery
from ..forms import DeliveryForm, EndForm
from ..models import Delivery


@require_http_methods(["GET", "POST"])
@page(Verb.DELIVERY_CHANGE)
def delivery_add(request: Request, ref: str) -> HttpResponse:
    initiative = reads.own_initiative(request.member, ref)
    form = DeliveryForm(initiative, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_delivery(member=request.member, initiative=initiative, **form.cleaned_data)
        except Problem as problem:
            form.add_error("organisation", f"{problem.sentence} {problem.next_step}")
        else:
            messages.success(request, _("The delivery has been added. What it recorded counts from that month on."))
            return redirect("programme:initiative", initiative.ref)
    context = {"form": form, "initiative": initiative, "title": reads.said(initiative.title)}
    return render(request, "programme/delivery_add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.DELIVERY_CHANGE)
def delivery_end(request: Request, ref: str) -> HttpResponse:
    delivery = _own_delivery(request, ref)
    form = EndForm(request.POST or None, initial={"to_month": delivery.to_month or delivery.initiative.last_month})
    if request.method == "POST" and form.is_valid():
        end_delivery(member=request.member, delivery=delivery, to_month=form.cleaned_data["to_month"])
        messages.success(request, _("The delivery ends there. What was counted until then stays counted."))
        return redirect("programme:initiative", delivery.initiative.ref)
    context = {"form": form, "delivery": delivery, "areas": ", ".join(reads.area_names(delivery.areas))}
    return render(request, "programme/delivery_end.html", context, status=400 if form.errors else 200)


def _own_delivery(request: Request, ref: str) -> Delivery:
    with scopes_disabled():
        found = (
            Delivery.objects.filter(ref=ref).select_related("initiative__plan__organisation", "organisation").first()
        )
    if found is None:
        raise Problem("404.1")
    reads.own_initiative(request.member, found.initiative.ref)
    return found
