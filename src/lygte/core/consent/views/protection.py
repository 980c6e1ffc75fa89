"""The record of processing and the impact assessment, as pages and on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from ...access import Verb, page
from ...asking import Request
from ...problems import Problem
from ..documents import DOCUMENTS, Document, pdf


def _made(name: str) -> Document:
    if name not in DOCUMENTS:
        raise Problem("404.1")
    return DOCUMENTS[name]()


@require_safe
@page(Verb.PROTECTION_READ)
def document(request: Request, name: str) -> HttpResponse:
    return render(request, "consent/document.html", {"document": _made(name), "other": _other(name)})


def _other(name: str) -> Document:
    return next(make() for other, make in DOCUMENTS.items() if other != name)


@require_safe
@page(Verb.PROTECTION_READ)
def document_pdf(request: Request, name: str) -> HttpResponse:
    made = _made(name)
    language = (translation.get_language() or "en").split("-")[0]
    response = HttpResponse(pdf(made, language), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}-{language}.pdf"'
    return response
