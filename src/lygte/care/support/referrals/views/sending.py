"""The pages of those who refer: a person's referrals, choosing a service, what leaves, how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.care.support.cases.handover import case_card
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.consent import gate, texts
from lygte.core.consent.codes import Purpose
from lygte.core.consent.models import Person
from lygte.core.personal_signs import signs
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of
from lygte.directory.services import reads as services
from lygte.directory.services.codes import ASKS
from lygte.directory.services.models import Service

from .. import reads, recipients
from ..actions.sending import Sent, keeps_copy, note_answer, revoke_referral, send_referral
from ..drafts import draft_of
from ..forms import AgreeForm, ChooseForm, SaidForm, ValuesForm
from ..rules import said

WRITTEN = dict(settings.LANGUAGES)


def case_address(request: Request, person: Person) -> str:
    """Return where the case of a person is, or nothing."""
    card = case_card(request.member, person)
    return reverse("cases:case", args=[card.ref]) if card else ""


@require_safe
@page(Verb.REFERRAL_READ)
def person_list(request: Request, ref: str) -> HttpResponse:
    person = reads.require_team(request.member, reads.person(request.member, ref))
    context = {
        "person": person,
        "case": case_address(request, person),
        "referrals": reads.referrals_of(request.member, person),
        "disclosures": reads.disclosures_of(request.member, person),
    }
    return render(request, "referrals/person.html", context)


@require_safe
@page(Verb.REFERRAL_SEND)
def send(request: Request, ref: str) -> HttpResponse:
    """Choose a service. Those that ask for nothing need no referral, and authorities are not among them."""
    person = reads.person(request.member, ref)
    form = ChooseForm(request.member, request.GET)
    found = reads.services_to_choose(request.member, form.wanted())
    rows = [(one, [ASKS[code].label for code in services.needs_of(one)]) for one in found[:100]]
    context = {"person": person, "case": case_address(request, person), "form": form, "rows": rows}
    return render(request, "referrals/send.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.REFERRAL_SEND)
def write(request: Request, ref: str, service: str) -> HttpResponse:
    """Write what the service asks for, look at exactly that with the person, ask them, send. Nothing is kept between."""
    person, chosen = reads.person(request.member, ref), services.service(request.member, service)
    recipients.require_receiver(chosen)
    keyring_of(request.member)
    needs = services.needs_of(chosen)
    step = request.POST.get("step", "")
    if request.method == "GET" or step == "again":
        given = (
            {code: request.POST.get(f"{ValuesForm.prefix}-{code}", "") for code in needs}
            if step
            else draft_of(request.member, person, needs)
        )
        return _ask(request, person, chosen, ValuesForm(needs, initial=given))
    form = ValuesForm(needs, request.POST)
    if not form.is_valid():
        return _ask(request, person, chosen, form)
    if step != "send":
        return _show(request, person, chosen, form)
    return _send(request, person, chosen, form)


def _ask(request: Request, person: Person, service: Service, form: ValuesForm) -> HttpResponse:
    context = {
        "person": person,
        "case": case_address(request, person),
        "service": service,
        "form": form,
        "way": recipients.way_to(service),
    }
    return render(request, "referrals/write.html", context, status=400 if form.errors else 200)


def _send(request: Request, person: Person, service: Service, form: ValuesForm) -> HttpResponse:
    agree = _agree_form(request, person, form, request.POST)
    if not agree.is_valid():
        return _show(request, person, service, form, agree)
    try:
        sent = send_referral(
            member=request.member,
            person=person,
            service=service,
            chosen=form.chosen(),
            agreed=agree.agreed(),
            said=agree.said(),
            until=agree.cleaned_data["until"],
            looked=bool(agree.cleaned_data.get("looked")),
        )
    except Problem as problem:
        if problem.status not in (400, 422):
            raise
        agree.add_error(None, f"{problem.sentence} {problem.next_step}")
        return _show(request, person, service, form, agree)
    return _sent(request, sent)


def _sent(request: Request, sent: Sent) -> HttpResponse:
    """Go on to the referral; where it goes by link, show link and words first, here and nowhere else."""
    if not sent.words:
        name = sent.referral.package.service.name
        messages.success(request, _("It is with %(name)s. The person can see who opens it.") % {"name": name})
        return redirect("referrals:referral", sent.ref)
    package = sent.referral.package
    url = request.build_absolute_uri(reverse("handed:link", args=[package.ref]))
    context = {"sent": sent, "person": sent.referral.person, "package": package, "url": url, "words": sent.words}
    return render(request, "referrals/sent.html", context)


def _agree_form(request: Request, person: Person, form: ValuesForm, data: Any = None) -> AgreeForm:
    card = case_card(request.member, person)
    values = form.chosen()
    warned = any(signs(text) for code, text in values.items() if code != "contact")
    return AgreeForm(list(values), data, warned=warned, initial={"language": card.language if card else ""})


def _show(
    request: Request, person: Person, service: Service, form: ValuesForm, agree: AgreeForm | None = None
) -> HttpResponse:
    """Show exactly what would leave, in a language the person reads or hears, and ask."""
    card = case_card(request.member, person)
    asked_in = request.POST.get("speak", "") or (card.language if card else "")
    speak = asked_in if asked_in in WRITTEN else translation.get_language() or "en"
    context = {
        "person": person,
        "case": case_address(request, person),
        "service": service,
        "form": form,
        "agree": agree or _agree_form(request, person, form),
        "leaves": _leaves(request, service, form.chosen(), speak),
        "speak": speak,
        "languages_written": [
            (code, translation.get_language_info(code)["name_local"].capitalize()) for code in WRITTEN
        ],
        "keeps_copy": keeps_copy(person),
        "way": recipients.way_to(service),
    }
    return render(request, "referrals/preview.html", context, status=400 if agree and agree.errors else 200)


def _leaves(request: Request, service: Service, values: Mapping[str, str], language: str) -> str:
    """Return the sentences that are read aloud, in a language of these pages."""
    with translation.override(language):
        needs = services.needs_of(service)
        context = {
            "service": service,
            "language": language,
            "pieces": [(ASKS[code].label, said(code, text), needs[code]) for code, text in values.items()],
            "text": texts.text_of(Purpose.REFERRAL, language),
        }
        return render_to_string("referrals/_leaves.html", context)


@never_cache
@require_safe
@page(Verb.REFERRAL_READ)
def referral(request: Request, ref: str) -> HttpResponse:
    """Show how a referral stands, and the copy of what left where the person agreed to one."""
    found = reads.referral(request.member, ref)
    reads.require_team(request.member, found.person)
    opened = gate.read(member=request.member, records=[found]) if found.locked is not None else gate.Opened()
    values = opened.get(found)
    context = {
        "referral": found,
        "package": found.package,
        "person": found.person,
        "case": case_address(request, found.person),
        "inside": [ASKS[code].label for code in found.package.fields if code in ASKS],
        "copy": [(ASKS[code].label, said(code, values[code])) for code in ASKS if code in values],
        "answer_note": values.get("answer_note", ""),
        "refused": opened.refused.get(found.ref, ""),
        "form": SaidForm(initial={"language": _language(request, found.person)}),
    }
    return render(request, "referrals/referral.html", context)


def _language(request: Request, person: Person) -> str:
    card = case_card(request.member, person)
    return card.language if card else ""


@require_POST
@page(Verb.REFERRAL_READ)
def noted(request: Request, ref: str) -> HttpResponse:
    note_answer(member=request.member, referral=reads.referral(request.member, ref))
    messages.success(request, _("The answer is noted."))
    return redirect("referrals:referral", ref)


@require_POST
@page(Verb.REFERRAL_SEND)
def revoke(request: Request, ref: str) -> HttpResponse:
    found = reads.referral(request.member, ref)
    form = SaidForm(request.POST)
    if not form.is_valid():
        raise Problem("422.542")
    done = revoke_referral(member=request.member, referral=found, said=form.said())
    seen = done.package.seen_at is not None
    text = (
        _("It is called back. They are asked to delete what they saw, and to confirm it.")
        if seen
        else _("It is called back. Nobody had seen it.")
    )
    messages.success(request, text)
    return redirect("referrals:referral", ref)


@require_safe
@page(Verb.REFERRAL_READ)
def recalls(request: Request) -> HttpResponse:
    """Show by receiver how many recalls were confirmed, and how many were not."""
    return render(request, "referrals/recalls.html", {"rows": reads.recalls(request.member)})
