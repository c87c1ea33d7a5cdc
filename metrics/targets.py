"""Where each commitment stands: done, on track, at risk, off track, missed, or not measurable, and why.

A verdict before the deadline rests on the range of :mod:`metrics.forecast` at the deadline, which holds 80
percent of new figures. What the range does not show is not said: a slope points the wrong way only where it
does so with a chance of 95 percent. The range holds only while the years ahead resemble the years behind; it
knows nothing of a new budget or a new law.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from metrics.forecast import Bounds, Forecast, forecast

Comparator = Literal[">=", ">", "<=", "<", "done"]
Status = Literal["done", "on_track", "at_risk", "off_track", "missed", "not_measurable"]

STATUSES: Final = ("off_track", "missed", "at_risk", "not_measurable", "on_track", "done")
LEVEL: Final = 0.8
SURE: Final = 0.95
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
    ``reason``: ``met``, ``met_once`` (by the latest figure, not yet by those before), ``slipping`` (met, and
    moving away), ``met_late``, ``deadline_passed``, ``no_data``, ``no_data_by_deadline``, ``stale``,
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


def bounds_of(*, unit: str) -> tuple[float, float]:
    """Return what a target's unit cannot leave: 0 and 100 for one that begins with "percent", else below zero.

    >>> bounds_of(unit="percent of stations"), bounds_of(unit="clinics")
    ((0.0, 100.0), (0.0, inf))
    """
    return (0.0, 100.0 if unit.startswith("percent") else np.inf)


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
    bounds: Bounds = None,
) -> Standing:
    """Judge one commitment on one day, from its observations (values indexed by date).

    Past its deadline (the day after it) a promise is judged by the last observation up to the deadline and
    keeps that verdict: ``done`` or ``missed``, or not measurable where the last observation is more than a
    year older than the deadline. Before, a promise is ``done`` when the latest observation keeps it and so does
    the one before, or the curve through all of them: one good year is not enough (a single observation, or a
    yes/no, is taken at its word). Kept, but surely moving away so that the range at the deadline may not keep it,
    is ``at_risk``. Otherwise the whole range at the deadline meets it (``on_track``), straddles it
    (``at_risk``) or fails it (``off_track``). Fewer than three observations give no range, so no verdict. A yes/no
    promise not done is ``at_risk`` until its deadline.

    ``bounds`` are what the figures cannot leave (:func:`bounds_of`). Observations after ``today`` and missing
    values are left out.

    >>> rising = pd.Series([60.0, 64.0, 69.0, 72.0], index=pd.to_datetime(
    ...     ["2020-12-31", "2021-12-31", "2022-12-31", "2023-12-31"]))
    >>> now = standing(observed=rising, comparator=">=", target=100, deadline=dt.date(2030, 12, 31),
    ...     today=dt.date(2024, 6, 1), bounds=(0, 100))
    >>> now.status, round(now.pace_needed, 2), round(now.pace_observed, 2), round(now.projected, 1)
    ('off_track', 4.0, 3.66, 86.1)
    """
    known = observed.dropna()
    known = known[pd.DatetimeIndex(known.index) <= pd.Timestamp(today)].sort_index()
    if deadline is not None and today > deadline:
        return _after_deadline(known, comparator, target, deadline)
    if known.empty:
        return Standing(status="not_measurable", reason="no_data")
    latest, on = float(known.iloc[-1]), _date(known.index[-1])
    line = _ahead(known, deadline, bounds)
    if meets(value=latest, comparator=comparator, target=target):
        status, reason = _kept(known, line, comparator, target)
        return _stands(status, reason, known, gap=0.0, line=line)
    gap = abs(target - latest)
    if comparator == "done":
        return _stands("at_risk", "not_done_yet", known, gap=gap)
    if deadline is None:
        return _stands("not_measurable", "no_deadline", known, gap=gap, line=line)
    years_left = (deadline - on).days / YEAR_DAYS
    pace = (target - latest) / years_left if years_left > 0 else np.nan
    status, reason = _outlook(line, comparator, target, years_left, len(known))
    return _stands(status, reason, known, gap=gap, pace_needed=pace, line=line)


def projection(
    *,
    observed: pd.Series[float],
    until: dt.date,
    level: float = LEVEL,
    bounds: Bounds = None,
) -> pd.DataFrame:
    """Return the curve and its range at each year's end after the latest observation, and at ``until``.

    Indexed by date: value, low, high. Fewer than two observations give no row, two give no range. The
    range covers one new observation with probability ``level`` (:mod:`metrics.forecast`).

    >>> line = pd.Series([1.0, 2.0, 3.0], index=pd.to_datetime(["2020-12-31", "2021-12-31", "2022-12-31"]))
    >>> projection(observed=line, until=dt.date(2024, 12, 31)).round(2).value.tolist()
    [3.9, 4.72]
    """
    known = observed.dropna().sort_index()
    if len(known) < 2:
        return pd.DataFrame(columns=["value", "low", "high"], index=pd.DatetimeIndex([]), dtype="float64")
    last = pd.Timestamp(str(known.index[-1]))
    ends = pd.date_range(last + pd.Timedelta(days=1), until, freq="YE")
    days = ends.union(pd.DatetimeIndex([pd.Timestamp(until)]))
    days = days[days > last]
    found = _forecast(known, days, level, bounds)
    return pd.DataFrame({"value": found.value, "low": found.low, "high": found.high}, index=days)


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
    judged["latest_date"] = pd.to_datetime(judged["latest_date"]).astype("datetime64[us]")
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


def _kept(
    known: pd.Series[float], line: Forecast | None, comparator: Comparator, target: float
) -> tuple[Status, str]:
    """Judge a promise that the latest observation keeps: lastingly, by one good year, or not for long."""
    if comparator == "done" or len(known) == 1:
        return "done", "met"
    assert line is not None
    before = meets(value=float(known.iloc[-2]), comparator=comparator, target=target)
    through = len(known) > 2 and meets(value=line.level, comparator=comparator, target=target)
    worst, _ = _ends(line, comparator)
    stays = meets(value=worst, comparator=comparator, target=target)
    if before or through:
        ahead = len(line.value) > 0 and not np.isnan(worst)
        slips = ahead and not stays and _moves_away(line, comparator)
        return ("at_risk", "slipping") if slips else ("done", "met")
    return ("on_track", "range_meets") if stays else ("at_risk", "met_once")


def _outlook(
    line: Forecast | None, comparator: Comparator, target: float, years_left: float, observations: int
) -> tuple[Status, str]:
    """Compare the projection's range at the deadline with the target."""
    if years_left <= 0:
        return "off_track", "no_time_left"
    if line is None or observations < 3:
        return "not_measurable", "one_observation" if line is None else "two_observations"
    worst, best = _ends(line, comparator)
    if meets(value=worst, comparator=comparator, target=target):
        return "on_track", "range_meets"
    if meets(value=best, comparator=comparator, target=target):
        return "at_risk", "range_straddles"
    return "off_track", "wrong_direction" if _moves_away(line, comparator) else "range_fails"


def _ends(line: Forecast, comparator: Comparator) -> tuple[float, float]:
    """Return the worse and the better end of the range at the deadline, missing where there is none."""
    if not len(line.value):
        return np.nan, np.nan
    low, high = float(line.low[0]), float(line.high[0])
    return (low, high) if comparator in (">=", ">", "done") else (high, low)


def _moves_away(line: Forecast, comparator: Comparator) -> bool:
    """Tell whether the slope surely leads away from the target."""
    away = 1 - line.rising if comparator in (">=", ">") else line.rising
    return bool(away >= SURE)


def _ahead(known: pd.Series[float], deadline: dt.date | None, bounds: Bounds) -> Forecast | None:
    """Carry the observations forward to the deadline, if there are two and it lies ahead."""
    if len(known) < 2:
        return None
    until = [] if deadline is None or deadline <= _date(known.index[-1]) else [pd.Timestamp(deadline)]
    return _forecast(known, pd.DatetimeIndex(until), LEVEL, bounds)


def _forecast(known: pd.Series[float], days: pd.DatetimeIndex, level: float, bounds: Bounds) -> Forecast:
    return forecast(
        years=_years(pd.DatetimeIndex(known.index)),
        values=np.asarray(known, dtype=np.float64),
        ahead=_years(days),
        level=level,
        bounds=bounds,
    )


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
    line: Forecast | None = None,
) -> Standing:
    """Put a verdict together with the observation it rests on."""
    there = line is not None and len(line.value) > 0
    return Standing(
        status=status,
        reason=reason,
        latest=float(known.iloc[-1]),
        latest_date=_date(known.index[-1]),
        gap=gap,
        pace_needed=pace_needed,
        pace_observed=np.nan if line is None else line.pace,
        projected=float(line.value[0]) if line is not None and there else np.nan,
        low=float(line.low[0]) if line is not None and there else np.nan,
        high=float(line.high[0]) if line is not None and there else np.nan,
        observations=len(known),
    )
