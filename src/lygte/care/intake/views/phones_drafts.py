"""The OpenRosa addresses of a draft: the same protocol under a secret link, for that one form."""

from __future__ import annotations

import mimetypes

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lygte.core.problems import Problem

from ..actions import receive_test
from ..for_phones import draft_files
from ..models import FormDraft
from ..openrosa import (
    LIST_NAMESPACE,
    MANIFEST_NAMESPACE,
    XML,
    cached,
    document,
    draft_address,
    element,
    message,
    openrosa_draft,
)
from .phones import parts_of_form


@openrosa_draft("GET", "HEAD")
def form_list(request: HttpRequest, draft: FormDraft, token: str) -> HttpResponse:
    items = [
        element("formID", draft.form_id),
        element("name", draft.title),
        element("version", draft.version),
        element("hash", f"md5:{draft.md5}"),
        element("downloadUrl", draft_address(request, token, "form")),
    ]
    if draft_files(draft):
        items.append(element("manifestUrl", draft_address(request, token, "manifest")))
    asked = request.GET.get("formID", draft.form_id) == draft.form_id
    return document("xforms", LIST_NAMESPACE, [f"<xform>{''.join(items)}</xform>"] if asked else [])


@openrosa_draft("GET", "HEAD")
def form_xml(request: HttpRequest, draft: FormDraft, token: str) -> HttpResponse:
    return cached(request, bytes(draft.xform), md5=draft.md5, content_type=XML)


@openrosa_draft("GET", "HEAD")
def manifest(request: HttpRequest, draft: FormDraft, token: str) -> HttpResponse:
    items = (
        element("filename", file.filename)
        + element("hash", f"md5:{file.hash}")
        + element("downloadUrl", draft_address(request, token, "media", name=file.filename))
        for file in draft_files(draft)
    )
    return document("manifest", MANIFEST_NAMESPACE, (f"<mediaFile>{item}</mediaFile>" for item in items))


@openrosa_draft("GET", "HEAD")
def media(request: HttpRequest, draft: FormDraft, token: str, name: str) -> HttpResponse:
    for file in draft_files(draft):
        if file.filename == name:
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            response = cached(request, file.content(), md5=file.hash, content_type=kind)
            response["Content-Disposition"] = "attachment"
            return response
    raise Problem("404.160")


@openrosa_draft("HEAD", "POST")
def submission(request: HttpRequest, draft: FormDraft, token: str) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(status=204)
    with parts_of_form(request) as (xml, files):
        receive_test(draft=draft, xml=xml, files=files)
    return message(_("The test form is stored. It counts nowhere."), nature="submit_success", status=201)


@openrosa_draft("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
def unknown(request: HttpRequest, draft: FormDraft, token: str, rest: str = "") -> HttpResponse:
    raise Problem("404.158")
