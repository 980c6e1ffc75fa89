"""Overlap tables of several strata (sex, age band, region, year) side by side, and what is known of each stratum."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from darkfigure.engine import Floats, Ints
from darkfigure.errors import OptionError, TableError
from darkfigure.reading import _added_up, _binary, _count_column, _records_of, _rows_of_csv, _text_of, read_count
from darkfigure.table import OverlapTable, superset_sums

if TYPE_CHECKING:
    import pandas as pd

STRATUM = "stratum"
"""The name under which an effect varies freely from stratum to stratum."""

Value = str | float


@dataclass(frozen=True, eq=False)
class StratifiedTable:
    """Counts of people by stratum and capture history.

    Unlike an OverlapTable a single stratum may have empty lists: what it lacks can be borrowed from the others.

    Args:
        tables: counts by stratum: name to OverlapTable, or to 2^k counts with ``lists`` given.
        lists: names of the lists, needed where ``tables`` holds plain counts.
        attributes: for each attribute its value in every stratum, in the order of ``tables``. Words make a factor
            with one level per word, numbers a line (the effect moves in proportion to the number).

    Raises:
        TableError: 207 for a stratum without people, 210 for a list that is empty everywhere, 215 for different lists,
            216 for censored cells. OptionError: 403 for attributes that do not fit.

    Example:
        >>> men, women = OverlapTable([0, 4, 3, 6], "AB"), OverlapTable([0, 9, 2, 2], "AB")
        >>> StratifiedTable({"men": men, "women": women})
        StratifiedTable: 26 people on 2 lists (A 21, B 13) in 2 strata (men 13, women 13)
    """

    counts: Ints
    lists: tuple[str, ...]
    names: tuple[str, ...]
    attributes: dict[str, tuple[Value, ...]]

    def __init__(
        self,
        tables: Mapping[str, OverlapTable | Sequence[int] | Ints],
        lists: Iterable[str] | None = None,
        attributes: Mapping[str, Sequence[Value]] | None = None,
    ) -> None:
        if not tables:
            raise OptionError(403, option="tables", value=0, need="one stratum or more")
        rows = [_counts_of(table, lists) for table in tables.values()]
        labels = {row[1] for row in rows}
        if len(labels) != 1:
            raise TableError(215, lists=" / ".join(", ".join(names) for names in sorted(labels)))
        counts = np.array([row[0] for row in rows], dtype=np.int64)
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "lists", rows[0][1])
        object.__setattr__(self, "names", tuple(str(name) for name in tables))
        object.__setattr__(self, "attributes", _checked_attributes(attributes or {}, len(rows)))
        if (counts.sum(axis=1) == 0).any() or (counts < 0).any():
            raise TableError(207 if (counts >= 0).all() else 201, row=0, value=int(counts.min()))
        self.merged()

    @property
    def k(self) -> int:
        """Number of lists."""
        return len(self.lists)

    @property
    def n(self) -> int:
        """People seen at least once, all strata together."""
        return int(self.counts.sum())

    @property
    def sizes(self) -> Ints:
        """People seen in each stratum; shape (strata,)."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def overlaps(self) -> Ints:
        """For every stratum and set of lists, the people on all of them; shape (strata, 2^k)."""
        return np.array([superset_sums(row, self.k) for row in self.counts])

    def __len__(self) -> int:
        return len(self.names)

    def table(self, name: str) -> OverlapTable:
        """The overlap table of one stratum.

        Args:
            name: of the stratum.

        Returns:
            Its overlap table.

        Raises:
            OptionError: 403 for an unknown stratum. TableError: 210 when a list is empty there.

        Source: own bookkeeping.

        Example:
            >>> StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1]}, "AB").table("a").n
            13
        """
        if name not in self.names:
            raise OptionError(403, option="stratum", value=name, need=f"one of {', '.join(self.names)}")
        return OverlapTable(self.counts[self.names.index(name)], self.lists)

    def merged(self) -> OverlapTable:
        """All strata added up.

        Returns:
            One table, counts of people added up.

        Raises: nothing.

        Source: own bookkeeping.

        Example:
            >>> StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1]}, "AB").merged().n
            16
        """
        return OverlapTable(self.counts.sum(axis=0), self.lists)

    def merge_strata(self, into: Callable[[str], str] | Mapping[str, str]) -> StratifiedTable:
        """Put strata together; attributes on which merged strata differ are dropped.

        Args:
            into: new name of each stratum, as a function or as a mapping of those that change.

        Returns:
            A table of the merged strata.

        Raises: nothing of its own.

        Source: own bookkeeping.

        Example:
            >>> three = StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1], "c": [0, 2, 2, 2]}, "AB")
            >>> three.merge_strata({"b": "rest", "c": "rest"}).names
            ('a', 'rest')
        """
        new = [into(name) if callable(into) else into.get(name, name) for name in self.names]
        return self._grouped(new)

    def collapse_to(self, *attributes: str) -> StratifiedTable:
        """Merge the strata that share the values of these attributes.

        Returns:
            A table of the strata that these attributes tell apart.

        Raises:
            OptionError: 403 for an unknown attribute.

        Source: own bookkeeping.

        Example:
            >>> tables = {"f1": [0, 4, 3, 6], "f2": [0, 1, 1, 1], "m1": [0, 2, 2, 2]}
            >>> StratifiedTable(tables, "AB", {"sex": ["f", "f", "m"]}).collapse_to("sex").names
            ('f', 'm')
        """
        for name in attributes:
            self.columns((name,))
        values = zip(*(self.attributes[name] for name in attributes), strict=True)
        return self._grouped([", ".join(map(str, row)) for row in values])

    def _grouped(self, new: Sequence[str]) -> StratifiedTable:
        order = list(dict.fromkeys(new))
        counts = {
            name: self.counts[[at for at, label in enumerate(new) if label == name]].sum(axis=0) for name in order
        }
        kept: dict[str, list[Value]] = {}
        for attribute, values in self.attributes.items():
            found = [{value for value, label in zip(values, new, strict=True) if label == name} for name in order]
            if all(len(one) == 1 for one in found):
                kept[attribute] = [next(iter(one)) for one in found]
        return StratifiedTable(counts, self.lists, kept)

    def columns(self, varies: tuple[str, ...]) -> Floats:
        """How an effect may differ between strata: one row per stratum, one column per parameter.

        Args:
            varies: () for an effect common to all, ("stratum",) for one of its own in every stratum, or names of
                attributes, which add up.

        Returns:
            Columns of shape (strata, number of columns).

        Raises:
            OptionError: 403 for an unknown attribute.

        Source: own bookkeeping.

        Example:
            >>> two = StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1]}, "AB", {"year": [2014, 2016]})
            >>> two.columns(("year",)).tolist()
            [[1.0, -1.0], [1.0, 1.0]]
        """
        if not varies:
            return np.ones((len(self), 1))
        if STRATUM in varies:
            return np.eye(len(self))
        parts: list[Floats] = []
        for name in varies:
            if name not in self.attributes:
                need = f"{STRATUM} or one of {', '.join(self.attributes)}" if self.attributes else STRATUM
                raise OptionError(403, option="varies by", value=name, need=need)
            parts.append(_levels(self.attributes[name], whole=not parts))
        if parts and not _is_factor(self.attributes[varies[0]]):
            parts.insert(0, np.ones((len(self), 1)))
        return np.hstack(parts)

    def to_frame(self) -> pd.DataFrame:
        """One row per stratum and history; needs pandas.

        Returns:
            One row per stratum and history; counts in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> StratifiedTable({"a": [0, 4, 3, 6], "b": [0, 1, 1, 1]}, "AB").to_frame().shape
            (6, 4)
        """
        from darkfigure.frames import frame_of

        rows = []
        for at, name in enumerate(self.names):
            known = {attribute: values[at] for attribute, values in self.attributes.items()}
            for mask in range(1, 1 << self.k):
                members = {label: mask >> j & 1 for j, label in enumerate(self.lists)}
                rows.append({STRATUM: name, **known, **members, "count": int(self.counts[at, mask])})
        return frame_of(rows)

    def __repr__(self) -> str:
        merged = self.merged()
        lists = ", ".join(f"{name} {size}" for name, size in zip(self.lists, merged.list_sizes, strict=True))
        strata = ", ".join(f"{name} {size}" for name, size in zip(self.names, self.sizes, strict=True))
        return f"StratifiedTable: {self.n} people on {self.k} lists ({lists}) in {len(self)} strata ({strata})"


def _counts_of(table: object, lists: Iterable[str] | None) -> tuple[Ints, tuple[str, ...]]:
    if isinstance(table, OverlapTable):
        if table.is_censored:
            raise TableError(216)
        return table.counts, table.lists
    names = tuple(lists) if lists is not None else ()
    values = np.asarray(table)
    if values.shape != (1 << len(names),):
        raise TableError(212, shape=values.shape)
    if values[0] != 0:
        raise TableError(206, row=0)
    return values.astype(np.int64), names


def _checked_attributes(attributes: Mapping[str, Sequence[Value]], strata: int) -> dict[str, tuple[Value, ...]]:
    for name, values in attributes.items():
        if name == STRATUM or len(values) != strata:
            raise OptionError(
                403, option=f"attribute {name}", value=len(values), need=f"{strata} values, one a stratum"
            )
    return {name: tuple(values) for name, values in attributes.items()}


def _is_factor(values: Sequence[Value]) -> bool:
    return any(isinstance(value, str) for value in values)


def _levels(values: Sequence[Value], whole: bool) -> Floats:
    """Columns of one attribute: all levels of a factor when it comes first, all but one after; a centred line else."""
    if _is_factor(values):
        words = sorted({str(value) for value in values})
        return np.array([[float(str(value) == word) for word in words[0 if whole else 1 :]] for value in values])
    line = np.array(values, dtype=np.float64)
    spread = float(line.std())
    centred = line - line.mean()
    return np.asarray(centred / spread if spread > 0 else centred).reshape(-1, 1)


def read_stratified(
    path: str | Path,
    by: Sequence[str],
    count: str | None = None,
    lists: Sequence[str] | None = None,
) -> StratifiedTable:
    """Read overlap tables by one or more columns (sex, age band, region, year).

    Args:
        path, count, lists: as for read_csv. by: columns that tell strata apart; each becomes an attribute. A column
            of numbers becomes a line, one of words a factor.

    Returns:
        A table of strata.

    Raises:
        TableError: 101 to 105, 201 to 216; 207 for a stratum without people.

    Source: own bookkeeping.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "t.csv"
        >>> _ = file.write_text("A,B,sex,count\\n1,0,f,4\\n1,1,f,2\\n0,1,f,3\\n1,0,m,5\\n0,1,m,1\\n1,1,m,1\\n")
        >>> read_stratified(file, ["sex"]).names
        ('f', 'm')
    """
    header, rows = _rows_of_csv(_text_of(path), str(path))
    counted = _count_column(header, count)
    chosen = list(lists) if lists is not None else [name for name in header if name != counted and name not in by]
    for name in (*by, *chosen):
        if name not in header:
            raise TableError(105, column=name, columns=", ".join(header))
    where = [header.index(name) for name in (*chosen, counted)]
    groups: dict[tuple[str, ...], list[tuple[int, list[Any]]]] = {}
    for number, row in rows:
        key = tuple(row[header.index(name)].strip() for name in by)
        groups.setdefault(key, []).append((number, [row[at] for at in where]))
    tables: dict[tuple[Hashable, ...], Ints] = {}
    for key, group in groups.items():
        counts = np.zeros(1 << len(chosen), dtype=np.int64)
        for number, row in _added_up([*chosen, counted], group, counted):
            low, high = read_count(number, row[-1])
            if low != high:
                raise TableError(216)
            mask = sum(_binary(number, name, _digit(cell)) << j for j, (name, cell) in enumerate(zip(chosen, row)))  # noqa: B905
            if mask == 0:
                raise TableError(206, row=number)
            counts[mask] = low
        tables[key] = counts
    return _from_groups(tables, by, chosen)


def _digit(cell: str) -> object:
    text = cell.strip()
    return int(text) if text in ("0", "1") else text


def stratify_records(records: Any, lists: Sequence[str], by: Sequence[str]) -> StratifiedTable:
    """Strata from one row per person, with 0/1 columns of list membership and columns of attributes.

    Args:
        records: a data frame, an Arrow table or an iterable of mappings. lists: membership columns.
        by: attribute columns; people with the same values form a stratum.

    Returns:
        A table of strata.

    Raises:
        TableError: 105, 204, 207, 210.

    Source: own bookkeeping.

    Example:
        >>> people = [{"A": 1, "B": 0, "sex": "f"}, {"A": 1, "B": 1, "sex": "m"}, {"A": 0, "B": 1, "sex": "f"}]
        >>> stratify_records(people, ["A", "B"], ["sex"]).sizes.tolist()
        [2, 1]
    """
    tables: dict[tuple[Hashable, ...], Ints] = {}
    for number, record in enumerate(_records_of(records), start=1):
        for name in (*lists, *by):
            if name not in record:
                raise TableError(105, column=name, columns=", ".join(map(str, record)))
        mask = sum(_binary(number, name, record[name]) << j for j, name in enumerate(lists))
        key = tuple(record[name] for name in by)
        if mask:
            tables.setdefault(key, np.zeros(1 << len(lists), dtype=np.int64))[mask] += 1
    return _from_groups(tables, by, lists)


def _from_groups(
    tables: Mapping[tuple[Hashable, ...], Ints], by: Sequence[str], lists: Sequence[str]
) -> StratifiedTable:
    if not tables:
        raise TableError(207)
    attributes = {name: _as_numbers([key[at] for key in tables]) for at, name in enumerate(by) if name != STRATUM}
    return StratifiedTable({", ".join(map(str, key)): counts for key, counts in tables.items()}, lists, attributes)


def _as_numbers(values: Sequence[object]) -> list[Value]:
    """Numbers where every value is one, else words."""
    try:
        return [float(str(value)) for value in values]
    except ValueError:
        return [str(value) for value in values]
