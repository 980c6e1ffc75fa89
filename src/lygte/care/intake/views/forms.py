"""Pages about forms: the list, publishing a workbook, one form with its versions, downloads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from ..actions import add_form_file, change_form_state, encrypt_form, names_to_give, publish_form, upload_draft
from ..for_phones import drafts_of, given_files
from ..forms import EncryptForm, FormFileForm, PublishForm, state_from
from ..models import Form, FormVersion, Grade
from ..problems import MEND
from ..reads import forms_of, versions_of, with_grade
from ..receivers import MEDIA, RECEIVERS
from ..workbook import MAX_BYTES
from ..xlsform import as_problem

WORKBOOK_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".xls": "application/vnd.ms-excel",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@page(Verb.FORM_LIST)
def form_list(request: Request) -> HttpResponse:
    context = {"forms": with_grade(forms_of(request.member)), "drafts": drafts_of(request.member)}
    return render(request, "intake/form_list.html", context)


@require_http_methods(["GET", "POST"])
@page(Verb.FORM_PUBLISH)
def form_publish(request: Request) -> HttpResponse:
    if request.method == "GET":
        return render(request, "intake/form_publish.html", {"form": PublishForm()})
    form = PublishForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "intake/form_publish.html", {"form": form}, status=400)
    upload = form.cleaned_data["workbook"]
    given = {"workbook": upload.read(MAX_BYTES + 1), "filename": upload.name, "grade": form.cleaned_data["grade"]}
    try:
        if request.POST.get("do") == "try":
            draft = upload_draft(member=request.member, **given)
            return redirect("intake:draft_page", ref=draft.ref)
        version = publish_form(member=request.member, **given)
    except Problem as problem:
        context = {"form": form, "problem": problem, "name": upload.name, "mend": str(MEND)}
        return render(request, "intake/form_publish.html", context, status=problem.status)
    messages.success(request, _("Version %(version)s is published.") % {"version": version.version})
    return redirect("intake:form_page", ref=version.form.ref)


@require_safe
@page(Verb.FORM_READ)
def form_page(request: Request, ref: str) -> HttpResponse:
    return _show_form(request, fetch(request.member, Form, ref))


def _show_form(
    request: Request, form: Form, files_form: FormFileForm | None = None, problem: Problem | None = None
) -> HttpResponse:
    names = names_to_give(form)
    held = {file.filename for file in given_files(form)}
    versions = list(versions_of(request.member, form))
    sealed = bool(versions and versions[0].grade in (Grade.LOCKED, Grade.SEALED))
    context = {
        "form": form,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "warnings": [as_problem(found) for found in versions[0].warnings] if versions else [],
        "files": sorted(MEDIA.get(form.form_id, {})),
        "is_taken_in": form.form_id in RECEIVERS,
        "is_sealed": sealed,
        "may_be_encrypted": not sealed and form.form_id not in RECEIVERS,
        "given": [(name, name in held) for name in names],
        "files_form": files_form or (FormFileForm(names) if names else None),
        "problem": problem,
        "encrypted": bool(versions and versions[0].outline.get("public_key")),
    }
    return render(request, "intake/form_page.html", context, status=problem.status if problem else 200)


@require_POST
@page(Verb.FORM_PUBLISH)
def form_file(request: Request, ref: str) -> HttpResponse:
    form = fetch(request.member, Form, ref)
    given = FormFileForm(names_to_give(form), request.POST, request.FILES)
    if not given.is_valid():
        return _show_form(request, form, given)
    try:
        content = given.cleaned_data["file"].read()
        add_form_file(member=request.member, to=form, name=given.cleaned_data["name"], content=content)
    except Problem as problem:
        return _show_form(request, form, problem=problem)
    messages.success(request, _("The file is there. Phones fetch it with the form."))
    return redirect("intake:form_page", ref=ref)


@require_http_methods(["GET", "POST"])
@page(Verb.FORM_PUBLISH)
def form_encrypt(request: Request, ref: str) -> HttpResponse:
    form = fetch(request.member, Form, ref)
    given = EncryptForm(request.POST or None)
    problem = None
    if request.method == "POST" and given.is_valid():
        try:
            version = encrypt_form(member=request.member, form=form, passphrase=given.cleaned_data["passphrase"])
        except Problem as found:
            problem = found
        else:
            messages.success(
                request, _("Version %(version)s is published: phones encrypt it.") % {"version": version.version}
            )
            return redirect("intake:form_page", ref=ref)
    context = {"form": form, "given": given, "problem": problem}
    status = problem.status if problem else 400 if given.errors else 200
    return render(request, "intake/form_encrypt.html", context, status=status)


@require_POST
@page(Verb.FORM_RETIRE)
def form_state(request: Request, ref: str) -> HttpResponse:
    form = fetch(request.member, Form, ref)
    state = state_from(request.POST.get("state", ""))
    if state is None:
        raise Problem("400.1")
    change_form_state(member=request.member, form=form, state=state)
    if state == Form.State.CLOSED:
        messages.success(request, _("The form is closed. What is on phones can be sent when it is opened again."))
    else:
        messages.success(request, _("The form is open."))
    return redirect("intake:form_page", ref=ref)


@require_safe
@page(Verb.FORM_READ)
def version_workbook(request: Request, ref: str) -> HttpResponse:
    version = fetch(request.member, FormVersion, ref)
    suffix = "." + version.workbook_name.rpartition(".")[2].lower()
    return as_download(bytes(version.workbook), version.workbook_name, WORKBOOK_TYPES.get(suffix, XLSX))


@require_safe
@page(Verb.FORM_READ)
def version_xform(request: Request, ref: str) -> HttpResponse:
    version = fetch(request.member, FormVersion, ref)
    return as_download(bytes(version.xform), f"{version.form.form_id}-{version.version}.xml", "text/xml; charset=utf-8")


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return bytes that a browser saves and never shows or runs."""
    return HttpResponse(content, headers=download_headers(name, content_type))


def download_headers(name: str, content_type: str) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "Content-Disposition": _attachment_named(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def _attachment_named(name: str) -> str:
    safe = "".join("_" if c in '/\\"' or c < " " else c for c in name) or "file"
    return content_disposition_header(True, safe) or "attachment"
