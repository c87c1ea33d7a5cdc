"""Is the spread fair: units compared by size, and how unequally staff are spread over people, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing.numbers import FIXED, PERMANENT, fixed_norm, key_of
from answers.summary import gaps, in_scope, of_year
from answers.words import t, tn
from data.units import crosswalk
from geo.units import at_level, parent_of
from metrics import comparison, equity, trends
from metrics.comparison import Funnel, Kind
from metrics.registry import Indicator, indicators

COMPARED: Final = (
    "doctors_per_10000",
    "nurses_per_10000",
    "university_pharmacists_per_10000",
    "stations_with_permanent_doctor",
    "stations_with_doctor",
    "visits_per_person",
)
SPREAD: Final = ("doctor", "nurse", "staff")
Judge = Literal["chance", "norm", "nothing"]


@dataclass(frozen=True)
class Fair:
    """Units of one indicator in one year, each with what chance alone would do to it, or what the norm asks.

    ``judge``: filled posts are an administrative decision and are held against the norm of one at every station
    (``norm``, its id; ``nothing`` where no norm speaks of them); everything else against ``chance``.
    ``units``, by code: ``numerator``, ``denominator``, ``value``, ``low``, ``high`` (95 percent interval),
    ``smoothed``, ``asked`` (by the norm, in the indicator's unit), ``position`` (in the funnel; beside the norm
    ``below_norm`` or ``at_norm``; ``unjudged``; ``unknown``), ``rank`` (1 worst; missing below the minimum
    denominator), ``direction`` and ``meaning`` of the trend over the years.
    """

    definition: Indicator
    kind: Kind
    level: str
    units: pd.DataFrame
    funnel: Funnel | None
    judge: Judge = "chance"
    norm: str | None = None


def level_of(name: str, scope: Scope) -> str:
    """Return the level units are compared at: an old commune has one station, so its share of stations says nothing."""
    return "district" if name.startswith("stations") and scope.geography == "legacy" else scope.level


def compared(results: Results, scope: Scope, name: str) -> Fair:
    """Compare the scope's units in its year, of any indicator that is divided by something."""
    return results.keep("fair", name, *key_of(scope), compute=lambda: _compared(results, scope, name))


def _compared(results: Results, scope: Scope, name: str) -> Fair:
    definition, level = indicators()[name], level_of(name, scope)
    kind = comparison.kind_of(indicator=definition)
    if kind is None:
        raise ValueError(f"{name} is not divided by anything")
    every = in_scope(results.indicator(name, scope.geography, level), scope, level)
    units = of_year(every, scope.year)[["numerator", "denominator", "value", "rankable"]]
    units = units[units["denominator"].gt(0)]
    if units["numerator"].notna().sum() < 2:
        return Fair(definition, kind, level, units, None)
    counted = units["numerator"]
    if (
        kind == "proportion"
    ):  # more of a part than of its whole is a fault of the data, not a place in the funnel
        counted = counted.where(counted <= units["denominator"])
    parts = {"numerator": counted, "denominator": units["denominator"]}
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
    trend = trends.trend(
        numerator=_by_year(every, "numerator").reindex(units.index),
        denominator=_by_year(every, "denominator").reindex(units.index),
        kind=kind,
        polarity=definition.polarity,
        multiplier=definition.multiplier,
    )
    joined = units.assign(
        low=interval["low"],
        high=interval["high"],
        smoothed=smooth["smoothed"],
        asked=np.nan,
        position=funnel.points["position"],
        rank=rank,
    ).join(trend[["slope", "direction", "meaning"]])
    if not comparison.are_posts(indicator=definition):
        return Fair(definition, kind, level, joined, funnel)
    norm = norm_of(definition)
    judge: Judge = "norm" if norm else "nothing"
    held = _held_against(joined, _stations(results, scope, level), definition, norm)
    return Fair(definition, kind, level, held, funnel, judge, norm)


def norm_of(definition: Indicator) -> str | None:
    """Return the norm that asks for one of an indicator's cadre at every station; none where none does."""
    assert definition.numerator is not None
    cadres = tuple(definition.numerator.where.get("cadre", ()))
    if cadres == ("doctor",):
        return PERMANENT
    return FIXED if any(post.cadres == cadres for post in fixed_norm().posts) else None


def _stations(results: Results, scope: Scope, level: str) -> pd.Series:
    """Return how many stations of each unit reported their staff in the scope's year."""
    return of_year(in_scope(results.indicator("staff", scope.geography, level), scope, level), scope.year)[
        "reported"
    ]


def _held_against(
    units: pd.DataFrame, stations: pd.Series, definition: Indicator, norm: str | None
) -> pd.DataFrame:
    """Place units beside what one at every station amounts to."""
    known = units["position"].ne("unknown")
    if norm is None:
        return units.assign(position=np.where(known, "unjudged", "unknown"))
    share = definition.unit.en == "%"
    asked = units["denominator"] if share else stations.reindex(units.index).astype("float64")
    known &= asked.notna()
    short = units["numerator"].astype("float64") < asked
    position = np.select([~known, short], ["unknown", "below_norm"], "at_norm")
    return units.assign(
        asked=asked / units["denominator"] * definition.multiplier,
        position=pd.Series(position, index=units.index, dtype="str"),
    )


def limits(fair: Fair, points: int = 80) -> pd.DataFrame:
    """Return the funnel's lines over the range of denominators, in the indicator's unit, indexed by denominator.

    Without columns where the norm judges: limits of chance would say nothing.
    """
    assert fair.funnel is not None
    size = fair.units["denominator"]
    grid = np.linspace(max(float(size.min()) * 0.8, 1.0), float(size.max()) * 1.05, points)
    if fair.kind == "proportion":
        grid = np.unique(np.ceil(grid))
    if fair.judge != "chance" or fair.funnel.spread == "less":
        return pd.DataFrame(index=pd.Index(grid))
    lines = comparison.funnel_limits(
        target=fair.funnel.target / fair.definition.multiplier,
        denominator=pd.Series(grid),
        kind=fair.kind,
        between=fair.funnel.between,
    )
    return lines.set_axis(pd.Index(grid), axis=0) * fair.definition.multiplier


def outside(fair: Fair) -> tuple[list[str], list[str]]:
    """Return the codes a headline may speak of, lowest first: below, and above.

    Beyond the 99.8 percent limits, none where the units differ less than chance; or those below the norm.
    """
    units = fair.units.sort_values("value", kind="stable")
    if fair.judge == "chance" and fair.funnel is not None and fair.funnel.spread == "less":
        return [], []
    below = units.index[units["position"].isin(["low_998", "below_norm"])]
    above = units.index[units["position"].eq("high_998")]
    return [str(one) for one in below], [str(one) for one in above]


def sentence(fair: Fair, names: pd.Series) -> str:
    """Return what a leader reads first: how many of how many lie where the notes let them be named, and which."""
    below, above = outside(fair)
    known = int(fair.units["position"].ne("unknown").sum())
    counted = {"low": fmt.number(len(below)), "known": fmt.number(known), "high": fmt.number(len(above))}
    if fair.judge == "nothing":
        return t("staffing.fair.sentence.nothing", known=counted["known"])
    if fair.judge == "norm":
        named = t(f"staffing.lens.{fair.norm}")
        if not below:
            return t("staffing.fair.sentence.met", norm=named, **counted)
        text = tn("staffing.fair.sentence.norm", len(below), norm=named, **counted)
    elif fair.funnel is not None and fair.funnel.spread == "less":
        return t("staffing.fair.sentence.less", known=counted["known"])
    elif not below and not above:
        return t("staffing.fair.sentence.none", known=counted["known"])
    elif not below:
        return tn("staffing.fair.sentence.above", len(above), **counted)
    else:
        text = tn("staffing.fair.sentence", len(below), **counted)
    return text + " " + t("staffing.fair.lowest", names=", ".join(names.reindex(below[:3])))


def why(fair: Fair) -> str:
    """Return why units are judged as they are: chance, chance and shared causes, or the norm."""
    assert fair.funnel is not None
    times = fair.funnel.dispersion
    key = fair.funnel.spread if fair.judge == "chance" else fair.judge
    return t(f"staffing.fair.why.{key}", phi=fmt.number(times, 2 if times < 10 else 0))


def _by_year(frame: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return one part of an indicator with a row per unit and a column per year."""
    return frame[part].astype("float64").unstack("year")


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

    ``years``: ``gini`` and ``theil`` with their ends (``_low``, ``_high``), ``between``, ``within``, ``known``,
    ``units``, ``short_share`` (of people, in communes short of staff), ``urban`` and ``rural`` concentration.
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
            "gini_low": found.gini_low,
            "gini_high": found.gini_high,
            "theil": found.theil,
            "theil_low": found.theil_low,
            "theil_high": found.theil_high,
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
