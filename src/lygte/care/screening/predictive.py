"""What a result is worth where few are concerned: the arithmetic of screening, for the share that the reader sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Worth:
    """Of 1,000 people asked: how many are found rightly and wrongly, and the predictive values (from 0 to 1).

    A value is None where nobody has such a result.
    """

    true_positives: float
    false_positives: float
    missed: float
    rightly_negative: float

    @property
    def positive_value(self) -> float | None:
        return _share(self.true_positives, self.false_positives)

    @property
    def negative_value(self) -> float | None:
        return _share(self.rightly_negative, self.missed)


def _share(right: float, wrong: float) -> float | None:
    return right / (right + wrong) if right + wrong else None


def worth(sensitivity: float, specificity: float, prevalence: float, people: int = 1000) -> Worth:
    """Return what to expect of `people` asked; all three shares lie from 0 to 1, else ValueError."""
    if not all(0 <= share <= 1 for share in (sensitivity, specificity, prevalence)):
        raise ValueError("shares lie from 0 to 1")
    concerned = people * prevalence
    others = people - concerned
    return Worth(
        true_positives=concerned * sensitivity,
        false_positives=others * (1 - specificity),
        missed=concerned * (1 - sensitivity),
        rightly_negative=others * specificity,
    )
