"""Where somebody is noted who wants no more messages: by a worker, or by the person, who needs no account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lygte.core.access import Verb, page, public
from lygte.core.asking import Request
from lygte.core.patience import Patience
from lygte.core.problems import Problem

from ..actions.opt_outs import opt_out_myself, record_opt_outs
from ..forms import OptOutForm, StopForm
from ..marks import opt_outs_of
from .frame import unseen

PATIENCE = Patience(from_one=10, from_all=120)  # each opt-out costs a slow hash


@sensitive_post_parameters("handles")
@require_http_methods(["GET", "POST"])
@page(Verb.NETREACH_OPT_OUT)
def opt_out(request: Request) -> HttpResponseBase:
    form = OptOutForm(request.POST if request.method == "POST" else None)
    done = 0
    if request.method == "POST" and form.is_valid():
        marks = opt_outs_of([handle for handle, _typed in form.cleaned_data["handles"]])
        done = record_opt_outs(member=request.member, marks=marks)
        form = OptOutForm()
    context = {"form": form, "done": done}
    return unseen(render(request, "netreach/opt_out.html", context, status=400 if form.errors else 200))


@sensitive_post_parameters("handle")
@require_http_methods(["GET", "HEAD", "POST"])
@public
def stop(request: HttpRequest) -> HttpResponseBase:
    """Note who wants no more messages. The answer is the same whether we knew them or not."""
    form = StopForm(request.POST if request.method == "POST" else None)
    done = False
    if request.method == "POST":
        if PATIENCE.is_over(request):
            raise Problem("429.640")
        if form.is_valid():
            [mark] = opt_outs_of([handle for handle, _typed in form.cleaned_data["handle"]])
            opt_out_myself(mark)
            done = True
    context = {"form": form, "done": done}
    return unseen(render(request, "netreach/stop.html", context, status=400 if form.errors else 200))
