"""Who is asking, on whose behalf, and what they get to see when something cannot be done."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_scopes import scope

from .people import Member
from .problems import Problem
from .sessions import is_over

Next = Callable[[HttpRequest], HttpResponseBase]


def current_member(request: HttpRequest) -> Member | None:
    """Return the membership the person works under now; the first one unless another was chosen."""
    mine = list(
        Member.objects.filter(user=request.user.pk, active=True).select_related("organisation", "user").order_by("pk")
    )
    request.memberships = mine  # type: ignore[attr-defined]
    chosen = request.session.get("member")
    return next((m for m in mine if m.ref == chosen), mine[0] if mine else None)


class MemberMiddleware:
    """Attach `request.member` and open the scope of their organisation for the length of the request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.member = None  # type: ignore[attr-defined]
        request.memberships = []  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return self.get_response(request)
        if is_over(request):  # a found phone opens nothing
            logout(request)
            return self.get_response(request)
        member = current_member(request)
        request.member = member  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        with scope(organisation=member.organisation):
            return self.get_response(request)


def show_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Render a problem as a page."""
    return render(request, "problem.html", {"problem": problem}, status=problem.status)


def _is_bare_refusal(response: HttpResponseBase) -> bool:
    """Tell an empty 405 of Django's; one with a body, such as the protocol of phones gives, is an answer already."""
    return response.status_code == 405 and not response.streaming and not getattr(response, "content", b"")


class ProblemMiddleware:
    """Turn a raised Problem into its page, and a bare refusal of a method too: somebody typed that address by hand."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not _is_bare_refusal(response):
            return response
        page = show_problem(request, Problem("405.1"))
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError):  # a sign that no text can hold, typed by nobody who uses a form
            exception = Problem("400.1")
        return show_problem(request, exception) if isinstance(exception, Problem) else None
