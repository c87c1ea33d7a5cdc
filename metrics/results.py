"""From sums to indicator values: what the registry says, applied.

A result carries its numerator, denominator, value and status, so that the next level up can be summed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from data.query import Measure
from metrics.registry import Indicator

OK: Final = "ok"
PARTIAL: Final = "partial"
MISSING: Final = "missing"
ZERO_DENOMINATOR: Final = "zero_denominator"
# What did not report is missing from the numerator only, so a ratio reads low; below this share it is not ranked.
RANKED_FROM: Final = 0.9


def ratio(*, numerator: pd.Series, denominator: pd.Series, multiplier: float = 1) -> pd.DataFrame:
    """Return numerator / denominator x multiplier with its parts: numerator, denominator, value, status.

    Status is ``missing`` when either part is, ``zero_denominator`` when nothing can be divided by, else
    ``ok``; the value is missing unless it is ``ok``. Sum the parts and call again for a larger area; never
    average values.

    >>> ratio(numerator=pd.Series([9, 0, 3, None]), denominator=pd.Series([10000, 5, 0, 7]),
    ...       multiplier=10000).value.tolist()
    [9.0, 0.0, nan, nan]
    """
    frame = pd.DataFrame({"numerator": numerator, "denominator": denominator}).astype("float64")
    missing = frame.isna().any(axis=1)
    zero = frame.denominator == 0
    frame["value"] = (frame.numerator / frame.denominator * multiplier).where(~missing & ~zero)
    status = np.select([missing, zero], [MISSING, ZERO_DENOMINATOR], OK)
    frame["status"] = pd.Series(status, index=frame.index, dtype="str")
    return frame


def measures(*, indicators: Iterable[Indicator]) -> dict[str, Measure]:
    """Return the measures to ask of :func:`data.query.measure_sums`, named ``<indicator>.numerator`` etc.

    >>> from metrics.registry import indicators
    >>> list(measures(indicators=[indicators()["urban_share"]]))
    ['urban_share.numerator', 'urban_share.denominator']
    """
    return {
        f"{indicator.id}.{part}": measure
        for indicator in indicators
        for part, measure in (("numerator", indicator.numerator), ("denominator", indicator.denominator))
        if measure is not None
    }


def evaluate(*, indicator: Indicator, sums: pd.DataFrame) -> pd.DataFrame:
    """Return an indicator (formula ``sum`` or ``ratio``) by code and year, in its own unit.

    ``sums`` is what :func:`data.query.measure_sums` gives for :func:`measures`, asked for the same years
    throughout (carried-forward measures have no years of their own). Columns: ``numerator``,
    ``denominator`` (missing for a sum), ``value``, ``low``, ``high``, ``reported``, ``expected`` (of the
    less complete part), ``as_of`` (the oldest year of the data used), ``status`` (``ok``, ``partial`` when
    not all reported, ``missing``, ``zero_denominator``) and ``rankable`` (a value, on at least the minimum
    denominator, from at least nine tenths of those expected).

    Bounds of communes split in 2025: where only the denominator is a range, the value is taken at both its
    ends; where both are, at both low ends and both high ends, since the people transferred carry both with
    them.

    >>> from metrics.registry import indicators
    >>> sums = pd.DataFrame([(f"urban_share.{part}", "92", 2019, value, value, value, 1, 1, 2019)
    ...                      for part, value in (("numerator", 25.0), ("denominator", 100.0))],
    ...     columns=["measure", "code", "year", "value", "low", "high", "reported", "expected", "as_of"])
    >>> evaluate(indicator=indicators()["urban_share"], sums=sums).loc[("92", 2019), "value"]
    np.float64(25.0)
    """
    if indicator.formula not in ("sum", "ratio"):
        raise ValueError(f"{indicator.id}: the formula {indicator.formula} needs more than sums")
    top = _part(sums, f"{indicator.id}.numerator")
    if indicator.formula == "sum":
        result = pd.DataFrame({"numerator": top.value, "denominator": np.nan})
        result[["value", "low", "high"]] = top[["value", "low", "high"]] * indicator.multiplier
        result["status"] = pd.Series(np.where(top.value.isna(), MISSING, OK), index=top.index, dtype="str")
        return _completed(result, top, indicator.minimum_denominator)
    bottom = _part(sums, f"{indicator.id}.denominator")
    index = top.index.union(bottom.index)
    top, bottom = top.reindex(index), bottom.reindex(index)
    less_complete = (bottom.reported / bottom.expected) < (top.reported / top.expected)
    completeness = top.mask(less_complete, bottom, axis=0)
    completeness["as_of"] = np.fmin(top.as_of, bottom.as_of)
    return _completed(
        _divided(top, bottom, indicator.multiplier), completeness, indicator.minimum_denominator
    )


def _part(sums: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return one measure's sums by code and year."""
    columns = ["value", "low", "high", "reported", "expected", "as_of"]
    return sums[sums.measure == measure].set_index(["code", "year"])[columns].astype("float64")


def _divided(top: pd.DataFrame, bottom: pd.DataFrame, multiplier: float) -> pd.DataFrame:
    """Return the ratio of two parts with its bounds."""
    result = ratio(numerator=top.value, denominator=bottom.value, multiplier=multiplier)
    fixed = top.low == top.high
    ends = pd.DataFrame(
        {
            "a": top.low / bottom.low.where(~fixed, bottom.high),
            "b": top.high / bottom.high.where(~fixed, bottom.low),
            "c": result.value / multiplier,
        }
    )
    ends = ends.where(np.isfinite(ends)).where(result.value.notna(), np.nan) * multiplier
    return result.assign(low=ends.min(axis=1), high=ends.max(axis=1))


def _completed(
    result: pd.DataFrame, completeness: pd.DataFrame, minimum_denominator: float | None
) -> pd.DataFrame:
    """Add how complete the sums are, and whether the value may be ranked."""
    counts = completeness[["reported", "expected", "as_of"]].astype("Int64")
    partial = (counts.reported < counts.expected).fillna(False).astype(bool)
    small = result.denominator < (minimum_denominator or 0)
    result["status"] = result.status.mask((result.status == OK) & partial, PARTIAL)
    enough = (counts.reported >= RANKED_FROM * counts.expected).fillna(False).astype(bool)
    result["rankable"] = result.value.notna() & ~small & enough
    columns = ["numerator", "denominator", "value", "low", "high", "status", "rankable"]
    return result[columns].join(counts)
