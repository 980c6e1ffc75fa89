"""One page of a table: found by key, bounded in rows and in bytes, however large the form and wherever the page lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from ...models import Form, Submission
from .. import choosing
from ..choosing import Choice, Moment
from ..reading import Filled, filled_forms, load
from ..rows import Row, every_row
from ..schema import Kind, Schema
from ..values import typed_of
from .filters import EMPTY, FIELDS
from .names import UPDATED, EntitySet, Property, narrowed
from .query import Query

PAGE = 1_000  # rows
MOST_BYTES = 6_000_000  # of XML behind one page
SCANNED = 5_000  # filled forms looked through for one page of a repeat
COUNTED = 20_000  # filled forms looked through to count the rows of a repeat


@dataclass
class Page:
    """Rows as OData tells them, how many there are in all where asked, and where the next page begins."""

    rows: list[dict[str, Any]]
    next: dict[str, Any] | None = None
    count: int | None = None


class TooMany(Exception):
    """More than can be counted by looking."""


@dataclass
class Table:
    """One entity set with all it takes to read it."""

    form: Form
    schema: Schema
    sets: list[EntitySet]
    set: EntitySet

    def page(self, query: Query, size: int = PAGE) -> Page:
        """Return the page that was asked for."""
        state = query.token or {"top": query.top, "skip": query.skip}
        moment = _moment_in(state) or choosing.now(self.form)
        found = choosing.chosen(self.form, Choice(), moment).filter(query.condition)
        count = self.count(found) if query.count and query.token is None else None
        read = self._root_page if self.set.table == 0 else self._repeat_page
        want = size if state["top"] is None else min(size, state["top"])
        if want == 0:
            return Page([], None, count)
        page = read(found, query, state, want)
        page.count = count
        left = None if state["top"] is None else state["top"] - len(page.rows)
        if page.next is not None and left != 0:
            page.next = {"skip": 0, **page.next, "top": left, "at": [moment.at.isoformat(), moment.last]}
        else:
            page.next = None
        return page

    def count(self, found: QuerySet[Submission]) -> int:
        if self.set.table == 0:
            return found.count()
        if found.count() > COUNTED:
            raise TooMany
        filled = filled_forms(self.form.organisation, found, self.schema)
        return sum(len(self._rows_in(one)) for one in filled)

    def _rows_in(self, one: Filled) -> list[Row]:
        return [row for row in every_row(one.row) if row.table == self.set.table]

    def _root_page(self, found: QuerySet[Submission], query: Query, state: dict[str, Any], want: int) -> Page:
        order = _Order(query)
        ordered = order.after(found, state).annotate(size=Length("xml"))
        heads = list(ordered.values_list("pk", "size", "received_at")[state["skip"] : state["skip"] + want + 1])
        taken, size = 0, 0
        for _pk, more, _at in heads[:want]:
            if taken and size + more > MOST_BYTES:
                break
            taken, size = taken + 1, size + more
        filled = load(self.form.organisation, [pk for pk, _size, _at in heads[:taken]], self.schema)
        top = narrowed(self.set.top, query.select) if query.select else self.set.top
        rows = [self.told(one, one.row, top, query) for one in filled]
        return Page(rows, order.mark(heads[taken - 1], state, taken) if len(heads) > taken else None)

    def _repeat_page(self, found: QuerySet[Submission], query: Query, state: dict[str, Any], want: int) -> Page:
        """Look through filled forms for rows; a page may hold few or none and still lead on."""
        top = narrowed(self.set.top, query.select) if query.select else self.set.top
        rows, scanned, skip = list[dict[str, Any]](), 0, int(state["skip"])
        begin, inside = int(state.get("pk", 0)), int(state.get("row", 0))
        last = begin
        for one in filled_forms(self.form.organisation, found.filter(pk__gte=begin), self.schema):
            here = self._rows_in(one)
            start = inside if one.pk == begin else 0
            for place in range(start, len(here)):
                if skip:
                    skip -= 1
                    continue
                if len(rows) == want:
                    return Page(rows, {"pk": one.pk, "row": place, "skip": 0})
                rows.append(self.told(one, here[place], top, query))
            scanned, last = scanned + 1, one.pk
            if scanned == SCANNED:
                return Page(rows, {"pk": last + 1, "row": 0, "skip": skip})
        return Page(rows)

    def told(self, one: Filled, row: Row, top: Property, query: Query, *, at: int | None = None) -> dict[str, Any]:
        """Return a row as OData tells it, with the rows below it where they were asked for, else with links to them."""
        here = self.sets[row.table]
        cells = typed_of(self.schema.tables[row.table].everything, row, one.system_of(row))
        made = _values(top, cells, one)
        for link, to in here.links.items():
            if query.expand:
                below = [child for child in row.below if child.table == to]
                made[link] = [self.told(one, child, self.sets[to].top, query) for child in below]
            else:
                key = quote(row.key.replace("'", "''"), safe="'")
                made[f"{link}@odata.navigationLink"] = f"{here.name}('{key}')/{link}"
        return made


def _values(top: Property, cells: list[Any], one: Filled) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in top.below:
        if part.below:
            made[part.name] = _values(part, cells, one)
        elif part.column == UPDATED:
            made[part.name] = one.received_at if one.system["__edits"] != "0" else None
        else:
            assert part.column is not None
            made[part.name] = _told_value(cells[part.column], part)
    return made


def _told_value(value: Any, part: Property) -> Any:
    if part.name == "reviewState":
        return {"received": None, "has_issues": "hasIssues"}.get(value, value)
    if value is not None and part.kind in (Kind.DATE, Kind.MOMENT):
        return value.isoformat()
    return value


def _moment_in(state: dict[str, Any]) -> Moment | None:
    return Moment(datetime.fromisoformat(state["at"][0]), state["at"][1]) if "at" in state else None


class _Order:
    """The order of the root table, and how the next page finds its beginning: by key, or by counting where it must."""

    def __init__(self, query: Query) -> None:
        self.fields = query.order
        self.by_day = [name for name, _back in self.fields] == ["submissionDate"]
        self.back = bool(self.fields) and self.fields[0][1]

    def after(self, found: QuerySet[Submission], state: dict[str, Any]) -> QuerySet[Submission]:
        if not self.fields:
            return found.filter(pk__gt=state.get("pk", 0)).order_by("pk")
        if self.by_day:
            return self._after_day(found, state)
        return found.order_by(*[_ordering(name, back) for name, back in self.fields if name not in EMPTY], "pk")

    def _after_day(self, found: QuerySet[Submission], state: dict[str, Any]) -> QuerySet[Submission]:
        if "day" in state:
            day, pk = datetime.fromisoformat(state["day"]), state["pk"]
            beyond, same = ("lt", "lt") if self.back else ("gt", "gt")
            found = found.filter(
                Q(**{f"received_at__{beyond}": day}) | Q(received_at=day, **{f"pk__{same}": pk}),
                **{f"received_at__{beyond}e": day},
            )
        return found.order_by("-received_at", "-pk") if self.back else found.order_by("received_at", "pk")

    def mark(self, head: tuple[int, int, datetime], state: dict[str, Any], taken: int) -> dict[str, Any]:
        if not self.fields:
            return {"pk": head[0]}
        if self.by_day:
            return {"day": head[2].isoformat(), "pk": head[0]}
        return {"skip": state["skip"] + taken}


def _ordering(name: str, back: bool) -> Any:
    """Return an order in which what has no value comes first, or last backwards, on both databases."""
    _kind, make = FIELDS[name]
    expression = make()
    return expression.desc(nulls_last=True) if back else expression.asc(nulls_first=True)


def one_row(table: Table, key: str) -> tuple[Filled, Row] | None:
    """Return the row of this key, with the filled form around it. Keys name the first form of a chain of edits."""
    standing = Submission.objects.filter(form=table.form, ref=key.split("/", 1)[0]).first()
    while standing is not None and standing.replaced_by_id is not None:
        standing = standing.replaced_by
    if standing is None or not choosing.chosen(table.form, Choice(), choosing.now(table.form)).filter(pk=standing.pk):
        return None
    filled: Iterator[Filled] = load(table.form.organisation, [standing.pk], table.schema)
    for one in filled:
        for row in every_row(one.row):
            if row.key == key and row.table == table.set.table:
                return one, row
    return None
