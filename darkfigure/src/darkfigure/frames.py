"""The one place that makes pandas DataFrames, so that pandas stays optional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from darkfigure.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd


def frame_of(data: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A pandas DataFrame from columns or from records.

    Raises:
        OptionError: 405 when pandas is not installed.

    Example:
        >>> frame_of({"a": [1, 2]}).shape
        (2, 1)
    """
    try:
        import pandas
    except ImportError as error:
        raise OptionError(405, what="A data frame", package="pandas") from error
    return pandas.DataFrame(data)
