"""Estimate for a table with ranges: choose a model on imputed tables, fit the ranges, combine over imputations."""

from __future__ import annotations

import math
import time
from collections import Counter

from darkfigure.censoring import fit_censored, impute_censored
from darkfigure.ensembles import combine_tables
from darkfigure.errors import DarkfigureError, OptionError
from darkfigure.estimation import SEARCHES, Estimate, methods
from darkfigure.models import parse_model
from darkfigure.selection import models_covered, select
from darkfigure.table import OverlapTable

IMPUTATIONS = 20


def estimate_censored(
    table: OverlapTable, method: str = "bic", level: float = 0.95, max_order: int | None = None, seed: int = 0
) -> Estimate:
    """Population size from a table in which some cells are only known as ranges.

    The model is the one chosen most often on tables imputed under independence; the point estimate is its maximum
    likelihood with the ranges as data; the interval combines imputations and reselection by Rubin's rules.

    Args:
        method: a search such as "bic" or "stepwise", or a model such as "[12,3]". level: 0 to 1.
        max_order: largest number of lists in one interaction; None for no limit.
        seed: of the counter-based generator, 0 to 2^63 - 1.

    Returns:
        Estimate: sizes in people.

    Raises:
        OptionError: 401 for an unknown method, 406 for one that cannot take ranges.

    Source: Dempster, Laird & Rubin 1977; Rubin 1987.

    Example:
        >>> table = OverlapTable([0, 40, 30, 12, 20, 8, 1, 2], "ABC", [0, 40, 30, 12, 20, 8, 4, 2])
        >>> found = estimate_censored(table)
        >>> found.lower < found.estimate < found.upper
        True
    """
    from darkfigure import __version__

    started = time.perf_counter()
    fixed = method.startswith("[")
    if not fixed and method not in SEARCHES:
        ways = ", ".join((*SEARCHES, "a model such as [12,3]"))
        raise OptionError(406 if method in methods() else 401, method=method, methods=ways)
    if fixed:
        model = parse_model(method, table.k)
        tables = impute_censored(table, model, IMPUTATIONS, seed)
        tried: int | None = 1
    else:
        tables = impute_censored(table, "[1]", IMPUTATIONS, seed)
        chosen = [select(one, method, max_order) for one in tables]
        tried = max((one.n_models or 0) for one in chosen) or models_covered(table.k, max_order)
        names = Counter(one.best.model for one in chosen)
        model = names.most_common(1)[0][0]
    found = fit_censored(table, model)
    lower = upper = math.nan
    try:
        limits = combine_tables(tables, method, level, max_order=max_order).interval
        lower, upper = limits.lower, limits.upper
    except DarkfigureError:
        pass
    return Estimate(
        method=method,
        estimate=found.estimate,
        lower=lower,
        upper=upper,
        level=level,
        interval="Rubin over imputed tables",
        model=model.name,
        loglik=found.loglik,
        bic=model.size * math.log(max(found.expected.sum(), 1.0)) - 2 * found.loglik,
        status=found.status,
        reason=found.reason,
        n_models=tried,
        seconds=time.perf_counter() - started,
        n=round(float(found.expected.sum())),
        k=table.k,
        lists=table.lists,
        estimand="population",
        seed=seed,
        version=__version__,
        notes=(
            f"some cells are ranges: at their lowest the model gives {found.lowest:,.0f}, at their highest "
            f"{found.highest:,.0f}",
        ),
    )
