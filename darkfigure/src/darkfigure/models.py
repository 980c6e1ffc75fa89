"""Hierarchical log-linear models as sets of effects: names, closure, neighbours, the list of all of them.

An effect is a bit mask of lists; a model is a family of effects closed downward that holds 0 and every list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from darkfigure.errors import ModelError, OptionError


@dataclass(frozen=True)
class Model:
    """A hierarchical log-linear model of k lists.

    Args:
        k: number of lists.
        effects: every parameter as a bit mask, 0 (the intercept) and the k lists included, sorted.

    Example:
        >>> parse_model("[12,3]", 3)
        Model('[12,3]', k=3)
        >>> parse_model("[12,3]", 3).effects
        (0, 1, 2, 3, 4)
    """

    k: int
    effects: tuple[int, ...]

    @property
    def name(self) -> str:
        """The maximal effects, lists numbered from 1; dots between numbers when there are more than 9 lists."""
        maximal = [e for e in self.effects if not any(e != f and e & f == e for f in self.effects)]
        terms = [[j + 1 for j in range(self.k) if e >> j & 1] for e in maximal if e]
        terms.sort(key=lambda term: (-len(term), term))
        joint = "." if self.k > 9 else ""
        return "[" + ",".join(joint.join(map(str, term)) for term in terms) + "]"

    @property
    def size(self) -> int:
        """Number of parameters, the intercept and those at minus infinity included."""
        return len(self.effects)

    @property
    def interactions(self) -> tuple[int, ...]:
        """The effects of two or more lists."""
        return tuple(e for e in self.effects if e.bit_count() > 1)

    def __contains__(self, effect: object) -> bool:
        return effect in self.effects

    def __le__(self, other: Model) -> bool:
        return self.k == other.k and set(self.effects) <= set(other.effects)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Model({self.name!r}, k={self.k})"


def model_of(k: int, interactions: Iterable[int]) -> Model:
    """The smallest hierarchical model that holds these interactions (bit masks).

    Raises:
        ModelError: 302 for a mask outside the k lists, 303 for the interaction of all lists.

    Example:
        >>> model_of(3, [0b011])
        Model('[12,3]', k=3)
    """
    effects = {0, *(1 << j for j in range(k))}
    for effect in interactions:
        if effect >> k:
            raise ModelError(302, model=bin(effect), at=effect.bit_length(), k=k)
        if effect == (1 << k) - 1:
            raise ModelError(303, k=k)
        effects.update(subsets(effect))
    return Model(k, tuple(sorted(effects)))


def main_effects(k: int) -> Model:
    """The model of independent lists.

    Args:
        k: number of lists.

    Returns:
        The model of independent lists.

    Raises: nothing.

    Source: own bookkeeping.

    Example:
        >>> main_effects(3).name
        '[1,2,3]'
    """
    return model_of(k, [])


def parse_model(name: str | Model, k: int) -> Model:
    """Model from its name, such as ``"[12,3]"`` (with dots between numbers above 9: ``"[1.10,2]"``).

    Lists that are not named are added as main effects.

    Args:
        k: number of lists.

    Returns:
        The model.

    Raises:
        ModelError: 301 when it cannot be read, 302 for a list that does not exist, 303 for the saturated model.

    Source: own bookkeeping.

    Example:
        >>> parse_model("[123,34]", 4).size
        10
    """
    if isinstance(name, Model):
        if name.k != k:
            raise ModelError(302, model=name.name, at=name.k, k=k)
        return name
    text = name.strip().removeprefix("[").removesuffix("]")
    if not re.fullmatch(r"(\d[\d.]*)(\s*,\s*\d[\d.]*)*", text):
        raise ModelError(301, model=name)
    effects = []
    for term in text.split(","):
        numbers = [int(part) for part in (term.strip().split(".") if "." in term or k > 9 else term.strip())]
        for number in numbers:
            if not 1 <= number <= k:
                raise ModelError(302, model=name, at=number, k=k)
        effects.append(sum(1 << (number - 1) for number in set(numbers)))
    return model_of(k, effects)


def subsets(effect: int) -> Iterator[int]:
    """All subsets of a bit mask, the empty one and itself included.

    Example:
        >>> sorted(subsets(0b101))
        [0, 1, 4, 5]
    """
    part = effect
    while True:
        yield part
        if part == 0:
            return
        part = (part - 1) & effect


def interactions_up_to(k: int, max_order: int | None = None) -> tuple[int, ...]:
    """Every interaction of 2 to max_order lists (never of all k), by order and then in the order 12, 13, .., 23, ..

    Raises:
        OptionError: 403 when max_order is not between 1 and k - 1.

    Example:
        >>> interactions_up_to(3)
        (3, 5, 6)
    """
    top = min(k - 1, max_order) if max_order is not None else k - 1
    if top < 1 or (max_order is not None and max_order >= k > 2):
        raise OptionError(403, option="max_order", value=max_order, need=f"between 1 and {k - 1}")
    return tuple(sum(1 << j for j in group) for order in range(2, top + 1) for group in combinations(range(k), order))


@lru_cache(maxsize=16)
def all_models(k: int, max_order: int | None = None) -> tuple[Model, ...]:
    """All hierarchical models with every main effect and interactions up to an order; 8, 113, 6893 for k = 3, 4, 5.

    Raises:
        OptionError: 402 above k = 5 (7 785 061 models for k = 6: use select(), which never lists them).

    Example:
        >>> len(all_models(4)), len(all_models(4, max_order=2))
        (113, 64)
    """
    if k > 5 and not (max_order == 2 and k <= 6):
        raise OptionError(402, method="all_models", need="at most 5 lists", have=f"{k} lists")
    families: list[frozenset[int]] = [frozenset()]
    for effect in interactions_up_to(k, max_order):
        below = {part for part in subsets(effect) if part.bit_count() > 1 and part != effect}
        families += [family | {effect} for family in families if below <= family]
    base = (0, *(1 << j for j in range(k)))
    return tuple(Model(k, tuple(sorted((*base, *family)))) for family in families)


def neighbours(model: Model, max_order: int | None = None) -> list[Model]:
    """Models one step away: one effect added whose subsets are in, or one maximal interaction removed.

    Example:
        >>> [m.name for m in neighbours(parse_model("[12,3]", 3))]
        ['[1,2,3]', '[12,13]', '[12,23]']
    """
    inside = set(model.effects)
    found = []
    for effect in interactions_up_to(model.k, max_order):
        if effect in inside:
            if not any(effect != other and effect & other == effect for other in inside):
                found.append(Model(model.k, tuple(sorted(inside - {effect}))))
        elif all(part in inside for part in subsets(effect) if part != effect):
            found.append(Model(model.k, tuple(sorted(inside | {effect}))))
    return found


HIERARCHICAL_MODELS = {2: 1, 3: 8, 4: 113, 5: 6893, 6: 7785061}
UP_TO_ORDER = {(6, 3): 3_702_013, (6, 4): 7_741_776, (7, 3): 75_268_594_037}
"""Counted one by one (tests/test_models.py counts again): (lists, largest interaction) to number of models."""


def number_of_models(k: int, max_order: int | None = None) -> int:
    """How many hierarchical models there are (saturated one left out), without listing them.

    Args:
        max_order: largest number of lists in one interaction; None for no limit.

    Returns:
        Whole number of models.

    Raises:
        OptionError: 402 when the number is not known (k > 7, or 7 with interactions of more than 3 lists).

    Source: Dedekind 1897 (OEIS A006126).

    Example:
        >>> number_of_models(6), number_of_models(8, max_order=2)
        (7785061, 268435456)
    """
    interactions_up_to(k, max_order)
    if max_order == 1 or k == 2:
        return 1
    if max_order == 2:
        return int(2 ** (k * (k - 1) // 2))
    if max_order is None or max_order == k - 1:
        if k in HIERARCHICAL_MODELS:
            return HIERARCHICAL_MODELS[k]
    elif k <= 5:
        return len(all_models(k, max_order))
    elif (k, max_order) in UP_TO_ORDER:
        return UP_TO_ORDER[k, max_order]
    raise OptionError(402, method="Exhaustive selection", need="k <= 6, or max_order = 2", have=f"{k} lists")
