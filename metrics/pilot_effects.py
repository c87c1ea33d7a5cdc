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
Where comparisons were matched to each pilot (``sets``), a pilot is compared with its own only, and changes
places with its own only (Rosenbaum 2002, Observational Studies, ch. 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb, prod
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
    *,
    panel: pd.DataFrame,
    opened: pd.Series[pd.Timestamp],
    sets: pd.Series[str] | None = None,
    base: Base = "mean",
    alpha: float = ALPHA,
) -> Effect:
    """Estimate the pilots' effect with its randomisation interval; openings may be staggered.

    ``panel``: values, one row per station and one column per period (a ``PeriodIndex``, in order);
    ``opened``: the opening date of each pilot, by station. Every other row is a comparison. The period of an
    opening counts as open only when it opened on its first day; otherwise it is left out for that pilot.
    ``sets``: the pilot of each matched comparison, by comparison; none compares every pilot with all.
    ``base``: a station's mean before the opening, or its last period alone (Callaway and Sant'Anna).

    Missing values are left out period by period, never filled. Raises ``ValueError`` where a pilot has no
    period before or since its opening, is not in the panel, or no comparison is left.

    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> panel = pd.DataFrame([[1.0, 1, 5, 5], *[[2.0, 2, 3, 3]] * 30], columns=months)
    >>> one = difference_in_differences(panel=panel, opened=pd.Series({0: pd.Timestamp("2024-03-01")}))
    >>> one.estimate, round(one.p_value, 3)
    (3.0, 0.032)
    """
    trial = _Trial(panel, opened, sets, base)
    actual, shifted = trial.overall()
    low, high = _interval(actual, shifted, alpha)
    cells = sum(int(made.open_periods.sum()) for made in trial.designs)
    return Effect(
        estimate=float(actual[0]),
        low=low,
        high=high,
        p_value=_p_value(actual, shifted, 0.0),
        smallest_p=1 / len(actual),
        pilots=len(opened),
        comparisons=sum(len(made.values) for made in trial.designs) - len(opened),
        cells=cells,
        cells_missing=cells - sum(made.open_cells_seen for made in trial.designs),
        chance=float((actual - actual[0] * shifted)[1:].std()),
    )


def event_study(
    *, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], sets: pd.Series[str] | None = None
) -> EventStudy:
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
    trial = _Trial(panel, opened, sets, "mean")
    places = np.concatenate([made.opening[made.opening < made.periods] for made in trial.designs])
    periods = panel.shape[1]
    events = np.arange(-int(places.max()), periods - int(places.min()))
    by_event = trial.by_event(events)
    known = ~np.isnan(by_event[0])
    events, by_event = events[known], by_event[:, known]
    chance = trial.by_event(events, without=trial.overall()[0][0])[1:]
    low, high = np.nanquantile(chance, [ALPHA / 2, 1 - ALPHA / 2], axis=0)
    points = pd.DataFrame(
        {
            "estimate": by_event[0],
            "chance_low": low,
            "chance_high": high,
            "pilots": [int(((places + e >= 0) & (places + e < periods)).sum()) for e in events],
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


def station_changes(
    *, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], sets: pd.Series[str]
) -> pd.DataFrame:
    """Return how much each pilot and matched comparison changed: its mean since the opening - its mean before.

    Columns, by station: pilot (whose set it is in), treated, change, periods (of the pilot since opening, with
    a value). The arguments are those of :func:`difference_in_differences`. Missing where a side has no value.

    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> panel = pd.DataFrame([[1.0, 1, 5, 6], [2.0, 2, 3, 3]], index=["a", "b"], columns=months)
    >>> station_changes(panel=panel, opened=pd.Series({"a": pd.Timestamp("2024-03-01")}),
    ...     sets=pd.Series({"b": "a"})).change.tolist()
    [4.5, 1.0]
    """
    parts = []
    for pilot in opened.index:
        members = [pilot, *sets.index[sets == pilot]]
        made = _Design(panel.loc[members], opened.loc[[pilot]], "mean")
        values, first = pd.DataFrame(made.values, index=members), int(made.opening[0])
        early, late = values.iloc[:, :first], values.iloc[:, first:]
        part = pd.DataFrame({"pilot": pilot, "treated": made.opening < made.periods}, index=members)
        part["change"] = late.mean(axis=1) - early.mean(axis=1)
        parts.append(part.assign(periods=int(late.loc[pilot].count())))
    return pd.concat(parts)


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


class _Trial:
    """One design over all stations, or one for each pilot and its matched comparisons, drawn independently.

    ``order`` holds, for every choice of the whole, the choice of each design; the first is the actual one.
    """

    def __init__(
        self, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], sets: pd.Series[str] | None, base: Base
    ) -> None:
        unknown = opened.index.difference(panel.index)
        if len(unknown):
            raise ValueError(f"not in the panel: {', '.join(map(str, unknown))}")
        if sets is None:
            self.designs = [_Design(panel, opened, base)]
        else:
            members = {pilot: [pilot, *sets.index[sets == pilot]] for pilot in opened.index}
            self.designs = [
                _Design(panel.loc[members[pilot]], opened.loc[[pilot]], base) for pilot in opened.index
            ]
        sizes = [len(made.choices) for made in self.designs]
        if prod(sizes) <= EVERY_CHOICE_UP_TO or len(sizes) == 1:
            self.order = np.indices(sizes).reshape(len(sizes), -1).T
        else:
            drawn = np.random.default_rng(SEED).integers(0, sizes, (DRAWS, len(sizes)))
            self.order = np.vstack([np.zeros(len(sizes), dtype=np.int64), drawn])

    def overall(self) -> tuple[Floats, Floats]:
        """Return the estimate of every choice, and what it would be if the outcome were the opening itself."""
        actual = self._combined([made.overall(made.values) for made in self.designs])
        return actual, self._combined([made.overall(made.treated) for made in self.designs])

    def by_event(self, events: Ints, *, without: float = 0.0) -> Floats:
        """Return the estimate of every choice at each event, once a constant effect is taken out."""
        parts = [
            made.by_event(made.values - without * np.nan_to_num(made.treated), events)
            for made in self.designs
        ]
        return np.column_stack([self._combined([part[at] for part in parts]) for at in range(len(events))])

    def _combined(self, parts: list[tuple[Floats, Floats]]) -> Floats:
        """Average the designs' estimates, each with the weight of the pilot-periods it saw."""
        picked = [
            (mean[self.order[:, at]], weight[self.order[:, at]]) for at, (mean, weight) in enumerate(parts)
        ]
        weight = sum((one for _, one in picked), np.zeros(len(self.order)))
        total = sum((np.nan_to_num(mean) * one for mean, one in picked), np.zeros(len(self.order)))
        with np.errstate(invalid="ignore", divide="ignore"):
            estimate: Floats = total / weight
        return estimate


class _Design:
    """A panel as arrays, and the openings given to the actual and to other choices of stations."""

    def __init__(self, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], base: Base) -> None:
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
        self.open_cells_seen = int((self.treated[self.opening < self.periods] == 1).sum())

    def overall(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the average effect over pilots and open periods, and how many cells, for every choice."""
        cells = [(effect[:, first:], count[:, first:]) for first, effect, count in self._by_cohort(values)]
        return _average(np.hstack([one for one, _ in cells]), np.hstack([count for _, count in cells]))

    def by_event(self, values: Floats, events: Ints) -> list[tuple[Floats, Floats]]:
        """Return for each period relative to the opening the average effect over pilots, and how many cells."""
        cohorts = self._by_cohort(values)
        nothing = np.full((len(self.choices), 1), np.nan)
        found = []
        for event in events:
            there = [
                (e[:, f + event], c[:, f + event]) for f, e, c in cohorts if 0 <= f + event < self.periods
            ]
            effects = np.column_stack([one for one, _ in there]) if there else nothing
            counts = np.column_stack([one for _, one in there]) if there else nothing
            found.append(_average(effects, counts))
        return found

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


def _average(effect: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Average cells by the number of pilots seen in each (missing where none is), and count them."""
    usable = np.where(np.isnan(effect), 0.0, count)
    weight = usable.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = (np.nan_to_num(effect) * usable).sum(axis=1) / weight
    return mean, weight


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
