"""A zip with one file for each table. The root table leaves at once; those of repeats wait on disk until it is through,
since a zip has one member after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import IO, Any, Protocol

from ..reading import Filled
from ..rows import Row, every_row
from ..schema import Column, Schema
from .sink import Package, waiting_room

About = Mapping[str, bytes]


class TableFile(Protocol):
    """One table on its way into a file."""

    def write(self, row: Row, one: Filled) -> None: ...

    def let_go(self) -> None: ...


def table_files(
    schema: Schema,
    filled: Iterator[Filled],
    about: About,
    *,
    suffix: str,
    table: Callable[[Sequence[Column], IO[Any]], TableFile],
    packed: bool = True,
) -> Iterator[bytes]:
    """Write rows to their tables' files as they come, and what is told about them last."""
    package = Package()
    with ExitStack() as stack:
        rooms = [stack.enter_context(waiting_room()) for _repeat in schema.tables[1:]]
        with package.open(f"{schema.tables[0].name}.{suffix}", packed=packed) as root:
            files = [table(one.everything, file) for one, file in zip(schema.tables, [root, *rooms], strict=True)]
            for one in filled:
                for row in every_row(one.row):
                    files[row.table].write(row, one)
                yield from package.drain()
            for file in files:
                file.let_go()
        for repeat, room in zip(schema.tables[1:], rooms, strict=True):
            yield from package.copy(f"{repeat.name}.{suffix}", room, packed=packed)
    for name, content in about.items():
        yield from package.put(name, content)
    yield from package.close()
