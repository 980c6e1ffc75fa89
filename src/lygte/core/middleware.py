"""Who is asking, on whose behalf, and what they get to see when something cannot be done."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_scopes import scope

from .people import Member
from .problems import Problem

Next = Callable[[HttpRequest], HttpResponseBase]
SEEN_EVERY = 60  # seconds between two notes of activity, so that reading does not write


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
        if not request.user.is_authenticated or self._left_alone(request):
            return self.get_response(request)
        member = current_member(request)
        request.member = member  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        with scope(organisation=member.organisation):
            return self.get_response(request)

    def _left_alone(self, request: HttpRequest) -> bool:
        """End a session that nobody used for a while; a found phone opens nothing."""
        now = int(time.time())
        seen = request.session.get("seen", now)
        if now - seen > settings.LYGTE_IDLE_SECONDS:
            logout(request)
            return True
        if now - seen >= SEEN_EVERY or "seen" not in request.session:
            request.session["seen"] = now
        return False


def show_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Render a problem as a page."""
    return render(request, "problem.html", {"problem": problem}, status=problem.status)


class ProblemMiddleware:
    """Turn a raised Problem into its page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return show_problem(request, exception) if isinstance(exception, Problem) else None
