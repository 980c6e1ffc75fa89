"""The addresses of a feed: who is asking, what is asked, and answers that Excel and Power BI understand, errors included."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope, scopes_disabled

from lygte.core.access import Verb, may, public
from lygte.core.problems import Problem

from ...actions import hash_of
from ...models import Form
from .. import choosing
from ..actions import begin_reading
from ..choosing import Choice
from ..models import Feed
from ..odata import query as asking
from ..odata.metadata import as_json, as_xml
from ..odata.names import EntitySet, entity_sets, narrowed
from ..odata.pages import COUNTED, PAGE, Table, TooMany, one_row
from ..odata.query import Query, kept_of, query_of, sealed
from ..schema import Schema, schema_of

log = logging.getLogger(__name__)
JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
RESOURCE = re.compile(r"(?P<set>\w+)(?:\('(?P<key>(?:[^']|'')*)'\))?(?:/(?P<more>\$count|\w+))?/?\Z")
PAGE_SIZE = re.compile(r"(?:^|[,;\s])(?:odata\.)?maxpagesize=(\d{1,9})")
View = Callable[..., HttpResponse]


def feed_view(view: View) -> View:
    """Open a view `view(request, feed, ...)` to whoever holds a feed's key; every answer speaks OData."""

    @csrf_exempt
    @public
    @wraps(view)
    def answered(request: HttpRequest, *, ref: str, **arguments: Any) -> HttpResponse:
        try:
            feed = _feed(request, ref)
            with scope(organisation=feed.organisation):
                if request.method not in ("GET", "HEAD"):
                    raise Problem("405.495")
                response = view(request, feed, **arguments)
        except Problem as problem:
            response = told(problem)
        except OperationalError:
            log.exception("a feed was told to come again later")
            response = told(Problem("503.498"))
        response["OData-Version"] = "4.0"
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return answered


def told(problem: Problem) -> HttpResponse:
    """Tell a problem as OData does."""
    error: dict[str, Any] = {"code": problem.number, "message": f"{problem.sentence} {problem.next_step}"}
    response = HttpResponse(json.dumps({"error": error}), status=problem.status, content_type="application/json")
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Basic realm="Lygte", charset="UTF-8"'
    return response


def _feed(request: HttpRequest, ref: str) -> Feed:
    """Return the feed whose key is given, if it is one of this form and who made it may still make feeds."""
    token = _token(request.META.get("HTTP_AUTHORIZATION", ""))
    with scopes_disabled():
        feed = (
            Feed.objects.filter(
                token_hash=hash_of(token),
                revoked_at=None,
                form__ref=ref,
                member__active=True,
                member__user__is_active=True,
            )
            .select_related("form__organisation", "member__organisation", "organisation")
            .first()
        )
    if not token or feed is None or not may(feed.member, Verb.SUBMISSION_FEED):
        raise Problem("401.491")
    return feed


def _token(header: str) -> str:
    scheme, _space, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _shape(form: Form) -> tuple[Schema, list[EntitySet]]:
    schema = schema_of(form)
    return schema, entity_sets(schema)


def _base(request: HttpRequest, feed: Feed) -> str:
    return request.build_absolute_uri(reverse("exports:service", args=[feed.form.ref]))


def _json(content: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False).encode(), content_type=JSON)


@feed_view
def service(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Return the list of tables."""
    asking.require_known(request.GET, asking.FOR_METADATA)
    asking.require_json(request.GET)
    _schema, sets = _shape(feed.form)
    tables = [{"name": one.name, "kind": "EntitySet", "url": one.name} for one in sets]
    return _json({"@odata.context": f"{_base(request, feed)}/$metadata", "value": tables})


@feed_view
def metadata(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Return the shape of the tables: XML, or JSON where it is asked for."""
    asking.require_known(request.GET, asking.FOR_METADATA)
    _schema, sets = _shape(feed.form)
    if _wants_json(request):
        return HttpResponse(json.dumps(as_json(sets), ensure_ascii=False), content_type="application/json")
    return HttpResponse(as_xml(sets), content_type="application/xml; charset=utf-8")


def _wants_json(request: HttpRequest) -> bool:
    """An explicit $format wins; a list of kinds that names XML too, as Excel sends it, means XML."""
    if "$format" in request.GET:
        kind = request.GET["$format"].split(";")[0]
        if kind not in ("json", "xml", "application/json", "application/xml"):
            raise Problem("501.494", what=f"$format={kind[:60]}")
        return kind.endswith("json")
    accepted = request.META.get("HTTP_ACCEPT", "")
    return "application/json" in accepted and "xml" not in accepted and "*/*" not in accepted


@feed_view
def resource(request: HttpRequest, feed: Feed, rest: str) -> HttpResponse:
    """Return a table, how many rows it has, one row, or the rows of a repeat in one row."""
    asked = RESOURCE.match(rest)
    schema, sets = _shape(feed.form)
    here = next((one for one in sets if asked and one.name == asked["set"]), None)
    if asked is None or here is None:
        raise Problem("404.490")
    table = Table(feed.form, schema, sets, here)
    if asked["key"] is not None:
        return _of_a_row(request, feed, table, asked["key"].replace("''", "'"), asked["more"] or "")
    if asked["more"] == "$count":
        return _count(request, feed, table)
    if asked["more"]:
        raise Problem("404.490")
    return _table(request, feed, table)


def _salt(feed: Feed, table: Table) -> str:
    return f"feed {feed.ref} {table.set.name}"


def _check_select(query: Query, table: Table) -> None:
    for name in query.select - set(table.set.links):
        if not narrowed(table.set.top, {name}).below:
            raise asking.misread(f"$select={name}")


def _begin(feed: Feed, table: str) -> None:
    begin_reading(member=feed.member, feed=feed, table=table)


def _table(request: HttpRequest, feed: Feed, table: Table) -> HttpResponse:
    salt = _salt(feed, table)
    query = query_of(request.GET, asking.FOR_TABLES, salt=salt, at_root=table.set.table == 0)
    _check_select(query, table)
    if query.token is None:  # the pages after the first carry a mark of ours: they belong to the same line
        _begin(feed, table.set.name)
    try:
        page = table.page(query, _page_size(request))
    except TooMany:
        raise Problem("501.494", what=f"$count > {COUNTED:,}") from None
    base = _base(request, feed)
    content: dict[str, Any] = {"@odata.context": f"{base}/$metadata#{table.set.name}"}
    if page.count is not None:
        content["@odata.count"] = page.count
    content["value"] = page.rows
    if page.next is not None:
        mark = sealed(page.next, request.GET, salt)
        content["@odata.nextLink"] = (
            f"{base}/{table.set.name}?{urlencode({**kept_of(request.GET), '$skiptoken': mark})}"
        )
    return _json(content)


def _page_size(request: HttpRequest) -> int:
    wished = PAGE_SIZE.search(request.META.get("HTTP_PREFER", ""))
    return max(1, min(PAGE, int(wished[1]))) if wished else PAGE


def _count(request: HttpRequest, feed: Feed, table: Table) -> HttpResponse:
    query = query_of(request.GET, asking.FOR_A_COUNT, salt="", at_root=table.set.table == 0)
    _begin(feed, f"{table.set.name}/$count")
    found = choosing.chosen(feed.form, Choice(), choosing.now(feed.form)).filter(query.condition)
    try:
        return HttpResponse(str(table.count(found)), content_type="text/plain; charset=utf-8")
    except TooMany:
        raise Problem("501.494", what=f"$count > {COUNTED:,}") from None


def _of_a_row(request: HttpRequest, feed: Feed, table: Table, key: str, link: str) -> HttpResponse:
    query = query_of(request.GET, asking.FOR_A_ROW, salt="", at_root=table.set.table == 0)
    found = one_row(table, key)
    if found is None or (link and link not in table.set.links):
        raise Problem("404.490")
    one, row = found
    context = f"{_base(request, feed)}/$metadata#{table.set.name}"
    _begin(feed, table.set.name)
    if not link:
        _check_select(query, table)
        top = narrowed(table.set.top, query.select) if query.select else table.set.top
        return _json({"@odata.context": f"{context}/$entity", **table.told(one, row, top, query)})
    to = table.set.links[link]
    below = Table(table.form, table.schema, table.sets, table.sets[to])
    _check_select(query, below)
    top = narrowed(below.set.top, query.select) if query.select else below.set.top
    rows = [below.told(one, child, top, query) for child in row.below if child.table == to]
    return _json({"@odata.context": f"{_base(request, feed)}/$metadata#{below.set.name}", "value": rows})
