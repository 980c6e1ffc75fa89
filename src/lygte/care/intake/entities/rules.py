"""How an update meets what stands. Pure: it sees versions as they are stored and decides what the next one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lygte.core.merging.rules import meet

from .models import Conflict
from .reading import Sent

Values = Mapping[str, str]


class Version(Protocol):
    """What the rules need of a stored version."""

    number: int
    values: dict[str, str]
    seen: dict[str, str]
    branch: str
    branch_base: int | None


@dataclass(frozen=True)
class Next:
    """The next version: what stands in it, what its writer had before them, and what they wanted beside it."""

    values: dict[str, str]
    seen: dict[str, str]
    base: int | None
    conflict: Conflict
    wanted: dict[str, str]


def base_of(sent: Sent, versions: Sequence[Version]) -> Version | None:
    """Return the version that an update was written on, or None where the server has not got it (yet)."""
    if not sent.branch or sent.base == 1 or sent.base == sent.trunk:
        return next((v for v in versions if v.number == sent.base), None)
    wanted = (sent.base or 0) - 1
    return next((v for v in versions if v.branch == sent.branch and v.branch_base == wanted), None)


def first(sent: Sent) -> Next:
    """Return the first version of an entity."""
    values = _filled(sent.values)
    return Next(values, values, None, Conflict.NONE, {})


def follow(sent: Sent, base: Version | None, versions: Sequence[Version]) -> Next:
    """Return the version that an update makes of what stands.

    Only what its writer changed is changed, and only where nobody else changed the same: there what stood first stays,
    and what the writer wanted is kept beside it. Without a base (its predecessor never came, or came after it), all that
    differs is kept beside: see `_late`.
    """
    now = max(versions, key=lambda version: version.number)
    if base is None or _overtaken(sent, versions):
        return _late(sent, now)
    before = _as_seen(sent, base)
    mine = _filled({**before, **sent.values})
    met = meet(before, now.values, mine)
    alone = base.number == now.number and not _interrupted(sent, versions)
    conflict = Conflict.HARD if met.undecided else Conflict.NONE if alone else Conflict.SOFT
    values = {name: value for name, value in met.values.items() if value is not None}
    return Next(values, mine, base.number, conflict, {name: value or "" for name, value in met.undecided.items()})


def _late(sent: Sent, now: Version) -> Next:
    """Return what becomes of an update that nobody can tell any more what it was written on: it overwrites nothing."""
    wanted = {name: value for name, value in sent.values.items() if now.values.get(name, value) != value}
    values = _filled({**sent.values, **now.values})
    conflict = Conflict.HARD if wanted else Conflict.SOFT
    return Next(values, _filled({**now.values, **sent.values}), None, conflict, wanted)


def _filled(values: Values) -> dict[str, str]:
    """Leave empty answers out: to phones, empty and absent are the same."""
    return {name: value for name, value in values.items() if value}


def _as_seen(sent: Sent, base: Version) -> Values:
    """Return what the writer had before them: their own earlier words on their own branch, else what the server gave."""
    return base.seen if sent.branch and base.branch == sent.branch else base.values


def _interrupted(sent: Sent, versions: Sequence[Version]) -> bool:
    """Tell whether somebody else wrote after the version from which the branch grew."""
    if not sent.branch:
        return False
    return any(v.number > (sent.trunk or 1) and v.branch != sent.branch for v in versions)


def _overtaken(sent: Sent, versions: Sequence[Version]) -> bool:
    """Tell whether a later update of the same branch was written before this one, because it had waited too long."""
    if not sent.branch or sent.base is None:
        return False
    return any(v.branch == sent.branch and v.branch_base is not None and v.branch_base >= sent.base for v in versions)


def worse(one: str, other: str) -> str:
    """Return the graver of two conflicts."""
    order = ["", Conflict.SOFT.value, Conflict.HARD.value]
    return max(one, other, key=order.index)
