"""The pages of messages: what there is, one message with its texts, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.languages import LANGUAGES, language_name

from .. import reads
from ..actions.messages import begin_message, publish, write_text
from ..forms import TextForm, TitleForm
from ..models import Message, Version
from ..rules import short_name


@require_http_methods(["GET", "POST"])
@page(Verb.NETREACH_WRITE)
def message_list(request: Request) -> HttpResponse:
    """Show what can be sent; a title begins a new message."""
    form = TitleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("netreach:message", begin_message(member=request.member, **form.cleaned_data).ref)
        except Problem as problem:
            form.add_error("title", f"{problem.sentence} {problem.next_step}")
    rows = [(one, reads.published(one), reads.draft(one)) for one in reads.messages(request.member)]
    context = {"form": form, "rows": rows}
    return render(request, "netreach/messages.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.NETREACH_WRITE)
def message_page(request: Request, ref: str) -> HttpResponse:
    message = fetch(request.member, Message, ref)
    form = TextForm(request.POST) if request.method == "POST" else TextForm(initial=_initial(request, message))
    if request.method == "POST" and form.is_valid():
        write_text(member=request.member, message=message, **form.cleaned_data)
        messages.success(request, _("Saved as a draft. Batches use it when it is published."))
        return redirect(f"{reverse('netreach:message', args=[ref])}?language={form.cleaned_data['language']}")
    return _show(request, message, form)


def _show(request: Request, message: Message, form: TextForm, problem: Problem | None = None) -> HttpResponse:
    context = {
        "message": message,
        "published": _texts(reads.published(message)),
        "version": reads.published(message),
        "draft": _texts(reads.draft(message)),
        "form": form,
        "problem": problem,
        "name": short_name(request.member.organisation.name),
        "stop_address": request.build_absolute_uri(reverse("netreach:stop")),
    }
    status = problem.status if problem else 400 if form.errors else 200
    return render(request, "netreach/message.html", context, status=status)


def _initial(request: Request, message: Message) -> dict[str, str]:
    """Return what the form begins with: the text of the language in the address, or of the organisation's own."""
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else request.member.organisation.language
    now = reads.draft(message) or reads.published(message)
    kept = {"text": now.texts.get(language, ""), "stop_word": now.stop_words.get(language, "")} if now else {}
    return {"language": language, **kept}


def _texts(version: Version | None) -> list[tuple[str, str, str, str]]:
    """Return code and name of each language with its text and the word that stops it."""
    if version is None:
        return []
    found = [
        (code, language_name(code), text, version.stop_words.get(code, "")) for code, text in version.texts.items()
    ]
    return sorted(found, key=lambda one: one[1])


@require_POST
@page(Verb.NETREACH_PUBLISH)
def message_publish(request: Request, ref: str) -> HttpResponse:
    message = fetch(request.member, Message, ref)
    try:
        version = publish(member=request.member, message=message)
    except Problem as problem:
        return _show(request, message, TextForm(initial=_initial(request, message)), problem)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("netreach:message", ref)
