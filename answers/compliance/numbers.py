"""Who meets the national criteria in the scope, what blocks the rest: score sheets joined to places and words.

A sheet is one commune's scores of one year. In today's geography a commune that was never assessed itself stands
with the latest sheets of the communes it was made of. Nothing here knows Streamlit.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from answers.names import order_of
from answers.results import Results, home
from answers.scope import Scope
from geo.units import at_level, parent_of
from metrics import criteria, criteria_checks, criteria_sets, criteria_standing
from metrics.criteria_sets import CriteriaSet
from metrics.registry import Indicator, indicators

INDICATOR: Final = "communes_meeting_national_criteria"
TABLES: Final = ("criteria_scores",)
SHEET: Final = ["geography", "commune", "year"]
PLACE: Final = ["geography", "commune"]
NEAR: Final = 2.0
"""How many points short still counts as near, unless the visitor chooses another number."""


def rule_of(scope: Scope) -> CriteriaSet | None:
    """Return the criteria set of the scope's year, or None where its points are not known."""
    rule = criteria_sets.set_in_force(scope.year)
    if rule is None or any(one.maximum is None for one in rule.criteria):
        return None
    return rule


def definition() -> Indicator:
    """Return how the share of communes is defined, for captions."""
    return indicators()[INDICATOR]


# -- sheets ------------------------------------------------------------------------------------------------


def sheets(results: Results, geography: str) -> pd.DataFrame:
    """Return every judged sheet that counts in a geography, with the commune (``code``) it counts for.

    ``own``: the sheet is the commune's own, not that of a commune it was made of. ``place`` tells communes
    of both geographies apart.
    """

    def compute() -> pd.DataFrame:
        found = results.criteria().reset_index(drop=True)
        legacy = found["geography"].eq("legacy")
        if geography == "legacy":
            found = found[legacy]
            code = found["commune"]
        else:
            code = found["commune"].where(~legacy, found["commune"].map(home("legacy", "current", "commune")))
        known = set(at_level(geography, "commune").index)
        found = found.assign(
            code=code, own=found["geography"].eq(geography), place=found["geography"] + "-" + found["commune"]
        )
        return found[found["code"].isin(known)].reset_index(drop=True)

    return results.keep("compliance.sheets", geography, compute=compute)


def standing(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the sheets that speak for each commune in a year.

    Its own of that year; for a commune never assessed itself, the latest of the communes it was made of.
    """
    seen = frame[frame["year"].le(year)]
    own = seen[seen["own"]]
    former = seen[~seen["own"] & ~seen["code"].isin(own["code"])]
    latest = former["year"].eq(former.groupby("code")["year"].transform("max"))
    return pd.concat([own[own["year"].eq(year)], former[latest]])


def of_scope(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the sheets that speak for the scope's communes in its year; ``unit`` is the one at its level."""

    def compute() -> pd.DataFrame:
        return named(standing(in_province(sheets(results, scope.geography), scope), scope.year), scope)

    return results.keep(*_key("sheets", scope), compute=compute)


def _key(what: str, scope: Scope) -> tuple[str, ...]:
    """Return what an answer for a scope is kept under; language and chosen unit do not change one."""
    return (f"compliance.{what}", scope.geography, scope.level, scope.province, str(scope.year))


def in_province(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Keep the sheets of the scope's province."""
    return frame[frame["code"].isin(at_level(scope.geography, "commune", within=scope.within).index)]


def named(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Add what each sheet's commune is called, and what it is in.

    ``unit`` at the scope's level; ``parent``, the old district or the province; ``group``, what a long table is
    parted by: the old district, or the commune in force.
    """
    name, parent, parent_code = (pd.Series(index=frame.index, dtype="str") for _ in range(3))
    for geography, above in (("legacy", "district"), ("current", "province")):
        mine = frame["geography"].eq(geography)
        codes = frame.loc[mine, "commune"]
        name[mine] = codes.map(at_level(geography, "commune")["name"])
        parent_code[mine] = codes.map(parent_of(geography, "commune", above))
        parent[mine] = parent_code[mine].map(at_level(geography, above)["name"])
    level = "district" if scope.geography == "legacy" else "commune"
    group = frame["code"].map(parent_of(scope.geography, "commune", level))
    names = at_level(scope.geography, level)["name"]
    label = group.map(names)
    if scope.within is None:
        province = frame["code"].map(parent_of(scope.geography, "commune", "province"))
        label = label + ", " + province.map(at_level(scope.geography, "province")["short_name"])
    unit = frame["code"].map(parent_of(scope.geography, "commune", scope.level))
    return frame.assign(
        name=name, parent=parent, parent_code=parent_code, unit=unit, group=group, group_name=label
    )


def scores_of(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the score rows of some sheets."""
    scores = results.frame("criteria_scores")
    wanted = pd.MultiIndex.from_frame(frame[SHEET])
    return scores[pd.MultiIndex.from_frame(scores[SHEET]).isin(wanted)]


def zones(results: Results) -> pd.Series:
    """Return the zone of each commune of both geographies; a merged commune has that of its main station."""

    return results.keep(
        "compliance.zones",
        compute=lambda: criteria_checks.commune_zones(stations=results.frame("stations")),
    )


def shares(results: Results, rule: CriteriaSet) -> pd.DataFrame:
    """Return points over the most points (0 to 1) of every sheet, criteria across."""
    return results.keep(
        "compliance.shares",
        rule.id,
        compute=lambda: criteria.criterion_shares(
            scores=results.frame("criteria_scores"), criteria_set=rule, zones=zones(results)
        ),
    )


def shares_of(results: Results, frame: pd.DataFrame, rule: CriteriaSet) -> pd.DataFrame:
    """Return the criteria shares of some sheets, in their order and by their index."""
    found = shares(results, rule).reindex(pd.MultiIndex.from_frame(frame[SHEET]))
    return found.set_axis(frame.index)


# -- units: what the map and the list show -------------------------------------------------------------------

STATUSES: Final = ("short", "part", "met")


def units(results: Results, scope: Scope) -> pd.DataFrame:
    """Return, by code at the scope's level, how many sheets pass of how many judged, and the status.

    ``status``: ``met`` where all judged pass, ``short`` where none does, ``part`` between, ``unknown`` where
    none could be judged. ``year``: of the sheets, which may be older than the scope's.
    """
    return results.keep(*_key("units", scope), compute=lambda: _units(results, scope))


def _units(results: Results, scope: Scope) -> pd.DataFrame:
    frame = of_scope(results, scope)
    frame = frame.assign(passing=passing(frame), judged=frame["passes"].notna())
    counts = frame.groupby("unit").agg(
        passing=("passing", "sum"),
        judged=("judged", "sum"),
        sheets=("judged", "size"),
        own=("own", "all"),
        year=("year", "max"),
    )
    status = np.select(
        [counts["judged"].eq(0), counts["passing"].eq(counts["judged"]), counts["passing"].eq(0)],
        ["unknown", "met", "short"],
        "part",
    )
    stations = results.frame("stations")[f"{scope.geography}_commune"]
    above = parent_of(scope.geography, "commune", scope.level)
    shown = at_level(scope.geography, scope.level, within=scope.within)
    shown = shown[shown.index.isin(set(stations.map(above)) | set(counts.index))]
    counts["status"] = pd.Series(status, index=counts.index, dtype="str")
    counts = counts.reindex(shown.index)
    counts["status"] = counts["status"].fillna("unknown")
    return counts.assign(name=shown["name"])


def weakest_shares(results: Results, scope: Scope, part: str) -> pd.Series:
    """Return by unit the lowest percentage its communes have of a criterion's points, or of the total.

    The lowest and not a mean: the rule holds for each commune.
    """
    frame, rule = of_scope(results, scope), rule_of(scope)
    index = units(results, scope).index
    if rule is None:
        return pd.Series(np.nan, index=index)
    values = frame["share"] if part == "total" else shares_of(results, frame, rule)[int(part)]
    return (100 * values).groupby(frame["unit"]).min().reindex(index)


def passing(frame: pd.DataFrame) -> pd.Series:
    """Return which sheets pass; not assessable ones do not."""
    return frame["passes"].fillna(False).astype(bool)


def failing(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the sheets that were judged and fail, the closest to passing first, disqualified ones last."""
    fails = frame[frame["passes"].notna() & ~passing(frame)]
    return fails.sort_values(["points_missing", "place"], na_position="last")


def by_closeness(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the sheets as a table shows them: failing, closest first; not assessable; passing, least first."""
    rank = np.select([frame["passes"].isna(), passing(frame)], [1, 2], 0)
    order = frame.assign(rank=rank).sort_values(
        ["rank", "points_missing", "total", "place"], na_position="last"
    )
    return order.drop(columns="rank")


# -- one commune -------------------------------------------------------------------------------------------------


def chosen_sheet(results: Results, scope: Scope, wanted: str | None) -> str | None:
    """Return which commune to show: the one asked for, else one of the chosen unit, else the closest to passing."""
    frame = of_scope(results, scope)
    if scope.unit is not None:
        frame = frame[frame["unit"].eq(scope.unit)]
    if frame.empty:
        return None
    if wanted is not None and wanted in set(frame["place"]):
        return wanted
    return str(by_closeness(frame)["place"].iloc[0])


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return sheets in Vietnamese order of district and commune."""
    return frame.assign(at=order_of(frame["parent"]), then=order_of(frame["name"])).sort_values(
        ["at", "then"]
    )


def compared(
    results: Results, scope: Scope, first: CriteriaSet, second: CriteriaSet
) -> dict[str, int] | None:
    """Return how many of the scope's communes pass under each of two sets, or None where one has no points."""
    found = criteria_standing.compare_sets(
        scores=scores_of(results, of_scope(results, scope)), first=first, second=second, zones=zones(results)
    )
    if found[["assessable_first", "assessable_second"]].sum().eq(0).any():
        return None
    names = {"passing_first": "one", "passing_second": "two", "passing_both": "both"}
    return {name: int(found[column].sum()) for column, name in names.items()}
