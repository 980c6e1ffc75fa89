"""The page of a form's tables: choosing what leaves, the download as a stream, making and closing feeds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request

from ...models import Form, Grade
from ...views.forms import download_headers
from .. import choosing
from ..actions import NewFeed, begin_export, close_feed, make_feed
from ..formats import FORMATS
from ..forms import ExportForm, FeedForm
from ..models import Feed
from ..reads import feeds_of


@require_safe
@page(Verb.SUBMISSION_EXPORT)
def tables(request: Request, ref: str) -> HttpResponse:
    form = fetch(request.member, Form, ref)
    return _show(request, form, ExportForm(form, initial={"format": "xlsx"}), FeedForm())


def _show(request: Request, form: Form, asked: ExportForm, feed: FeedForm, status: int = 200) -> HttpResponse:
    moment = choosing.now(form)
    count = choosing.chosen(form, choosing.Choice(), moment).count()
    newest = form.versions.only("grade").order_by("-pk").first()
    feeds = feeds_of(request.member, form)
    sealed = newest is not None and newest.grade in (Grade.LOCKED, Grade.SEALED)
    context = {
        "form": form,
        "asked": asked,
        "count": count,
        "sealed_only": sealed and not count and not feeds,
        "locked": choosing.locked_count(form),
        "feeds": feeds,
        "feed_form": feed,
        "address": feed_address(request, form),
    }
    return render(request, "exports/tables.html", context, status=status)


def feed_address(request: Request, form: Form) -> str:
    return request.build_absolute_uri(reverse("exports:service", args=[form.ref]))


@require_GET
@page(Verb.SUBMISSION_EXPORT)
def download(request: Request, ref: str) -> HttpResponseBase:
    """Send what was chosen, as it is made. The log tells of it before the first byte."""
    form = fetch(request.member, Form, ref)
    asked = ExportForm(form, request.GET)
    if not asked.is_valid():
        return _show(request, form, asked, FeedForm(), status=400)
    export = begin_export(
        member=request.member,
        form=form,
        format=asked.cleaned_data["format"],
        choice=asked.choice,
        split=asked.cleaned_data["split"],
    )
    kind = FORMATS[export.format].content_type
    return StreamingHttpResponse(export.stream(), headers=download_headers(export.filename, kind))


@require_POST
@page(Verb.FORM_FEED)
def feed_make(request: Request, ref: str) -> HttpResponse:
    form = fetch(request.member, Form, ref)
    asked = FeedForm(request.POST)
    if not asked.is_valid():
        return _show(request, form, ExportForm(form, initial={"format": "xlsx"}), asked, status=400)
    return _show_once(request, make_feed(member=request.member, form=form, label=asked.cleaned_data["label"]))


def _show_once(request: Request, new: NewFeed) -> HttpResponse:
    """Show the key. It is on this page only."""
    context = {"feed": new.feed, "token": new.token, "address": feed_address(request, new.feed.form)}
    response = render(request, "exports/feed_key.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page(Verb.FORM_FEED)
def feed_close(request: Request, ref: str) -> HttpResponse:
    feed = fetch(request.member, Feed, ref)
    close_feed(member=request.member, feed=feed)
    messages.success(request, _("“%(label)s” can no longer be read.") % {"label": feed.label})
    return redirect("exports:tables", ref=feed.form.ref)
