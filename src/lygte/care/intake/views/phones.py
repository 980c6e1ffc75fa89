"""The OpenRosa addresses: list of forms, forms, their files, submissions."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from xml.sax.saxutils import quoteattr

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lygte.core.problems import Problem

from ..actions import receive
from ..beside import PhoneFile, files_for
from ..for_phones import given_files, media_of, versions_for_phones
from ..models import Device, FormVersion
from ..multipart import Part, parts_of
from ..openrosa import (
    LIST_NAMESPACE,
    MANIFEST_NAMESPACE,
    XML,
    address,
    cached,
    document,
    element,
    message,
    openrosa,
)

FORM_PART = "xml_submission_file"


@openrosa("GET", "HEAD")
def form_list(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    versions = versions_for_phones(
        device.organisation,
        form_id=request.GET.get("formID", "").replace("\0", "\ufffd"),
        every=request.GET.get("listAllVersions") == "true",
    )
    verbose = request.GET.get("verbose") == "true"
    return document("xforms", LIST_NAMESPACE, (_listed(request, device, token, v, verbose) for v in versions))


def _listed(request: HttpRequest, device: Device, token: str, version: FormVersion, verbose: bool) -> str:
    form = version.form
    items = [
        element("formID", form.form_id),
        element("name", form.title),
        element("version", version.version),
        element("hash", f"md5:{version.md5}"),
    ]
    if verbose:
        items.append(element("descriptionText", form.title))
    items.append(element("downloadUrl", address(request, token, "form", ref=version.ref)))
    if _files(device, version):
        items.append(element("manifestUrl", address(request, token, "manifest", ref=version.ref)))
    return f"<xform>{''.join(items)}</xform>"


def _version(device: Device, ref: str) -> FormVersion:
    version = (
        FormVersion.objects.filter(organisation=device.organisation, ref=ref)
        .select_related("form")
        .defer("workbook", "outline", "warnings")
        .first()
    )
    if version is None:
        raise Problem("404.160")
    return version


@openrosa("GET", "HEAD")
def form_xml(request: HttpRequest, device: Device, token: str, ref: str) -> HttpResponse:
    version = _version(device, ref)
    return cached(request, bytes(version.xform), md5=version.md5, content_type=XML)


@openrosa("GET", "HEAD")
def manifest(request: HttpRequest, device: Device, token: str, ref: str) -> HttpResponse:
    version = _version(device, ref)
    files = _files(device, version)
    return document("manifest", MANIFEST_NAMESPACE, (_in_manifest(request, token, ref, file) for file in files))


def _files(device: Device, version: FormVersion) -> list[PhoneFile]:
    """Return what a phone fetches beside a form: made for everybody, made for this worker, given by a coordinator."""
    return _by_name(_made_for_all(device, version), files_for(device.member, version), given_files(version.form))


def _made_for_all(device: Device, version: FormVersion) -> Iterator[PhoneFile]:
    for file in media_of(device.organisation, version.form.form_id):
        yield PhoneFile(file.filename, file.md5, partial(bytes, file.content))


def _by_name(*groups: Iterable[PhoneFile]) -> list[PhoneFile]:
    """Put files together, each name once: the first that has it."""
    found: dict[str, PhoneFile] = {}
    for file in chain(*groups):
        found.setdefault(file.filename, file)
    return list(found.values())


def _in_manifest(request: HttpRequest, token: str, ref: str, file: PhoneFile) -> str:
    items = [
        element("filename", file.filename),
        element("hash", f"md5:{file.hash}"),
        element("downloadUrl", address(request, token, "media", ref=ref, name=file.filename)),
    ]
    if file.integrity:
        items.append(element("integrityUrl", address(request, token, file.integrity, name=file.filename)))
    kind = f" type={quoteattr(file.kind)}" if file.kind else ""
    return f"<mediaFile{kind}>{''.join(items)}</mediaFile>"


@openrosa("GET", "HEAD")
def media(request: HttpRequest, device: Device, token: str, ref: str, name: str) -> HttpResponse:
    version = _version(device, ref)
    for file in _files(device, version):
        if file.filename == name:
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            response = cached(request, file.content(), md5=file.hash, content_type=kind)
            response["Content-Disposition"] = "attachment"
            return response
    raise Problem("404.160")


@openrosa("HEAD", "POST")
def submission(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(status=204)
    with parts_of_form(request) as (xml, files):
        receive(member=device.member, device=device, xml=xml, files=files)
    return message(_("The filled form is stored."), nature="submit_success", status=201)


@contextmanager
def parts_of_form(request: HttpRequest) -> Iterator[tuple[bytes, dict[str, memoryview]]]:
    """Yield the filled form and its files by name; exactly one part must be the form."""
    with parts_of(request) as parts:
        forms = [part for part in parts if part.name == FORM_PART]
        if len(forms) != 1:
            raise Problem("400.151")
        yield (
            bytes(forms[0].content),
            {name: part.content for part in parts if part.name != FORM_PART for name in _names_of(part)},
        )


def _names_of(part: Part) -> set[str]:
    """A file is known by the name of its part, which phones make equal to the file's own name."""
    names = {part.name, re.split(r"[/\\]", part.filename)[-1]} if part.filename else set()
    return {name for name in names if name and name != "*isIncomplete*"}


@openrosa("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
def unknown(request: HttpRequest, device: Device, token: str, rest: str = "") -> HttpResponse:
    raise Problem("404.158")
