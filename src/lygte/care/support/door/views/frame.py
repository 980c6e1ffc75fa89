"""The frame of the person's own pages: only with an open slip, never kept by a browser, closed by themselves after a while."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from lygte.core.access import public
from lygte.core.problems import Problem

from ..sessions import IDLE, Inside, inside

OwnView = Callable[..., HttpResponseBase]

# What just happened, as a short code in the address: nothing about it is kept, and the code says nothing to others.
DONE = {
    "1": _("Sent. It stands in your record now."),
    "2": _("Removed."),
    "3": _("Taken back. It counts from now on."),
    "4": _("Good. Nothing is erased."),
    "5": _("It is written down."),
}


def unseen(response: HttpResponseBase) -> HttpResponseBase:
    """Let no browser and nothing on the way keep a page."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def own_page(*, writing: bool = False) -> Callable[[OwnView], OwnView]:
    """Open a view to whoever has come in with a slip: `view(request, door)`. Everybody else goes to the entrance.

    A page that somebody only reads leads to the entrance when its time is over, also without scripts; one in which
    somebody writes does not, so that no words are lost.
    """

    def frame(view: OwnView) -> OwnView:
        @wraps(view)
        def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            door = inside(request)
            if door is None:
                return unseen(redirect(reverse("door:enter") + "?closed=1"))
            with scope(organisation=door.person.organisation):
                response = _answer(view, request, door, *args, **kwargs)
            if not writing and response.status_code == 200:
                response["Refresh"] = f"{int(IDLE.total_seconds()) + 5}; url={reverse('door:enter')}?closed=1"
            return unseen(response)

        return public(framed)

    return frame


def _answer(view: OwnView, request: HttpRequest, door: Inside, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, door, *args, **kwargs)
    except Problem as problem:  # told in the person's own frame, not on a page of the house
        return show(request, "door/problem.html", door, {"problem": problem}, status=problem.status)


def show(
    request: HttpRequest, template: str, door: Inside | None, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render one of the person's own pages."""
    done = DONE.get(request.GET.get("done", ""), "")
    return render(request, template, {"door": door, "done": done, **(context or {})}, status=status)


def back_to(name: str, done: str, query: str = "") -> HttpResponse:
    """Go to another of the pages and say what was done."""
    return redirect(f"{reverse(name)}?{query}done={done}")
