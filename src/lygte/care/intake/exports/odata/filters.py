"""$filter and $orderby on what Lygte knows of a filled form: comparisons, and/or/not, and the parts of a moment.

Answers themselves are not searched: they lie in the forms as sent, and a feed that did would read all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, CharField, DateTimeField, F, IntegerField, Q, Value, When
from django.db.models import lookups as compare
from django.db.models.functions import (
    ExtractDay,
    ExtractHour,
    ExtractMinute,
    ExtractMonth,
    ExtractSecond,
    ExtractYear,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from lygte.core.problems import Problem

LONGEST, DEEPEST = 2_000, 30
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d{1,18}(?![\d.]))"
    r"|(?P<word>[\w$]+(?:/[\w$]+)*)"
    r"|(?P<sign>[(),]))",
)
Expression = Any


def _review() -> Expression:
    """The state of review in the words that clients of ODK know; what nobody has reviewed has none."""
    return Case(
        When(review="received", then=Value(None)),
        When(review="has_issues", then=Value("hasIssues")),
        default=F("review"),
        output_field=CharField(),
    )


def _updated() -> Expression:
    return Case(When(replaces__isnull=False, then=F("received_at")), output_field=DateTimeField())


# What can be asked for, by its path below __system: its kind, and where it stands.
FIELDS: dict[str, tuple[str, Callable[[], Expression]]] = {
    "submissionDate": ("moment", lambda: F("received_at")),
    "updatedAt": ("moment", _updated),
    "deletedAt": ("moment", lambda: Value(None, output_field=DateTimeField())),
    "submitterId": ("text", lambda: F("member__ref")),
    "reviewState": ("text", _review),
}
EMPTY = {"deletedAt"}  # never has a value here, and PostgreSQL orders by no constant
PARTS = {
    "year": ExtractYear,
    "month": ExtractMonth,
    "day": ExtractDay,
    "hour": ExtractHour,
    "minute": ExtractMinute,
    "second": ExtractSecond,
}
COMPARE = {
    "eq": compare.Exact,
    "gt": compare.GreaterThan,
    "ge": compare.GreaterThanOrEqual,
    "lt": compare.LessThan,
    "le": compare.LessThanOrEqual,
}


@dataclass(frozen=True)
class Operand:
    """One side of a comparison: its kind, and the expression; `asks` where it depends on the filled form."""

    kind: str  # moment, text, number, nothing
    expression: Expression
    asks: bool


def misread(what: str) -> Problem:
    return Problem("400.493", what=what[:200])


def filter_of(text: str, *, at_root: bool) -> Q:
    """Return a $filter as a condition on filled forms. In a repeat's table the fields are those of `$root`."""
    if len(text) > LONGEST:
        raise misread(_("the filter is longer than %(count)s characters") % {"count": LONGEST})
    return _Reader(text, at_root).whole()


class _Reader:
    """Reads a filter from left to right."""

    def __init__(self, text: str, at_root: bool) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.deep = 0
        self.prefix = "__system/" if at_root else "$root/Submissions/__system/"

    def whole(self) -> Q:
        found = self._or()
        if self.at < len(self.tokens):
            raise misread(self.tokens[self.at][1])
        return found

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", _("it ends too early"))

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        self.at += 1
        return found

    def _is(self, word: str) -> bool:
        if self._peek()[1] == word and self._peek()[0] in ("word", "sign"):
            self.at += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._is(word):
            raise misread(self._peek()[1])

    def _or(self) -> Q:
        found = self._and()
        while self._is("or"):
            found = found | self._and()
        return found

    def _and(self) -> Q:
        found = self._one()
        while self._is("and"):
            found = found & self._one()
        return found

    def _one(self) -> Q:
        self.deep += 1
        if self.deep > DEEPEST:
            raise misread(_("the filter is too deep"))
        try:
            if self._is("not"):
                return ~self._one()
            if self._is("("):
                found = self._or()
                self._need(")")
                return found
            return self._comparison()
        finally:
            self.deep -= 1

    def _comparison(self) -> Q:
        left = self._operand()
        kind, sign = self._next()
        if kind != "word" or sign not in (*COMPARE, "ne"):
            raise misread(sign)
        right = self._operand()
        if not (left.asks or right.asks):
            raise Problem("501.494", what=_("a comparison that asks nothing of the filled form"))
        if "nothing" in (left.kind, right.kind):
            return self._with_nothing(left if right.kind == "nothing" else right, sign)
        if left.kind != right.kind:
            raise misread(_("two sides of different kinds"))
        if sign == "ne":
            return ~Q(compare.Exact(left.expression, right.expression))
        return Q(COMPARE[sign](left.expression, right.expression))

    def _with_nothing(self, other: Operand, sign: str) -> Q:
        if sign not in ("eq", "ne"):
            raise misread(f"{sign} null")
        return Q(compare.IsNull(other.expression, sign == "eq"))

    def _operand(self) -> Operand:
        kind, text = self._next()
        if kind == "text":
            return Operand("text", Value(text[1:-1].replace("''", "'"), output_field=CharField()), False)
        if kind == "moment":
            return Operand("moment", Value(_moment(text), output_field=DateTimeField()), False)
        if kind == "number":
            return Operand("number", Value(int(text), output_field=IntegerField()), False)
        if kind != "word":
            raise misread(text)
        if text == "null":
            return Operand("nothing", None, False)
        return self._call(text) if self._peek()[1] == "(" else self._field(text)

    def _call(self, name: str) -> Operand:
        self._need("(")
        if name == "now":
            self._need(")")
            return Operand("moment", Value(timezone.now(), output_field=DateTimeField()), False)
        if name not in PARTS:
            raise Problem("501.494", what=f"{name}()")
        inner = self._operand()
        self._need(")")
        if inner.kind != "moment":
            raise misread(f"{name}()")
        return Operand("number", PARTS[name](inner.expression, tzinfo=UTC), inner.asks)

    def _field(self, path: str) -> Operand:
        kind, expression = field_of(path, self.prefix)
        return Operand(kind, expression, True)


def field_of(path: str, prefix: str = "__system/") -> tuple[str, Expression]:
    """Return kind and expression of a field, or raise Problem 501.494 where it cannot be asked for."""
    name = path.removeprefix(prefix)
    if name == path or name not in FIELDS:
        raise Problem("501.494", what=path[:200])
    kind, make = FIELDS[name]
    return kind, make()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise misread(text[at : at + 40].strip())
        found.append((str(token.lastgroup), str(token[token.lastgroup or 0])))
        at = token.end()
    return found


def _moment(text: str) -> datetime:
    """Return a moment; one that names no zone is in UTC, as everything that a feed tells."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise misread(text) from None


Order = tuple[str, bool]  # path below __system, and whether it runs backwards


def order_of(text: str) -> list[Order]:
    """Return an $orderby as fields and directions."""
    found = []
    for part in text.split(","):
        path, _space, way = part.strip().partition(" ")
        field_of(path)
        if way.strip() not in ("", "asc", "desc"):
            raise misread(part)
        found.append((path.removeprefix("__system/"), way.strip() == "desc"))
    return found
