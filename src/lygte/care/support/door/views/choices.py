"""What the person decides: taking a yes back, taking the record away, being erased."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.problems import Problem

from ..agreed import said_so_far, standing, take_back
from ..forms import ErasureForm
from ..leaving import DAYS, hold_of, stay, want_erasure, wish_of
from ..portable import FILE_NAME, take_away
from ..sessions import Inside, shut
from .frame import back_to, own_page, show


@require_safe
@own_page()
def agreed(request: HttpRequest, door: Inside) -> HttpResponseBase:
    context = {"standing": standing(door.person), "said": said_so_far(door.people)}
    return show(request, "door/agreed.html", door, context)


@require_POST
@own_page()
def no_longer(request: HttpRequest, door: Inside) -> HttpResponseBase:
    """Take back one yes, or all of them."""
    everything = request.POST.get("what") == "all"
    purpose, recipient = request.POST.get("purpose", ""), request.POST.get("recipient", "")
    if not everything and (purpose, recipient) not in {(yes.purpose, yes.recipient) for yes in standing(door.person)}:
        return back_to("door:agreed", "")
    language = translation.get_language() or "en"
    if everything:
        purpose = recipient = ""
    take_back(people=door.people, language=language, purpose=purpose, recipient=recipient)
    return back_to("door:agreed", "3")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page()
def take(request: HttpRequest, door: Inside) -> HttpResponseBase:
    """Say what is in the file and where it is safe; then give it."""
    if request.method != "POST":
        return show(request, "door/take.html", door)
    response = HttpResponse(take_away(door.people, door.keys), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@own_page()
def end(request: HttpRequest, door: Inside) -> HttpResponseBase:
    """Erase everything: first what happens when, then the choice."""
    form = ErasureForm(request.POST or None, initial={"when": "week"})
    hold = hold_of(door.person)
    if request.method == "POST" and (hold is not None or form.is_valid()):
        return _end(request, door, 0 if hold else DAYS[form.cleaned_data["when"]])
    context = {"form": form, "hold": hold, "wish": wish_of(door.person)}
    return show(request, "door/end.html", door, context, status=400 if form.errors else 200)


def _end(request: HttpRequest, door: Inside, days: int) -> HttpResponseBase:
    try:
        later = want_erasure(door.person, days)
    except Problem:  # 409.13: it is written down, and done when the duty ends
        return back_to("door:end", "5")
    if later is not None:
        return back_to("door:home", "5")
    response = show(request, "door/gone.html", None)
    shut(request, response)
    return response


@require_POST
@own_page()
def keep(request: HttpRequest, door: Inside) -> HttpResponseBase:
    """Take back the wish to be erased."""
    stay(door.person)
    return back_to("door:home", "4")
