"""The addresses of this room: pages for staff below `intake/`, phones below `-/<token>/` and `openrosa/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from .views import devices, forms, phones, sealed, sealing, submissions

app_name = "intake"


def for_phones(route: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """The same address twice: with the phone's token in the path, and with a login."""
    return [
        path(f"-/<str:token>/{route}", view, name=f"phone_{name}"),
        path(f"openrosa/{route}", view, name=f"login_{name}"),
    ]


urlpatterns = [
    path("intake/forms/", forms.form_list, name="form_list"),
    path("intake/forms/publish/", forms.form_publish, name="form_publish"),
    path("intake/forms/<ref:ref>/", forms.form_page, name="form_page"),
    path("intake/forms/<ref:ref>/state/", forms.form_state, name="form_state"),
    path("intake/versions/<ref:ref>/workbook", forms.version_workbook, name="version_workbook"),
    path("intake/versions/<ref:ref>/xform", forms.version_xform, name="version_xform"),
    path("intake/phones/", devices.device_list, name="device_list"),
    path("intake/phones/add/", devices.device_add, name="device_add"),
    path("intake/phones/<ref:ref>/revoke/", devices.device_revoke, name="device_revoke"),
    path("intake/submissions/", submissions.submission_list, name="submission_list"),
    path("intake/submissions/<ref:ref>/", submissions.submission_page, name="submission_page"),
    path("intake/submissions/<ref:ref>/xml", submissions.submission_xml, name="submission_xml"),
    path("intake/submissions/<ref:ref>/resolve/", submissions.submission_resolve, name="submission_resolve"),
    path("intake/files/<ref:ref>", submissions.attachment, name="attachment"),
    path("intake/sealed/", sealed.sealed_list, name="sealed_list"),
    path("intake/sealed/take-in/", sealed.sealed_take_in_all, name="sealed_take_in_all"),
    path("intake/sealed/<ref:ref>/", sealed.sealed_page, name="sealed_page"),
    path("intake/sealed/<ref:ref>/take-in/", sealed.sealed_take_in, name="sealed_take_in"),
    path("intake/sealed/files/<ref:ref>", sealed.sealed_file, name="sealed_file"),
    path("-/<str:token>/keys", sealing.keys, name="phone_keys"),
    path("-/<str:token>/sealed", sealing.sealed, name="phone_sealed"),
    *for_phones("formList", phones.form_list, "form_list"),
    *for_phones("forms/<ref:ref>.xml", phones.form_xml, "form"),
    *for_phones("forms/<ref:ref>/manifest", phones.manifest, "manifest"),
    *for_phones("forms/<ref:ref>/media/<str:name>", phones.media, "media"),
    *for_phones("submission", phones.submission, "submission"),
    *for_phones("<path:rest>", phones.unknown, "unknown"),
    *for_phones("", phones.unknown, "nothing"),
]
