"""Pages of the locked part: open and shut it, make one's own key, see who holds the organisation's, let in, shut out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import Verb, fetch, page, public
from ..asking import Request
from ..people import Member
from ..problems import Problem
from .ciphers import fingerprint
from .forms import FormerForm, KeyForm, UnlockForm, forget_tries
from .keyring import Keyring, open_keyring
from .keys import change_passphrase, let_in, make_member_key, renewal_is_due, shut_out, standing
from .models import MemberKey
from .reads import is_set_up, state_for
from .sessions import keep_open, shut
from .sign_in import STALE


@require_safe
@public
def tiers(request: HttpRequest) -> HttpResponse:
    """Explain what open, locked and sealed mean, so that nobody believes more than is true."""
    return render(request, "vault/tiers.html")


@require_safe
@page(Verb.KEY_READ)
def keys(request: Request) -> HttpResponse:
    state = state_for(request.member)
    context = {
        "state": state,
        "renewal_is_due": state.organisation_key and renewal_is_due(request.member.organisation_id),
    }
    return render(request, "vault/keys.html", context)


# One's own key ---------------------------------------------------------------------------------------------------------
def _onward(request: Request) -> str:
    """Return where to go once the locked part is open: an address of this site, or Today."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and not wanted.startswith(reverse("vault:unlock")) else reverse("site:today")


def hold_open(request: Request, keyring: Keyring) -> None:
    """Keep a key open for the session, under a new session number: opening is a step up."""
    keep_open(request, keyring)
    request.member.keyring = keyring  # type: ignore[attr-defined]
    request.session.pop(STALE, None)
    request.session.cycle_key()
    forget_tries(request)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_READ)
def unlock(request: Request) -> HttpResponse:
    """Ask for the passphrase of the member's key and go on to where they came from."""
    form = UnlockForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hold_open(request, open_keyring(request.member, form.cleaned_data["passphrase"]))
            return redirect(_onward(request))
        except Problem as problem:
            if problem.number != "423.2":
                raise
            form.add_error("passphrase", problem.sentence)
    context = {
        "form": form,
        "next": _onward(request),
        "standing": standing(request.member),
        "set_up": is_set_up(request.member),
        "stale": request.session.get(STALE, False),
    }
    return render(request, "vault/unlock.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.KEY_READ)
def shut_now(request: Request) -> HttpResponse:
    shut(request)
    messages.success(request, _("The locked part is closed. You are still signed in."))
    return redirect("site:today")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_MAKE)
def make(request: Request) -> HttpResponse:
    """Make the member's own key, or a new one in place of one that no longer opens."""
    form = KeyForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hold_open(request, make_member_key(member=request.member, passphrase=form.cleaned_data["passphrase"]))
        messages.success(request, _("Your key is made. Now a colleague who holds the organisation's key lets you in."))
        return redirect("vault:keys")
    context = {"form": form, "standing": standing(request.member)}
    return render(request, "vault/make.html", context, status=400 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_MAKE)
def former_password(request: Request) -> HttpResponse:
    """Lock the member's key anew, from the password it still has to the one of now."""
    form = FormerForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            hold_open(request, change_passphrase(member=request.member, old=given["old"], new=given["passphrase"]))
            messages.success(request, _("Your key opens with your password again. Nobody needs to let you in."))
            return redirect("vault:keys")
        except Problem as problem:
            if problem.number != "423.2":
                raise
            form.add_error("old", problem.sentence)
    return render(request, "vault/former_password.html", {"form": form}, status=400 if form.errors else 200)


# Colleagues ------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_LET_IN)
def letting_in(request: Request, ref: str) -> HttpResponse:
    """Show a colleague's fingerprint, to be compared aloud; then let them in."""
    other = fetch(request.member, Member, ref, active=True)
    key = MemberKey.objects.filter(member=other).first()
    if key is None or not is_set_up(request.member):
        raise Problem("423.3" if key is None else "423.4")
    if request.method == "POST":
        let_in(member=request.member, other=other)
        messages.success(request, _("%(name)s can open the locked part now.") % {"name": other.user.name})
        return redirect("vault:keys")
    return render(request, "vault/let_in.html", {"other": other, "fingerprint": fingerprint(bytes(key.public))})


@require_POST
@page(Verb.KEY_SHUT_OUT)
def shutting_out(request: Request, ref: str) -> HttpResponse:
    """Take the organisation's key from a colleague; undone by letting them in again."""
    other = fetch(request.member, Member, ref)
    shut_out(member=request.member, other=other)
    undo = f"undo:{reverse('vault:let_in', args=[other.ref])}" if other.active else ""
    messages.success(
        request, _("%(name)s can no longer open the locked part.") % {"name": other.user.name}, extra_tags=undo
    )
    return redirect("vault:keys")
