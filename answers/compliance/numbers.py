"""Who meets the national criteria in the scope, what blocks the rest: score sheets joined to places and words.

A sheet is one commune's scores of one year. In today's geography a commune that was never assessed itself stands
with the latest sheets of the communes it was made of. Nothing here knows Streamlit.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers import provenance, summary
from answers.cards import Kpi
from answers.names import order_of
from answers.results import Results, home
from answers.scope import Scope, place_name
from answers.targets import numbers as promises
from answers.words import current, t, tn
from geo.units import at_level, parent_of
from metrics import criteria, targets
from metrics.criteria import CriteriaSet
from metrics.criteria_sets import Criterion
from metrics.registry import Indicator, indicators

INDICATOR: Final = "communes_meeting_national_criteria"
TABLES: Final = ("criteria_scores",)
SHEET: Final = ["geography", "commune", "year"]
PLACE: Final = ["geography", "commune"]
NEAR: Final = 2.0
"""How many points short still counts as near, unless the visitor chooses another number."""
QUARTER: Final = 0.25


def rule_of(scope: Scope) -> CriteriaSet | None:
    """Return the criteria set of the scope's year, or None where its points are not known."""
    rule = criteria.set_in_force(scope.year)
    if rule is None or any(one.maximum is None for one in rule.criteria):
        return None
    return rule


def definition() -> Indicator:
    """Return how the share of communes is defined, for captions."""
    return indicators()[INDICATOR]


def short_name(criterion: Criterion) -> str:
    """Return a criterion's number and the beginning of its name, for headings of tables and axes.

    >>> from answers.words import language
    >>> with language("en"):
    ...     short_name(criteria.set_in_force(2024).criteria[3])
    '4. Equipment'
    """
    words = criterion.name.vi if current() == "vi" else criterion.name.en
    return f"{criterion.number}. {words.split(',')[0]}"


def full_name(criterion: Criterion) -> str:
    """Return a criterion's number and name."""
    return f"{criterion.number}. {criterion.name.vi if current() == 'vi' else criterion.name.en}"


def part_name(part: str, rule: CriteriaSet) -> str:
    """Return what a part of the rule is called: a criterion, the total, a disqualifying item."""
    for one in rule.criteria:
        if str(one.number) == part:
            return short_name(one)
    share = fmt.percent(100 * float(rule.pass_rule.total_share), 0)
    return t(f"compliance.part.{part}", share=share) if part == "total" else t(f"compliance.part.{part}")


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
        compute=lambda: criteria.commune_zones(stations=results.frame("stations")),
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


def verdict(row: Any) -> str:
    """Return the key of a sheet's verdict: met, short, or unknown."""
    if pd.isna(row.passes):
        return "unknown"
    return "met" if row.passes else "short"


def reasons(row: Any, rule: CriteriaSet) -> str:
    """Return in words which parts of the rule a sheet fails, or why it cannot be judged."""
    if pd.isna(row.passes):
        return t(f"compliance.reason.{row.reason}")
    return ", ".join(part_name(part, rule) for part in row.blocking)


# -- the sentence and the cards ------------------------------------------------------------------------------


def headline(results: Results, scope: Scope) -> str:
    """Return the sentence a leader reads first: how many pass, what blocks most, who is closest."""
    frame, rule = of_scope(results, scope), rule_of(scope)
    judged = frame[frame["passes"].notna()]
    place = place_name(scope)
    if judged.empty or rule is None:
        years = sorted({int(year) for year in sheets(results, scope.geography)["year"]})
        known = f"{years[0]}–{years[-1]}" if years else fmt.MISSING
        return t("compliance.headline.no_data", place=place, year=scope.year, known=known)
    fails = failing(judged)
    words: dict[str, Any] = {
        "place": place,
        "year": scope.year,
        "passing": fmt.number(int(passing(judged).sum())),
        "total": fmt.number(len(judged)),
        "communes": t("compliance.communes.own" if frame["own"].all() else "compliance.communes.former"),
    }
    known = of_how_many(results, scope, len(judged))
    if fails.empty:
        return f"{t('compliance.headline.all', **words)} {known}".strip()
    first = criteria.blockers(evaluated=fails).iloc[0]
    nearest = fails[fails["points_missing"].notna()].head(2)
    rest = tn(
        "compliance.headline.blocked",
        len(fails),
        failing=fmt.number(len(fails)),
        blocked=fmt.number(first["communes"]),
        part=part_name(first["part"], rule),
    )
    closest = t("compliance.headline.closest", names=_join(places(nearest))) if len(nearest) else ""
    return f"{t('compliance.headline.some', **words)} {rest}{closest}. {known}".strip()


def of_how_many(results: Results, scope: Scope, judged: int) -> str:
    """Return of how many communes a year's verdicts speak, of those any year has sheets of; empty when of all."""
    every = in_province(sheets(results, scope.geography), scope)
    most = max(len(standing(every, year)) for year in results.options.years)
    if judged >= most:
        return ""
    return t("headline.known", known=fmt.number(judged), units=fmt.number(most))


def places(frame: pd.DataFrame) -> list[str]:
    """Return what sheets' communes are called: name and district or province."""
    pairs = zip(frame["name"], frame["parent"], strict=True)
    return [t("compliance.place", name=name, parent=parent) for name, parent in pairs]


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else t("list.and", first="; ".join(names[:-1]), last=names[-1])


def counted(frame: pd.DataFrame, scope: Scope, n: float = 2) -> str:
    """Return what ``n`` sheets are of, in words: communes of the scope's geography, former communes, or both."""
    own = frame["geography"].eq(scope.geography)
    return tn(f"compliance.sheets.{'own' if own.all() else 'mixed' if own.any() else 'former'}", n)


def cards(results: Results, scope: Scope) -> list[Kpi]:
    """Return the page's five cards."""
    nature = provenance.nature(results.snapshot, ["criteria_scores"])
    frame = of_scope(results, scope)
    fails = failing(frame)
    near = criteria.near_misses(evaluated=fails, within_points=NEAR)["near_in_points"].sum()
    unknown = int(frame["passes"].isna().sum())
    none = frame["passes"].notna().sum() == 0
    failed = Kpi(
        label=t("compliance.kpi.failing"),
        figure=fmt.MISSING if none else fmt.number(len(fails)),
        unit=counted(frame, scope, len(fails)),
        meaning=""
        if none
        else t("compliance.kpi.failing.meaning", near=fmt.number(near), points=fmt.number(NEAR)),
        nature=nature,
    )
    lacking = Kpi(
        label=t("compliance.kpi.unknown"),
        figure=fmt.number(unknown) if len(frame) else fmt.MISSING,
        unit=counted(frame, scope, unknown),
        meaning=t("compliance.kpi.unknown.meaning") if unknown else "",
        nature=nature,
    )
    return [
        summary.indicator_card(results, INDICATOR, scope),
        failed,
        _expiring_card(results, scope, nature),
        lacking,
        _pace_card(results, scope, nature),
    ]


def _expiring_card(results: Results, scope: Scope, nature: str) -> Kpi:
    found = recognised(results, scope)
    known = found["status"].isin(["recognised", "expiring"])
    ending = int(found["status"].eq("expiring").sum())
    return Kpi(
        label=t("compliance.kpi.expiring"),
        figure=fmt.number(ending) if len(found) else fmt.MISSING,
        unit=counted(found, scope, ending),
        meaning=t("compliance.kpi.expiring.meaning", known=fmt.number(int(known.sum())))
        if len(found)
        else "",
        nature=nature,
    )


def _pace_card(results: Results, scope: Scope, nature: str) -> Kpi:
    """Return the card of the first commitment: the pace it still needs, or how it stands."""
    found = commitments(results, scope)
    if found.empty:
        return Kpi(label=t("compliance.kpi.pace"), figure=fmt.MISSING, nature=nature)
    one = found.iloc[0]
    needed, status = pd.notna(one["pace_needed"]), one["status"]
    stands = f"{promises.SYMBOL[status]} {t(f'targets.status.{status}')}"
    return Kpi(
        label=t("compliance.kpi.pace"),
        figure=fmt.number(one["pace_needed"], 1, sign=True) if needed else stands,
        unit=t("compliance.unit.points_a_year") if needed else "",
        meaning=t(
            "compliance.kpi.pace.meaning",
            target=promise_name(one),
            pace=fmt.number(one["pace_observed"], 1, sign=True),
        ),
        nature=nature,
    )


# -- commitments -----------------------------------------------------------------------------------------------


def observed(results: Results, scope: Scope) -> pd.Series:
    """Return the share of communes that pass, in percent, by year: what the commitments are judged on."""
    rows = summary.full_years(summary.scope_row(results, INDICATOR, scope))
    values = rows["value"].astype("float64").dropna()
    return values.set_axis([int(year) for year in values.index])


def commitments(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the commitments on the criteria judged on the scope's own share, its own before the country's.

    Those of :func:`answers.targets.numbers.commitments`; ``own`` is False for the country's, which no province
    promised.
    """
    if not {"targets", "facts"} <= set(results.snapshot.tables):
        return pd.DataFrame({"own": []})
    found = promises.commitments(results, scope)
    here = found["measured"].eq(place_name(scope)) & found["basis"].eq("computed")
    found = found[found["indicator"].eq(INDICATOR) & here]
    found = found.assign(own=found["place"].ne(promises.NATION))
    return found.sort_values(["own", "deadline"], ascending=[False, True], ignore_index=True)


def projected(seen: pd.Series, until: dt.date) -> pd.DataFrame:
    """Return the years observed carried forward, with their range, by year up to a date."""
    dated = seen.set_axis(pd.to_datetime([f"{year}-12-31" for year in seen.index]))
    line = targets.projection(observed=dated, until=until, bounds=(0.0, 100.0))
    return line.set_axis([day.year for day in line.index])


def last_day(scope: Scope) -> dt.date:
    """Return the day recognition is told for: the last of the scope's year."""
    return dt.date(scope.year, 12, 31)


def promise_name(one: pd.Series) -> str:
    """Return a commitment in a few words: whose, how much, by when."""
    words = {"place": one["place"], "share": fmt.percent(one["value"], 0), "year": one["deadline"].year}
    return t("compliance.promise", **words)


# -- recognition and transitions -------------------------------------------------------------------------------


def recognised(results: Results, scope: Scope) -> pd.DataFrame:
    """Return until when each commune of the scope is recognised, on the last day of its year."""
    return results.keep(*_key("recognised", scope), compute=lambda: _recognised(results, scope))


def _recognised(results: Results, scope: Scope) -> pd.DataFrame:
    frame = in_province(sheets(results, scope.geography), scope)
    frame = frame[frame["place"].isin(of_scope(results, scope)["place"])]
    found = criteria.recognition(evaluated=frame, as_of=last_day(scope))
    codes = frame.drop_duplicates("place").set_index(PLACE)["code"]
    found["code"] = codes.reindex(pd.MultiIndex.from_frame(found[PLACE])).to_numpy()
    return named(found, scope)


def moves(results: Results, scope: Scope) -> dict[tuple[int, int], pd.DataFrame]:
    """Return how each commune went from year to year, for every pair of years up to the scope's."""
    return results.keep(*_key("moves", scope), compute=lambda: _moves(results, scope))


def _moves(results: Results, scope: Scope) -> dict[tuple[int, int], pd.DataFrame]:
    frame = in_province(sheets(results, scope.geography), scope)
    frame = frame[frame["year"].le(scope.year)]
    years = sorted({int(year) for year in frame["year"]})
    codes = frame.drop_duplicates("place").set_index(PLACE)["code"]
    found = {}
    for first, then in pairwise(years):
        rows = criteria.transitions(evaluated=frame, year_from=first, year_to=then)
        rows["code"] = codes.reindex(pd.MultiIndex.from_frame(rows[PLACE])).to_numpy()
        found[first, then] = named(rows, scope)
    return found


# -- one commune -------------------------------------------------------------------------------------------------


def profile(results: Results, scope: Scope, row: Any, rule: CriteriaSet) -> pd.DataFrame:
    """Return one sheet's criteria beside its district and the best quarter of the scope, in percent.

    The index is the criterion's number; ``own``, ``peers`` (mean of the others in its district or province),
    ``best`` (mean of the quarter of the scope's communes with the highest totals).
    """
    frame = of_scope(results, scope)
    points = 100 * shares_of(results, frame, rule)
    judged = frame[frame["total"].notna()]
    best = judged.sort_values("total", ascending=False).head(int(np.ceil(len(judged) * QUARTER)))
    peers = frame[frame["parent_code"].eq(row.parent_code) & frame["place"].ne(row.place)]
    return pd.DataFrame(
        {
            "own": points[frame["place"].eq(row.place)].iloc[0],
            "peers": points.loc[peers.index].mean(),
            "best": points.loc[best.index].mean(),
        }
    )


def history(results: Results, scope: Scope, place: str) -> pd.DataFrame:
    """Return every year's verdict of one commune."""
    frame = sheets(results, scope.geography)
    return frame[frame["place"].eq(place)].sort_values("year")


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
    found = criteria.compare_sets(
        scores=scores_of(results, of_scope(results, scope)), first=first, second=second, zones=zones(results)
    )
    if found[["assessable_first", "assessable_second"]].sum().eq(0).any():
        return None
    names = {"passing_first": "one", "passing_second": "two", "passing_both": "both"}
    return {name: int(found[column].sum()) for column, name in names.items()}


def as_table(results: Results, scope: Scope) -> pd.DataFrame:
    """Return every sheet of the scope under readable heads, for a download; shares in percent."""
    frame, rule = in_order(of_scope(results, scope)), rule_of(scope)
    assert rule is not None  # asked for only where the year has sheets
    heads = {
        "list.unit": frame["name"],
        "compliance.column.parent": frame["parent"],
        "scope.year": frame["year"],
        "compliance.column.result": [t(f"compliance.verdict.{verdict(row)}") for row in frame.itertuples()],
        "compliance.column.total": frame["total"],
        "compliance.column.missing": frame["points_missing"],
        "compliance.column.why": [reasons(row, rule) for row in frame.itertuples()],
    }
    table = pd.DataFrame({t(key): values for key, values in heads.items()}, index=frame.index)
    points = (100 * shares_of(results, frame, rule)).round(2)
    points.columns = [f"{full_name(one)} (%)" for one in rule.criteria]
    return pd.concat([table, points], axis=1).set_axis(frame["commune"])
