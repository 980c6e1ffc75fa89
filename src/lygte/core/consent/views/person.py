"""What a person agrees to: asked, answered, taken back, erased; and the texts that are read aloud."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...access import Verb, page, public
from ...asking import Request
from ...problems import Problem
from .. import erasure, holds, reads, team, texts
from ..codes import OWN, Manner, Purpose
from ..forms import FIXED_GROUPS, LEAVES_THE_HOUSE, YesForm
from ..ledger import Said, decline_consent, record_consent, withdraw_consent
from ..models import Consent, Person

CHOOSING = [purpose.value for purpose in Purpose if purpose not in FIXED_GROUPS]  # where parts were chosen one by one


def _context(request: Request, person: Person) -> dict[str, Any]:
    return {
        "person": person,
        "seated": team.is_seated(request.member, person),
        "record_url": reads.page_of(person),
    }


@require_safe
@page(Verb.CASE_READ)
def person(request: Request, ref: str) -> HttpResponse:
    """What stands now, and what was said before; for the team."""
    found = reads.person_of(request.member, ref)
    context = _context(request, found)
    if context["seated"]:
        context |= {
            "subjects": reads.subjects(request.member, found),
            "history": reads.history(request.member, found),
            "seats": team.seats_of(found),
            "hold": holds.open_hold(found),
            "choosing": CHOOSING,
            "reader": _readers(),
        }
    return render(request, "consent/person.html", context)


def _language(request: Request, found: Person) -> str:
    """Return the language to ask in: the chosen one, else the last one used with the person, else the reader's."""
    chosen = request.GET.get("language") or request.POST.get("language") or _own_language(found)
    return chosen if chosen in texts.OWN_NAMES else _readers()


def _own_language(found: Person) -> str:
    """Return the person's language where it is known and can be read out, else the one they were last asked in."""
    own = reads.language_of(found)
    return own if own in texts.written_in() else _last_language(found)


def _last_language(found: Person) -> str:
    return Consent.objects.filter(person=found).order_by("-pk").values_list("language", flat=True).first() or ""


def _readers() -> str:
    return (translation.get_language() or "en").split("-")[0]


@require_http_methods(["GET", "POST"])
@page(Verb.CONSENT_RECORD)
def ask(request: Request, ref: str, subject: str) -> HttpResponse:
    """Read the text aloud, then write down the answer: a yes with what exactly, or a no."""
    found = reads.person_of(request.member, ref)
    if subject not in Purpose.values:
        raise Problem("404.1")
    answer = request.POST.get("answer", "yes" if request.method == "GET" else "")
    if answer not in ("yes", "no"):  # nothing but a yes is a yes
        raise Problem("400.1")
    language = _language(request, found)
    form = YesForm(request.member, subject, request.POST or None, answer=answer)
    if request.method == "POST" and form.is_valid():
        return _answered(request, found, subject, language, form)
    context = _context(request, found) | {
        "form": form,
        "subject": subject,
        "label": Purpose(subject).label,
        "text": texts.text_of(subject, language, fallback=_readers()),
        "more": texts.text_of(texts.IDENTIFICATION, language, fallback=_readers())
        if subject == Purpose.SUPPORT
        else None,
        "language": language,
        "ask_in": texts.OWN_NAMES,
        "nowhere": subject in LEAVES_THE_HOUSE and len(form.fields["recipient"].choices) < 2,  # type: ignore[attr-defined]
    }
    return render(request, "consent/ask.html", context, status=400 if form.errors else 200)


def _answered(request: Request, found: Person, purpose: str, language: str, form: YesForm) -> HttpResponse:
    said = Said(language, form.cleaned_data["manner"])
    recipient = form.cleaned_data.get("recipient") or OWN
    if form.answer == "no":
        decline_consent(member=request.member, person=found, purpose=purpose, recipient=recipient, said=said)
        messages.success(request, _("Written down: asked, and said no. It changes nothing in the help."))
    else:
        record_consent(
            member=request.member,
            person=found,
            purpose=purpose,
            groups=form.chosen,
            said=said,
            recipient=recipient,
            until=form.cleaned_data["until"],
        )
        messages.success(request, _("Written down. They can take it back at any time, here or with their slip."))
    return redirect("consent:person", found.ref)


@require_POST
@page(Verb.CONSENT_RECORD)
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Take back one thing, or everything where nothing is named, by one press."""
    found = reads.person_of(request.member, ref)
    purpose, recipient = request.POST.get("purpose", ""), request.POST.get("recipient", "")
    if purpose and purpose not in Purpose.values:
        raise Problem("400.1")
    said = Said(_last_language(found) or _readers(), Manner.SPOKEN)
    withdraw_consent(member=request.member, person=found, said=said, purpose=purpose, recipient=recipient[:48])
    messages.success(request, _("Taken back. From now on nothing of it is opened or passed on."))
    return redirect("consent:person", found.ref)


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_ERASE)
def erase(request: Request, ref: str) -> HttpResponse:
    """Erase a person who asks for it; the page says what goes, and the button does it."""
    found = reads.person_of(request.member, ref)
    allowed = team.may_seat(request.member, found)
    if request.method == "POST":
        wish = erasure.ask_for_erasure(member=request.member, person=found)
        if wish.held is not None:
            raise Problem("409.13", until=date_format(wish.held.until, "SHORT_DATE_FORMAT"))
        messages.success(request, erasure.promise())
        return redirect("site:today")
    context = _context(request, found) | {
        "allowed": allowed,
        "rows": [(kind, count) for kind, count in erasure.rows_by_kind(found).items() if count] if allowed else [],
        "hold": holds.standing_hold(erasure.family(found)),
    }
    return render(request, "consent/erase.html", context)


@require_safe
@public
def paper(request: HttpRequest, language: str) -> HttpResponse:
    """Everything that we ask, word for word, in one language, to be read at home or printed."""
    if language not in texts.OWN_NAMES:
        raise Problem("404.1")
    context = {
        "texts": [texts.text_of(subject, language, fallback=_readers()) for subject in texts.SUBJECTS],
        "language": language,
        "interpreted": language not in texts.written_in(),
        "name": texts.OWN_NAMES[language],
        "ask_in": texts.OWN_NAMES,
        "version": texts.VERSION,
    }
    return render(request, "consent/paper.html", context)
