"""Pages about one's own organisation: members, the log, and what the host may do."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .access import Verb, fetch, page, public
from .asking import Request
from .audit import AuditEntry, chain_of, verify_chain
from .forms import MemberForm, OrganisationForm, PasswordForm
from .invitations import (
    Invited,
    accept,
    accept_with_password,
    add_member,
    decline,
    found_organisation,
    invitations_of,
    open_invitation,
    withdraw_invitation,
)
from .jobs import verify_log
from .members import Welcome, choose_password, open_link, remove_member, renew_password_link
from .organisations import Organisation
from .people import Invitation, Member


@require_safe
@page(Verb.MEMBER_LIST)
def member_list(request: Request) -> HttpResponse:
    members = Member.objects.filter(organisation=request.member.organisation).select_related("user", "organisation")
    context = {"members": members.order_by("-active", "user__name"), "invitations": invitations_of(request.member)}
    return render(request, "core/member_list.html", context)


@require_http_methods(["GET", "POST"])
@page(Verb.MEMBER_ADD)
def member_add(request: Request) -> HttpResponse:
    form = MemberForm(request.member.organisation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_invitation(request, add_member(member=request.member, **form.cleaned_data))
    return render(request, "core/member_add.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
@page(Verb.MEMBER_ADD)
def member_link(request: Request, ref: str) -> HttpResponse:
    other = fetch(request.member, Member, ref, active=True)
    return _show_link(request, renew_password_link(member=request.member, other=other))


def _show_link(request: Request, welcome: Welcome) -> HttpResponse:
    """Show the one-time address. It is on this page only: neither mailed nor stored."""
    url = request.build_absolute_uri(reverse("core:password", args=[welcome.token])) if welcome.token else ""
    return render(request, "core/member_link.html", {"welcome": welcome, "url": url})


def _show_invitation(request: Request, invited: Invited) -> HttpResponse:
    """Show the address to hand over, the same page whether or not the person has an account already."""
    url = request.build_absolute_uri(reverse("core:invitation", args=[invited.token]))
    return render(request, "core/invitation_link.html", {"invitation": invited.invitation, "url": url})


@require_POST
@page(Verb.MEMBER_REMOVE)
def invitation_withdraw(request: Request, ref: str) -> HttpResponse:
    withdrawn = withdraw_invitation(member=request.member, invitation=fetch(request.member, Invitation, ref))
    messages.success(request, _("%(name)s is no longer invited.") % {"name": withdrawn.name})
    return redirect("core:member_list")


@never_cache
@require_http_methods(["GET", "POST"])
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of an invitation accept it with their account, choose a password, or decline."""
    invited = open_invitation(token)
    answer = request.POST.get("answer", "")
    form = PasswordForm(None, request.POST if answer == "password" else None)
    if answer == "decline" and _is_theirs(request, invited):
        decline(token=token)
        return render(request, "core/invitation_declined.html")
    if answer == "accept" and request.user.is_authenticated:
        member = accept(token=token, user=request.user)
        request.session["member"] = member.ref
        messages.success(request, _("You now belong to %(name)s.") % {"name": member.organisation.name})
        return redirect("site:today")
    if answer == "password" and not request.user.is_authenticated and form.is_valid():
        try:
            accept_with_password(token=token, password=form.cleaned_data["password"])
        except ValidationError as error:  # only now is it known whose password it is
            form.add_error("password", error)
        else:
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("account_login")
    context = {
        "form": form,
        "invitation": invited,
        "theirs": _is_theirs(request, invited),
        "login": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }
    return render(request, "core/invitation.html", context, status=400 if form.errors else 200)


def _is_theirs(request: HttpRequest, invited: Invitation) -> bool:
    """Tell whether nobody else is signed in: a coordinator who tries the link cannot answer it by mistake."""
    return not request.user.is_authenticated or request.user.email == invited.email


@require_POST
@page(Verb.MEMBER_REMOVE)
def member_remove(request: Request, ref: str) -> HttpResponse:
    other = fetch(request.member, Member, ref, active=True)
    remove_member(member=request.member, other=other)
    messages.success(request, _("%(name)s is no longer a member.") % {"name": other.user.name})
    return redirect("core:member_list")


@require_http_methods(["GET", "POST"])
@public
def password(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a one-time link choose a password."""
    link = open_link(token)
    form = PasswordForm(link.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        choose_password(token=token, password=form.cleaned_data["password"])
        messages.success(request, _("The password is set. Sign in with it."))
        return redirect("account_login")
    context = {"form": form, "email": link.user.email}
    return render(request, "core/password.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.TODAY)
def switch(request: Request) -> HttpResponse:
    """Go on as a member of another organisation that the person belongs to."""
    chosen = request.POST.get("member", "")
    if chosen not in {m.ref for m in request.memberships}:
        raise Http404
    request.session["member"] = chosen
    return redirect("site:today")


@require_safe
@page(Verb.LOG_READ)
def log(request: Request) -> HttpResponse:
    chain = chain_of(request.member.organisation)
    entries = AuditEntry.objects.filter(chain=chain).order_by("-sequence")
    shown = Paginator(entries, 50).get_page(request.GET.get("page"))
    names = {
        m.ref: m.user.name for m in Member.objects.filter(ref__in={e.member_ref for e in shown}).select_related("user")
    }
    rows = [(entry, names.get(entry.member_ref, "")) for entry in shown]
    return render(request, "core/log.html", {"page": shown, "rows": rows})


@require_POST
@page(Verb.LOG_READ)
def log_verify(request: Request) -> HttpResponse:
    """Verify the organisation's chain now; the nightly job does the same for all."""
    verdict = verify_chain(chain_of(request.member.organisation))
    if verdict.whole:
        messages.success(
            request, _("The log is whole: %(count)s entries, nothing changed.") % {"count": verdict.entries}
        )
    else:
        messages.error(request, _("The log was changed at entry %(number)s.") % {"number": verdict.broken_at})
    return redirect("core:log")


@require_http_methods(["GET", "POST"])
@page(Verb.HOST_ORGANISATIONS)
def organisations(request: Request) -> HttpResponse:
    """List and make organisations; the host sees their names and kinds, nothing inside."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_invitation(request, found_organisation(member=request.member, **form.cleaned_data))
    context = {"form": form, "organisations": Organisation.objects.all()}
    return render(request, "core/organisations.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.HOST_ORGANISATIONS)
def verify_all(request: Request) -> HttpResponse:
    """Put the verification of every log in the queue."""
    verify_log.enqueue()
    messages.success(request, _("The logs will be verified in a moment."))
    return redirect("core:organisations")
