"""Do the family-doctor clinics work, and how sure are we: one study per indicator, one verdict per study.

A study gathers the evidence, weakest first: before and after, difference-in-differences with its event study,
synthetic controls, and the interrupted series. A verdict grades it and refuses to conclude where it cannot:

    A  many pilots over a long time, alike comparisons, no drift before, synthetic controls agree
    B  the same with few pilots or a short time
    C  one of the checks (comparisons alike and as calm, no drift before, pilots in several districts, synthetic
       controls agree) fails
    D  two fail, or there is nothing but before and after

The grades are this atlas's own scale, not an official one. Every verdict of a group is corrected for having
asked several questions (Holm 1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.multiple import adjust
from metrics.pilot_bootstrap import Bootstrap, wild_cluster_bootstrap
from metrics.pilot_effects import ALPHA, Effect, EventStudy, difference_in_differences, event_study
from metrics.pilot_matching import Matched, comparisons, past
from metrics.pilot_placebos import Placebos, placebos
from metrics.pilot_series import Interrupted, interrupted_time_series
from metrics.pilot_synthetic import Synthetic, synthetic_control

LEAST_BEFORE: Final = 4
LEAST_SINCE: Final = 3
LONG: Final = 12
MANY: Final = 10
DONORS: Final = 30
WORTHWHILE: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Study:
    """All the evidence on one indicator for one pilot or a group of them.

    ``problems``: (station, what is wrong), stations left out of the study or noted: ``not_in_data``,
    ``opened_before_data``, ``opened_after_data``, ``no_report_before`` and ``no_report_since`` (its opening),
    ``no_comparison``, ``missing_periods``, ``constant_alone`` (it reports one figure in every period),
    ``drifting_alone`` (its own trend before the opening stands out); with an empty station for the whole study:
    ``constant_outcome``, ``no_pilot_left``. ``baseline``: the pilots' mean
    before their opening. ``bootstrap``: a second inference on the effect, where there are pilots enough for
    it. ``noise``: the pilots' own noise over that of the other stations, ``shared``: the most pilots in one
    district. Parts that could not be computed are None.
    """

    problems: tuple[tuple[str, str], ...]
    before_after: pd.DataFrame
    baseline: float
    matched: Matched | None = None
    effect: Effect | None = None
    bootstrap: Bootstrap | None = None
    events: EventStudy | None = None
    detectable: float = np.nan
    noise: float = np.nan
    shared: int = 1
    synthetic: Mapping[str, Synthetic] = field(default_factory=dict)
    series: Interrupted | None = None
    periods_before: int = 0
    periods_since: int = 0


def rates(
    *, quantity: pd.DataFrame, per: pd.Series[float] | None = None, multiplier: float = 1000.0
) -> pd.DataFrame:
    """Turn reports into the panel every study takes: quantity / per x multiplier, stations x periods.

    ``quantity``: station, period ("2024-10" for months or 2024 for years), quantity (the numerator);
    ``per`` the denominator by station (its population), none for plain quantities. A missing report or a
    missing or zero denominator is missing; the columns run without a gap from the first period to the last.

    >>> reports = pd.DataFrame({"station": "a", "period": ["2024-01", "2024-03"], "quantity": [5.0, 10.0]})
    >>> rates(quantity=reports, per=pd.Series({"a": 1000.0})).values
    array([[ 5., nan, 10.]])
    """
    wide = quantity.pivot(index="station", columns="period", values="quantity").astype("float64")
    texts = wide.columns.astype(str)
    wide.columns = pd.PeriodIndex(texts, freq="M" if "-" in texts[0] else "Y")
    wide = wide.reindex(columns=pd.period_range(wide.columns.min(), wide.columns.max()))
    if per is None:
        return wide
    denominator = per.reindex(wide.index).astype("float64")
    return wide.div(denominator.where(denominator > 0), axis=0) * multiplier


def before_after(*, panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """Return each pilot's mean before and since its opening, and the change: the weakest evidence there is.

    Columns: before, since, change, periods_before, periods_since (with a value). The period of the opening
    is left out unless it opened on its first day. Missing values are left out.

    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> before_after(panel=pd.DataFrame([[1.0, 2, 9, 6]], index=["a"], columns=months),
    ...     opened=pd.Series({"a": pd.Timestamp("2024-03-15")})).values.tolist()
    [[1.5, 6.0, 4.5, 2.0, 1.0]]
    """
    periods = pd.PeriodIndex(panel.columns)
    rows = {}
    for station, day in opened.items():
        values = panel.loc[str(station)]
        early, late = values[periods.end_time < day], values[periods.start_time >= day]
        change = late.mean() - early.mean()
        rows[station] = (early.mean(), late.mean(), change, early.count(), late.count())
    columns = ["before", "since", "change", "periods_before", "periods_since"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="float64")


def study(
    *,
    panel: pd.DataFrame,
    opened: pd.Series[pd.Timestamp],
    covariates: pd.DataFrame | None = None,
    exact: Sequence[str] = (),
    never_compare: Sequence[str] = (),
    districts: pd.Series[str] | None = None,
) -> Study:
    """Gather all the evidence on one indicator.

    ``panel``: values by station and period (:func:`rates`); ``opened``: opening dates of the pilots, by
    station. Comparisons are matched on ``covariates`` (numbers by station) and on the level and trend of the
    outcome before the first opening; ``exact`` covariates must be equal; stations in ``never_compare``
    (pilots not studied here) and those without a value before the first or since the last opening are left
    out. ``districts`` by station: pilots of one are compared with stations of one (:mod:`metrics.pilot_placebos`,
    which gives the p-value and the interval). Matching uses the first two thirds of the periods before the
    opening, so that the last third can tell whether the groups moved apart. What cannot be computed is left None
    and said in ``problems``.

    >>> months = pd.period_range("2024-01", periods=9, freq="M")
    >>> rows = np.random.default_rng(3).normal(50, 1, size=(30, 9))
    >>> panel = pd.DataFrame(rows, index=[f"S{at}" for at in range(30)], columns=months)
    >>> made = study(panel=panel, opened=pd.Series({"S0": pd.Timestamp("2024-06-01")}))
    >>> made.effect.comparisons, made.periods_before, made.problems
    (20, 5, ())
    """
    usable, problems = _usable(panel, opened)
    evidence = before_after(panel=panel, opened=usable)
    baseline = float(evidence["before"].mean()) if len(evidence) else np.nan
    rest = panel.drop(index=[*opened.index.difference(usable.index), *never_compare], errors="ignore")
    rest = _reporting(rest, usable)
    if len(usable) and rest.stack().nunique() <= 1:
        problems = tuple(one for one in problems if one[1] != "constant_alone")
        return Study(problems=(*problems, ("", "constant_outcome")), before_after=evidence, baseline=baseline)
    chosen = comparisons(panel=rest, opened=usable, covariates=covariates, exact=exact)
    matched, near, held = chosen.matched, chosen.near, chosen.held
    problems += tuple((one, "no_comparison") for one in matched.unmatched)
    usable = usable.drop(index=list(matched.unmatched))
    problems += tuple((one, "drifting_alone") for one in _drifting(rest, usable))
    if not len(usable):
        return Study(problems=(*problems, ("", "no_pilot_left")), before_after=evidence, baseline=baseline)
    sets = matched.pairs.set_index("comparison")["pilot"]
    periods = evidence.loc[usable.index]
    effect = difference_in_differences(panel=rest, opened=usable, sets=sets)
    found = placebos(
        panel=rest, opened=usable, near=near, estimate=effect.estimate, held=held, districts=districts
    )
    return Study(
        problems=problems,
        before_after=evidence,
        baseline=float(periods["before"].mean()),
        matched=matched,
        effect=replace(
            effect,
            low=found.low,
            high=found.high,
            p_value=found.p_value,
            smallest_p=found.smallest_p,
            chance=found.spread,
        ),
        bootstrap=wild_cluster_bootstrap(panel=rest, opened=usable, sets=sets),
        events=_drift(event_study(panel=rest, opened=usable, sets=sets), found, held, rest, usable),
        detectable=found.detectable,
        noise=found.noise,
        shared=found.shared,
        synthetic=_synthetic(rest, usable, matched),
        series=_series(panel, usable),
        periods_before=int(periods["periods_before"].min()),
        periods_since=int(periods["periods_since"].min()),
    )


def cost_of_one_more(*, cost: float, effect: Effect, units: float) -> tuple[float, float, float]:
    """Return the cost of one more unit of effect (one more person managed), with its interval.

    cost / (effect x units), where ``units`` turns the effect into a count (people / 1,000 for a rate per
    1,000) over the time that ``cost`` pays for. The ends come from the effect's; an effect that may be zero
    or less gives no upper end (infinite), an estimate of zero or less no cost at all (NaN).

    >>> found = Effect(estimate=120, low=100, high=150, p_value=0.01, smallest_p=0.01, pilots=3,
    ...     comparisons=60, cells=30, cells_missing=0, chance=10)
    >>> cost_of_one_more(cost=600, effect=found, units=10)
    (0.5, 0.4, 0.6)
    """

    def each(size: float) -> float:
        return cost / (size * units) if size > 0 else np.inf

    if effect.estimate <= 0:
        return np.nan, np.nan, np.nan
    return each(effect.estimate), each(effect.high), each(effect.low)


def _usable(
    panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]
) -> tuple[pd.Series[pd.Timestamp], tuple[tuple[str, str], ...]]:
    """Return the pilots with values on both sides of their opening, and what is wrong with the others."""
    periods = pd.PeriodIndex(panel.columns)
    problems = []
    kept = []
    for station, day in opened.items():
        name = str(station)
        values = panel.reindex([name]).iloc[0]
        if code := _unusable(values, early=periods.end_time < day, late=periods.start_time >= day):
            problems.append((name, code))
            continue
        kept.append(name)
        if values.isna().any():
            problems.append((name, "missing_periods"))
        if values.nunique() == 1:
            problems.append((name, "constant_alone"))
    return opened.loc[kept], tuple(problems)


def _unusable(
    values: pd.Series[Any], *, early: npt.NDArray[np.bool_], late: npt.NDArray[np.bool_]
) -> str | None:
    """Say why a pilot cannot be studied: no report, or none on one side of its opening, or no such side."""
    seen = values.notna().to_numpy()
    reasons = {
        "not_in_data": seen.any(),
        "opened_before_data": early.any(),
        "opened_after_data": late.any(),
        "no_report_before": seen[early].any(),
        "no_report_since": seen[late].any(),
    }
    return next((code for code, fine in reasons.items() if not fine), None)


def _reporting(panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """Leave out the comparisons without a value before the first opening or since the last one."""
    if not len(opened):
        return panel
    periods = pd.PeriodIndex(panel.columns)
    before = panel.loc[:, periods.end_time < opened.min()].notna().any(axis=1)
    since = panel.loc[:, periods.start_time >= opened.max()].notna().any(axis=1)
    return panel[(before & since) | panel.index.isin(opened.index)]


def _drift(
    study: EventStudy,
    found: Placebos,
    held: pd.Timestamp | None,
    panel: pd.DataFrame,
    opened: pd.Series[pd.Timestamp],
) -> EventStudy:
    """Return the event study with the drift seen in the periods matching did not use, where there are enough."""
    if held is None or not np.isfinite(found.moved_p):
        return study
    periods = pd.PeriodIndex(panel.columns)
    place = np.arange(len(periods))
    early, late = np.asarray(periods.end_time < opened.min()), np.asarray(periods.start_time >= opened.max())
    used = np.asarray(periods.start_time < held)
    apart = place[early & ~used].mean() - place[used].mean()
    slope = found.moved / apart
    middle = place[late].mean() - place[early].mean()
    return replace(study, pre_slope=slope, pre_p=found.moved_p, carried_on=slope * middle)


def _drifting(panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]) -> list[str]:
    """Name the pilots whose own trend before the opening stands out among all stations (Holm, 5 percent).

    A group's average hides the drift of one; each is ranked by its distance from the median trend.
    """
    if not len(opened):
        return []
    trend = past(panel=panel, before=opened.min())["trend"].dropna()
    distance = (trend - trend.median()).abs()
    others = distance.drop(index=list(opened.index), errors="ignore")
    ours = distance[distance.index.isin(opened.index)]
    p_values = ours.map(lambda size: (1 + int((others >= size).sum())) / (1 + len(others)))
    return sorted(str(one) for one in p_values.index[adjust(p_values=p_values) <= ALPHA])


def _synthetic(
    panel: pd.DataFrame, opened: pd.Series[pd.Timestamp], matched: Matched
) -> dict[str, Synthetic]:
    """Fit each pilot's synthetic control from its nearest comparisons; leave out those that cannot be fitted."""
    found = {}
    for station, day in opened.items():
        pairs = matched.pairs
        near = pairs[pairs["pilot"] == station].nsmallest(DONORS, "distance")["comparison"]
        try:
            found[str(station)] = synthetic_control(
                panel=panel.loc[[station, *near]], pilot=str(station), opened=day
            )
        except ValueError:
            continue  # the verdict says that there is none
    return found


def _series(panel: pd.DataFrame, opened: pd.Series[pd.Timestamp]) -> Interrupted | None:
    """Fit the pilots' mean as one series where they opened together and it is long enough."""
    if opened.nunique() != 1:
        return None
    try:
        return interrupted_time_series(series=panel.loc[opened.index].mean(axis=0), opened=opened.iloc[0])
    except ValueError:
        return None
