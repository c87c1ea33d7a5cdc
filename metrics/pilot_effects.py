"""How much changed at the pilots beside what changed at comparison stations, and how sure that is.

The estimate compares each pilot's mean since its opening with its own mean before, month by month beside the
stations that are not open at that time (never opened, or opened later):

    effect = average over pilots i and periods t since opening of
             [y_it - mean_before(y_i)] - average over stations j not open at t of [y_jt - mean_before(y_j)]

With one opening date this is the ordinary difference-in-differences; with several it uses no station that is
already open as a comparison, which a two-way fixed-effects regression would. Source: Lee and Wooldridge
(2023), A simple transformation approach to difference-in-differences estimation for panel data; with the last
period before opening in place of the mean it is the group-time average of Callaway and Sant'Anna (2021),
Journal of Econometrics 225(2), with not-yet-treated comparisons.

Inference is by randomisation, for it stays right when only three units are treated and series are
correlated over time: the openings are given to every other choice of stations (or to many drawn at random) and the
estimate is recomputed. The interval holds every constant effect that this test does not reject. Source:
Fisher (1935); MacKinnon and Webb (2020), Journal of Econometrics 218(2). It assumes that, without the
clinics, pilots and comparisons would have changed alike; :func:`event_study` shows whether they did before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Base = Literal["mean", "last"]

EVERY_CHOICE_UP_TO: Final = 6000
DRAWS: Final = 1999
SEED: Final = 20241021
ALPHA: Final = 0.05
POWER: Final = 0.8


@dataclass(frozen=True, kw_only=True)
class Effect:
    """An estimated effect in the outcome's unit, its interval at 1 - alpha, and what it rests on.

    ``p_value``: the share of choices of stations whose estimate is at least as far from zero.
    ``smallest_p``: the least that share can be; where it is above alpha no interval ends
    (``low``, ``high`` infinite) and nothing can be concluded. ``cells``: pilot-periods since opening, and
    ``cells_missing`` those without a value. ``chance``: the spread (standard deviation) of the other choices.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    smallest_p: float
    pilots: int
    comparisons: int
    cells: int
    cells_missing: int
    chance: float


@dataclass(frozen=True, kw_only=True)
class EventStudy:
    """The effect by period since opening, and whether pilots and comparisons moved apart before.

    ``points``, indexed by the period relative to the opening (0 is the first open one): estimate,
    chance_low, chance_high (what 95 percent of the other choices of stations give once the average effect
    is taken out), pilots (how many).
    ``pre_slope``: the pilots' drift away from the comparisons before opening, per period; ``pre_p`` its
    randomisation p-value; ``carried_on``: what that drift would amount to at the middle of the open periods.
    """

    points: pd.DataFrame
    pre_slope: float
    pre_p: float
    carried_on: float


def difference_in_differences(
    *, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], base: Base = "mean", alpha: float = ALPHA
) -> Effect:
    """Estimate the pilots' effect with its randomisation interval; openings may be staggered.

    ``panel``: values, one row per station and one column per period (a ``PeriodIndex``, in order);
    ``opened``: the opening date of each pilot, by station. Every other row is a comparison. The period of an
    opening counts as open only when it opened on its first day; otherwise it is left out for that pilot.
    ``base``: a station's mean before the opening, or its last period alone (Callaway and Sant'Anna).

    Missing values are left out period by period, never filled. Raises ``ValueError`` where a pilot has no
    period before or since its opening, is not in the panel, or no comparison is left.

    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> panel = pd.DataFrame([[1.0, 1, 5, 5], *[[2.0, 2, 3, 3]] * 30], columns=months)
    >>> one = difference_in_differences(panel=panel, opened=pd.Series({0: pd.Timestamp("2024-03-01")}))
    >>> one.estimate, round(one.p_value, 3)
    (3.0, 0.032)
    """
    made = _Design(panel, opened, base)
    actual, shifted = made.overall(made.values), made.overall(made.treated)
    low, high = _interval(actual, shifted, alpha)
    open_cells = made.treated[made.opening < made.periods] == 1
    missing = int(made.open_periods.sum() - open_cells.sum())
    return Effect(
        estimate=float(actual[0]),
        low=low,
        high=high,
        p_value=_p_value(actual, shifted, 0.0),
        smallest_p=1 / len(actual),
        pilots=len(opened),
        comparisons=len(panel) - len(opened),
        cells=int(made.open_periods.sum()),
        cells_missing=missing,
        chance=float((actual - actual[0] * shifted)[1:].std()),
    )


def event_study(*, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]) -> EventStudy:
    """Estimate the effect of every period relative to the opening, and test the drift before it.

    Each estimate is relative to the mean before the opening, so that those before average zero. The test of
    the drift asks how often another choice of stations drifts as fast (randomisation, two-sided); a drift not
    found is no proof that there is none, least of all with few pilots (Roth 2022, AER: Insights 4(3)).

    The same arguments, missing values and errors as :func:`difference_in_differences`.

    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> panel = pd.DataFrame([[1.0, 1, 5, 6], *[[2.0, 2, 3, 3]] * 30], columns=months)
    >>> study = event_study(panel=panel, opened=pd.Series({0: pd.Timestamp("2024-03-01")}))
    >>> study.points.estimate.tolist(), study.pre_slope
    ([0.0, 0.0, 3.0, 4.0], 0.0)
    """
    made = _Design(panel, opened, "mean")
    first = int(made.opening.min())
    events = np.arange(-int(made.opening[made.opening < made.periods].max()), made.periods - first)
    by_event = made.by_event(made.values, events)
    known = ~np.isnan(by_event[0])
    events, by_event = events[known], by_event[:, known]
    average = made.overall(made.values)[0]
    chance = made.by_event(made.values - average * np.nan_to_num(made.treated), events)[1:]
    low, high = np.nanquantile(chance, [ALPHA / 2, 1 - ALPHA / 2], axis=0)
    places = made.opening[made.opening < made.periods]
    points = pd.DataFrame(
        {
            "estimate": by_event[0],
            "chance_low": low,
            "chance_high": high,
            "pilots": [int(((places + e >= 0) & (places + e < made.periods)).sum()) for e in events],
        },
        index=pd.Index(events, name="event"),
    )
    before = events < 0
    slope = _slopes(events[before], by_event[:, before])
    middle = events[~before].mean() - events[before].mean()
    return EventStudy(
        points=points,
        pre_slope=float(slope[0]),
        pre_p=float(np.mean(np.abs(slope) >= abs(slope[0]) - 1e-12)),
        carried_on=float(slope[0] * middle),
    )


def minimum_detectable_effect(
    *, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], alpha: float = ALPHA, power: float = POWER
) -> float:
    """Return the smallest constant effect that this many pilots and periods would find, in the outcome's unit.

    Found means rejected at alpha in ``power`` of the cases. Both come from the estimates of the other
    choices of stations, once the estimated effect is taken out: quantile(|placebo|, 1 - alpha) +
    quantile(placebo, power), the latter from |placebo| as well since placebos lie evenly about zero.
    Infinite where the smallest attainable p-value is above alpha.

    >>> rows = np.random.default_rng(1).normal(size=(40, 12))
    >>> panel = pd.DataFrame(rows, columns=pd.period_range("2024-01", periods=12, freq="M"))
    >>> opened = pd.Series({at: pd.Timestamp("2024-07-01") for at in range(3)})
    >>> 0.5 < minimum_detectable_effect(panel=panel, opened=opened) < 1.5
    True
    """
    made = _Design(panel, opened, "mean")
    if 1 / len(made.choices) > alpha:
        return np.inf
    actual, shifted = made.overall(made.values), made.overall(made.treated)
    placebo = np.abs(actual - actual[0] * shifted)[1:]
    return float(np.quantile(placebo, 1 - alpha) + np.quantile(placebo, 2 * power - 1))


def pilots_needed(*, detectable: float, worthwhile: float, pilots: int, comparisons: int) -> int | None:
    """Return how many pilots would find an effect worth having, with the same comparisons and periods.

    The spread of an estimate goes with sqrt(1/pilots + 1/comparisons); None where no number of pilots would
    do (the comparisons alone spread too much), or the detectable effect is not known.

    >>> pilots_needed(detectable=20, worthwhile=10, pilots=3, comparisons=60)
    15
    """
    if not np.isfinite(detectable) or worthwhile <= 0:
        return None
    allowed = (1 / pilots + 1 / comparisons) * (worthwhile / detectable) ** 2 - 1 / comparisons
    return None if allowed <= 0 else max(pilots, int(np.ceil(1 / allowed - 1e-9)))


class _Design:
    """The panel as arrays, and the openings given to the actual and to other choices of stations."""

    def __init__(self, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], base: Base) -> None:
        unknown = opened.index.difference(panel.index)
        if len(unknown):
            raise ValueError(f"not in the panel: {', '.join(map(str, unknown))}")
        if len(opened) == 0 or len(opened) == len(panel):
            raise ValueError("no pilot or no comparison is left")
        columns = pd.PeriodIndex(panel.columns)
        self.periods = len(columns)
        self.base = base
        self.values = panel.to_numpy(dtype="float64").copy()
        self.opening = np.full(len(panel), self.periods)
        for station, day in opened.items():
            row = int(panel.index.get_indexer(pd.Index([station]))[0])
            first = int((columns.start_time < day).sum())
            if first == 0 or first >= self.periods:
                raise ValueError(f"{station}: no period before or since its opening")
            self.opening[row] = first
            if columns[first - 1].start_time < day <= columns[first - 1].end_time:
                self.values[row, first - 1] = np.nan
        self.open_periods = self.periods - self.opening[self.opening < self.periods]
        after = np.arange(self.periods)[None, :] >= self.opening[:, None]
        self.treated = np.where(np.isnan(self.values), np.nan, after.astype(float))
        self.choices = _choices(self.opening, self.periods)
        self.cohorts = sorted({int(first) for first in self.opening if first < self.periods})

    def overall(self, values: Floats) -> Floats:
        """Return the average effect over pilots and open periods, for every choice of stations."""
        cells = [(effect[:, first:], count[:, first:]) for first, effect, count in self._by_cohort(values)]
        return _average(np.hstack([one for one, _ in cells]), np.hstack([count for _, count in cells]))

    def by_event(self, values: Floats, events: Ints) -> Floats:
        """Return the average effect over pilots at each period relative to their opening: choices x events."""
        cohorts = self._by_cohort(values)
        found = []
        for event in events:
            there = [
                (e[:, f + event], c[:, f + event]) for f, e, c in cohorts if 0 <= f + event < self.periods
            ]
            found.append(_average(*(np.column_stack(one) for one in zip(*there, strict=True))))
        return np.column_stack(found)

    def _by_cohort(self, values: Floats) -> list[tuple[int, Floats, Floats]]:
        return [(first, *_cells(self, values, first)) for first in self.cohorts]


def _choices(opening: Ints, never: int) -> Ints:
    """Return assignments of the same openings to stations: the actual one first, then all others or draws."""
    pilots = np.flatnonzero(opening < never)
    count, size = len(opening), len(pilots)
    if len(set(opening[pilots].tolist())) == 1 and comb(count, size) <= EVERY_CHOICE_UP_TO:
        others = [one for one in combinations(range(count), size) if one != tuple(pilots)]
        table = np.full((len(others) + 1, count), never)
        table[0] = opening
        for row, one in enumerate(others, start=1):
            table[row, list(one)] = opening[pilots[0]]
        return table
    draw = np.random.default_rng(SEED)
    return np.vstack([opening, draw.permuted(np.tile(opening, (DRAWS, 1)), axis=1)])


def _average(effect: Floats, count: Floats) -> Floats:
    """Average cells by the number of pilots seen in each; missing where none is."""
    usable = np.where(np.isnan(effect), 0.0, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = (np.nan_to_num(effect) * usable).sum(axis=1) / usable.sum(axis=1)
    return mean


def _cells(made: _Design, values: Floats, first: int) -> tuple[Floats, Floats]:
    """Return the group-time effects of the cohort that opens at ``first``, and the pilots seen in each cell.

    Both are choices x periods. Comparisons of a cell are the stations that open later than the cohort and
    are not open in that period.
    """
    before = values[:, :first] if made.base == "mean" else values[:, first - 1 : first]
    seen_before = (~np.isnan(before)).sum(axis=1)
    base = np.where(seen_before > 0, np.nansum(before, axis=1) / np.maximum(seen_before, 1), np.nan)
    change = values - base[:, None]
    seen = ~np.isnan(change)
    filled = np.where(seen, change, 0.0)
    cohort = (made.choices == first).astype(float)
    total, count = cohort @ filled, cohort @ seen.astype(float)
    other_total, other_count = np.zeros_like(total), np.zeros_like(total)
    for later in np.unique(made.choices[0]):
        if later > first:
            members = (made.choices == later).astype(float)
            open_yet = np.arange(made.periods)[None, :] >= later
            other_total += np.where(open_yet, 0.0, members @ filled)
            other_count += np.where(open_yet, 0.0, members @ seen.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = total / count - other_total / other_count
    return effect, count


def _slopes(events: Ints, by_event: Floats) -> Floats:
    """Return the least-squares slope of each row over the periods given (zero where there is only one)."""
    centred = events - events.mean()
    square = float((centred**2).sum())
    return by_event @ centred / square if square else np.zeros(len(by_event))


def _p_value(actual: Floats, shifted: Floats, effect: float) -> float:
    """Return how often another choice is at least as far from a constant effect as the actual one."""
    distance = np.abs(actual - effect * shifted)
    return float(np.mean(distance >= distance[0] * (1 - 1e-9) - 1e-12))


def _interval(actual: Floats, shifted: Floats, alpha: float) -> tuple[float, float]:
    """Return the ends between which no constant effect is rejected; infinite where nothing ever is."""
    if 1 / len(actual) > alpha:
        return -np.inf, np.inf
    ends = []
    for side in (-1.0, 1.0):
        step = max(float(np.abs(actual).max()), 1e-9)
        while _p_value(actual, shifted, actual[0] + side * step) > alpha and step < 1e12:
            step *= 2
        inside, outside = 0.0, step
        for _ in range(60):
            middle = (inside + outside) / 2
            if _p_value(actual, shifted, actual[0] + side * middle) > alpha:
                inside = middle
            else:
                outside = middle
        ends.append(float(actual[0] + side * inside))
    return ends[0], ends[1]
