"""Pages about files that leave: for whom, of whom, which fields; the second person; the file itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.care.support.cases.handover import case_card
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.consent import gate
from lygte.core.consent.models import Person
from lygte.core.consent.team import is_seated
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of

from .. import reads, recipients, taking_out
from ..forms import FieldsForm, PeopleForm, ServiceForm
from ..taking_out import File


def _case_url(request: Request, person: Person) -> str:
    card = case_card(request.member, person)
    return reverse("cases:case", args=[card.ref]) if card else reverse("cases:case_list")


def answer_of(file: File) -> HttpResponse:
    """Return a file to be saved; its name says nothing about anybody."""
    answer = HttpResponse(file.content, content_type=file.type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@require_safe
@page(Verb.CASE_EXPORT)
def home(request: Request) -> HttpResponse:
    """Show every file that left or was asked for, to everybody who may make one; it names nobody."""
    context = {"takeouts": reads.takeouts(request.member), "brought": reads.brought(request.member)}
    return render(request, "exchange/home.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CASE_EXPORT)
def person(request: Request, ref: str) -> HttpResponse:
    """Choose for whom a file of one person is; show what came along from elsewhere."""
    found = reads.person(request.member, ref)
    seated = is_seated(request.member, found)
    form = ServiceForm(recipients.open_services(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("exchange:fields", found.ref, form.cleaned_data["service"])
    along = reads.came_along(found) if seated else []
    opened = gate.read(member=request.member, records=along)
    context = {
        "person": found,
        "seated": seated,
        "case_url": _case_url(request, found),
        "form": form,
        "services": len(form.fields["service"].choices) > 1,  # type: ignore[attr-defined]
        "along": [(one, opened.get(one)) for one in along if one.ref in opened.values],
    }
    return render(request, "exchange/person.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CASE_EXPORT)
def fields(request: Request, ref: str, service: str) -> HttpResponse:
    """Show what would leave, word for word; tick it one by one; take the file."""
    member, found = request.member, reads.person(request.member, ref)
    receiver = recipients.service_named(service)
    if not is_seated(member, found):
        raise Problem("403.11")
    keyring_of(member)
    if request.method == "POST" and "fields_out" in request.POST:
        return answer_of(
            taking_out.take_out(
                member=member,
                person=found,
                service=receiver,
                fields=request.POST.getlist("fields_out"),
                form=request.POST.get("format", ""),
            )
        )
    offered = reads.offered(member, found, receiver)
    form = FieldsForm(offered.offers, request.POST or None)
    context = {
        "person": found,
        "service": receiver,
        "offered": offered,
        "form": form,
        "case_url": _case_url(request, found),
        "ask": reverse("consent:ask", args=[found.ref, "referral"]),
    }
    return render(request, "exchange/fields.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CASE_EXPORT)
def several(request: Request) -> HttpResponse:
    """Ask a second person for a file of several people: first of whom and for whom, then which fields."""
    member = request.member
    keyring_of(member)
    people = {one.ref: one for one in reads.own_people(member)}
    first = PeopleForm(recipients.open_services(), {ref: one.code for ref, one in people.items()}, request.POST or None)
    context: dict[str, object] = {"form": first, "people": people}
    if request.method != "POST" or not first.is_valid():
        return render(request, "exchange/several.html", context, status=400 if first.errors else 200)
    receiver = recipients.service_named(first.cleaned_data["service"])
    chosen = [people[ref] for ref in first.cleaned_data["people"]]
    offers = reads.offered_of_many(chosen, receiver)
    if not offers:
        raise Problem("403.611")
    last = request.POST.get("step") == "fields"
    second = FieldsForm(offers, request.POST if last else None, people=len(chosen))
    if last and second.is_valid():
        asked = taking_out.ask_takeout(
            member=member,
            people=chosen,
            service=receiver,
            fields=second.cleaned_data["fields_out"],
            form=second.cleaned_data["format"],
        )
        messages.success(request, _("A second person must confirm it. Nothing has left."))
        return redirect("exchange:takeout", asked.ref)
    context |= {"service": receiver, "chosen": chosen, "second": second}
    return render(request, "exchange/several_fields.html", context, status=400 if second.errors else 200)


@require_safe
@page(Verb.CASE_EXPORT)
def takeout(request: Request, ref: str) -> HttpResponse:
    """How one file stands, and what the reader can do about it."""
    found, member = reads.takeout(request.member, ref), request.member
    own = found.asked_by_id == member.pk
    context = {
        "takeout": found,
        "labels": [taking_out.mapping.FILLED[name].label for name in found.fields if name in taking_out.mapping.FILLED],
        "own": own,
        "can_confirm": found.state == "asked" and not own,
        "can_refuse": found.state in ("asked", "confirmed"),
        "over": found.state == "confirmed" and found.over(timezone.now()),
    }
    return render(request, "exchange/takeout.html", context)


@require_POST
@page(Verb.CASE_EXPORT)
def confirm(request: Request, ref: str) -> HttpResponse:
    taking_out.confirm_takeout(member=request.member, takeout=reads.takeout(request.member, ref))
    messages.success(request, _("Confirmed. Who asked for it can take the file, once, within a day."))
    return redirect("exchange:takeout", ref)


@require_POST
@page(Verb.CASE_EXPORT)
def refuse(request: Request, ref: str) -> HttpResponse:
    taking_out.refuse_takeout(member=request.member, takeout=reads.takeout(request.member, ref))
    messages.success(request, _("Nothing leaves."))
    return redirect("exchange:takeout", ref)


@never_cache
@require_POST
@page(Verb.CASE_EXPORT)
def make(request: Request, ref: str) -> HttpResponse:
    """Make the file that a second person confirmed, once."""
    return answer_of(taking_out.make_takeout(member=request.member, takeout=reads.takeout(request.member, ref)))
