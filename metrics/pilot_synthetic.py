"""One pilot beside a weighted mix of other stations that moved like it before it opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import nnls

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Synthetic:
    """A synthetic control and how it compares with those of stations where nothing opened.

    ``weights`` by station (they add up to 1; zeros left out). ``path`` by period: actual, synthetic, gap.
    ``effect``: the mean gap since the opening. ``misfit_before`` and ``misfit_after``: root mean squared
    gaps. ``placebos``, by station: effect, misfit_before, ratio (misfit after / before). ``p_value``: the
    share of stations, this one included, whose ratio is at least as large; ``smallest_p`` the least it can be.
    """

    weights: pd.Series[float]
    path: pd.DataFrame
    effect: float
    misfit_before: float
    misfit_after: float
    placebos: pd.DataFrame
    p_value: float
    smallest_p: float


def synthetic_control(*, panel: pd.DataFrame, pilot: str, opened: pd.Timestamp) -> Synthetic:
    """Fit a pilot's past by a convex mix of the other stations, and test it by in-space placebos.

    Weights w >= 0 with sum 1 minimise sum over periods before the opening of (y_pilot - sum w_j y_j)^2.
    Every other station is then treated as if it had opened, the pilot left out of its donors.
    Source: Abadie, Diamond and Hainmueller (2010), JASA 105(490), matching on past outcomes only.

    ``panel``: values, a row per station and a column per period (``PeriodIndex``); every row but the pilot's
    is a donor, so leave other pilots out. A donor with a missing value is left out, and so are the periods
    the pilot misses and the period in which it opened, unless it opened on its first day.

    Raises ``ValueError`` with fewer than two periods before or one since, or fewer than two donors.

    >>> months = pd.period_range("2024-01", periods=5, freq="M")
    >>> rows = [[2.0, 3, 4, 8, 9], [1.0, 2, 3, 4, 5], [3.0, 4, 5, 6, 7], [9.0, 1, 9, 1, 9]]
    >>> found = synthetic_control(panel=pd.DataFrame(rows, index=list("Pabc"), columns=months), pilot="P",
    ...     opened=pd.Timestamp("2024-04-01"))
    >>> round(found.effect, 2), found.weights.round(2).sort_index().to_dict()
    (3.0, {'a': 0.5, 'b': 0.5})
    """
    periods = pd.PeriodIndex(panel.columns)
    partial = (periods.start_time < opened) & (opened <= periods.end_time)
    kept = panel.loc[:, ~partial & panel.loc[pilot].notna().to_numpy()]
    whole = kept[kept.notna().all(axis=1)]
    before = np.asarray(pd.PeriodIndex(kept.columns).start_time < opened)
    if before.sum() < 2 or before.all() or len(whole) < 3:
        raise ValueError(f"{pilot}: too few periods or donors for a synthetic control")
    values = whole.to_numpy(dtype="float64").T
    at = list(whole.index).index(pilot)
    weights, fitted = _fit(values, at, before)
    gap = values[:, at] - fitted
    placebos = _placebos(values, at, before, list(whole.index))
    ratio = _ratio(gap, before)
    reached = 1 + int((placebos["ratio"] >= ratio * (1 - 1e-9)).sum())
    donors = whole.index.delete(at)
    used = pd.Series(weights, index=donors)
    return Synthetic(
        weights=used[used > 1e-4].sort_values(ascending=False),
        path=pd.DataFrame({"actual": values[:, at], "synthetic": fitted, "gap": gap}, index=kept.columns),
        effect=float(gap[~before].mean()),
        misfit_before=float(np.sqrt((gap[before] ** 2).mean())),
        misfit_after=float(np.sqrt((gap[~before] ** 2).mean())),
        placebos=placebos,
        p_value=reached / (len(placebos) + 1),
        smallest_p=1 / (len(placebos) + 1),
    )


def _placebos(values: Floats, pilot: int, before: npt.NDArray[Any], names: list[str]) -> pd.DataFrame:
    """Treat every donor as if it had opened, with the other donors as its donors."""
    others = np.delete(values, pilot, axis=1)
    rows = []
    for at in range(others.shape[1]):
        gap = others[:, at] - _fit(others, at, before)[1]
        misfit = float(np.sqrt((gap[before] ** 2).mean()))
        rows.append((float(gap[~before].mean()), misfit, _ratio(gap, before)))
    index = pd.Index([name for at, name in enumerate(names) if at != pilot], name="station")
    return pd.DataFrame(rows, columns=["effect", "misfit_before", "ratio"], index=index)


def _fit(values: Floats, at: int, before: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the donors' weights and the mix they give in every period.

    With D the donors' distances from the pilot, non-negative least squares on |D w|^2 + h^2 (sum w - 1)^2
    gives a multiple of the wanted weights for any h: for weights s u with sum u = 1 it is
    s^2 |D u|^2 + h^2 (s - 1)^2, which is least at the same u whatever s. Dividing by the sum is exact.
    """
    donors = np.delete(values, at, axis=1)
    distance = donors[before] - values[before, at][:, None]
    scale = float(np.abs(distance).mean()) or 1.0
    rows = np.vstack([distance / scale, np.ones(donors.shape[1])])
    weights, _ = nnls(rows, np.append(np.zeros(len(distance)), 1.0))
    weights = weights / weights.sum()
    return weights, donors @ weights


def _ratio(gap: Floats, before: npt.NDArray[Any]) -> float:
    """Return the misfit since the opening over the misfit before it."""
    early = float((gap[before] ** 2).mean())
    late = float((gap[~before] ** 2).mean())
    return float(np.sqrt(late / early)) if early > 0 else (0.0 if late == 0 else np.inf)
