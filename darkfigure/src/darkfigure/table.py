"""The overlap table: how many people have which combination of lists, checked once and then trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkfigure.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

MAX_LISTS = 16
MOST_PEOPLE = 10**10  # more than are alive: a column of something else was read as counts


@dataclass(frozen=True, eq=False)
class OverlapTable:
    """Counts of people by capture history.

    Args:
        counts: 2^k whole numbers; entry s counts the people whose history is the bit mask s (bit j set: on
            list j). Entry 0, the people on no list, is unknown and must be 0.
        lists: the k names of the lists, bit 0 first; 2 <= k <= 16.
        upper: for interval-censored cells, the largest count each cell can have (2^k whole numbers); then
            ``counts`` holds the smallest. None when every count is known.

    Raises:
        TableError: 201, 202, 203, 206, 207, 208, 209, 210, 211, 212, 214.

    Example:
        >>> OverlapTable([0, 40, 30, 6], ["police", "shelter"])
        OverlapTable: 76 people on 2 lists (police 46, shelter 36), 3 histories seen
    """

    counts: NDArray[np.int64]
    lists: tuple[str, ...]
    upper: NDArray[np.int64] | None = field(default=None)

    def __init__(self, counts: ArrayLike, lists: Iterable[str], upper: ArrayLike | None = None) -> None:
        names = _checked_names(lists)
        low = _whole_numbers(counts, len(names))
        high = None if upper is None else _whole_numbers(upper, len(names))
        if high is not None and np.array_equal(low, high):
            high = None
        object.__setattr__(self, "counts", low)
        object.__setattr__(self, "lists", names)
        object.__setattr__(self, "upper", high)
        _check_contents(low, high, names)

    @property
    def k(self) -> int:
        """Number of lists."""
        return len(self.lists)

    @property
    def n(self) -> int:
        """Number of people seen at least once (smallest possible number if cells are censored)."""
        return int(self.counts.sum())

    @property
    def is_censored(self) -> bool:
        """Whether some cell is known only as a range."""
        return self.upper is not None

    @property
    def overlaps(self) -> NDArray[np.int64]:
        """For every set of lists (bit mask), the number of people on all of them; entry 0 is ``n``; shape (2^k,)."""
        return superset_sums(self.counts, self.k)

    @property
    def list_sizes(self) -> NDArray[np.int64]:
        """Number of people on each list; shape (k,)."""
        return self.overlaps[[1 << j for j in range(self.k)]]

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """Number of people seen on exactly i lists, i = 0..k (entry 0 is 0); shape (k+1,)."""
        return np.bincount(list_counts(self.k), weights=self.counts, minlength=self.k + 1).astype(np.int64)

    def index(self, name: str) -> int:
        """Position of a list.

        Args:
            name: of a list.

        Returns:
            Whole number: its bit in the masks, from 0.

        Raises:
            TableError: 213 when there is no such list.

        Source: own bookkeeping.

        Example:
            >>> OverlapTable([0, 4, 3, 6], "AB").index("B")
            1
        """
        if name not in self.lists:
            raise TableError(213, list_name=name, lists=", ".join(self.lists))
        return self.lists.index(name)

    def omit_lists(self, names: Iterable[str]) -> OverlapTable:
        """The table without these lists; people seen only there drop out.

        Args:
            names: of the lists to leave out.

        Returns:
            A table of the other lists.

        Raises:
            TableError: 213 for an unknown list, 217 when fewer than two lists remain.

        Source: Sharifi Far, King, Bird et al. 2021 (why one would).

        Example:
            >>> OverlapTable([0, 4, 3, 6, 5, 0, 0, 1], "ABC").omit_lists("C")
            OverlapTable: 14 people on 2 lists (A 11, B 10), 3 histories seen
        """
        gone = {self.index(name) for name in names}
        kept = [j for j in range(self.k) if j not in gone]
        if len(kept) < 2:
            raise TableError(217)
        return self._regroup([[j] for j in kept], [self.lists[j] for j in kept])

    def merge_lists(self, names: Sequence[str], into: str | None = None) -> OverlapTable:
        """The table in which several lists count as one (on it: on at least one of them).

        Args:
            names: two or more lists; ``into``: the name of the merged list (default: names joined by "+").

        Returns:
            A table with one list less for every name after the first.

        Raises:
            TableError: 213 for an unknown list, 217 when fewer than two lists remain.

        Source: Sharifi Far, King, Bird et al. 2021 (why one would).

        Example:
            >>> OverlapTable([0, 4, 3, 6, 5, 0, 0, 1], "ABC").merge_lists(["A", "B"])
            OverlapTable: 19 people on 2 lists (A+B 14, C 6), 3 histories seen
        """
        merged = [self.index(name) for name in names]
        groups: list[list[int]] = []
        labels: list[str] = []
        for j in range(self.k):
            if j not in merged:
                groups.append([j])
                labels.append(self.lists[j])
            elif j == min(merged):
                groups.append(merged)
                labels.append(into or "+".join(names))
        if len(groups) < 2:
            raise TableError(217)
        return self._regroup(groups, labels)

    def reorder_lists(self, names: Sequence[str]) -> OverlapTable:
        """The same table with the lists in another order.

        Args:
            names: all lists, in the order wanted.

        Returns:
            The same table, its lists in that order.

        Raises:
            TableError: 213 for an unknown list, 211 when a list is named twice.

        Source: own bookkeeping.

        Example:
            >>> OverlapTable([0, 4, 3, 6], "AB").reorder_lists("BA").counts.tolist()
            [0, 3, 4, 6]
        """
        return self._regroup([[self.index(name)] for name in names], list(names))

    def with_counts(self, counts: ArrayLike) -> OverlapTable:
        """The same lists with other counts (checked anew).

        Returns:
            A table of the same lists.

        Raises:
            TableError: 201 to 218, as for the class.

        Source: own bookkeeping.

        Example:
            >>> OverlapTable([0, 4, 3, 6], "AB").with_counts([0, 1, 1, 1]).n
            3
        """
        return OverlapTable(counts, self.lists)

    def to_frame(self) -> pd.DataFrame:
        """The table as a pandas DataFrame: one 0/1 column per list and ``count``; 2^k - 1 rows.

        Returns:
            One row per history; counts in people.

        Raises:
            OptionError: 405 when pandas is missing.

        Source: own bookkeeping.

        Example:
            >>> OverlapTable([0, 4, 3, 6], "AB").to_frame()["count"].tolist()
            [4, 3, 6]
        """
        from darkfigure.frames import frame_of

        masks = np.arange(1, 1 << self.k)
        columns: dict[str, object] = {name: (masks >> j) & 1 for j, name in enumerate(self.lists)}
        columns["count"] = self.counts[1:]
        if self.upper is not None:
            columns["upper"] = self.upper[1:]
        return frame_of(columns)

    def plot(self) -> object:
        """UpSet plot of the overlaps (matplotlib Figure).

        Returns:
            A matplotlib figure.

        Raises:
            OptionError: 405 without matplotlib.

        Source: Lex et al. 2014 (UpSet).

        Example:
            >>> len(OverlapTable([0, 4, 3, 6], "AB").plot().axes)  # type: ignore[attr-defined]
            2
        """
        from darkfigure.plots import plot_overlaps

        return plot_overlaps(self)

    def _regroup(self, groups: Sequence[Sequence[int]], labels: Sequence[str]) -> OverlapTable:
        masks = np.arange(1 << self.k)
        target = np.zeros_like(masks)
        for new, members in enumerate(groups):
            joined = sum(1 << j for j in members)
            target |= ((masks & joined) != 0).astype(masks.dtype) << new
        counts = _summed(self.counts, target, len(groups))
        upper = None if self.upper is None else _summed(self.upper, target, len(groups))
        return OverlapTable(counts, labels, upper)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OverlapTable):
            return NotImplemented
        mine, theirs = self.upper, other.upper
        same_upper = (mine is None) == (theirs is None) and (mine is None or np.array_equal(mine, theirs))  # type: ignore[arg-type]
        return self.lists == other.lists and np.array_equal(self.counts, other.counts) and same_upper

    def __hash__(self) -> int:
        return hash((self.lists, self.counts.tobytes()))

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {size}" for name, size in zip(self.lists, self.list_sizes, strict=True))
        seen = int(np.count_nonzero(self.counts))
        censored = ", some counts are ranges" if self.is_censored else ""
        return f"OverlapTable: {self.n} people on {self.k} lists ({sizes}), {seen} histories seen{censored}"


def superset_sums(values: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """For every mask, the sum over all masks that contain it (zeta transform); shape (2^k,) to (2^k,).

    Example:
        >>> superset_sums(np.array([0, 4, 3, 6]), 2).tolist()
        [13, 10, 9, 6]
    """
    sums = np.array(values, copy=True)
    for j in range(k):
        halves = sums.reshape(-1, 2, 1 << j)
        halves[:, 0, :] += halves[:, 1, :]
    return sums


def list_counts(k: int) -> NDArray[np.int64]:
    """On how many lists each of the 2^k histories is; shape (2^k,).

    Example:
        >>> list_counts(2).tolist()
        [0, 1, 1, 2]
    """
    return np.array([mask.bit_count() for mask in range(1 << k)], dtype=np.int64)


def build_table(
    rows: Iterable[tuple[int, Sequence[object], object]],
    lists: Sequence[str],
    read_count: Callable[[int, object], tuple[int, int]],
) -> OverlapTable:
    """Table from rows of (row number, memberships, count); every complaint names the row.

    Args:
        rows: for each history its row number in the source, k memberships (0 or 1) and a count.
        lists: names of the k lists.
        read_count: turns (row, value) into the smallest and largest possible count.

    Raises:
        TableError: 201 to 211, 214.

    Example:
        >>> build_table([(2, (1, 0), 4), (3, (0, 1), 3)], "AB", lambda row, value: (value, value)).n
        7
    """
    names = _checked_names(lists)
    low = np.zeros(1 << len(names), dtype=np.int64)
    high = np.zeros_like(low)
    first_row: dict[int, int] = {}
    for row, memberships, value in rows:
        mask = sum(_membership(row, names[j], member) << j for j, member in enumerate(memberships))
        if mask == 0:
            raise TableError(206, row=row)
        smallest, largest = read_count(row, value)
        if mask in first_row:
            raise TableError(205, row=row, first=first_row[mask])
        first_row[mask] = row
        low[mask], high[mask] = smallest, largest
    return OverlapTable(low, names, high)


def _membership(row: int, list_name: str, value: object) -> int:
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    text = str(value).strip()
    if text in ("0", "0.0"):
        return 0
    if text in ("1", "1.0"):
        return 1
    raise TableError(204, row=row, value=value, list_name=list_name)


def _checked_names(lists: Iterable[str]) -> tuple[str, ...]:
    names = tuple(str(name).strip() for name in lists)
    if len(names) > MAX_LISTS:
        raise TableError(209, k=len(names))
    if len(names) < 2:
        raise TableError(208)
    for name in names:
        if not name or names.count(name) > 1:
            raise TableError(211, list_name=name)
    return names


def _whole_numbers(counts: ArrayLike, k: int) -> NDArray[np.int64]:
    array = np.asarray(counts)
    if array.shape != (1 << k,):
        raise TableError(212, shape=array.shape)
    if array.dtype.kind not in "iu":
        numbers = np.asarray(array, dtype=np.float64)
        for row, value in enumerate(numbers):
            if np.isnan(value):
                raise TableError(203, row=row)
            if not np.isfinite(value) or value != np.floor(value):
                raise TableError(202, row=row, value=float(value))
    result = np.array(array, dtype=np.int64)
    result.setflags(write=False)
    return result


def _check_contents(low: NDArray[np.int64], high: NDArray[np.int64] | None, names: tuple[str, ...]) -> None:
    for row, value in enumerate(low):
        if value < 0:
            raise TableError(201, row=row, value=int(value))
    most = low if high is None else high
    if most[0] != 0 or low[0] != 0:
        raise TableError(206, row=0)
    if np.any(most < low):
        row = int(np.argmax(most < low))
        raise TableError(214, row=row, value=f"{low[row]}-{most[row]}")
    if not most.any():
        raise TableError(207)
    total = sum(map(int, low))  # Python's whole numbers: the sum itself must not run over
    if total > MOST_PEOPLE:
        raise TableError(218, total=total)
    sizes = superset_sums(most, len(names))
    for j, name in enumerate(names):
        if sizes[1 << j] == 0:
            raise TableError(210, list_name=name)


def _summed(counts: NDArray[np.int64], target: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    sums = np.zeros(1 << groups, dtype=np.int64)
    np.add.at(sums, target, counts)
    sums[0] = 0
    return sums


def sum_tables(tables: Iterable[OverlapTable]) -> OverlapTable:
    """The table of the union of disjoint strata: counts added cell by cell.

    Args:
        tables: of the same lists in the same order.

    Returns:
        One table, counts of people added up.

    Raises:
        TableError: 215 when the lists differ.

    Source: own bookkeeping.

    Example:
        >>> a = OverlapTable([0, 4, 3, 6], "AB")
        >>> sum_tables([a, a]).n
        26
    """
    tables = list(tables)
    names = {table.lists for table in tables}
    if len(names) != 1:
        raise TableError(215, lists=" / ".join(", ".join(lists) for lists in sorted(names)))
    return OverlapTable(sum(table.counts for table in tables), tables[0].lists)


Strata = Mapping[str, OverlapTable]
