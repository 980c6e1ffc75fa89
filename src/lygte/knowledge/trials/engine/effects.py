"""How many times as many: rate ratios by Poisson regression, with intervals that hold for few and uneven units.

The counts need not be Poisson: the regression gives the ratio, the covariance comes from how the drawn units differ.

| drawn | model | covariance | t with |
|---|---|---|---|
| whole sites | method | HC3 of site sums, which is the correction of Mancl and DeRouen (2001) | sites - methods |
| turns or single periods | method, block | HC2; of pairs it gives the variance of the paired t test | rows - parameters |
| the step of a site | method, site, step | CR2 by site (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018) | Satterthwaite |

`docs/field/method-trials.md` tells how often these intervals hold the truth, in trials made up with a known one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .allocation import Frame, Schedule
from .rows import Rows, kept, rows_of, telling

if TYPE_CHECKING:
    from .rows import Numbers


@dataclass(frozen=True)
class Effect:
    """A method against the first: its logarithmic rate ratio, and between what the truth should lie."""

    arm: int
    log_ratio: float
    error: float
    df: float
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class CannotTell(Exception):
    """The numbers do not suffice; the one argument says why, by a code."""


def effects(frame: Frame, schedule: Schedule, y: Numbers, e: Numbers, *, alpha: float = 0.05) -> list[Effect]:
    """Return the effect of every method but the first; their intervals together miss the truth at most `alpha`."""
    rows = telling(frame, rows_of(frame, schedule, y, e))
    return _compared(frame, rows, range(1, frame.arms), _methods(frame, rows), alpha)


def carry_over(frame: Frame, schedule: Schedule, y: Numbers, e: Numbers, *, alpha: float = 0.05) -> list[Effect]:
    """Return what the method of the turn before still does in this turn; only where turns follow one another."""
    if frame.design in ("clusters", "stepped"):
        return []
    rows = rows_of(frame, schedule, y, e)
    rows = telling(frame, kept(rows, rows.before >= 0))
    import numpy as np

    after = np.column_stack([rows.before == arm for arm in range(1, frame.arms)]).astype(float)
    columns = np.column_stack([_methods(frame, rows), after])
    try:
        found = _compared(frame, rows, [0] * (frame.arms - 1) + list(range(1, frame.arms)), columns, alpha)
    except CannotTell:
        return []
    return found[frame.arms - 1 :]


def _methods(frame: Frame, rows: Rows) -> Numbers:
    import numpy as np

    return np.column_stack([rows.arm == arm for arm in range(1, frame.arms)]).astype(float)


def _compared(frame: Frame, rows: Rows, names: Any, columns: Numbers, alpha: float) -> list[Effect]:
    """Fit, and return an effect for each of the columns."""
    import numpy as np
    from scipy import stats

    design = np.column_stack([_nuisance(frame, rows), columns])
    places = range(design.shape[1] - columns.shape[1], design.shape[1])
    _refuse_too_little(frame, rows, design)
    log_ratios, fitted = _fit(rows, design)
    kind = "HC3" if frame.design == "clusters" else "CR2"
    groups = rows.group if frame.design == "stepped" else np.arange(len(rows.y))
    found = []
    for name, place in zip(names, places, strict=True):
        variance, satterthwaite = _variance(design, rows.y, fitted, groups, place, kind)
        df = satterthwaite if frame.design == "stepped" else float(len(rows.y) - design.shape[1])
        if not (variance > 0 and df >= 1):
            raise CannotTell("too_few")
        error, point = float(np.sqrt(variance)), float(log_ratios[place])
        reach = float(stats.t.ppf(1 - alpha / (frame.arms - 1) / 2, df)) * error
        found.append(Effect(int(name), point, error, df, point - reach, point + reach))
    return found


def _refuse_too_little(frame: Frame, rows: Rows, design: Numbers) -> None:
    import numpy as np

    if len(rows.y) == 0 or rows.y.sum() == 0:
        raise CannotTell("nothing")
    if any(rows.y[rows.arm == arm].sum() == 0 for arm in range(frame.arms)):
        raise CannotTell("one_empty")
    if len(rows.y) - design.shape[1] < 2 or np.linalg.matrix_rank(design) < design.shape[1]:
        raise CannotTell("too_few")


def _nuisance(frame: Frame, rows: Rows) -> Numbers:
    """Return the columns for what is no method: a common level, one for each block, or for each site and step."""
    import numpy as np

    if frame.design == "clusters":
        return np.ones((len(rows.y), 1))
    groups = (np.unique(rows.group)[None, :] == rows.group[:, None]).astype(float)
    if frame.design != "stepped":
        return groups
    return np.column_stack([groups, np.unique(rows.block)[None, 1:] == rows.block[:, None]]).astype(float)


def _fit(rows: Rows, design: Numbers) -> tuple[Numbers, Numbers]:
    import warnings

    import numpy as np
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = GLM(rows.y, design, family=Poisson(), offset=np.log(rows.e)).fit(maxiter=200)
    if not (found.converged and np.isfinite(found.params).all()):
        raise CannotTell("one_empty")
    return found.params, found.mu


def _variance(
    design: Numbers, y: Numbers, fitted: Numbers, groups: Numbers, place: int, kind: str
) -> tuple[float, float]:
    """Return the variance of one coefficient and its Satterthwaite degrees of freedom, on the working scale.

    CR2 divides the residuals of a group by the square root of what is left of it, HC3 by all that is left.
    """
    import numpy as np

    root = np.sqrt(np.maximum(fitted, 1e-12))
    scaled, residuals = design * root[:, None], (y - fitted) / root
    bread = np.linalg.pinv(scaled.T @ scaled)
    left = np.eye(len(y)) - scaled @ bread @ scaled.T
    share = bread[place] @ scaled.T
    names = np.unique(groups)
    total, paths = 0.0, np.zeros((len(y), len(names)))
    for number, name in enumerate(names):
        here = np.flatnonzero(groups == name)
        values, vectors = np.linalg.eigh(left[np.ix_(here, here)])
        power = -1.0 if kind == "HC3" else -0.5
        stretch = np.where(values > 1e-8, np.clip(values, 1e-8, None) ** power, 0.0)
        weight = (vectors * stretch) @ vectors.T @ share[here]
        total += float(weight @ residuals[here]) ** 2
        paths[:, number] = left[:, here] @ weight
    inner = paths.T @ paths
    return total, float(np.trace(inner) ** 2 / np.sum(inner * inner))
