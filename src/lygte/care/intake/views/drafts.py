"""Pages about a draft: its code and files, what was sent to try it, publishing it or throwing it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from ..actions import add_form_file, discard_draft, names_to_give, publish_draft, token_of
from ..for_phones import draft_files
from ..forms import FormFileForm
from ..models import FormDraft
from ..openrosa import draft_base
from ..qr import packed, qr_svg, settings_for_collect
from ..xlsform import as_problem

TESTS_SHOWN = 50


@require_safe
@page(Verb.FORM_PUBLISH)
def draft_page(request: Request, ref: str) -> HttpResponse:
    return _show(request, fetch(request.member, FormDraft, ref))


def _show(
    request: Request, draft: FormDraft, files_form: FormFileForm | None = None, problem: Problem | None = None
) -> HttpResponse:
    server_url = draft_base(request.build_absolute_uri("/"), token_of(draft.ref))
    names = names_to_give(draft)
    held = {file.filename for file in draft_files(draft)}
    context = {
        "draft": draft,
        "server_url": server_url,
        "code": qr_svg(packed(settings_for_collect(server_url=server_url, project=_("Test: %s") % draft.title))),
        "warnings": [as_problem(found) for found in draft.warnings],
        "files": [(name, name in held) for name in names],
        "files_form": files_form or (FormFileForm(names) if names else None),
        "tests": draft.test_submissions.defer("xml")[:TESTS_SHOWN],
        "problem": problem,
    }
    response = render(request, "intake/draft_page.html", context, status=problem.status if problem else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page(Verb.FORM_PUBLISH)
def draft_file(request: Request, ref: str) -> HttpResponse:
    draft = fetch(request.member, FormDraft, ref)
    form = FormFileForm(names_to_give(draft), request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, draft, form)
    try:
        content = form.cleaned_data["file"].read()
        add_form_file(member=request.member, to=draft, name=form.cleaned_data["name"], content=content)
    except Problem as problem:
        return _show(request, draft, problem=problem)
    messages.success(request, _("The file is there. Phones fetch it with the form."))
    return redirect("intake:draft_page", ref=ref)


@require_POST
@page(Verb.FORM_PUBLISH)
def draft_publish(request: Request, ref: str) -> HttpResponse:
    draft = fetch(request.member, FormDraft, ref)
    try:
        version = publish_draft(member=request.member, draft=draft)
    except Problem as problem:
        return _show(request, draft, problem=problem)
    messages.success(request, _("Version %(version)s is published.") % {"version": version.version})
    return redirect("intake:form_page", ref=version.form.ref)


@require_POST
@page(Verb.FORM_PUBLISH)
def draft_discard(request: Request, ref: str) -> HttpResponse:
    discard_draft(member=request.member, draft=fetch(request.member, FormDraft, ref))
    messages.success(request, _("The draft is gone, with what was sent to try it."))
    return redirect("intake:form_list")
