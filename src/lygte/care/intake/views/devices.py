"""Pages about phones: the list, adding one with its code, revoking one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request

from ..actions import NewDevice, add_device, revoke_device
from ..forms import DeviceForm
from ..models import Device
from ..openrosa import base_address
from ..qr import packed, qr_svg, settings_for_collect
from ..reads import devices_of


@require_safe
@page(Verb.DEVICE_LIST)
def device_list(request: Request) -> HttpResponse:
    devices = list(devices_of(request.member))
    old = any(device.digest_box is None and device.revoked_at is None for device in devices)
    return render(request, "intake/device_list.html", {"devices": devices, "old": old})


@require_http_methods(["GET", "POST"])
@page(Verb.DEVICE_ADD)
def device_add(request: Request) -> HttpResponse:
    form = DeviceForm(request.member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_once(request, add_device(member=request.member, **form.cleaned_data))
    return render(request, "intake/device_add.html", {"form": form}, status=400 if form.errors else 200)


def _show_once(request: Request, new: NewDevice) -> HttpResponse:
    """Show the code and the secrets. They are on this page only."""
    server_url = base_address(request.build_absolute_uri("/"), new.token)
    settings = settings_for_collect(server_url=server_url, project=new.device.organisation.name)
    # Behind the "#": browsers send that to nobody, so no log and no proxy ever sees the token.
    app_link = request.build_absolute_uri(reverse("field:app")) + f"#connect={new.token}"
    context = {
        "device": new.device,
        "server_url": server_url,
        "login_url": base_address(request.build_absolute_uri("/")),
        "username": new.username,
        "password": new.password,
        "code": qr_svg(packed(settings)),
        "app_link": app_link,
        "app_code": qr_svg(app_link),
    }
    response = render(request, "intake/device_code.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page(Verb.DEVICE_REVOKE)
def device_revoke(request: Request, ref: str) -> HttpResponse:
    device = fetch(request.member, Device, ref)
    revoke_device(member=request.member, device=device)
    messages.success(request, _("“%(label)s” can no longer fetch or send forms.") % {"label": device.label})
    return redirect("intake:device_list")
