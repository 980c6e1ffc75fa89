"""The reach of online outreach: from a message to help, with the harm beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request

from .. import codes, reads
from ..facts import BATCH, HARM, STEP
from ..forms import FunnelForm


@dataclass(frozen=True)
class Bar:
    """One row of the funnel: a number, its share of what was sent, and how long its bar is, in hundredths."""

    label: str | Promise
    value: int
    share: float | None
    length: str


def bars(values: Mapping[str, int], labels: codes.Labels, *, sent: int, most: int) -> list[Bar]:
    return [
        Bar(
            label=labels[code],
            value=values[code],
            share=100 * values[code] / sent if sent else None,
            length=f"{100 * values[code] / most:.1f}",  # a number for the drawing: never with a comma
        )
        for code in labels
    ]


@require_safe
@page(Verb.NETREACH_READ)
def funnel(request: Request) -> HttpResponse:
    form = FunnelForm(request.member, request.GET or None)
    wanted = form.wanted() if request.GET else FunnelForm(request.member, {}).wanted()
    found = reads.funnel(request.member, wanted)
    sent = found.steps["sent"]
    most = max(*found.steps.values(), *found.harms.values(), 1)
    context = {
        "form": form,
        "found": found,
        "wanted": wanted,
        "groups": [
            (STEP, bars(found.steps, codes.STEPS, sent=sent, most=most)),
            (HARM, bars(found.harms, codes.HARMS, sent=sent, most=most)),
        ],
        "kinds": {"batch": BATCH, "step": STEP, "harm": HARM},
    }
    return render(request, "netreach/funnel.html", context)
