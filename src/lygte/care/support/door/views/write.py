"""Writing one's own words: beside a record, or about everything. No words are lost when the page closed meanwhile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from lygte.core.access import public
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Purpose

from ..accounts import write_own
from ..forms import CodeForm, OwnWordsForm
from ..record import Kept, open_all
from ..sessions import Inside, begin, inside
from ..slips import open_slip
from .frame import back_to, show, unseen


@sensitive_post_parameters("code", "text")
@require_http_methods(["GET", "HEAD", "POST"])
@public
def write(request: HttpRequest) -> HttpResponseBase:
    """Like every own page, but a page that closed meanwhile keeps the words until the code is typed again."""
    door = inside(request)
    if door is not None:
        with scope(organisation=door.person.organisation):
            return unseen(_write(request, door))
    if request.method != "POST" or "text" not in request.POST:
        return unseen(back_to("door:enter", "", "closed=1&"))
    return unseen(_come_in_again(request))


def _come_in_again(request: HttpRequest) -> HttpResponseBase:
    opened = open_slip(request.POST["code"]) if request.POST.get("code") else None
    context = {"form": OwnWordsForm(request.POST), "code": CodeForm(), "wrong": bool(request.POST.get("code"))}
    if opened is None:
        return show(request, "door/write_again.html", None, context, status=400)
    response = back_to("door:record", "1")
    opening = begin(response, opened.person, opened.keys, opened.slip)
    with scope(organisation=opened.person.organisation):
        answer = _write(request, Inside(opened.person, opened.keys, opening))
    if answer.status_code != 302:
        answer.cookies = response.cookies
        return answer
    return response


def _write(request: HttpRequest, door: Inside) -> HttpResponseBase:
    beside = _beside(request, door)
    form = OwnWordsForm(request.POST or None, initial={"correct": "correct" in request.GET})
    if request.method == "POST" and form.is_valid():
        write_own(
            person=door.person,
            key=door.keys[door.person.ref],
            text=form.cleaned_data["text"],
            beside=beside.record if beside else None,
            correct=form.cleaned_data["correct"],
        )
        return back_to("door:record", "1", f"part={beside.record.group}&" if beside else "part=account&")
    context = {"form": form, "beside": beside, "read_by_team": _read_by_team(door)}
    return show(request, "door/write.html", door, context, status=400 if form.errors else 200)


def _beside(request: HttpRequest, door: Inside) -> Kept | None:
    ref = request.POST.get("beside") or request.GET.get("beside") or ""
    return next((one for one in open_all(door.people, door.keys) if one.record.ref == ref), None) if ref else None


def _read_by_team(door: Inside) -> bool:
    """Whether the person has agreed that the team reads what they write."""
    agreed = gate.agreed_groups([door.person], purpose=Purpose.SUPPORT)
    return Group.ACCOUNT in agreed[door.person.pk]
