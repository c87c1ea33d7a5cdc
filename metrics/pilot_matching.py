"""Comparison stations like the pilots: nearest in what was known before they opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

BALANCED: Final = 0.25
RATIO: Final = 20
LEAST_HELD: Final = 2


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The comparison stations chosen, how close they are, and how like the pilots they make the group.

    ``pairs``: pilot, comparison, distance (standard deviations, root mean square over the covariates).
    ``balance``, by covariate: pilots, pool, matched (means), and the standardised mean differences
    ``before`` and ``after`` matching; beyond 0.25 in size a group is not alike (Rubin 2001).
    ``unmatched``: pilots for which no comparison was left.
    """

    pairs: pd.DataFrame
    balance: pd.DataFrame
    unmatched: tuple[str, ...]

    @property
    def comparisons(self) -> list[str]:
        """The comparison stations, each once."""
        return sorted(self.pairs["comparison"].unique())

    @property
    def balanced(self) -> bool:
        """Whether every covariate's standardised difference is within 0.25 after matching."""
        return bool((self.balance["after"].abs() <= BALANCED).all())


def match(
    *,
    covariates: pd.DataFrame,
    pilots: Sequence[str],
    ratio: int = RATIO,
    exact: Sequence[str] = (),
    caliper: float | None = None,
) -> Matched:
    """Choose for every pilot up to ``ratio`` comparison stations, none twice, the closest in all.

    Distance is Euclidean in standard deviations of the whole pool, per covariate; the choice minimises the
    sum of distances (optimal matching without replacement: Rosenbaum 1989, JASA 84). ``exact`` names
    covariates that must be equal (a zone); ``caliper`` is the greatest distance allowed. Twenty comparisons
    let one pilot reach a p-value of 1/21.

    ``covariates``: numbers by station (population, zone, staff, level and trend before the opening). A
    station with a missing covariate cannot be compared and is left out of the pool; a pilot with one is
    unmatched. Raises ``ValueError`` where a pilot has no row.

    >>> known = pd.DataFrame({"people": [5.0, 9, 5.1, 8.9, 4, 20]}, index=list("PQabcd"))
    >>> match(covariates=known, pilots=["P", "Q"], ratio=1).pairs.comparison.tolist()
    ['a', 'b']
    """
    absent = set(pilots) - set(covariates.index)
    if absent:
        raise ValueError(f"no covariates of {', '.join(sorted(absent))}")
    whole = covariates.dropna()
    pool = whole.drop(index=list(pilots), errors="ignore")
    ours = [one for one in pilots if one in whole.index]
    spread = whole.std(ddof=0).replace(0.0, 1.0)
    scaled = whole / spread
    gaps = scaled.loc[ours].to_numpy()[:, None, :] - scaled.loc[pool.index].to_numpy()[None, :, :]
    distance = np.sqrt((gaps**2).mean(axis=2)) if len(ours) else np.zeros((0, len(pool)))
    allowed = np.ones(distance.shape, dtype=bool)
    for name in exact:
        allowed &= whole.loc[ours, name].to_numpy()[:, None] == pool[name].to_numpy()[None, :]
    if caliper is not None:
        allowed &= distance <= caliper
    pairs = _assigned(distance, allowed, ours, list(pool.index), ratio)
    unmatched = tuple(one for one in pilots if one not in set(pairs["pilot"]))
    return Matched(pairs=pairs, balance=_balance(whole, pool, pairs), unmatched=unmatched)


def nearest(
    *,
    covariates: pd.DataFrame,
    stations: Sequence[str],
    pool: Sequence[str],
    ratio: int,
    exact: Sequence[str] = (),
) -> dict[str, list[str]]:
    """Return for every station up to ``ratio`` of the pool, the closest, itself excluded: nobody competes for them.

    Distances and ``exact`` are those of :func:`match`. A station without covariates, or without anything like
    it, is left out.

    >>> known = pd.DataFrame({"people": [5.0, 9, 5.1, 8.9, 4]}, index=list("PQabc"))
    >>> nearest(covariates=known, stations=["a", "b"], pool=["a", "b", "c"], ratio=1)
    {'a': ['c'], 'b': ['a']}
    """
    whole = covariates.dropna()
    asked = [one for one in stations if one in whole.index]
    there = [one for one in pool if one in whole.index]
    scaled = whole / whole.std(ddof=0).replace(0.0, 1.0)
    ours, theirs = scaled.loc[asked].to_numpy(), scaled.loc[there].to_numpy()
    distance = ((ours[:, None, :] - theirs[None, :, :]) ** 2).sum(axis=2)
    for name in exact:
        apart = whole.loc[asked, name].to_numpy()[:, None] != whole.loc[there, name].to_numpy()[None, :]
        distance[apart] = np.inf
    distance[np.array(asked, dtype=object)[:, None] == np.array(there, dtype=object)[None, :]] = np.inf
    order = np.argsort(distance, axis=1, kind="stable")[:, :ratio]
    found = {
        one: [there[at] for at in row if np.isfinite(distance[k, at])]
        for k, (one, row) in enumerate(zip(asked, order, strict=True))
    }
    return {one: others for one, others in found.items() if others}


@dataclass(frozen=True, kw_only=True)
class Comparisons:
    """The pilots' own comparisons, those of every station that may be a placebo, and what matching did not use.

    ``near``: the comparisons by station, pilots included. ``held``: the first day of the last third of the periods
    before the first opening, kept for the check of drift; None where that is less than two.
    """

    matched: Matched
    near: Mapping[str, list[str]]
    held: pd.Timestamp | None


def comparisons(
    *,
    panel: pd.DataFrame,
    opened: pd.Series[pd.Timestamp],
    covariates: pd.DataFrame | None = None,
    exact: Sequence[str] = (),
) -> Comparisons:
    """Match on the covariates and on the outcome's own past, each pilot and each station that may be a placebo.

    Several pilots need fewer comparisons each for as many choices of stations, and closer ones can be had.
    Placebos are those like a pilot in what must be equal. The arguments are those of :func:`metrics.pilots.study`.

    >>> months = pd.period_range("2024-01", periods=9, freq="M")
    >>> panel = pd.DataFrame(np.random.default_rng(3).normal(size=(30, 9)), columns=months,
    ...     index=[f"S{at:02d}" for at in range(30)])
    >>> found = comparisons(panel=panel, opened=pd.Series({"S00": pd.Timestamp("2024-08-01")}))
    >>> len(found.near), len(found.near["S05"]), found.held.month
    (30, 20, 6)
    """
    held = _held(panel, opened)
    before = opened.min() if len(opened) else pd.Timestamp.max
    known = past(panel=panel, before=before if held is None else held)
    if covariates is not None:
        known = known.join(covariates)
    known = known.dropna(axis="columns", how="all")
    ratio = RATIO if len(opened) == 1 else RATIO // 2
    pilots = [str(one) for one in opened.index]
    matched = match(covariates=known, pilots=pilots, ratio=ratio, exact=exact)
    pool = [str(one) for one in known.index if one not in set(pilots)]
    if exact:
        ours = [one for one in pilots if one not in matched.unmatched]
        alike = set(known.loc[ours, list(exact)].itertuples(index=False, name=None))
        rows = known.loc[pool, list(exact)].itertuples(index=False, name=None)
        pool = [one for one, row in zip(pool, rows, strict=True) if row in alike]
    near = {str(one): list(rows["comparison"]) for one, rows in matched.pairs.groupby("pilot")}
    near |= nearest(covariates=known, stations=pool, pool=pool, ratio=ratio, exact=exact)
    return Comparisons(matched=matched, near=near, held=held)


def past(*, panel: pd.DataFrame, before: pd.Timestamp) -> pd.DataFrame:
    """Return each station's level (mean) and trend (least-squares slope per period) before a date.

    ``panel``: values, a row per station and a column per period (``PeriodIndex``). Missing values are left
    out; a level needs one value and a trend two.

    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> past(panel=pd.DataFrame([[1.0, 2, 3, 9]], columns=months), before=pd.Timestamp("2024-04-01")).values
    array([[2., 1.]])
    """
    early = panel.loc[:, pd.PeriodIndex(panel.columns).end_time < before]
    values = early.to_numpy(dtype="float64")
    seen = ~np.isnan(values)
    count = seen.sum(axis=1)
    time = np.where(seen, np.arange(values.shape[1]), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.nansum(values, axis=1) / count
        centred = np.where(seen, time - (time.sum(axis=1) / count)[:, None], 0.0)
        trend = (centred * np.nan_to_num(values)).sum(axis=1) / (centred**2).sum(axis=1)
    return pd.DataFrame({"level": level, "trend": np.where(count > 1, trend, np.nan)}, index=panel.index)


def _held(panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]) -> pd.Timestamp | None:
    """Return the first day of the periods before the opening that matching leaves for the check of drift."""
    if not len(opened):
        return None
    early = pd.PeriodIndex(panel.columns)[pd.PeriodIndex(panel.columns).end_time < opened.min()]
    held = len(early) // 3
    return early[-held].start_time if held >= LEAST_HELD else None


def _assigned(
    distance: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    allowed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    pilots: list[str],
    pool: list[str],
    ratio: int,
) -> pd.DataFrame:
    """Assign stations to pilots at the least sum of distances; a pilot takes up to ``ratio`` of them."""
    forbidden = 1e6
    cost = np.repeat(np.where(allowed, distance, forbidden), ratio, axis=0)
    rows, columns = linear_sum_assignment(cost)
    kept = cost[rows, columns] < forbidden
    frame = pd.DataFrame(
        {
            "pilot": pd.Series([pilots[row // ratio] for row in rows[kept]], dtype="str"),
            "comparison": pd.Series([pool[column] for column in columns[kept]], dtype="str"),
            "distance": cost[rows, columns][kept],
        }
    )
    return frame.sort_values(["pilot", "distance"], ignore_index=True)


def _balance(whole: pd.DataFrame, pool: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Compare means of the matched pilots with the pool and with their comparisons, each pilot counting once."""
    weight = 1 / pairs.groupby("pilot")["pilot"].transform("size")
    chosen = whole.loc[pairs["comparison"]].to_numpy()
    ours = whole.loc[sorted(pairs["pilot"].unique())]
    matched = (chosen * weight.to_numpy()[:, None]).sum(axis=0) / max(weight.sum(), 1e-12)
    frame = pd.DataFrame(
        {"pilots": ours.mean(), "pool": pool.mean(), "matched": matched}, index=whole.columns
    )
    if pairs.empty:
        frame["matched"] = np.nan
    spread = pool.std(ddof=0).replace(0.0, np.nan)
    frame["before"] = (frame["pilots"] - frame["pool"]) / spread
    frame["after"] = (frame["pilots"] - frame["matched"]) / spread
    return frame.fillna({"before": 0.0, "after": 0.0}) if len(pairs) else frame
