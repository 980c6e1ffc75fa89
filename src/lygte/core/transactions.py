"""One way to write: a transaction, with writers in line on SQLite.

SQLite lets one connection write at a time and the losers sleep and retry; standing in line inside the process
instead cut the slowest submissions to a fifth when tried with four writers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, cast

from django.db import Error as DatabaseError
from django.db import connection, transaction

_line = threading.RLock()


@contextmanager
def writing() -> Iterator[None]:
    """Open a transaction for writing; nested calls join as savepoints."""
    alone = _line if connection.vendor == "sqlite" else nullcontext()
    with alone, transaction.atomic():
        yield


def broken_off(error: BaseException) -> bool:
    """Tell whether an error comes from a database that went away, also where it shows as something else.

    A connection that dies while it is given back or looked after leaves errors of the driver, or of the code that
    finds no connection where one was: the reason is then in what the error was raised from.
    """
    seen: BaseException | None = error
    drivers = (DatabaseError, cast(Any, connection).Database.Error)
    for _step in range(20):
        if seen is None or isinstance(seen, drivers):
            return seen is not None
        seen = seen.__cause__ or seen.__context__
    return False
