"""One unit's profile: everything a page and a printed sheet say about it, made from results and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers.comparable import followed
from answers.names import order_of
from answers.results import Results, home
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.staffing.numbers import Lens
from answers.summary import of_year, scope_row
from answers.words import t
from data.contracts import CADRES
from geo.units import ancestors, at_level, parent_of

CARDS: Final = (
    "population",
    "staff",
    "stations_with_doctor",
    "communes_meeting_national_criteria",
    "health_insurance_coverage",
)
TRENDS: Final = (
    "staff_requirement_ratio",
    "doctors_per_10000",
    "staff_per_station",
    "visits_per_person",
    "insured_visits_share",
    "health_insurance_coverage",
    "villages_with_trained_health_worker",
    "electronic_health_records",
)
LEVEL_OF: Final = {2: "province", 3: "district", 5: "commune"}
ELDERLY: Final = ("65-69", "70-74", "75-79", "80-84", "85+")
SHOWN: Final = 6


def placed(scope: Scope) -> Scope:
    """Return the scope of the chosen unit's own level and province, so that a link by code always opens it."""
    if scope.unit is None:
        return scope
    level = LEVEL_OF[len(scope.unit)]
    province = ancestors(scope.geography, scope.unit)["province"]
    return replace(scope, level=level, province=scope.province if scope.within is None else province)


def units(scope: Scope) -> pd.DataFrame:
    """Return the scope's units in Vietnamese order, those of provinces without data left out."""
    return at_level(scope.geography, scope.level, within=scope.within).sort_values("name", key=order_of)


def name(scope: Scope) -> str:
    """Return the unit's name."""
    return str(at_level(scope.geography, scope.level)["name"][str(scope.unit)])


def headline(results: Results, scope: Scope, *, called: str | None = None) -> str:
    """Return the unit's sentence: who is there, who is required, who is missing; ``called`` its station's name.

    Missing staff are counted station by station, as on the overview: a surplus in one fills no gap in another.
    """
    fixed = next((lens for lens in lenses(results, scope) if lens.id == staffing.FIXED and lens.known), None)
    if fixed is None:
        return t("commune.headline.unknown", name=called or name(scope))
    units = len(former_communes(scope))
    told = t("headline.known", known=fmt.number(fixed.known), units=fmt.number(units))
    said = t(
        f"commune.headline.{'short' if fixed.missing_low else 'met'}",
        name=called or name(scope),
        existing=fmt.number(fixed.existing),
        required=fmt.span(fixed.required_low, fixed.required_high),
        missing=fmt.span(fixed.missing_low, fixed.missing_high),
    )
    return f"{said} {told}" if fixed.known < units else said


def former_communes(scope: Scope) -> list[str]:
    """Return the old communes whose main part belongs to the unit: those its stations stand in."""
    where = home("legacy", scope.geography, scope.level)
    return sorted(where[where.eq(scope.unit)].index)


# -- who lives there ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class People:
    """Who lives in a unit. Ages are of ``ages_of``: the unit itself, or the districts it lies in."""

    total: float
    as_of: int | None
    urban: float
    under_5: float
    over_65: float
    ages_of: tuple[str, ...]
    ages_year: int | None
    own_ages: bool


def people(results: Results, scope: Scope) -> People:
    """Return who lives in the unit.

    Ages by commune are not published: where the unit has none of its own, they are its districts' and say so.
    """
    total = _row(results, "population", scope)
    urban = _row(results, "urban_share", scope)
    ages = _ages(results, scope)
    return People(
        total=np.nan if total is None else float(total["value"]),
        as_of=None
        if total is None or "as_of" not in total or pd.isna(total["as_of"])
        else int(total["as_of"]),
        urban=np.nan if urban is None else float(urban["value"]),
        **ages,
    )


def _row(results: Results, indicator: str, scope: Scope) -> pd.Series | None:
    table = results.indicator(indicator, scope.geography, scope.level)
    return table.loc[(scope.unit, scope.year)] if (scope.unit, scope.year) in table.index else None


def _ages(results: Results, scope: Scope) -> dict[str, object]:
    communes = former_communes(scope)
    rows = results.frame("population")
    rows = rows[rows["geography"].eq("legacy") & rows["commune"].isin(communes) & rows["year"].le(scope.year)]
    rows = rows[rows["year"].eq(rows["year"].max())]
    if len(rows) == len(communes) > 0 and rows[["under_5", "over_65"]].notna().all(axis=None):
        whole = rows["total"].sum()
        shares = {key: 100 * rows[key].sum() / whole for key in ("under_5", "over_65")}
        year = int(rows["year"].iloc[0])
        return {**shares, "ages_of": (name(scope),), "ages_year": year, "own_ages": True}
    return _district_ages(results, scope, communes)


def _district_ages(results: Results, scope: Scope, communes: list[str]) -> dict[str, object]:
    districts = sorted(set(parent_of("legacy", "commune", "district").reindex(communes)))
    rows = results.frame("population_age")
    rows = rows[
        rows["geography"].eq("legacy") & rows["district"].isin(districts) & rows["year"].le(scope.year)
    ]
    rows = rows[rows["year"].eq(rows["year"].max())]
    if rows.empty:
        nothing = {"under_5": np.nan, "over_65": np.nan}
        return {**nothing, "ages_of": (), "ages_year": None, "own_ages": False}
    whole = rows["total"].sum()
    names = at_level("legacy", "district")["name"].reindex(districts)
    return {
        "under_5": 100 * rows.loc[rows["age_group"].eq("00-04"), "total"].sum() / whole,
        "over_65": 100 * rows.loc[rows["age_group"].isin(ELDERLY), "total"].sum() / whole,
        "ages_of": tuple(names),
        "ages_year": int(rows["year"].iloc[0]),
        "own_ages": scope.level != "commune",
    }


def people_lines(found: People) -> list[tuple[str, str, str]]:
    """Return label, figure and remark of who lives in a unit."""
    census = t("profile.as_of", year=found.as_of) if found.as_of else ""
    if not found.ages_of:
        whose = ""
    elif found.own_ages:
        whose = t("profile.as_of", year=found.ages_year)
    else:
        whose = t("profile.ages_of", names=", ".join(found.ages_of), year=found.ages_year)
    return [
        (t("profile.people.total"), fmt.number(found.total), census),
        (t("profile.people.urban"), fmt.percent(found.urban), census),
        (t("profile.people.under_5"), fmt.percent(found.under_5), whose),
        (t("profile.people.over_65"), fmt.percent(found.over_65), whose),
    ]


# -- staff against each norm -------------------------------------------------------------------------------


def lenses(results: Results, scope: Scope) -> list[Lens]:
    """Return the unit's staff against each norm, those that say nothing of it left out."""
    gaps = staffing.all_gaps(results, replace(scope, unit=None), "points")
    own = {key: frame[frame["unit"].eq(scope.unit)] for key, frame in gaps.items()}
    return [staffing.lens(key, frame, scope.year) for key, frame in own.items() if len(frame)]


def cadres(results: Results, scope: Scope) -> pd.Series:
    """Return the unit's headcount by cadre; missing where none was reported."""
    table = results.cadres(scope.geography, scope.level)
    if (scope.unit, scope.year) not in table.index:
        return pd.Series(np.nan, index=list(CADRES))
    return table.loc[(scope.unit, scope.year)].reindex(list(CADRES)).astype("float64")


def stations(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the unit's stations, with the day a family-doctor clinic opened in them."""
    frame = results.frame("stations")
    frame = frame[frame["legacy_commune"].isin(former_communes(scope))].sort_values("name", key=order_of)
    opened = results.frame("pilots").set_index("station")["opened"]
    return frame.assign(opened=opened.reindex(frame["station"]).to_numpy())


# -- over the years, and before and after ------------------------------------------------------------------


def trends(results: Results, scope: Scope) -> pd.DataFrame:
    """Return each followed indicator of the unit: by year over the same communes, and how many these are.

    A column per year and ``compared``;
    ``now`` is the unit's own value in the scope's year, of all that reported, ``scope`` its province's.
    """
    years = list(results.options.years)
    rows = {}
    for indicator in TRENDS:
        table = results.indicator(indicator, scope.geography, scope.level)["value"]
        own = table[table.index.get_level_values("code") == scope.unit].droplevel("code").reindex(years)
        own = own.astype("float64")
        found = followed(results, indicator, scope, whole=False)
        whole = scope_row(results, indicator, replace(scope, unit=None))["value"].get(scope.year)
        drawn = found.or_only(own, scope.year)
        beside = np.nan if whole is None else float(whole)
        rows[indicator] = [*drawn, own.get(scope.year), beside, found.said]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*years, "now", "scope", "compared"])


def reform(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the communes on the other side of the 2025 reform: geography, code, name, people, staff, stations.

    For a commune in force its old communes; for an old commune, those in force that it went to; for a larger
    unit, those its communes went to.
    """
    other = "legacy" if scope.geography == "current" else "current"
    codes = former_communes(scope) if other == "legacy" else _went_to(scope)
    level = at_level(other, "commune").reindex(codes)
    people = of_year(results.indicator("population", other, "commune"), scope.year)["value"]
    staff = of_year(results.staffing(other, "commune"), scope.year)
    points = results.frame("stations")[f"{other}_commune"].value_counts()
    above = "district" if other == "legacy" else "province"
    homes = parent_of(other, "commune", above).reindex(codes).map(at_level(other, above)["name"])
    return pd.DataFrame(
        {
            "geography": other,
            "name": level["name"],
            "above": homes,
            "population": people.reindex(codes),
            "staff": staff["existing"].reindex(codes),
            "stations": points.reindex(codes),
        },
        index=pd.Index(codes, name="code"),
    )


def _went_to(scope: Scope) -> list[str]:
    where = home("legacy", "current", "commune")
    return sorted(set(where.reindex(former_communes(scope)).dropna()))


def called(scope: Scope, code: str) -> str:
    """Return a unit's name with the unit above it: names repeat between districts and provinces."""
    label = str(at_level(scope.geography, scope.level)["name"][code])
    if scope.level == "province":
        return label
    above = "district" if (scope.geography, scope.level) == ("legacy", "commune") else "province"
    home_of = parent_of(scope.geography, scope.level, above)[code]
    return f"{label} ({at_level(scope.geography, above)['short_name'][home_of]})"
