"""Where each commitment stands: done, on track, at risk, off track, missed, or not measurable, and why.

The projection is a straight line through the observations (ordinary least squares on the date) with its
prediction interval for one new observation, Student's t with n - 2 degrees of freedom:

    projected(d) +/- t s sqrt(1 + 1/n + (d - mean)^2 / sum (d_i - mean)^2)

Source: Draper and Smith, Applied Regression Analysis, 3rd ed., section 3.2; computed by statsmodels. The range
holds only while the years ahead resemble the years behind; it knows nothing of a new budget or a new law.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import statsmodels.regression.linear_model as sm

Comparator = Literal[">=", ">", "<=", "<", "done"]
Status = Literal["done", "on_track", "at_risk", "off_track", "missed", "not_measurable"]

STATUSES: Final = ("off_track", "missed", "at_risk", "not_measurable", "on_track", "done")
LEVEL: Final = 0.8
STALE_DAYS: Final = 366
YEAR_DAYS: Final = 365.25
NEGLIGIBLE: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one commitment stands on one day.

    ``latest`` and ``latest_date``: the newest observation the verdict rests on. ``gap``: what is still
    missing, in the target's unit, 0 when met. ``pace_needed`` and ``pace_observed``: change per year, the
    first from the latest observation to the deadline. ``projected``, ``low``, ``high``: at the deadline, the
    range at ``LEVEL``. Missing (NaN) where it cannot be told. ``observations``: how many the line rests on.
    ``reaches``: where the line passes a bound by the deadline, the day it does, at the earliest the day after
    the latest observation: beyond it the numbers are cut, and say less than they seem to.
    ``reason``: ``met``, ``met_late``, ``deadline_passed``, ``no_data``, ``no_data_by_deadline``, ``stale``,
    ``no_deadline``, ``not_done_yet``, ``one_observation``, ``two_observations``, ``wrong_direction``,
    ``no_time_left``, ``range_meets``, ``range_straddles`` or ``range_fails``.
    """

    status: Status
    reason: str
    latest: float = np.nan
    latest_date: dt.date | None = None
    gap: float = np.nan
    pace_needed: float = np.nan
    pace_observed: float = np.nan
    projected: float = np.nan
    low: float = np.nan
    high: float = np.nan
    observations: int = 0
    reaches: dt.date | None = None


def bounds_of(*, unit: str) -> tuple[float, float] | None:
    """Return what a target's unit cannot leave: 0 and 100 for one that begins with "percent", else nothing.

    >>> bounds_of(unit="percent of stations"), bounds_of(unit="clinics")
    ((0.0, 100.0), None)
    """
    return (0.0, 100.0) if unit.startswith("percent") else None


def meets(*, value: float, comparator: Comparator, target: float) -> bool:
    """Tell whether a value keeps the promise (``done`` means at least the target, which is 1 for yes).

    A difference below a billionth is none, so that sums of floats do not miss an exact target. A missing
    value keeps nothing.

    >>> meets(value=95.0, comparator=">", target=95), meets(value=95.0, comparator=">=", target=95)
    (False, True)
    """
    if comparator == ">":
        return value > target + NEGLIGIBLE
    if comparator == "<":
        return value < target - NEGLIGIBLE
    if comparator == "<=":
        return value <= target + NEGLIGIBLE
    return value >= target - NEGLIGIBLE


def standing(
    *,
    observed: pd.Series[float],
    comparator: Comparator,
    target: float,
    deadline: dt.date | None,
    today: dt.date,
    bounds: tuple[float, float] | None = None,
) -> Standing:
    """Judge one commitment on one day, from its observations (values indexed by date).

    Past its deadline (the day after it) a promise is judged by the last observation up to the deadline and
    keeps that verdict: ``done`` or ``missed``, or not measurable where the last observation is more than a
    year older than the deadline. Before, a promise met by the latest observation is ``done``; otherwise the
    whole range of the projection at the deadline meets it (``on_track``), straddles it (``at_risk``) or
    fails it (``off_track``). A trend away from the target is ``off_track``. Two observations give a line but
    no range, so at best ``at_risk``; one gives neither, and the commitment is not measurable yet. A yes/no
    promise not done is ``at_risk`` until its deadline.

    ``bounds`` cuts the projection (0 and 100 for a percentage). Observations after ``today`` and missing
    values are left out.

    >>> rising = pd.Series([60.0, 64.0, 69.0, 72.0], index=pd.to_datetime(
    ...     ["2020-12-31", "2021-12-31", "2022-12-31", "2023-12-31"]))
    >>> now = standing(observed=rising, comparator=">=", target=100, deadline=dt.date(2030, 12, 31),
    ...     today=dt.date(2024, 6, 1), bounds=(0, 100))
    >>> now.status, round(now.pace_needed, 2), round(now.pace_observed, 2), round(now.projected, 1)
    ('at_risk', 4.0, 4.1, 100.0)
    """
    known = observed.dropna()
    known = known[pd.DatetimeIndex(known.index) <= pd.Timestamp(today)].sort_index()
    if deadline is not None and today > deadline:
        return _after_deadline(known, comparator, target, deadline)
    if known.empty:
        return Standing(status="not_measurable", reason="no_data")
    latest, on = float(known.iloc[-1]), _date(known.index[-1])
    if meets(value=latest, comparator=comparator, target=target):
        return _stands("done", "met", known, gap=0.0, line=_line(known, deadline, bounds))
    gap = abs(target - latest)
    if comparator == "done":
        return _stands("at_risk", "not_done_yet", known, gap=gap)
    if deadline is None:
        return _stands("not_measurable", "no_deadline", known, gap=gap, line=_line(known, None, bounds))
    years_left = (deadline - on).days / YEAR_DAYS
    pace = (target - latest) / years_left if years_left > 0 else np.nan
    line = _line(known, deadline, bounds)
    status, reason = _outlook(line, comparator, target, years_left)
    return _stands(status, reason, known, gap=gap, pace_needed=pace, line=line)


def projection(
    *,
    observed: pd.Series[float],
    until: dt.date,
    level: float = LEVEL,
    bounds: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Return the line and its range at each year's end after the latest observation, and at ``until``.

    Indexed by date: value, low, high. Fewer than two observations give no row, two give no range. The
    range covers one new observation with probability ``level`` under the straight line.

    >>> line = pd.Series([1.0, 2.0, 3.0], index=pd.to_datetime(["2020-12-31", "2021-12-31", "2022-12-31"]))
    >>> projection(observed=line, until=dt.date(2024, 12, 31)).round(2).value.tolist()
    [4.0, 5.0]
    """
    known = observed.dropna().sort_index()
    if len(known) < 2:
        return pd.DataFrame(columns=["value", "low", "high"], index=pd.DatetimeIndex([]), dtype="float64")
    last = pd.Timestamp(str(known.index[-1]))
    ends = pd.date_range(last + pd.Timedelta(days=1), until, freq="YE")
    days = ends.union(pd.DatetimeIndex([pd.Timestamp(until)]))
    days = days[days > last]
    return _fit(known, days, level, bounds)


def standings(*, targets: pd.DataFrame, observations: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Judge every commitment: the rows of ``targets`` (contract ``targets``) with their standing beside them.

    ``observations``: place, indicator, date, value, one row per place, indicator and date. A commitment
    without any is not measurable (``no_data``); its indicator names the table to fill. A unit that begins
    with "percent" bounds its projection to 0 and 100.

    >>> promise = pd.DataFrame({"id": ["a"], "place": ["X"], "indicator": ["i"], "comparator": [">="],
    ...     "value": [10.0], "unit": ["people"], "deadline": [pd.Timestamp("2030-12-31")], "source": ["s"]})
    >>> none = pd.DataFrame({"place": [], "indicator": [], "date": [], "value": []})
    >>> standings(targets=promise, observations=none, today=dt.date(2026, 1, 1)).reason.tolist()
    ['no_data']
    """
    groups = dict(iter(observations.groupby(["place", "indicator"])))
    rows = []
    for promise in targets.to_dict("records"):
        seen = groups.get((promise["place"], promise["indicator"]), observations.iloc[:0])
        found = standing(
            observed=pd.Series(seen["value"].to_numpy(dtype="float64"), index=pd.DatetimeIndex(seen["date"])),
            comparator=promise["comparator"],
            target=float(promise["value"]),
            deadline=None if pd.isna(promise["deadline"]) else _date(promise["deadline"]),
            today=today,
            bounds=bounds_of(unit=promise["unit"]),
        )
        rows.append(vars(found))
    columns = list(Standing.__dataclass_fields__)
    judged = pd.DataFrame(rows, columns=columns, index=targets.index)
    for column in ("latest_date", "reaches"):
        judged[column] = pd.to_datetime(judged[column]).astype("datetime64[us]")
    return pd.concat([targets, judged], axis=1)


def needing_attention(*, judged: pd.DataFrame, count: int = 3) -> pd.DataFrame:
    """Return the commitments to look at first: off track, then missed, then at risk; nearest deadline first.

    >>> rows = pd.DataFrame({"id": ["a", "b", "c"], "status": ["done", "at_risk", "off_track"],
    ...     "deadline": pd.to_datetime(["2026-01-01", "2027-01-01", "2030-01-01"])})
    >>> needing_attention(judged=rows).id.tolist()
    ['c', 'b']
    """
    urgent = judged[judged["status"].isin(["off_track", "missed", "at_risk"])]
    rank = urgent["status"].map({status: at for at, status in enumerate(STATUSES)})
    ordered = urgent.assign(rank=rank).sort_values(["rank", "deadline"], kind="stable")
    return ordered.drop(columns="rank").head(count)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """The fitted line: its slope per year, its value and range at the deadline, and when it reaches a bound."""

    slope: float = np.nan
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    reaches: dt.date | None = None


def _after_deadline(
    known: pd.Series[float], comparator: Comparator, target: float, deadline: dt.date
) -> Standing:
    """Judge by the last observation up to the deadline; a later one can only say that it was met late."""
    in_time = known[pd.DatetimeIndex(known.index) <= pd.Timestamp(deadline)]
    if in_time.empty:
        reason = "no_data" if known.empty else "no_data_by_deadline"
        return Standing(status="not_measurable", reason=reason)
    last = float(in_time.iloc[-1])
    if meets(value=last, comparator=comparator, target=target):
        return _stands("done", "met", in_time, gap=0.0)
    gap = abs(target - last)
    if (deadline - _date(in_time.index[-1])).days > STALE_DAYS:
        return _stands("not_measurable", "stale", in_time, gap=gap)
    late = meets(value=float(known.iloc[-1]), comparator=comparator, target=target)
    return _stands("missed", "met_late" if late else "deadline_passed", in_time, gap=gap)


def _outlook(line: _Line, comparator: Comparator, target: float, years_left: float) -> tuple[Status, str]:
    """Compare the projection's range at the deadline with the target."""
    if years_left <= 0:
        return "off_track", "no_time_left"
    if np.isnan(line.slope):
        return "not_measurable", "one_observation"
    rising = comparator in (">=", ">")
    if (line.slope < -NEGLIGIBLE) if rising else (line.slope > NEGLIGIBLE):
        return "off_track", "wrong_direction"
    if np.isnan(line.low):
        meets_it = meets(value=line.value, comparator=comparator, target=target)
        return ("at_risk" if meets_it else "off_track"), "two_observations"
    worst, best = (line.low, line.high) if rising else (line.high, line.low)
    if meets(value=worst, comparator=comparator, target=target):
        return "on_track", "range_meets"
    if meets(value=best, comparator=comparator, target=target):
        return "at_risk", "range_straddles"
    return "off_track", "range_fails"


def _line(known: pd.Series[float], deadline: dt.date | None, bounds: tuple[float, float] | None) -> _Line:
    """Fit the line where there are two observations or more; its value at the deadline where there is one."""
    if len(known) < 2:
        return _Line()
    years = _years(pd.DatetimeIndex(known.index))
    slope = float(np.polyfit(years - years.mean(), known.to_numpy(), 1)[0])
    if deadline is None:
        return _Line(slope=slope)
    ahead = _fit(known, pd.DatetimeIndex([pd.Timestamp(deadline)]), LEVEL, None)
    reaches = _reaches(float(ahead["value"].iloc[0]), slope, deadline, _date(known.index[-1]), bounds)
    if bounds is not None:
        ahead = ahead.clip(*bounds)
    value, low, high = (float(one) for one in ahead.iloc[0])
    return _Line(slope=slope, value=value, low=low, high=high, reaches=reaches)


def _reaches(
    value: float, slope: float, deadline: dt.date, latest: dt.date, bounds: tuple[float, float] | None
) -> dt.date | None:
    """Return the day the line passes the bound it is beyond at the deadline; none where it is within."""
    if bounds is None or deadline <= latest or bounds[0] <= value <= bounds[1]:
        return None
    tomorrow = latest + dt.timedelta(days=1)
    if abs(slope) < NEGLIGIBLE:
        return tomorrow
    days = (min(max(value, bounds[0]), bounds[1]) - value) / slope * YEAR_DAYS
    # A line that heads back from beyond its bound was there before the latest observation.
    return max(deadline + dt.timedelta(days=round(days)), tomorrow) if days < 0 else tomorrow


def _fit(
    known: pd.Series[float], days: pd.DatetimeIndex, level: float, bounds: tuple[float, float] | None
) -> pd.DataFrame:
    """Fit by ordinary least squares and predict one new observation on each day."""
    years = _years(pd.DatetimeIndex(known.index))
    middle = years.mean()
    model = sm.OLS(
        known.to_numpy(dtype="float64"), np.column_stack([np.ones(len(years)), years - middle])
    ).fit()
    ahead = np.column_stack([np.ones(len(days)), _years(days) - middle])
    if len(known) == 2:
        frame = pd.DataFrame({"value": ahead @ model.params, "low": np.nan, "high": np.nan}, index=days)
    else:
        table = model.get_prediction(ahead).summary_frame(alpha=1 - level)
        frame = table[["mean", "obs_ci_lower", "obs_ci_upper"]].set_axis(["value", "low", "high"], axis=1)
        frame = frame.set_axis(days)
    return frame if bounds is None else frame.clip(*bounds)


def _years(days: pd.DatetimeIndex) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return dates as years, fractions by days."""
    since = (days - pd.Timestamp("2000-01-01")) / pd.Timedelta(days=1)
    return np.asarray(since, dtype=np.float64) / YEAR_DAYS


def _date(value: object) -> dt.date:
    return pd.Timestamp(str(value)).date()


def _stands(
    status: Status,
    reason: str,
    known: pd.Series[float],
    *,
    gap: float,
    pace_needed: float = np.nan,
    line: _Line | None = None,
) -> Standing:
    """Put a verdict together with the observation it rests on."""
    line = line or _Line()
    return Standing(
        status=status,
        reason=reason,
        latest=float(known.iloc[-1]),
        latest_date=_date(known.index[-1]),
        gap=gap,
        pace_needed=pace_needed,
        pace_observed=line.slope,
        projected=line.value,
        low=line.low,
        high=line.high,
        observations=len(known),
        reaches=line.reaches,
    )
