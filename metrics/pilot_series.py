"""One long series with a known turning point: interrupted time series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import statsmodels.regression.linear_model as sm
from statsmodels.stats.stattools import durbin_watson

LEAST_PERIODS: Final = 8
YEAR: Final = 12


@dataclass(frozen=True, kw_only=True)
class Interrupted:
    """How a series departs from its own earlier line since the opening.

    ``step`` (jump at the opening), ``slope`` (change of slope per period), ``effect`` (mean departure over
    the open periods) with its interval at 95 percent and p-value; ``durbin_watson`` of the residuals
    (2 is no correlation); ``seasonal``: whether months of the year were taken out; periods before and since.
    """

    step: float
    slope: float
    effect: float
    low: float
    high: float
    p_value: float
    durbin_watson: float
    seasonal: bool
    before: int
    since: int


def interrupted_time_series(*, series: pd.Series[float], opened: pd.Timestamp) -> Interrupted:
    """Fit one line before the opening and another since, and measure the departure.

        y_t = a + b t + step since_t + slope (t - t0 + 1) since_t (+ yearly wave) + e_t

    Ordinary least squares with Newey-West standard errors (lags floor(4 (n/100)^(2/9)), small-sample
    corrected, Student's t). A yearly wave (one sine and cosine) is taken out where there are two years
    before. Source: Wagner et al. (2002), J Clin Pharm Ther 27; Newey and West (1987). A series alone cannot
    tell the clinic from whatever else changed that month.

    ``series``: values by period (``PeriodIndex``), missing ones left out; the period in which the pilot
    opened is left out unless it opened on its first day. Raises ``ValueError`` with fewer than eight
    periods before or since, or where the series never changes.

    >>> months = pd.period_range("2023-01", periods=36, freq="M")
    >>> line = pd.Series(np.arange(36.0), index=months) + np.where(np.arange(36) >= 22, 5.0, 0.0)
    >>> wobble = np.tile([0.1, -0.1], 18)
    >>> found = interrupted_time_series(series=line + wobble, opened=pd.Timestamp("2024-11-01"))
    >>> round(found.step, 1), round(found.effect, 1), found.low < 5 < found.high
    (5.0, 5.0, True)
    """
    periods = pd.PeriodIndex(series.index)
    partial = (periods.start_time < opened) & (opened <= periods.end_time)
    kept = series[~partial & series.notna().to_numpy()]
    place = np.flatnonzero(~partial & series.notna().to_numpy()).astype(float)
    since = np.asarray(pd.PeriodIndex(kept.index).start_time >= opened)
    if min((~since).sum(), since.sum()) < LEAST_PERIODS:
        raise ValueError("too few periods before or since the opening")
    if kept.nunique() == 1:
        raise ValueError("the series never changes")
    later = np.where(since, place - place[since][0] + 1, 0.0)
    columns = [np.ones(len(kept)), place, since.astype(float), later]
    seasonal = periods.freqstr == "M" and int((~since).sum()) >= 2 * YEAR
    if seasonal:
        angle = 2 * np.pi * pd.PeriodIndex(kept.index).month.to_numpy() / YEAR
        columns += [np.sin(angle), np.cos(angle)]
    lags = int(np.floor(4 * (len(kept) / 100) ** (2 / 9)))
    fit = sm.OLS(kept.to_numpy(dtype="float64"), np.column_stack(columns)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    contrast = np.zeros(len(columns))
    contrast[2:4] = 1.0, later[since].mean()
    test = fit.t_test(contrast)
    low, high = test.conf_int(0.05)[0]
    return Interrupted(
        step=float(fit.params[2]),
        slope=float(fit.params[3]),
        effect=float(np.squeeze(test.effect)),
        low=float(low),
        high=float(high),
        p_value=float(np.squeeze(test.pvalue)),
        durbin_watson=float(durbin_watson(fit.resid)),
        seasonal=bool(seasonal),
        before=int((~since).sum()),
        since=int(since.sum()),
    )
