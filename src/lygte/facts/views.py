"""What is counted, and how: the page that every figure opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lygte.core.access import Verb, page

from .reads import kind_named
from .register import KINDS


@page(Verb.FACT_DEFINITIONS)
def definitions(request: HttpRequest) -> HttpResponse:
    kinds = sorted(KINDS.values(), key=lambda kind: str(kind.label).lower())
    return render(request, "facts/definitions.html", {"kinds": kinds})


@page(Verb.FACT_DEFINITIONS)
def definition(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "facts/definition.html", {"kind": kind_named(name)})
