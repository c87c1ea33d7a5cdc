"""How far from nothing the pilots' change is: beside the same change at other stations, in their own noise.

Every station is treated as the pilots are: its change since the opening beside that of its nearest comparisons,

    e_i = [mean gap since] - [mean gap before],   gap_it = y_it - mean over its comparisons j of y_jt,

and a group of stations by T = mean(e_i) / S, S^2 = sum s_i^2 / m^2, with s_i the standard deviation of station
i's own gap before the opening. So a group of noisy stations is judged by its own noise, and correlation over
time, which all share, is in the placebos too. Placebo groups have the pilots' structure: pilots of one district
are replaced by as many stations of one other district, for a district moves together. How many such groups
there are bounds how small the p-value can be. Sources: Fisher 1935; MacKinnon and Webb, Journal of Econometrics
218 (2020) 435 (studentised randomisation inference); Hagemann, arXiv 1907.01049 (few heterogeneous clusters);
Abadie, JEL 59 (2021) 391 (placebos alike in all but the treatment).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.pilot_effects import ALPHA, POWER, SEED

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS: Final = 1999
PRIOR: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Placebos:
    """What the placebos say of an estimate, in the outcome's unit.

    ``spread``: the pilots' own S. ``p_value``, ``low``, ``high`` (at 1 - alpha), ``smallest_p`` and
    ``detectable`` as in :class:`metrics.pilot_effects.Effect`. ``moved``: how far the pilots moved from their
    comparisons between the months matched on and those held out before the opening, ``moved_p`` its p-value
    (missing with too few such months). ``noise``: the pilots' own noise over that of the placebos, ``shared``:
    the largest number of pilots in one district.
    """

    spread: float
    p_value: float
    low: float
    high: float
    smallest_p: float
    detectable: float
    moved: float
    moved_p: float
    noise: float
    shared: int


def placebos(
    *,
    panel: pd.DataFrame,
    opened: pd.Series[pd.Timestamp],
    near: Mapping[str, list[str]],
    estimate: float,
    held: pd.Timestamp | None = None,
    districts: pd.Series[str] | None = None,
    alpha: float = ALPHA,
) -> Placebos:
    """Judge an estimate by groups of stations that nothing happened to.

    ``panel``: values by station and period; ``opened`` by pilot; ``near``: the comparisons of every station,
    pilots and placebos alike; ``districts`` by station (none: each its own); ``held``: the first day of the
    months before the opening that matching did not use. A station without a gap on either side is no placebo.

    >>> months = pd.period_range("2024-01", periods=12, freq="M")
    >>> panel = pd.DataFrame(np.random.default_rng(1).normal(size=(40, 12)), columns=months,
    ...     index=[f"S{at:02d}" for at in range(40)])
    >>> near = {one: [other for other in panel.index[1:] if other != one][:10] for one in panel.index}
    >>> found = placebos(panel=panel, opened=pd.Series({"S00": pd.Timestamp("2024-07-01")}), near=near, estimate=9.0)
    >>> round(found.p_value, 3), found.low > 0
    (0.025, True)
    """
    gaps = _gaps(panel, near)
    days = sorted(set(opened))
    sides = {day: _changes(gaps, day, held) for day in days}
    pool = [one for one in near if one not in set(opened.index)]
    usable = pd.concat(
        [sides[day].loc[pool, ["change", "spread"]].notna().all(axis=1) for day in days], axis=1
    )
    fine = usable.all(axis=1).to_numpy()
    pool = [one for one, kept in zip(pool, fine, strict=True) if kept]
    own = pd.concat([sides[day].loc[opened.index[opened == day]] for day in days]).loc[opened.index]
    groups = _labels(list(opened.index), districts), _labels(pool, districts)
    choices, possible = _choices(tuple(groups[0]), tuple(groups[1]))
    spread = float(np.sqrt((own["spread"] ** 2).sum()) / len(own))
    which = [days.index(day) for day in opened]
    parts = {
        name: np.column_stack([sides[day].loc[pool, name] for day in days])
        for name in ("change", "spread", "moved")
    }

    def scores(name: str) -> Floats:
        if not len(choices):
            return np.zeros(0)
        picked = np.column_stack([parts[name][choices[:, k], at] for k, at in enumerate(which)])
        noise = np.column_stack([parts["spread"][choices[:, k], at] for k, at in enumerate(which)])
        return np.asarray(np.abs(picked.sum(axis=1)) / np.sqrt((noise**2).sum(axis=1)), dtype=np.float64)

    chance, trials = scores("change"), min(len(choices), possible)
    reach = _reach(chance, trials, alpha) * spread
    found = chance[np.isfinite(chance)]
    power = float(np.quantile(found, 2 * POWER - 1)) * spread if len(found) else np.inf
    moved = float(own["moved"].mean())
    return Placebos(
        spread=spread,
        p_value=_p_value(abs(estimate) / spread, chance, trials),
        low=estimate - reach,
        high=estimate + reach,
        smallest_p=1 / (1 + trials),
        detectable=reach + power,
        moved=moved,
        moved_p=_p_value(abs(moved) / spread, scores("moved"), trials) if np.isfinite(moved) else np.nan,
        noise=float(own["spread"].median() / np.median(parts["spread"])) if len(pool) else np.nan,
        shared=max(Counter(groups[0]).values()),
    )


def _gaps(panel: pd.DataFrame, near: Mapping[str, list[str]]) -> pd.DataFrame:
    """Return each station's value less the mean of its comparisons, period by period."""
    values = panel.to_numpy(dtype="float64")
    seen = ~np.isnan(values)
    place = {name: at for at, name in enumerate(panel.index)}
    beside = np.zeros((len(near), len(panel)))
    for row, others in enumerate(near.values()):
        beside[row, [place[one] for one in others]] = 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (beside @ np.where(seen, values, 0.0)) / (beside @ seen.astype(float))
    own = values[[place[one] for one in near]]
    return pd.DataFrame(own - mean, index=pd.Index(list(near)), columns=panel.columns)


def _changes(gaps: pd.DataFrame, day: pd.Timestamp, held: pd.Timestamp | None) -> pd.DataFrame:
    """Return each station's change, its own noise before, and how far it moved before; the opening period is out."""
    periods = pd.PeriodIndex(gaps.columns)
    before = np.asarray(periods.end_time < day)
    early, late = gaps.loc[:, before], gaps.loc[:, np.asarray(periods.start_time >= day)]
    degrees = (early.count(axis=1) - 1).clip(lower=0)
    variance = early.var(axis=1, ddof=1)
    usual = float(variance.median()) if variance.notna().any() else 1.0
    # few months know their own noise poorly, and a station that reported nothing has none: one month's worth of usual
    drawn = (variance.fillna(0.0) * degrees + PRIOR * usual) / (degrees + PRIOR)
    moved = pd.Series(np.nan, index=gaps.index)
    if held is not None:
        kept = early.loc[:, np.asarray(pd.PeriodIndex(early.columns).start_time >= held)]
        used = early.loc[:, np.asarray(pd.PeriodIndex(early.columns).start_time < held)]
        moved = kept.mean(axis=1) - used.mean(axis=1)
    return pd.DataFrame(
        {
            "change": late.mean(axis=1) - early.mean(axis=1),
            "spread": np.sqrt(np.maximum(drawn, 1e-24)),
            "moved": moved,
        }
    )


def _labels(stations: list[str], districts: pd.Series[str] | None) -> list[str]:
    """Return each station's district; a station of none known is one of its own."""
    if districts is None:
        return stations
    known = districts.reindex(stations)
    return [name if pd.isna(where) else str(where) for name, where in zip(stations, known, strict=True)]


@lru_cache(maxsize=16)
def _choices(pilots: tuple[str, ...], pool: tuple[str, ...]) -> tuple[Ints, int]:
    """Draw groups of the pool with the pilots' structure, and count how many there are to choose from.

    Rows of positions in the pool, in the order of the pilots. Pilots of one district take stations of one other,
    pilots of different districts different ones. What is counted is choices of districts: stations of one
    district are no independent evidence. Where every district is one station, all stations count.
    """
    members: dict[str, list[int]] = {}
    for at, name in enumerate(pool):
        members.setdefault(name, []).append(at)
    blocks = [np.flatnonzero([one == name for one in pilots]) for name in dict.fromkeys(pilots)]
    blocks.sort(key=len, reverse=True)
    large = [[name for name, there in members.items() if len(there) >= len(block)] for block in blocks]
    if any(len(fitting) <= at for at, fitting in enumerate(large)):
        return np.zeros((0, len(pilots)), dtype=np.int64), 0
    possible = 1
    for size, repeated in Counter(len(block) for block in blocks).items():
        roomy = sum(len(there) >= size for there in members.values())
        taken = sum(len(block) > size for block in blocks)
        possible *= max(comb(roomy - taken, repeated), 1)
    draw = np.random.default_rng(SEED)
    if len(pilots) == 1 and possible == len(pool):
        return np.arange(len(pool))[:, None], possible
    rows = np.empty((DRAWS, len(pilots)), dtype=np.int64)
    for row in rows:
        used: set[str] = set()
        for block, fitting in zip(blocks, large, strict=True):
            name = fitting[int(draw.integers(len(fitting)))]
            while name in used:
                name = fitting[int(draw.integers(len(fitting)))]
            used.add(name)
            there = members[name]
            row[block] = (
                draw.choice(there, len(block), replace=False)
                if len(block) > 1
                else there[int(draw.integers(len(there)))]
            )
    return rows, possible


def _p_value(score: float, chance: Floats, trials: int) -> float:
    """Return the share of groups, the pilots' own among them, at least as far from nothing."""
    known = chance[np.isfinite(chance)]
    beyond = float((known >= score * (1 - 1e-9)).mean()) if len(known) else 1.0
    return (1 + trials * beyond) / (1 + trials)


def _reach(chance: Floats, trials: int, alpha: float) -> float:
    """Return the score from which on an effect is rejected at alpha; infinite where none can be."""
    allowed = (alpha * (1 + trials) - 1) / trials if trials else -1.0
    known = np.sort(chance[np.isfinite(chance)])
    if allowed < -1e-12 or not len(known):
        return np.inf
    # a score is rejected when at most this many placebos reach it
    beyond = int(np.floor(allowed * len(known) + 1e-9))
    return float(known[-1 - beyond]) if beyond < len(known) else 0.0
