"""Is the spread fair: units compared by size, and how unequally staff are spread over people, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from answers.results import Results
from answers.scope import Scope
from answers.staffing.numbers import key_of
from answers.summary import gaps, in_scope, of_year
from data.units import crosswalk
from geo.units import at_level, parent_of
from metrics import comparison, equity
from metrics.comparison import Funnel, Kind
from metrics.registry import Indicator, indicators

COMPARED: Final = (
    "doctors_per_10000",
    "nurses_per_10000",
    "university_pharmacists_per_10000",
    "stations_with_permanent_doctor",
    "stations_with_doctor",
)
SPREAD: Final = ("doctor", "nurse", "staff")


@dataclass(frozen=True)
class Fair:
    """Units of one indicator in one year, each with what chance alone would do to it.

    ``units``, by code: ``numerator``, ``denominator``, ``value``, ``low``, ``high`` (95 percent interval),
    ``smoothed``, ``position`` in the funnel, ``rank`` (1 worst; missing below the minimum denominator),
    ``direction`` and ``meaning`` of the trend over the years.
    """

    definition: Indicator
    kind: Kind
    level: str
    units: pd.DataFrame
    funnel: Funnel | None


def level_of(name: str, scope: Scope) -> str:
    """Return the level units are compared at: an old commune has one station, so its share of stations says nothing."""
    return "district" if name.startswith("stations") and scope.geography == "legacy" else scope.level


def compared(results: Results, scope: Scope, name: str) -> Fair:
    """Compare the scope's units in its year."""
    return results.keep("fair", name, *key_of(scope), compute=lambda: _compared(results, scope, name))


def _compared(results: Results, scope: Scope, name: str) -> Fair:
    definition, level = indicators()[name], level_of(name, scope)
    kind: Kind = "proportion" if name.startswith("stations") else "rate"
    every = in_scope(results.indicator(name, scope.geography, level), scope, level)
    units = of_year(every, scope.year)[["numerator", "denominator", "value", "rankable"]]
    units = units[units["denominator"].gt(0)]
    if units["numerator"].notna().sum() < 2:
        return Fair(definition, kind, level, units, None)
    parts = {"numerator": units["numerator"], "denominator": units["denominator"]}
    funnel = comparison.funnel(**parts, kind=kind, multiplier=definition.multiplier)
    if kind == "proportion":
        interval = comparison.proportion_interval(**parts) * definition.multiplier
    else:
        interval = comparison.rate_interval(**parts, multiplier=definition.multiplier)
    smooth = comparison.smoothed(**parts, kind=kind, multiplier=definition.multiplier)
    rank = comparison.ranks(
        values=units["value"].where(units["rankable"].fillna(False).astype(bool)),
        denominator=units["denominator"],
        minimum_denominator=definition.minimum_denominator or 0,
        highest_first=definition.polarity == "lower_is_better",
    )
    trend = comparison.trend(values=_by_year(every).reindex(units.index), polarity=definition.polarity)
    joined = units.assign(
        low=interval["low"],
        high=interval["high"],
        smoothed=smooth["smoothed"],
        position=funnel.points["position"],
        rank=rank,
    )
    return Fair(definition, kind, level, joined.join(trend[["slope", "direction", "meaning"]]), funnel)


def _by_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Return values with a row per unit and a column per year."""
    return frame["value"].astype("float64").unstack("year")


def limits(fair: Fair, points: int = 80) -> pd.DataFrame:
    """Return the funnel's lines over the range of denominators, in the indicator's unit, indexed by denominator."""
    assert fair.funnel is not None
    size = fair.units["denominator"]
    grid = np.linspace(max(float(size.min()) * 0.8, 1.0), float(size.max()) * 1.05, points)
    if fair.kind == "proportion":
        grid = np.unique(np.ceil(grid))
    lines = comparison.funnel_limits(
        target=fair.funnel.target / fair.definition.multiplier, denominator=pd.Series(grid), kind=fair.kind
    )
    return lines.set_axis(pd.Index(grid), axis=0) * fair.definition.multiplier


# -- inequality --------------------------------------------------------------------------------------------


def staff_and_people(results: Results, scope: Scope, what: str) -> pd.DataFrame:
    """Return ``amount`` and ``population`` of the scope's communes by code and year.

    A commune that did not report in full has no amount.
    """
    counted = results.indicator("staff", scope.geography, "commune")
    if what == "staff":
        amount = counted["value"]
    else:
        amount = results.cadres(scope.geography, "commune")[what].reindex(counted.index)
    amount = amount.where(counted["reported"].eq(counted["expected"]))
    people = results.indicator("population", scope.geography, "commune")["value"].reindex(counted.index)
    frame = pd.DataFrame({"amount": amount, "population": people})
    return in_scope(frame, scope, "commune")


def groups_of(scope: Scope) -> pd.Series:
    """Return the district of each commune; after the merger, the former province it mostly comes from."""
    if scope.geography == "legacy":
        return parent_of("legacy", "commune", "district")
    links = crosswalk()
    links = links[links["main"]]
    old = links["legacy_commune"].map(parent_of("legacy", "commune", "province")).rename("province")
    counted = old.groupby([links["current_commune"], old]).size().sort_values(kind="stable")
    parts = counted.index.to_frame(index=False).set_index("current_commune")["province"]
    return parts.groupby(level=0).last()


def is_urban(scope: Scope) -> pd.Series:
    """Say of each commune whether it is urban: a ward or a township."""
    return at_level(scope.geography, "commune")["type"].isin(["Phường", "Thị trấn"])


@dataclass(frozen=True)
class Spread:
    """Inequality of staff over people: the scope's year as a curve, and every year as numbers.

    ``years``: ``gini``, ``theil``, ``between``, ``within``, ``known``, ``units``, ``short_share`` (of people,
    in communes short of staff), ``urban`` and ``rural`` concentration.
    """

    curve: pd.DataFrame
    years: pd.DataFrame
    concentration: pd.DataFrame


def spread(results: Results, scope: Scope, what: str, basis: str) -> Spread:
    """Return the inequality of one kind of staff over the people of the scope."""
    key = ("spread", what, basis, *key_of(scope))
    return results.keep(*key, compute=lambda: _spread(results, scope, what, basis))


def _spread(results: Results, scope: Scope, what: str, basis: str) -> Spread:
    every = staff_and_people(results, scope, what)
    groups, urban = groups_of(scope), is_urban(scope).map({True: "urban", False: "rural"})
    rows = {}
    for year in results.options.years:
        now = of_year(every, year)
        found = equity.inequality(**{str(name): now[name] for name in now}, groups=groups)
        halves = equity.concentration(**{str(name): now[name] for name in now}, groups=urban)
        short = equity.people_in_short_units(
            status=gaps(results, scope, basis, year)["status"], population=now["population"]
        )
        rows[year] = {
            "gini": found.gini,
            "theil": found.theil,
            "between": found.between,
            "within": found.within,
            "known": found.known,
            "units": found.units,
            "short_share": short.share,
            **halves["concentration"].to_dict(),
        }
    now = of_year(every, scope.year)
    parts = {str(name): now[name] for name in now}
    return Spread(
        equity.lorenz(**parts),
        pd.DataFrame.from_dict(rows, orient="index"),
        equity.concentration(**parts, groups=urban),
    )
