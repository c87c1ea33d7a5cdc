"""Several tests at once: p-values adjusted for how many were made."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control


def adjust(*, p_values: pd.Series[float], method: Literal["holm", "bh"] = "holm") -> pd.Series[float]:
    """Correct p-values for several questions: Holm (any false alarm) or Benjamini-Hochberg (their share).

    Missing p-values ask no question and stay missing.

    >>> adjust(p_values=pd.Series([0.01, 0.04, np.nan])).tolist()
    [0.02, 0.04, nan]
    """
    known = p_values.dropna()
    corrected = p_values.copy()
    if len(known):
        rows = known.to_numpy(dtype="float64")
        corrected[known.index] = _holm(rows) if method == "holm" else false_discovery_control(rows)
    return corrected


def _holm(p_values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Return p-values corrected by Holm's steps: statsmodels' own empties Python's memory at every call."""
    order = np.argsort(p_values)
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected
