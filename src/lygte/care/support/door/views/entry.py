"""Coming in and going out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import public

from ..forms import CodeForm
from ..sessions import begin, shut
from ..slips import open_slip
from ..tries import too_many_wrong
from .frame import show, unseen


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@public
def enter(request: HttpRequest) -> HttpResponseBase:
    """Open the page of whoever holds the code. Whatever is wrong with a code, the answer is the same."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        opened = open_slip(request.POST.get("code", ""))
        if opened is not None:
            response = redirect("door:home")
            begin(response, opened.person, opened.keys, opened.slip)
            return unseen(response)
        return unseen(_nothing_opened(request, form))
    return unseen(show(request, "door/enter.html", None, {"form": form, "closed": "closed" in request.GET}))


def _nothing_opened(request: HttpRequest, form: CodeForm) -> HttpResponseBase:
    form.errors.clear()
    form.add_error(
        "code",
        _(
            "That opened nothing. Look at each word or number once more. If it still does not open, the paper has ended."
        ),
    )
    if too_many_wrong(request):
        slow = _("Many wrong codes came by this connection. A right one always opens.")
        return show(request, "door/enter.html", None, {"form": form, "slow": slow}, status=429)
    return show(request, "door/enter.html", None, {"form": form}, status=400)


@require_POST
@public
def out(request: HttpRequest) -> HttpResponseBase:
    response = redirect("door:enter")
    shut(request, response)
    return unseen(response)


@require_safe
@public
def leave(request: HttpRequest) -> HttpResponseBase:
    """Close the page and go where the way out leads. By GET, since the way out must work as a plain link."""
    response = redirect(settings.LYGTE_EXIT_URL)
    if request.method == "GET":
        shut(request, response)
    return unseen(response)
