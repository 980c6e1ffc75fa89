"""The register of kinds: what may be counted, how it is defined, how coarse it is. Nothing else can be recorded.

Rooms of the care wing register their kinds; a dimension is a closed list of codes, so that no text can slip through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Dimension:
    """One way in which a kind is broken down. `values` maps every allowed code to its label."""

    name: str
    label: Text
    values: Mapping[str, Text]


@dataclass(frozen=True)
class Kind:
    """One thing that is counted.

    `unit` names what a value counts; cells from 1 to `smallest_cell` - 1 are never shown; `on_erasure` says what
    happens to these facts when the record behind them is erased.
    """

    name: str
    label: Text
    definition: Text
    unit: Text
    dimensions: tuple[Dimension, ...] = ()
    smallest_cell: int = 5
    on_erasure: Literal["keep", "coarsen", "remove"] = "remove"

    def dimension(self, name: str) -> Dimension:
        """Return the dimension of that name; KeyError when the kind has none such."""
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        raise KeyError(name)


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """Add a kind; a name can be taken only once."""
    if kind.name in KINDS and KINDS[kind.name] != kind:
        raise ValueError(f"the kind {kind.name} is registered twice")
    KINDS[kind.name] = kind
    return kind
