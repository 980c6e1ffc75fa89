"""The addresses of this room: pages for staff below `intake/`, phones below `-/<token>/` and `openrosa/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from .views import devices, drafts, field, forms, phones, phones_drafts, sealed, sealing, submissions

app_name = "intake"


def for_phones(route: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """The same address twice: with the phone's token in the path, and with a login."""
    return [
        path(f"-/<str:token>/{route}", view, name=f"phone_{name}"),
        path(f"openrosa/{route}", view, name=f"login_{name}"),
    ]


def for_drafts(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    """An address of a draft, below its secret link."""
    return path(f"-/test/<str:token>/{route}", view, name=f"draft_{name}")


urlpatterns = [
    path("intake/forms/", forms.form_list, name="form_list"),
    path("intake/forms/publish/", forms.form_publish, name="form_publish"),
    path("intake/forms/<ref:ref>/", forms.form_page, name="form_page"),
    path("intake/forms/<ref:ref>/state/", forms.form_state, name="form_state"),
    path("intake/forms/<ref:ref>/file/", forms.form_file, name="form_file"),
    path("intake/forms/<ref:ref>/encrypt/", forms.form_encrypt, name="form_encrypt"),
    path("intake/drafts/<ref:ref>/", drafts.draft_page, name="draft_page"),
    path("intake/drafts/<ref:ref>/file/", drafts.draft_file, name="draft_file"),
    path("intake/drafts/<ref:ref>/publish/", drafts.draft_publish, name="draft_publish"),
    path("intake/drafts/<ref:ref>/discard/", drafts.draft_discard, name="draft_discard"),
    path("intake/versions/<ref:ref>/workbook", forms.version_workbook, name="version_workbook"),
    path("intake/versions/<ref:ref>/xform", forms.version_xform, name="version_xform"),
    path("intake/phones/", devices.device_list, name="device_list"),
    path("intake/phones/add/", devices.device_add, name="device_add"),
    path("intake/phones/<ref:ref>/revoke/", devices.device_revoke, name="device_revoke"),
    path("intake/submissions/", submissions.submission_list, name="submission_list"),
    path("intake/submissions/<ref:ref>/", submissions.submission_page, name="submission_page"),
    path("intake/submissions/<ref:ref>/xml", submissions.submission_xml, name="submission_xml"),
    path("intake/submissions/<ref:ref>/resolve/", submissions.submission_resolve, name="submission_resolve"),
    path("intake/submissions/<ref:ref>/review/", submissions.submission_review, name="submission_review"),
    path("intake/submissions/<ref:ref>/trash/", submissions.submission_trash, name="submission_trash"),
    path("intake/submissions/<ref:ref>/restore/", submissions.submission_restore, name="submission_restore"),
    path("intake/submissions/<ref:ref>/open/", submissions.submission_open, name="submission_open"),
    path("intake/submissions/<ref:ref>/destroy/", submissions.submission_destroy, name="submission_destroy"),
    path("intake/reviews/<ref:ref>/undo/", submissions.review_undo, name="review_undo"),
    path("intake/files/<ref:ref>", submissions.attachment, name="attachment"),
    path("intake/sealed/", sealed.sealed_list, name="sealed_list"),
    path("intake/sealed/take-in/", sealed.sealed_take_in_all, name="sealed_take_in_all"),
    path("intake/sealed/<ref:ref>/", sealed.sealed_page, name="sealed_page"),
    path("intake/sealed/<ref:ref>/take-in/", sealed.sealed_take_in, name="sealed_take_in"),
    path("intake/sealed/files/<ref:ref>", sealed.sealed_file, name="sealed_file"),
    path("-/<str:token>/keys", sealing.keys, name="phone_keys"),
    path("-/<str:token>/sealed", sealing.sealed, name="phone_sealed"),
    for_drafts("formList", phones_drafts.form_list, "form_list"),
    for_drafts("form.xml", phones_drafts.form_xml, "form"),
    for_drafts("manifest", phones_drafts.manifest, "manifest"),
    for_drafts("media/<str:name>", phones_drafts.media, "media"),
    for_drafts("submission", phones_drafts.submission, "submission"),
    for_drafts("<path:rest>", phones_drafts.unknown, "unknown"),
    for_drafts("", phones_drafts.unknown, "nothing"),
    path("field/send/<ref:ref>", field.send, name="field_send"),
    path("-/<str:token>/renew", field.renew, name="phone_renew"),
    path("-/<str:token>/phone", field.phone, name="phone_phone"),
    path("-/<str:token>/today", field.today, name="phone_today"),
    *for_phones("formList", phones.form_list, "form_list"),
    *for_phones("forms/<ref:ref>.xml", phones.form_xml, "form"),
    *for_phones("forms/<ref:ref>/manifest", phones.manifest, "manifest"),
    *for_phones("forms/<ref:ref>/media/<str:name>", phones.media, "media"),
    *for_phones("submission", phones.submission, "submission"),
    *for_phones("<path:rest>", phones.unknown, "unknown"),
    *for_phones("", phones.unknown, "nothing"),
]
