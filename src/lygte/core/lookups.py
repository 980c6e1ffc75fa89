"""Look-ups whose SQL is written once: most of what a filled form costs was Django putting the same queries together.

Only the values change from one call to the next. The rows are built by Django itself, as for any other query.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django_scopes import get_scope, scopes_disabled
from django_scopes.exceptions import ScopeError

Row = TypeVar("Row", bound=Model)
Value = Any


@dataclass(frozen=True)
class _Statement:
    compiler: Any
    sql: str
    constants: tuple[Value, ...]
    places: dict[int, tuple[str, bool]]
    """Which parameter is which value, and whether the database wants it as text."""


class Lookup(Generic[Row]):
    """A query that is asked again and again, over values that are named.

    `make(**values)` returns the queryset; `samples` gives two values of the right type for each name, both unlike any
    constant in the query. A queryset that leaves the organisation open would open every organisation: so a row of another
    organisation than the one in scope is never returned, one that does not say whose it is ends in a TypeError, and
    outside any scope nothing is asked (ScopeError).

    Example:
        PLACE = Lookup(lambda **v: Place.objects.filter(**v), organisation_id=(-1, -2), short_code=("a?", "b?"))
        PLACE.one(organisation_id=3, short_code="K7Q")
    """

    def __init__(self, make: Callable[..., QuerySet[Row]], **samples: tuple[Value, Value]) -> None:
        self._make = make
        self._samples = samples
        self._statements: dict[str, _Statement] = {}

    def one(self, **values: Value) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(**values)), None)

    def rows(self, **values: Value) -> list[Row]:
        """Return every row. Raises TypeError for other names than those of the samples."""
        if values.keys() != self._samples.keys():
            raise TypeError(f"a look-up over {sorted(self._samples)} was asked with {sorted(values)}")
        organisation = _organisation_in_scope()
        found = list(self._asked(values))
        if organisation is None:
            return found
        return [row for row in found if _owner(row) == organisation]

    def _asked(self, values: dict[str, Value]) -> Iterator[Row]:
        statement = self._statement()
        parameters = list(statement.constants)
        for position, (name, as_text) in statement.places.items():
            parameters[position] = str(values[name]) if as_text else values[name]
        compiler = copy.copy(statement.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: (statement.sql, tuple(parameters))
        # Django builds the rows of a queryset out of these three.
        queryset = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _known_related_objects={},
        )
        return iter(ModelIterable(queryset))  # type: ignore[arg-type]

    def _statement(self) -> _Statement:
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        if vendor not in self._statements:
            self._statements[vendor] = self._written()
        return self._statements[vendor]

    def _written(self) -> _Statement:
        first = {name: pair[0] for name, pair in self._samples.items()}
        compiler, sql, constants = _compiled(self._make, first)
        places = {}
        for name, (sample, other) in self._samples.items():
            changed = _compiled(self._make, {**first, name: other})
            if changed[1] != sql:
                raise TypeError(f"the SQL of a look-up changes with {name}")
            moved = [at for at, (was, now) in enumerate(zip(constants, changed[2], strict=True)) if was != now]
            if not moved:
                raise TypeError(f"{name} is no value of this look-up")
            places.update({at: (name, isinstance(constants[at], str) and not isinstance(sample, str)) for at in moved})
        return _Statement(compiler, sql, constants, places)


def _compiled(make: Callable[..., QuerySet[Any]], values: dict[str, Value]) -> tuple[Any, str, tuple[Value, ...]]:
    with scopes_disabled():
        queryset = make(**values)
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, constants = compiler.as_sql()
    return compiler, sql, tuple(constants)


def _owner(row: Model) -> int:
    """Return whose row this is, out of what was fetched: asking again would cost what the look-up saved."""
    if "organisation_id" not in row.__dict__:
        raise TypeError(f"a look-up of {type(row).__name__} has to fetch the organisation")
    return int(row.__dict__["organisation_id"])


def _organisation_in_scope() -> int | None:
    """Return the organisation whose rows may be seen, or None where somebody said that all may."""
    scope = get_scope()
    if not scope.get("_enabled", True):
        return None
    if scope.get("organisation") is None:
        raise ScopeError("A scope on dimension(s) organisation needs to be active for this query.")
    return int(scope["organisation"].pk)
