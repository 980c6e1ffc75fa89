"""The pages that belong to no room: the public ones, the staff home, and what is shown when something cannot be done."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, page, public
from lygte.core.people import Role
from lygte.core.problems import Problem
from lygte.core.today import collect

from .context_processors import THEMES
from .navigation import quick_actions_for

YEAR = 365 * 24 * 3600


@require_safe
@public
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "site/front.html")


@require_safe
@public
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html")


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html", {"idle_minutes": settings.LYGTE_IDLE_SECONDS // 60})


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


@require_POST
@public
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen light in a cookie and go back to the page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


# What to do first, for someone who is new.
FIRST_STEPS = {
    Role.WORKER: _("New here? Record a visit, or connect your phone so that you can record where you are."),
    Role.COORDINATOR: _("New here? Add your colleagues. They get a link from you and choose their own password."),
    Role.PROGRAMME_OFFICER: _("New here? Bring in an action plan. Its figures then follow from the work itself."),
    Role.CONTACT: _("New here? Look at the follow-up. You see totals only, never a place and never a visit."),
    Role.RESEARCHER: _("New here? Start with what is counted: every figure has a definition."),
    Role.ORGANISER: _("New here? Start with the action plans: what was promised, by whom, and what came of it."),
    Role.ADVISER: _("New here? Start with the action plans and with what is counted."),
    Role.HOST: _("New here? Add an organisation and its coordinator. You will not see what they record."),
}


@require_safe
@page(Verb.TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for this member, and what they may start."""
    member = request.member  # type: ignore[attr-defined]
    context = {
        "needs": collect(member),
        "first_step": FIRST_STEPS[Role(member.role)],
        "quick_actions": quick_actions_for(member),
    }
    return render(request, "site/today.html", context)


def _show(request: HttpRequest, number: str) -> HttpResponse:
    problem = Problem(number)
    return render(request, "problem.html", {"problem": problem}, status=problem.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _show(request, "400.1")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _show(request, "403.1")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _show(request, "404.1")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _show(request, "403.3")


def server_error(request: HttpRequest) -> HttpResponse:
    """Ask as little as possible of a house in which something just broke: no database, no session."""
    problem = Problem("500.1")
    return render(request, "500.html", {"problem": problem}, status=500)
